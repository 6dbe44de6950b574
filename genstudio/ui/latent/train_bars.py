"""The KL of every latent as a bar, the largest first; those that tell nothing are grey."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from genstudio.api import Floats
from genstudio.ui.latent.axes import DEAD
from genstudio.ui.latent.train_words import bars_title, nats_of
from genstudio.ui.theme import pad, px, readable, theme
from genstudio.ui.widgets.bar_scale import paint_scale
from genstudio.ui.widgets.one_line import OneLine
from genstudio.ui.widgets.place_help import PlaceHelp

WIDEST = 40  # design px of a bar
LEAST_TOP = 0.1  # nats at the top of the axis at least
HELP = "The nats that each latent tells of a picture, the largest first. Grey ones tell less than 0.01: they are dead."


class _Bars(PlaceHelp):
    """Paints the bars; a bar's latent and number are in its tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kl: Floats = np.zeros(0, np.float32)
        self.order = np.zeros(0, int)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(px(80), px(40))
        self.setAccessibleName("KL per latent")
        theme().changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """As a plot."""
        return QSize(px(200), px(96))

    def set_kl(self, kl: Floats) -> None:
        """Nats of each latent, (D,)."""
        self.kl, self.order = kl, np.argsort(-kl, kind="stable")
        self.update()

    def _room(self) -> QRectF:
        metrics = self.fontMetrics()
        left = metrics.horizontalAdvance("00.0") + px(8)
        return QRectF(self.rect().adjusted(left, px(6), -px(4), -px(6)))

    def bar_at(self, x: float) -> int:
        """Which place in the order is under x; -1 beside the bars."""
        room = self._room()
        if not len(self.kl) or not room.left() <= x < room.right():
            return -1
        place = int((x - room.left()) / self._wide())
        return place if place < len(self.kl) else -1

    def _wide(self) -> float:
        return min(self._room().width() / max(len(self.kl), 1), px(WIDEST))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grid, numbers, bars."""
        painter, colors, room = QPainter(self), theme().colors, self._room()
        painter.setFont(theme().font(11))
        top = max(LEAST_TOP, 1.08 * float(self.kl.max(initial=0.0)))
        paint_scale(painter, room, top)
        if not len(self.kl):
            return
        wide = self._wide()
        alive = QColor(readable(colors.latent, colors.stage, colors.text, 3.0))
        dead = QColor(readable(colors.neutral, colors.stage, colors.text, 3.0))
        gap = 1 if wide < px(6) else px(2)
        for place, index in enumerate(self.order):
            high = max(float(self.kl[index]) / top * room.height(), px(2))
            left, right = round(room.left() + place * wide), round(room.left() + (place + 1) * wide)
            bar = QRectF(left, room.bottom() - high, max(right - left - gap, 1), high)
            painter.fillRect(bar, dead if self.kl[index] < DEAD else alive)

    def help_at(self, point: QPointF) -> str:
        """Which latent a bar is, and its nats."""
        place = self.bar_at(point.x())
        return nats_of(self.kl, int(self.order[place])) if place >= 0 else HELP

    @Slot()
    def _restyle(self) -> None:
        self.setMinimumSize(px(80), px(40))
        self.update()


class KLBars(QWidget):
    """The bars under one line that counts those that tell something."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.bars = OneLine(), _Bars()
        self.title.setProperty("role", "small")
        self.title.setToolTip(HELP)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        box = pad(QVBoxLayout(self), (8, 0, 0, 0), 0)
        box.addWidget(self.title)
        box.addWidget(self.bars, 1)
        self.set_kl(None)

    def set_kl(self, kl: Floats | None) -> None:
        """Nats of each latent, (D,); None before they are known."""
        self.title.setText(bars_title(kl))
        self.bars.setAccessibleDescription(bars_title(kl))
        self.bars.set_kl(np.zeros(0, np.float32) if kl is None or not kl.any() else np.maximum(kl, 0))
