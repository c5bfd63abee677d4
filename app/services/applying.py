"""One page of the feed, taken into the copies: withdrawals erase, marks lie over, notices inform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.field.records import read_bundle
from app.services import issued
from app.services.copies import LEASE_OVER, TAKEN_BACK, TOUCHED
from app.services.judging import Verdict
from app.services.renaming import note, note_copies
from app.services.room import Opened
from app.services.showing import LETTER_ENDED, WITHDRAWN, ended_for
from app.trouble import Refused
from app.wire.messages import Change, ChangesPage
from local_cache import answers, drafts, reports, state
from local_cache.database import Connection, transaction

CURSOR = "feed.cursor"
PULLED = "feed.pulled"
SHARE_MOST, COPIES_MOST = 0.2, 50
CASES = ("objection", "repair")
GONE = "device_revoked"


@dataclass
class Tally:
    """What a pull did. `copies_before` is the number of copies when it began; `withdrawn` the query whose
    answer went from the screen. `judged` copies were to go all at once and were held against the server, each
    for itself; `spared` of them hold still. `letters`: of the `removed`, those whose official letter ended.
    """

    copies_before: int
    pulled: int = 0
    removed: int = 0
    marks: int = 0
    notices: list[dict[str, Any]] = field(default_factory=list)
    withdrawn: tuple[str, ...] = ()
    judged: int = 0
    spared: int = 0
    letters: int = 0


def apply_page(opened: Opened, page: ChangesPage, tally: Tally, spared: frozenset[str] = frozenset()) -> None:
    """Rows and cursor in one transaction of cache.db. `spared`: copies that the server was asked about (see
    `to_judge`) and that hold still, whatever the feed says.

    Raises:
        Refused: device-revoked when the feed says so.
    """
    cache, changes, at = opened.copies(), page.changes, page.server_time
    if any(change.reason == GONE for change in changes):
        raise Refused("device-revoked", "device.revoked")
    notices = [change.body for change in changes if change.op == "notice" and change.body]
    for notice in notices:  # before the cursor moves: a notice it has passed never comes again
        _take_notice(opened, cache, notice, at)
    with transaction(cache, "cache"):
        for change in changes:
            _apply(cache, change, tally, spared)
        state.put(cache, {CURSOR: page.next_cursor, PULLED: at}, part="cache")
    tally.pulled += len(changes)
    tally.notices += notices


def to_judge(opened: Opened, changes: Sequence[Change], tally: Tally) -> dict[str, list[tuple[str, int]]]:
    """The copies that this page would take away by records withdrawn, with what they hold, when that makes
    more than a fifth and more than 50 of the copies in one pull: a broken feed must not empty a computer.
    Empty within these bounds.

    The end of a lease and of a subject are the feed's word alone: no record says whether they are true.
    """
    cache = opened.copies()
    doomed = {
        query_no
        for change in changes
        if change.op == "revoke" and change.rec_id
        for query_no in condemned(cache, change)
    }
    total = tally.removed + tally.spared + len(doomed)
    if total <= COPIES_MOST or total <= SHARE_MOST * tally.copies_before:
        return {}
    held = answers.held(cache)
    return {query_no: held.get(query_no, []) for query_no in sorted(doomed)}


def condemned(cache: Connection, change: Change) -> list[str]:
    """The copies that a change erases: those made before it."""
    if change.op == "lease_end":
        return answers.of_lease(cache, _lease_of(change))
    if change.op != "revoke":
        return []
    if change.rec_id:
        holding: Iterable[str] = answers.holding(cache, change.rec_id)
    else:
        holding = answers.about(cache, change.subject_key)
    return [query_no for query_no in holding if _older(cache, query_no, change.seq)]


def _lease_of(change: Change) -> str:
    return str((change.body or {}).get("lease_id", change.rec_id))


def _older(cache: Connection, query_no: str, seq: int) -> bool:
    copy = answers.get(cache, query_no)
    return copy is not None and (seq == 0 or read_bundle(copy.payload).as_of_seq < seq)


def _apply(cache: Connection, change: Change, tally: Tally, spared: frozenset[str]) -> None:
    if change.subject_key and change.op in ("put", "revoke"):
        state.put(cache, {TOUCHED + change.subject_key: change.at}, part="cache")
    if change.op == "revoke":  # an answer from before may still be on its way
        state.put(cache, {TAKEN_BACK + (change.rec_id or change.subject_key): str(change.seq)}, part="cache")
    if change.op == "lease_end" and _lease_of(change):
        state.put(cache, {LEASE_OVER + _lease_of(change): ended_for(change)}, part="cache")
    if change.op == "revoke" or change.op == "lease_end":
        gone = condemned(cache, change)
        if change.op == "revoke" and change.rec_id:
            gone = [query_no for query_no in gone if query_no not in spared]
        if change.rec_id and set(gone) == set(answers.holding(cache, change.rec_id)):
            gone = answers.withdraw(cache, change.rec_id, change.reason, change.at)
        else:
            answers.erase(cache, gone)
        if change.op == "revoke" or change.reason == LETTER_ENDED:
            note_withdrawn(cache, gone, change.reason)
        tally.removed += len(gone)
        tally.letters += len(gone) if change.reason == LETTER_ENDED else 0
    elif change.op == "put" and change.reason in ("marked", "unmarked"):
        answers.mark(cache, change.rec_id, mark_body(change.reason, change.body or {}), change.at)
        tally.marks += 1
    elif change.op == "put" and change.reason == "renamed" and change.body:
        note(cache, change.subject_key, change.body, change.seq)


def apply_verdict(opened: Opened, verdict: Verdict, tally: Tally) -> None:
    """What the server says of every copy, and the place of the feed to go on from, in one transaction."""
    cache, at = opened.copies(), opened.now_text()
    with transaction(cache, "cache"):
        before = set(answers.numbers(cache))
        tally.removed += take_away(cache, verdict.gone, verdict.revoked, at)
        tally.letters += sum(verdict.gone[no] == LETTER_ENDED for no in before & verdict.gone.keys())
        for mark in verdict.marks.values():
            body = msgspec.to_builtins(mark.body) if mark.body else {}
            answers.mark(cache, mark.rec_id, mark_body(mark.reason, body), at)
        note_copies(cache, verdict.renamed)
        state.drop(cache, TAKEN_BACK, part="cache")  # places of a feed that this cursor does not follow
        state.put(cache, {CURSOR: verdict.cursor, PULLED: at}, part="cache")


def all_held(opened: Opened) -> dict[str, list[tuple[str, int]]]:
    """Every copy with what it holds, also one that holds no record."""
    held = answers.held(opened.copies())
    return {query_no: held.get(query_no, []) for query_no in answers.numbers(opened.copies())}


def take_away(cache: Connection, gone: Mapping[str, str], revoked: Mapping[str, str], at: str) -> int:
    """Erase the copies that the server judged (query number -> reason; empty: it never gave that answer). A
    record that no copy holds any more leaves its tombstone. Returns how many went."""
    erased = 0
    for rec_id, reason in revoked.items():
        holding = answers.holding(cache, rec_id)
        if holding and gone.keys() >= set(holding):
            note_withdrawn(cache, holding, reason)
            erased += len(answers.withdraw(cache, rec_id, reason, at))
    for query_no, reason in gone.items():
        went = answers.erase(cache, [query_no])
        if went and reason:
            note_withdrawn(cache, [query_no], reason)
        erased += went
    return erased


def note_withdrawn(cache: Connection, query_nos: Iterable[str], reason: str) -> None:
    """Remember, by number only, that these answers hold no longer: whoever asks for one is told why."""
    state.put(cache, {WITHDRAWN + query_no: reason or "removed" for query_no in query_nos}, part="cache")


def mark_body(reason: str, mark: Mapping[str, Any]) -> bytes:
    """An ObjectionMark as JSON, however much of it came: the record is marked. `null` (reason unmarked)
    takes a mark off."""
    if reason == "unmarked":
        return b"null"
    kept = {name: str(mark.get(name, "")) for name in ("number", "accepted_on", "due_on")}
    return msgspec.json.encode(kept)


def _take_notice(opened: Opened, cache: Connection, notice: dict[str, Any], at: str) -> None:
    number = str(notice.get("number", ""))
    if notice.get("kind") == "report_superseded" and number:
        issued.hear(opened.work, number, "void" if notice.get("state") == "void" else "superseded", at)
        reports.erase_unheld(cache, number)
    elif notice.get("kind") in CASES and number:
        kind = str(notice["kind"])
        known = drafts.load(opened.work, "kept", kind, number)
        view = msgspec.json.decode(known.body) if known else {}
        if int(notice.get("rev", 0)) <= int(view.get("rev", -1)):
            return
        view.update(
            {key: value for key, value in notice.items() if key in ("number", "state", "due_on", "rev")}
        )
        view["note"] = str(notice.get("text", ""))
        drafts.save(opened.work, "kept", drafts.Body(kind, number, msgspec.json.encode(view), at))
