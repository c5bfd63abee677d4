"""Answering a screening: checks, quota, the signed answer and its evidence in ONE transaction."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from app.field.canonical import canonical_sha256
from app.field.identifiers import fold_number, recognise
from app.field.names import printable
from app.field.person_numbers import holds_number_of_person
from app.field.records import PurposeRef
from app.field.screening import SCREEN_STATES, ListEntry, ScreenedRow, Screening, read_screening
from server_stub import statements
from server_stub.accounts.models import Device, Officer
from server_stub.catalogue.selectors import current
from server_stub.config.city import specimen
from server_stub.config.clock import CITY_ZONE, now, stamp, today
from server_stub.config.keys import keys
from server_stub.errors import Problem
from server_stub.evidence import services as evidence
from server_stub.feed import selectors as feed
from server_stub.lists import ahead, models
from server_stub.lists.screening import Asked, Screened, Viewer, screen
from server_stub.lists.selectors import screened_on
from server_stub.pouring import pour
from server_stub.queries import official, ops
from server_stub.queries.bundles import requester
from server_stub.queries.errors import not_right, require_text
from server_stub.queries.grounds import allowed_purpose, require_case
from server_stub.queries.once import Asked as Operation
from server_stub.queries.once import Settled, once
from server_stub.queries.policy import figure, word_of
from server_stub.queries.reconciling import Told, require_unchanged
from server_stub.records.labels import word
from server_stub.rules import selectors as rules
from server_stub.rules.tables_file import Purpose


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """ScreenBody of docs/PROTOCOL.md; `lists` empty means every list."""

    rows: list[Asked]
    purpose: str = ""
    case_no: str = ""
    lists: list[str] = []
    salt: str = ""


def answer(
    officer: Officer, device: Device, entries: Sequence[str], op_id: str, body: dict[str, Any], tree_size: int
) -> dict[str, Any]:
    """The 201 body for a screening; entries, refusals and replays as for a query.

    Raises:
        Problem: of the chain (nothing is kept); `answer-withdrawn` when an entry of the stored answer would
            not be told so today; or a refusal: `role-denied`, `purpose-needed`,
            `purpose-not-allowed`, `official-letter-needed`, `case-needed`, `body-invalid`, `text-too-long`,
            `text-unfit`, `list-too-long` (context limit, rows), `number-invalid` naming every row that is no
            unit's number, `rate-limited` for the day's quota.
    """
    composed = _ahead(officer, body)
    said = once(
        Operation("screen", officer, device, entries, op_id, body, tree_size),
        decide=lambda: _decided(officer, body, composed),
        settle=lambda own, decided: _settle(officer, device, own, op_id, *decided),
        again=lambda kept: _once_more(officer, body, kept),
    )
    return dict(msgspec.to_builtins(said))


def _once_more(officer: Officer, body: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """What was answered, as long as each entry in it would be told today as it was then."""
    told = read_screening(base64.b64decode(kept["answer"]["payload_b64"]))
    now_told = {
        (entry.standing.rec_id, entry.former) for entry in _entries(_screen(officer, _read(body)).rows)
    }
    then = list(_entries(told.rows))
    require_unchanged(
        {entry.standing.rec_id: entry.standing.rev for entry in then},
        {entry.standing.rec_id for entry in then if (entry.standing.rec_id, entry.former) in now_told},
    )
    return kept


def told_by(officer: Officer, device: Device, numbers: Collection[str]) -> dict[str, Told]:
    """What these screenings of the officer told on the device, held against today. One whose stored answer is
    forgotten is left out: nobody can say any more what it told."""
    rows = models.Screening.objects.filter(
        screening_no__in=list(numbers), device_id=device.device_id, user=officer.user
    )
    found = {}
    for row in rows:
        kept = ops.stored(device.device_id, row.op_id)
        if kept is not None:
            told = read_screening(base64.b64decode(kept["answer"]["payload_b64"]))
            found[row.screening_no] = _held_against_today(officer, told)
    return found


def own_screening(officer: Officer, screening_no: str) -> Screening:
    """What a screening of this officer told.

    Raises:
        Problem: `not-found` for one of somebody else, for none, and for one whose answer is forgotten.
    """
    own = models.Screening.objects.filter(
        screening_no=screening_no, user=officer.user, organisation=officer.organisation_id
    )
    row = own.first()
    kept = ops.stored(row.device_id, row.op_id) if row is not None else None
    if not kept:
        raise Problem("not-found", "no such screening of this officer")
    return read_screening(base64.b64decode(kept["answer"]["payload_b64"]))


def _held_against_today(officer: Officer, told: Screening) -> Told:
    """Only rows that told of an entry are looked at once more."""
    asked = [Asked(row.code, row.name) for row in told.rows if row.entries or row.namesakes]
    now_told = {
        (entry.standing.rec_id, entry.former)
        for entry in _entries(_screen(officer, Batch(asked, lists=list(told.lists))).rows if asked else ())
    }
    then = list(_entries(told.rows))
    seen = {entry.standing.rec_id for entry in then if (entry.standing.rec_id, entry.former) in now_told}
    return Told({entry.standing.rec_id: entry.standing.rev for entry in then}, seen)


def _entries(rows: Iterable[ScreenedRow]) -> Iterator[ListEntry]:
    for row in rows:
        yield from row.entries
        for namesake in row.namesakes:
            yield from namesake.entries


def _screen(officer: Officer, batch: Batch) -> Screened:
    return screen(batch.rows, today(), _viewer(officer, batch), catalogue=current())


def _viewer(officer: Officer, batch: Batch) -> Viewer:
    return Viewer(officer.role, officer.organisation.kind, lists=frozenset(batch.lists))


def _settle(
    officer: Officer,
    device: Device,
    own: evidence.Accepted,
    op_id: str,
    batch: Batch,
    purpose: Purpose,
    composed: ahead.Ahead,
) -> Settled:
    organisation = officer.organisation_id
    evidence.stand_still()
    found = ahead.now(composed, batch.rows, today(), _viewer(officer, batch))
    said = _said(officer, op_id, batch, purpose, found)
    payload = msgspec.json.encode(said)
    codes_sha256 = canonical_sha256([[row.code, row.name] for row in batch.rows])
    leaf = evidence.leaf_of_act(
        own,
        organisation=organisation,
        query_no=said.screening_no,
        basis_sha256=codes_sha256,
        records_sha256=hashlib.sha256(payload).hexdigest(),
        outcome="done",
    )
    row = models.Screening.objects.create(
        screening_no=said.screening_no,
        op_id=op_id,
        user=officer.user,
        organisation=organisation,
        device_id=device.device_id,
        purpose=purpose.id,
        case_no=batch.case_no,
        day=today(),
        rows=len(batch.rows),
        codes_sha256=codes_sha256,
        payload_sha256=leaf.entry.records_sha256,
        made_at=said.made_at,
        leaf_index=leaf.leaf_index,
    )
    pour(models.ScreenedSubject._meta.db_table, _SUBJECT, _subjects(row.screening_no, found))
    signed = msgspec.to_builtins(keys().answers.sealed(payload))
    response = {"screening_no": said.screening_no, "answer": signed}
    return Settled(leaf, response, response)


def _ahead(officer: Officer, body: dict[str, Any]) -> ahead.Ahead | None:
    """The batch screened before anybody waits for the write lock; None for one that would be refused now: it
    is judged where its refusal can be kept. Where rows are locked one by one nobody waits for screening.
    """
    if statements.locking():
        return None
    with suppress(Problem):
        batch, _ = _checked(officer, body, today())
        _require_left(officer, batch, today())
        return _composed(officer, batch)
    return None


def _composed(officer: Officer, batch: Batch) -> ahead.Ahead:
    return ahead.compose(batch.rows, today(), _viewer(officer, batch))


def _decided(
    officer: Officer, body: dict[str, Any], composed: ahead.Ahead | None
) -> tuple[Batch, Purpose, ahead.Ahead]:
    """All checks in the order in which an officer can mend them."""
    on = today()
    batch, purpose = _checked(officer, body, on, sound=composed.batch if composed else ())
    # locked, so that two batches at once do not both fit into what is left of the day
    Officer.objects.select_for_update().get(pk=officer.pk)
    _require_left(officer, batch, on)
    return batch, purpose, composed or _composed(officer, batch)


def _checked(
    officer: Officer, body: dict[str, Any], on: date, sound: Sequence[Asked] = ()
) -> tuple[Batch, Purpose]:
    """`sound`: rows whose texts and numbers were looked at already."""
    if officer.role not in word_of("screen_roles", on).split():
        raise Problem("role-denied", "this role does not screen lists")
    batch = _read(body)
    purpose = allowed_purpose(officer, batch.purpose, on)
    official.refuse_many(purpose)
    require_case(batch.case_no)
    most = figure("screen_rows_max", on)
    if not batch.rows:
        raise not_right("body-invalid", "rows", "empty")
    if len(batch.rows) > most:
        raise Problem("list-too-long", context={"limit": most, "rows": len(batch.rows)})
    known = {row.id for row in rules.list_types(on)}
    if not set(batch.lists) <= known:
        raise not_right("body-invalid", "lists", "unknown")
    if tuple(batch.rows) != tuple(sound):
        _require_sound(batch.rows)
    return batch, purpose


def _require_sound(rows: Sequence[Asked]) -> None:
    for place, row in enumerate(rows):
        require_text("number", f"rows.{place}.code", row.code)
        require_text("name", f"rows.{place}.name", row.name)
    wrong = [flaw for place, row in enumerate(rows) for flaw in _flaws(place, row)]
    if wrong:
        raise Problem("number-invalid", "rows that name no unit", fields=wrong)


def _require_left(officer: Officer, batch: Batch, on: date) -> None:
    if screened_on(officer.user, on) + len(batch.rows) > figure("screen_rows_a_day", on):
        midnight = datetime.combine(on + timedelta(days=1), time(), CITY_ZONE)
        wait = int((midnight - now()).total_seconds()) + 1
        raise Problem("rate-limited", "the rows of this day are used up", retry_after_s=wait)


def _read(body: dict[str, Any]) -> Batch:
    try:
        return msgspec.convert(body, Batch)
    except msgspec.ValidationError as flaw:
        raise not_right("body-invalid", "body", str(flaw)) from flaw


def _flaws(place: int, row: Asked) -> list[dict[str, str]]:
    """Why a row names no unit; a person's number is one of the reasons, a name without number is none. A
    name with a person's or a mobile number in it would be signed and kept: it is refused as well."""
    if holds_number_of_person(row.name):
        return [_flaw(place, "kind", "name")]
    number = fold_number(row.code)
    if not number:
        return [] if printable(row.name).strip() else [_flaw(place, "empty")]
    seen = recognise(number)
    if seen.kind in ("id_card", "name", "empty"):
        return [_flaw(place, "kind")]
    return [] if seen.ok else [_flaw(place, seen.fault_code or "kind")]


def _flaw(place: int, why: str, column: str = "code") -> dict[str, str]:
    return {"path": f"rows.{place}.{column}", "code": why, "message": ""}


def _said(officer: Officer, op_id: str, batch: Batch, purpose: Purpose, found: Screened) -> Screening:
    at = stamp(now())
    return Screening(
        type="screening",
        v=1,
        screening_no=ops.running_number("MD", today().strftime("%Y%m%d")),
        op_id=op_id,
        made_at=at,
        as_of=at,
        as_of_seq=feed.last_seq(),
        epoch=feed.epoch(),
        specimen=specimen(),
        requester=requester(officer),
        purpose=PurposeRef(purpose.id, purpose.zh, purpose.en),
        case_no=batch.case_no,
        lists=tuple(batch.lists),
        rows=found.rows,
        counts=found.counts,
        rules=found.rules,
        words={
            state: {"zh": word(f"screened.{state}", "zh_CN"), "en": word(f"screened.{state}", "en")}
            for state in SCREEN_STATES
        },
    )


_SUBJECT = ("screening_id", "place", "subject_key", "state")


def _subjects(screening_no: str, found: Screened) -> Iterator[tuple[str, int, str, str]]:
    """Whom each row was about, in the order of `_SUBJECT`."""
    for place, keys_ in enumerate(found.subjects):
        row = found.rows[place]
        for nth, key in enumerate(keys_):
            nothing = nth == 0 and row.subject is None and row.code  # the number's own key stands first
            yield screening_no, place, key, models.UNKNOWN if nothing else row.state
