"""A light with one whole sentence: whether pictures are copies."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from genstudio.ui.game.lamps import Dot
from genstudio.ui.theme import fix, pad
from genstudio.ui.widgets.still import Still


class Verdict(QWidget):
    """Takes a colour of the theme and words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.role = "line"
        self._dot, self.label = fix(Dot(), width=16, height=16), QLabel()
        self.label.setWordWrap(True)
        self.label.setProperty("role", "title")
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = pad(QHBoxLayout(self), (8, 4, 8, 4), 8)
        row.addWidget(self._dot)
        row.addWidget(Still(self.label), 1)
        self.say("line", "")

    def say(self, role: str, text: str) -> None:
        """Light in the colour of that name, and say a sentence."""
        self.role = role
        self._dot.show_role(role)
        if text != self.label.text():
            self.label.setText(text)
            self.setAccessibleName(text)
