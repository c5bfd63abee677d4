"""Page images of every paper that ships, for a subject with few records and one with many, in each language
and size it has. Part of `make shots`; alone: `python -m tests.shots.papers --out FOLDER`.
"""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from app.field.paper_facts import Facts
from app.field.records import Bundle, Record, SubjectKind
from app.field.reportdoc import Paper, ReportScope, ReportTimes
from app.field.templates import FactsName
from app.report import render
from app.report.templates import shipped
from tests.app.report import facts_samples, samples
from tests.app.report.tools import FONTS

SPAN = ReportScope("2021-11-23", "2026-11-22", "housing", "住房城乡建设", "Housing and construction")
LATER = ReportTimes(*("2026-12-02T01:40:05.120Z",) * 3)
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
        times = LATER if row.effective_from > samples.DAY else samples.TIMES
        for kind in row.subjects:
            for weight, answer in answers(kind).items():
                entries = tuple(entry for entry in answer.standing if entry.kind in row.sections)
                answer = msgspec.structs.replace(answer, standing=entries)
                for language in ("zh_CN", "en"):
                    for large in (False, True):
                        size = "-large" if large else ""
                        name = f"{row.paper}-{kind}-{weight}-{language[:2]}{size}"
                        facts = {"language": language, "large": large, "scope": scope, "times": times}
                        yield name, samples.official(answer, template=row.paper, **facts)


FACTS: dict[FactsName, Callable[[SubjectKind, bool], Facts]] = {
    "screening": lambda kind, many: facts_samples.screening(many),
    "looks": facts_samples.who_looked,
    "answer": lambda kind, many: facts_samples.answer(many),
}


def _of_facts(paper: str, facts: FactsName, kinds: tuple[SubjectKind, ...]) -> Iterator[tuple[str, Paper]]:
    for kind in kinds:
        for weight in ("small", "heavy"):
            told = FACTS[facts](kind, weight == "heavy")
            for language in ("zh_CN", "en"):
                for large in (False, True):
                    name = f"{paper}-{kind}-{weight}-{language[:2]}{'-large' if large else ''}"
                    yield name, facts_samples.stated(told, paper, language=language, large=large)


def draw(document: Paper, name: str, out: Path, dpi: int = DPI) -> list[Path]:
    """The first pages as PNG files `<name>-<page>.png`."""
    out.mkdir(parents=True, exist_ok=True)
    command = ("pdftoppm", "-png", "-r", str(dpi), "-l", str(FIRST_PAGES), "-", str(out / name))
    subprocess.run(command, input=render(document, FONTS), check=True)
    return sorted(out.glob(f"{name}-*.png"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.shots.papers", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("shots") / "papers")
    out = parser.parse_args().out
    for name, document in documents():
        draw(document, name, out)
    print(f"papers: {out.resolve()}")


if __name__ == "__main__":
    main()
