"""The inspector of the forward page: the picture, the schedule, the noise, and what is shown."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from genstudio.settings.schedules import PEN, TIMESTEPS, Curve, curve_of, name_of_curve
from genstudio.ui.diffusion.forward_pad import CurvePad
from genstudio.ui.diffusion.forward_state import SEEDS, ForwardState
from genstudio.ui.diffusion.forward_words import DRAW, SCHEDULE_HELPS
from genstudio.ui.diffusion.picture_controls import PictureControls
from genstudio.ui.diffusion.picture_origin import origin
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice, IntBox
from genstudio.ui.widgets.inspector import Inspector, Row, Section
from genstudio.ui.widgets.segments import Segments, choices

VIEWS = {
    "sum": ("Sum", "Picture and noise, and beside them their sum"),
    "x0": ("x₀", "The picture alone (1)"),
    "eps": ("ε", "The noise alone (2)"),
    "x_t": ("xₜ", "The noisy picture alone (3)"),
}
FIRST = ForwardState()
NONE = "nothing"
T_HELP = "Steps from the picture to noise"
BESIDE_HELP = "Another schedule, as faint curves in the plots"
TRAIN_HELP = "Go to Train, where a new diffusion model learns with this schedule and this T"
SEED_HELP = "The same seed is the same noise, also in the mode Reverse"


class ForwardControls(QObject):
    """Takes a state in by `show_state`; `changed(field, value, is_final)` follows the hand."""

    changed = Signal(str, object, bool)
    number_wanted = Signal(int)
    other_wanted = Signal()
    clear_wanted = Signal()
    noise_wanted = Signal()
    train_wanted = Signal()

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self.rows: dict[str, Row] = {}
        self.views = Segments("Show", choices(VIEWS))
        self.schedule, self.beside = Choice(label="Schedule"), Choice(label="Compare with")
        for name, (title, help_) in SCHEDULE_HELPS.items():
            self.schedule.add_choice(title, name, help_)
        self.schedule.add_choice(DRAW[0], PEN, DRAW[1])
        self.beside.add_choice(NONE, "")
        for name, (title, help_) in SCHEDULE_HELPS.items():
            self.beside.add_choice(title, name, help_)
        self.beside.add_choice(DRAW[0], PEN, "The schedule that was drawn last")
        self.schedule_help = QLabel()
        self.schedule_help.setProperty("role", "small")
        self.schedule_help.setWordWrap(True)
        self.pad = CurvePad()
        self.timesteps = IntBox(*TIMESTEPS, FIRST.timesteps, 10, label="T")
        self.seed = IntBox(0, SEEDS - 1, FIRST.seed, label="Seed")
        self.reseed = TextButton("Other noise", "The same picture under other noise (R)", "random")
        self.train = TextButton("Train with this schedule", TRAIN_HELP)
        self._fill(inspector)
        self._connect()
        self.set_ready(False)

    def _fill(self, inspector: Inspector) -> None:
        show = inspector.add_section("Show")
        show.add_widget(self.views)
        schedule = inspector.add_section("Schedule")
        self._add(schedule, "schedule", "Schedule", self.schedule, "How fast noise covers the picture")
        schedule.add_widget(self.schedule_help)
        schedule.add_widget(self.pad)
        self._add(schedule, "timesteps", "T", self.timesteps, T_HELP)
        self._add(schedule, "beside", "Compare with", self.beside, BESIDE_HELP)
        schedule.add_buttons(self.train)
        noise = inspector.add_section("Noise")
        self._add(noise, "seed", "Seed", self.seed, SEED_HELP)
        noise.add_buttons(self.reseed)
        self.picture = picture = PictureControls(inspector.add_section("Picture"))
        self.number, self.other, self.clear, self.origin = picture.number, picture.other, picture.clear, picture.origin
        self.rows["brush"] = picture.brush_row

    def _add(self, section: Section, field: str, label: str, control: QWidget, help_: str) -> None:
        control.setProperty("field", field)
        row = section.add_row(label, control, help_)
        row.setProperty("field", field)
        row.reset_clicked.connect(self._reset)
        self.rows[field] = row

    def _connect(self) -> None:
        pairs = (
            (self.views.chosen, self._view_chosen),
            (self.schedule.chosen, self._schedule_chosen),
            (self.beside.chosen, self._beside_chosen),
            (self.pad.changed, self._drawn),
            (self.pad.finished, self._drawn_to_end),
            (self.timesteps.valueChanged, self._numbered),
            (self.seed.valueChanged, self._numbered),
            (self.picture.changed, self.changed),
            (self.picture.number_wanted, self.number_wanted),
            (self.picture.other_wanted, self.other_wanted),
            (self.picture.clear_wanted, self.clear_wanted),
            (self.reseed.clicked, self.noise_wanted),
            (self.train.clicked, self.train_wanted),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    # ---- showing -------------------------------------------------------------------------------------

    def show_state(self, state: ForwardState, total: int) -> None:
        """Put every control where the state has it, without a signal; `total` pictures are in its dataset."""
        self._curve = state.curve
        blockers = [QSignalBlocker(box) for box in (self.timesteps, self.seed)]
        self.timesteps.setValue(state.timesteps)
        self.seed.setValue(state.seed)
        del blockers
        self.views.set_value(state.view)
        self.schedule.set_value(PEN if state.is_drawn else state.schedule)
        self.beside.set_value(PEN if state.beside.startswith(PEN) else state.beside)
        self.schedule_help.setText(DRAW[1] + "." if state.is_drawn else SCHEDULE_HELPS[state.schedule][1] + ".")
        self.pad.setVisible(state.is_drawn)
        self.pad.set_curve(curve_of(state.curve))
        words = origin(state.number, state.dataset, state.label, state.converted, total)
        self.picture.show_picture(state.number, total, words)
        self.picture.show_brush(state.tool, state.brush)
        for field in ("schedule", "timesteps", "beside", "seed"):
            self.rows[field].set_changed(getattr(state, field) != getattr(FIRST, field))

    def set_ready(self, is_ready: bool) -> None:
        """Whether there is a picture."""
        self.picture.set_ready(is_ready)
        for widget in (self.views, self.reseed, self.seed):
            widget.setEnabled(is_ready)

    def set_dataset(self, is_there: bool) -> None:
        """Whether there are pictures to choose from."""
        self.picture.set_dataset(is_there)

    # ---- the hand ------------------------------------------------------------------------------------

    _curve = FIRST.curve

    @Slot(str)
    def _view_chosen(self, view: str) -> None:
        self.changed.emit("view", view, True)

    @Slot(object)
    def _schedule_chosen(self, name: str) -> None:
        self.changed.emit("schedule", self._curve if name == PEN else name, True)

    @Slot(object)
    def _beside_chosen(self, name: str) -> None:
        self.changed.emit("beside", self._curve if name == PEN else name, True)

    @Slot(object)
    def _drawn(self, curve: Curve) -> None:
        self.changed.emit("curve", name_of_curve(curve), False)

    @Slot()
    def _drawn_to_end(self) -> None:
        self.changed.emit("curve", name_of_curve(self.pad.curve()), True)

    @Slot(int)
    def _numbered(self, value: int) -> None:
        self.changed.emit(str(self.sender().property("field")), value, True)

    @Slot()
    def _reset(self) -> None:
        field = str(self.sender().property("field"))
        self.changed.emit(field, getattr(FIRST, field), True)
