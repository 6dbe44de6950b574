"""What a latent slider shows: the number asked for, the number seen, its name, its lock. No hand moves it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from genstudio.ui.latent.axes import Face
from genstudio.ui.theme import px
from genstudio.ui.widgets.latent_face import (
    NAMES,
    RANGE,
    Look,
    lock_box_of,
    paint_row,
    row_height,
    track_of,
    value_box_of,
    x_of,
)
from genstudio.ui.widgets.latent_keys import HELP, STEP

PER_SIGMA = 1000  # steps of the integer that QSlider keeps for assistive tools


class LatentRow(QSlider):
    """One number in [-3, 3] sigma; it may hold a number beyond, which only the box shows."""

    def __init__(self, index: int, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._exact = 0.0
        self._is_locked = False
        self._seen: float | None = None
        self.axis, self.face, self._name_px = index, Face(f"z{index + 1}"), NAMES["raw"]
        self.setRange(round(-RANGE * PER_SIGMA), round(RANGE * PER_SIGMA))
        self.setSingleStep(round(STEP * PER_SIGMA))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        LatentRow.set_face(self, index, self.face)

    def set_face(self, axis: int, face: Face, kind: str = "raw") -> None:
        """Stand for another slider of a set."""
        self.axis, self.face, self._name_px = axis, face, NAMES[kind]
        self.setAccessibleName(face.name)
        words = " ".join(part for part in (face.stop, face.help, face.dead) if part)
        self.setAccessibleDescription(f"{words} {HELP}".strip())
        self.setToolTip(f"<p>{face.name}: {words}</p><p>{HELP}</p>" if words else f"<p>{face.name}: {HELP}</p>")
        self.updateGeometry()
        self.update()

    def set_locked(self, is_locked: bool) -> None:
        """Show whether it is locked."""
        if is_locked != self._is_locked:
            self._is_locked = is_locked
            self.update()

    def is_locked(self) -> bool:
        """Whether it shows a closed lock."""
        return self._is_locked

    def sizeHint(self) -> QSize:
        """One row of the list."""
        return QSize(px(220), row_height(self.face))

    minimumSizeHint = sizeHint

    # ---- value ---------------------------------------------------------------------------------

    def exact(self) -> float:
        """The number itself, not its rounded place on the track."""
        return self._exact

    def set_exact(self, value: float) -> None:
        """Show a number without telling anybody."""
        if value == self._exact:
            return
        self._exact = value
        self.setValue(self._place())
        self.update()

    def set_seen(self, value: float | None) -> None:
        """What the picture shows, as the slider's value; then that is its number. None where it only shows a code."""
        if value != self._seen:
            self._seen = value
            self.update()

    def number(self) -> str:
        """The number as it is read."""
        return self.face.words(self._exact) if self._seen is None else self.face.measured(self._seen)

    def _place(self) -> int:
        return round(min(max(self._exact, -RANGE), RANGE) * PER_SIGMA)

    # ---- geometry ------------------------------------------------------------------------------

    def track(self) -> QRectF:
        """The line from -3 sigma to +3 sigma."""
        return track_of(self.width(), self.height(), self._name_px)

    def value_box(self) -> QRectF:
        """Where the number stands."""
        return value_box_of(self.width(), self.height())

    def lock_box(self) -> QRectF:
        """Where the lock is."""
        return lock_box_of(self.height())

    def x_of(self, value: float) -> float:
        """Where a number lies on the track, in pixels."""
        return x_of(self.track(), value)

    def _value_at(self, x: float) -> float:
        track = self.track()
        share = min(max((x - track.left()) / track.width(), 0.0), 1.0)
        return round((share * 2 - 1) * RANGE, 3)

    def _is_on_track(self, x: float) -> bool:
        track = self.track()
        return track.left() - px(8) <= x <= track.right() + px(8)

    # ---- paint ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Opaque, else a move repaints all the panels behind it; the style sheet has just taken it away."""
        super().showEvent(event)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        """All of the row."""
        look = Look(
            self._exact, self.isSliderDown(), self.underMouse(), self.hasFocus(), self._is_locked,
            self.devicePixelRatioF(), self._seen,
        )  # fmt: skip
        paint_row(QPainter(self), self.width(), self.height(), self._name_px, self.face, look)
