"""The child of test_real_printer: sends a report to the system's printer as the window does.

    python -m tests.ui.real_printer QUEUE FOLDER

The folder gets what the printer was sent (`sent.png`); in a folder `small` in it the pages wait for the
printer. The last line says whether the printer took it.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import QApplication

from app.desks.sealed_desk import PRINT_DPI
from app.report import fonts_in, render
from tests.app.report import samples
from tests.app.report.tools import FONTS
from ui import printing


def main() -> None:
    queue, folder = sys.argv[1], Path(sys.argv[2])
    app = QApplication([])
    pages = printing.draw_pages(render(samples.other("working"), fonts_in(FONTS)), PRINT_DPI)[:2]
    pages[0].save(str(folder / "sent.png"))
    printer = printing.paper("hengxin-test")
    printer.setPrinterName(queue)
    if folder.joinpath("small").is_dir():  # a disk that one page fills
        os.environ["TMPDIR"] = str(folder / "small")
    took = printing.has_printer() and printing.put_on_paper(printer, pages)
    print(json.dumps({"printers": QPrinterInfo.availablePrinterNames(), "took": took}), flush=True)
    del app


if __name__ == "__main__":
    main()
