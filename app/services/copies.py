"""Taking an answer in: the copy, its words, the receipts, what is different since last time."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import msgspec

from app.clock import epoch_ms, read_utc, utc_text
from app.field.names import spaced
from app.field.records import Bundle, Signed, held_by, read_bundle
from app.services.answer import Answer, Changes, label
from app.services.delivering import receipt_rows
from app.services.opening import Opening, signed_of
from app.services.reviewing_offline import release_copy
from app.services.room import Opened
from app.services.seen import keep_newest
from app.services.showing import WITHDRAWN, words_for
from app.trouble import Refused
from app.wire.messages import QueryReply
from app.wire.receipts import Verified
from local_cache import answers, drafts, ledger, outbox, reports, state
from local_cache.intents import KeptAnswer, complete_intent

TOUCHED, TAKEN_BACK, LEASE_OVER = "touched.", "taken_back.", "lease_over."


class LastSeen(msgspec.Struct, frozen=True):
    """Which records the last query of a subject showed: numbers only, no content."""

    query_no: str
    at: str
    records: tuple[tuple[str, int], ...]


def keep(
    opened: Opened, op_id: str, passed: Verified, reply: QueryReply, entries: Sequence[ledger.Entry]
) -> tuple[Changes | None, bool, int]:
    """Close the intent and keep what may be kept. Returns the differences, whether a copy is kept and
    how many subjects' copies were released to make room for it.

    Raises:
        VaultFault: the outbox row is still open then; asking again brings the same answer.
        Refused: answer.withdrawn when a pull took something of the answer back while it was on its way,
            answer.letter-ended or answer.lease-ended when it ended. The query is closed and receipted then;
            nothing of the answer is kept.
    """
    bundle = passed.bundle
    item = outbox.get(opened.work, op_id)
    wanted = bool(item and msgspec.json.decode(item.body).get("want_copy", True))
    withdrawn = _ended(opened, bundle) or ("removed" if taken_back(opened, bundle) else "")
    copy = _copy(opened, op_id, passed, reply.answer) if wanted and not withdrawn else None
    released = _make_room(opened, bundle.subject_key) if copy is not None else 0
    complete_intent(
        opened.vault,
        op_id,
        receipt_rows(entries, reply.receipts),
        result=msgspec.json.encode({"query_no": reply.query_no}),
        query_no=reply.query_no,
        subject=label(bundle),
        answer=copy,
        recent=None if withdrawn else _recent(opened, bundle),
    )
    keep_newest(opened, passed.seen)
    if withdrawn:
        state.put(opened.copies(), {WITHDRAWN + bundle.query_no: withdrawn}, part="cache")
        raise Refused(words_for(withdrawn))
    return _compare(opened, bundle), copy is not None, released


def taken_back(opened: Opened, bundle: Bundle) -> bool:
    """Whether a pull has already taken back what this answer shows: it is older than the change."""
    if opened.vault.cache is None or opened.lease_state() != "live":
        return False
    cache = opened.copies()
    names = [bundle.subject_key, *held_by(bundle)] if bundle.subject_key else [*held_by(bundle)]
    return any(
        int(state.get(cache, TAKEN_BACK + name, "0", part="cache")) > bundle.as_of_seq for name in names
    )


def _ended(opened: Opened, bundle: Bundle) -> str:
    """Why a pull has already ended the lease of this answer; empty when none did."""
    if opened.vault.cache is None or opened.lease_state() != "live" or not bundle.lease.lease_id:
        return ""
    return state.get(opened.copies(), LEASE_OVER + bundle.lease.lease_id, part="cache")


def recent_copy(
    opened: Opened, opening: Opening, wanted: str, purpose: str, case_no: str, since: str
) -> Answer | None:
    """The newest live copy about a subject that a repeated question may be answered with, opened as any copy.

    Raises:
        NotTrusted, VaultTrouble: as `Opening.read`.
    """
    if opened.lease_state() != "live" or opened.vault.cache is None:
        return None
    cache = opened.copies()
    found = answers.newest_of(cache, wanted)
    if found is None or found.expires_ms <= opened.time.now_ms() or found.as_of < since:
        return None
    bundle = read_bundle(found.payload)
    touched = state.get(cache, TOUCHED + found.subject_key, part="cache")
    if bundle.purpose.code != purpose or bundle.case_no != case_no or touched >= found.as_of:
        return None
    shown = opening.read(opened, found)
    return Answer(found.query_no, shown, signed_of(found), True, "cache", shown.as_of)


def _copy(opened: Opened, op_id: str, passed: Verified, signed: Signed) -> KeptAnswer | None:
    """The row of a copy, or None where none may be kept: no lease, no subject, none allowed, cache shut."""
    bundle = passed.bundle
    subject, lease = bundle.subject, bundle.lease
    if subject is None or bundle.no_information or lease.max_offline_s <= 0:
        return None
    if opened.vault.cache is None or opened.lease_state() != "live" or opened.lease is None:
        return None
    if opened.lease.max_subjects <= 0:
        return None
    by_term = epoch_ms(read_utc(bundle.made_at)) + lease.max_offline_s * 1000
    copy = answers.Copy(
        query_no=bundle.query_no,
        op_id=op_id,
        payload=passed.payload,
        key_id=signed.key_id,
        sig=base64.b64decode(signed.sig_b64),
        subject_key=bundle.subject_key,
        kind=subject.kind,
        name=subject.name,
        code=subject.code,
        purpose=bundle.purpose.code,
        as_of=bundle.as_of,
        expires_ms=min(epoch_ms(read_utc(lease.expires_at)), by_term),
        lease_id=lease.lease_id,
        stored_at=utc_text(read_utc(opened.now_text())),
    )
    return KeptAnswer(copy, tuple(sorted(held_by(bundle).items())), _words(bundle))


def _make_room(opened: Opened, subject_key: str) -> int:
    """The lease says how many subjects there may be copies of: those kept longest go first, and the server is
    told. Returns how many subjects went."""
    most = opened.lease.max_subjects if opened.lease is not None else 0
    oldest = [numbers for key, numbers in answers.kept_longest(opened.copies()) if key != subject_key]
    over = oldest[: max(0, len(oldest) + 1 - most)]
    for numbers in over:
        for query_no in numbers:
            release_copy(opened, query_no)
    return len(over)


def _words(bundle: Bundle) -> str:
    """What can be looked for in a copy."""
    subject = bundle.subject
    parts: list[str] = [subject.name, subject.code, subject.district] if subject else []
    parts += [former.name for former in subject.former_names] if subject else []
    for record in bundle.records:
        parts += [record.title, record.document_no, record.provider, record.matter]
        parts += [value for _, value in record.fields]
    for standing in bundle.standing:
        parts += [standing.list_name, standing.authority, standing.reason, standing.document_no]
    return " | ".join(spaced(part) for part in parts if part)


def _recent(opened: Opened, bundle: Bundle) -> reports.Recent | None:
    if bundle.subject is None or opened.vault.cache is None or opened.lease_state() != "live":
        return None
    return reports.Recent(
        bundle.query_no, label(bundle), bundle.subject.kind, bundle.purpose.zh, bundle.made_at
    )


def _compare(opened: Opened, bundle: Bundle) -> Changes | None:
    """The differences to the last query of this subject, and the new state for the next time."""
    if bundle.no_information or not bundle.subject_key:
        return None
    now = held_by(bundle)
    before = drafts.load(opened.work, "kept", "seen", bundle.subject_key)
    mark = LastSeen(bundle.query_no, bundle.as_of, tuple(sorted(now.items())))
    drafts.save(
        opened.work,
        "kept",
        drafts.Body("seen", bundle.subject_key, msgspec.json.encode(mark), bundle.made_at),
    )
    if before is None:
        return None
    last = msgspec.json.decode(before.body, type=LastSeen)
    if last.query_no == bundle.query_no:
        return None
    old: dict[str, Any] = dict(last.records)
    return Changes(
        since=last.at,
        query_no=last.query_no,
        added=tuple(sorted(now.keys() - old.keys())),
        changed=tuple(sorted(rec for rec in now.keys() & old.keys() if now[rec] != old[rec])),
        removed=(),  # a record that was withdrawn leaves no row, no count and no gap
    )
