"""What the log refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from server_stub.errors import Problem


class Stray(NamedTuple):
    """A signed link that contradicts the chain."""

    n: int
    digest: str
    jws: str


class EntryInvalid(Problem):
    """A link that is not a signed canonical entry of this device and officer."""

    def __init__(self, detail: str) -> None:
        super().__init__("entry-invalid", detail)


class ChainGap(Problem):
    """Links between the last received one and this one are missing; the client sends them."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        super().__init__("chain-gap", "links are missing", context=context)


class ChainFork(Problem):
    """Two links with one number, or a link on another past. `strays` outlive the failed transaction."""

    def __init__(self, device_id: str, strays: Sequence[Stray], context: Mapping[str, Any]) -> None:
        super().__init__("chain-fork", "the chain was continued twice", context=context)
        self.device_id = device_id
        self.strays = tuple(strays)
