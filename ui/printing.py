"""Pages of a PDF as pictures, on the screen and on paper. pdfium works in one lane only: the press."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QGuiApplication, QImage, QPageLayout, QPageSize, QPainter, QPen
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from app.desks.desk import Notice
from app.desks.sealed_desk import PRINT_DPI, SealedDesk
from app.texts import Texts
from ui.print_queue import has_room, open_files, spool_of, took_the_job


def draw_pages(pdf: bytes, dpi: int, skip: int = 0, most: int = 0) -> tuple[QImage, ...]:
    """Pages as pictures, `most` of them from page `skip` on, or all. To be called in the press lane.

    Raises:
        pypdfium2.PdfiumError: when the bytes are not a PDF.
    """
    import pypdfium2

    pages = []
    document = pypdfium2.PdfDocument(pdf)
    try:
        count = len(document)
        for number in range(skip, min(count, skip + most) if most else count):
            page = document[number]
            bitmap = page.render(scale=dpi / 72, prefer_bgrx=True)
            picture = QImage(
                bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32
            )
            pages.append(picture.copy())
            bitmap.close()
            page.close()
    finally:
        document.close()
    return tuple(pages)


def has_printer() -> bool:
    """Whether the system knows any printer."""
    return bool(QPrinterInfo.availablePrinterNames())


def paper(title: str) -> QPrinter:
    """A printer for A4 at 300 dpi; its own page list may begin with something else."""
    printer = QPrinter()
    printer.setResolution(PRINT_DPI)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    printer.setFullPage(True)
    printer.setDocName(title)
    return printer


def choose_printer(parent: QWidget, printer: QPrinter, pages: int) -> bool:
    """The system's own dialog; False when the officer thinks better of it."""
    dialog = QPrintDialog(printer, parent)
    dialog.setMinMax(1, pages)
    return dialog.exec() == QDialog.DialogCode.Accepted


def put_on_paper(printer: QPrinter, pages: tuple[QImage, ...], mark: str = "") -> bool:
    """Send the pages, each with `mark` in its upper margin; False when the printer does not take them.
    What breaks off, as on a full disk, does not come out of the printer at all."""
    painter, before = QPainter(), open_files()
    if not painter.begin(printer):
        return False
    named = printer.outputFileName()
    spool = Path(named) if named else spool_of(before)
    sheet = QRectF(printer.paperRect(QPrinter.Unit.DevicePixel))
    first, last = printer.fromPage() or 1, printer.toPage() or len(pages)
    for place, page in enumerate(pages[first - 1 : last]):
        if place and not printer.newPage():
            _break_off(printer, painter, spool)
            return False
        painter.drawImage(QRectF(0, 0, sheet.width(), sheet.height()), page)
        if mark:
            put_mark(painter, sheet, mark)
        if spool is not None and not has_room(spool.parent):
            _break_off(printer, painter, spool)
            return False
    took = painter.end()
    return took and (bool(named) or took_the_job())


def _break_off(printer: QPrinter, painter: QPainter, spool: Path | None) -> None:
    """Take the job back. Qt's engines for CUPS and for files cannot: the end hands over what there is, and
    where its file is gone there is nothing."""
    if not printer.abort() and spool is not None:
        spool.unlink(missing_ok=True)
    painter.end()


def put_mark(painter: QPainter, sheet: QRectF, mark: str) -> None:
    """A word in a frame, in the middle of the upper margin, where no report prints anything."""
    size = sheet.height() / 297  # a millimetre
    font = QFont(QGuiApplication.font())
    font.setPixelSize(round(4 * size))
    painter.setFont(font)
    box = painter.fontMetrics().boundingRect(mark)
    frame = QRectF(0, 0, box.width() + 6 * size, 6 * size)
    frame.moveCenter(QPointF(sheet.width() / 2, 6 * size))
    painter.fillRect(frame, Qt.GlobalColor.white)
    painter.setPen(QPen(Qt.GlobalColor.black, size / 4))
    painter.drawRect(frame)
    painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, mark)


def print_sealed(parent: QWidget, texts: Texts, desk: SealedDesk[Any], number: str) -> None:
    """Ask for a printer, draw at its resolution, mark a reprint, and have the desk note what it took."""
    if not has_printer():
        desk.tell(Notice("report.noPrinter", (), "warning"))
        return
    printer = paper(number)
    if not choose_printer(parent, printer, desk.page_count):
        return

    def ready(pages: tuple[QImage, ...], before: int) -> None:
        mark = texts.say("report_page.reprint", count=before) if before else ""
        if put_on_paper(printer, pages, mark):
            desk.printed(printer.copyCount())
        else:
            desk.tell(Notice("report_page.printer_refused", (), "warning"))

    desk.draw_for_printer(ready)


def choose_file(parent: QWidget, texts: Texts, name: str, number: str) -> Path | None:
    """Where a report is to be saved; None when the officer thinks better of it."""
    title = texts.say("report_page.save").partition("|")[0].replace("&", "")
    suggested = texts.say("report_page.file_name", name=name, number=number)
    path, _ = QFileDialog.getSaveFileName(parent, title, f"{suggested}.pdf", "PDF (*.pdf)")
    return Path(path) if path else None
