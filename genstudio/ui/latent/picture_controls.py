"""The inspector of the picture page: what is shown, the brush, held-out pictures, damage, posterior, anomaly."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QLabel

from genstudio.ui.latent.picture_plots import ErrorPlot, PosteriorPlot
from genstudio.ui.latent.picture_state import BRUSH, INKS, PictureState
from genstudio.ui.latent.picture_words import NO_POSTERIOR, NO_STUDY
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.check_box import CheckBox
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.inspector import Inspector, Row, Section
from genstudio.ui.widgets.plain import plain
from genstudio.ui.widgets.segments import Segments, choices
from genstudio.ui.widgets.slider import Slider

VIEWS = {
    "back": ("Bring back", "The picture, what comes back through its code, and the difference"),
    "corrupt": ("Corrupt", "The picture spoilt, and what comes back from that"),
    "sheet": ("Resample", "Pictures of codes drawn around the mean code, as far apart as the model is unsure"),
}
TOOLS = {
    "draw": ("Draw", "The brush leaves ink"),
    "erase": ("Erase", "The brush leaves nothing; the right mouse button always erases"),
}
MISSING = {"none": "nothing", "box": "a box", "share": "pixels"}
FIRST = PictureState("")
CENTRES_HELP = (
    "MNIST's digits were fitted into a box of 20 px and centred by mass. The model sees a drawing brought to that "
    "frame, the dashed square; the drawing itself stays as it is."
)
BRUSH_HELP = "Width of the brush, in pixels of a picture of 28. MNIST's strokes are 2 to 3.6 px wide, most about 2.5."
RESAMPLE_HELP = "Draw other codes z = μ + σ ε (R)"
STUDY_HELP = "Find the codes of the model's dataset; they tell how unusual a picture is and what lies near it"


class PictureControls(QObject):
    """Takes a state in by `show_state`; `changed(field, value, is_final)` follows the hand."""

    changed = Signal(str, object, bool)
    clear_wanted = Signal()
    undo_wanted = Signal()
    others_wanted = Signal()
    noise_wanted = Signal()
    resample_wanted = Signal()
    study_wanted = Signal()
    explore_wanted = Signal()
    send_wanted = Signal(str)  # the mode that shall take the code

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self.views, self.tools = Segments("Show", choices(VIEWS)), Segments("Brush does", choices(TOOLS))
        self.brush = Slider(*BRUSH, 0.5)
        self.brush.setAccessibleName("Brush")
        self.brush.setToolTip(plain(BRUSH_HELP))
        self.brush.rest = FIRST.brush
        self.ink = Choice(tuple(INKS), "Ink", "Colour of the brush")
        self.centres = CheckBox("Centre as in the data")
        self.centres.setToolTip(plain(CENTRES_HELP))
        self.clear = TextButton("Clear", "An empty canvas (Delete on the canvas)")
        self.undo = TextButton("Undo stroke", "Take the last stroke or change back (Ctrl+Z)")
        self.label = Choice(label="Class", help="Held-out pictures of one class, or of all")
        self.others = TextButton("Others", "Other held-out pictures of the model's dataset (R)")
        self.noise, self.share = Slider(0, 1, 0.01), Slider(0, 1, 0.01)
        self.missing = Choice(label="Missing", help="What is taken away")
        for key, text in MISSING.items():
            self.missing.add_choice(text, key)
        self.reseed = TextButton("Other noise", "The same amount of damage with another seed (R)")
        self.posterior, self.errors = PosteriorPlot(), ErrorPlot()
        self.posterior_words, self.study_words = _small(""), _small(NO_STUDY)
        self.resample = TextButton("Resample", RESAMPLE_HELP)
        self.explore = TextButton("Explore this code", "Take the code to the sliders of the mode Explore")
        self.as_key = TextButton("Use as key", "Take the code to Interpolate, as the key chosen there")
        self.in_sum = TextButton("Use in a sum", "Take the code to Arithmetic, into the framed slot")
        self.study = TextButton("Encode the dataset", STUDY_HELP)
        self.rows: dict[str, Row] = {}
        self._fill(inspector)
        self._connect()
        self.show_state(FIRST)
        self.show_study(False)
        self.set_ready(False)

    def _fill(self, inspector: Inspector) -> None:
        show = inspector.add_section("Show")
        show.add_widget(self.views)
        self.drawing = draw = inspector.add_section("Draw")
        draw.add_widget(self.tools)
        self._slider(draw, "brush", "Brush", self.brush, BRUSH_HELP)
        self.rows["ink"] = draw.add_row("Ink", self.ink, "Colour of the brush.")
        draw.add_widget(self.centres)
        draw.add_buttons(self.clear, self.undo)
        held = inspector.add_section("Held-out pictures")
        held.add_row("Class", self.label, "Pictures that the model did not learn from.")
        held.add_buttons(self.others)
        self.harm = harm = inspector.add_section("Corrupt")
        self._slider(harm, "noise", "Noise", self.noise, "Standard deviation of the noise; 1 is from black to white.")
        harm.add_row("Missing", self.missing, "A box, which can be dragged on the stage, or scattered pixels.")
        self._slider(harm, "share", "Share", self.share, "Share of the pixels that are missing.")
        harm.add_buttons(self.reseed)
        self.noise.rest, self.share.rest = FIRST.noise, FIRST.share
        code = inspector.add_section("Posterior of the code")
        code.add_widget(self.posterior)
        code.add_widget(self.posterior_words)
        code.add_buttons(self.resample, self.explore)
        code.add_buttons(self.as_key, self.in_sum)
        unusual = inspector.add_section("How unusual it is")
        unusual.add_widget(self.errors)
        unusual.add_widget(self.study_words)
        unusual.add_buttons(self.study)

    def _slider(self, section: Section, field: str, label: str, slider: Slider, help_: str) -> None:
        slider.setProperty("field", field)
        slider.moved.connect(self._slid)
        slider.released.connect(self._let_go)
        self.rows[field] = section.add_row(label, slider, help_)

    def _connect(self) -> None:
        pairs = (
            (self.centres.toggled, self._centres_toggled),
            (self.views.chosen, self._view_chosen),
            (self.tools.chosen, self._tool_chosen),
            (self.ink.chosen, self._ink_chosen),
            (self.label.chosen, self._label_chosen),
            (self.missing.chosen, self._missing_chosen),
            (self.clear.clicked, self.clear_wanted),
            (self.undo.clicked, self.undo_wanted),
            (self.others.clicked, self.others_wanted),
            (self.reseed.clicked, self.noise_wanted),
            (self.resample.clicked, self.resample_wanted),
            (self.explore.clicked, self.explore_wanted),
            (self.as_key.clicked, self._want_key),
            (self.in_sum.clicked, self._want_sum),
            (self.study.clicked, self.study_wanted),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    # ---- showing -------------------------------------------------------------------------------------

    def show_state(self, state: PictureState) -> None:
        """Put every control where the state has it, without a signal."""
        with QSignalBlocker(self.centres):
            self.centres.setChecked(state.centres)
        self.views.set_value(state.view)
        self.tools.set_value(state.tool)
        self.ink.set_value(state.ink)
        self.label.set_value(state.label)
        self.missing.set_value(state.missing)
        for slider, value in ((self.brush, state.brush), (self.noise, state.noise), (self.share, state.share)):
            with QSignalBlocker(slider):
                slider.set_value(value)
        self.rows["brush"].label.setText(f"Brush · {state.brush:g} px")
        self.rows["noise"].label.setText(f"Noise · {state.noise:.2f}")
        self.rows["share"].label.setText(f"Share · {state.share * 100:.0f} %")
        self.rows["share"].setVisible(state.missing == "share")
        self.harm.setVisible(state.view == "corrupt")

    def show_model(self, is_colour: bool, classes: tuple[str, ...], label: int, has_frame: bool) -> None:
        """What a model's pictures have: colour, classes, a frame in which all of them lie."""
        self.centres.setVisible(has_frame)
        self.rows["ink"].setVisible(is_colour)
        self.label.clear()
        self.label.add_choice("all", -1)
        for number, name in enumerate(classes):
            self.label.add_choice(name, number)
        self.label.set_value(label)

    def show_study(self, is_there: bool) -> None:
        """Whether the dataset has been encoded."""
        self.errors.setVisible(is_there)
        self.study.setVisible(not is_there)
        if not is_there:
            self.study_words.setText(NO_STUDY)

    def has_study(self) -> bool:
        """Whether the dataset has been encoded."""
        return self.study.isHidden()

    def set_ready(self, is_ready: bool) -> None:
        """Whether there is a model that answers."""
        widgets = (self.views, self.tools, self.centres, self.brush, self.ink, self.clear, self.undo, self.label,
                   self.others, self.noise, self.share, self.missing, self.reseed, self.study)  # fmt: skip
        for widget in widgets:
            widget.setEnabled(is_ready)
        if not is_ready:
            self.posterior_words.setText("")
            self.set_posterior(None)
            self.set_code(False)

    def set_code(self, is_there: bool) -> None:
        """Whether there is a code that other modes can take."""
        for button in (self.explore, self.as_key, self.in_sum):
            button.setEnabled(is_there)

    def set_posterior(self, has_spread: bool | None) -> None:
        """Whether codes can be drawn; None while there is no code."""
        self.resample.setEnabled(bool(has_spread))
        self.posterior.setVisible(bool(has_spread))
        self.views.button("sheet").setEnabled(has_spread is not False and self.views.isEnabled())
        self.resample.setToolTip(NO_POSTERIOR if has_spread is False else RESAMPLE_HELP)
        self.views.button("sheet").setToolTip(NO_POSTERIOR if has_spread is False else VIEWS["sheet"][1])

    # ---- the hand ------------------------------------------------------------------------------------

    @Slot()
    def _want_key(self) -> None:
        self.send_wanted.emit("path")

    @Slot()
    def _want_sum(self) -> None:
        self.send_wanted.emit("arithmetic")

    @Slot(float)
    def _slid(self, value: float) -> None:
        self.changed.emit(str(self.sender().property("field")), round(value, 3), False)

    @Slot()
    def _let_go(self) -> None:
        slider = self.sender()
        assert isinstance(slider, Slider)
        self.changed.emit(str(slider.property("field")), round(slider.value(), 3), True)

    @Slot(str)
    def _view_chosen(self, view: str) -> None:
        self.changed.emit("view", view, True)

    @Slot(str)
    def _tool_chosen(self, tool: str) -> None:
        self.changed.emit("tool", tool, True)

    @Slot(bool)
    def _centres_toggled(self, is_on: bool) -> None:
        self.changed.emit("centres", is_on, True)

    @Slot(object)
    def _ink_chosen(self, ink: str) -> None:
        self.changed.emit("ink", ink, True)

    @Slot(object)
    def _label_chosen(self, label: int) -> None:
        self.changed.emit("label", label, True)

    @Slot(object)
    def _missing_chosen(self, missing: str) -> None:
        self.changed.emit("missing", missing, True)


def _small(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "small")
    label.setWordWrap(True)
    return label
