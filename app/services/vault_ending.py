"""Closing a vault for now, and for ever."""

from __future__ import annotations

import gc
import logging
import shutil
from dataclasses import replace

from app.profiles import read_profiles, write_profiles
from app.services import sealing, vault_contents
from app.services.house import House
from app.services.room import Opened, told_faults
from app.trouble import VaultTrouble
from local_cache import drafts, header
from local_cache.vault import CACHE, WORK, remove_files

_log = logging.getLogger(__name__)
ASIDE = "before"
KEYS = ("secret", "share", "marks", "device", "tokens")


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
