"""Where the keyboard was before a panel over the pages took it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid


class KeyboardPlace:
    """Belongs to one panel: takes the keyboard for it, and gives it back to what had it."""

    def __init__(self, panel: QWidget) -> None:
        self._panel = panel
        self._before: QWidget | None = None
        if panel.focusPolicy() == Qt.FocusPolicy.NoFocus:
            panel.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def take(self, first: QWidget) -> None:
        """Give the keyboard to a part of the panel, which is on the screen; of a field all is chosen."""
        if not self._is_here():
            self._before = QApplication.focusWidget()
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(first, QLineEdit):
            first.selectAll()

    def enable(self, button: QWidget, is_enabled: bool) -> None:
        """Qt takes the keyboard from what is disabled, to what lies behind the panel; so the panel takes it before."""
        if button.hasFocus() and not is_enabled:
            self._panel.setFocus(Qt.FocusReason.OtherFocusReason)
        button.setEnabled(is_enabled)

    def give_back(self) -> bool:
        """Call it before the panel is hidden; False if the keyboard is to find a new place."""
        before, self._before = self._before, None
        if not self._is_here():
            return True
        if before is None or not isValid(before) or not before.isVisible() or not before.isEnabled():
            return False
        before.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _is_here(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and (focused is self._panel or self._panel.isAncestorOf(focused))
