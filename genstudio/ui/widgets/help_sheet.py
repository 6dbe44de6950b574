"""The sheet of keys and of what the colours mean."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from genstudio.ui.key_table import KEYS, Line
from genstudio.ui.theme import fix, pad, px, theme
from genstudio.ui.widgets.sheet import Sheet

COLUMNS = (("Play", "Latent space", "Wipe"), ("Adversarial game", "Denoising", "Keep", "Window"))
SCROLLS = (
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End,
)  # fmt: skip
WIDE = 960  # design px of a window that has room for the columns side by side
MEANINGS = (
    ("real", "real data"),
    ("generated", "generated"),
    ("discriminator", "discriminator"),
    ("generator", "generator"),
    ("latent", "noise and latents"),
    ("accent", "you are here"),
)


class Dot(QWidget):
    """A disc in the colour of a meaning."""

    def __init__(self, meaning: str) -> None:
        super().__init__()
        self._meaning = meaning
        fix(self, 12, 12)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(theme().colors, self._meaning)))
        painter.drawEllipse(self.rect().adjusted(1, 1, -1, -1))


class HelpSheet(Sheet):
    """Escape, ? and the cross close it. Written when it is shown first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Keys and colours")
        body = QWidget()
        body.setProperty("role", "body")
        self._lines = pad(QVBoxLayout(body), (24, 0, 24, 16), 8)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        self.column.addWidget(scroll, 1)
        self._scroll = scroll

    def show_over(self, window: QWidget) -> None:
        """As every sheet; its columns stand beside each other where there is room."""
        if self._lines.isEmpty():
            self._fill(self._lines)
        directions = QBoxLayout.Direction
        is_wide = window.width() >= px(WIDE)
        self._columns.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)
        super().show_over(window)

    def wanted_size(self, window: QWidget) -> tuple[int, int]:
        """As high as its lines."""
        wide = px(WIDE if window.width() >= px(WIDE) else 600) - px(32)
        width = min(wide, window.width() - px(32))
        return width, self._lines.totalHeightForWidth(width) + px(64)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape or event.text() == "?":
            self.dismiss()
        elif event.key() in SCROLLS:
            QApplication.sendEvent(self._scroll.verticalScrollBar(), event)
        else:
            QWidget.keyPressEvent(self, event)  # the window has use for it

    def _fill(self, column: QVBoxLayout) -> None:
        self._columns = pad(QBoxLayout(QBoxLayout.Direction.LeftToRight), 0, 24)
        for titles in COLUMNS:
            half = pad(QVBoxLayout(), 0, 8)
            for title, lines in KEYS:
                if title in titles:
                    half.addWidget(_heading(title))
                    half.addLayout(_lines(lines))
            half.addStretch(1)
            self._columns.addLayout(half, 1)
        column.addLayout(self._columns)
        column.addWidget(_heading("Colours"))
        grid = pad(QGridLayout(), 0, 8)
        for index, (meaning, word) in enumerate(MEANINGS):
            cell = pad(QHBoxLayout(), 0, 8)
            cell.addWidget(Dot(meaning))
            cell.addWidget(QLabel(word), 1)
            grid.addLayout(cell, index // 3, index % 3)
        column.addLayout(grid)
        note = QLabel("Drop an exported picture on the window to have its exact state back; the folder of a run to "
                      "watch it; a folder or a zip of pictures to train on them.")  # fmt: skip
        note.setProperty("role", "second")
        note.setWordWrap(True)
        column.addSpacing(8)
        column.addWidget(note)
        column.addStretch(1)


def _lines(lines: tuple[Line, ...]) -> QGridLayout:
    grid = pad(QGridLayout(), (0, 0, 0, 8), 8)
    grid.setColumnStretch(1, 1)
    for row, line in enumerate(lines):
        words = QLabel(line.words)
        words.setWordWrap(True)
        grid.addWidget(fix(_keys(line.keys), 184), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(words, row, 1)
    return grid


def _heading(text: str) -> QLabel:
    label = QLabel(text.upper())
    label.setProperty("role", "heading")
    return label


def _keys(names: tuple[str, ...]) -> QWidget:
    holder = QWidget()
    row = pad(QHBoxLayout(holder), 0, 4)
    for name in names:
        native = QKeySequence(name).toString(QKeySequence.SequenceFormat.NativeText) if name.isascii() else name
        label = QLabel(native or name)
        label.setProperty("role", "key")
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        fix(label, height=22)
        row.addWidget(label)
    row.addStretch(1)
    return holder
