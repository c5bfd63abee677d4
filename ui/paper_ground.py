"""Where the pages of a paper come: until they are there, why nothing is seen, or that they are being made."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from ui.sheets import Reading
from ui.widgets.basics import Card, label
from ui.widgets.panels import Skeleton


class PaperGround(Card):
    """`name` is what the pages are called for who does not see them."""

    def __init__(self, name: str) -> None:
        super().__init__("desk", (0, 0, 0, 0), 0)
        self.unseen = label("", "body", "secondary", wrap=True)
        self.unseen.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.unseen.setContentsMargins(32, 32, 32, 32)
        self.skeleton = Skeleton()
        self.area = Reading(name)
        self.box.addWidget(self.unseen)
        self.box.addWidget(self.skeleton)
        self.box.addWidget(self.area, 1)

    def show_pages(self, pages: tuple[QImage, ...], name: str, busy: bool = False, unseen: str = "") -> None:
        """`unseen` says why there are no pages where none are being made."""
        self.unseen.setText(unseen)
        self.unseen.setVisible(bool(unseen) and not pages and not busy)
        waiting = busy and not pages
        self.skeleton.setVisible(waiting)
        if waiting:
            self.skeleton.begin()
        self.area.setVisible(bool(pages))
        self.area.sheets.show_pages(pages, name)
