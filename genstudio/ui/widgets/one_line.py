"""A heading of one line that gives way where there is no room for it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from genstudio.ui.widgets.plain import wrapped


class OneLine(QLabel):
    """Words that end in … where they would be cut; then the tooltip has them all, before what it says anyway."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._help = "", ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def text(self) -> str:
        """All its words, whatever is seen of them."""
        return self._words

    def seen(self) -> str:
        """What is seen of them."""
        return super().text()

    def setText(self, text: str) -> None:
        """Say something else."""
        self._words = text
        self.setAccessibleName(text)
        self._fit()
        self.updateGeometry()

    def setToolTip(self, text: str) -> None:
        """What is to be known beside the words."""
        self._help = text
        self._fit()

    def sizeHint(self) -> QSize:
        """The room of all words."""
        margins = self.contentsMargins()
        wide = self.fontMetrics().horizontalAdvance(self._words) + margins.left() + margins.right() + 1
        return QSize(wide, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """None of them must be seen."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width()
        is_cut = self.fontMetrics().horizontalAdvance(self._words) > room
        seen = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room) if is_cut else self._words
        if seen != super().text():
            super().setText(seen)
        super().setToolTip(f"{wrapped(self._words)}{self._help}" if is_cut else self._help)
