"""The window's keys, and what they do on the page on top: undo, copy, paste, export, drop."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QWidget
from shiboken6 import isValid

from genstudio.ui.bridge import Bridge
from genstudio.ui.card.desk import CardDesk
from genstudio.ui.file_desk import FileDesk
from genstudio.ui.key_table import bindings
from genstudio.ui.page_place import PagePlace
from genstudio.ui.shell import Shell
from genstudio.ui.tab_order import go_beside
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.widgets.sheet import Sheet
from genstudio.ui.widgets.stage import Stage
from genstudio.ui.wipe.desk import WipeDesk

COVERED = "Close what lies over the page first (Esc)."


class KeyedShell(Shell):
    """A shell that obeys keys and takes files; `shortcuts` are those with a modifier, by their text."""

    def __init__(self, bridge: Bridge, places: Sequence[PagePlace]) -> None:
        super().__init__(places)
        self.bridge = bridge
        self.desk = FileDesk(bridge, self.bar, self.export_dialog, self)
        self.desk.hinted.connect(self.refine_drop_hint)
        self.cards = CardDesk(bridge, self.bar, self.card_sheet, self)
        self.wipes = WipeDesk(bridge, self.body, self.bar, self.current_page, self)
        self.wipes.made.connect(self.add_sheet)
        self.top.wipe_clicked.connect(self.toggle_wipe)
        self._bind_keys()
        self._had_keyboard: QWidget | None = None
        self._is_tabbing = False  # the hand sends the keyboard on
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab, or what Qt does for a control that goes away; one that Tab leaves may go away by that."""
        focused, was_tabbing = QApplication.focusWidget(), self._is_tabbing
        self._is_tabbing |= focused is not None and focused.isVisible() and focused.isEnabled()
        try:
            return go_beside(self, focused, forward)
        finally:
            self._is_tabbing = was_tabbing

    @Slot(QWidget, QWidget)
    def _focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        """Qt hands the keyboard of a control that goes away to its neighbour, where Space would press something."""
        if self._is_tabbing or before is None or now is None:
            return
        if self.current_page().isAncestorOf(before):
            self._had_keyboard = before
            QTimer.singleShot(0, self, self._mend_focus)

    @Slot()
    def _mend_focus(self) -> None:
        before, self._had_keyboard = self._had_keyboard, None
        page, now = self.current_page(), QApplication.focusWidget()
        if before is None or now is None or not isValid(before) or not page.isAncestorOf(now):
            return
        if page.isAncestorOf(before) and not (before.isVisible() and before.isEnabled()):
            self._focus_pictures()

    def adopt(self, number: int, page: TabPage) -> None:
        super().adopt(number, page)
        page.tempo.export_grid_requested.connect(self._picture_wanted)
        page.tempo.export_film_requested.connect(self._film_wanted)
        page.tempo.copy_requested.connect(self.copy)
        page.writing_wanted.connect(self.desk.write)
        page.card_wanted.connect(self.show_card)

    def _bind_keys(self) -> None:
        self.shortcuts: dict[str, QShortcut] = {}
        for key, (method, number) in bindings().items():
            if method == "show_tab" and number is not None and number >= len(self.groups.titles):
                continue
            slot = getattr(self, method) if number is None else self._numbered
            self.shortcuts[key] = QShortcut(QKeySequence(key), self, slot)
            self.shortcuts[key].setProperty("calls", method)
            self.shortcuts[key].setProperty("number", number)

    @Slot()
    def _numbered(self) -> None:
        """A shortcut whose method is called for a number."""
        getattr(self, self.sender().property("calls"))(self.sender().property("number"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page, key, text = self.current_page(), event.key(), event.text()
        if key == Qt.Key.Key_Escape and isinstance(QApplication.focusWidget(), QAbstractSpinBox):
            self.focus_stage()
        elif key == Qt.Key.Key_Escape:
            self.escape()
        elif event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                page.toggle_play()
        elif text in (".", ","):
            page.step(1 if text == "." else -1)
        elif text in ("r", "R"):
            page.random()
        elif text == "?":
            self.toggle_help()
        else:
            super().keyPressEvent(event)

    def _sheet_at_hand(self) -> Sheet | None:
        """What lies over the page, unless the keyboard is on the page beside it."""
        focused = QApplication.focusWidget()
        is_beside = focused is not None and self.current_page().isAncestorOf(focused)
        return None if is_beside else self._top_sheet()

    def _is_covered(self) -> bool:
        """Whether a key would change what is not seen; that is said then."""
        is_covered = self._sheet_at_hand() is not None
        if is_covered:
            self.bar.show_info(COVERED)
        return is_covered

    def _what_undoes(self) -> Sheet | TabPage | None:
        """Of which sheet or page something is taken back; None, and said, if it would not be seen."""
        sheet = self._sheet_at_hand()
        if sheet is not None and sheet.undoes:
            return sheet
        return None if self._is_covered() else self.current_page()

    @Slot()
    def undo(self) -> None:
        """Ctrl+Z."""
        taker = self._what_undoes()
        if taker is not None and not taker.undo():
            self.bar.show_info("There is nothing to undo.")

    @Slot()
    def redo(self) -> None:
        """Ctrl+Shift+Z."""
        taker = self._what_undoes()
        if taker is not None and not taker.redo():
            self.bar.show_info("There is nothing to redo.")

    @Slot()
    def copy(self) -> None:
        """Ctrl+C: the focused picture, else what lies over the page shows, else what the page shows."""
        focused, sheet = QApplication.focusWidget(), self._sheet_at_hand()
        if isinstance(focused, Stage):
            done = focused.copy()
        elif sheet is not None:
            done = any(stage.copy() for stage in sheet.findChildren(Stage) if stage.isVisible())
        else:
            done = self.current_page().copy()
        self.bar.show_info("Copied to the clipboard." if done else "There is no picture to copy yet.")

    @Slot()
    def paste(self) -> None:
        """Ctrl+V."""
        if not self._is_covered():
            self.desk.take(QGuiApplication.clipboard().mimeData())

    @Slot()
    def save(self) -> None:
        """Ctrl+S."""
        if not self._is_covered() and not self.current_page().save():
            self.bar.show_info("There is nothing to save here; a network that you train can be saved.")

    @Slot()
    def export_picture(self) -> None:
        """Ctrl+E."""
        if not self._is_covered():
            self._picture_wanted()

    @Slot()
    def export_film(self) -> None:
        """Ctrl+Shift+E."""
        if not self._is_covered():
            self._film_wanted()

    @Slot()
    def _picture_wanted(self) -> None:
        """A hand has found the button of the page, whatever lies beside it."""
        if self.desk.export(film=False):
            self.show_export()

    @Slot()
    def _film_wanted(self) -> None:
        if self.desk.export(film=True):
            self.show_export()

    @Slot()
    def toggle_inspector(self) -> None:
        """Ctrl+I."""
        if not self._is_covered():
            super().toggle_inspector()

    @Slot()
    def toggle_wipe(self) -> None:
        """Ctrl+D."""
        self.wipes.toggle()

    def show_card(self, model: str) -> None:
        self.cards.show_model(model)

    def show_tab(self, number: int) -> None:
        """Bring a tab to the top."""

    # ---- Qt -----------------------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.wipes.offer_menu(self.childAt(event.pos()), event.globalPos()) is None:
            super().contextMenuEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.desk.accepts(event.mimeData()):
            event.acceptProposedAction()
            self.show_drop_hint(self.desk.hint(event.mimeData()))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop_hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.drop_hint.hide()
        self.desk.take(event.mimeData())
