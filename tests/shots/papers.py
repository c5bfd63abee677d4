"""Page images of every paper that ships, for a subject with few records and one with many, in each language
and size it has. Part of `make shots`; alone: `python -m tests.shots.papers --out FOLDER`, the pages
of the gallery `--gallery docs/gallery`.
"""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from PIL import Image

from app.field.paper_facts import Facts
from app.field.records import Bundle, ObjectionMark, Record, SubjectKind
from app.field.report_numbers import report_number
from app.field.reportdoc import Paper, ReportScope, ReportTimes
from app.field.templates import FactsName
from app.report import render
from app.report.templates import shipped
from tests.app.report import facts_samples, samples
from tests.app.report.tools import FONTS

SPAN = ReportScope("2021-11-23", "2026-11-22", "housing", "住房城乡建设", "Housing and construction")
LATER = ReportTimes("2026-12-02T01:40:05.120Z", "2026-12-01T18:00:00.000Z", "2026-12-02T01:42:16.300Z")
LATER_NUMBER = report_number(False, date(2026, 12, 2), "K7M3QZ8T5WAX9D2RVB4N")
OF_LATER = {
    "times": LATER,
    "number": LATER_NUMBER,
    "verify_link": samples.LINK.replace(samples.NUMBER, LATER_NUMBER),
    "valid_until": "2027-01-01",
}
UNDER_WAY = ObjectionMark("YY-20261126-000093", "2026-11-26", "2026-12-07")
FIRST_PAGES = 8
DPI = 50


def _many() -> tuple[Record, ...]:
    """181 penalties, 80 licences, a repaired one, and one field of 4,000 characters."""
    mended = msgspec.structs.replace(
        samples.penalty(500), display="label", status="已修复", why=samples.RULE, repair=None
    )
    long = msgspec.structs.replace(samples.penalty(501), fields=(("违法事实", "示例事实之长。" * 572),))
    rest = [record for record in samples.everyday() if record.section not in ("licence", "penalty")]
    return (
        samples.everyday()[0], long, mended,
        *(samples.penalty(place) for place in range(179)),
        *(samples.licence(place) for place in range(80)),
        *rest,
    )  # fmt: skip


def answers(kind: str) -> dict[str, Bundle]:
    """By how much there is to say."""
    card = samples.person() if kind == "person" else samples.subject()
    entries = None if kind == "legal" else ()
    few = samples.everyday()[:4]
    return {
        "small": samples.bundle(few, card=card, entries=()),
        "heavy": samples.bundle(_many(), card=card, entries=entries),
    }


def documents() -> Iterator[tuple[str, Paper]]:
    """Every paper that ships, by the name of its pictures."""
    for row in shipped():
        if row.facts:
            yield from _of_facts(row.paper, row.facts, row.subjects)
            continue
        if row.effective_to is not None:
            continue  # the version that comes is shown
        scope = SPAN if row.years else None
        later = row.effective_from > samples.DAY
        issued: dict[str, Any] = OF_LATER if later else {"times": samples.TIMES}
        for kind in row.subjects:
            for weight, answer in answers(kind).items():
                entries = tuple(entry for entry in answer.standing if entry.kind in row.sections)
                answer = msgspec.structs.replace(answer, standing=entries)
                answer = _under_way(answer) if later else answer
                for language in ("zh_CN", "en"):
                    for large in (False, True):
                        size = "-large" if large else ""
                        name = f"{row.paper}-{kind}-{weight}-{language[:2]}{size}"
                        facts = {"language": language, "large": large, "scope": scope, **issued}
                        yield name, samples.official(answer, template=row.paper, **facts)


def _under_way(answer: Bundle) -> Bundle:
    """Objections that are examined on the later day, too, and not past their term."""
    records = tuple(
        msgspec.structs.replace(record, objection=UNDER_WAY) if record.objection else record
        for record in answer.records
    )
    return msgspec.structs.replace(answer, records=records)


FACTS: dict[FactsName, Callable[[SubjectKind, bool, str], Facts]] = {
    "screening": lambda kind, many, language: facts_samples.screening(many),
    "looks": facts_samples.who_looked,
    "answer": lambda kind, many, language: facts_samples.answer(many, language),
}


def _of_facts(paper: str, facts: FactsName, kinds: tuple[SubjectKind, ...]) -> Iterator[tuple[str, Paper]]:
    for kind in kinds:
        for weight in ("small", "heavy"):
            for language in ("zh_CN", "en"):
                told = FACTS[facts](kind, weight == "heavy", language)
                for large in (False, True):
                    name = f"{paper}-{kind}-{weight}-{language[:2]}{'-large' if large else ''}"
                    yield name, facts_samples.stated(told, paper, language=language, large=large)


def draw(document: Paper, name: str, out: Path, dpi: int = DPI) -> list[Path]:
    """The first pages as PNG files `<name>-<page>.png`."""
    out.mkdir(parents=True, exist_ok=True)
    command = ("pdftoppm", "-png", "-r", str(dpi), "-l", str(FIRST_PAGES), "-", str(out / name))
    subprocess.run(command, input=render(document, FONTS), check=True)
    return sorted(out.glob(f"{name}-*.png"))


GALLERY = {
    "standard-person-small-zh": (1, 2),
    "standard-legal-heavy-zh": (2,),
    "standard-legal-heavy-en": (2, 3),
    "special-legal-heavy-zh": (1, 3),
    "summary-legal-heavy-zh": (1,),
    "screening-legal-small-zh": (1, 2),
    "looks-legal-small-zh": (1, 2),
    "looks-person-small-zh": (2,),
    "answer-legal-small-zh": (1, 2),
    "standard-legal-heavy-zh-large": (1, 4),
}
"""Pages that docs/gallery shows, by the name of the paper's pictures."""


def hang(out: Path) -> int:
    """The pages of docs/gallery drawn anew, in 64 colours; how many."""
    hung = 0
    for name, document in documents():
        for page in GALLERY.get(name, ()):
            file = out / f"{name}-{page}.png"
            page_of(document, page, file, 64)
            with Image.open(file) as picture:
                # By octree: the median of colours makes the scarce red of the seal a brown.
                fewer = picture.convert("RGB").quantize(64, Image.Quantize.FASTOCTREE)
            fewer.save(file, optimize=True)
            hung += 1
    return hung


def page_of(document: Paper, page: int, file: Path, dpi: int) -> None:
    """One page of a paper as a PNG file."""
    command = ("pdftoppm", "-png", "-r", str(dpi), "-f", str(page), "-l", str(page), "-singlefile", "-")
    subprocess.run([*command, file.with_suffix("")], input=render(document, FONTS), check=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.shots.papers", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("shots") / "papers")
    parser.add_argument("--gallery", type=Path, help="draw the pages of docs/gallery into this folder alone")
    given = parser.parse_args()
    if given.gallery:
        print(f"gallery: {hang(given.gallery)} pages")
        return
    out = given.out
    for name, document in documents():
        draw(document, name, out)
    print(f"papers: {out.resolve()}")


if __name__ == "__main__":
    main()
