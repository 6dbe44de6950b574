"""A slider for one latent number: name, track and value in one row."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from genstudio.ui.latent.axes import Face
from genstudio.ui.theme import px
from genstudio.ui.widgets.bubble import Bubble
from genstudio.ui.widgets.latent_face import RANGE
from genstudio.ui.widgets.latent_keys import FINE_STEP, NEIGHBOURS, PLACES, STEP, STEPS
from genstudio.ui.widgets.latent_row import PER_SIGMA, LatentRow

LIMIT = 9.99  # sigma that the value box accepts


class LatentSlider(LatentRow):
    """One number in [-3, 3] sigma; it may hold a number beyond, which only the box shows.

    Signals:
        moved: the hand changed the number: of which slider of its set, from what, to what.
        grabbed: the hand took hold.
        finished: a gesture that changed the number is over.
        neighbour_wanted: the row to go to.
        edit_wanted: this row, and the first character typed.
        lock_wanted: which slider of its set is to be locked or let go.
    """

    moved = Signal(int, float, float)
    grabbed = Signal()
    finished = Signal()
    neighbour_wanted = Signal(int)
    edit_wanted = Signal(int, str)
    lock_wanted = Signal(int)

    def __init__(self, index: int, parent: QWidget | None = None) -> None:
        super().__init__(index, parent)
        self._index, self._offset, self._changed = index, 0.0, False
        self._bubble: Bubble | None = None
        self.valueChanged.connect(self._value_set)

    def set_face(self, axis: int, face: Face, kind: str = "raw") -> None:
        """Stand for another slider of a set; a hand that holds this one holds that one no more."""
        if axis != self.axis and self.isSliderDown():
            self.setSliderDown(False)
            self.finish()
        super().set_face(axis, face, kind)

    # ---- value ---------------------------------------------------------------------------------

    def move_to(self, value: float) -> None:
        """Change the number as the hand does; of one that cannot be moved the row says why."""
        if self._is_stopped():
            return
        value = min(max(value, -LIMIT), LIMIT)
        if value != self._exact:
            before = self._exact
            self.set_exact(value)
            self._changed = True
            self.moved.emit(self.axis, before, value)

    def take(self, value: float) -> None:
        """Change the number to one that was typed; beyond the limit it becomes that, and the row says so."""
        self.move_to(value)
        self.finish()
        if abs(value) > LIMIT:
            side = "most" if value > 0 else "least"
            self._say(f"The {side} is {self.face.typed(self._exact)}.", self.value_box())

    def _is_stopped(self) -> bool:
        """Whether it cannot be moved; says why not."""
        if self.face.stop:
            self._say(self.face.stop, self.lock_box())
        return bool(self.face.stop)

    def _say(self, words: str, beside: QRectF) -> None:
        self._bubble = self._bubble or Bubble(self)
        self._bubble.say(words, beside.toAlignedRect())

    def said(self) -> str:
        """What it says about the last try to move it; '' if nothing, or no longer."""
        return self._bubble.text() if self._bubble is not None and not self._bubble.isHidden() else ""

    def finish(self) -> None:
        """End a gesture; says so only if it changed anything."""
        if self._changed:
            self._changed = False
            self.finished.emit()

    @Slot(int)
    def _value_set(self, place: int) -> None:
        if place != self._place():  # an assistive tool moved the slider
            self.move_to(place / PER_SIGMA)
            self.finish()
            self.setValue(self._place())

    # ---- hand ----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the knob where it is, or bring it to the pointer; a click on the number edits it."""
        x = event.position().x()
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
        elif self.lock_box().contains(event.position()):
            self.lock_wanted.emit(self.axis)
        elif self.value_box().contains(event.position()):
            self._edit()
        elif self._is_on_track(x) and not self._is_stopped():
            knob = self.x_of(self._exact)
            self._offset = x - knob if abs(x - knob) <= px(9) else 0.0
            self.setSliderDown(True)
            self.grabbed.emit()
            if self._offset == 0.0:
                self.move_to(self._value_at(x))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if self.isSliderDown():
            self.move_to(self._value_at(event.position().x() - self._offset))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self.isSliderDown():
            self.setSliderDown(False)
            self.finish()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to 0."""
        if self.lock_box().contains(event.position()):
            self.lock_wanted.emit(self.axis)
        elif event.button() == Qt.MouseButton.LeftButton and not self.value_box().contains(event.position()):
            self._begin()
            self.move_to(0.0)
            self.finish()

    def _edit(self, text: str = "") -> None:
        if not self._is_stopped():
            self.edit_wanted.emit(self._index, text)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Over the track of the slider with the focus the wheel turns the number; elsewhere it scrolls the list."""
        notches = (event.angleDelta().y() or event.angleDelta().x()) / 120
        if not self.hasFocus() or not self._is_on_track(event.position().x()) or not notches:
            event.ignore()
            return
        step = FINE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
        self._step(notches * step)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """However many notches the wheel turned, it is one gesture."""
        if not self.isSliderDown():
            self.finish()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Page, Home, End, Delete, Enter and digits, as the tooltip says."""
        key, text = Qt.Key(event.key()), event.text()
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if not plain:
            event.ignore()
        elif key in STEPS:
            is_fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._step(STEPS[key] * (FINE_STEP / STEP if is_fine else 1))
        elif key in PLACES:
            self._begin()
            self.move_to(PLACES[key])
        elif key in NEIGHBOURS:
            self.neighbour_wanted.emit(self._index + NEIGHBOURS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self._edit()
        elif text in ("l", "L"):
            self.lock_wanted.emit(self.axis)
        elif text and text in "-0123456789":
            self._edit(text)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A held arrow is one gesture."""
        if not event.isAutoRepeat():
            self.finish()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Going away ends the gesture."""
        self.finish()
        super().focusOutEvent(event)

    def _begin(self) -> None:
        if not self._changed and not self.face.stop:
            self.grabbed.emit()

    def _step(self, amount: float) -> None:
        self._begin()
        self.move_to(min(max(round(self._exact + amount, 4), -RANGE), RANGE))
