"""A field for the path of a file: shortened in its middle while nobody types in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from superqt import QElidingLineEdit


class PathField(QElidingLineEdit):
    """superqt's field, which does not show what it is given while it has the keyboard, nor tells anybody; this does."""

    def __init__(self) -> None:
        super().__init__()
        self.setElideMode(Qt.TextElideMode.ElideMiddle)

    def setText(self, text: str | None) -> None:
        super().setText(text or "")
        if self.hasFocus():
            QLineEdit.setText(self, self.text())
