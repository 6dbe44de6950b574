"""The section Start of the inspector: noise, a picture or a hole, and the picture itself under pen or brush."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QWidget

from genstudio.api import MOST_REPEATS, Pictures, hole_of, picture_of
from genstudio.ui.diffusion import start_words as words
from genstudio.ui.diffusion.brush import Brush
from genstudio.ui.diffusion.picture_controls import PictureChooser
from genstudio.ui.diffusion.picture_origin import origin, paper
from genstudio.ui.diffusion.start_state import AREAS, DRAWN, MARKERS, STRENGTHS, StartState
from genstudio.ui.theme import fix, theme
from genstudio.ui.widgets.canvas import DESIGN, HELP, Canvas
from genstudio.ui.widgets.form import Choice, IntBox
from genstudio.ui.widgets.inspector import Inspector, Row
from genstudio.ui.widgets.segments import Segments, choices
from genstudio.ui.widgets.slider import Slider

FIRST = StartState()
PEN = 2.5  # width of the pen that draws, in pixels of a picture of 28
CANVAS = 200  # design px
TINT = 0.7  # of the colour over what is made anew


class StartControls(QObject):
    """Takes a state in by `show_state`.

    Signals:
        changed: field, value, and whether the hand is done.
        drawn: the picture (H, W, C) after a stroke of the pen.
        marked: a stroke of the brush.
    """

    changed = Signal(str, object, bool)
    drawn = Signal(object)
    marked = Signal(object)
    dataset_wanted = Signal(object)
    number_wanted = Signal(int)
    other_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self._state, self._timesteps = FIRST, 1000
        self.rows: dict[str, Row] = {}
        self.kinds, self.tools = Segments("Begin with", choices(words.KINDS)), Segments("Brush", choices(words.TOOLS))
        self.canvas = fix(Canvas(), height=CANVAS)
        self.canvas.setAccessibleName("The picture to begin with")
        self.brush = Brush(self.canvas, self._cell)
        self.strength, self.marker = Slider(*STRENGTHS, 0.01), Slider(*MARKERS, 0.5)
        self.strength.rest, self.marker.rest = FIRST.strength, FIRST.marker
        self.area = Choice(label="Marked")
        for name, (title, _) in AREAS.items():
            self.area.add_choice(title, name)
        self.area.add_choice("as drawn", DRAWN, "What was marked with the brush", enabled=False)
        self.repeats = IntBox(1, MOST_REPEATS, FIRST.repeats, label="Repeats")
        self.dataset = Choice(label="Dataset", help="Where the picture is from")
        self.hint = QLabel()
        self.hint.setProperty("role", "small")
        self.hint.setWordWrap(True)
        self._fill(inspector)
        self._connect()
        self.show_state(FIRST, 0)

    def _fill(self, inspector: Inspector) -> None:
        section = self._section = inspector.add_section("Start", 1)
        section.add_widget(self.kinds)
        section.add_widget(self.canvas)
        self._add("strength", "Strength", self.strength, words.STRENGTH)
        section.add_widget(self.tools)
        self._add("marker", "Brush", self.marker, "How wide the brush is, in pixels of a picture of 28")
        self._add("hole", "Marked", self.area, "What is to be made anew; the brush marks anything else")
        self._add("repeats", "Repeats", self.repeats, words.REPEATS)
        section.add_widget(self.hint)
        self._add("dataset", "Dataset", self.dataset, "Where the picture is from")
        self.picture = PictureChooser(section)

    def _add(self, field: str, label: str, control: QWidget, help_: str) -> None:
        row = self._section.add_row(label, control, help_)
        row.setProperty("field", field)
        row.reset_clicked.connect(self._reset)
        self.rows[field] = row

    def _connect(self) -> None:
        pairs = (
            (self.kinds.chosen, self._kind_chosen),
            (self.tools.chosen, self._show_brush),
            (self.area.chosen, self._area_chosen),
            (self.strength.moved, self._strength_moved),
            (self.strength.released, self._strength_left),
            (self.marker.moved, self._marker_moved),
            (self.repeats.valueChanged, self._repeats_changed),
            (self.canvas.stroked, self._show_picture),
            (self.canvas.finished, self._drawn),
            (self.canvas.clear_wanted, self.clear_wanted),
            (self.brush.stroked, self.marked),
            (self.dataset.chosen, self.dataset_wanted),
            (self.picture.number_wanted, self.number_wanted),
            (self.picture.other_wanted, self.other_wanted),
            (self.picture.clear_wanted, self.clear_wanted),
            (theme().changed, self._show_picture),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    # ---- showing ---------------------------------------------------------------------------------------

    def set_model(self, timesteps: int, has_places: bool) -> None:
        """Of a model its noise levels, and whether it makes pictures, not codes; `show_state` shows it."""
        self._timesteps = timesteps
        self.kinds.set_available("hole", has_places, words.NO_HOLE)

    def show_state(self, state: StartState, total: int) -> None:
        """Put every control where the state has it, without a signal; `total` pictures are in its dataset."""
        before, self._state = self._state, state
        if state.picture != before.picture or not self.canvas.has_canvas():
            self._lay()
        boxes = (self.strength, self.marker, self.repeats)
        blockers = [QSignalBlocker(box) for box in boxes]
        self.strength.set_value(state.strength)
        self.marker.set_value(state.marker)
        self.repeats.setValue(state.repeats)
        del blockers
        self.kinds.set_value(state.kind)
        self.area.set_value(state.area())
        self.dataset.set_value(state.dataset)
        self.rows["strength"].label.setText(f"Strength · {state.strength:.2f}")
        self.rows["marker"].label.setText(f"Brush · {state.marker:g} px")
        self.hint.setText(words.hint(state, self._timesteps) if state.kind != "noise" else "")
        where = origin(state.number, state.dataset, state.label, state.converted, total)
        self.picture.show_picture(state.number, total, where if state.picture else "")
        for field in ("strength", "marker", "hole", "repeats"):
            self.rows[field].set_changed(getattr(state, field) != getattr(FIRST, field))
        self._show_rows()
        self._show_picture()
        self._show_brush()

    def _show_rows(self) -> None:
        kind, has_picture = self._state.kind, bool(self._state.picture)
        picture = self.picture
        for widget in (self.canvas, self.rows["dataset"], picture.number_row, picture.buttons, picture.origin):
            widget.setVisible(kind != "noise")
        self.hint.setVisible(kind != "noise" and has_picture)
        self.rows["strength"].setVisible(kind == "picture")
        picture.clear.setVisible(kind == "picture")
        for widget in (self.tools, self.rows["marker"], self.rows["hole"], self.rows["repeats"]):
            widget.setVisible(kind == "hole")
        picture.number.setEnabled(bool(self._state.dataset))
        picture.other.setEnabled(self.dataset.value() is not None)

    def _lay(self) -> None:
        """The picture of the state under the pen."""
        if (picture := picture_of(self._state.picture)) is not None:
            self.canvas.set_canvas(picture)
            ground = paper(picture)
            self.canvas.set_brush(PEN, (255 - ground,) * 3, ground, False)

    @Slot()
    def _show_picture(self) -> None:
        """The picture under the pen, and over it the colour of what is made anew."""
        if not self.canvas.has_canvas():
            return
        picture = self.canvas.picture()
        if self._state.kind == "hole":
            picture = tinted(picture, hole_of(self._state.hole, *picture.shape[:2]), theme().colors.latent)
        self.canvas.set_pictures(picture[None], 1)

    @Slot()
    def _show_brush(self) -> None:
        radius = self._state.marker / DESIGN / 2
        self.brush.set_brush(self.tools.value(), radius, True)
        self.brush.set_in_hand(self._state.kind == "hole" and self.canvas.has_canvas())
        help_ = HELP if self._state.kind == "picture" else "Mark with the mouse what is to be made anew."
        self.canvas.setToolTip(f"<p>{help_} A picture can also be dropped or pasted.</p>")

    @staticmethod
    def _cell(cell: int) -> int:
        return cell

    # ---- the hand --------------------------------------------------------------------------------------

    @Slot(str)
    def _kind_chosen(self, kind: str) -> None:
        self.changed.emit("kind", kind, True)

    @Slot(object)
    def _area_chosen(self, area: str) -> None:
        self.changed.emit("hole", AREAS[area][1] if area in AREAS else self._state.hole, True)

    @Slot(float)
    def _strength_moved(self, strength: float) -> None:
        self.changed.emit("strength", round(strength, 2), False)

    @Slot()
    def _strength_left(self) -> None:
        self.changed.emit("strength", round(self.strength.value(), 2), True)

    @Slot(float)
    def _marker_moved(self, width: float) -> None:
        self.changed.emit("marker", round(width, 1), False)

    @Slot(int)
    def _repeats_changed(self, repeats: int) -> None:
        self.changed.emit("repeats", repeats, True)

    @Slot()
    def _drawn(self) -> None:
        self.drawn.emit(self.canvas.picture())

    @Slot()
    def _reset(self) -> None:
        field = str(self.sender().property("field"))
        self.changed.emit(field, getattr(FIRST, field), True)


def tinted(picture: Pictures, mask: np.ndarray, color: str) -> Pictures:
    """A picture (H, W, C) in colours (H, W, 3), with one of them over a part."""
    shown = np.broadcast_to(picture, (*picture.shape[:2], 3)).astype(np.float32)
    tint = QColor(color)
    over = np.array([tint.red(), tint.green(), tint.blue()], np.float32)
    shown[mask] = (1 - TINT) * shown[mask] + TINT * over
    return (shown + 0.5).astype(np.uint8)
