"""Sliders over a code, sixteen at a time: the code z of a picture under the hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QLocale, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDoubleValidator, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from genstudio.ui.latent.axes import CodeAxes, Face, raw_axes
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.latent_scale import Scale
from genstudio.ui.widgets.latent_slider import LatentSlider
from genstudio.ui.widgets.pager import Pager

ROWS = 16  # on a page
TURNS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}  # with Ctrl


class LatentSliders(QWidget):
    """A code z shown as sliders of one set; lives on the window thread.

    Signals:
        changed: the whole code (float64 array) after each move by the hand.
        grabbed: a hand took hold of a slider, whether or not it moves it.
        finished: a gesture that changed the code has ended.
        lock_wanted: the name of a slider whose lock was pressed.
    """

    changed = Signal(object)
    grabbed = Signal()
    finished = Signal()
    lock_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[LatentSlider] = []
        self._axes: CodeAxes = raw_axes(0)
        self._order: list[int] = []
        self._locked: frozenset[str] = frozenset()
        self._z = self._places = np.zeros(0)
        self._gesture: tuple[Face, float, float] | None = None  # the last one
        self._seen: npt.NDArray[np.float64] | None = None
        self._page, self._edited = 0, -1
        self._list = QWidget()
        self._lines = QVBoxLayout(self._list)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)
        self._scale, self.pager = Scale(), Pager()
        self.pager.turned.connect(self.turn)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for part in (self._scale, self._list, self.pager):
            box.addWidget(part)
        self._editor = QLineEdit(self._list)
        self._editor.setObjectName("latent_value")
        self._editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        validator = QDoubleValidator(-9999, 9999, 3, self._editor)
        validator.setLocale(QLocale.c())
        validator.setNotation(QDoubleValidator.Notation.StandardNotation)
        self._editor.setValidator(validator)
        self._editor.editingFinished.connect(self._take_edit)
        self._editor.installEventFilter(self)
        self._sought = 0  # a row that is to have the keyboard
        self._editor.hide()
        theme().changed.connect(self._restyle)

    # ---- data in -------------------------------------------------------------------------------

    def set_count(self, count: int) -> None:
        """Show a slider for each of `count` latents, all at 0."""
        self.set_axes(raw_axes(count), range(count), np.zeros(count))

    def set_axes(
        self, axes: CodeAxes, order: Sequence[int], z: npt.ArrayLike, locked: Collection[str] = frozenset()
    ) -> None:
        """Show another set of sliders, in an order, at a code.

        The page stays where the set is the same; the keyboard stays with its slider, wherever that goes.
        """
        self._editor.hide()
        focused = next((row.face.name for row in self._rows if row.hasFocus()), "")
        if (axes.kind, len(axes.faces)) != (self._axes.kind, len(self._axes.faces)):
            self._page = 0
        self._seen = self._gesture = None
        code = np.array(z, dtype=np.float64)
        if not (np.array_equal(code, self._z) and axes.reads_as(self._axes)):  # else all stay where the hand put them
            self._places = axes.positions(code)
        self._axes, self._order, self._locked, self._z = axes, list(order), frozenset(locked), code
        self._scale.set_kind(axes.kind)
        place = self.names().index(focused) if focused in self.names() else -1
        if place >= 0:
            self._page = place // ROWS
        self._lay_out()
        if place >= 0:
            self._rows[place % ROWS].setFocus(Qt.FocusReason.OtherFocusReason)

    def set_code(self, z: npt.ArrayLike) -> None:
        """Show a code without telling anybody; a slider beyond its range keeps the exact number.

        For the code that the hand has just made all stay where they are: of measures the code tells only a part.
        """
        code = np.array(z, dtype=np.float64)
        if len(code) != len(self._z):
            raise ValueError(f"a code of {len(code)} numbers for sliders over {len(self._z)}")
        if not np.array_equal(code, self._z):
            self._z, self._places = code, self._axes.positions(code)
            self._put()

    def set_seen(self, values: npt.NDArray[np.float64] | None) -> None:
        """What the picture shows of each slider of the set, (K,), NaN where nothing; the knobs stay as they are."""
        self._seen = values
        self._put()

    def code(self) -> npt.NDArray[np.float64]:
        """The exact code the sliders stand for."""
        return self._z.copy()

    def rows(self) -> tuple[LatentSlider, ...]:
        """The sliders of the page shown, the top one first."""
        return tuple(self._rows)

    def names(self) -> tuple[str, ...]:
        """The sliders of all pages in their order."""
        return tuple(self._axes.faces[k].name for k in self._order)

    def gesture(self) -> tuple[Face, float, float] | None:
        """The slider that the hand moved last, from where and to where; None after a grab that moved none."""
        return self._gesture

    def is_held(self) -> bool:
        """Whether a slider is being dragged just now."""
        return any(row.isSliderDown() for row in self._rows)

    # ---- pages ---------------------------------------------------------------------------------

    @Slot(int)
    def turn(self, direction: int) -> None:
        """To the next page or the one before."""
        page = self._page + direction
        if 0 <= page * ROWS < len(self._order):
            self._editor.hide()
            self._page = page
            self._lay_out()

    def seek(self, name: str) -> None:
        """Turn to the page of a slider, and give it the keyboard once all that goes on is done."""
        if name in self.names():
            self._editor.hide()
            self._page, self._sought = divmod(self.names().index(name), ROWS)
            self._lay_out()
            QTimer.singleShot(0, self._focus_sought)

    @Slot()
    def _focus_sought(self) -> None:
        self._go_to(min(self._sought, len(self._rows) - 1))

    def _part(self) -> list[int]:
        return self._order[self._page * ROWS : (self._page + 1) * ROWS]

    def _lay_out(self) -> None:
        part = self._part()
        while len(self._rows) > len(part):
            row = self._rows.pop()
            self._lines.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self._rows) < len(part):
            row = LatentSlider(len(self._rows))
            row.moved.connect(self._row_moved)
            row.grabbed.connect(self._begin)
            row.finished.connect(self.finished)
            row.neighbour_wanted.connect(self._go_to)
            row.edit_wanted.connect(self._open_editor)
            row.lock_wanted.connect(self._lock)
            self._rows.append(row)
            self._lines.addWidget(row)
            row.show()  # at once: it may be given the keyboard now
        for row, axis in zip(self._rows, part, strict=True):
            face = self._axes.faces[axis]
            row.set_face(axis, face, self._axes.kind)
            row.set_locked(face.name in self._locked)
        self._put()
        first = self._page * ROWS
        self.pager.show_part(first + 1, first + len(part), len(self._order))
        self._fit()

    def _put(self) -> None:
        for row, axis in zip(self._rows, self._part(), strict=True):
            row.set_exact(float(self._places[axis]))
            row.set_seen(None if self._seen is None else float(self._seen[axis]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl with a Page key leafs."""
        key = Qt.Key(event.key())
        if key in TURNS and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.turn(TURNS[key])
        else:
            super().keyPressEvent(event)

    # ---- hand ----------------------------------------------------------------------------------

    @Slot()
    def _begin(self) -> None:
        self._gesture = None
        self.grabbed.emit()

    @Slot(int, float, float)
    def _row_moved(self, axis: int, before: float, after: float) -> None:
        self._z = self._axes.moved(self._z, axis, before, after)
        self._gesture = self._axes.faces[axis], before if self._gesture is None else self._gesture[1], after
        self._places = self._axes.shifted(self._places, self._z, axis, after)
        if self._axes.is_crossed:
            self._put()
        self.changed.emit(self.code())

    @Slot(int)
    def _lock(self, axis: int) -> None:
        self.lock_wanted.emit(self._axes.faces[axis].name)

    @Slot(int)
    def _go_to(self, index: int) -> None:
        """To a row of this page; before its first and after its last to the next page."""
        page = self._page
        if not 0 <= index < len(self._rows):
            self.turn(-1 if index < 0 else 1)
            if self._page == page:
                return
            index = len(self._rows) - 1 if index < 0 else 0
        self._rows[index].setFocus(Qt.FocusReason.TabFocusReason)

    @Slot(int, str)
    def _open_editor(self, index: int, text: str) -> None:
        row = self._rows[index]
        self._edited = index
        box = row.value_box().toAlignedRect().adjusted(-px(8), -px(1), 0, px(1))
        self._editor.setGeometry(box.translated(row.pos()))
        self._editor.setAccessibleName(f"Value of {row.accessibleName()}")
        self._editor.setText(text or row.face.typed(row.exact()))
        self._editor.show()
        self._editor.raise_()
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if not text:
            self._editor.selectAll()
        self._begin()

    @Slot()
    def _take_edit(self) -> None:
        index, self._edited = self._edited, -1
        text = self._editor.text()
        had_focus = self._editor.hasFocus()
        self._editor.hide()
        if not 0 <= index < len(self._rows):
            return
        row = self._rows[index]
        if had_focus:
            row.setFocus(Qt.FocusReason.OtherFocusReason)
        try:
            value = row.face.value_of(text)
        except ValueError:
            return
        if row.face.typed(row.exact()) != text:
            row.take(value)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Escape leaves the value box without a change; a comma counts as a decimal point."""
        if watched is self._editor and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
                index, self._edited = self._edited, -1
                self._editor.hide()
                self._go_to(index)
                return True
            if event.text() == ",":  # type: ignore[attr-defined]
                self._editor.insert(".")
                return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    # ---- size ----------------------------------------------------------------------------------

    @Slot()
    def _restyle(self) -> None:
        for row in self._rows:
            row.updateGeometry()
            row.update()
        self._scale.updateGeometry()
        self._scale.update()
        self._fit()

    def _fit(self) -> None:
        self._list.setFixedHeight(max(sum(row.sizeHint().height() for row in self._rows), 1))
        self._scale.setVisible(bool(self._rows))
