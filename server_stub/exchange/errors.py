"""What the exchange refuses as a whole: a file, or an act by the wrong person or at the wrong time."""

from __future__ import annotations

from server_stub.errors import Problem
from server_stub.exchange.reasons import reason


class FileRefused(Problem):
    """A file that is not taken in. `why` is a code of the texts (area file), `text` its sentence."""

    def __init__(self, why: str, **values: object) -> None:
        self.why = why
        self.text = reason("file", why, **values)
        super().__init__("attachment-refused", self.text, context={"why": why})


class NotYours(Problem):
    """The wrong person: importer and approver are two, both of the centre."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__("role-denied", reason("file", why), context={"why": why})


class WrongState(Problem):
    """The batch is not in a state that allows this."""

    def __init__(self, state: str) -> None:
        super().__init__("rev-conflict", reason("file", "wrong-state", state=state), context={"state": state})
