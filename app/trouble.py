"""The one error family of the client, sorted by whose move is next."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

Value = str | int


class Trouble(Exception):  # noqa: N818 - the house's word, as in `except Trouble`
    """Something that the officer (or the caller) has to be told.

    `code` is stable and for machines (a problem code of the wire, or one of the client's own); `text` is the
    id of the sentence in resources/texts, the code itself when left empty; `context` fills that sentence and
    holds no name or number of a subject; `kept` is the id of a sentence about what is safe; `retry` says
    whether the same call may succeed later without any change. `tells` is the row of the outbox whose refusal
    this may be: whoever tells it notes that it was heard.
    """

    exit_code = 70
    move = "fault"
    may_retry = False

    def __init__(
        self,
        code: str,
        text: str = "",
        context: Mapping[str, Value] | None = None,
        *,
        kept: str = "",
        retry: bool | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.text = text or code
        self.context: dict[str, Value] = dict(context or {})
        self.kept = kept
        self.retry = self.may_retry if retry is None else retry
        self.tells = ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r})"


class NotNow(Trouble):
    """Time, network or load: wait or repeat."""

    exit_code = 4
    move = "not_now"
    may_retry = True


class NotYou(Trouble):
    """Who you are is not shown (yet): sign in, unlock, enter the code again."""

    exit_code = 3
    move = "not_you"


class NotRight(Trouble):
    """The input is not right; the form keeps what was typed."""

    exit_code = 2
    move = "not_right"


class Refused(Trouble):
    """A rule says no; repeating does not help, somebody else decides."""

    exit_code = 3
    move = "refused"


class NotTrusted(Trouble):
    """A signature, certificate or proof does not hold: nothing is shown, nothing is sent."""

    exit_code = 5
    move = "not_trusted"


class VaultTrouble(Trouble):
    """The encrypted files, their keys or the disk below them."""

    exit_code = 6
    move = "vault"


class Fault(Trouble):
    """Our own mistake, or the server's."""


def fault_place(flaw: BaseException) -> str:
    """Kind and place of an error of our own; never its words: they may hold a name or a number."""
    trace = flaw.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(flaw).__name__}{place}"


FAMILIES: dict[str, type[Trouble]] = {
    family.move: family for family in (NotNow, NotYou, NotRight, Refused, NotTrusted, VaultTrouble, Fault)
}
