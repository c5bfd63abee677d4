"""`record` as it is typed: what a delivery would be refused for, a person's correction is refused for too."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from server_stub.accounts.models import Officer, Organisation
from server_stub.cases import services as cases
from server_stub.command import _parser
from server_stub.config.clock import clock
from server_stub.exchange.settable import every, form_of, settable
from server_stub.jobs import deciding, mending
from server_stub.records import services
from server_stub.records.models import Record, Revision
from server_stub.refusals import told
from server_stub.subjects.models import Subject
from tests.server_stub.cases.conftest import Town, at, town
from tests.server_stub.records.conftest import company
from tests.server_stub.records.made import debtor, licence, penalty

pytestmark = pytest.mark.django_db
__all__ = ["at", "company", "town"]  # fixtures of other rooms
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def staff(db: None) -> str:
    centre = Organisation.objects.create(code="O-centre", name="示例中心", kind="centre")
    for user in ("centre8", "centre9"):
        Officer.objects.create(
            user=user, name="测试", organisation=centre, role="centre_staff", totp_secret=b"x"
        )
    return "centre9"


@pytest.fixture
def rec_id(staff: str, company: Subject) -> str:
    return services.put(penalty(), by=staff)


def typed(
    act: str, rec_id: str, *words: str, reason: str = "录入有误（示例）", by: str = "centre9"
) -> tuple[int, str]:
    """Exit code and what was printed, or the sentence of the refusal."""
    why = () if act == "confirm" else ("--reason", reason)
    line = ["record", act, rec_id, "--home", "x", "--as", by, *why, *words]
    with clock(lambda: NOON):
        try:
            return mending.run(_parser().parse_args(line)), ""
        except Exception as flaw:  # noqa: BLE001 - as the command does
            return told(flaw)


def held(rec_id: str) -> dict[str, Any]:
    record = Record.objects.get(pk=rec_id)
    return {"rev": record.rev, **json.loads(Revision.objects.get(record=record, rev=record.rev).payload)}


FINE = {"field": "CF_NR_FK", "word": "罚款金额（万元）", "old": "2.000000"}
UNFIT = [
    ("CF_JDRQ=2026-99-99", "CF_JDRQ", "日期不存在"),
    ("CF_JDRQ=2027-06-01", "CF_JDRQ", "决定日期晚于接收日期"),
    ("CF_JDRQ=", "CF_JDRQ", "日期为空"),
    ("CF_GSJZQ=gestern", "CF_GSJZQ", "日期无法识别"),
    ("CF_GSJZQ=2020-01-01", "CF_GSJZQ", "公示截止期早于决定日期"),
    ("CF_NR_FK=abc", "CF_NR_FK", "金额不是正数"),
    ("CF_NR_FK=-1", "CF_NR_FK", "金额不是正数"),
    ("CF_NR_FK=20000", "CF_NR_FK", "金额疑似以元填写"),
    ("CF_NR_FK=", "CF_NR_FK", "未填写罚款金额"),
    ("CF_CFLB=示例类别", "CF_CFLB", "处罚类别不在代码表内"),
    ("CF_CFJGDM=11430400MA00000001", "CF_CFJGDM", "未通过校验"),
    ("CF_SY=\ufffd", "CF_SY", "乱码"),
    ("CF_SY=" + "长" * 2001, "CF_SY", "超过规定长度 2000 字"),
    ("CF_WSH=1.2E+17", "CF_WSH", "科学计数法"),
    ("NOFIELD=3", "NOFIELD", "此类记录没有这一字段"),
    ("XK_NR=3", "XK_NR", "此类记录没有这一字段"),
    ("CF_XDR_MC=另一家（示例）", "CF_XDR_MC", "属于主体身份信息"),
    ("CF_XDR_ZJHM=430400199001010006", "CF_XDR_ZJHM", "属于主体身份信息"),
    ("CF_NR_FK=2.000000", "CF_NR_FK", "与现有内容相同"),
]


@pytest.mark.parametrize(("setting", "field", "why"), UNFIT, ids=[one[0][:24] for one in UNFIT])
def test_what_a_delivery_is_refused_for_a_correction_is_refused_for(
    rec_id: str, setting: str, field: str, why: str
) -> None:
    before = held(rec_id)
    code, said = typed("correct", rec_id, "--set", setting)
    assert code == 2
    assert said.startswith(f"body-invalid: {field}")
    assert why in said
    assert "430400199001010006" not in said
    assert held(rec_id) == before


def test_an_unknown_field_is_answered_with_the_ones_that_there_are(rec_id: str) -> None:
    code, said = typed("correct", rec_id, "--set", "NOFIELD=3")
    assert code == 2
    assert "CF_JDRQ（处罚决定日期）" in said and "CF_SY（违法事实）" in said
    assert "XK_" not in said and "CF_XDR_MC" not in said  # of a licence; who the record is about
    assert "CF_SY" not in typed("correct", rec_id, "--set", "CF_JDRQ=x")[1]  # control: a known one


@pytest.mark.parametrize("line", ["record correct", "objection conclude"])
def test_the_help_lists_the_fields_that_can_be_set(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _parser().parse_args([*line.split(), "--help"])
    said = capsys.readouterr().out
    told_of = set(re.findall(r"^    ([A-Z][A-Z0-9_]+) +\S", said, re.MULTILINE))
    assert told_of == {code for _, form in every() for code, _ in settable(form)}
    assert {"CF_NR_FK", "XK_NR"} <= told_of and not {"CF_XDR_MC", "XK_XDR_MC"} & told_of
    assert "行政处罚" in said
    assert "罚款金额（万元）" in said  # who types yuan has been told


@pytest.mark.parametrize(
    ("act", "word", "said"),
    [
        ("conclude", "--outcome", "corrected, supplemented, removed, kept, noted"),
        ("forward", "--to", "by its name as the record has it"),
        ("return", "--what", "all that is missing"),
    ],
)
def test_the_help_says_what_a_word_takes(
    act: str, word: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        _parser().parse_args(["objection", act, "--help"])
    assert said in " ".join(capsys.readouterr().out.split("options:")[1].split())
    with pytest.raises(SystemExit) as ended:
        _parser().parse_args(["objection", act, "YY-1", "--as", "centre1"])  # the control: it is needed
    assert (ended.value.code, word in capsys.readouterr().err) == (2, True)


def test_an_end_that_there_is_not_is_answered_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        _parser().parse_args(["objection", "conclude", "YY-1", "--as", "centre1", "--outcome", "foo"])
    assert "'kept'" in capsys.readouterr().err


def test_each_field_of_the_list_is_taken_for_one(rec_id: str) -> None:
    """It may be refused for its value, never for being no field."""
    record = Record.objects.get(pk=rec_id)
    codes = [code for code, _ in settable(form_of(record.section, record.schema, held(rec_id)))]
    said = typed("correct", rec_id, *(word for code in codes for word in ("--set", f"{code}=示例")))[1]
    assert len(codes) > 10 and "日期" in said
    assert "没有这一字段" not in said and "主体身份信息" not in said and "记录状态" not in said


def test_every_field_that_is_wrong_is_named(rec_id: str) -> None:
    _, said = typed("correct", rec_id, "--set", "CF_JDRQ=x", "--set", "CF_NR_FK=y")
    assert "CF_JDRQ" in said
    assert "CF_NR_FK" in said


def test_a_fault_that_lay_there_before_stops_no_other_correction(rec_id: str) -> None:
    """Control: the record lacks what the form of 2018 asks for, and has for ever."""
    assert typed("correct", rec_id, "--set", "BZ=示例")[0] == 0
    assert held(rec_id)["BZ"] == "示例"


def test_days_are_kept_as_days_and_the_columns_follow(
    rec_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--set", "CF_JDRQ=2026年5月7日", "--set", "CF_GSJZQ=2029/5/7", "--set", "CF_CFLB=警告")
    stays = ("--text-stays", "文字不改（示例）")
    assert typed("correct", rec_id, *words, "--set", "CF_NR_FK=0.1", *stays) == (0, "")
    assert "rev" not in json.loads(capsys.readouterr().out)  # the days move the term: another confirms
    assert (
        mending.run(_parser().parse_args(["record", "waiting", rec_id, "--home", "x", "--as", "centre8"]))
        == 0
    )
    read = json.loads(capsys.readouterr().out)["digest"]
    assert typed("confirm", rec_id, "--of", read, by="centre8") == (0, "")
    card = json.loads(capsys.readouterr().out)
    assert (card["rev"], len(card["warnings"])) == (2, 2)  # the text says another sum, and a warning has none
    record, now = Record.objects.get(pk=rec_id), held(rec_id)
    assert (now["CF_JDRQ"], now["CF_GSJZQ"]) == ("2026-05-07", "2029-05-07")
    assert record.decided_on == date(2026, 5, 7)
    assert (record.publicity_end_given, record.classes) == (date(2029, 5, 7), ["警告"])
    assert record.amount_fen == 100_000


def test_licences_and_lists_are_judged_by_their_own_fields(staff: str, company: Subject) -> None:
    one, two = services.put(licence(), by=staff), services.put(debtor(), by=staff)
    assert "有效期自晚于有效期至" in typed("correct", one, "--set", "XK_YXQZI=2024-01-01")[1]
    assert "当前状态" in typed("correct", one, "--set", "XK_ZT=9")[1]
    assert typed("correct", one, "--set", "XK_YXQZI=2030-03-01") == (0, "")
    assert Record.objects.get(pk=one).effect_until == date(2030, 3, 1)
    assert typed("correct", one, "--set", "XK_YXQZI=") == (0, "")
    assert Record.objects.get(pk=one).effect_until is None
    assert "SX_RQ" in typed("correct", two, "--set", "SX_RQ=2025-02-30")[1]
    assert "没有这一字段" in typed("correct", two, "--set", "CF_NR_FK=1")[1]
    assert typed("correct", two, "--set", "SX_RQ=2025-02-02") == (0, "")
    assert Record.objects.get(pk=two).decided_on == date(2025, 2, 2)


def test_a_repair_lies_between_the_decision_and_today_and_comes_once(rec_id: str) -> None:
    assert "晚于今天" in typed("repair", rec_id, "--on", "2026-11-24")[1]
    assert "早于决定日期" in typed("repair", rec_id, "--on", "2026-05-05")[1]
    assert held(rec_id)["rev"] == 1
    assert typed("repair", rec_id, "--on", "2026-11-23") == (0, "")
    for act, words in (("repair", ("--on", "2026-10-01")), ("annul", ())):
        code, said = typed(act, rec_id, *words)
        assert (code, said[:13]) == (2, "rev-conflict:")
        assert "已于 2026-11-23 修复" in said
    assert Record.objects.get(pk=rec_id).status_on == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("tier", "on", "said"),
    [
        ("general", "2026-08-05", "最早可修复日为 2026-08-06"),
        ("serious", "2026-11-23", "最早可修复日为 2027-05-06"),
    ],
)
def test_a_repair_before_its_day_takes_its_paper_and_two(
    rec_id: str, tier: str, on: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Record.objects.filter(pk=rec_id).update(tier=tier)
    early, paper = ("--on", on), ("--paper", "示例修复决定〔2026〕1号")
    code, refusal = typed("repair", rec_id, *early)
    assert (code, refusal[:13], said in refusal) == (2, "body-invalid:", True)
    assert typed("repair", rec_id, *early, *paper) == (0, "")
    told = json.loads(capsys.readouterr().out)
    assert (told["proposed_by"], told["paper"], told["tier"], held(rec_id)["rev"]) == (
        "centre9", paper[1], tier, 1,
    )  # fmt: skip
    assert (told["term"]["earliest"][1], told["term"]["state"]) == (on, ["current", "repaired"])
    waiting = ["record", "waiting", rec_id, "--home", "x", "--as", "centre8"]
    with clock(lambda: NOON):
        assert mending.run(_parser().parse_args(waiting)) == 0
    read = json.loads(capsys.readouterr().out)
    assert (read["on"], read["term"], read["paper"]) == (on, told["term"], paper[1])
    assert typed("confirm", rec_id, "--of", read["digest"])[1].startswith("role-denied")
    assert typed("confirm", rec_id, "--of", "0" * 64, by="centre8")[1].startswith("rev-conflict")
    assert Record.objects.get(pk=rec_id).status == "current"
    assert typed("confirm", rec_id, "--of", read["digest"], by="centre8") == (0, "")
    record = Record.objects.get(pk=rec_id)
    assert (record.status, str(record.status_on)) == ("repaired", on)
    assert paper[1] in Revision.objects.get(record=record, rev=record.rev).text


def test_a_serious_record_takes_two_even_when_its_day_has_come(staff: str, company: Subject) -> None:
    rec_id = services.put(penalty(decided="2024-05-06"), by=staff)
    Record.objects.filter(pk=rec_id).update(tier="serious")
    assert "严重失信记录" in typed("repair", rec_id)[1]
    Record.objects.filter(pk=rec_id).update(tier="general")
    assert typed("repair", rec_id) == (0, "")  # the control: its day has come, and it is not serious


@pytest.mark.parametrize("end", ["repaired", "removed", "annulled", "withdrawn"])
def test_a_repair_of_what_has_ended_is_neither_proposed_nor_confirmed(
    rec_id: str, staff: str, end: str, capsys: pytest.CaptureFixture[str]
) -> None:
    early = ("--on", "2026-08-05", "--paper", "示例修复决定〔2026〕1号")
    assert typed("repair", rec_id, *early) == (0, "")
    capsys.readouterr()
    waiting = ["record", "waiting", rec_id, "--home", "x", "--as", "centre8"]
    with clock(lambda: NOON):
        assert mending.run(_parser().parse_args(waiting)) == 0
        read = json.loads(capsys.readouterr().out)["digest"]
        if end == "repaired":
            services.repair(rec_id, on=NOON.date(), by=staff)
        elif end == "removed":
            services.remove(rec_id, on=NOON.date(), reason="示例", by=staff)
        else:
            {"annulled": services.annul, "withdrawn": services.withdraw}[end](rec_id, reason="示例", by=staff)
    assert f"was {end}" in typed("confirm", rec_id, "--of", read, by="centre8")[1]
    code, said = typed("repair", rec_id, *early)
    assert (code, said[:13], "该记录已于 2026-11-23" in said) == (2, "rev-conflict:", True)
    assert Record.objects.get(pk=rec_id).status == end


@pytest.mark.parametrize("act", ["correct", "annul", "repair"])
def test_an_act_without_a_reason_is_none(rec_id: str, act: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--set", "BZ=示例") if act == "correct" else ()
    assert "须说明理由" in typed(act, rec_id, *words, reason="  ")[1]
    assert "不超过 500 字" in typed(act, rec_id, *words, reason="长" * 501)[1]
    with pytest.raises(SystemExit) as ended:
        _parser().parse_args(["record", act, rec_id, "--as", "centre9", *words])
    assert ended.value.code == 2
    assert "--reason" in capsys.readouterr().err
    assert held(rec_id)["rev"] == 1


@pytest.mark.parametrize(
    ("act", "words"),
    [("annul", ("--set", "BZ=1")), ("annul", ("--on", "2026-11-20")), ("repair", ("--set", "BZ=1")),
     ("correct", ("--set", "BZ=1", "--on", "2026-11-20")), ("correct", ())],
)  # fmt: skip
def test_words_that_an_act_does_not_take_are_refused(act: str, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        _parser().parse_args(["record", act, "R1", "--as", "centre9", "--reason", "x", *words])
    assert ended.value.code == 2


def test_settings_are_pairs_and_come_once(rec_id: str) -> None:
    assert typed("correct", rec_id, "--set", "CF_NR_FK")[0] == 2
    assert "twice" in typed("correct", rec_id, "--set", "BZ=1", "--set", "BZ=2")[1]
    assert typed("correct", "R-none", "--set", "BZ=1")[1].startswith("not-found")


def test_the_end_of_an_objection_is_held_to_the_same(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    number = cases.file(town.own, "op1", town.body(town.own))["number"]
    cases.accept(number, by="centre1")
    words = ["objection", "conclude", number, "--as", "centre1", "--outcome", "corrected", "--answer", "x"]
    for setting, said in (("CF_JDRQ=2026-99-99", "日期不存在"), ("NOFIELD=3", "没有这一字段")):
        with pytest.raises(Exception, match="body-invalid") as caught:
            deciding.run(_parser().parse_args([*words, "--set", setting]))
        assert said in told(caught.value)[1]
    assert held(town.rec_id).get("NOFIELD") is None
    capsys.readouterr()
    for more in (["--text-stays", "x"], ["--set", "CF_NR_FK=0.3"]):
        with pytest.raises(Exception, match="--text-stays"):
            deciding.run(_parser().parse_args([*words, *more]))
    stays = ["--text-stays", "文书为扫描件，更正裁定另附"]
    assert deciding.run(_parser().parse_args([*words, "--set", "CF_NR_FK=0.3", *stays])) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["changed"] == [FINE | {"new": "0.3"}] and next(iter(said)) == "changed"
    assert (said["proposed_by"], said["number"]) == ("centre1", number)
    assert any("金额与处罚内容中的金额不一致" in one for one in said["warnings"])


def test_a_correction_shows_each_field_as_it_was_and_is(
    rec_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--set", "CF_NR_FK=0.1", "--set", "CF_WSH=" + held(rec_id)["CF_WSH"])
    assert "一并改正文字" in typed("correct", rec_id, *words)[1]
    assert typed("correct", rec_id, *words, "--text-stays", "文字不改（示例）") == (0, "")
    assert json.loads(capsys.readouterr().out)["changed"] == [FINE | {"new": "0.1"}]
    assert "CF_NR_FK（罚款金额（万元））" in typed("correct", rec_id, "--set", "CF_NR_FK=20000")[1]
