"""The button that has the codes of a model studied."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from genstudio.ui.widgets.button import TextButton


class StudyButton(TextButton):
    """Says whether it would be the first study."""

    def __init__(self, help: str, parent: QWidget | None = None) -> None:
        super().__init__("Study the codes", help, parent=parent)

    def set_studied(self, is_studied: bool) -> None:
        """Whether there is a study already."""
        self.setText("Study again" if is_studied else "Study the codes")
        self.setAccessibleName(self.text())
