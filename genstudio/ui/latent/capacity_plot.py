"""The rate-distortion curve of a ladder: a dot for each model, the present one lit; a click chooses the nearest."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from genstudio.ui.latent.capacity_state import Rung
from genstudio.ui.latent.capacity_words import told
from genstudio.ui.numbers import nice_ticks, tick_text
from genstudio.ui.theme import px, readable, theme

HELP = (
    "Each dot is a model. Right: its codes tell more of a picture (rate, the KL). Down: less of the picture is lost "
    "(distortion). Along a dotted line the ELBO is the same. Click or drag to choose a model."
)
DOT, LIT = 4, 6  # radii, design px
CROWDED = 3  # widths of a name in which another dot takes the room at the right
ACROSS, DOWN, DIAGONALS = 7, 5, 5  # about how many numbers


class RatePlot(QWidget):
    """Paints one ladder. `set_rungs` gives the dots, `set_place` says which is lit."""

    chosen = Signal(int)  # the rung under the hand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rungs: tuple[Rung, ...] = ()
        self._place = -1
        self._frame: tuple[QRectF, tuple[float, float, float, float]] | None = None  # as last measured
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Rate-distortion curve")
        self.setAccessibleDescription(HELP)
        theme().changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """Low and wide."""
        return QSize(px(400), px(184))

    def minimumSizeHint(self) -> QSize:
        """As low as it can be read."""
        return QSize(px(160), px(140))

    def set_rungs(self, rungs: tuple[Rung, ...]) -> None:
        """Other models."""
        if rungs != self._rungs:
            self._rungs, self._frame = rungs, None
            self.update()

    def set_place(self, place: int) -> None:
        """Light one of them; -1 none."""
        if place != self._place:
            self._place = place
            self.update()

    # ---- geometry -------------------------------------------------------------------------------------

    def _room(self) -> QRectF:
        metrics, (_, right, low, high) = self.fontMetrics(), self.ranges()
        wide = max(metrics.horizontalAdvance(f"−{abs(v):,.0f}") for v in (100, low, high, right + high)) + px(10)
        return QRectF(self.rect()).adjusted(wide, metrics.height() + px(6), -wide, -metrics.height() - px(6))

    def ranges(self) -> tuple[float, float, float, float]:
        """Lowest and highest rate, lowest and highest distortion that are seen."""
        lost = [rung.distortion for rung in self._rungs]
        highest = max((rung.rate for rung in self._rungs), default=1.0)
        margin = 0.16 * (max(lost, default=1.0) - min(lost, default=0.0)) or 1.0
        return 0.0, 1.12 * highest or 1.0, min(lost, default=0.0) - margin, max(lost, default=1.0) + margin

    def point(self, rate: float, distortion: float) -> QPointF:
        """Where a pair of nats is, in widget pixels."""
        if self._frame is None:
            self._frame = (self._room(), self.ranges())
        room, (left, right, low, high) = self._frame
        x = room.left() + (rate - left) / (right - left) * room.width()
        return QPointF(x, room.bottom() - (distortion - low) / (high - low) * room.height())

    def dot(self, place: int) -> QPointF:
        """Where a rung's dot is."""
        return self.point(self._rungs[place].rate, self._rungs[place].distortion)

    def nearest(self, where: QPointF) -> int:
        """The rung whose dot is nearest; -1 without any."""
        gaps = [(self.dot(k) - where).manhattanLength() for k in range(len(self._rungs))]
        return gaps.index(min(gaps)) if gaps else -1

    # ---- hand -----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The nearest dot is meant."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A drag goes along the curve."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event.position())

    def _choose(self, where: QPointF) -> None:
        place = self.nearest(where)
        if place >= 0 and place != self._place:
            self.chosen.emit(place)

    def event(self, event: QEvent) -> bool:
        """A tooltip for each dot."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            where = QPointF(event.pos())
            place = self.nearest(where)
            near = place >= 0 and (self.dot(place) - where).manhattanLength() < px(20)
            QToolTip.showText(event.globalPos(), told(self._rungs[place]) if near else f"<p>{HELP}</p>", self)
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The dots move."""
        self._frame = None
        super().resizeEvent(event)

    # ---- paint ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grid, lines of equal ELBO, the curve, its dots and their names."""
        if not self._rungs:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font(11))
        self._paint_grid(painter)
        self._paint_diagonals(painter)
        colors = theme().colors
        dots = [self.dot(k) for k in range(len(self._rungs))]
        line = QColor(readable(colors.latent, colors.stage, colors.text, 3.0))
        painter.setPen(QPen(line, px(1.5)))
        painter.drawPolyline(QPolygonF(sorted(dots, key=QPointF.x)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(line)
        for spot in dots:
            painter.drawEllipse(spot, px(DOT), px(DOT))
        if 0 <= self._place < len(dots):
            painter.setBrush(QColor(colors.accent))
            painter.setPen(QPen(QColor(colors.stage), px(2)))
            painter.drawEllipse(dots[self._place], px(LIT), px(LIT))
        self._paint_names(painter, dots)

    def _paint_grid(self, painter: QPainter) -> None:
        """Numbers at the left and below; the lines are those of equal ELBO."""
        room, (left, right, low, high), colors = self._room(), self.ranges(), theme().colors
        height = painter.fontMetrics().height()
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        for side in (
            QRectF(room.left(), room.top(), 1, room.height()),
            QRectF(room.left(), room.bottom(), room.width(), 1),
        ):
            painter.fillRect(side, QColor(colors.line))
        painter.setPen(QColor(colors.text2))
        for value in nice_ticks(low, high, min(max(room.height() / (2 * height), 1), DOWN)):
            y = self.point(left, value).y()
            painter.drawText(QRectF(0, y - height, room.left() - px(6), 2 * height), middle, tick_text(value, 1))
        name = "told (rate), nats"
        free = self.width() - painter.fontMetrics().horizontalAdvance(name) - px(24)
        for value in nice_ticks(left, right, ACROSS):
            x = self.point(value, low).x()
            if x < free:
                where = QRectF(x - px(30), room.bottom() + px(4), px(60), height)
                painter.drawText(where, Qt.AlignmentFlag.AlignHCenter, tick_text(value, 1))
        painter.drawText(QRectF(0, room.bottom() + px(4), self.width(), height), Qt.AlignmentFlag.AlignRight, name)
        painter.drawText(QRectF(0, 0, room.right(), height), Qt.AlignmentFlag.AlignLeft, "lost (distortion), nats")
        painter.drawText(QRectF(0, 0, self.width(), height), Qt.AlignmentFlag.AlignRight, "ELBO, nats")

    def _paint_diagonals(self, painter: QPainter) -> None:
        """Dotted lines of equal ELBO, named where they leave at the right."""
        room, (left, right, low, high), colors = self._room(), self.ranges(), theme().colors
        height = painter.fontMetrics().height()
        for total in nice_ticks(left + low, right + high, DIAGONALS):
            painter.save()
            painter.setClipRect(room)
            painter.setPen(QPen(QColor(colors.edge), px(1), Qt.PenStyle.DotLine))
            painter.drawLine(self.point(left, total - left), self.point(right, total - right))
            painter.restore()
            at = self.point(right, total - right)
            if room.top() <= at.y() <= room.bottom():
                painter.setPen(QColor(colors.text2))
                where = QRectF(at.x() + px(6), at.y() - height, self.width() - at.x() - px(6), 2 * height)
                painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, tick_text(-total, 1))

    def _paint_names(self, painter: QPainter, dots: list[QPointF]) -> None:
        colors = theme().colors
        taken = [QRectF(spot.x() - px(DOT), spot.y() - px(DOT), 2 * px(DOT), 2 * px(DOT)) for spot in dots]
        order = sorted(range(len(dots)), key=lambda k: k != self._place)  # the lit one takes the best place
        for k in order:
            lit = k == self._place
            painter.setFont(theme().font(13 if lit else 11, bold=lit))
            text = self._rungs[k].label
            wide, high = painter.fontMetrics().horizontalAdvance(text), painter.fontMetrics().height()
            away = px(LIT + 4)
            x, y = dots[k].x(), dots[k].y()
            right, left = x + away / 2, x - away / 2 - wide
            above, below = y - away / 2 - high, y + away / 2
            if any(x < other.x() < x + CROWDED * wide for other in dots):
                right, left = left, right
            corners = ((right, above), (left, below), (right, below), (left, above))
            tries = [QRectF(*corner, wide, high) for corner in corners]
            spot = next((box for box in tries if not any(box.intersects(other) for other in taken)), tries[0])
            taken.append(spot)
            painter.setPen(QColor(colors.accent_text if lit else colors.latent_text))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, text)

    @Slot()
    def _restyle(self) -> None:
        self._frame = None
        self.updateGeometry()
        self.update()
