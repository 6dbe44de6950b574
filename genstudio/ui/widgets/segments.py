"""A few words side by side, one of them chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from genstudio.ui.theme import pad, px

TIGHTER = 12  # design px by which a tight button is narrower
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Segments(QWidget):
    """One stop of the Tab key; arrows choose the neighbour.

    Args:
        choices: Data, word and tooltip of each.
    """

    chosen = Signal(str)  # by the user alone

    def __init__(self, label: str, choices: tuple[tuple[str, str, str], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: list[str] = []
        self._helps: list[str] = []
        self._is_tight = False
        self._group = QButtonGroup(self)
        self.setAccessibleName(label)
        self._box = pad(QHBoxLayout(self), 0, 2)
        for choice in choices:
            self.add(*choice)
        self._group.buttonClicked.connect(self._clicked)
        self.set_value(self._keys[0])

    def add(self, key: str, word: str, help_: str) -> None:
        """One more choice, at the end."""
        button = QPushButton(word)
        button.setProperty("role", "mode")
        button.setCheckable(True)
        button.setToolTip(help_)
        button.setAccessibleName(f"{self.accessibleName()}: {word}")
        button.setAccessibleDescription(help_)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.installEventFilter(self)
        self._group.addButton(button, len(self._keys))
        self._keys.append(key)
        self._helps.append(help_)
        self._box.addWidget(button)

    def value(self) -> str:
        """The data of what is chosen."""
        return self._keys[self._group.checkedId()]

    def set_value(self, key: str) -> None:
        """Choose without a `chosen`."""
        self._group.button(self._keys.index(key)).setChecked(True)
        for number, button in enumerate(self._group.buttons()):
            wanted = Qt.FocusPolicy.TabFocus if self._keys[number] == key else Qt.FocusPolicy.NoFocus
            button.setFocusPolicy(wanted)

    def button(self, key: str) -> QAbstractButton:
        """The button of a choice."""
        return self._group.button(self._keys.index(key))

    def set_available(self, key: str, is_available: bool, why_not: str = "") -> None:
        """Offer a choice, or say in its tooltip what it waits for."""
        button = self.button(key)
        button.setEnabled(is_available)
        help_ = self._helps[self._keys.index(key)]
        button.setToolTip(help_ if is_available else f"{help_} {why_not}".strip())

    def roomy_width(self) -> int:
        """Pixels that all words and the room around them want."""
        pads = TIGHTER * len(self._keys) if self._is_tight else 0
        return self.sizeHint().width() + px(pads)

    def set_tight(self, is_tight: bool) -> None:
        """Less room around the words."""
        if is_tight != self._is_tight:
            self._is_tight = is_tight
            for button in self._group.buttons():
                button.setProperty("tight", "true" if is_tight else "false")
                button.style().unpolish(button)
                button.style().polish(button)
                button.updateGeometry()
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows go on to the next choice that is offered."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in STEPS:
            number = self._group.checkedId() + STEPS[Qt.Key(event.key())]
            while 0 <= number < len(self._keys) and not self._group.button(number).isEnabled():
                number += STEPS[Qt.Key(event.key())]
            if 0 <= number < len(self._keys):
                self.set_value(self._keys[number])
                self._group.button(number).setFocus(Qt.FocusReason.TabFocusReason)
                self.chosen.emit(self._keys[number])
            return True
        return super().eventFilter(watched, event)

    @Slot(QAbstractButton)
    def _clicked(self, button: QAbstractButton) -> None:
        key = self._keys[self._group.id(button)]
        self.set_value(key)
        self.chosen.emit(key)


def choices(words: Mapping[Any, tuple[str, str]]) -> tuple[tuple[str, str, str], ...]:
    """Words and tooltips by their data, as `Segments` takes them."""
    return tuple((key, word, help_) for key, (word, help_) in words.items())
