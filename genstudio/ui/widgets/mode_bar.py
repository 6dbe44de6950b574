"""The modes of a page side by side, one of them chosen: what stays the same is the model, what changes is the view."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from genstudio.ui.theme import pad

STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class ModeBar(QWidget):
    """One stop of the Tab key; arrows go on to the next mode.

    Args:
        modes: Name and tooltip of each.
        shown: The one whose page this is; it stays chosen, since another page shows the others.
    """

    chosen = Signal(int)

    def __init__(self, modes: tuple[tuple[str, str], ...], shown: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._group = QButtonGroup(self)
        self.setAccessibleName("Mode")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = pad(QHBoxLayout(self), 0, 2)
        for number, (name, help_) in enumerate(modes):
            button = QPushButton(name)
            button.setProperty("role", "mode")
            button.setCheckable(True)
            button.setChecked(number == shown)
            button.setToolTip(f"{help_} (Alt+{number + 1})")
            button.setAccessibleDescription(help_)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if number == shown else Qt.FocusPolicy.NoFocus)
            self._group.addButton(button, number)
            row.addWidget(button)
        self._group.buttonClicked.connect(self._clicked)
        self.setFocusProxy(self._group.button(shown))
        self._group.button(shown).installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows go on to the next mode."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in STEPS:
            self.chosen.emit((self._shown + STEPS[Qt.Key(event.key())]) % len(self._group.buttons()))
            return True
        return super().eventFilter(watched, event)

    @Slot(QAbstractButton)
    def _clicked(self, button: QAbstractButton) -> None:
        number = self._group.id(button)
        self._group.button(self._shown).setChecked(True)
        if number != self._shown:
            self.chosen.emit(number)
