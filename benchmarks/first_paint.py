"""The child of cold_start: paints one window, says what is loaded, ends at once.

    python -m benchmarks.first_paint bare|cover|sign_in

Imports stand inside the functions: the bare window must not pay for ours.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

HEAVY = (
    "requests", "keyring", "reportlab", "pyhanko", "sqlcipher3", "cryptography", "pikepdf", "argon2", "PIL",
    "pypdfium2", "joserfc",
)  # fmt: skip


def leave() -> NoReturn:
    """Say what is loaded, and end without tidying up: what was measured lies behind."""
    heavy = [name for name in HEAVY if name in sys.modules]
    print(json.dumps({"heavy": heavy, "modules": len(sys.modules)}), flush=True)
    os._exit(0)


def bare() -> None:
    from PySide6.QtCore import QEvent, QTimer
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    class Window(QMainWindow):
        def event(self, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                QTimer.singleShot(0, leave)
            return super().event(event)

    app = QApplication(["bare"])
    window = Window()
    window.setCentralWidget(QLabel("信用衡阳"))
    window.resize(1280, 800)
    window.show()
    app.exec()


def cover(home: str) -> None:
    """The product's own start; it ends where it would begin to build the services."""
    import ui.start

    ui.start.Opening._build = lambda self: leave()  # type: ignore[method-assign]
    ui.start.main(["--home", home])


def sign_in(home: str) -> None:
    """The product's own start, until the sign-in page has painted itself."""
    import ui.start

    build = ui.start.Opening._build

    def built(self: Any) -> None:
        from ui.window import Window

        put = Window._put

        def putting(window: Any, page: Any) -> None:
            put(window, page)
            window.first = ui.start.FirstPaint(leave)
            page.installEventFilter(window.first)

        Window._put = putting  # type: ignore[method-assign]
        build(self)

    ui.start.Opening._build = built  # type: ignore[method-assign]
    ui.start.main(["--home", home])


if __name__ == "__main__":
    what = sys.argv[1]
    if what == "bare":
        bare()
    else:
        place = Path(os.environ["HENGXIN_BENCH_HOME"]) / str(os.getpid())
        {"cover": cover, "sign_in": sign_in}[what](str(place))
