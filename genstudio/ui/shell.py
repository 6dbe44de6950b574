"""The window's frame: pages in a stack between top bar and message bar, what lies over them, and full screen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QIcon, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from genstudio.files import assets_dir
from genstudio.ui.card.sheet import CardSheet
from genstudio.ui.page_groups import PageGroups
from genstudio.ui.page_place import PagePlace
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.theme import pad, px, theme
from genstudio.ui.widgets.export_dialog import ExportDialog
from genstudio.ui.widgets.help_sheet import HelpSheet
from genstudio.ui.widgets.message_bar import MessageBar
from genstudio.ui.widgets.sheet import Sheet
from genstudio.ui.widgets.stage import Stage
from genstudio.ui.widgets.top_bar import TopBar

LEAVE = "Esc leaves the full screen · Ctrl+I shows the controls · Ctrl++ enlarges all"
LEAVE_MS = 4000
FOLDED = "The controls are folded, so that the picture keeps its place; Ctrl+I brings them back."


class Shell(QMainWindow):
    """Owns the pages, the bars and the panels over them; knows nothing of what happens on a page.

    A page is made when `page` or `page_at` asks for it first; the stack has those that are made.
    """

    def __init__(self, places: Sequence[PagePlace]) -> None:
        super().__init__()
        theme().dress(self)
        self.places = tuple(places)
        self._pages: dict[int, TabPage] = {}  # those that are made, by their places
        self._was_maximized = False
        self.setWindowTitle("GenStudio")
        self.setWindowIcon(QIcon(str(assets_dir() / "genstudio.svg")))
        self.setMinimumSize(640, 480)
        self.setAcceptDrops(True)
        self.groups = PageGroups(self.places)
        self.top = TopBar(self.groups.titles)
        self.stack = QStackedWidget()
        body = QWidget()
        body.setProperty("role", "window")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCentralWidget(body)
        self.body = body
        self.bar = MessageBar(body)
        self.stack.currentChanged.connect(self._hint)
        box = pad(QVBoxLayout(body), 0, 0)
        box.addWidget(self.top)
        box.addWidget(self.stack, 1)
        box.addWidget(self.bar)
        self.export_dialog, self.help_sheet, self.card_sheet = ExportDialog(body), HelpSheet(body), CardSheet(body)
        self.sheets: list[Sheet] = []  # what lies over the pages, each once it is made
        self.drop_hint, self.leave_hint = _floating("drop", body), _floating("toast", body)
        self.leave_hint.setText(LEAVE)
        self._leave_timer = QTimer(self)
        self._leave_timer.setSingleShot(True)
        self._leave_timer.setInterval(LEAVE_MS)
        self._leave_timer.timeout.connect(self.leave_hint.hide)
        self.top.present_clicked.connect(self.toggle_full_screen)
        self.top.help_clicked.connect(self.toggle_help)
        self.top.card_clicked.connect(self.toggle_card)
        self.export_dialog.reopened.connect(self.show_export)
        self.export_dialog.closed.connect(self._panel_closed)
        for sheet in (self.card_sheet, self.help_sheet):
            self.add_sheet(sheet)
        theme().changed.connect(self._arrange)

    @Slot(object)
    def add_sheet(self, sheet: Sheet) -> None:
        """One more that lies over the pages: Escape closes it, and it stays in the middle."""
        self.sheets.append(sheet)
        sheet.closed.connect(self._panel_closed)

    @Slot()
    def _hint(self) -> None:
        self.bar.set_hint(self.current_page().hint())
        self.show_training()

    def show_training(self) -> None:
        """Say in the top bar whether a run goes on on a page that is not seen."""
        here = self.current_page()
        going = [page for page in self.made_pages() if page.training()]
        page = next((page for page in going if page is not here), None)
        if page is None:
            self.top.show_training("")
        else:
            mode = self.places[self.number_of(page.name)].mode
            where = " · ".join(filter(None, (page.title, mode)))
            self.top.show_training(page.name, page.training(), page.pace(), where, len(going))

    # ---- pages --------------------------------------------------------------------------------------

    def number_of(self, name: str) -> int:
        """Where in the order of tabs and modes the page of that name is.

        Raises:
            StopIteration: if there is none.
        """
        return next(number for number, place in enumerate(self.places) if place.name == name)

    def page_at(self, number: int) -> TabPage:
        """The page at that place; it is made if it is not there yet."""
        if number not in self._pages:
            self._pages[number] = page = self.places[number].make()
            self.adopt(number, page)
        return self._pages[number]

    def page(self, name: str) -> TabPage:
        """A page by its name: vae, gan or diffusion; it is made if it is not there yet."""
        return self.page_at(self.number_of(name))

    def made_pages(self) -> list[TabPage]:
        """The pages that are there, in order."""
        return [self._pages[number] for number in sorted(self._pages)]

    def has_all_pages(self) -> bool:
        """Whether no page is still to be made."""
        return len(self._pages) == len(self.places)

    @property
    def pages(self) -> tuple[TabPage, ...]:
        """All pages, in order; those that are not there yet are made."""
        return tuple(self.page_at(number) for number in range(len(self.places)))

    def adopt(self, number: int, page: TabPage) -> None:
        """A page has just been made: it gets what all pages have."""
        bar = self.groups.add_bar(number, page)
        if bar is not None:
            bar.chosen.connect(self.show_mode)
        page.present(self.isFullScreen())
        self.stack.addWidget(page)

    def current_page(self) -> TabPage:
        """The page on top."""
        page = self.stack.currentWidget()
        assert isinstance(page, TabPage)
        return page

    def show_mode(self, number: int) -> None:
        """Bring a mode of the tab on top to the top."""

    @Slot()
    def focus_stage(self) -> None:
        """Give the keyboard to the pictures, unless it is in the top bar, or in what lies over them."""
        focused = QApplication.focusWidget()
        others = [self.top, *(sheet for sheet in self.sheets if sheet.isVisible())]
        if focused is None or not any(focused is one or one.isAncestorOf(focused) for one in others):
            self._focus_pictures()

    def _focus_pictures(self) -> None:
        stage = self.current_page().findChild(Stage)
        (stage or self.current_page()).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(bool)
    def _panel_closed(self, is_back: bool) -> None:
        """What had the keyboard before a panel has it again, else the pictures, wherever Qt has put it."""
        if not is_back:
            self._focus_pictures()

    # ---- what the keys of the whole window do -------------------------------------------------------

    @Slot()
    def toggle_full_screen(self) -> None:
        """F11; Escape leaves."""
        if self.isFullScreen():
            self.showMaximized() if self._was_maximized else self.showNormal()
        else:
            self._was_maximized = self.isMaximized()
            self.showFullScreen()

    @Slot()
    def toggle_help(self) -> None:
        """F1 and ?."""
        if self.help_sheet.isVisible():
            self.help_sheet.dismiss()
        else:
            self.help_sheet.show_over(self.body)

    @Slot()
    def toggle_card(self) -> None:
        """Ctrl+K."""
        if self.card_sheet.isVisible():
            self.card_sheet.dismiss()
        else:
            self.show_card(self.current_page().model_shown())

    def show_card(self, model: str) -> None:
        """Open the card of a model."""

    @Slot()
    def toggle_inspector(self) -> None:
        """Ctrl+I."""
        page = self.current_page()
        page.show_inspector(not page.fold.isChecked())

    def zoom(self, steps: int) -> None:
        """Everything larger, smaller, or (0) as it was."""
        page, was_open = self.current_page(), self.current_page().fold.isChecked()
        theme().zoom(steps)
        if was_open and not page.fold.isChecked():
            self.bar.show_info(FOLDED)

    def _top_sheet(self) -> Sheet | None:
        order = self.body.children()  # Qt has what lies above later
        return max((sheet for sheet in self.sheets if sheet.isVisible()), key=order.index, default=None)

    def dismiss_sheets(self) -> None:
        """Close what lies over the pages, and is of the one that is left."""
        for sheet in self.sheets:
            if sheet.isVisible() and not sheet.follows:
                sheet.dismiss()

    def escape(self) -> None:
        """Close what lies over the page, else leave the full screen."""
        if (sheet := self._top_sheet()) is not None:
            sheet.dismiss()
        elif self.export_dialog.isVisible():
            self.export_dialog.dismiss()
        elif not self.current_page().leave_detail() and self.isFullScreen():
            self.toggle_full_screen()

    @Slot()
    def show_export(self) -> None:
        """Put the export panel, which is open, over the right end of the tempo."""
        panel, anchor = self.export_dialog, self.current_page().tempo
        corner = anchor.mapTo(self.body, anchor.rect().topRight())
        panel.adjustSize()
        panel.move(max(corner.x() - panel.width() + 1, px(8)), max(corner.y() - panel.height() - px(8), px(8)))

    def show_drop_hint(self, text: str) -> None:
        """Say over the pages what will happen when the drag is let go."""
        edge = px(16)
        self.drop_hint.setText(text)
        self.drop_hint.setGeometry(self.stack.geometry().adjusted(edge, edge // 2, -edge, -edge // 2))
        self.drop_hint.show()
        self.drop_hint.raise_()

    @Slot(str)
    def refine_drop_hint(self, text: str) -> None:
        """Say more exactly what will happen, if the drag is still there."""
        if self.drop_hint.isVisible():
            self.drop_hint.setText(text)

    # ---- Qt -----------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._present(self.isFullScreen())

    def _present(self, presenting: bool) -> None:
        self.top.setVisible(not presenting)
        self.bar.set_quiet(presenting)
        for page in self.made_pages():
            page.present(presenting)
        self.leave_hint.setVisible(presenting)
        self._leave_timer.start() if presenting else self._leave_timer.stop()
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.focus_stage()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        """What lies over the pages stays where it belongs."""
        if (layout := self.body.layout()) is not None:
            layout.activate()  # after a change of scale the places are still to be laid out
        if self.export_dialog.isVisible():
            self.show_export()
        for sheet in self.sheets:
            if sheet.isVisible():
                sheet.show_over(self.body)
        if self.leave_hint.isVisible():
            self.leave_hint.adjustSize()
            self.leave_hint.move((self.body.width() - self.leave_hint.width()) // 2, px(24))
            self.leave_hint.raise_()


def _floating(role: str, parent: QWidget) -> QLabel:
    """Words over the pages that no click ever meets."""
    label = QLabel(parent)
    label.setProperty("role", role)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(role == "drop")
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    label.hide()
    return label
