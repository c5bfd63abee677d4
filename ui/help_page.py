"""Help without a network: the manual, a chapter at a time, at the one for the page one came from."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QWidget

from app.manual import chapter_of, chapters
from app.texts import Texts
from ui.look import look
from ui.page import Page, Width
from ui.widgets.basics import Button, Card, on_click
from ui.widgets.columns import UNBOUND, hold_width, stand
from ui.widgets.fields import SearchField

LINE_HEIGHT = 110  # per cent of what the face asks for, which is 1.45 times its size already
CONTENTS = 232


class HelpPage(Page):
    """`closed`: back to where one came from. Nothing here leads out of the window."""

    closed = Signal()

    def __init__(self, texts: Texts) -> None:
        say = texts.say
        super().__init__(texts, say("help_page.title"), say("help_page.subtitle"))
        self._chapters = chapters(texts.language)
        self.field = SearchField(say("help_page.find"))
        self.field.setPlaceholderText(say("help_page.find"))
        self.field.setClearButtonEnabled(True)
        self.field.setMaximumWidth(look().px(260))
        self.back = on_click(Button(say("help_page.back"), "plain", "chevron_left"), self.closed.emit)
        self.tools.addWidget(self.field)
        self.tools.addWidget(self.back)
        self.contents = QListWidget()
        self.contents.setAccessibleName(say("help_page.contents"))
        self.contents.setProperty("cls", "contents")
        self.contents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.reader = QTextBrowser()
        self.reader.setAccessibleName(say("help_page.title"))
        self.reader.setOpenLinks(False)
        self.reader.setProperty("cls", "reader")
        left, right = Card("card", (1, 1, 1, 1), 0), Card("card", (1, 1, 1, 1), 0)
        left.box.addWidget(self.contents)
        right.box.addWidget(self.reader)
        self._left = left
        self._columns: QBoxLayout = QHBoxLayout()
        self._columns.setSpacing(14)
        self._columns.addWidget(left)
        self._columns.addWidget(right, 1)
        self.body.addLayout(self._columns, 1)
        self.contents.currentItemChanged.connect(lambda now, _before: self._read(now))
        self.field.textChanged.connect(self._narrow)
        self.field.returnPressed.connect(self.contents.setFocus)
        look().changed.connect(self._dress)
        self.on_keys(("Esc", self.closed.emit), ("Ctrl+F", self._find))
        self._narrow("")

    def first_focus(self) -> QWidget | None:
        return self.contents

    def show_place(self, place: str) -> None:
        """Turn to the chapter for a page of the window."""
        self.field.clear()
        self.contents.setCurrentRow(chapter_of(place, self.texts.language))

    def turn(self, step: int) -> None:
        """The next chapter, or the one before."""
        row = self.contents.currentRow() + step
        if 0 <= row < self.contents.count():
            self.contents.setCurrentRow(row)

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        self.subtitle.setVisible(width == "full")
        narrow = width == "narrow"
        stand(self._columns, not narrow)
        hold_width(self._left, 0 if narrow else look().px(CONTENTS))
        self._left.setMinimumHeight(look().px(96) if narrow else 0)
        self._left.setMaximumHeight(look().px(96) if narrow else UNBOUND)
        self.reader.setMinimumHeight(look().px(220))

    def _narrow(self, words: str) -> None:
        """Only the chapters in which the words occur; the one being read stays when it is among them."""
        here = self.contents.currentItem()
        kept = here.data(Qt.ItemDataRole.UserRole) if here is not None else 0
        self.contents.blockSignals(True)
        self.contents.clear()
        for place, chapter in enumerate(self._chapters):
            if chapter.holds(words):
                item = QListWidgetItem(chapter.title)
                item.setToolTip(chapter.title)  # a long one may be cut
                item.setData(Qt.ItemDataRole.UserRole, place)
                self.contents.addItem(item)
                if place == kept:
                    self.contents.setCurrentItem(item)
        if self.contents.currentItem() is None:
            self.contents.setCurrentRow(0)
        self.contents.blockSignals(False)
        self._read(self.contents.currentItem())

    def _read(self, item: QListWidgetItem | None) -> None:
        if item is None:
            self.reader.setPlainText(self.say("help_page.none_found"))
            return
        chapter = self._chapters[item.data(Qt.ItemDataRole.UserRole)]
        self.reader.document().setDefaultFont(look().font(14))
        self.reader.document().setDocumentMargin(look().px(18))
        self.reader.document().setMarkdown(
            f"## {chapter.title}\n\n{chapter.text}", QTextDocument.MarkdownFeature.MarkdownDialectGitHub
        )
        self._set()
        self.reader.moveCursor(QTextCursor.MoveOperation.Start)
        words = self.field.text().split()
        if words:
            self.reader.find(words[0])

    def _set(self) -> None:
        """Lines with air between them, tables with hairlines over the whole width."""
        document = self.reader.document()
        spaced = QTextBlockFormat()
        spaced.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        everything = QTextCursor(document)
        everything.select(QTextCursor.SelectionType.Document)
        everything.mergeBlockFormat(spaced)
        self._lighten(document)
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                form = frame.format()
                form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
                form.setBorder(1)
                form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
                form.setBorderBrush(QBrush(look().colour("border")))
                form.setBorderCollapse(True)
                form.setCellPadding(look().px(6))
                frame.setFormat(form)

    def _lighten(self, document: QTextDocument) -> None:
        """Bold becomes the semibold face that ships: a heavier one would be smeared from it."""
        cursor, lighter = QTextCursor(document), QTextCharFormat()
        lighter.setFontWeight(QFont.Weight.DemiBold)
        block = document.begin()
        while block.isValid():
            pieces = block.begin()
            spans = []
            while not pieces.atEnd():
                piece = pieces.fragment()
                if piece.charFormat().fontWeight() > QFont.Weight.DemiBold:
                    spans.append((piece.position(), piece.position() + piece.length()))
                pieces += 1
            for start, end in spans:
                cursor.setPosition(start)
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(lighter)
            block = block.next()

    def _dress(self) -> None:
        self._read(self.contents.currentItem())
        self.arrange(self.width_mode)

    def _find(self) -> None:
        self.field.setFocus()
        self.field.selectAll()
