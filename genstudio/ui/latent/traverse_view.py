"""What the traversal looks like: rows of pictures or a plane of them, and its controls. Asks for nothing."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QLabel

from genstudio.api import StudyEvent
from genstudio.ui.latent.plane_axes import PlaneAxes
from genstudio.ui.latent.study_button import StudyButton
from genstudio.ui.latent.traverse_state import COLUMNS, REACH, ROWS, TraverseState
from genstudio.ui.latent.traverse_words import study_facts
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.check_box import CheckBox
from genstudio.ui.widgets.form import Choice, FloatBox, IntBox
from genstudio.ui.widgets.inspector import Inspector
from genstudio.ui.widgets.latent_sliders import LatentSliders
from genstudio.ui.widgets.pager import Pager

DEFAULT = TraverseState(())


class TraverseControls(QObject):
    """Fills an inspector; takes a state in and says by signals what is wanted.

    Signals:
        changed: the name of a field of the state, and its new value.
    """

    changed = Signal(str, object)
    random_wanted = Signal()
    centre_wanted = Signal()
    study_wanted = Signal()

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self.view = Choice(label="View")
        self.view.add_choice("Rows", "rows")
        self.view.add_choice("Plane", "plane")
        self.sliders = LatentSliders()
        self.random = TextButton("Random", "A random code of the prior (R)")
        self.centre = TextButton("Centre", "All numbers to 0, the prior's centre")
        self.columns = IntBox(*COLUMNS, DEFAULT.columns, label="Columns")
        self.reach = FloatBox(*REACH, DEFAULT.reach, 0.5, "σ", "Range")
        self.rows = IntBox(*ROWS, DEFAULT.rows, label="Rows at once")
        self._own_rows = DEFAULT.rows  # what the reset of a file's rows leads back to
        self.pager = Pager()
        self.pager.back.setToolTip("The latents before (PageUp)")
        self.pager.forward.setToolTip("The next latents (PageDown)")
        self.moving = CheckBox("Column that moves")
        self.moving.setToolTip("One column more, whose numbers go from one end to the other and back (Space)")
        self.axes = PlaneAxes(self)
        self.heat = CheckBox("Where pictures change fast")
        self.heat.setToolTip("Brighten where a small step of the code changes the picture much: the magnification")
        self.facts = QLabel()
        self.facts.setProperty("role", "small")
        self.facts.setWordWrap(True)
        self.study = StudyButton("Encode 10,000 pictures to learn what each number tells")
        self._fill(inspector)
        self._connect()
        self.set_ready(False)

    def _fill(self, inspector: Inspector) -> None:
        look = inspector.add_section("Seen")
        look.add_row("View", self.view, "Rows: one number of the code in each. Plane: two of them at once.")
        self._reach_row = look.add_row(
            "Range", self.reach, "How far from 0 the numbers go, to both sides.", self._reset_reach
        )
        self._columns_row = look.add_row("Columns", self.columns, "Pictures in each row.", self._reset_columns)
        self._rows_row = look.add_row(
            "Rows at once", self.rows, "Latents on one page; PageUp and PageDown turn the pages.", self._reset_rows
        )
        look.add_widget(self.pager)
        look.add_widget(self.moving)
        self._axis_rows = self.axes.add_to(look)
        look.add_widget(self.heat)
        base = inspector.add_section("Base code")
        base.add_widget(self.sliders)
        base.add_buttons(self.random, self.centre)
        codes = inspector.add_section("What the latents mean")
        codes.add_widget(self.facts)
        codes.add_buttons(self.study)

    def _connect(self) -> None:
        self.random.clicked.connect(self.random_wanted)
        self.centre.clicked.connect(self.centre_wanted)
        self.study.clicked.connect(self.study_wanted)
        self.view.chosen.connect(self._view_chosen)
        self.axes.chosen.connect(self.changed)
        self.columns.valueChanged.connect(self._columns_changed)
        self.reach.valueChanged.connect(self._reach_changed)
        self.rows.valueChanged.connect(self._rows_changed)
        self.heat.toggled.connect(self._heat_toggled)
        self.moving.toggled.connect(self._moving_toggled)

    # ---- data in ------------------------------------------------------------------------------------

    def show_state(self, state: TraverseState) -> None:
        """The settings as they stand."""
        self.view.set_value(state.view)
        self.axes.show_axes(state.across, state.up)
        self._own_rows = state.rows if state.only else DEFAULT.rows
        for box, value in ((self.columns, state.columns), (self.rows, len(state.only) or state.rows)):
            with QSignalBlocker(box):
                box.setValue(value)
        with QSignalBlocker(self.reach):
            self.reach.setValue(state.reach)
        for tick, is_on in ((self.heat, state.heat), (self.moving, state.moving)):
            with QSignalBlocker(tick):
                tick.setChecked(is_on)
        in_rows = state.view == "rows"
        for row in (self._columns_row, self._rows_row):
            row.setVisible(in_rows)
        first = state.page * state.rows + 1
        self.pager.show_part(first, min(first + state.rows - 1, len(state.z)), len(state.z))
        self.pager.setVisible(in_rows and state.pages() > 1)
        self.moving.setVisible(in_rows)
        for widget in (*self._axis_rows, self.heat):
            widget.setVisible(not in_rows)
        self._columns_row.set_changed(state.columns != DEFAULT.columns)
        self._reach_row.set_changed(state.reach != DEFAULT.reach)
        self._rows_row.set_changed(bool(state.only) or state.rows != DEFAULT.rows)

    def show_study(self, study: StudyEvent | None, latents: int, own: bool = False) -> None:
        """What is known of the codes: more axes to choose from, and words."""
        self.axes.offer(study, latents, own)
        self.facts.setText(study_facts(study))
        self.study.set_studied(study is not None)

    def set_ready(self, is_ready: bool) -> None:
        """Nothing can be moved before a model is loaded."""
        for widget in (
            self.view, self.sliders, self.random, self.centre, self.columns, self.reach, self.rows,
            self.axes.across, self.axes.up, self.heat, self.study, self.moving, self.pager,
        ):  # fmt: skip
            widget.setEnabled(is_ready)

    # ---- hand ---------------------------------------------------------------------------------------

    @Slot(object)
    def _view_chosen(self, value: str) -> None:
        self.changed.emit("view", value)

    @Slot()
    def _columns_changed(self) -> None:
        self.changed.emit("columns", self.columns.value())

    @Slot()
    def _reach_changed(self) -> None:
        self.changed.emit("reach", float(f"{self.reach.value():.4g}"))

    @Slot()
    def _rows_changed(self) -> None:
        self.changed.emit("rows", self.rows.value())

    @Slot(bool)
    def _heat_toggled(self, is_on: bool) -> None:
        self.changed.emit("heat", is_on)

    @Slot(bool)
    def _moving_toggled(self, is_on: bool) -> None:
        self.changed.emit("moving", is_on)

    @Slot()
    def _reset_columns(self) -> None:
        self.columns.setValue(DEFAULT.columns)

    @Slot()
    def _reset_reach(self) -> None:
        self.reach.setValue(DEFAULT.reach)

    @Slot()
    def _reset_rows(self) -> None:
        self.changed.emit("rows", self._own_rows)
