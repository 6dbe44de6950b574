"""The classes that one draws for: a button each with its number of drawings, and a field for one more."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from genstudio.errors import whole
from genstudio.settings.own_drawings import LONGEST, check_name
from genstudio.ui.theme import pad, px
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.plain import plain

COLUMNS, NAME = 2, 84  # of buttons, and design px of a name
MOST = 20  # that are seen at once


class Field(QLineEdit):
    """A line of text whose Enter nobody else hears."""

    def __init__(self, text: str, label: str, help_: str) -> None:
        super().__init__(text)
        self.setMaxLength(LONGEST)
        self.setAccessibleName(label)
        self.setToolTip(help_)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


class Labels(QWidget):
    """One of the classes is chosen, as soon as there is one."""

    chosen = Signal(str)  # by the user
    renamed = Signal(str, str)  # a class, and how the user wants to call it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._old = ""  # the class whose new name is typed; "" none
        self.field = Field("", "Name of a new class", "What you are going to draw: cat, 7, happy …")
        self.field.setPlaceholderText("A new class")
        self.add = TextButton("Add", "Draw for this class, too (Enter)")
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.says.setTextFormat(Qt.TextFormat.PlainText)  # it repeats what was typed
        self.says.setProperty("role", "error")
        self.says.hide()
        self._grid = pad(QGridLayout(), 0, 4)
        row = pad(QHBoxLayout(), 0, 8)
        row.addWidget(self.field, 1)
        row.addWidget(self.add)
        box = pad(QVBoxLayout(self), 0, 8)
        box.addLayout(row)  # over the classes, so that it stays where it is when one more comes
        box.addWidget(self.says)
        box.addLayout(self._grid)
        self.add.clicked.connect(self._add)
        self.field.returnPressed.connect(self._add)
        self.field.textEdited.connect(self._forgive)
        self._group.buttonClicked.connect(self._clicked)

    def value(self) -> str:
        """The class that is chosen, "" if there is none."""
        return next((name for name, button in self._buttons.items() if button.isChecked()), "")

    def names(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self._buttons)

    def type(self, text: str) -> None:
        """What was typed elsewhere: a digit chooses a class, that of this name or else by its place where none is
        called by a digit; all else begins the name of a new one."""
        names = list(self._buttons)
        place = int(text) - 1 if text.isdecimal() and not any(name.isdecimal() for name in names) else -1
        name = text if text in names else names[place] if 0 <= place < len(names) else ""
        if name:
            self.set_value(name)
            self.chosen.emit(name)
        else:
            self._ask("") if self._old else self.says.hide()
            self.field.setText(text)
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_name(self) -> None:
        """The class that is chosen is to have another name: the field has the old one, and takes the new."""
        self._ask(self.value())

    def _ask(self, old: str) -> None:
        self._old = old
        self.add.setText("Rename" if old else "Add")
        self.add.setAccessibleName(self.add.text())
        self.field.setText(old)
        self.says.hide()
        if old:
            self.field.selectAll()
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def rename(self, old: str, new: str) -> None:
        """A class has another name, at its place; where there is one of that name already, the old one goes."""
        value, names = self.value(), [new if name == old else name for name in self._buttons]
        self.clear()
        for name in dict.fromkeys(names):
            self._make(name)
        if value and self._buttons:
            self.set_value(new if value == old else value)

    def clear(self) -> None:
        """None is left."""
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = {}

    def remove(self, name: str) -> None:
        """Take a class away; the first of the others is chosen."""
        others = [other for other in self._buttons if other != name]
        self.clear()
        for other in others:
            self._make(other)
        self.says.hide()

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """How many drawings each has; one that is not there yet comes, one without any stays."""
        for name in counts:
            self._make(name)
        for name, button in self._buttons.items():
            short = button.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, px(NAME))
            button.setText(f"{short} · {counts.get(name, 0):,}")
        if not self.value() and self._buttons:
            self.set_value(next(iter(self._buttons)))

    def set_value(self, name: str) -> None:
        """Choose without a signal; a class that is not there yet comes."""
        self._make(name)
        self._buttons[name].setChecked(True)

    def _make(self, name: str) -> None:
        if name in self._buttons:
            return
        place = divmod(len(self._buttons), COLUMNS)
        button = self._buttons[name] = QPushButton()
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.setCheckable(True)
        button.setProperty("role", "mode")
        button.setProperty("name", name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAutoDefault(False)
        button.setAccessibleName(f"Draw for {name}")
        button.setToolTip(plain(f"Draw for {name}"))
        self._group.addButton(button)
        self._grid.addWidget(button, *place)

    @Slot()
    def _add(self) -> None:
        name = self.field.text().strip()
        if self._old and name in ("", self._old):  # as it was
            self._ask("")
            return
        try:
            check_name(name, "A class")
            if not self._old and len(self._buttons) >= MOST and name not in self._buttons:
                raise ValueError(f"there are {MOST} classes already; draw for one of them, or begin another set")
        except ValueError as error:
            self.says.setText(whole(str(error)))
            self.says.show()
            return
        known = {other.lower(): other for other in self._buttons}  # on some systems they share a folder
        same = known.get(name.lower(), name)
        if self._old:
            old, same = self._old, name if name.lower() == self._old.lower() else same
            self._ask("")
            self.renamed.emit(old, same)
            return
        self.field.clear()
        self.set_value(same)
        self.chosen.emit(same)

    @Slot()
    def _forgive(self) -> None:
        self.says.hide()

    @Slot(QAbstractButton)
    def _clicked(self, button: QAbstractButton) -> None:
        self._ask("") if self._old else self.says.hide()
        self.chosen.emit(str(button.property("name")))
