"""Seals whose key the tests hold themselves, and a keeper for the home that the tests run in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from pyhanko.sign.signers import Signer

from server_stub.reports import authority, sealing
from server_stub.reports.authority import Seal
from server_stub.seal.keeper import Keeper, Listener
from server_stub.seal.providers import KeyFile, SealProvider
from server_stub.seal.uses import Uses

_HANDS: dict[str, KeyFile] = {}


def seal_at(home: Path) -> Seal:
    made = authority._at(home)
    _HANDS[made.certificate_pem] = KeyFile(home / "seal" / "seal.key")
    return made


def put_seal(pdf: bytes, seal: Seal, moment: datetime, reason: str) -> bytes:
    """By whoever holds the key of a seal made here: no process is asked."""
    return sealing.put_seal(pdf, seal, _HANDS[seal.certificate_pem].sign, moment, reason)


def signer_of(seal: Seal) -> Signer:
    return sealing._FarSigner(seal, _HANDS[seal.certificate_pem].sign)


@contextmanager
def seal_kept(key: SealProvider | None = None, home: Path | None = None) -> Iterator[Keeper]:
    """The real keeper behind the real socket of the tests' home, in a thread of this process."""
    at = home or Path(settings.HENGXIN_HOME)
    folder = authority.make(at)
    with TemporaryDirectory() as log:
        given = key or KeyFile(folder / "seal.key")
        keeper = Keeper(given, lambda: (folder / "seal.pem").read_text("ascii"), Uses(Path(log)))
        with Listener(at, keeper) as listener, listener.at_work():
            yield keeper
