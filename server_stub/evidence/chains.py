"""The chains that devices keep of what was done on them: received link by link, gapless, each signed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

import msgspec
from django.db import transaction

from app.field.evidence import FIRST_PREV, ClientEntry
from server_stub import jose, statements
from server_stub.config.clock import stamp
from server_stub.evidence import sql
from server_stub.evidence.errors import ChainFork, ChainGap, EntryInvalid, Stray
from server_stub.evidence.log import Appended, append, stored
from server_stub.evidence.models import DeviceChain, Leaf, StrayEntry

TYP = "hyc-entry+jws"
CLAIMED = "claimed"


class Signer(Protocol):
    """A device with its public key."""

    device_id: str
    jwk: Any


class Holder(Protocol):
    """The officer whose device it is."""

    user: str


Read = Mapping[str, tuple[ClientEntry, str]]  # by the signed text: the entry and its digest
_NOTHING_READ: Read = {}


class Accepted(msgspec.Struct, frozen=True):
    """A link that stands in the chain; `fresh` is false when it had been received before."""

    entry: ClientEntry
    digest: str
    fresh: bool


def position(device_id: str) -> tuple[int, str]:
    """Number and hash of the last link received from a device."""
    chain = DeviceChain.objects.filter(device_id=device_id).first()
    return (chain.last_n, chain.last_hash) if chain else (0, FIRST_PREV)


def read_ahead(device: Signer, officer: Holder, jws_list: Sequence[str]) -> Read:
    """The links whose signature and form are right, read before anybody waits for the write lock; the others
    are refused in their turn.
    """
    found: dict[str, tuple[ClientEntry, str]] = {}
    for token in jws_list:
        with suppress(EntryInvalid):
            found[token] = read_entry(device, officer, token)
    return found


def accept_device_entries(
    device: Signer, officer: Holder, jws_list: Sequence[str], read: Read = _NOTHING_READ
) -> list[Accepted]:
    """Check links and take the new ones into the chain; call inside the transaction of their effect.
    `read` are those of them that this device and officer had read ahead.

    Raises:
        EntryInvalid: not a signed canonical entry of this device and officer.
        ChainGap: a number after the next one.
        ChainFork: a number again with another content, or another past.
    """
    before = last = _locked(device.device_id)
    accepted: list[Accepted] = []
    for one, token in _judged(device, officer, jws_list, before, read):
        accepted.append(one)
        if not one.fresh:
            continue
        statements.insert(
            "evidence_deviceentry",
            device_id=device.device_id,
            n=one.entry.n,
            digest=one.digest,
            kind=one.entry.kind,
            op_id=one.entry.op_id,
            jws=token,
        )
        last = one.entry.n, one.digest
    if last != before:
        sql.lengthen_chain(device.device_id, *last)
    return accepted


def judge_device_entries(device: Signer, officer: Holder, jws_list: Sequence[str]) -> list[Accepted]:
    """What accepting these links would give now; nothing is written and nothing is held.

    Raises:
        EntryInvalid, ChainGap, ChainFork: as for accepting.
    """
    return [one for one, _ in _judged(device, officer, jws_list, position(device.device_id))]


def _judged(
    device: Signer,
    officer: Holder,
    jws_list: Sequence[str],
    last: tuple[int, str],
    read: Read = _NOTHING_READ,
) -> Iterator[tuple[Accepted, str]]:
    """Each link after the chain's end `last`, with its signed text."""
    last_n, last_hash = last
    fresh: dict[int, str] = {}
    for token in jws_list:
        entry, digest = read.get(token) or read_entry(device, officer, token)
        context = {"last_n": last_n, "last_hash": last_hash}
        if entry.n <= last_n:
            if (fresh.get(entry.n) or sql.link(device.device_id, entry.n)) != digest:
                raise ChainFork(device.device_id, [Stray(entry.n, digest, token)], context)
            yield Accepted(entry, digest, fresh=False), token
            continue
        if entry.n > last_n + 1:
            raise ChainGap(context)
        if entry.prev != last_hash:
            raise ChainFork(device.device_id, [Stray(entry.n, digest, token)], context)
        last_n, last_hash = entry.n, digest
        fresh[entry.n] = digest
        yield Accepted(entry, digest, fresh=True), token


def _locked(device_id: str) -> tuple[int, str]:
    found = sql.locked_chain(device_id)
    if found is None:
        sql.begin_chain(device_id, FIRST_PREV)
        return 0, FIRST_PREV
    return found


def read_entry(device: Signer, officer: Holder, token: str) -> tuple[ClientEntry, str]:
    """The entry behind one signature, and its digest.

    Raises:
        EntryInvalid: signature, form, device or user are not right.
    """
    try:
        header, payload = jose.read(token, device.jwk, TYP)
        entry = msgspec.convert(jose.read_json(payload), ClientEntry)
    except (jose.SignatureTrouble, msgspec.ValidationError) as flaw:
        raise EntryInvalid(str(flaw)) from flaw
    if header.get("kid") != device.device_id or entry.device_id != device.device_id:
        raise EntryInvalid("another device's entry")
    if entry.v != 1 or entry.n < 1 or entry.user != officer.user:
        raise EntryInvalid("not an entry of this officer")
    if entry.bytes_() != payload:
        raise EntryInvalid("the payload is not canonical")
    if b"\\u0000" in payload:
        raise EntryInvalid("a text holds what no database keeps")
    return entry, hashlib.sha256(payload).hexdigest()  # the payload is its canonical bytes


def leaf_for(accepted: Accepted, *, organisation: str, **facts: Any) -> Appended:
    """The leaf of a link that rides along: appended when the link is new, found when it had been received
    before. What it speaks of is the device's claim, and the outcome says so: the server did nothing for it.

    `facts` (subject_key, ...) take the place of what the device claimed.
    """
    if not accepted.fresh:
        return stored(Leaf.objects.filter(entry_sha256=accepted.digest).order_by("-index")[0])
    return leaf_of_act(accepted, organisation=organisation, outcome=CLAIMED, **facts)


def leaf_of_act(accepted: Accepted, *, organisation: str, **facts: Any) -> Appended:
    """The leaf of what the server does for a link now, also when the bare link had come in before."""
    entry = accepted.entry
    known = {
        "purpose": entry.purpose,
        "query_no": entry.query_no,
        "report_no": entry.report_no,
        "records_sha256": entry.records_sha256,
        "report_sha256": entry.report_sha256,
    }
    return append(
        kind=entry.kind,
        source="device",
        user=entry.user,
        organisation=organisation,
        device_id=entry.device_id,
        op_id=entry.op_id,
        entry_sha256=accepted.digest,
        **(known | facts),
    )


def keep_strays(fork: ChainFork) -> None:
    """Keep the links that made a fork; the transaction they came in is gone by now."""
    with transaction.atomic():
        for stray in fork.strays:
            StrayEntry(
                device_id=fork.device_id,
                n=stray.n,
                digest=stray.digest,
                jws=stray.jws,
                why="fork",
                at=stamp(),
            ).save()
