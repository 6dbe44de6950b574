"""A panel over the pages that is never modal: it takes the keyboard, and gives it back when it is closed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.ui.tab_order import go_beside
from genstudio.ui.theme import pad, px
from genstudio.ui.widgets.button import IconButton, TextButton
from genstudio.ui.widgets.keyboard_place import KeyboardPlace

MARGIN_X, MARGIN_Y = 32, 64  # design px of the window that it leaves free: over and below it messages can be read


class Sheet(QFrame):
    """Lies in the middle of the window; Escape and the cross close it. Subclasses fill `column`.

    Args:
        title: Its heading.
    """

    closed = Signal(bool)  # whether the keyboard is back where it was
    undoes = False  # whether Ctrl+Z is for the sheet while it has the keyboard
    follows = False  # whether it stays when another page comes to the top, because it shows something of that

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent)
        self.setProperty("role", "popover")
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title = QLabel(title)
        self.title.setProperty("role", "title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        close = IconButton("close", "Close", "Close (Esc)")
        close.clicked.connect(self.dismiss)
        self.head = pad(QHBoxLayout(), (24, 16, 16, 0), 8)
        self.head.addWidget(self.title, 1)
        self.head.addWidget(close)
        self.column = pad(QVBoxLayout(self), 0, 8)
        self.column.addLayout(self.head)
        self.keyboard = KeyboardPlace(self)
        self.hide()

    def set_title(self, title: str) -> None:
        """Another heading."""
        self.title.setText(title)
        self.setAccessibleName(title)

    def wanted_size(self, window: QWidget) -> tuple[int, int]:
        """Width and height, pixels; no more than the window has is taken."""
        return px(960), px(640)

    def first_focus(self) -> QWidget:
        """What has the keyboard at first."""
        return self

    def show_over(self, window: QWidget) -> None:
        """Appear in the middle of the window; called again, lie in the middle of it as it is now."""
        self.ensurePolished()
        wanted = self.wanted_size(window)
        width, height = min(wanted[0], window.width() - px(MARGIN_X)), min(wanted[1], window.height() - px(MARGIN_Y))
        self.setGeometry((window.width() - width) // 2, (window.height() - height) // 2, width, height)
        if self.isVisible():
            return
        self.show()
        self.raise_()
        self.keyboard.take(self.first_focus())

    @Slot()
    def dismiss(self) -> None:
        """Close it."""
        is_back = self.keyboard.give_back()
        self.hide()
        self.closed.emit(is_back)

    def allow(self, button: TextButton, is_allowed: bool, why_not: str) -> None:
        """Enable a button or not; Qt would give its keyboard to what lies behind the sheet, so the sheet takes it."""
        if button.hasFocus() and not is_allowed:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        button.allow(is_allowed, why_not)

    def show_part(self, part: QWidget, is_shown: bool) -> None:
        """The same of what comes and goes, with all that is in it."""
        focused = QApplication.focusWidget()
        if focused is not None and not is_shown and (focused is part or part.isAncestorOf(focused)):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        part.setVisible(is_shown)

    def undo(self) -> bool:
        """Ctrl+Z while the sheet has the keyboard; False if there is nothing to undo."""
        return False

    def redo(self) -> bool:
        """Ctrl+Shift+Z while the sheet has the keyboard; False if there is nothing to redo."""
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round in the sheet; Escape leads back to what lies behind it."""
        at = QApplication.focusWidget()
        if at is None or not (at is self or self.isAncestorOf(at)):
            return super().focusNextPrevChild(forward)
        go_beside(self, at, forward)
        return True

    def event(self, event: QEvent) -> bool:
        """What the window would take for its own is for the sheet, if it undoes."""
        if self.undoes and event.type() == QEvent.Type.ShortcutOverride and _is_undo(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The other keys of the pages behind it mean nothing here."""
        focused = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QAbstractButton):
            focused.click()
        elif self.undoes and _is_undo(event):
            self.undo()
        event.accept()


def _is_undo(event: QEvent) -> bool:
    if not isinstance(event, QKeyEvent):
        return False
    return event.matches(QKeySequence.StandardKey.Undo)
