"""A check box that leaves the keyboard where it is when it is clicked, as every button of the app does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QWidget


class CheckBox(QCheckBox):
    """After a click Space still plays; one who comes by Tab toggles it with Space."""

    def __init__(self, text: str, help: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setToolTip(help)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
