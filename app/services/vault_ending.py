"""Closing a vault for now, and for ever."""

from __future__ import annotations

import gc
from dataclasses import replace

from app.profiles import read_profiles, write_profiles
from app.services import sealing
from app.services.house import House
from app.services.room import told_faults
from local_cache import drafts, header
from local_cache.vault import CACHE, WORK, remove_files

KEYS = ("secret", "share", "marks", "device", "tokens")


def lock(house: House, why: str) -> None:
    """Close the files and drop the keys, also when the last notes cannot be written (that is then raised)."""
    opened = house.room.leave()
    if opened is None:
        return
    paths = house.home.vault(opened.header.profile)
    try:
        with told_faults():
            count = drafts.count(opened.work, "drafts")
            header.write_header(paths.header, replace(opened.header, why=why, kept_drafts=count))
            house.note_turn(opened)
    finally:
        opened.vault.close()
        opened.keys.zero()
        del opened
        gc.collect()


def destroy(house: House, why: str, server_pem: str) -> None:
    """Seal what is unsent, then end the keys, then remove the files. `why` is revoked or wiped. A locked
    vault that is revoked is only marked: its unsent items can be sealed when it opens."""
    opened = house.room.leave()
    paths = house.paths(opened.header.profile if opened else "")
    with told_faults():
        head = header.read_header(paths.header)
        if opened is None and why == "revoked" and head.wraps:
            header.write_header(paths.header, replace(head, why="revoked"))
            return
        if opened is not None:
            try:
                sealing.seal(house.safe, opened, paths.sealed, server_pem)
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
    if why == "wiped":
        paths.header.unlink()
        write_profiles(house.home.profiles, read_profiles(house.home.profiles).without(head.profile))
