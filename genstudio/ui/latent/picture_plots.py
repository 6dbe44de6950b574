"""Two small plots of the picture page: the posterior of a code, and where an error lies among others."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from genstudio.api import Floats
from genstudio.ui.latent.picture_state import two_largest
from genstudio.ui.theme import px, theme

HIGH, LOW = 172, 84  # design px of the two
BINS = 40


class _Plot(QWidget):
    """A plot of a fixed height on the stage's ground."""

    def __init__(self, height: int, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._high = height
        self.setAccessibleName(label)
        theme().changed.connect(self._restyle)
        self._restyle()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(px(200), px(self._high))

    @Slot()
    def _restyle(self) -> None:
        self.setFixedHeight(px(self._high))
        self.update()

    def begin(self) -> QPainter:
        """A painter on the plot's ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().colors.stage))
        painter.drawRoundedRect(self.rect(), px(6), px(6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(theme().font(11))
        return painter


class PosteriorPlot(_Plot):
    """The two numbers of a code farthest from 0: ellipses of 1 and 2 sigma, the prior's circle, drawn codes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(HIGH, "Posterior of the code", parent)
        self._mu = self._sigma = np.zeros(0, np.float32)
        self._codes: Floats = np.zeros((0, 0), np.float32)
        self.setToolTip(
            "<p>The two latents with the largest |μ|. Around the mean μ the ellipses of 1 and 2 σ; dashed the prior's "
            "circles of 1 and 2 σ, which is all there is to know without the picture. Dots are the codes drawn; in "
            "Corrupt the dot is the clean picture's code.</p>"
        )

    def set_code(self, mu: Floats, sigma: Floats) -> None:
        """Mean and spread (D,) of a code; none (0,)."""
        self._mu, self._sigma = mu, sigma
        self.update()

    def set_codes(self, codes: Floats) -> None:
        """The codes drawn from it, (N, D)."""
        self._codes = codes
        self.update()

    def axes(self) -> tuple[int, int]:
        """Which two latents are shown."""
        return two_largest(self._mu)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Prior, ellipses, dots."""
        painter, colors = self.begin(), theme().colors
        if not len(self._mu):
            return
        i, j = self.axes()
        mu, sigma = self._mu[[i, j]], self._sigma[[i, j]]
        extent = max(2.3, float((np.abs(mu) + 2.2 * sigma).max()) * 1.08)
        room = self.rect().adjusted(px(6), px(6), -px(6), -px(20))
        scale = min(room.width(), room.height()) / 2 / extent
        middle = QPointF(room.center())

        def at(x: float, y: float) -> QPointF:
            return QPointF(middle.x() + x * scale, middle.y() - y * scale)

        painter.setPen(QPen(QColor(colors.line), 1))
        painter.drawLine(at(-extent, 0), at(extent, 0))
        painter.drawLine(at(0, -extent), at(0, extent))
        painter.setPen(QPen(QColor(colors.neutral), 1, Qt.PenStyle.DashLine))
        for times in (1, 2):
            painter.drawEllipse(middle, times * scale, times * scale)
        tint = QColor(colors.latent_text if not colors.dark else colors.latent)
        fill = QColor(tint)
        fill.setAlpha(50)
        painter.setPen(QPen(tint, px(1.5)))
        painter.setBrush(fill)
        for times in (2, 1):
            painter.drawEllipse(at(*mu), times * sigma[0] * scale, times * sigma[1] * scale)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.text))
        for code in self._codes:
            if len(code) == len(self._mu):
                painter.drawEllipse(at(code[i], code[j]), px(1.5), px(1.5))
        painter.setBrush(tint)
        painter.drawEllipse(at(*mu), px(2.5), px(2.5))
        painter.setPen(QColor(colors.text2))
        foot = QRectF(px(6), self.height() - px(20), self.width() - px(12), px(18))
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "dashed: prior, 1 and 2 σ")
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"z{i + 1} → · z{j + 1} ↑")


class ErrorPlot(_Plot):
    """A histogram of held-out errors, and a line at one error."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(LOW, "Reconstruction errors of held-out pictures", parent)
        self._counts: Floats = np.zeros(0, np.float32)
        self._low = self._high_end = 0.0
        self._error: float | None = None
        self._unit = ""
        self.setToolTip("<p>How many held-out pictures come back with which error; the line is this picture.</p>")

    def set_errors(self, errors: Floats, unit: str) -> None:
        """Rising errors of held-out pictures; the last half per cent does not stretch the axis."""
        if not len(errors):
            self._counts = np.zeros(0, np.float32)
        else:
            self._low, self._high_end = float(errors[0]), float(np.quantile(errors, 0.995))
            self._high_end = max(self._high_end, self._low + 1e-6)
            counts, _ = np.histogram(errors, BINS, (self._low, self._high_end))
            self._counts = counts.astype(np.float32)
        self._unit = unit
        self.update()

    def set_error(self, error: float | None) -> None:
        """Where this picture lies."""
        self._error = error
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars, line, ends."""
        painter, colors = self.begin(), theme().colors
        if not len(self._counts):
            return
        room = QRectF(self.rect().adjusted(px(8), px(8), -px(8), -px(20)))
        wide = room.width() / BINS
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.neutral))
        for k, count in enumerate(self._counts):
            high = room.height() * float(count) / float(self._counts.max())
            painter.drawRect(QRectF(room.left() + k * wide, room.bottom() - high, max(wide - 1, 1), high))
        foot = QRectF(room.left(), room.bottom() + px(2), room.width(), px(16))
        painter.setPen(QColor(colors.text2))
        left, right = f"{self._low:.3g}", f"{self._high_end:.3g} {self._unit}"
        beyond = self._error is not None and self._error > self._high_end
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, left)
        painter.drawText(
            foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{right} →" if beyond else right
        )
        if self._error is not None:
            share = (self._error - self._low) / (self._high_end - self._low)
            x = room.left() + room.width() * min(max(share, 0.0), 1.0)
            painter.setPen(QPen(QColor(colors.generated), px(2)))
            painter.drawLine(QPointF(x, room.top() - px(4)), QPointF(x, room.bottom()))
