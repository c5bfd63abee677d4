"""Field sets beside the forms of 2018: licences of 2016, the list of abnormal operation in two spellings."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from server_stub.exchange.mapping import Mapping, mappings
from server_stub.exchange.models import Batch
from server_stub.exchange.services import apply, reverse, stage
from server_stub.records.models import Record
from server_stub.records.revising import newest
from server_stub.subjects.models import Subject

from .conftest import facts_in
from .test_stage import code, faults

pytestmark = pytest.mark.django_db

LICENCE_2016 = {
    "XK_WSH": "衡许字〔2016〕1号", "XK_XMMC": "食品经营许可", "XK_SPLB": "普通", "XK_NR": "示例许可内容",
    "XK_XDR": "云石（示例）商贸有限公司", "XK_XDR_SHXYM": "", "XK_XDR_ZDM": "", "XK_XDR_GSDJ": "",
    "XK_XDR_SWDJ": "", "XK_XDR_SFZ": "", "XK_FR": "测试甲", "XK_JDRQ": "2016-05-06", "XK_JZQ": "2021-05-05",
    "XK_XZJG": "示例市审批局", "XK_ZT": "0", "DFBM": "430400", "SJC": "2016-05-07", "BZ": "",
}  # fmt: skip
XY = {
    "XY010101": "云石（示例）商贸有限公司", "XY010133": "", "XY023102": "2025-07-09",
    "XY023101": "未按规定报送年度报告", "XY023105": "示例市市场监督管理局", "XY023104": "-", "XY023103": "-",
}  # fmt: skip
LIBRARY = {
    "dw_comp_nm": "云石（示例）商贸有限公司", "dw_uni_social_crd_cd": "", "dw_reg_no": "",
    "dw_inclu_dt": "2025-07-09", "dw_inclu_reason": "未按规定报送年度报告",
    "dw_decorg_cn": "示例市市场监督管理局", "dw_remove_dt": "", "dw_remexcpres_cn": "", "dw_redecorg_cn": "",
}  # fmt: skip
CODE = {"xy": "XY010133", "library": "dw_uni_social_crd_cd"}


def handed_in(tmp_path: Path, by: str, *rows: dict[str, str]) -> Batch:
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return stage(path, "示例市数据局", by=by)


def test_licences_of_2016_stand_under_the_codes_that_are_shown(
    tmp_path: Path, staff: tuple[str, str]
) -> None:
    right = LICENCE_2016 | {"XK_XDR_SHXYM": code(1)}
    batch = handed_in(
        tmp_path, staff[0], right, right | {"XK_WSH": "衡许字〔2016〕2号", "XK_JDRQ": "2016-05"}
    )
    assert (batch.mapping, batch.accepted, faults(batch)) == ("licence-2016", 1, ["date-imprecise"])
    (facts,) = facts_in(batch)
    assert (facts["schema"], facts["provider"], facts["effect_until"]) == (
        "2016", "示例市审批局", "2021-05-05",
    )  # fmt: skip
    assert facts["payload"]["XK_XKWS"] == "食品经营许可"
    assert apply(batch, staff[1]).state == "applied"


def test_control_a_licence_of_2018_is_not_taken_for_one_of_2016(
    tmp_path: Path, staff: tuple[str, str]
) -> None:
    head = {name: LICENCE_2016[name] for name in ("XK_WSH", "XK_NR", "XK_JDRQ", "XK_XDR_SHXYM")}
    newer = {
        "XK_XDR_MC": "云石（示例）商贸有限公司",
        "XK_XKWS": "许可证",
        "XK_XKLB": "普通",
        "XK_XKJG": "示例局",
    }
    batch = handed_in(tmp_path, staff[0], head | newer | {"XK_XDR_SHXYM": code(1)})
    assert batch.mapping == "licence-short"


@pytest.mark.parametrize(("form", "entry"), [("xy", XY), ("library", LIBRARY)])
def test_an_entry_of_a_list_is_one_record_from_listing_to_removal(
    form: str, entry: dict[str, str], tmp_path: Path, staff: tuple[str, str]
) -> None:
    entry = entry | {CODE[form]: code(1)}
    batch = apply(handed_in(tmp_path, staff[0], entry), staff[1])
    assert (batch.mapping, batch.accepted) == (f"abnormal-{form}", 1)
    record = Record.objects.get()
    assert (record.section, record.list_code, record.status) == ("abnormal", "abnormal", "current")
    assert (str(record.decided_on), record.provider) == ("2025-07-09", "示例市市场监督管理局")
    assert json.loads(newest(record).payload)["YC_YY"] == "未按规定报送年度报告"

    assert apply(handed_in(tmp_path, staff[0], entry), staff[1]).rows.get().outcome == "same"
    removed = dict(zip(entry, entry.values(), strict=True))
    removed["XY023104" if form == "xy" else "dw_remove_dt"] = "2026-01-08"
    gone = apply(handed_in(tmp_path, staff[0], removed), staff[1])
    record.refresh_from_db()
    assert (record.rev, record.status, str(record.status_on)) == (2, "removed", "2026-01-08")
    apply(handed_in(tmp_path, staff[0], entry), staff[1])  # an old delivery brings nothing back
    assert (Record.objects.count(), Record.objects.get().status) == (1, "removed")
    reverse(gone, staff[1], "示例")
    record.refresh_from_db()
    assert (record.status, record.status_on) == ("current", None)

    listed_again = entry | {"XY023102" if form == "xy" else "dw_inclu_dt": "2026-03-02"}
    apply(handed_in(tmp_path, staff[0], listed_again), staff[1])
    assert Record.objects.count() == 2


def test_days_of_a_list_have_to_be_in_order(tmp_path: Path, staff: tuple[str, str]) -> None:
    right = XY | {"XY010133": code(1)}
    early, late = right | {"XY023104": "2025-07-08"}, right | {"XY023104": "2027-01-01"}
    again = right | {"XY023101": "另一原因"}
    batch = handed_in(tmp_path, staff[0], early, late, right, right, again)
    assert faults(batch) == ["date-removed", "date-removed", "duplicate", "conflict"]


@pytest.mark.parametrize("form", mappings().values(), ids=lambda form: form.id)
def test_no_form_takes_more_than_its_column_keeps(form: Mapping) -> None:
    columns = {
        "provider": Record._meta.get_field("provider").max_length,
        "document": Record._meta.get_field("document_no").max_length,
        "name": Subject._meta.get_field("name").max_length,
    }
    too_long = [one.code for one in form.field if one.length > (columns.get(one.kind) or one.length)]
    assert too_long == []
