"""What the diffusion tab shows: the step that is looked at, its numbers, and where it is on the schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.api.guidance import calls_each, why_unguided
from genstudio.errors import counted
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion import words
from genstudio.ui.diffusion.branches import way_at
from genstudio.ui.diffusion.controls import DiffusionControls, next_layer
from genstudio.ui.diffusion.player import DenoisePlayer
from genstudio.ui.diffusion.stage import VIEWS, DenoiseStage
from genstudio.ui.history import Reel
from genstudio.ui.numbers import milliseconds
from genstudio.ui.tabs.page import FilmSource, GridSource, TabPage
from genstudio.ui.theme import px
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.stage import Stage

if TYPE_CHECKING:
    from genstudio.ui.widgets.plots import SchedulePlot

NOTHING = np.empty((0, 1, 1, 1), np.uint8)


class DiffusionView(TabPage):
    """The five places of the tab and what is in them; `DiffusionTab` adds what user and lanes do."""

    level_picked = Signal(float)  # a noise level in the plot

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("diffusion", "Denoising", bridge, parent)
        self.player = DenoisePlayer(bridge, self.slot("denoise"), self)
        self._announced: tuple[object, ...] = ()
        self._info: api.ModelInfo | None = None  # the model that is played
        self.picker = Choice(label="Model", help="A diffusion model to look into")
        self.add_picker("Model", self.picker, 280)
        self.stage = Stage(label="Pictures at this step")
        self.stage_area.addWidget(self.stage)
        self.plot: SchedulePlot | None = None
        self.controls = DiffusionControls(self.inspector)
        self.view = DenoiseStage(self.stage)
        self.controls.layer_chosen.connect(self.show_layer)
        self.controls.view_chosen.connect(self.show_view)
        self.controls.codes_toggled.connect(self.show_codes)
        self.caption.word_clicked.connect(self.show_layer)
        self.player.moved.connect(self.refresh)
        self.view.reshaped.connect(self.refresh)
        self.stage.set_message("Starting …")
        self.tempo.play.setEnabled(False)

    @property
    def steps(self) -> Reel[api.Step]:
        """The steps there are of the process that is shown, and where the eye is."""
        return self.player.steps

    @Slot(str)
    def show_layer(self, layer: str) -> None:
        """x_t, the predicted picture, the predicted noise, or what the last step changed."""
        if layer in api.LAYERS:
            self.view.layer = layer
            self.controls.layers.set_value(layer)
            self.refresh()

    @Slot(str)
    def show_view(self, view: str) -> None:
        """All pictures at one step, some along their path, a matrix of pictures and steps, or a map of their ways."""
        was_path, self.view.view = self.view.is_path, view
        if was_path and not self.view.is_path:
            self.view.leave_path()
        self.controls.views.set_value(view)
        self._show_plot()
        self.refresh()

    def shown_values(self) -> dict[str, Any]:
        """How pictures stand on the stage, to be remembered."""
        return {"view": self.view.view, "codes": self.view.shows_codes}

    def show_values(self, values: dict[str, Any]) -> None:
        """The same again; what is missing or foreign is as at first."""
        self.show_view(view if (view := values.get("view")) in VIEWS else "all")
        self.show_codes(values.get("codes") is not False)

    @Slot(bool)
    def show_codes(self, shown: bool) -> None:
        """The code beside each picture that is decoded from one."""
        self.view.shows_codes = shown
        self.controls.codes.setChecked(shown)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.text().lower()
        if key == "l":
            self.show_layer(next_layer(self.view.layer))
        elif key in ("1", "2", "3", "4"):
            self.show_layer(api.LAYERS[int(key) - 1])
        elif key in ("p", "m", "c"):
            wanted = {"p": "path", "m": "matrix", "c": "map"}[key]
            self.show_view("all" if self.view.view == wanted else wanted)
        elif key == "k" and self.controls.codes.isVisible():
            self.show_codes(not self.view.shows_codes)
        else:
            super().keyPressEvent(event)

    @Slot()
    def refresh(self) -> None:
        """Bring pictures, words, scrubber and cursor in line with the step that is looked at."""
        step, player, steps = self.steps.shown(), self.player, self.steps
        self.tempo.set_range(player.count + 1 if player.request and len(steps) else 0)
        self.tempo.set_playing(player.is_playing)
        self.tempo.play.setEnabled(player.request is not None)
        self.tempo.back.setEnabled(steps.position > 0)
        self.tempo.forward.setEnabled(player.request is not None and not player.is_at_end)
        self.show_exportable()
        if step is None or player.request is None:
            return
        self.tempo.set_position(step.index)
        self.tempo.set_label(f"t = {words.level(step.t)} · {step.index} of {player.count}")
        self.view.show(steps, player.count)
        self._say(step, player.count)
        if self.plot is not None:
            self.plot.set_cursor(step.t)
        announced = (player.request, self.view.layer, len(steps) > 0)
        if announced != self._announced:
            self._announced = announced
            self.state_changed.emit()

    def _say(self, step: api.Step, count: int) -> None:
        mean_ms = float(np.mean([s.compute_ms for s in self.steps.values()]))
        kept = step.signal
        stopped = self.player.has_failed and self.steps.is_live
        assert self.player.request is not None
        way = way_at(self.player.request, step.index)
        text = words.STOPPED if stopped else self._caption(step, count, kept, way)
        if self.view.has_codes(step) and self.view.view != "map":  # which has a sentence of its own
            text += words.codes(step.codes[self.view.layer].shape[1])
        text += words.room(self.view.seen, len(step.layers[self.view.layer]))
        self.caption.set_text(text)
        self.show_speed(f"{milliseconds(mean_ms)} per step · {counted(step.calls, 'network call')}")

    def _caption(self, step: api.Step, count: int, kept: float, way: api.DenoiseRequest) -> str:
        info = self._info
        family = info.family if info is not None else ""
        asked = [(one.label, one.guidance) for one in self._ways(step.index)]
        each = {calls_each(info, *one) for one in asked} if info is not None else words.ONCE
        unasked = words.UNASKED if way.guidance == 0 and info is not None and not why_unguided(info, way.label) else ""
        layer = self.view.layer
        shown = words.NO_STATES.get(layer, "")
        return words.caption(step, count, kept, layer, way, family, each) + shown + unasked + self.aside()

    def _ways(self, step: int) -> list[api.DenoiseRequest]:
        """All that the process was asked for up to a step."""
        process = self.player.request
        assert process is not None
        changed = {change.iteration for change in process.changes if change.iteration <= step}
        return [way_at(process, at) for at in sorted({0, *changed})]

    def aside(self) -> str:
        """What the caption says beside the step."""
        return ""

    def export_source(self) -> GridSource:
        """The pictures of the layer and step that are shown."""
        step, request = self.steps.shown(), self.player.request
        if step is None or request is None:
            return None
        return api.ExportGridRequest(request, api.GridLayout(), "", self.view.layer, step.index)

    def export_film_source(self) -> FilmSource:
        """The whole process in the layer that is shown."""
        request = self.player.request
        return None if request is None else api.ExportFilmRequest(request, api.GridLayout(), "", layer=self.view.layer)

    def is_settled(self) -> bool:
        """A step is there, and the schedule beside it."""
        return self.steps.shown() is not None and self.plot is not None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_plot()
        self.refresh()

    def _fit_plot(self) -> None:
        if self.plot is not None:
            self.plot.setFixedHeight(px(150) if self.height() >= px(760) else px(112))

    def _show_plot(self) -> None:
        """The matrix has the whole height."""
        self.show_plots(self.plot is not None and self.view.view != "matrix")

    def show_schedule(self, model: api.ModelEvent) -> None:
        """Draw a model's noise levels; the plot is built when the first model has come (0.3 s)."""
        if self.plot is None:
            from genstudio.ui.widgets.plots import SchedulePlot

            self.plot = SchedulePlot()
            self.plot.picked.connect(self.level_picked)
            self.plot_area.addWidget(self.plot)
            self._fit_plot()
        self.plot.set_schedule(model.signal, model.noise)
        self._show_plot()
        self.refresh()
