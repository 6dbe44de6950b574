"""The modes of a page side by side, one of them chosen: what stays the same is the model, what changes is the view."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from genstudio.ui.key_table import MODES
from genstudio.ui.theme import pad, px, theme

STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
USUAL, TIGHT = 12, 6  # design px beside a word, as in the style sheet
GAP = 2
MORE, MARK = "More", " ▾"


class ModeBar(QWidget):
    """One stop of the Tab key; arrows go on to the next mode. No word is ever cut.

    Where there is little room the words come closer, then the last ones go into a menu behind them.

    Args:
        modes: Name and tooltip of each.
        shown: The one whose page this is; it stays chosen, since another page shows the others.
    """

    chosen = Signal(int)

    def __init__(self, modes: tuple[tuple[str, str], ...], shown: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names, self._shown, self._room = tuple(name for name, _ in modes), shown, 1 << 20
        self._group = QButtonGroup(self)
        self.setAccessibleName("Mode")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = pad(QHBoxLayout(self), 0, GAP)
        self.more, menu = QPushButton(), QMenu(self)
        self.actions_: list[QAction] = []
        for number, (name, help_) in enumerate(modes):
            button = QPushButton(name)
            button.setToolTip(f"{help_} ({MODES[number]})" if number < len(MODES) else help_)
            button.setAccessibleDescription(help_)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if number == shown else Qt.FocusPolicy.NoFocus)
            self._group.addButton(button, number)
            action = menu.addAction(name)
            action.setShortcut(MODES[number] if number < len(MODES) else "")
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # shown here; the window has the keys
            action.setShortcutVisibleInContextMenu(True)
            action.setCheckable(True)
            action.setChecked(number == shown)
            action.setToolTip(help_)
            action.setData(number)
            self.actions_.append(action)
            row.addWidget(button)
        row.addWidget(self.more)
        self.more.setToolTip("The other modes of this page")
        self.more.setMenu(menu)
        menu.triggered.connect(self._picked)
        for one in (*self._group.buttons(), self.more):
            one.setProperty("role", "mode")
            one.setCheckable(True)
            one.installEventFilter(self)
        self._group.button(shown).setChecked(True)
        self._group.buttonClicked.connect(self._clicked)
        theme().changed.connect(self._fit)
        self._fit()

    def set_room(self, width: int) -> None:
        """So many pixels are there for it."""
        if width != self._room:
            self._room = width
            self._fit()

    def folded(self) -> tuple[str, ...]:
        """The modes that are only in the menu."""
        return tuple(action.text() for action in self.actions_ if action.isVisible())

    @Slot()
    def _fit(self) -> None:
        """As many words as fit stand side by side, in the usual distance if all do."""
        count = len(self._names)
        is_tight = self._width(count, USUAL) > self._room
        while count and self._width(count, TIGHT if is_tight else USUAL) > self._room:
            count -= 1
        is_folded = self._shown >= count
        for number, action in enumerate(self.actions_):
            action.setVisible(number >= count)
            self._group.button(number).setVisible(number < count)
        self.more.setVisible(count < len(self._names))
        self.more.setText(self._more(count))
        self.more.setAccessibleName(f"Mode: {self._names[self._shown]}" if is_folded else "More modes")
        self.more.setChecked(is_folded)
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for button in (*self._group.buttons(), self.more):
            if button.property("tight") is not is_tight:
                button.setProperty("tight", is_tight)
                button.style().polish(button)
                button.updateGeometry()
        self.setFocusProxy(self.more if is_folded else self._group.button(self._shown))

    def _more(self, count: int) -> str:
        return (self._names[self._shown] if self._shown >= count else MORE) + MARK

    def _width(self, count: int, padding: int) -> int:
        """With that many words side by side and the rest in the menu."""
        metrics = QFontMetrics(theme().font())
        words = [*self._names[:count], *([self._more(count)] if count < len(self._names) else [])]
        beside = 2 * px(padding) + 2 + 2  # the frame, and a pixel for rounding at each end
        gaps = theme().gap(GAP) * (len(words) - 1)
        return sum(metrics.horizontalAdvance(word) + beside for word in words) + gaps

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows go on to the next mode; Return opens the menu, as Space does."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in STEPS and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self.chosen.emit((self._shown + STEPS[Qt.Key(event.key())]) % len(self._names))
                return True
            if watched is self.more and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.more.showMenu()
                return True
        return super().eventFilter(watched, event)

    @Slot(QAction)
    def _picked(self, action: QAction) -> None:
        number = action.data()
        self.actions_[number].setChecked(number == self._shown)
        self._choose(number)

    @Slot(QAbstractButton)
    def _clicked(self, button: QAbstractButton) -> None:
        number = self._group.id(button)
        self._group.button(self._shown).setChecked(True)
        self._choose(number)

    def _choose(self, number: int) -> None:
        if number != self._shown:
            self.chosen.emit(number)
