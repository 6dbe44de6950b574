"""The row that plays: first, back, play, forward, last, speed, scrubber, where we are, export."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QWidget

from genstudio.ui.theme import fix, icon, pad, px, theme
from genstudio.ui.widgets.button import IconButton, TextButton
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.slider import Slider

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
NOTHING = "There is nothing to export yet: no pictures are shown."
TABLE = "Table: picture, CSV, Markdown…"
TABLE_HELP = "The table as a picture, as numbers for a spreadsheet, or as text for a page; the next sheet asks which"


class Tempo(QWidget):
    """Plays and scrubs over `count` positions. It only asks: the page answers with set_position and set_playing."""

    play_toggled = Signal(bool)
    stopped = Signal()  # what played stands still now
    stepped = Signal(int)  # -1 or 1
    scrubbed = Signal(int)  # a position
    speed_changed = Signal(float)
    export_grid_requested = Signal()
    export_film_requested = Signal()
    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._playing, self._count, self._has_speed, self._is_still = False, 0, True, False
        self._names = "Play", "Pause"
        self.first = IconButton("first", "First", "To the first picture", side=32)
        self.back = IconButton("back", "Step back", "One step back (,)", side=32)
        self.play = IconButton("play", "Play", "Play (Space)", side=32)
        self.forward = IconButton("forward", "Step forward", "One step on (.)", side=32)
        self.last = IconButton("last", "Last", "To the last picture", side=32)
        self.play.setProperty("role", "primary")
        self.play.set_tint("on_accent")
        self.speed_picker = Choice(label="Speed", help="How fast it plays")
        for speed in SPEEDS:
            self.speed_picker.add_choice(f"{speed:g}×", speed)
        self.speed_picker.set_value(1.0)
        self.scrubber = Slider(0, 1, 1)
        self.scrubber.setAccessibleName("Position")
        self.scrubber.setToolTip("Drag to any moment; scrubbing never computes again")
        self.label = QLabel()
        self.label.setProperty("role", "small")
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.export = TextButton("Export", "Save or copy what you see", "export")
        self._build_menu()
        self.set_exportable(False, False)
        self._lay_out()
        self._connect()
        theme().changed.connect(self._restyle)
        self._others: tuple[str, ...] = ()
        self.set_range(0)
        self._restyle()

    def set_range(self, count: int) -> None:
        """How many positions there are; 0 or 1 leaves nothing to scrub."""
        self._count = count
        self.scrubber.set_range(0, max(count - 1, 1))
        self.scrubber.setEnabled(count > 1)
        self._light()

    def set_position(self, index: int) -> None:
        """Where the handle stands; no signal follows."""
        if not self.scrubber.is_held():
            self.scrubber.set_value(index)
        self._light()

    def position(self) -> int:
        """Where the handle stands."""
        return round(self.scrubber.value())

    def set_playing(self, playing: bool) -> None:
        """Show the pause or the play symbol."""
        was_playing, self._playing = self._playing, playing
        if was_playing and not playing:
            self.stopped.emit()
        self.play.set_icon("pause" if playing else "play")
        self._name_play()

    def name_play(self, play: str, pause: str) -> None:
        """Say what the button does, where more than one thing can move."""
        self._names = play, pause
        self._name_play()

    def _name_play(self) -> None:
        name = self._names[self._playing]
        self.play.setAccessibleName(name)
        self.play.setToolTip(f"{name} (Space)")

    def is_playing(self) -> bool:
        """Whether the pause symbol shows."""
        return self._playing

    def set_label(self, text: str, *others: str) -> None:
        """Where we are, in words: "step 28 of 50".

        Args:
            others: What may stand there next: the scrubber leaves room for it, and does not move when it comes.
        """
        self.label.setText(text)
        self._others = others
        need = max(map(self.label.fontMetrics().horizontalAdvance, (text, *others))) + px(4)
        if need > self.label.width() or need < self.label.width() - px(48):
            self.label.setFixedWidth(need)
        self.label.setFixedHeight(self.label.sizeHint().height())  # of a fixed size it lays nothing out anew
        self.label.setAccessibleName(f"Position: {text}")

    @property
    def speed(self) -> float:
        """1 is natural, 0.25 a quarter of it."""
        return float(self.speed_picker.value())

    def set_speed(self, speed: float) -> None:
        """Choose the nearest speed there is."""
        self.speed_picker.set_value(min(SPEEDS, key=lambda s: abs(s - speed)))

    def offer_speeds(self, speeds: Mapping[str, float], chosen: float) -> None:
        """Other speeds than those of a film, by what they are called."""
        self.speed_picker.clear()
        for text, speed in speeds.items():
            self.speed_picker.add_choice(text, speed)
        self.speed_picker.set_value(chosen)

    def set_exportable(self, grid: bool, film: bool, why_not: str = "") -> None:
        """What can be exported just now, and why nothing can be where that is so."""
        self.export.allow(grid or film, why_not or NOTHING)
        self.grid_action.setEnabled(grid)
        self.copy_action.setEnabled(grid)
        self.film_action.setEnabled(film)

    def keep_still(self) -> None:
        """Of a page on which nothing plays and nothing is gone through: words and Export alone."""
        self._is_still = True
        policy = self.scrubber.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # its room stays, so that the words keep to the right
        self.scrubber.setSizePolicy(policy)
        for widget in (self.back, self.play, self.forward, self.scrubber):
            widget.hide()
        self.show_speed(False)

    def offer_table(self) -> None:
        """Of a page that has a table in the place of pictures, and no film: its first entry says what it can become."""
        self.grid_action.setText(TABLE)
        self.grid_action.setToolTip(TABLE_HELP)
        self.film_action.setVisible(False)
        self._symbols[self.grid_action] = "table"
        self.export.menu().setToolTipsVisible(True)
        self._restyle()

    def show_speed(self, shown: bool) -> None:
        """Hide the speed picker where speed has no meaning."""
        self._has_speed = shown
        self._fold()

    def _build_menu(self) -> None:
        menu = QMenu(self)
        self.grid_action = QAction("Picture…", menu)
        self.film_action = QAction("Film…", menu)
        self.copy_action = QAction("Copy to the clipboard", menu)
        self._symbols: dict[QAction, str] = {
            self.grid_action: "picture",
            self.film_action: "film",
            self.copy_action: "copy",
        }
        self.grid_action.setShortcut("Ctrl+E")
        self.film_action.setShortcut("Ctrl+Shift+E")
        self.copy_action.setShortcut("Ctrl+C")
        for action in (self.grid_action, self.film_action, self.copy_action):
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # shown here; the window has the keys
            action.setShortcutVisibleInContextMenu(True)
            menu.addAction(action)
        self.export.setMenu(menu)

    def _lay_out(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        fix(self, height=48)
        fix(self.speed_picker, 84)
        box = pad(QHBoxLayout(self), (8, 0, 8, 0), 4)
        for widget in (self.first, self.back, self.play, self.forward, self.last):
            box.addWidget(widget)
        box.addSpacing(4)
        box.addWidget(self.speed_picker)
        box.addSpacing(8)
        box.addWidget(self.scrubber, 1)
        box.addSpacing(8)
        box.addWidget(self.label)
        box.addSpacing(8)
        box.addWidget(self.export)

    def _connect(self) -> None:
        self.first.clicked.connect(self._to_first)
        self.last.clicked.connect(self._to_last)
        self.back.clicked.connect(self._one_back)
        self.forward.clicked.connect(self._one_forward)
        self.play.clicked.connect(self._toggle)
        self.scrubber.moved.connect(self._scrubbed)
        self.speed_picker.chosen.connect(self._speed_chosen)
        self.grid_action.triggered.connect(self.export_grid_requested)
        self.film_action.triggered.connect(self.export_film_requested)
        self.copy_action.triggered.connect(self.copy_requested)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), px(48))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """In a narrow window the less important parts give way to the scrubber."""
        width = self.width() / theme().scale
        self.label.setVisible(width >= 380)
        for widget in (self.first, self.last):
            widget.setVisible(width >= 460 and not self._is_still)
        self.speed_picker.setVisible(self._has_speed and width >= 540)
        self.export.setText("Export" if width >= 420 else "")
        self.export.set_icon("export")

    def _light(self) -> None:
        at, some = self.position(), self._count > 1
        self.first.setEnabled(some and at > 0)
        self.last.setEnabled(some and at < self._count - 1)

    @Slot()
    def _toggle(self) -> None:
        self.play_toggled.emit(not self._playing)

    @Slot()
    def _to_first(self) -> None:
        self.scrubber.set_value(0)
        self._scrubbed(0)

    @Slot()
    def _to_last(self) -> None:
        self.scrubber.set_value(self._count - 1)
        self._scrubbed(self._count - 1)

    @Slot()
    def _one_back(self) -> None:
        self.stepped.emit(-1)

    @Slot()
    def _one_forward(self) -> None:
        self.stepped.emit(1)

    @Slot(float)
    def _scrubbed(self, value: float) -> None:
        self._light()
        self.scrubbed.emit(round(value))

    @Slot(object)
    def _speed_chosen(self, speed: float) -> None:
        self.speed_changed.emit(speed)

    @Slot()
    def _restyle(self) -> None:
        colors = theme().colors
        for action, name in self._symbols.items():
            action.setIcon(icon(name, colors.text))
        self.set_label(self.label.text(), *self._others)
