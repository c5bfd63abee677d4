"""A register's file on its way in and out: two persons, every row kept, no number anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.apps import apps

from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.exchange import staging
from server_stub.exchange.errors import FileRefused
from server_stub.exchange.persons import services
from server_stub.exchange.persons.models import PersonBatch, PersonRow
from server_stub.exchange.persons.reading import form
from server_stub.exchange.province.models import PersonHandle
from server_stub.exchange.returning import write_rows
from server_stub.exchange.services import apply as apply_file
from server_stub.records.models import Record
from server_stub.subjects.models import FormerName, Identifier, Subject
from server_stub.subjects.selectors import find_person

from ..test_stage import staged as penalties
from .made import CARD_2017, card_2023, fifteen, resident, row, text_file, workbook

pytestmark = pytest.mark.django_db
A, B = "importer", "approver"
CARD_KIND = "外国人永久居留身份证"
Stage = Callable[..., PersonBatch]


@pytest.fixture
def stage(tmp_path: Path, staff: tuple[str, str]) -> Stage:
    def done(*rows: dict[str, str], **how: Any) -> PersonBatch:
        return services.stage(text_file(tmp_path / "in.csv", *rows, **how), by=A)

    return done


def faults(batch: PersonBatch) -> list[tuple[str, str]]:
    rows = batch.rows.filter(state="refused").order_by("number")
    return [(fault["cell"], fault["code"]) for one in rows for fault in one.faults]


def entered(stage: Stage, *rows: dict[str, str]) -> PersonBatch:
    batch = stage(*rows)
    assert faults(batch) == []
    return services.apply(batch.batch_no, by=B)


def me() -> Subject | None:
    return find_person("resident_id", resident(), "测试甲")


def test_nobody_is_entered_before_a_second_person_applies(stage: Stage) -> None:
    batch = stage(row(), row(number="1", name="测试乙"))
    assert (batch.read, batch.accepted, batch.refused) == (2, 1, 1)
    assert faults(batch) == [("D3", "id-invalid")]
    assert me() is None
    for user in (A, "banker", "nobody"):
        with pytest.raises(Problem, match="role-denied"):
            services.apply(batch.batch_no, by=user)
    services.apply(batch.batch_no, by=B)
    subject = me()
    assert subject is not None
    assert (subject.born_on, subject.existing, subject.from_exchange) == (date(1988, 3, 14), True, False)
    assert PersonHandle.objects.filter(subject_key=subject.subject_key).exists()  # partners can be told of
    with pytest.raises(Problem, match="rev-conflict"):
        services.apply(batch.batch_no, by=B)
    kinds = list(Leaf.objects.order_by("index").values_list("kind", "user", "op_id"))
    assert kinds == [("person.import", A, batch.batch_no), ("person.apply", B, batch.batch_no)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_both_encodings_are_read(stage: Stage, encoding: str) -> None:
    batch = stage(row(name="测试㛃"), encoding=encoding)
    assert (batch.accepted, batch.encoding) == (1, encoding)


def test_a_workbook_is_read_and_its_refused_rows_come_back_masked(
    tmp_path: Path,
    staff: tuple[str, str],
) -> None:
    path = workbook(tmp_path / "in.xlsx", row(), row(name="", number=resident(division="430405")))
    batch = services.stage(path, by=A)
    assert (batch.encoding, batch.read, batch.accepted, faults(batch)) == ("xlsx", 2, 1, [("A3", "empty")])
    back = tmp_path / "back.csv"
    assert write_rows(batch, form(), back) == 1
    text = back.read_text("utf-8-sig")
    assert "必填项为空" in text
    assert "430405********" in text
    assert resident(division="430405") not in text


def test_no_table_holds_a_number_while_it_waits_or_afterwards(stage: Stage) -> None:
    old = "E00000017"
    rows = [row(old_kind="护照", old_number=old), row(name="", number=resident(division="430405"))]
    batch = stage(*rows)
    for entering in (True, False):
        kept = "".join(
            repr(list(model._default_manager.values_list()))
            for label in ("persons", "subjects", "evidence", "province")
            for model in apps.get_app_config(label).get_models()
        )
        assert "430400********" in kept  # control: this is where it would stand
        for number in (resident(), resident(division="430405"), old):
            assert number not in kept
        if entering:
            services.apply(batch.batch_no, by=B)
    assert set(batch.rows.values_list("state", "facts")) == {("applied", ""), ("refused", "")}


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("said", "cell"),
    [
        ({"name": "测试甲" + resident()}, "A2"),
        ({"name": f"{resident()[:6]} {resident()[6:14]}-{resident()[14:]}"}, "A2"),
        ({"name": "测试甲" + resident().translate(WIDE)}, "A2"),
        ({"former": resident()}, "B2"),
        ({"former": "E12345678、护照E12345678"}, "B2"),
        ({"state": f"X{resident()}Y"}, "G2"),
        ({"kind": resident()}, "C2"),
        ({"born": resident()}, "F2"),
        ({"since": "E12345678"}, "E2"),
    ],
)
def test_a_number_in_the_wrong_column_refuses_the_row_and_is_kept_nowhere(
    stage: Stage, said: dict[str, str], cell: str
) -> None:
    batch = stage(row(**said))
    assert cell in [place for place, _ in faults(batch)]
    one = batch.rows.get()
    assert (one.facts, one.subject_key) == ("", "")
    assert "430400********" in one.raw  # control: the number's own column
    rest = one.raw.replace("430400********" + resident()[-4:], "").replace("1988-03-14", "")
    assert sum(sign.isdecimal() for sign in rest) < 6


def test_a_file_that_is_called_by_a_number_is_kept_without_it(tmp_path: Path, staff: tuple[str, str]) -> None:
    batch = services.stage(text_file(tmp_path / f"20261123-{fifteen()}.csv", row()), by=A)
    assert batch.file_name == f"20261123-{'*' * 15}.csv"


def test_a_day_of_a_refused_row_stays_to_be_read(stage: Stage) -> None:
    raw = stage(row(name="", since="2024年13月2日", born="1988-03-14 00:00:00")).rows.get().raw
    assert "2024年13月2日" in raw
    assert "1988-03-14 00:00:00" in raw


def test_a_file_without_the_columns_is_refused_as_a_whole(tmp_path: Path, staff: tuple[str, str]) -> None:
    path = tmp_path / "other.csv"
    path.write_text("姓名,电话\n测试甲,1\n", "utf-8")
    with pytest.raises(FileRefused, match="表头"):
        services.stage(path, by=A)
    with pytest.raises(Problem, match="role-denied"):
        services.stage(path, by="banker")
    assert not PersonBatch.objects.exists()


def test_the_mark_binds_the_bytes_that_were_read(
    tmp_path: Path, staff: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = text_file(tmp_path / "in.csv", row())
    first = services.stage(path, by=A)
    read = staging.head

    def replaced_meanwhile(*given: Any) -> Any:
        text_file(path, row(name="测试乙"))
        return read(*given)

    monkeypatch.setattr(staging, "head", replaced_meanwhile)
    second = services.stage(path, by=A)
    monkeypatch.undo()
    assert second.mark == first.mark != services.stage(path, by=A).mark
    assert msgspec.json.decode(second.rows.get().facts)["person"]["name"] == "测试甲"


def test_one_number_twice_in_a_file_is_one_person(stage: Stage) -> None:
    twice = row(name="测试乙", kind="身份证", number=fifteen(), born="")
    assert faults(stage(row(), twice)) == [("D3", "person-twice")]


def test_what_is_known_already_changes_nothing(stage: Stage) -> None:
    entered(stage, row())
    again = entered(stage, row())
    assert list(again.rows.values_list("outcome", flat=True)) == ["same"]
    assert Subject.objects.count() == Identifier.objects.count() == 1


def test_a_new_document_a_new_name_and_a_death_keep_the_person(stage: Stage) -> None:
    old = {"kind": CARD_KIND, "number": CARD_2017}
    entered(stage, row(**old))
    before = find_person("pr_card_2017", CARD_2017, "测试甲")
    assert before is not None
    said = {"old_kind": CARD_KIND, "old_number": CARD_2017, "old_to": "2024-05-01", "since": "2024-05-02"}
    batch = entered(
        stage, row(kind=CARD_KIND, number=card_2023(), name="测试新", former="测试甲", state="死亡", **said)
    )
    for kind, number, name in (("pr_card", card_2023(), "测试新"), ("pr_card_2017", CARD_2017, "测试甲")):
        found = find_person(kind, number, name)
        assert found is not None
        assert found.subject_key == before.subject_key
        assert (found.id_type, found.state, found.existing) == ("pr_card", "死亡", False)
    leaf = Leaf.objects.get(kind="person.changed")
    assert (leaf.user, leaf.subject_key) == (B, before.subject_key)

    services.reverse(batch.batch_no, by=A, why="示例：文件有误")
    after = find_person("pr_card_2017", CARD_2017, "测试甲")
    assert after is not None
    assert {name: getattr(after, name) for name in vars(before) if name != "_state"} == {
        name: getattr(before, name) for name in vars(before) if name != "_state"
    }
    assert find_person("pr_card", card_2023(), "测试新") is None
    assert not FormerName.objects.exists()
    assert Identifier.objects.get().valid_to is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"name": "测试乙"}, "person-name"),
        ({"number": fifteen(), "name": "测试乙", "born": ""}, "person-name"),
        ({"old_kind": "护照", "old_number": "E00000002"}, "person-two"),
    ],
)
def test_a_row_that_is_not_surely_this_person_is_refused(
    stage: Stage, said: dict[str, str], code: str
) -> None:
    entered(stage, row(), row(name="测试丙", kind="护照", number="E00000002"))
    assert faults(stage(row(**said))) == [("A2" if code == "person-name" else "D2", code)]


def test_no_file_makes_an_adult_of_a_known_minor(stage: Stage) -> None:
    entered(stage, row(kind="护照", number="E00000003", born="2012-01-01"))
    older = row(kind="护照", number="E00000003", born="1992-01-01")
    assert faults(stage(older)) == [("F2", "person-born-known")]
    moved = {"old_kind": "护照", "old_number": "E00000003"}
    assert faults(stage(row(**moved))) == [("F2", "person-born-known")]


def test_a_register_that_changed_since_refuses_at_the_entering(stage: Stage) -> None:
    waiting = stage(row())
    entered(stage, row(name="测试乙"))
    done = services.apply(waiting.batch_no, by=B)
    assert (done.read, done.accepted, done.refused, done.state) == (1, 0, 1, "applied")
    assert faults(done) == [("", "person-name")]


def test_what_was_refused_at_the_entering_goes_back_beside_what_was_refused_before(
    stage: Stage, tmp_path: Path
) -> None:
    waiting = stage(row(), row(name="", kind="护照", number="E00000002"))
    entered(stage, row(name="测试乙"))
    services.apply(waiting.batch_no, by=B)
    assert write_rows(waiting, form(), tmp_path / "back.csv") == 2
    text = (tmp_path / "back.csv").read_text("utf-8-sig")
    late, early = (line.split(",") for line in text.splitlines()[1:])
    assert (late[-3], late[-1][:4]) == ("2", "证件号码")
    assert (early[-3:-1], early[2]) == (["3", "A3"], "护照")


def test_a_batch_is_taken_back_but_nobody_of_whom_something_is_on_record(
    stage: Stage,
    staff: tuple[str, str],
    tmp_path: Path,
) -> None:
    batch = entered(stage, row(), row(name="测试丙", kind="护照", number="E00000002"))
    apply_file(penalty_of(tmp_path, staff, resident()), B)
    with pytest.raises(ValueError, match="reason"):
        services.reverse(batch.batch_no, by=A, why=" ")
    done = services.reverse(batch.batch_no, by=A, why="示例")
    assert (done.state, done.kept) == ("reversed", 1)
    assert me() is not None
    assert find_person("passport", "E00000002", "测试丙") is None
    assert PersonHandle.objects.count() == 1
    with pytest.raises(Problem, match="rev-conflict"):
        services.reverse(batch.batch_no, by=A, why="示例")


OLD = {"old_kind": "护照", "old_number": "E00000017"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({**OLD, "old_from": "2000-01-01"}, {**OLD, "old_from": "2001-01-01"}),
        ({"since": "2011-01-01"}, {"since": "2012-01-01"}),
        ({"former": "测试旧"}, {**OLD}),
        ({"state": "死亡"}, {**OLD}),
    ],
)
def test_a_change_stays_as_long_as_another_came_after_it(
    stage: Stage, first: dict[str, str], second: dict[str, str]
) -> None:
    entered(stage, row(since="2010-01-01"))
    was = standing()
    one, between = entered(stage, row(**first)), standing()
    two, after = entered(stage, row(**second)), standing()
    assert services.reverse(one.batch_no, by=A, why="示例").kept == 1
    assert standing() == after
    assert services.reverse(two.batch_no, by=A, why="示例").kept == 0
    assert standing() == between != was


def test_a_change_to_and_fro_is_told_from_none(stage: Stage) -> None:
    entered(stage, row())
    first, _, third = (entered(stage, row(state=state)) for state in ("死亡", "在世", "死亡"))
    assert services.reverse(first.batch_no, by=A, why="示例").kept == 1
    assert services.reverse(third.batch_no, by=A, why="示例").kept == 0
    assert getattr(me(), "state", "") == "在世"


def test_the_batch_that_was_applied_last_came_last_whichever_was_staged_first(stage: Stage) -> None:
    entered(stage, row())
    early, late = stage(row(state="死亡")), stage(row(**OLD))
    for batch in (late, early):
        services.apply(batch.batch_no, by=B)
    assert services.reverse(late.batch_no, by=A, why="示例").kept == 1
    assert services.reverse(early.batch_no, by=A, why="示例").kept == 0


def standing() -> list[Any]:
    documents = Identifier.objects.order_by("pk").values_list("kind", "valid_from", "valid_to")
    return [*documents, *FormerName.objects.values_list("name", flat=True), getattr(me(), "state", "")]


def test_a_staged_batch_is_thrown_away_and_its_digests_go(stage: Stage) -> None:
    batch = stage(row())
    services.reverse(batch.batch_no, by=A, why="示例：误报")
    assert PersonRow.objects.get().facts == ""
    with pytest.raises(Problem, match="rev-conflict"):
        services.apply(batch.batch_no, by=B)


def penalty_of(tmp_path: Path, staff: tuple[str, str], number: str, **said: str) -> Any:
    person = {"CF_XDR_LB": "自然人", "CF_XDR_MC": "测试甲", "CF_XDR_ZJLX": "身份证", "CF_XDR_ZJHM": number}
    return penalties(tmp_path, staff, {**person, "CF_XDR_SHXYM": "", **said})


def test_a_department_row_finds_the_person_and_a_minor_stays_out(
    stage: Stage,
    staff: tuple[str, str],
    tmp_path: Path,
) -> None:
    young = resident(date(2010, 1, 2))
    assert penalty_of(tmp_path, staff, resident()).accepted == 0  # control: nobody is there yet
    entered(stage, row(), row(name="测试小", number=young, born=""))
    batch = penalty_of(tmp_path, staff, resident())
    assert batch.accepted == 1
    apply_file(batch, B)
    assert Record.objects.get().subject_key == getattr(me(), "subject_key", "")
    minor = penalty_of(tmp_path, staff, young, CF_XDR_MC="测试小")
    assert [one.faults[0]["code"] for one in minor.rows.all()] == ["minor-quarantine"]


def test_a_person_who_was_taken_out_meanwhile_gets_no_record(
    stage: Stage,
    staff: tuple[str, str],
    tmp_path: Path,
) -> None:
    entered(stage, row())
    batch = penalty_of(tmp_path, staff, resident())
    Subject.objects.all().delete()
    done = apply_file(batch, B)
    assert [one.faults[0]["code"] for one in done.rows.all()] == ["person-unknown"]
    assert not Record.objects.exists()


def test_an_interrupted_entering_goes_on(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 1)
    batch = stage(row(), row(name="测试丙", kind="护照", number="E00000002"))

    def pull_the_plug(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        services.apply(batch.batch_no, by=B, progress=pull_the_plug)
    assert (services.found(batch.batch_no).state, Subject.objects.count()) == ("applying", 1)
    assert services.apply(batch.batch_no, by=B).state == "applied"
    assert Subject.objects.count() == 2


def test_a_key_that_is_replaced_ends_what_waits_and_strands_nobody(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 1)
    other = row(name="测试丙", kind="护照", number="E00000002")
    half, waiting = stage(row(), other), stage(other)

    def pull_the_plug(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        services.apply(half.batch_no, by=B, progress=pull_the_plug)
    services.throw_away_waiting("示例", A)
    half, waiting = services.found(half.batch_no), services.found(waiting.batch_no)
    assert (half.state, half.read, half.accepted, half.refused) == ("applied", 2, 1, 1)
    assert faults(half) == [("", "person-key-lost")]
    assert (waiting.state, waiting.reverser, waiting.why_reversed) == ("reversed", A, "示例")
    assert not PersonRow.objects.exclude(facts="").exists()
    told = Leaf.objects.order_by("index").values_list("kind", "user", "op_id")
    assert set(told[2:]) == {
        ("person.apply", A, half.batch_no), ("person.reverse", A, waiting.batch_no),
    }  # fmt: skip
    assert services.reverse(half.batch_no, by=A, why="示例").kept == 0
    assert me() is None


def test_control_a_number_in_a_mark_would_be_seen() -> None:
    assert re.search(r"\d{15}", resident())
