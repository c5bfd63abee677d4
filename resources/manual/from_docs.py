"""Makes the help of the window out of docs/manual: `python resources/manual/from_docs.py`.

One chapter per `## ` heading, because the window shows a chapter at a time. Sentences that send the reader to
a file of the source tree are left out: the window has no such file.
"""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
MANUALS = {"zh_CN": "zh.md", "en": "en.md"}
_LEAD = re.compile(r"^\*\*(.+?)[.:]\*\* ", re.MULTILINE)
_TABLE = re.compile(r"^\| (keys|a message says)", re.MULTILINE)
_TABLES = {"keys": "Keys", "a message says": "What a message says"}
_ELSEWHERE = re.compile(r"[^。.\n]*`docs/manual/[^`]*`[。.]")
_HAN = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
_WRAPPED = re.compile(rf"(?<={_HAN})\n *(?={_HAN})")


def chapters(text: str) -> str:
    """A manual as chapters: English lead-ins and tables become headings, broken Chinese lines whole."""
    text = _ELSEWHERE.sub("", text)
    text = _LEAD.sub(lambda hit: f"## {hit[1]}\n\n", text)
    text = _TABLE.sub(lambda hit: f"## {_TABLES[hit[1]]}\n\n{hit[0]}", text)
    return _WRAPPED.sub("", text)


def main() -> None:
    """Write the chapters of each language beside this file."""
    docs = HERE.parents[1] / "docs" / "manual"
    for language, name in MANUALS.items():
        made = chapters((docs / name).read_text("utf-8"))
        (HERE / f"{language}.md").write_text(made, "utf-8")


if __name__ == "__main__":
    main()
