"""No head of a record stands alone at the foot of a page."""

from __future__ import annotations

import pytest

from app.report.flow import LEAST, Flow
from app.report.ink import Block, Text
from app.report.style import A4, INK

HEAD = 24.0


def text(word: str, height: float, lines: int = 1) -> Block:
    step = height / lines
    return Block(height, tuple(Text(50, (n + 0.7) * step, word, "sans", 9.0, INK) for n in range(lines)))


def words_of(flow: Flow) -> list[set[str]]:
    return [{mark.text for mark in page if isinstance(mark, Text)} for page in flow.pages]


@pytest.mark.parametrize("left", [LEAST - 1, LEAST, LEAST + HEAD / 2, LEAST + HEAD - 1, LEAST + HEAD, 400.0])
def test_a_head_goes_with_lines_of_its_record(left: float) -> None:
    flow = Flow()
    flow.place(text("before", A4.room - left))
    flow.keep([text("head", HEAD), text("body", A4.room * 1.5, 100)], text("again", HEAD))
    pages = words_of(flow)
    (with_head,) = [page for page in pages if "head" in page]
    assert "body" in with_head
    assert ("before" in with_head) == (left >= LEAST + HEAD)
