"""A picker of a model beside others, whose names begin alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

from genstudio.ui.theme import px
from genstudio.ui.widgets.form import Choice


class NamePicker(Choice):
    """Where the name chosen has no room, it shows what tells it from those beside it; the list has the whole names."""

    shared = ""  # how all of them begin

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        if not self.has_room(option):
            option.currentText = self.currentText().removeprefix(self.shared)

    def has_room(self, option: QStyleOptionComboBox) -> bool:
        """Whether the whole name fits."""
        part = QStyle.SubControl.SC_ComboBoxEditField
        field = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        return self.fontMetrics().horizontalAdvance(self.currentText()) <= field.width() - px(2)


def share_start(pickers: Sequence[NamePicker]) -> None:
    """What stands in pickers beside each other has changed."""
    start = shared_start([picker.currentText() for picker in pickers if picker.currentText()])
    for picker in pickers:
        picker.shared = start
        picker.update()


def shared_start(names: Sequence[str]) -> str:
    """With which words, each with its hyphen, all names begin; none is used up by them."""
    if len(names) < 2:
        return ""
    alike = list(takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False)))
    start = names[0][: len(alike)]
    start = start[: start.rfind("-") + 1]
    return start if all(len(name) > len(start) for name in names) else ""
