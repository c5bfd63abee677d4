"""Pages of a PDF as pictures, on the screen and on paper. pdfium works in one lane only: the press."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

PRINT_DPI = 300


def draw_pages(pdf: bytes, dpi: int) -> tuple[QImage, ...]:
    """Every page as a picture. To be called in the press lane.

    Raises:
        pypdfium2.PdfiumError: when the bytes are not a PDF.
    """
    import pypdfium2

    pages = []
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(len(document)):
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


def put_on_paper(printer: QPrinter, pages: tuple[QImage, ...]) -> bool:
    """Send the pages; False when the printer does not take them."""
    painter = QPainter()
    if not painter.begin(printer):
        return False
    sheet = QRectF(printer.paperRect(QPrinter.Unit.DevicePixel))
    first, last = printer.fromPage() or 1, printer.toPage() or len(pages)
    for place, page in enumerate(pages[first - 1 : last]):
        if place and not printer.newPage():
            painter.end()
            return False
        painter.drawImage(QRectF(0, 0, sheet.width(), sheet.height()), page)
    return painter.end()
