"""Number boxes, pickers, and the form that a settings dataclass gives."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QVBoxLayout, QWidget

from genstudio.settings import Setting, choices_of, setting_of
from genstudio.ui.theme import fix, pad, pixmap, px, theme
from genstudio.ui.widgets.inspector import CONTROL, Row
from genstudio.ui.widgets.number_box import FloatBox, IntBox
from genstudio.ui.widgets.plain import plain

WORDS = 152  # of a picker of words, px


class Choice(QComboBox):
    """A picker of one of a few words; `add_choice(text, data)`, `value()` is the data."""

    chosen = Signal(object)  # the user's choice, never the program's

    def __init__(
        self, choices: tuple[str, ...] = (), label: str = "", help: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(label)
        self.setToolTip(help)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        fix(self, height=28)
        for choice in choices:
            self.addItem(choice, choice)
        self.view().setAccessibleName(label)
        self.activated.connect(self._chosen)

    def add_choice(self, text: str, data: Any = None, help: str = "", enabled: bool = True) -> None:
        """Offer one more; `data` is what `value()` gives."""
        self.addItem(text, text if data is None else data)
        last = self.count() - 1
        if help:
            self.setItemData(last, plain(help), Qt.ItemDataRole.ToolTipRole)
        self.model().item(last).setEnabled(enabled)  # type: ignore[attr-defined]

    def value(self) -> Any:
        """The data of the present choice, None if there is none."""
        return self.currentData()

    def set_value(self, data: Any) -> bool:
        """Choose by data without a `chosen`; False if it is not on offer."""
        index = next((i for i in range(self.count()) if self.itemData(i) == data), -1)
        if index >= 0 and index != self.currentIndex():
            with QSignalBlocker(self):
                self.setCurrentIndex(index)
            self.update()
        return index >= 0

    def paintEvent(self, event: QPaintEvent) -> None:
        option, painter = QStyleOptionComboBox(), QStylePainter(self)
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        field = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        elide = Qt.TextElideMode.ElideRight
        option.currentText = self.fontMetrics().elidedText(option.currentText, elide, field.width() - px(2))
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        side = px(16)
        tint = theme().colors.text2 if self.isEnabled() else theme().colors.line
        spot = QRect(self.width() - side - px(6), (self.height() - side) // 2, side, side)
        painter.drawPixmap(spot.topLeft(), pixmap("chevron-down", tint, side, self.devicePixelRatioF()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def showPopup(self) -> None:
        """The list is as wide as its longest word."""
        need = self.view().sizeHintForColumn(0) + px(24)
        self.view().setMinimumWidth(max(self.width(), need))
        self.view().setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        super().showPopup()

    @Slot(int)
    def _chosen(self, index: int) -> None:
        self.chosen.emit(self.itemData(index))


def help_text(note: Setting, tunes: bool = False) -> str:
    """A field's help with its unit and range, and when a change counts, for a tooltip.

    Args:
        tunes: The form changes live settings of a run that goes on.
    """
    ends = (f"{end:g}" if abs(end) < 1e7 else f"{end:,.0f}" for end in (note.low, note.high))
    kind = f", multiples of {note.multiple}" if note.multiple > 1 else ""
    limits = "" if math.isinf(note.low) and math.isinf(note.high) else f" Range: {' to '.join(ends)}{kind}."
    unit = f" Unit: {note.unit}." if note.unit else ""
    when = "may be made while a run goes on" if tunes and note.live else "takes effect when a run starts"
    return f"{note.help}{limits}{unit} A change {when}."


class SettingsForm(QWidget):
    """One row per field of a frozen settings dataclass, with its label, help, range and reset arrow.

    Args:
        cls: The dataclass; its fields are annotated with `settings.Setting`.
        fields: Only these fields, in this order; all of them if empty. `value()` is whole either way.
        tunes: Its live settings change a run that goes on.
    """

    changed = Signal(object)  # the new value

    def __init__(
        self, cls: type[Any], fields: tuple[str, ...] = (), parent: QWidget | None = None, tunes: bool = False
    ) -> None:
        super().__init__(parent)
        self._tunes = tunes
        self._value = self._default = cls()
        self.controls: dict[str, IntBox | FloatBox | Choice] = {}
        self.rows: dict[str, Row] = {}
        column = pad(QVBoxLayout(self), 0, 8)
        for name in fields or tuple(f.name for f in dataclasses.fields(cls)):
            note = setting_of(cls, name) or Setting("")
            control = self._control(cls, name, note)
            width = WORDS if isinstance(control, Choice) else CONTROL
            row = Row(note.label or name, control, help_text(note, tunes), width)
            row.setProperty("field", name)
            control.setProperty("field", name)
            row.reset_clicked.connect(self._reset)
            self.controls[name], self.rows[name] = control, row
            column.addWidget(row)

    def value(self) -> Any:
        """The settings as they stand."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show other settings, without `changed`."""
        self._value = value
        for name, control in self.controls.items():
            with QSignalBlocker(control):
                if isinstance(control, Choice):
                    control.set_value(getattr(value, name))
                else:
                    control.setValue(getattr(value, name))
        self._light()

    def set_default(self, value: Any) -> None:
        """What the reset arrows go back to, if it is not the class's own default."""
        self._default = value
        self._light()

    def offer(self, name: str, choices: Sequence[tuple[str, str, str]]) -> None:
        """What a field that is a word can be: text, value and help of each; what it is now stays on offer."""
        picker, value = self.controls[name], getattr(self._value, name)
        assert isinstance(picker, Choice)
        with QSignalBlocker(picker):
            picker.clear()
            for text, data, help in choices:
                picker.add_choice(text, data, help)
            if not picker.set_value(value):
                picker.add_choice(value, value)
                picker.set_value(value)

    def dim_fixed(self, is_dim: bool) -> None:
        """Dim the names of the settings that count only when a run starts, or light them again."""
        for name, row in self.rows.items():
            note = setting_of(type(self._value), name)
            role = "second" if is_dim and not (note is not None and note.live) else ""
            if (row.label.property("role") or "") != role:
                row.label.setProperty("role", role)
                row.label.style().unpolish(row.label)
                row.label.style().polish(row.label)

    def _control(self, cls: type[Any], name: str, note: Setting) -> IntBox | FloatBox | Choice:
        value, label = getattr(self._default, name), note.label or name
        control: IntBox | FloatBox | Choice
        if (words := choices_of(cls, name)) or isinstance(value, str):
            control = Choice(words or (value,), label, help_text(note, self._tunes))
            control.set_value(value)
            control.chosen.connect(self._changed)
            return control
        if isinstance(value, int):
            low, high = int(max(note.low, -(2**31))), int(min(note.high, 2**31 - 1))
            control = IntBox(
                low, high, value, int(note.step), note.unit, label, help_text(note, self._tunes), note.multiple
            )
        else:
            ends = max(note.low, -1e9), min(note.high, 1e9)
            control = FloatBox(*ends, value, note.step, note.unit, label, help_text(note, self._tunes), note.log)
        control.valueChanged.connect(self._changed)
        return control

    @Slot()
    def _changed(self) -> None:
        name = str(self.sender().property("field"))
        control = self.controls[name]
        value = control.value() if not isinstance(control, FloatBox) else float(f"{control.value():.9g}")
        if value != getattr(self._value, name):
            self._value = dataclasses.replace(self._value, **{name: value})
            self._light()
            self.changed.emit(self._value)

    @Slot()
    def _reset(self) -> None:
        name = str(self.sender().property("field"))
        self.set_value(dataclasses.replace(self._value, **{name: getattr(self._default, name)}))
        self.changed.emit(self._value)

    def _light(self) -> None:
        for name, row in self.rows.items():
            row.set_changed(getattr(self._value, name) != getattr(self._default, name))


__all__ = ["Choice", "FloatBox", "IntBox", "SettingsForm", "help_text"]
