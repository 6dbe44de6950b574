"""Room for words that change often."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class Still(QWidget):
    """Gives all its room to one widget, and lays nothing out anew but where the words need another height.

    A label in a layout asks for a new one with every text, however long, and that goes on up to the window.
    """

    def __init__(self, words: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        words.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._follow()

    def event(self, event: QEvent) -> bool:
        """Without a layout here the request of the words ends here."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._follow()
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._words.resize(event.size())
        self._follow()

    def _follow(self) -> None:
        words, height = self._words, self._words.minimumHeight()
        if height != words.maximumHeight():
            wraps = words.hasHeightForWidth()
            height = words.heightForWidth(max(self.width(), 1)) if wraps else words.sizeHint().height()
        self.setFixedHeight(height)
        words.resize(self.size())  # letters that have grown since are not told of by another size of this widget
