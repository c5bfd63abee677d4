"""The title page: the seal stands alone, whatever the length of what stands above and beside it."""

from __future__ import annotations

import math

import msgspec
import pytest

from app.report import fonts_in
from app.report.forms import SEAL_FORM, SEAL_RADIUS
from app.report.ink import Form, Mark, Rule, Text
from app.report.rendering import lay_out
from app.report.setting import Setter
from app.report.words import words_in
from tests.app.report import samples
from tests.app.report.tools import FONTS

RING = 1.6  # half of the outer ring's line
LONG = "示例很长的名称"


def cover(language: str, times: int) -> tuple[list[Mark], Setter]:
    setter = Setter(fonts_in(FONTS), words_in(language))
    requester = msgspec.structs.replace(samples.BANK, organisation_name=f"示例银行{LONG * times}")
    answer = msgspec.structs.replace(
        samples.bundle(card=samples.subject(f"衡阳{LONG * times}有限公司（示例）")),
        requester=requester,
        case_no="示例-LN" * (times + 1),
    )
    return lay_out(samples.official(answer, language=language), setter)[0], setter


def touching(marks: list[Mark], setter: Setter) -> list[Mark]:
    """What comes within the ring of the seal."""
    seal = next(mark for mark in marks if isinstance(mark, Form) and mark.name == SEAL_FORM)
    found: list[Mark] = []
    for mark in marks:
        if isinstance(mark, Text):
            right = mark.x + setter.fonts.width(mark.text, mark.face, mark.size)
            box = (mark.x, mark.y - 0.9 * mark.size, right, mark.y + 0.25 * mark.size)
        elif isinstance(mark, Rule):
            box = (mark.x1, mark.y1, mark.x2, mark.y2)
        else:
            continue
        near_x = min(max(seal.x, box[0]), box[2])
        near_y = min(max(seal.y, box[1]), box[3])
        if math.hypot(near_x - seal.x, near_y - seal.y) <= SEAL_RADIUS + RING:
            found.append(mark)
    return found


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("times", [0, 2, 4, 12])
def test_nothing_crosses_the_ring_of_the_seal(language: str, times: int) -> None:
    marks, setter = cover(language, times)
    assert touching(marks, setter) == []


def test_control_a_seal_on_the_date_is_noticed() -> None:
    marks, setter = cover("zh_CN", 0)
    moved = [
        mark._replace(y=720.0) if isinstance(mark, Form) and mark.name == SEAL_FORM else mark
        for mark in marks
    ]
    assert touching(moved, setter)


def test_the_foot_of_the_page_is_not_reached() -> None:
    marks, _ = cover("zh_CN", 12)
    lowest = max(
        mark.y for mark in marks if isinstance(mark, Text) and "第" not in mark.text and mark.y < 785
    )
    assert lowest < 785
