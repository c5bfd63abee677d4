"""Make the fonts that ship: one whole regular face, and subsets for the other weights.

    make fonts FROM=DIR     DIR holds the unpacked font packages (their `package` folders), see README.md

Names of people and companies need rare characters, so the regular sans face goes in whole. The other faces
set headings and documents: they hold the standard list (8,105), GB 2312 and common signs.
Two runs give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import subprocess
import sys
from pathlib import Path

from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
WHOLE = {"NotoSansSC-Regular.ttf": "NotoSansSC_400Regular.ttf"}
SUBSETS = {
    "NotoSansSC-Medium.ttf": "NotoSansSC_500Medium.ttf",
    "NotoSansSC-SemiBold.ttf": "NotoSansSC_600SemiBold.ttf",
    "NotoSerifSC-Regular.ttf": "NotoSerifSC_400Regular.ttf",
    "NotoSerifSC-Bold.ttf": "NotoSerifSC_700Bold.ttf",
}
LICENCES = {
    "NotoSansSC_400Regular.ttf": "LICENSE_FONT-sans",
    "NotoSerifSC_400Regular.ttf": "LICENSE_FONT-serif",
}
SIGNS = (
    "".join(
        chr(code)
        for low, high in [
            (0x20, 0x7E),  # Latin, digits
            (0xA0, 0xFF),  # ° § · × ÷ and accented letters
            (0x2010, 0x2027),  # dashes and quotation marks
            (0x2030, 0x203B),  # ‰ ′ ″ ※
            (0x2190, 0x2193),  # arrows
            (0x2460, 0x249B),  # ① ⑴ ⒈
            (0x25A0, 0x25CF),  # ■ ▲ ● ○
            (0x3001, 0x3017),  # 、。「」〔〕
            (0x3220, 0x3229),  # ㈠
            (0xFF01, 0xFF5E),  # full-width forms
        ]
        for code in range(low, high + 1)
    )
    + "€℃№☆★〇￥￠￡―…—✓"
)


def standard_characters() -> list[str]:
    """The 8,105 characters of the standard list, in its own order."""
    with (HERE / "tgh8105.csv").open(encoding="utf-8", newline="") as rows:
        return [row["char"] for row in csv.DictReader(rows)]


def gb2312_characters() -> list[str]:
    """Every character GB 2312 encodes, signs included."""
    found = []
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.append(bytes((high, low)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def wanted(face: Path) -> str:
    """All characters of a subset by code point: the two lists whole, and those signs that the face has."""
    known = TTFont(face, lazy=True).getBestCmap()
    signs = {sign for sign in SIGNS if ord(sign) in known}
    return "".join(sorted(set(standard_characters()) | set(gb2312_characters()) | signs))


def find(root: Path, name: str) -> Path:
    """The one file of that name below root."""
    hits = sorted(root.rglob(name))
    if not hits:
        raise SystemExit(f"{name} is not below {root}")
    return hits[0]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path, help="folder that holds the unpacked font packages")
    root = parser.parse_args().source
    characters = HERE / "characters.txt"
    characters.write_text(wanted(find(root, WHOLE["NotoSansSC-Regular.ttf"])), encoding="utf-8")
    for target, source in WHOLE.items():
        shutil.copyfile(find(root, source), HERE / target)
    for target, source in SUBSETS.items():
        options = [
            f"--text-file={characters}",
            "--layout-features=",
            "--no-hinting",
            "--name-IDs=*",
            "--name-languages=*",
            "--notdef-outline",
            "--no-recalc-timestamp",
            f"--output-file={HERE / target}",
        ]
        subprocess.run(
            [sys.executable, "-m", "fontTools.subset", str(find(root, source)), *options], check=True
        )
    for source, target in LICENCES.items():
        shutil.copyfile(find(root, source).parent.parent / "LICENSE_FONT", HERE / target)
    for made in sorted(HERE.glob("*.ttf")):
        print(f"{made.stat().st_size:>11,}  {made.name}")


if __name__ == "__main__":
    main()
