"""Copies on this computer: listed, searched, opened for as long as lease, term and clock allow; given
back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import msgspec

from app.clock import from_epoch_ms, utc_text
from app.field.canonical import canonical, canonical_sha256
from app.field.evidence import Receipt
from app.field.names import spaced
from app.field.proofs import read_note
from app.field.records import Bundle, Signed, held_by
from app.services.answer import Answer
from app.services.entries import new_op_id
from app.services.leasing import Life, life_of
from app.services.opening import Opening, marked, signed_of
from app.services.renaming import renamed
from app.services.room import Opened, Room
from app.services.showing import LETTER_ENDED, WITHDRAWN
from app.trouble import Refused, VaultTrouble
from local_cache import answers, ledger, outbox, screenings, search, state
from local_cache.answers import Copy
from local_cache.database import transaction

RELEASE = "copy.release"


@dataclass(frozen=True)
class CopyRow:
    """A copy in the list. `purpose` is the code, `_zh` and `_en` are its names. `expires_at` is its own end;
    `readable_until` and `left_s` (seconds of trusted time) are those of its life, which may end sooner with
    the lease (`of_lease`). `marks`: objected records. `locked`: it is here, and lease or clock forbid to read
    it now. `now_called`: another name that the unit bears by now."""

    query_no: str
    name: str
    code: str
    kind: str
    purpose_zh: str
    as_of: str
    expires_at: str
    left_s: int
    state: Literal["live", "ended", "locked"]
    marks: int
    purpose: str = ""
    purpose_en: str = ""
    readable_until: str = ""
    of_lease: bool = False
    now_called: str = ""


@dataclass(frozen=True)
class CopyHit:
    """A copy in which words were found; its life as in `CopyRow`."""

    query_no: str
    name: str
    snippet: str
    as_of: str
    left_s: int
    of_lease: bool = False


class OfflineFiles:
    """The copies. `check` judges the signature of a copy once more before it is shown (pinned answers
    key)."""

    def __init__(self, room: Room, check: Callable[[Signed], bytes]) -> None:
        self._room = room
        self._opening = Opening(room, check)

    def list(self) -> tuple[CopyRow, ...]:
        """Copies that are left, the newest first. Those whose term has ended are erased here and now.

        Raises:
            NotYou: vault.locked.
            NotTrusted: answer.unsigned when a copy is not what the server signed; it is erased.
            VaultTrouble: offline.ended, offline.clock-back, offline.rolled-back, offline.shut.
        """
        return self._room.run(self._list)

    def search(self, text: str) -> tuple[CopyHit, ...]:
        """Copies that hold the words, each in one piece; several words must all be there. One entry
        "open_cached" is in the chain before words of any copy are returned.

        Raises:
            NotYou, NotTrusted, VaultTrouble: as `list`; vault.disk-full when the entry cannot be written.
        """
        return self._room.run(lambda opened: self._search(opened, text))

    def open(self, query_no_or_code: str) -> Answer:
        """Show a copy. The entry "open_cached" is in the chain before anything is returned.

        Raises:
            NotYou, VaultTrouble: as `list`; vault.disk-full when the entry cannot be written.
            Refused: offline.expired (erased now), offline.none, offline.withdrawn, offline.letter-ended.
            NotTrusted: answer.unsigned when the copy is not what the server signed; it is erased.
        """
        return self._room.run(lambda opened: self._open(opened, query_no_or_code))

    def release(self, query_no: str) -> str:
        """Give a copy back before its end: erased here at once, told to the server by the outbox.
        Returns op_id.

        Raises:
            NotYou, VaultTrouble: as `list`.
            Refused: offline.none.
        """
        return self._room.run(lambda opened: release_copy(opened, query_no))

    def _list(self, opened: Opened) -> tuple[CopyRow, ...]:
        purge(opened)
        cache = opened.copies()
        rows = []
        for copy in answers.all_copies(cache):
            bundle = self._opening.judged(opened, copy)
            laid = answers.marks(cache, bundle.made_at)
            over = {rec_id: laid[rec_id] for rec_id in held_by(bundle) if rec_id in laid}
            shown = marked(bundle, over)
            told = renamed(cache, shown)
            now_called = told.name if told else ""
            rows.append(_row(copy, shown, life_of(opened, copy.expires_ms), now_called))
        return tuple(rows)

    def _search(self, opened: Opened, text: str) -> tuple[CopyHit, ...]:
        purge(opened)
        cache = opened.copies()
        phrases = [phrase for word in text.split() if (phrase := spaced(word))]
        if not phrases:
            return ()
        found = [{hit.query_no: hit.snippet for hit in search.find(cache, phrase, 500)} for phrase in phrases]
        numbers = [query_no for query_no in found[0] if all(query_no in other for other in found[1:])]
        copies = [copy for query_no in numbers if (copy := answers.get(cache, query_no)) is not None]
        if copies:
            self._opening.looked_through(opened, copies)
        hits = []
        for copy in copies:
            life, snippet = life_of(opened, copy.expires_ms), found[0][copy.query_no].replace(" ", "")
            hits.append(CopyHit(copy.query_no, copy.name, snippet, copy.as_of, life.left_s, life.of_lease))
        return tuple(hits)

    def _open(self, opened: Opened, wanted: str) -> Answer:
        cache = opened.copies()
        copy = answers.get(cache, wanted) or answers.newest_of(cache, wanted)
        if copy is None:
            reason = state.get(cache, WITHDRAWN + wanted, part="cache")
            if reason:
                raise Refused("offline.letter-ended" if reason == LETTER_ENDED else "offline.withdrawn")
            raise Refused("offline.none")
        if copy.expires_ms <= opened.time.now_ms():
            purge(opened)
            raise Refused("offline.expired", "offline.copyEnded")
        bundle = self._opening.read(opened, copy)
        leaf_index, tree_size = _place(opened, copy.op_id)
        life, told = life_of(opened, copy.expires_ms), renamed(cache, bundle)
        return Answer(
            query_no=copy.query_no,
            bundle=bundle,
            signed=signed_of(copy),
            cached=True,
            source="cache",
            as_of=copy.as_of,
            leaf_index=leaf_index,
            tree_size=tree_size,
            left_s=life.left_s,
            readable_until=life.until,
            of_lease=life.of_lease,
            now_called=told.name if told else "",
            called_until=told.until if told else "",
        )


def _place(opened: Opened, op_id: str) -> tuple[int, int]:
    """Where the query's own entry stands in the server's log: leaf and size of the tree; (-1, 0) when
    unknown."""
    entry = ledger.by_op(opened.work, op_id)
    row = ledger.receipt_of(opened.work, entry.n) if entry else None
    if row is None:
        return -1, 0
    try:
        receipt = msgspec.json.decode(row.body, type=Receipt)
        return row.leaf_index, read_note(receipt.checkpoint).checkpoint.size
    except (msgspec.DecodeError, ValueError) as flaw:
        raise VaultTrouble("vault.damaged", context={"part": "work"}) from flaw


def purge(opened: Opened) -> int:
    """Erase every copy whose term has ended, by trusted time, and every screening task; returns how many
    copies.

    Raises:
        VaultTrouble: as `Opened.copies`.
    """
    cache, now_ms = opened.copies(), opened.time.now_ms()
    screenings.erase(cache, screenings.expired(cache, now_ms))
    return answers.erase(cache, answers.expired(cache, now_ms))


def _row(copy: Copy, bundle: Bundle, life: Life, now_called: str) -> CopyRow:
    return CopyRow(
        query_no=copy.query_no,
        name=copy.name,
        code=copy.code,
        kind=copy.kind,
        purpose_zh=bundle.purpose.zh,
        as_of=copy.as_of,
        expires_at=utc_text(from_epoch_ms(copy.expires_ms)),
        left_s=life.left_s,
        state="live",
        marks=sum(one.objection is not None for one in bundle.records)
        + sum(one.objection is not None for one in bundle.standing),
        purpose=bundle.purpose.code,
        purpose_en=bundle.purpose.en,
        readable_until=life.until,
        of_lease=life.of_lease,
        now_called=now_called,
    )


def release_copy(opened: Opened, query_no: str) -> str:
    """Erase a copy and then write down that the server is to be told; returns op_id. In this order: a server
    that believes the copy gone sends no more corrections for it.

    Raises:
        VaultTrouble: as `Opened.copies`. Refused: offline.none.
    """
    cache = opened.copies()
    if answers.get(cache, query_no) is None:
        raise Refused("offline.none")
    op_id, made_at, body = new_op_id(), opened.now_text(), {"query_no": query_no}
    digest = canonical_sha256(body)
    jws = opened.device_key.sign_item(op_id, RELEASE, made_at, digest)
    answers.erase(cache, [query_no])
    with transaction(opened.work, "work"):
        outbox.add(opened.work, outbox.OutboxItem(op_id, RELEASE, made_at, canonical(body), digest, jws))
    return op_id
