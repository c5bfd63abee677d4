"""The device's own chain for the officer's eyes: its list, and the check that nothing of it was altered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from app.field.evidence import ClientEntry, Receipt
from app.field.screening import NUMBERS
from app.keys.device import ENTRY
from app.keys.device import opened as open_jws
from app.services import issued
from app.services.objection_drafts import FILE
from app.services.rejoining import AGAIN
from app.services.room import Opened, Room
from app.trouble import NotTrusted
from local_cache import answers, drafts, ledger, outbox

# acts that are nothing until the server did them
OF_THE_SERVER = ("query", "issue", "objection", "repair", "screen")
CLAIMED = "claimed"
OF_A_COPY = ("view", "open_cached", "issue", "save", "print", "export")


@dataclass(frozen=True)
class LedgerRow:
    """One entry. `claimed_at` is this computer's word; `leaf_index` its place in the server's log, when
    known. `subject` (masked for a person) and `purpose` are those of the query the entry belongs to. `copy`
    says of the copy or sealed file that it concerns whether it is here, gone, or locked away; empty for an
    entry that concerns none. `data_error`: the entry of kind "objection" is a hint about wrong data and no
    objection, as far as this computer still knows what was sent.

    `outcome` is the word of the latest leaf. `fate` is what came of the act: "open" while the server has only
    logged that this computer claims it, or not even that; "refused" with the code in `why`."""

    n: int
    kind: str
    subject: str
    purpose: str
    query_no: str
    claimed_at: str
    leaf_index: int | None
    state: Literal["receipted", "waiting"]
    outcome: str = ""
    report_no: str = ""
    copy: Literal["", "here", "gone", "locked"] = ""
    data_error: bool = False
    fate: Literal["done", "open", "refused"] = "done"
    why: str = ""


@dataclass(frozen=True)
class ChainVerdict:
    """`length` entries were looked at, `receipted` of them are in the server's log; `broken_at` is the
    number of the first entry that does not hold (0: all hold) and `detail` says in a word why."""

    ok: bool
    length: int
    receipted: int
    broken_at: int = 0
    detail: str = ""


class Ledger:
    """Reads the chain; writing it is part of what is being done (see `entries`)."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def list(self, limit: int, kind: str = "") -> tuple[LedgerRow, ...]:
        """The newest entries of a kind, or of all.

        Raises:
            NotYou: vault.locked.
        """
        return self._room.run(lambda opened: _listed(opened, limit, kind))

    def verify(self) -> ChainVerdict:
        """Walk the whole chain: numbers, links, digests, signatures, and receipts that speak of their entry.

        Raises:
            NotYou: vault.locked.
        """
        return self._room.run(_verify)


def _listed(opened: Opened, limit: int, kind: str) -> tuple[LedgerRow, ...]:
    asked, files = ledger.asked(opened.work), issued.files(opened)
    of_reports = {one.number: one.query_no for one in issued.listed(opened)}
    copies = answers.readable(opened.copies(), opened.time.now_ms()) if files is not None else set()
    here = None if files is None else copies | files.keys()
    again = {one.n: one.leaf_index for one in again_receipted(opened)}
    sent = {item.op_id: item for item in outbox.all_items(opened.work)}
    hints = _hints(sent)
    rows = []
    for entry in ledger.listed(opened.work, limit, kind):
        row, (fate, why) = _row(entry, asked, of_reports, here), _fate(entry, sent.get(entry.op_id))
        place = again.get(entry.n, row.leaf_index)
        rows.append(replace(row, data_error=entry.op_id in hints, fate=fate, why=why, leaf_index=place))
    return tuple(rows)


def _hints(sent: dict[str, outbox.OutboxItem]) -> set[str]:
    """The intents that are hints about wrong data."""
    filed = (item for item in sent.values() if item.kind == FILE)
    return {item.op_id for item in filed if msgspec.json.decode(item.body).get("kind") == "data_error"}


def _fate(
    row: ledger.Listed, item: outbox.OutboxItem | None
) -> tuple[Literal["done", "open", "refused"], str]:
    """What came of an act, and the code of a refusal. The log's word comes first; where it knows only the
    claim, the outbox knows what the server answered."""
    word, _, why = (row.outcome or "").partition(":")
    if word == "refused":
        return "refused", why
    if row.kind not in OF_THE_SERVER or word not in ("", CLAIMED):
        return "done", ""
    if item is not None and item.state == "refused":
        return "refused", item.why
    return ("done" if item is not None and item.state == "done" else "open"), ""


def _row(
    row: ledger.Listed, asked: dict[str, ledger.Asked], of_reports: dict[str, str], here: set[str] | None
) -> LedgerRow:
    """`of_reports`: the query of each report; `here`: the queries and reports whose copy can be read, None
    while they are locked away."""
    leaf, entry = issued.leaf_of(row), _entry(row)
    report_no = entry.report_no or (leaf.report_no if leaf is not None else "")
    query_no = row.query_no or entry.query_no or of_reports.get(report_no, "")
    query = asked.get(query_no, ledger.Asked("", ""))
    copy: Literal["", "here", "gone", "locked"] = ""
    of_a_copy = report_no or (query_no if not query_no.startswith(NUMBERS) else "")
    if row.kind in OF_A_COPY and of_a_copy:
        copy = "locked" if here is None else "here" if of_a_copy in here else "gone"
    return LedgerRow(
        n=row.n,
        kind=row.kind,
        subject=row.subject or query.subject,
        purpose=row.purpose or query.purpose,
        query_no=query_no,
        claimed_at=row.claimed_at,
        leaf_index=row.leaf_index,
        state="waiting" if row.leaf_index is None else "receipted",
        outcome=row.outcome or "",
        report_no=report_no,
        copy=copy,
    )


def _entry(row: ledger.Listed) -> ClientEntry:
    """The entry itself; the list goes on past one that `verify` will name as altered."""
    try:
        return msgspec.json.decode(row.payload, type=ClientEntry)
    except msgspec.DecodeError:
        return ClientEntry(1, "", row.n, "", "view", row.op_id, "", row.claimed_at, "", 0)


def _verify(opened: Opened) -> ChainVerdict:
    entries = ledger.entries(opened.work)
    receipts: dict[int, list[ledger.ReceiptRow]] = {}
    for receipt in ledger.every_receipt(opened.work):
        receipts.setdefault(receipt.n, []).append(receipt)
    for receipt in again_receipted(opened):
        receipts.setdefault(receipt.n, []).append(receipt)
    jwk, device_id = opened.device_key.public_jwk(), opened.device_key.thumbprint()
    number, prev = ledger.base(opened.work)
    for row in entries:
        flaws = (_receipt_flaw(row, receipt) for receipt in receipts.get(row.n, ()))
        flaw = _flaw(row, number + 1, prev, jwk, device_id) or next(filter(None, flaws), "")
        if flaw:
            return ChainVerdict(False, len(entries), len(receipts), row.n or number + 1, flaw)
        number, prev = row.n, row.digest
    return ChainVerdict(True, len(entries), len(receipts))


def _flaw(row: ledger.Entry, number: int, prev: str, jwk: dict[str, str], device_id: str) -> str:
    """Why the row does not hold: number, link, text, digest, device, words or signature; empty when it
    does."""
    if row.n != number:
        return "number"
    if row.prev != prev:
        return "link"
    try:
        entry = msgspec.json.decode(row.payload, type=ClientEntry)
        signed = open_jws(row.jws, jwk, ENTRY)
    except msgspec.DecodeError:
        return "text"
    except NotTrusted:
        return "signature"
    if entry.digest() != row.digest:
        return "digest"
    if entry.device_id != device_id:
        return "device"
    if signed != row.payload or entry.bytes_() != row.payload:
        return "signature"
    beside = (row.n, row.prev, row.kind, row.op_id, row.purpose, row.claimed_at)
    inside = (entry.n, entry.prev, entry.kind, entry.op_id, entry.purpose, entry.claimed_at)
    return "" if beside == inside else "words"


def _receipt_flaw(row: ledger.Entry, receipt: ledger.ReceiptRow) -> str:
    """Why the receipt is not this entry's. None at all is no flaw, the entry is then waiting."""
    try:
        found = msgspec.json.decode(receipt.body, type=Receipt)
    except msgspec.DecodeError:
        return "receipt"
    same = found.entry.entry_sha256 == row.digest and found.leaf_index == receipt.leaf_index
    return "" if same else "receipt"


def again_receipted(opened: Opened) -> list[ledger.ReceiptRow]:
    """Receipts given again after a restore: where the leaves of their entries stand now."""
    found: list[ledger.ReceiptRow] = []
    for kept in drafts.listed(opened.work, "kept", AGAIN):
        receipt = msgspec.json.decode(kept.body, type=Receipt)
        found.append(ledger.ReceiptRow(int(kept.key), receipt.leaf_index, receipt.entry.outcome, kept.body))
    return found
