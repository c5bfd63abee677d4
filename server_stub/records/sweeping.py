"""What ends by itself is told: publicity that runs out, and items that the catalogue no longer covers.

Nothing of a record changes: the rules hide it by date. Running a sweep again tells nobody twice. Looking
holds no lock and every record is a transaction of its own, so that requests go on meanwhile; `stopped` is
asked before each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from server_stub.catalogue.entries import KINDS, Edition
from server_stub.catalogue.judging import Catalogue
from server_stub.catalogue.selectors import current
from server_stub.evidence import services as evidence
from server_stub.feed import services as feed
from server_stub.records.asking import item_of, time_over
from server_stub.records.models import Record
from server_stub.records.revising import locked
from server_stub.records.telling import tell
from server_stub.subjects.models import Subject

# some report or other may have given a record that stands so
_GIVEN = ("current", "repaired", "removed", "shielded")


def sweep(on: date, *, by: str, stopped: Callable[[], bool] = lambda: False) -> int:
    """Revoke the copies of records whose time has run out since the last sweep, or whose item is covered no
    more; returns how many.
    """
    untold = Record.objects.filter(over_told=False, status__in=_GIVEN).exclude(section="licence")
    held = current()
    rows = untold.order_by("rec_id")
    over = [record.rec_id for record in rows if time_over(record, on, item_of(record, on, held))]
    told_now = 0
    for rec_id in over:
        if stopped():
            return told_now
        with transaction.atomic():
            told_now += _over(locked(rec_id), on, by, held)
    return told_now + sweep_withheld(on, by=by, stopped=stopped)


def _over(record: Record, on: date, by: str, held: Catalogue) -> bool:
    """Tell that the time of a locked record has run out; False when it has not, or was told meanwhile."""
    reason = time_over(record, on, item_of(record, on, held))
    if not reason or record.over_told or record.status not in _GIVEN:
        return False
    Record.objects.filter(pk=record.rec_id).update(over_told=True)
    _told(record, f"record.{reason}", reason, by)
    return True


def sweep_withheld(on: date, *, by: str, stopped: Callable[[], bool] = lambda: False) -> int:
    """Revoke the copies of records whose item the catalogue of the day does not cover; returns how many.

    Where an item is covered again, only the note that it was told is taken back: there are no copies to mend.
    """
    told_now = 0
    for group in list(_groups(on, current())):
        if not group.hidden:
            group.records().filter(withheld_told=True).update(withheld_told=False)
            continue
        untold = group.records().filter(withheld_told=False).exclude(status="annulled")
        for rec_id in list(untold.order_by("rec_id").values_list("rec_id", flat=True)):
            if stopped():
                return told_now
            with transaction.atomic():
                told_now += _withhold(locked(rec_id), group, by)
    return told_now


def would_hide(edition: Edition, on: date) -> int:
    """How many records that are covered now would not be on `on`, were this edition in force too."""
    held = current()
    then = Catalogue([*held.editions, edition])
    covered = {(one.item_code, one.section, kind) for one in _groups(on, held) for kind in one.hiding(False)}
    return sum(
        _Group(one.item_code, one.section, kind, True).records().exclude(status="annulled").count()
        for one in _groups(on, then)
        for kind in one.hiding(True)
        if (one.item_code, one.section, kind) in covered
    )


class _Group(msgspec.Struct, frozen=True):
    """Records of one item and section about one kind of subject (empty: every kind); do they hide?"""

    item_code: str
    section: str
    kind: str
    hidden: bool

    def hiding(self, hidden: bool) -> tuple[str, ...]:
        """The kinds of subject whose records of this group are hidden, or are not."""
        kinds = (self.kind,) if self.kind else KINDS
        return kinds if self.hidden == hidden else ()

    def records(self) -> QuerySet[Record]:
        rows = Record.objects.filter(item_code=self.item_code, section=self.section)
        if self.kind:
            rows = rows.filter(subject_key__in=Subject.objects.filter(kind=self.kind).values("subject_key"))
        return rows


def _groups(on: date, held: Catalogue) -> Iterator[_Group]:
    """A few hundred groups, whatever the number of records."""
    for code, section in Record.objects.order_by().values_list("item_code", "section").distinct():
        hidden = {kind: bool(held.judge(code, section, kind, on).why) for kind in KINDS}
        if len(set(hidden.values())) == 1:
            yield _Group(code, section, "", hidden[KINDS[0]])
        else:
            yield from (_Group(code, section, kind, said) for kind, said in hidden.items())


def _withhold(record: Record, group: _Group, by: str) -> bool:
    """Tell it of a locked record; False when it was told or moved to another item meanwhile."""
    if record.withheld_told or record.item_code != group.item_code:
        return False
    Record.objects.filter(pk=record.rec_id).update(withheld_told=True)
    _told(record, "record.withheld", "removed", by)
    return True


def _told(record: Record, kind: str, reason: str, by: str) -> None:
    feed.announce(record.subject_key, rec_id=record.rec_id, rev=record.rev, op="revoke", reason=reason)
    evidence.append(
        kind=kind,
        source="server",
        user=by,
        subject_key=record.subject_key,
        outcome=f"done:{record.rec_id}:{record.rev}",
    )
    tell(record.rec_id, record.rev)
