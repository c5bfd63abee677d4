"""`make effort`: does every job in the real window and writes what each took into docs/EFFORT.md."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.officer.city import serve  # noqa: E402
from tests.officer.days import whole_day  # noqa: E402
from tests.officer.ways import Done  # noqa: E402

DOC = Path(__file__).resolve().parents[2] / "docs" / "EFFORT.md"
HEAD = """# What a job takes

Written by `make effort`: a scripted officer does the jobs in the real window against a real server, with real
clicks and keys, and counts them. `tests/flows/test_effort.py` (nightly) does them again and is red when a job
takes one act more than its path. No dialog of ours came up on the way; what asks for a place to save or a
printer is the system's.

*Acts* are clicks, keys and chords, and dropped files. *Texts* are what is typed into fields, *Tab* leads from
one field of a form to the next, *system* counts answers to dialogs of the system. *Path* is what the design
allows; where it says nothing, the count of today is the limit.

| Job | by | path | acts | most | texts | Tab | system |
|---|---|---|--:|--:|--:|--:|--:|
"""
TAIL = """
In every path the purpose and the business number of the work under way stay as they are; they are chosen
once a business (a click, a text and a Tab). A name of a list is settled by Enter, its reason, Enter. An
arrow opens a copy after a moment's rest on it, for opening one is written to the ledger. Without a network
the home page gives way to the copies; who was on another page comes back to that one, and Ctrl+3 is one key
more. What an officer says a value should be chooses the ground "content is wrong"; another ground is one
click more.
"""


def table(done: Sequence[Done]) -> str:
    """The rows in the order of the jobs."""
    rows = []
    for one in sorted(done, key=lambda one: (one.way.job, one.way.by)):
        way, took = one.way, one.took
        facts = (took.acts, way.acts, took.texts, took.tabs, took.dialogs)
        rows.append(f"| {way.job} | {way.by} | {way.path or '—'} | {' | '.join(map(str, facts))} |")
    return "\n".join(rows) + "\n"


def measured(place: Path) -> list[Done]:
    """All jobs of a day, done now."""
    served = serve(place / "server")
    try:
        bank, firm = served.account("bank_officer"), served.account("enterprise_officer")
        return whole_day(place / "officer", served, bank, firm, place)
    finally:
        served.kill()


def main() -> int:
    argparse.ArgumentParser(prog="python -m tests.officer.effort", description=__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="hengxin-effort-") as place:
        done = measured(Path(place))
    DOC.write_text(HEAD + table(done) + TAIL, "utf-8")
    print(table(done), end="")
    return int(any(one.way.too_much(one.took) for one in done))


if __name__ == "__main__":
    sys.exit(main())
