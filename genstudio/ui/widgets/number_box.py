"""Boxes for whole numbers and for numbers with a fraction or over magnitudes."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QWidget

from genstudio.ui.theme import fix, pixmap, px, theme
from genstudio.ui.widgets.bubble import Bubble


class _NumberBox:
    """What both number boxes share: drawn arrows, no wheel without focus, bare keys left to the window.

    What is typed and not allowed becomes the nearest number that is, and the box says so.
    """

    _multiple = 1
    _bubble: Bubble | None = None

    def said(self) -> str:
        """What it says about the number that was typed last; '' if nothing, or no longer."""
        return self._bubble.text() if self._bubble is not None and not self._bubble.isHidden() else ""

    def validate(self: Any, text: str, position: int) -> Any:
        """Anything that may become a number may be typed, also one that is not allowed."""
        number = self._number(text)
        if number is None:
            may_become = self._plain(text) == "" or set(self._plain(text)) <= set(self.LETTERS)
            return (QValidator.State.Intermediate if may_become else QValidator.State.Invalid, text, position)
        is_allowed = self._nearest(number) == number
        return (QValidator.State.Acceptable if is_allowed else QValidator.State.Intermediate, text, position)

    def fixup(self: Any, text: str) -> str:
        """Called when a text that is not allowed is taken: the nearest that is, or what was there before."""
        number = self._number(text)
        if number is None:
            return f"{self.textFromValue(self.value())}{self.suffix()}"
        nearest = self._nearest(number)
        shown = f"{self.textFromValue(nearest)}{self.suffix()}"
        if number > self.maximum():
            self._say(f"The most is {shown}.")
        elif number < self.minimum():
            self._say(f"The least is {shown}.")
        else:
            self._say(f"Only multiples of {self._multiple}: {shown}.")
        return shown

    def valueFromText(self: Any, text: str) -> Any:
        """The number that was typed, or the allowed one next to it; a comma is a point."""
        number = self._number(text)
        return self.value() if number is None else self._nearest(number)

    def _say(self: Any, text: str) -> None:
        self._bubble = self._bubble or Bubble(self)
        self._bubble.say(text)

    def _plain(self: Any, text: str) -> str:
        return text.removesuffix(self.suffix()).strip().replace(",", ".").lower()

    def _nearest(self: Any, number: Any) -> Any:
        wanted = round(number / self._multiple) * self._multiple if self._multiple > 1 else number
        return min(max(wanted, self.minimum()), self.maximum())

    def _prepare(self: Any, label: str, help: str) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)
        self.setAccelerated(True)
        self.setAccessibleName(label)
        self.setToolTip(help)
        self.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToNearestValue)
        fix(self, height=28)
        theme().changed.connect(self._indent)
        self._indent()

    @Slot()
    def _indent(self: Any) -> None:
        self.lineEdit().setTextMargins(px(5), 0, 0, 0)

    def paintEvent(self: Any, event: QPaintEvent) -> None:
        super().paintEvent(event)  # type: ignore[misc]
        painter, colors = QPainter(self), theme().colors
        tint = colors.text2 if self.isEnabled() else colors.line
        side = px(12)
        left = self.width() - px(17)
        middle = self.height() // 2
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(left, middle - side + px(1), pixmap("chevron-up", tint, side, ratio))
        painter.drawPixmap(left, middle - px(1), pixmap("chevron-down", tint, side, ratio))

    def wheelEvent(self: Any, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)  # type: ignore[misc]
        else:
            event.ignore()

    def event(self: Any, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _is_for_window(event):  # type: ignore[arg-type]
            return False
        return bool(super().event(event))  # type: ignore[misc]

    def keyPressEvent(self: Any, event: QKeyEvent) -> None:
        if _is_for_window(event):
            event.ignore()
            return
        if event.key() == Qt.Key.Key_Escape:
            self.lineEdit().setText(f"{self.textFromValue(self.value())}{self.suffix()}")
            event.ignore()
            return
        super().keyPressEvent(event)  # type: ignore[misc]
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.selectAll()
            event.ignore()  # a panel does what it is for; the box keeps the keyboard, so that Tab goes on from here


def number_text(value: float, log: bool = False) -> str:
    """A number as short as it allows; a small one that spans magnitudes with its power of ten: 2e-4."""
    if log and 0 < abs(value) < 0.01:
        digits, power = f"{value:.2e}".split("e")
        return f"{float(digits):g}e{int(power)}"
    return f"{value:.6g}"


def _is_for_window(event: QKeyEvent) -> bool:
    """Space, letters other than e, ?, Ctrl+E and undo mean nothing in a number box; the window has a use for them."""
    undo = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
    text = event.text()
    bare = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
    export = QKeySequence(event.keyCombination()).toString() in ("Ctrl+E", "Ctrl+Shift+E")
    return undo or export or (bare and (text in (" ", "?") or (len(text) == 1 and text.isalpha() and text not in "eE")))


def _suffix(unit: str) -> str:
    return unit if unit in ("×", "%", "°") else f" {unit}" if unit else ""


class IntBox(_NumberBox, QSpinBox):
    """A whole number; with `multiple` what is typed goes to the nearest multiple of it."""

    LETTERS = "0123456789+-"

    def __init__(
        self,
        low: int = 0,
        high: int = 2**31 - 1,
        value: int = 0,
        step: int = 1,
        unit: str = "",
        label: str = "",
        help: str = "",
        multiple: int = 1,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._multiple = multiple
        self.setRange(-(-low // multiple) * multiple, high // multiple * multiple)
        self.setSingleStep(-(-step // multiple) * multiple)
        self.setSuffix(_suffix(unit))
        self.setValue(value)
        self._prepare(label, help)

    def _number(self, text: str) -> int | None:
        try:
            return int(self._plain(text))
        except ValueError:
            return None


class FloatBox(_NumberBox, QDoubleSpinBox):
    """A number; with `log` the arrows multiply by `step` and it reads 0.0002 or 2e-4."""

    LETTERS = "0123456789.+-e"

    def __init__(
        self,
        low: float = 0.0,
        high: float = 1.0,
        value: float = 0.0,
        step: float = 0.1,
        unit: str = "",
        label: str = "",
        help: str = "",
        log: bool = False,
        decimals: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._log = log
        self._shown = decimals
        self.setDecimals(12 if decimals is None else decimals)
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setSuffix(_suffix(unit))
        self.setValue(value)
        self._prepare(label, help)

    def textFromValue(self, value: float) -> str:
        """As short as the value allows."""
        if self._shown is not None:
            return f"{value:.{self._shown}f}"
        return number_text(value, self._log)

    def _number(self, text: str) -> float | None:
        try:
            number = float(self._plain(text))
        except ValueError:
            return None
        return number if math.isfinite(number) else None

    def stepBy(self, steps: int) -> None:
        """Arrows: add, or multiply when the field spans magnitudes."""
        if self._log:
            self.setValue(float(f"{max(self.value(), self.minimum()) * self.singleStep() ** steps:.3g}"))
        else:
            super().stepBy(steps)
