"""The feed taken in: what is older goes, what is newer stays, and nobody empties a computer by a feed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from app.field.records import Bundle, SubjectCard, read_bundle, write_bundle
from app.services import issued
from app.services.applying import CURSOR, Tally, apply_page, apply_verdict, to_judge
from app.services.copies import TOUCHED
from app.services.judging import Verdict
from app.services.renaming import Renamed, renamed
from app.services.room import Opened
from app.services.showing import WITHDRAWN
from app.trouble import Refused
from app.wire.messages import Change, ChangesPage, RenamedCopy
from local_cache import answers, drafts, reports, state
from local_cache.vault import Vault
from tests.app.wire.fake_log import bundle

AT = "2026-01-05T02:00:00.000Z"


@dataclass
class Desk:
    """As much of an open vault as the feed needs: real encrypted files."""

    vault: Vault
    shut: list[str] = field(default_factory=list)

    @property
    def work(self) -> Any:
        return self.vault.work

    def copies(self) -> Any:
        return self.vault.copies()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    vault = Vault.create(tmp_path / "v", "vault-1", bytes(range(32)), bytes(range(1, 33)))
    yield Desk(vault)
    vault.close()


def hold(desk: Desk, number: int, records: list[tuple[str, int]], seq: int = 10, lease: str = "l1") -> str:
    made: Bundle = msgspec.structs.replace(
        read_bundle(bundle()),
        query_no=f"Q{number}",
        as_of_seq=seq,
        subject_key=f"k{number}",
        subject=SubjectCard(f"k{number}", "legal", "旧名（示例）", "c"),
    )
    copy = answers.Copy(
        query_no=f"Q{number}", op_id=f"op{number}", payload=write_bundle(made), key_id="answers-1", sig=b"s",
        subject_key=f"k{number}", kind="legal", name="n", code="c", purpose="B01", as_of=AT,
        expires_ms=10**15, lease_id=lease, stored_at=AT,
    )  # fmt: skip
    answers.put(desk.copies(), copy, records, "")
    return copy.query_no


def left(desk: Desk) -> set[str]:
    return {copy.query_no for copy in answers.all_copies(desk.copies())}


def page(*changes: Change, cursor: str = "c2") -> ChangesPage:
    return ChangesPage(changes, cursor, False, AT, "e")


def apply(desk: Desk, *changes: Change, spared: frozenset[str] = frozenset()) -> Tally:
    tally = Tally(len(left(desk)))
    apply_page(cast(Opened, desk), page(*changes), tally, spared)
    return tally


def change(op: str, rec_id: str = "", seq: int = 11, **more: Any) -> Change:
    return Change(feed="main", seq=seq, op=op, rec_id=rec_id, at=AT, **more)


SUPERSEDED = change("notice", body={"kind": "report_superseded", "number": "HYXYE1"})


def test_a_withdrawn_record_takes_its_copies_with_it_and_the_cursor_moves(desk: Desk) -> None:
    hold(desk, 1, [("r1", 1), ("r2", 1)])
    hold(desk, 2, [("r3", 1)])
    tally = apply(desk, change("revoke", "r1", rev=2, reason="corrected", subject_key="k1"))
    assert left(desk) == {"Q2"}
    assert tally.removed == 1
    assert [stone.rec_id for stone in answers.tombstones(desk.copies())] == ["r1"]
    assert state.get(desk.copies(), CURSOR, part="cache") == "c2"
    assert state.get(desk.copies(), TOUCHED + "k1", part="cache") == AT


def test_a_copy_made_after_the_change_stays(desk: Desk) -> None:
    hold(desk, 1, [("r1", 1)], seq=10)
    hold(desk, 2, [("r1", 2)], seq=11)
    apply(desk, change("revoke", "r1", rev=2, reason="corrected"))
    assert left(desk) == {"Q2"}


def test_a_withdrawal_of_a_whole_subject(desk: Desk) -> None:
    hold(desk, 1, [("r1", 1)])
    hold(desk, 2, [("r2", 1)])
    apply(desk, change("revoke", "", subject_key="k2", reason="merged"))
    assert left(desk) == {"Q1"}


def test_the_end_of_a_lease_takes_its_copies(desk: Desk) -> None:
    hold(desk, 1, [("r1", 1)], lease="l1")
    hold(desk, 2, [("r2", 1)], lease="l2")
    apply(desk, change("lease_end", body={"lease_id": "l1"}))
    assert left(desk) == {"Q2"}


def test_a_copy_that_went_with_its_letter_is_remembered_as_that_and_its_record_is_not_called_removed(
    desk: Desk,
) -> None:
    hold(desk, 1, [("r1", 1)], lease="l1")
    hold(desk, 2, [("r1", 1)], lease="l2")
    tally = apply(desk, change("lease_end", body={"lease_id": "l1"}, reason="letter_ended"))
    assert (left(desk), tally.removed, tally.letters) == ({"Q2"}, 1, 1)
    assert state.get(desk.copies(), WITHDRAWN + "Q1", part="cache") == "letter_ended"
    tally = apply(desk, change("lease_end", body={"lease_id": "l2"}))
    assert (left(desk), tally.removed, tally.letters) == (set(), 1, 0)
    assert state.get(desk.copies(), WITHDRAWN + "Q2", part="cache") == ""
    assert answers.tombstones(desk.copies()) == []


def test_marks_come_and_go(desk: Desk) -> None:
    hold(desk, 1, [("r1", 1)])
    mark = {"number": "YY1", "accepted_on": "2026-01-05", "due_on": "2026-01-15"}
    tally = apply(desk, change("put", "r1", reason="marked", body=mark))
    assert tally.marks == 1
    assert msgspec.json.decode(answers.marks(desk.copies())["r1"]) == mark
    apply(desk, change("put", "r1", reason="unmarked", body={"number": "YY-1"}))
    assert answers.marks(desk.copies())["r1"] == b"null"


def renaming(name: str = "新名（示例）", seq: int = 11) -> Change:
    body = {"name": name, "until": "2026-11-20"}
    return change("put", seq=seq, subject_key="k1", reason="renamed", body=body)


def called(desk: Desk, query_no: str) -> Renamed | None:
    copy = answers.get(desk.copies(), query_no)
    assert copy is not None
    return renamed(desk.copies(), read_bundle(copy.payload))


def test_a_copy_stays_and_says_what_its_unit_is_called_by_now(desk: Desk) -> None:
    hold(desk, 1, [("r1", 1)])
    hold(desk, 2, [])
    tally = apply(desk, renaming())
    assert (left(desk), tally.removed) == ({"Q1", "Q2"}, 0)
    assert called(desk, "Q1") == Renamed("新名（示例）", "2026-11-20", 11)
    assert called(desk, "Q2") is None  # control: another unit
    hold(desk, 1, [("r1", 1)], seq=11)
    assert called(desk, "Q1") is None  # control: made after the change


def test_a_copy_that_bears_the_new_name_says_nothing(desk: Desk) -> None:
    hold(desk, 1, [])
    apply(desk, renaming("旧名（示例）"))
    assert called(desk, "Q1") is None


def test_a_reconciliation_tells_the_name_as_well(desk: Desk) -> None:
    hold(desk, 1, [], seq=50)
    verdict = Verdict(cursor="c9", renamed=[RenamedCopy("Q1", "新名（示例）"), RenamedCopy("Q9", "无此副本")])
    desk.now_text = lambda: AT  # type: ignore[attr-defined]
    apply_verdict(cast(Opened, desk), verdict, Tally(1))
    assert called(desk, "Q1") == Renamed("新名（示例）", "", 0)


def test_a_report_is_known_to_be_superseded(desk: Desk) -> None:
    issued.keep(desk.work, "HYXYE1", AT, "2026-02-04")
    apply(desk, SUPERSEDED)
    assert issued.read(desk.work, "HYXYE1") == issued.Word("superseded", AT, "2026-02-04", AT)


def test_a_report_is_known_to_be_superseded_after_its_file_has_gone(desk: Desk) -> None:
    """A correction sends both: the withdrawal, which takes copy and file, and the notice."""
    hold(desk, 1, [("r1", 1)])
    reports.put(desk.copies(), reports.Report("HYXYE1", "Q1", "n", AT, AT, "current", "0" * 64), b"%PDF")
    apply(desk, change("revoke", "r1", rev=2, reason="corrected"), SUPERSEDED)
    assert reports.listed(desk.copies()) == []
    word = issued.read(desk.work, "HYXYE1")
    assert word is not None and word.state == "superseded"


def test_a_notice_takes_the_file_of_a_query_without_a_copy(desk: Desk) -> None:
    """What such a file holds is written nowhere, so no withdrawal would ever find it."""
    for number in (1, 2):
        row = reports.Report(f"HYXYE{number}", f"Q{number}", "n", AT, AT, "current", "0" * 64)
        reports.put(desk.copies(), row, b"%PDF")
    hold(desk, 2, [("r1", 1)])
    apply(desk, SUPERSEDED, change("notice", body={"kind": "report_superseded", "number": "HYXYE2"}))
    assert [row.number for row in reports.listed(desk.copies())] == ["HYXYE2"]


def test_a_notice_is_kept_before_the_cursor_passes_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr("app.services.applying.state.put", die)
        with pytest.raises(RuntimeError):
            apply(desk, SUPERSEDED)
    assert state.get(desk.copies(), CURSOR, part="cache") == ""
    assert issued.read(desk.work, "HYXYE1") is not None


def test_a_later_page_does_not_tell_an_earlier_notice_again(desk: Desk) -> None:
    tally = Tally(0)
    apply_page(cast(Opened, desk), page(SUPERSEDED, cursor="c1"), tally)
    issued.hear(desk.work, "HYXYE1", "current", AT)
    apply_page(cast(Opened, desk), page(), tally)
    word = issued.read(desk.work, "HYXYE1")
    assert word is not None and word.state == "current"
    assert len(tally.notices) == 1


def test_an_older_word_about_an_objection_does_not_replace_a_newer_one(desk: Desk) -> None:
    for rev, word in ((2, "accepted"), (1, "filed"), (3, "upheld")):
        body = {"kind": "objection", "number": "YY1", "state": word, "due_on": "", "rev": rev, "text": ""}
        apply(desk, change("notice", body=body))
        kept = drafts.load(desk.work, "kept", "objection", "YY1")
        assert kept is not None
        assert msgspec.json.decode(kept.body)["rev"] == max(rev, 2)


def many(desk: Desk, count: int) -> list[Change]:
    for number in range(count):
        hold(desk, number, [(f"r{number}", 1)])
    return [change("revoke", f"r{number}", seq=11 + number, reason="corrected") for number in range(count)]


def judged(desk: Desk, *changes: Change, tally: Tally | None = None) -> dict[str, list[tuple[str, int]]]:
    return to_judge(cast(Opened, desk), changes, tally or Tally(len(left(desk))))


def test_a_feed_that_would_empty_the_computer_has_every_copy_judged_first(desk: Desk) -> None:
    changes = many(desk, 60)
    assert judged(desk, *changes) == {f"Q{number}": [(f"r{number}", 1)] for number in range(60)}
    assert len(left(desk)) == 60


def test_slices_do_not_get_past_the_fail_safe(desk: Desk) -> None:
    changes = many(desk, 60)
    tally = Tally(60)
    for at in (0, 20):
        assert judged(desk, *changes[at : at + 20], tally=tally) == {}
        apply_page(cast(Opened, desk), page(*changes[at : at + 20]), tally)
    assert len(judged(desk, *changes[40:], tally=tally)) == 20
    tally.spared = 20
    assert len(judged(desk, changes[59], tally=tally)) == 1  # what was spared counts as well


def test_control_fifty_copies_may_go_at_once(desk: Desk) -> None:
    changes = many(desk, 50)
    assert judged(desk, *changes) == {}
    assert apply(desk, *changes).removed == 50


def test_a_fifth_of_many_copies_may_go_at_once(desk: Desk) -> None:
    changes = many(desk, 60)
    assert judged(desk, *changes, tally=Tally(300)) == {}
    assert len(judged(desk, *changes, tally=Tally(299))) == 60


def test_the_end_of_a_lease_and_of_a_subject_is_the_feeds_word_alone(desk: Desk) -> None:
    many(desk, 60)
    ends = change("lease_end", body={"lease_id": "l1"})
    assert judged(desk, ends) == {}
    assert judged(desk, *(change("revoke", subject_key=f"k{number}") for number in range(60))) == {}
    assert apply(desk, ends).removed == 60


def test_a_spared_copy_stays_readable_and_the_cursor_moves_on(desk: Desk) -> None:
    hold(desk, 1, [("r1", 1)])
    hold(desk, 2, [("r1", 1), ("r2", 1)])
    tally = apply(desk, change("revoke", "r1", reason="corrected"), spared=frozenset({"Q2"}))
    assert (left(desk), tally.removed) == ({"Q2"}, 1)
    assert state.get(desk.copies(), WITHDRAWN + "Q1", part="cache") == "corrected"
    assert state.get(desk.copies(), WITHDRAWN + "Q2", part="cache") == ""
    assert state.get(desk.copies(), CURSOR, part="cache") == "c2"
    later = apply(desk, change("revoke", "r1", seq=12, reason="corrected"))  # a later word counts again
    assert (left(desk), later.removed) == (set(), 1)


def test_a_spared_copy_still_goes_when_its_lease_ends(desk: Desk) -> None:
    hold(desk, 1, [("r1", 1)])
    apply(desk, change("lease_end", body={"lease_id": "l1"}), spared=frozenset({"Q1"}))
    assert left(desk) == set()


def test_a_verdict_takes_the_copies_it_names_and_no_other_with_the_same_record(desk: Desk) -> None:
    hold(desk, 1, [("r1", 1), ("r2", 1)])
    hold(desk, 2, [("r1", 2)])
    hold(desk, 3, [])
    verdict = Verdict({"Q1": "corrected", "Q3": ""}, {"r1": "corrected"}, {}, "c9")
    desk.now_text = lambda: AT  # type: ignore[attr-defined]
    tally = Tally(3)
    apply_verdict(cast(Opened, desk), verdict, tally)
    assert (left(desk), tally.removed) == ({"Q2"}, 2)
    assert state.get(desk.copies(), CURSOR, part="cache") == "c9"
    assert answers.tombstones(desk.copies()) == []
    apply_verdict(cast(Opened, desk), Verdict({"Q2": "corrected"}, {"r1": "corrected"}, {}, "c10"), tally)
    assert [stone.rec_id for stone in answers.tombstones(desk.copies())] == ["r1"]


def test_a_revoked_device_is_refused_before_anything_else(desk: Desk) -> None:
    hold(desk, 1, [("r1", 1)])
    with pytest.raises(Refused) as caught:
        apply(desk, change("revoke", "r1", reason="device_revoked"))
    assert caught.value.code == "device-revoked"
    assert left(desk) == {"Q1"}
