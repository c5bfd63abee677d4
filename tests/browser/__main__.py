"""`make page-shots`: a picture of every verdict, in light, in dark and on a phone."""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server_stub.config.settings")
django.setup()

from server_stub.portal.words import words  # noqa: E402
from tests.browser.driving import Browser  # noqa: E402
from tests.browser.papers import GATEWAY, Paper, papers  # noqa: E402
from tests.server_stub.serving import Served  # noqa: E402

SAY = words("zh")
LOOKS = {"light": (1280, 800, 1.0, False), "dark": (1280, 800, 1.0, False), "phone": (390, 844, 2.0, True)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.browser", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("shots/page"))
    out = parser.parse_args().out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hengxin-page-") as place:
        folder, home = Path(place), Path(place) / "home"
        server = Served(home, "--sample", "small", env=GATEWAY)
        try:
            page = f"{server.wait()['url']}/v/"
            issued = papers(server, home, folder)
            browser = Browser(folder / "profile")
            for look, (across, down, scale, phone) in LOOKS.items():
                browser.scheme("dark" if look == "dark" else "light")
                browser.size(across, down, scale, phone=phone)
                for name in pictured(browser, page, issued, folder):
                    browser.picture(out / f"{name}-{look}.png")
            browser.quit()
        finally:
            server.stop(signal.SIGKILL)
    print(f"pictures: {out}")


def pictured(browser: Browser, page: str, issued: dict[str, Paper], folder: Path) -> Iterator[str]:
    """Names of what the browser shows, one after the other."""
    mine, other = issued["current"], issued["expired"]
    browser.from_a_new_line()
    browser.open(page)
    yield "empty"
    browser.open(mine.link)
    browser.wait_for(SAY["code_fits"], "#code")
    yield "paper-current"
    browser.open(page + "hello")
    yield "unknown"
    browser.open(f"{mine.link.partition('#')[0]}#{other.link.partition('#')[2]}")
    browser.wait_for(SAY["code_altered"], "#means")
    yield "code-altered"
    changed = folder / "changed.pdf"
    changed.write_bytes(mine.file.read_bytes() + b"\n")
    for name, file in (("file-altered", changed), ("file-current", mine.file)):
        browser.open(page)
        browser.choose(file)
        browser.wait_for(SAY["file_digest"], "#verdict")
        yield name
    browser.from_a_new_line()
    for state in ("superseded", "expired", "void"):
        browser.open(issued[state].link)
        yield f"paper-{state}"
    browser.open(mine.link.partition("#")[0] + "?lang=en")
    yield "english"
    for _ in range(8):
        browser.open(page + "hello")
    yield "busy"


if __name__ == "__main__":
    main()
