"""One slider per latent number: the code z of a picture under the hand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QLocale, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QDoubleValidator, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.latent_slider import LIMIT, RANGE, LatentSlider, row_height, track_of

VISIBLE_ROWS = 16  # more latents scroll


class Scale(QWidget):
    """The line of figures above the sliders: -3, 0 and +3 sigma over the places where they lie."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as the sliders, one small line high."""
        return QSize(px(160), px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Three figures, centred over their places on the tracks below."""
        painter = QPainter(self)
        painter.setFont(theme().font(11))
        painter.setPen(QColor(theme().colors.text2))
        track = track_of(self.width(), self.height())
        for share, text in ((0.0, f"−{RANGE:g}σ"), (0.5, "0"), (1.0, f"+{RANGE:g}σ")):
            centre = track.left() + share * track.width()
            painter.drawText(QRectF(centre - px(24), 0, px(48), self.height()), Qt.AlignmentFlag.AlignCenter, text)


class LatentSliders(QWidget):
    """A code z shown as sliders; lives on the window thread.

    Signals:
        changed: the whole code (float64 array) after each move by the hand.
        grabbed: a hand took hold of a slider, whether or not it moves it.
        finished: a gesture that changed the code has ended.
    """

    changed = Signal(object)
    grabbed = Signal()
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[LatentSlider] = []
        self._edited = -1
        self._list = QWidget()
        self._list.setObjectName("latent_list")
        self._lines = QVBoxLayout(self._list)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._list)
        self._area.viewport().setAutoFillBackground(False)
        self._list.setAutoFillBackground(False)
        self._scale = Scale()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._scale)
        box.addWidget(self._area)
        self._editor = QLineEdit(self._list)
        self._editor.setObjectName("latent_value")
        self._editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        validator = QDoubleValidator(-LIMIT, LIMIT, 3, self._editor)
        validator.setLocale(QLocale.c())
        validator.setNotation(QDoubleValidator.Notation.StandardNotation)
        self._editor.setValidator(validator)
        self._editor.editingFinished.connect(self._take_edit)
        self._editor.installEventFilter(self)
        self._editor.hide()
        theme().changed.connect(self._restyle)

    # ---- data in -------------------------------------------------------------------------------

    def set_count(self, count: int) -> None:
        """Show `count` sliders, all at 0."""
        self._editor.hide()
        while len(self._rows) > count:
            row = self._rows.pop()
            self._lines.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self._rows) < count:
            row = LatentSlider(len(self._rows))
            row.moved.connect(self._row_moved)
            row.grabbed.connect(self.grabbed)
            row.finished.connect(self.finished)
            row.neighbour_wanted.connect(self._go_to)
            row.edit_wanted.connect(self._open_editor)
            self._rows.append(row)
            self._lines.addWidget(row)
        self.set_code(np.zeros(count))
        self._fit()

    def set_code(self, z: npt.ArrayLike) -> None:
        """Show a code without telling anybody; a slider beyond its range keeps the exact number."""
        for row, value in zip(self._rows, np.asarray(z, dtype=np.float64), strict=True):
            row.set_exact(float(value))

    def code(self) -> npt.NDArray[np.float64]:
        """The exact code the sliders stand for."""
        return np.array([row.exact() for row in self._rows], dtype=np.float64)

    def rows(self) -> tuple[LatentSlider, ...]:
        """The sliders, z1 first."""
        return tuple(self._rows)

    def is_held(self) -> bool:
        """Whether a slider is being dragged just now."""
        return any(row.isSliderDown() for row in self._rows)

    # ---- hand ----------------------------------------------------------------------------------

    @Slot()
    def _row_moved(self) -> None:
        self.changed.emit(self.code())

    @Slot(int)
    def _go_to(self, index: int) -> None:
        if 0 <= index < len(self._rows):
            self._rows[index].setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(self._rows[index], 0, px(8))

    @Slot(int, str)
    def _open_editor(self, index: int, text: str) -> None:
        row = self._rows[index]
        self._edited = index
        box = row.value_box().toAlignedRect().adjusted(-px(8), -px(1), 0, px(1))
        self._editor.setGeometry(box.translated(row.pos()))
        self._editor.setAccessibleName(f"Value of {row.accessibleName()}")
        self._editor.setText(text or f"{row.exact():.2f}")
        self._editor.show()
        self._editor.raise_()
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if not text:
            self._editor.selectAll()
        self.grabbed.emit()

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
            value = float(text.replace(",", "."))
        except ValueError:
            return
        if f"{row.exact():.2f}" != text:
            row.move_to(value)
            row.finish()

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
        shown = min(len(self._rows), VISIBLE_ROWS)
        self._area.setFixedHeight(shown * row_height())
        self._area.setVisible(shown > 0)
        self._list.setMinimumHeight(len(self._rows) * row_height())
        self._scale.setVisible(bool(self._rows))
