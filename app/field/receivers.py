"""Who is handed a paper: the subject, somebody who acts for it, or an office."""

from __future__ import annotations

from typing import Literal

import msgspec

ReceiverKind = Literal["subject", "agent", "office"]
KINDS: tuple[ReceiverKind, ...] = ("subject", "agent", "office")


class Receiver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`name` is who came for it; the subject itself needs none, an agent and an office do."""

    kind: ReceiverKind
    name: str = ""

    def bare(self) -> Receiver:
        """Without blanks around the name."""
        return Receiver(self.kind, self.name.strip())

    def complete(self) -> bool:
        """Whether the register of issue can take it."""
        return self.kind == "subject" or bool(self.name.strip())
