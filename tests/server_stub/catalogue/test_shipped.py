"""What the release ships: three national editions with their gaps, and the platform's own items."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from app.field.records import SECTIONS
from server_stub.catalogue.judging import Catalogue, section_item
from server_stub.catalogue.models import Edition
from server_stub.catalogue.reading import FOLDER, shipped, without_city
from server_stub.catalogue.services import record_shipped
from server_stub.evidence.models import Leaf

DAYS = [date(2019, 7, 1), date(2021, 6, 1), date(2023, 6, 1), date(2026, 11, 23), date(2032, 1, 1)]


def keys(year: int) -> frozenset[str]:
    return next(one.keys for one in shipped() if one.code == f"national-{year}")


def test_the_national_catalogue_grew_from_eleven_to_thirteen() -> None:
    assert [len(keys(year)) for year in (2021, 2022, 2024)] == [11, 12, 13]
    assert keys(2022) - keys(2021) == {"compliance"}
    assert keys(2024) - keys(2022) == {"ip"}
    assert not keys(2021) - keys(2022) and not keys(2022) - keys(2024)


def test_what_was_not_seen_is_marked() -> None:
    for edition in shipped():
        assert not edition.verified and edition.note
        assert edition.entered_by != edition.approved_by
    of_2024 = next(one for one in shipped() if one.code == "national-2024")
    seen = [one.name for one in of_2024.categories if one.verified]
    assert seen[:5] == [
        "登记注册基本信息", "司法裁判及执行信息", "行政管理信息", "职称和职业信息",
        "经营（活动）异常名录（状态）信息",
    ]  # fmt: skip
    assert set(seen[5:]) == {"遵守法律法规情况信息", "知识产权信息"}
    assert all(one.note for edition in shipped()[:3] for one in edition.categories)
    assert "2025" in of_2024.note
    assert not list(FOLDER.glob("*2025*"))


@pytest.mark.parametrize("on", DAYS)
def test_records_that_name_no_item_are_covered_on_every_day(on: date) -> None:
    for section in SECTIONS:
        for kind in ("legal", "person"):
            for code in ("", section_item(section)):
                found = without_city().judge(code, section, kind, on)
                assert (found.why, found.item and found.item.mode) == ("", ""), (section, kind)


def test_control_without_the_national_editions_nothing_is_covered() -> None:
    alone = Catalogue([one for one in shipped() if one.series == "platform"])
    assert alone.judge("", "penalty", "legal", DAYS[3]).why == "unmapped"


@pytest.mark.django_db
def test_each_edition_is_on_record_once_and_is_a_leaf() -> None:
    assert record_shipped() == ("national-2021/1", "national-2022/1", "national-2024/1", "platform/1")
    assert record_shipped() == ()
    assert set(Edition.objects.values_list("state", flat=True)) == {"shipped"}
    leaves = [msgspec.json.decode(leaf.entry) for leaf in Leaf.objects.filter(kind="catalogue")]
    assert {leaf["basis_sha256"] for leaf in leaves} == {one.digest for one in shipped()}
