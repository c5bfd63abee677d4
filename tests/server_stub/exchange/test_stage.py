"""Staging: every row is accepted or refused with place and reason; samples give all a careful reader gets."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from app.field.identifiers import id_card_check, uscc_check
from server_stub.exchange.errors import FileRefused, NotYours
from server_stub.exchange.mapping import mappings
from server_stub.exchange.models import Batch
from server_stub.exchange.services import report, stage
from server_stub.subjects.services import LegalEntry, PersonEntry, register

from .conftest import SAMPLES, accepted, counted, facts_in
from .conftest import warned as warnings

pytestmark = pytest.mark.django_db

PENALTY = {
    "CF_XDR_MC": "云石（示例）建材有限公司",
    "CF_XDR_LB": "法人及非法人组织",
    "CF_XDR_SHXYM": "",
    "CF_XDR_ZJLX": "",
    "CF_XDR_ZJHM": "",
    "CF_WSH": "衡罚字〔2026〕1号",
    "CF_WFXW": "违反登记管理规定",
    "CF_SY": "未按规定办理变更登记",
    "CF_YJ": "示例条例第一条",
    "CF_CFLB": "罚款",
    "CF_NR": "罚款2000元",
    "CF_NR_FK": "0.2",
    "CF_JDRQ": "2026-11-18",
    "CF_YXQ": "2026-12-18",
    "CF_GSJZQ": "2027-11-18",
    "CF_CFJG": "示例市市场监督管理局",
    "CF_CFJGDM": "114304000060000010",
    "CF_SJLY": "示例市市场监督管理局",
    "CF_SJLYDM": "114304000060000010",
}


def code(serial: int, head: str = "91") -> str:
    body = f"{head}430400MA{serial:07d}"
    return body + uscc_check(body)


def number(born: str) -> str:
    body = f"430400{born}000"
    return body + id_card_check(body)


def staged(tmp_path: Path, staff: tuple[str, str], *rows: dict[str, str]) -> Batch:
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, PENALTY)
        writer.writeheader()
        writer.writerows([{**PENALTY, "CF_XDR_SHXYM": code(1), **row} for row in rows])
    batch = stage(path, "示例市市场监督管理局", by=staff[0])
    assert batch.read == len(rows) == batch.accepted + batch.refused == counted(batch)
    return batch


def faults(batch: Batch) -> list[str]:
    return [fault["code"] for row in batch.rows.order_by("number") for fault in row.faults]


with (SAMPLES / "cases.csv").open(encoding="utf-8", newline="") as table:
    CASES = {row["file"]: int(row["rows_a_careful_reader_gets"]) for row in csv.DictReader(table)}


@pytest.mark.parametrize("name", CASES)
def test_every_row_of_a_sample_is_read(name: str, staff: tuple[str, str]) -> None:
    batch = stage(SAMPLES / name, "示例单位", by=staff[0])
    assert batch.mapping == ("penalty-short" if name.endswith(".xls") else "licence-short")
    assert batch.read == CASES[name] == batch.accepted + batch.refused
    for row in batch.rows.filter(state="refused"):
        assert all(fault["cell"] and fault["reason"] for fault in row.faults)


@pytest.mark.parametrize("name", ["03_许可_utf8_bom.csv", "30_双公示_合并标题.xlsx", "31_双层表头.xlsx"])
def test_whole_samples_are_accepted(name: str, staff: tuple[str, str]) -> None:
    batch = stage(SAMPLES / name, "示例单位", by=staff[0])
    assert (batch.accepted, batch.refused) == (CASES[name], 0), report(batch)


def test_a_code_that_stands_beside_two_names_goes_back(staff: tuple[str, str]) -> None:
    batch = stage(SAMPLES / "01_许可_gbk.csv", "示例单位", by=staff[0])
    assert (batch.encoding, batch.accepted) == ("gb18030", 59)
    (row,) = report(batch)
    twins = [line.cells for line in accepted(batch) if line.cells[1] == row["cells"][1]]
    assert len({cells[0] for cells in [*twins, row["cells"]]}) == 2
    assert row["faults"][0]["code"] == "name-code-mismatch"


def test_of_the_date_spellings_only_real_days_are_accepted(staff: tuple[str, str]) -> None:
    batch = stage(SAMPLES / "27_日期写法大全.csv", "示例单位", by=staff[0])
    codes = [row.faults[0]["code"] for row in batch.rows.filter(state="refused").order_by("number")][:8]
    # two-digit year, month only, long-term, 2099, 1899, 9999, empty, 30 February; each stands twice
    assert codes == [
        "date-ambiguous", "date-imprecise", "date-unreadable", "date-future", "date-early", "date-future",
        "date-empty", "date-impossible",
    ]  # fmt: skip
    assert (batch.accepted, batch.refused) == (28, 16)
    days = {facts["decided_on"] for facts in facts_in(batch)}
    assert {"2017-09-10", "2017-04-08", "2016-11-19", "2017-06-04", "2017-08-17"} <= days


def test_cells_with_broken_formulas_are_named(staff: tuple[str, str]) -> None:
    batch = stage(SAMPLES / "35_公式单元格.xlsx", "示例单位", by=staff[0])
    refused = batch.rows.filter(state="refused")
    assert {row.faults[0]["code"] for row in refused} <= {"empty", "date-order"}
    assert {row.faults[0]["cell"][0] for row in refused} <= {"M", "K"}


def test_banner_and_signature_lines_are_kept_as_notes(staff: tuple[str, str]) -> None:
    batch = stage(SAMPLES / "30_双公示_合并标题.xlsx", "示例单位", by=staff[0])
    assert batch.header_row == 3
    assert batch.notes[0] == "衡阳市行政许可信息公示表"
    assert any("填表人" in note for note in batch.notes)
    assert stage(SAMPLES / "31_双层表头.xlsx", "示例单位", by=staff[0]).header_row == 4


def test_a_right_row_passes_and_says_what_it_will_do(tmp_path: Path, staff: tuple[str, str]) -> None:
    batch = staged(tmp_path, staff, {})
    assert (batch.mapping, faults(batch), warnings(batch)) == ("penalty-2018", [], ["unit-new"])
    (facts,) = facts_in(batch)
    assert (facts["effect_until"], facts["publicity_end_given"]) == ("2026-12-18", "2027-11-18")
    assert facts["classes"] == ["罚款"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"CF_XDR_MC": ""}, "empty"),
        ({"CF_XDR_MC": "云石\ufffd（示例）"}, "name-damaged"),
        ({"CF_XDR_LB": "外星人"}, "category-unknown"),
        ({"CF_XDR_SHXYM": ""}, "code-missing"),
        ({"CF_XDR_SHXYM": "91350100M000100Y4Z"}, "code-character"),
        ({"CF_XDR_SHXYM": "91350100M000100Y44"}, "code-check"),
        ({"CF_XDR_LB": "个体工商户"}, "code-individual"),
        ({"CF_WSH": ""}, "empty"),
        ({"CF_JDRQ": "2026-11-24"}, "date-future"),
        ({"CF_JDRQ": ""}, "date-empty"),
        ({"CF_GSJZQ": "2026-11-17"}, "publicity-end"),
        ({"CF_CFLB": "罚站"}, "class-unknown"),
        ({"CF_NR_FK": ""}, "fine-missing"),
        ({"CF_NR_FK": "0"}, "fine-unreadable"),
        ({"CF_NR_FK": "二千"}, "fine-unreadable"),
        ({"CF_NR_FK": "2000"}, "amount-unit"),
        ({"CF_NR": "罚款", "CF_NR_FK": "10001"}, "amount-unit"),
        ({"CF_CFJGDM": "114304000060000011"}, "provider-code"),
        ({"CF_CFJGDM": code(7)}, "provider-kind"),
        ({"CF_CFJGDM": "1.14304E+17"}, "number-spoiled"),
        ({"CF_WSH": "4.3E+17"}, "number-spoiled"),
        ({"CF_XDR_SHXYM": "9.1430400e+17"}, "number-spoiled"),
        ({"CF_SY": "未按规定\ufffd办理"}, "sign-damaged"),
        ({"CF_NR": "罚款2000元\x07"}, "sign-damaged"),
        ({"CF_SY": "锟斤拷锟斤拷"}, "sign-damaged"),
        ({"CF_WFXW": "违" * 2001}, "too-long"),
        ({"CF_XDR_LB": "自然人"}, "id-missing"),
        ({"CF_XDR_LB": "自然人", "CF_XDR_ZJLX": "身份证", "CF_XDR_ZJHM": "430400199001010002"}, "id-invalid"),
    ],
)
def test_each_rule_refuses_with_its_code(
    change: dict[str, str], fault: str, tmp_path: Path, staff: tuple[str, str]
) -> None:
    assert faults(staged(tmp_path, staff, change)) == [fault]


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        ({"CF_NR_FK": "0.3"}, "amount-conflict"),
        ({"CF_CFLB": "警告", "CF_NR_FK": "0.2"}, "fine-unexpected"),
        ({"CF_GSJZQ": "2030-11-18"}, "publicity-long"),
        ({"CF_YXQ": "2026-11-17"}, "effect-early"),
        ({"CF_XDR_SHXYM": code(3, "92")}, "code-category"),
        ({"CF_JDRQ": "2026-11-10"}, "late"),
        ({"CF_JDRQ": "2016-11-10", "CF_GSJZQ": "2017-11-10"}, "late"),
        ({"CF_SJLYDM": "00000000000000000X"}, "source-code"),
    ],
)
def test_each_doubt_is_a_warning(
    change: dict[str, str], warning: str, tmp_path: Path, staff: tuple[str, str]
) -> None:
    batch = staged(tmp_path, staff, change)
    assert (faults(batch), warnings(batch)[0]) == ([], warning)


def test_seven_working_days_are_not_late(tmp_path: Path, staff: tuple[str, str]) -> None:
    assert "late" not in warnings(staged(tmp_path, staff, {"CF_JDRQ": "2026-11-12"}))
    assert "late" in warnings(staged(tmp_path, staff, {"CF_JDRQ": "2026-11-11"}))


def test_classes_that_hold_a_joint_themselves(tmp_path: Path, staff: tuple[str, str]) -> None:
    batch = staged(tmp_path, staff, {"CF_CFLB": "没收违法所得、没收非法财物、罚款；警告"})
    assert facts_in(batch)[0]["classes"] == ["没收违法所得", "没收非法财物", "罚款", "警告"]


def test_a_name_must_agree_with_the_register_or_be_former(tmp_path: Path, staff: tuple[str, str]) -> None:
    register([LegalEntry(name="青岚（示例）建材", code=code(1), former=(("云石(示例)建材有限公司", None),))])
    assert faults(staged(tmp_path, staff, {})) == []
    assert faults(staged(tmp_path, staff, {"CF_XDR_MC": "岭石（示例）建材"})) == ["name-code-mismatch"]


def test_one_new_code_with_two_names_is_refused(tmp_path: Path, staff: tuple[str, str]) -> None:
    batch = staged(tmp_path, staff, {}, {"CF_XDR_MC": "岭石（示例）", "CF_WSH": "衡罚字〔2026〕2号"})
    assert faults(batch) == ["name-code-mismatch"]


def test_an_act_stands_once_in_a_file(tmp_path: Path, staff: tuple[str, str]) -> None:
    same = {"CF_WSH": "衡罚字[2026]1号", "CF_SY": PENALTY["CF_SY"]}
    assert faults(staged(tmp_path, staff, {}, {})) == ["duplicate"]
    assert faults(staged(tmp_path, staff, {}, {**same, "CF_SY": "其他事实"})) == ["conflict"]
    assert faults(staged(tmp_path, staff, {}, {"CF_WSH": "衡罚字〔2026〕2号"})) == []


def test_persons_are_matched_by_all_three_and_minors_quarantined(
    tmp_path: Path, staff: tuple[str, str]
) -> None:
    register([PersonEntry(name="测试甲", number=number("19900101"))])
    register([PersonEntry(name="测试丁", number=number("20090101"))])
    person = {"CF_XDR_LB": "自然人", "CF_XDR_SHXYM": "", "CF_XDR_ZJLX": "身份证", "CF_XDR_MC": "测试甲"}
    adult = {**person, "CF_XDR_ZJHM": number("19900101")}
    batch = staged(tmp_path, staff, adult)
    assert faults(batch) == []
    assert faults(staged(tmp_path, staff, {**adult, "CF_XDR_MC": "测试乙"})) == ["person-unknown"]
    young = {**person, "CF_XDR_MC": "测试丁", "CF_XDR_ZJHM": number("20090101")}
    assert faults(staged(tmp_path, staff, young)) == ["minor-quarantine"]


def test_no_persons_number_is_kept(tmp_path: Path, staff: tuple[str, str]) -> None:
    register([PersonEntry(name="测试甲", number=number("19900101"))])
    row = {
        "CF_XDR_LB": "自然人", "CF_XDR_SHXYM": "", "CF_XDR_ZJLX": "身份证", "CF_XDR_MC": "测试甲",
        "CF_XDR_ZJHM": number("19900101"), "CF_SJLY": number("19900101"),
    }  # fmt: skip
    (kept,) = accepted(staged(tmp_path, staff, row))
    assert kept.facts is not None
    assert "430400********000" in json.dumps(kept.cells)
    for text in (json.dumps(kept.cells), json.dumps(kept.facts["payload"]["CF_XDR_ZJHM"])):
        assert number("19900101") not in text


def test_a_state_is_read_by_the_year_of_the_form(tmp_path: Path, staff: tuple[str, str]) -> None:
    path = tmp_path / "old.csv"
    head = "CF_WSH,CF_CFMC,CF_CFLB1,CF_SY,CF_YJ,CF_XDR_MC,CF_XDR_SHXYM,CF_JG,CF_JDRQ,CF_XZJG,CF_ZT"
    rows = [
        f"罚{at}号,示例,警告,示例,示例,云石（示例）,{code(1)},警告,2016-05-0{at},示例局,{state}"
        for at, state in enumerate(("0", "", "1", "7"), 1)
    ]
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    batch = stage(path, "示例局", by=staff[0])
    assert (batch.mapping, batch.accepted, faults(batch)) == ("penalty-2016", 3, ["status-unknown"])
    assert facts_in(batch, 4)[0]["status"] == "annulled"


def test_files_without_header_or_form_are_refused(tmp_path: Path, staff: tuple[str, str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    for kind, why in (
        ("auto", "header-missing"),
        ("penalty", "header-missing"),
        ("nonsense", "kind-unknown"),
    ):
        with pytest.raises(FileRefused) as refused:
            stage(path, "示例局", kind, by=staff[0])
        assert refused.value.why == why


def test_only_the_centre_imports(tmp_path: Path, staff: tuple[str, str]) -> None:
    for user in ("banker", "nobody"):
        with pytest.raises(NotYours):
            stage(SAMPLES / "01_许可_gbk.csv", "示例局", by=user)


def test_forms_are_whole() -> None:
    assert set(mappings()) == {
        "abnormal-library", "abnormal-xy", "licence-2016", "licence-2018", "licence-short", "penalty-2016",
        "penalty-2018", "penalty-short", "penalty-xy",
    }  # fmt: skip
    for form in mappings().values():
        assert set(form.must) <= {field.code for field in form.field}
        assert form.of_kind("document") or form.list
        assert form.of_kind("date")
