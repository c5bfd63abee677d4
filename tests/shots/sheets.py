"""Sheets of two pictures beside each other, what was drawn before and what is: for docs/shots.

`python -m tests.shots.sheets --drawn FOLDER --shots FOLDER --out docs/shots/beside`: drawings by the names
in `SHEETS`, the pictures as `tests.shots.looked_over` keeps them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.shots.papers import documents, page_of

WIDE, GAP, HEAD, TONES = 860, 12, 30, 128
FACE = Path("resources") / "fonts" / "NotoSansSC-Medium.ttf"
GROUND, INK = "#C9D2DC", "#14233B"
# sheet: the drawing, the picture (state and look)
SHEETS = {
    "sign-in": ("mock-1-login-light", "sign-in-code-light"),
    "unlock": ("mock-1b-unlock-light", "unlock-light"),
    "home": ("mock-2-home-light", "home-light"),
    "home-en": ("mock-2-home-en-light", "home-light-en"),
    "subject": ("mock-3-subject-light", "subject-light"),
    "subject-dark": ("mock-3-subject-dark", "subject-dark"),
    "subject-contrast": ("mock-3-subject-highContrast", "subject-highContrast"),
    "screening": ("mock-4-batch-light", "screening-task-light"),
    "report": ("mock-5-report-light", "report-light"),
    "offline": ("mock-6-offline-light", "offline-open-light"),
    "ledger": ("mock-7-ledger-light", "ledger-light"),
    "objection": ("mock-8-objection-light", "objection-form-light"),
    "states": ("mock-9-states-light", "home-no-candidates-light"),
}
# sheet: the drawing, the paper by the name of its pictures, the page
PAPERS = {
    "paper-1": ("mock-report-1", "standard-legal-heavy-zh", 1),
    "paper-2": ("mock-report-2", "standard-legal-heavy-zh", 2),
    "paper-3": ("mock-report-3", "standard-legal-small-zh", 3),
}


def picture_of(shot: str, folder: Path) -> Path:
    """The file of a picture at the usual size; Chinese unless the name ends in another language."""
    look, language = shot.removesuffix("-en"), "en" if shot.endswith("-en") else "zh"
    return folder / f"{look}-1280x800-{language}.png"


def beside(drawn: Path, shot: Path) -> Image.Image:
    """The drawing at the left and the picture at the right, each with its word above."""
    parts = [Image.open(one).convert("RGB") for one in (drawn, shot)]
    small = [one.resize((WIDE, one.height * WIDE // one.width), Image.Resampling.LANCZOS) for one in parts]
    high = max(one.height for one in small)
    sheet = Image.new("RGB", (2 * WIDE + 3 * GAP, high + HEAD + GAP), GROUND)
    pen, face = ImageDraw.Draw(sheet), ImageFont.truetype(str(FACE), 16)
    for place, (one, words) in enumerate(zip(small, ("设计稿 · drawn", "实际界面 · built"), strict=True)):
        left = GAP + place * (WIDE + GAP)
        pen.text((left, 4), words, fill=INK, font=face)
        sheet.paste(one, (left, HEAD))
    # By octree: the median of colours makes the scarce red of the seal a brown.
    return sheet.quantize(TONES, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def papers(drawn: Path, out: Path) -> None:
    """The sheets of the report's pages, which no picture of the window shows."""
    made = dict(documents())
    for name, (mock, paper, page) in PAPERS.items():
        file = out / f"{name}.png"
        page_of(made[paper], page, file, 110)
        beside(drawn / f"{mock}.png", file).save(file, optimize=True)
        print(file)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.shots.sheets", description=__doc__)
    parser.add_argument("--shots", type=Path, help="without it the sheets of papers alone")
    for name in ("drawn", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for name, (drawn, shot) in SHEETS.items() if given.shots else ():
        sheet = beside(given.drawn / f"{drawn}.png", picture_of(shot, given.shots))
        sheet.save(given.out / f"{name}.png", optimize=True)
        print(given.out / f"{name}.png")
    papers(given.drawn, given.out)


if __name__ == "__main__":
    main()
