"""Papers about facts of their own: pages and data say the same, and no such paper can be made otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.field.paper_facts import Facts, ScreeningFacts
from app.field.printed import PrintedPaper, read_attached
from app.report import ReportFlaw, compose, paper_for, papers_for, render
from app.report.faces import fonts_in
from app.report.ink import Text
from app.report.printed import attachment, printed
from app.report.rendering import laid_out
from app.report.style import SEAL
from app.report.words import words_in
from tests.app.report import facts_samples, samples
from tests.app.report.tools import FONTS, text_of


def texts(value: Any) -> Iterator[str]:
    """Every text of the facts that is no code of a program."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key not in ("about", "kind", "state", "at", "act", "ground", "finding"):
                yield from texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str) and value:
        yield value


@pytest.mark.parametrize(
    ("paper", "facts"),
    [
        ("screening", facts_samples.screening()),
        ("looks", facts_samples.who_looked("legal")),
        ("looks", facts_samples.who_looked("person")),
        ("answer", facts_samples.answer()),
    ],
)
def test_all_that_the_data_say_stands_on_the_pages(paper: str, facts: Facts, tmp_path: Path) -> None:
    document = facts_samples.stated(facts, paper)
    attached, _ = read_attached(attachment(document))
    assert isinstance(attached.document, PrintedPaper)
    assert attached.document.facts == document.facts
    flat = "".join(text_of(render(document, FONTS), tmp_path).split())
    missing = [one for one in texts(msgspec.to_builtins(document.facts)) if "".join(one.split()) not in flat]
    assert missing == []


def test_nothing_found_has_no_colour_of_its_own_and_a_grave_hit_has() -> None:
    words = words_in("zh_CN")
    pages, _ = laid_out(facts_samples.stated(), fonts_in(FONTS), words)
    looks = {mark.text: mark.colour for page in pages for mark in page if isinstance(mark, Text)}
    plain = looks[facts_samples.unit(2).name]
    assert looks["未命中"] == plain
    assert next(colour for text, colour in looks.items() if text.startswith("命中：严重")) == SEAL != plain


def test_facts_and_answers_do_not_take_each_others_row() -> None:
    row = paper_for("screening", "legal", samples.DAY)
    with pytest.raises(ReportFlaw):
        compose(samples.bundle(), copy="preview", times=samples.TIMES, template="screening")
    with pytest.raises(ReportFlaw):
        facts_samples.stated(paper="standard")
    with pytest.raises(ReportFlaw):
        render(msgspec.structs.replace(samples.official(), layout=row, template="screening"), FONTS)
    assert "screening" not in papers_for("legal", "own", samples.DAY)


def test_a_paper_of_facts_is_no_preview() -> None:
    with pytest.raises(ReportFlaw):
        render(msgspec.structs.replace(facts_samples.stated(), copy="preview"), FONTS)


def test_what_is_printed_decides_the_digest() -> None:
    one = printed(facts_samples.stated())
    other = printed(facts_samples.stated(facts_samples.screening(True)))
    assert isinstance(one, PrintedPaper) and isinstance(one.facts, ScreeningFacts)
    assert one.facts != other.facts
