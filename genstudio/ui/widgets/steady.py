"""A label whose words change many times a second."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QWidget

from genstudio.ui.theme import px, theme

SPARE = 48  # design px that may be left over


class SteadyLabel(QLabel):
    """One line, at the right end of its place. Its size is fixed, so that other words lay nothing out anew; it takes
    another one only where they need it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        theme().changed.connect(self._fit)

    def setText(self, text: str) -> None:
        """Show other words."""
        super().setText(text)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        metrics = self.fontMetrics()
        need, high = metrics.horizontalAdvance(self.text()) + px(4), metrics.height()
        if not self.width() - px(SPARE) <= need <= self.width() or high != self.height():
            self.setFixedSize(need, high)
