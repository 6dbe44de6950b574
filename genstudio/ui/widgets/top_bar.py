"""The tab strip at the top, and at its right the buttons of the whole window."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QTabBar, QToolButton, QVBoxLayout, QWidget

from genstudio.ui.theme import fix, pad, theme
from genstudio.ui.widgets.button import IconButton

MODES = (("system", "As the system has it"), ("dark", "Dark"), ("light", "Light"))
FITS = ("", "close", "closer")  # how near the names of the tabs stand, as the style sheet has it


class TopBar(QWidget):
    """Tabs, a sign of a run that goes on elsewhere, theme and scale, full screen, help."""

    tab_chosen = Signal(int)
    watch_clicked = Signal()
    card_clicked = Signal()
    wipe_clicked = Signal()
    present_clicked = Signal()
    help_clicked = Signal()
    training_clicked = Signal(str)  # the name of the page that trains

    def __init__(self, titles: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.tabs.setAccessibleName("Pages")
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.tabs.setUsesScrollButtons(False)
        for number, title in enumerate(titles, 1):
            self.tabs.addTab(title)
            self.tabs.setTabToolTip(number - 1, f"{title} (Ctrl+{number})")
            self.tabs.setAccessibleTabName(number - 1, title)
        self.watch = IconButton("watch", "Watch a run", "Watch a run that goes on elsewhere, by its folder (Ctrl+R)")
        self.card = IconButton("card", "Card of the model", "What is known of the model, and how good it is (Ctrl+K)")
        self.wipe = IconButton(
            "wipe", "Wipe", "Lay two pictures over one another, and wipe from one to the other (Ctrl+D)"
        )
        self.theme_button = IconButton("theme", "Theme and size", "Light or dark, larger or smaller")
        self.present = IconButton("fullscreen", "Full screen", "Full screen (F11)")
        self.help = IconButton("help", "Help", "Keys and colours (?)")
        self._buttons = (self.watch, self.card, self.wipe, self.theme_button, self.present, self.help)
        self._spare = (self.wipe, self.watch)  # which have keys; the first one goes first
        self.training = QPushButton()
        self.training.setProperty("role", "quiet")
        self.training.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.training.hide()
        self._runs = 1  # that go on at once
        self._trains = ""
        self._build_menu()
        self.row = row = pad(QHBoxLayout(), (16, 8, 16, 0), 4)
        row.addWidget(self.tabs, 1)
        row.addWidget(self.training)
        for button in self._buttons:
            row.addWidget(button)
        line = fix(QFrame(), height=1)
        line.setProperty("role", "line")
        under = pad(QHBoxLayout(), (16, 0, 16, 0), 0)
        under.addWidget(line)
        box = pad(QVBoxLayout(self), 0, 0)
        box.addLayout(row)
        box.addLayout(under)
        self.tabs.currentChanged.connect(self.tab_chosen)
        self.watch.clicked.connect(self.watch_clicked)
        self.card.clicked.connect(self.card_clicked)
        self.wipe.clicked.connect(self.wipe_clicked)
        self.present.clicked.connect(self.present_clicked)
        self.help.clicked.connect(self.help_clicked)
        self.training.clicked.connect(self._to_training)
        theme().changed.connect(self._show_mode)
        theme().changed.connect(self._fit)

    def _build_menu(self) -> None:
        menu, group = QMenu(self), QActionGroup(self)
        self.mode_actions: dict[str, QAction] = {}
        for mode, text in MODES:
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setData(mode)
            group.addAction(action)
            self.mode_actions[mode] = action
        group.triggered.connect(self._mode_chosen)
        menu.addSeparator()
        for text, key, steps in (("Larger", "Ctrl++", 1), ("Smaller", "Ctrl+-", -1), ("Usual size", "Ctrl+0", 0)):
            action = menu.addAction(text)
            action.setShortcut(key)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # shown here; the window has the keys
            action.setShortcutVisibleInContextMenu(True)
            action.setData(steps)
            action.triggered.connect(self._zoomed)
        self.theme_button.setMenu(menu)
        self.theme_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._show_mode()

    def show_training(self, page: str, what: str = "", pace: str = "", where: str = "", runs: int = 1) -> None:
        """Say that a run goes on.

        Args:
            page: The name of the page that trains; "" if none does, or if it is seen.
            what: It does, in a word.
            pace: How fast; "" if that is not known.
            where: How the user calls that page.
            runs: So many go on at once, this one and perhaps that of the page on top among them.
        """
        text = " · ".join(filter(None, (what, pace)))
        if runs > 1:
            text = f"{runs} runs · {f'{pace} in ' if pace else ''}{where.partition(' · ')[0]}"
        before, self._trains = (self._trains, self._runs), page
        self._runs = runs
        if page and (text != self.training.text() or before != (page, runs)):
            self.training.setText(text)
            self.training.setAccessibleName(text)
            self.training.setToolTip(words_of(where, runs))
        if before != (page, runs):
            self._fit()

    @Slot()
    def _to_training(self) -> None:
        self.training_clicked.emit(self._trains)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """The names come closer, and at last smaller, where they would be cut; then buttons are left to their keys."""
        sides = self.row.contentsMargins()
        room = self.width() - sides.left() - sides.right()
        room -= sum(button.width() + self.row.spacing() for button in self._buttons)
        sign = self.training.sizeHint().width() + self.row.spacing()
        has_sign = bool(self._trains) and self._wide() + sign <= room
        self.training.setVisible(has_sign)
        room -= sign if has_sign else 0
        gone = 0
        while not self._bring_together(room) and gone < len(self._spare):
            room += self._spare[gone].width() + self.row.spacing()
            gone += 1
        for k, button in enumerate(self._spare):
            button.setVisible(k >= gone)

    def _wide(self) -> int:
        """The pixels that the names take."""
        return sum(self.tabs.tabSizeHint(k).width() for k in range(self.tabs.count()))

    def _bring_together(self, room: int) -> bool:
        """The names as near as they must be; whether they have room so."""
        for fit in FITS:
            if fit != self.tabs.property("fit"):
                self.tabs.setProperty("fit", fit)
                self.tabs.style().unpolish(self.tabs)
                self.tabs.style().polish(self.tabs)
                self.tabs.updateGeometry()
            if self._wide() <= room:
                return True
        return False

    @Slot(QAction)
    def _mode_chosen(self, action: QAction) -> None:
        theme().set_mode(action.data())

    @Slot()
    def _zoomed(self) -> None:
        theme().zoom(self.sender().data())  # type: ignore[attr-defined]

    @Slot()
    def _show_mode(self) -> None:
        self.mode_actions[theme().mode].setChecked(True)


def words_of(where: str, runs: int) -> str:
    """What the chip of a run says in full."""
    if runs == 1:
        return f"A run goes on in {where}: go there"
    return f"{runs} runs go on at once and share this machine; this is the speed of the one in {where}: go there"
