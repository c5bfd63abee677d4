"""`python -m benchmarks [name ...]`: one JSON line a figure."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import (
    answers,
    calls,
    city,
    click_to_subject,
    cold_start,
    import_meanwhile,
    importing,
    name_search,
    parts,
    preview,
    province,
    reads,
    report,
    server,
    smoothness,
    superseded,
)
from benchmarks.measure import Figure

ALL: dict[str, Callable[[], Iterable[Figure]]] = {
    "cold_start": cold_start.figures,
    "click_to_subject": click_to_subject.figures,
    "answers": answers.figures,
    "report": report.figures,
    "preview": preview.figures,
    "smoothness": smoothness.figures,
    "name_search": name_search.figures,
    "server": server.figures,
    "parts": parts.figures,
    "calls": calls.figures,
    "reads": reads.figures,
    "importing": importing.figures,
    "import_meanwhile": import_meanwhile.figures,
    "province": province.figures,
    "superseded": superseded.figures,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", choices=[[], *ALL], help="all when none is given")
    parser.add_argument("--home", type=Path, help="a seeded server home, for server, parts, calls and reads")
    words = parser.parse_args()
    if words.home:
        os.environ[city.HOME] = str(words.home.resolve())
    for name in words.name or ALL:
        for figure in ALL[name]():
            print(figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
