"""`make aloud`: has sign-in, home and subject page read over the accessibility bus into docs/ALOUD.md."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.aloud.bus import Bus, Node, start_bus, wanted
from tests.aloud.reader import by_tab, from_top
from tests.officer.city import City, serve

DOC = Path(__file__).resolve().parents[2] / "docs" / "ALOUD.md"
PAGES = ("sign-in", "home", "subject")
PORT = re.compile(r"localhost:\d+|127\.0\.0\.1:\d+")
HEAD = """# The window read aloud

Written by `make aloud`: the real window on a display, signed in to a real server with the small made-up
city, read from another process over the accessibility bus (AT-SPI), as screen readers do. Each line is one
object: its role as the bus names it, its name, what it holds, its states, what more is said of it. First the
page from top to bottom, then the stops of the Tab key from where the focus is when the page comes up.
`tests/aloud/test_aloud.py` (nightly) reads again and compares everything but numbers, times and digests.

Known: the tabs above a table are one stop with the name of the current tab; Qt has no role for what is
painted by hand, so the bus calls it a filler. Left and Right turn the tabs.
"""


@contextmanager
def reading() -> Iterator[Bus]:
    """The accessibility bus, ended afterwards by the number of its process."""
    launcher = start_bus()
    bus = Bus()
    try:
        yield bus
    finally:
        bus.close()
        launcher.terminate()
        launcher.wait(20)


class Aloud:
    """A window in a process of its own, and who listens to it."""

    def __init__(self, bus: Bus, command: Sequence[str]) -> None:
        self.bus = bus
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=wanted()
        )

    def say(self, line: str) -> None:
        """One line to the window, and its answer.

        Raises:
            AssertionError: when it has ended instead.
        """
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer == "ready\n", f"the window said {answer!r} to {line[:20]!r}"

    def window(self) -> Node:
        """The only window of the only program on the bus."""
        (application,) = self.bus.applications()
        (window,) = self.bus.children(application)
        return window

    def page(self, name: str) -> Iterator[str]:
        """A page from top to bottom, then by Tab."""
        self.say(name)
        yield f"## {name}\n\n### From top to bottom\n"
        yield from (f"- {line}" for line in from_top(self.bus, self.window()))
        yield "\n### By Tab\n"
        stops = by_tab(self.bus, self.window(), lambda key: self.say(f"press {key}"))
        yield from (f"{place}. {line}" for place, line in enumerate(stops, 1))
        yield ""

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


def read_out(place: Path, served: City) -> str:
    """All pages, one after the other."""
    with reading() as bus:
        aloud = Aloud(bus, [sys.executable, "-m", "tests.aloud.shown_window", str(place)])
        try:
            aloud.say(json.dumps(served.card))
            lines = [line for page in PAGES for line in aloud.page(page)]
        finally:
            aloud.end()
    return PORT.sub("localhost:8443", "\n".join(lines))


def made() -> str:
    with tempfile.TemporaryDirectory(prefix="hengxin-aloud-") as place:
        served = serve(Path(place) / "server")
        try:
            return read_out(Path(place), served)
        finally:
            served.kill()


def main() -> int:
    argparse.ArgumentParser(prog="python -m tests.aloud.transcript", description=__doc__).parse_args()
    assert os.environ.get("DISPLAY"), "the window needs a display: xvfb-run"
    DOC.write_text(f"{HEAD}\n{made()}", "utf-8")
    print(DOC)
    return 0


if __name__ == "__main__":
    sys.exit(main())
