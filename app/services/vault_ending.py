"""Closing a vault for now, and for ever."""

from __future__ import annotations

import gc
import logging
import shutil
from dataclasses import dataclass, replace

from app.profiles import read_profiles, write_profiles
from app.services import sealing, vault_contents
from app.services.house import House
from app.services.returning import LINKS
from app.services.room import Opened, told_faults
from app.trouble import VaultTrouble
from local_cache import answers, drafts, header, ledger, outbox
from local_cache.vault import CACHE, WORK, remove_files

__all__ = ["Losses", "destroy", "lock", "losses"]
_log = logging.getLogger(__name__)
ASIDE = "before"
KEYS = ("secret", "share", "marks", "device", "tokens")


@dataclass(frozen=True)
class Losses:
    """What the end of the keys would take from this computer. Sealed first, to be taken back after a new
    sign-in with the passphrase of today: `objections` (with them applications for repair), `releases` and
    `drafts`. Sealed, but not sent again by another device: `requests` (queries and reports without an
    answer). Lost here: `entries` of the ledger that the server has not logged, and `copies` (None while they
    are shut away) with their sealed reports."""

    objections: int
    releases: int
    drafts: int
    requests: int
    entries: int
    copies: int | None

    @property
    def sealed(self) -> int:
        """What comes back with `recover`."""
        return self.objections + self.releases + self.drafts


def losses(opened: Opened) -> Losses:
    """Count, and change nothing."""
    kinds = [item.kind for item in outbox.all_items(opened.work, only_open=True)]
    shut = opened.vault.cache is None or opened.lease_state() != "live"
    requests = sum(kind in vault_contents.CHAINED for kind in kinds)
    filings = sum(kind in LINKS for kind in kinds)
    return Losses(
        objections=filings,
        releases=len(kinds) - requests - filings,
        drafts=drafts.count(opened.work, "drafts"),
        requests=requests,
        entries=len(ledger.waiting(opened.work)),
        copies=None if shut else answers.count(opened.copies()),
    )


def lock(house: House, why: str) -> None:
    """Close the files and drop the keys, also when the last notes cannot be written (that is then raised).

    A keyring that is gone by now is only logged: the files are then ahead of it, which is no sign of
    tampering.
    """
    opened = house.room.leave()
    if opened is None:
        return
    paths = house.home.vault(opened.header.profile)
    why = opened.header.why if opened.header.why == "revoked" else why
    try:
        with told_faults():
            count = drafts.count(opened.work, "drafts")
            header.write_header(paths.header, replace(opened.header, why=why, kept_drafts=count))
            house.note_turn(opened)
    except VaultTrouble as trouble:
        if not trouble.code.startswith("keyring."):
            raise
        _log.warning("locked without a note in the keyring: %s", trouble.code)
    finally:
        opened.vault.close()
        opened.keys.zero()
        del opened
        gc.collect()


def destroy(house: House, why: str, server_pem: str) -> int:
    """Seal what is unsent, then end the keys, then remove the files. `why` is revoked or wiped.

    Revoked: the copies go first, whatever happens to the rest. A locked vault is only marked: what it has not
    sent can be sealed when it opens. When sealing fails nothing else goes; the next unlock tries again.
    Returns how many unsent items and drafts were sealed.
    """
    opened = house.room.leave()
    paths = house.paths(opened.header.profile if opened else "")
    sealed = 0
    with told_faults():
        head = header.read_header(paths.header)
        if why == "revoked" and head.wraps:
            header.write_header(paths.header, replace(head, why="revoked"))
            if opened is None:
                return 0
            opened.header = replace(opened.header, why="revoked")
            _end_copies(house, opened)
        if opened is not None:
            try:
                sealed = sealing.seal(house.safe, opened, paths.sealed, server_pem)
            except BaseException:
                house.room.enter(opened)
                raise
            opened.vault.close()
            opened.keys.zero()
        header.write_header(paths.header, head.without_wraps(why))
        header.drop_previous(paths.header)
    if head.keyring and house.safe.ring.state(head.keyring) == "ready":
        for item in KEYS:
            house.safe.ring.delete(head.profile, item)
    for name in (CACHE, CACHE + ".damaged", WORK):
        remove_files(paths.folder, name)
    shutil.rmtree(paths.folder / ASIDE, ignore_errors=True)
    if why == "wiped":
        paths.header.unlink()
        write_profiles(house.home.profiles, read_profiles(house.home.profiles).without(head.profile))
    return sealed


def _end_copies(house: House, opened: Opened) -> None:
    """The share first, then the file."""
    if opened.keys.ring_key is not None:
        house.safe.forget_share(opened.header)
    vault_contents.forget_share(opened.work)
    opened.lease = None
    opened.vault.drop_cache()
