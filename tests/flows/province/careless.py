"""The command of a server that believes everything arrived: it moves its place without an acknowledgement."""

from __future__ import annotations

import sys
from typing import Any

import django

from server_stub import command


def plant() -> None:
    """Replace the one check, once Django is ready."""
    from server_stub.exchange.province import pushing
    from server_stub.exchange.province.line import Line, PartnerUnreachable
    from server_stub.exchange.province.words import Ack

    honest = Line.post

    def send(self: Line, path: str, body: Any) -> dict[str, Any]:
        try:
            return honest(self, path, body)
        except PartnerUnreachable:
            return {}

    def believed(partner: Any, answer: Any, batch: Any, digest: str) -> Ack:
        return Ack(
            v=1, sender=batch.receiver, receiver=batch.sender, digest=digest, upto=batch.upto,
            accepted=len(batch.rows), refused=[], at="",
        )  # fmt: skip

    Line.post = send  # type: ignore[method-assign]
    pushing.verified = believed


def main() -> int:
    setup = django.setup

    def ready(*words: Any) -> None:
        setup(*words)
        plant()

    django.setup = ready
    return command.main()


if __name__ == "__main__":
    sys.exit(main())
