"""The line of figures above latent sliders."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.latent_face import NAMES, RANGE, track_of


class Scale(QWidget):
    """The line of figures above the sliders: -3, 0 and +3 sigma over the places where they lie."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = "raw"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_kind(self, kind: str) -> None:
        """Stand over sliders of a set."""
        self._kind = kind
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the sliders, one small line high."""
        return QSize(px(160), px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Three figures, centred over their places on the tracks below."""
        painter = QPainter(self)
        painter.setFont(theme().font(11))
        painter.setPen(QColor(theme().colors.text2))
        track = track_of(self.width(), self.height(), NAMES[self._kind])
        middle = "0" if self._kind == "raw" else "mean"
        for share, text in ((0.0, f"−{RANGE:g}σ"), (0.5, middle), (1.0, f"+{RANGE:g}σ")):
            centre = track.left() + share * track.width()
            painter.drawText(QRectF(centre - px(24), 0, px(48), self.height()), Qt.AlignmentFlag.AlignCenter, text)
