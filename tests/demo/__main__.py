"""`make demo`: a real server and the real window.

With a display the window stays open, signed in as a demo officer; without one it is driven off screen through
the main job and leaves pictures, the sealed report and a transcript.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

HAS_DISPLAY = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
if HAS_DISPLAY:
    os.environ.pop("QT_QPA_PLATFORM", None)
else:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler  # noqa: E402

from tests.officer.city import City, serve  # noqa: E402
from tests.officer.tour import whole  # noqa: E402
from tests.officer.window import PASSPHRASE, WindowOfficer  # noqa: E402


def _speak(kind: QtMsgType, _: QMessageLogContext, text: str) -> None:
    """What Qt says, without what its off-screen platform always says: it concerns no real display."""
    if "propagateSizeHints" not in text:
        print(f"{kind.name}: {text}", file=sys.stderr, flush=True)


class Transcript:
    """Says each step on the screen and keeps it with its second."""

    def __init__(self, file: Path) -> None:
        self._file, self._began = file, time.monotonic()
        file.write_text("", "utf-8")

    def __call__(self, text: str) -> None:
        line = f"{time.monotonic() - self._began:6.1f} s  {text}"
        print(line, flush=True)
        with self._file.open("a", encoding="utf-8") as kept:
            kept.write(line + "\n")


def show(served: City, home: Path) -> None:
    """Open the window signed in as the demo officer and stay until it is closed."""
    officer = WindowOfficer(home)
    officer.app.setQuitOnLastWindowClosed(True)
    account = served.account("bank_officer")
    officer.sign_in(served, account)
    rich = served.card["subjects"][0]
    print(
        f"The window is open, signed in as {account['user']} of {account['organisation_name']}."
        f" Try the enterprise {rich['code']} ({rich['name']})."
        f" Once locked it opens with the passphrase {PASSPHRASE}."
        " Closing the window ends everything.",
        flush=True,
    )
    officer.app.exec()
    officer.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.demo", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("demo-out"))
    out = parser.parse_args().out.resolve()
    qInstallMessageHandler(_speak)
    out.mkdir(parents=True, exist_ok=True)
    for left in filter(Path.is_file, out.iterdir()):  # of the last time; folders are somebody's own
        left.unlink()
    with tempfile.TemporaryDirectory(prefix="hengxin-demo-") as place:
        served = serve(Path(place) / "server")
        try:
            if HAS_DISPLAY:
                show(served, Path(place) / "officer")
                return 0
            say = Transcript(out / "transcript.txt")
            say(f"服务器 {served.url}，示例城市已载入")
            file = whole(Path(place) / "officer", served, served.account("bank_officer"), out, say)
            say(f"完成。图片、盖章的报告 {file.name} 与本记录（transcript.txt）在 {out}")
        finally:
            served.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
