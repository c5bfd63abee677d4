"""`make shots`: every combination looked over, with pictures; the tour of a real city in light and in dark;
every paper. A folder each. It fails when something is found.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.officer.city import serve  # noqa: E402
from tests.officer.tour import whole  # noqa: E402
from tests.shots.looked_over import all_of_it, told  # noqa: E402
from tests.shots.papers import documents, draw  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.shots", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("shots"))
    parser.add_argument("--theme", choices=("light", "dark", "highContrast"), action="append")
    parser.add_argument("--only-look-over", action="store_true", help="no tour, no papers")
    given = parser.parse_args()
    tally = all_of_it(given.out.resolve() / "states")
    print(told(tally))
    if given.only_look_over:
        return 1 if tally.findings else 0
    with tempfile.TemporaryDirectory(prefix="hengxin-shots-") as place:
        served = serve(Path(place) / "server")
        officers = [one for one in served.card["accounts"] if one["role"] == "bank_officer"]
        try:
            for turn, theme in enumerate(given.theme or ["light", "dark"]):
                pictures = given.out.resolve() / theme
                pictures.mkdir(parents=True, exist_ok=True)
                whole(Path(place) / theme, served, officers[turn], pictures, print, theme, turn)
        finally:
            served.kill()
    for name, document in documents():
        draw(document, name, given.out.resolve() / "papers")
    print(f"pictures: {given.out.resolve()}")
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
