"""The inspector of the diffusion tab: what is shown, what is asked for, and by which way."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from genstudio.api import (
    ALL_CLASSES,
    LAYERS,
    NO_CLASS,
    Catalog,
    DenoiseRequest,
    Layer,
    ModelInfo,
    Start,
    UsualWay,
    levels_left,
    usual_way,
)
from genstudio.api.guidance import NONE_ASKED, UNTAUGHT
from genstudio.settings import DenoisingSettings
from genstudio.ui.diffusion import words
from genstudio.ui.diffusion.spacings import SPACINGS
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.check_box import CheckBox
from genstudio.ui.widgets.form import Choice, FloatBox, IntBox
from genstudio.ui.widgets.inspector import CONTROL, Inspector, Row, Section
from genstudio.ui.widgets.segments import Segments, choices

LAYER_BUTTONS: dict[Layer, tuple[str, str]] = {
    "x_t": ("noisy", "xₜ, the noisy picture as it is at this step (1)"),
    "x0_hat": ("clean", "x̂₀, the clean picture that the network predicts from here (2)"),
    "eps_hat": ("noise", "ε̂, the noise that the network predicts (3)"),
    "change": (
        "change",
        "What the last step changed, xₜ less the x before; grey is no change, brightest and darkest are three times "
        "the usual change of that picture (4)",
    ),
}
VIEWS = {
    "all": ("Pictures", "All pictures at one step; a double click enlarges one"),
    "path": ("Path", "Some pictures at steps along the way (P)"),
    "matrix": ("Matrix", "A row for each picture, a column for each step that has room; a click goes to a step (M)"),
    "map": ("Map", "The ways of the pictures over a map of real ones: two principal components (C)"),
}
FIRST = DenoiseRequest("", seed=7, count=10, sampler="ddpm", steps=50, guidance=1.5)
MOST_PICTURES = 64
REPAINTS = "A hole is filled by RePaint, which takes the noise away as DDPM does. Lugmayr et al. 2022."


class DiffusionControls(QObject):
    """Sections Show, Ask for and Way. `changed` follows every change of the request by the user."""

    changed = Signal()
    layer_chosen = Signal(str)
    view_chosen = Signal(str)
    codes_toggled = Signal(bool)
    new_seed_wanted = Signal()

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self._model: ModelInfo | None = None
        self._is_guided = True
        self._before: DenoiseRequest | None = None  # what is asked for until the step from which changes count
        self.start: Start | None = None  # what the process begins with, None for noise
        self._usual = usual_way("ddpm")._asdict()  # of models of this family
        self._ways: dict[UsualWay, UsualWay] = {}  # that one went with models of a kind, by what is usual there
        self._wanted_steps = FIRST.steps  # also where there are fewer levels
        self._uses_eta: dict[str, bool] = {}
        self._helps: dict[str, str] = {}
        self.rows: dict[str, Row] = {}
        show = inspector.add_section("Show")
        self.layers = Segments("Layer", choices(LAYER_BUTTONS))
        self.views = Segments("View", choices(VIEWS))
        show.add_widget(self.layers)
        show.add_widget(self.views)
        self.codes = CheckBox("Code beside the picture (K)")
        self.codes.setToolTip(
            "The network takes noise away from a code. Each number of it is a tile beside the picture that it decodes "
            "to: orange above 0, blue below"
        )
        self.codes.setChecked(True)
        self.codes.hide()
        show.add_widget(self.codes)
        self.codes.toggled.connect(self.codes_toggled)
        self.layers.chosen.connect(self.layer_chosen)
        self.views.chosen.connect(self.view_chosen)

        asked = inspector.add_section("Ask for")
        self.label = Choice(label="Class")
        self.guidance = FloatBox(0, 20, FIRST.guidance, 0.5, label="Guidance", decimals=2)
        self.seed = IntBox(0, 2**31 - 1, FIRST.seed, label="Seed")
        self.count = IntBox(1, MOST_PICTURES, FIRST.count, label="Pictures")
        self._add(asked, "label", "Class", self.label, "Which class the pictures are to be of")
        self._add(
            asked, "guidance", "Guidance", self.guidance,
            "How far to go beyond what the class suggests: 1 is the class as learnt, 0 ignores it, above 3 exaggerates",
        )  # fmt: skip
        self._add(asked, "seed", "Seed", self.seed, "The same seed starts from the same noise")
        self._add(asked, "count", "Pictures", self.count, "How many pictures are made at once; more take longer")
        self.new_seed = TextButton("New seed", "Start from other noise (R)", "random")
        self.new_seed.clicked.connect(self.new_seed_wanted)
        asked.add_widget(self.new_seed)

        way = inspector.add_section("Way")
        self.sampler = Choice(label="Sampler")
        self.sampler.setMinimumContentsLength(words.SAMPLER_LETTERS)
        self.steps = IntBox(1, 1000, FIRST.steps, label="Steps")
        self.eta = FloatBox(0, 1, FIRST.eta, 0.1, label="η", decimals=2)
        self._add(way, "sampler", "Sampler", self.sampler, "By which rule the noise is taken away", 0)
        self.sampler_help = QLabel()
        self.sampler_help.setWordWrap(True)
        self.sampler_help.setProperty("role", "small")
        way.add_widget(self.sampler_help)
        self._add(way, "steps", "Steps", self.steps, "Steps from noise to picture; fewer are rougher")
        self.spacing = Choice(label="Spacing")
        for name, (title, help_) in SPACINGS.items():
            self.spacing.add_choice(title, name, help_)
        self._add(way, "spacing", "Spacing", self.spacing, "Which noise levels the steps visit")
        self._add(way, "eta", "η", self.eta, "How much fresh noise each step adds: 0 none, 1 as much as DDPM")
        for box in (self.guidance, self.seed, self.count, self.steps, self.eta):
            box.valueChanged.connect(self._changed)
        for choice in (self.label, self.sampler, self.spacing):
            choice.chosen.connect(self._changed)
        self._light()

    def set_catalog(self, catalog: Catalog) -> None:
        """The samplers there are."""
        value = self.sampler.value() or FIRST.sampler
        self._uses_eta = {info.name: info.uses_eta for info in catalog.samplers}
        self._helps = {info.name: info.help for info in catalog.samplers}
        self.sampler.clear()
        for info in catalog.samplers:
            self.sampler.add_choice(info.title, info.name, info.help)
        self.sampler.set_value(value)
        self._light()

    def set_model(self, info: ModelInfo) -> None:
        """Its classes and its number of noise levels."""
        value, self._model, self._is_guided = self.label.value(), info, info.knows_no_class
        self.codes.setVisible(info.family.startswith("latent"))
        self._usual = usual_way(info.family)._asdict()
        self._limit_steps()
        self.label.clear()
        if info.classes:
            self.label.add_choice("all in turn", ALL_CLASSES, "Picture after picture the next class")
            for number, name in enumerate(info.classes):
                self.label.add_choice(name, number)
        if info.knows_no_class:
            self.label.add_choice("none", NO_CLASS, "Without any class, as the network learnt it now and then")
        self.label.set_value(ALL_CLASSES if value is None else value)
        self._light()

    def request(self, model: str) -> DenoiseRequest:
        """What the controls describe."""
        label = self.label.value()
        return DenoiseRequest(
            model,
            seed=self.seed.value(),
            count=self.count.value(),
            label=ALL_CLASSES if label is None else int(label),
            sampler=self.sampler.value() or FIRST.sampler,
            steps=self.steps.value(),
            guidance=round(self.guidance.value(), 3) if self._is_guided else 1.0,
            eta=round(self.eta.value(), 3) if self.eta.isEnabled() else 0.0,
            spacing=self.spacing.value(),
            start=self.start,
        )

    def set_start(self, start: Start | None) -> None:
        """Begin with a picture: fewer levels may be left, and a hole is filled by one rule alone."""
        self.start = start
        self._limit_steps()
        self._light()

    def _limit_steps(self) -> None:
        """No more steps than levels; what was wanted comes back with them."""
        if self._before is None:
            with QSignalBlocker(self.steps):
                self.steps.setMaximum(self._levels())
                self.steps.setValue(self._wanted_steps)

    def _levels(self) -> int:
        return self.levels_of(self._model)

    def levels_of(self, info: ModelInfo | None) -> int:
        """Those that the process of a model goes through from its beginning."""
        settings = None if info is None else info.settings
        levels = settings.timesteps if isinstance(settings, DenoisingSettings) else 1000
        return levels if self.start is None else levels_left(self.start.strength, levels)

    def count_from(self, before: DenoiseRequest | None, levels: int = 0) -> None:
        """Changes count from a step: `before` is asked for until there, and `levels` are left; None is the noise."""
        self._before = before
        with QSignalBlocker(self.steps):
            self.steps.setMaximum(self._levels() if before is None else max(levels, before.steps, 1))
        row = self.rows["steps"]
        row.label.setText("Steps" if before is None else "Steps left")
        self._light()

    def set_request(self, request: DenoiseRequest) -> None:
        """Show a request without `changed`; what is not on offer stays as it was."""
        self.start = request.start
        self._limit_steps()
        if self._before is None and request.steps != self.steps.value():
            self._wanted_steps = request.steps
        self.label.set_value(request.label)
        self.sampler.set_value(request.sampler)
        self.spacing.set_value(request.spacing)
        guided = ("guidance",) if self._is_guided else ()  # what another model is asked for stays
        for name in (*guided, "seed", "count", "steps", "eta"):
            box = getattr(self, name)
            with QSignalBlocker(box):
                box.setValue(getattr(request, name))
        self._light()

    def _add(self, section: Section, name: str, label: str, control: QWidget, help_: str, width: int = CONTROL) -> None:
        row = section.add_row(label, control, help_, width=width)
        row.setProperty("field", name)
        row.reset_clicked.connect(self._reset)
        self.rows[name] = row

    @Slot()
    def _reset(self) -> None:
        name = str(self.sender().property("field"))
        self.set_request(dataclasses.replace(self.request(""), **{name: self._default(name)}))
        self.changed.emit()

    def _default(self, name: str) -> Any:
        if self._before is not None and name not in ("seed", "count"):
            return getattr(self._before, name)
        return self._usual.get(name, getattr(FIRST, name))

    def suit(self, family: str, before: str) -> UsualWay | None:
        """Go the way of models of a family: as one went it with them last, at first the usual one; which that is, None
        where they are of the same kind as the family before."""
        usual, left = usual_way(family), usual_way(before)
        if usual == left:
            return None
        asked = self.request("")
        self._ways[left] = UsualWay(asked.sampler, self._wanted_steps, asked.spacing)
        way = self._ways.get(usual, usual)
        self.set_way(way)
        return way

    def set_way(self, way: UsualWay) -> None:
        """By which sampler, in how many steps, spaced how; without `changed`."""
        if self._before is None:
            self._wanted_steps = way.steps
        self.set_request(dataclasses.replace(self.request(""), **way._asdict()))

    @Slot()
    def _changed(self) -> None:
        if self._before is None and self.sender() is self.steps:
            self._wanted_steps = self.steps.value()
        self._light()
        self.changed.emit()

    def _offer(self, name: str, is_of_use: bool, why_not: str = "") -> None:
        """Grey a control that would do nothing, and say why; without a model that is all of them."""
        control, row = self.rows[name].control, self.rows[name]
        control.setEnabled(is_of_use and self._model is not None)
        for widget in (control, row.label):
            widget.setToolTip(control.accessibleDescription() if is_of_use else why_not)

    def _light(self) -> None:
        sampler = self.sampler.value()
        for name in ("label", "seed", "count", "steps", "spacing"):
            self._offer(name, True)
        has_hole = self.start is not None and bool(self.start.hole)
        self._offer("sampler", not has_hole, REPAINTS)
        self.new_seed.setEnabled(self._model is not None)
        self._offer("eta", self._uses_eta.get(sampler, False) and not has_hole, "This sampler has no η.")
        needs = NONE_ASKED if self._is_guided else UNTAUGHT
        self._offer("guidance", self._is_guided and self.label.value() != NO_CLASS, needs)
        self.sampler_help.setText(REPAINTS if has_hole else self._helps.get(sampler, ""))
        request = self.request("")
        for name, row in self.rows.items():
            row.set_changed(getattr(request, name) != self._default(name) and row.control.isEnabled())


def next_layer(layer: str, layers: Iterable[Layer] = LAYERS) -> Layer:
    """The one after it, round and round."""
    order = list(layers)
    return order[(order.index(layer) + 1) % len(order)]  # type: ignore[arg-type]
