"""Denoising: pictures come out of noise step by step, forth and back, with the numbers that make them."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Failure
from genstudio.errors import sentence, whole
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.branches import Tree
from genstudio.ui.diffusion.controls import MOST_PICTURES
from genstudio.ui.diffusion.desk import DenoisingDesk
from genstudio.ui.diffusion.page_models import DiffusionModels
from genstudio.ui.diffusion.view import NOTHING
from genstudio.ui.tabs.run_words import not_opened

REST_MS = 2000  # of the finished pictures, before an untouched tab starts over


class DiffusionTab(DiffusionModels):
    """Opens on a process that plays and starts over with other noise, until the first touch."""

    def __init__(self, bridge: Bridge, desk: DenoisingDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, desk, parent)
        self._good: api.ModelInfo | None = None  # the model that made pictures last
        self._was_playing = False  # when the page was left
        self._is_untouched = True
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(REST_MS)
        self._again.timeout.connect(self._start)
        self.originals.like = self._first_dataset
        self.controls.changed.connect(self._changed)
        self.controls.new_seed_wanted.connect(self.random)
        self.player.finished.connect(self._finished)
        self.view.step_chosen.connect(self._scrubbed)
        self.tempo.scrubbed.connect(self._scrubbed)
        self.tempo.speed_changed.connect(self.player.set_speed)
        self.stage.button_clicked.connect(self._try_again)
        self.level_picked.connect(self._level_picked)

    # ---- the window's hooks -------------------------------------------------------------------------------

    def activate(self) -> None:
        """On top: something plays."""
        self._is_active = True
        is_new = self.take_wanted()
        if self._info is None:
            self._open_first()
            return
        if is_new:
            return
        self.follow_trunk()
        if self._was_playing:
            self.player.set_playing(True)
        elif self._is_untouched and self.player.is_at_end:
            self._again.start()

    def deactivate(self) -> None:
        """Nobody looks: compute nothing."""
        self._is_active = False
        self._was_playing = self.player.is_playing
        self._again.stop()
        self.leave_trunk()
        self.player.set_playing(False)

    def handle(self, verb: str, event: Any) -> None:
        """The model, what the process begins with, and its steps."""
        self.dropped.note(verb, event)
        if self.picture_came(verb, event):
            return
        if verb == "load" and isinstance(event, api.ModelEvent):
            self._show_model(event)
        elif verb == "denoise":
            here = self.inside
            self.player.handle(event)
            self.follow_trunk()
            if here and self.start == here != self.inside and not self.player.is_playing:
                self.looked()  # a step that was on its way when the hand stopped
            if isinstance(event, api.DenoiseEvent) and len(self.steps):
                self._good = self._info
        elif verb == "trunk":
            self.take_trunk(event)
        elif verb in ("scatter", "tracks"):
            self.take_map(verb, event)
            return
        if isinstance(event, Failure) and not len(self.steps):
            self._show_failure(event.error)

    def _show_failure(self, error: BaseException) -> None:
        """Why there are no pictures, and nothing of those before."""
        self.stage.set_pictures(NOTHING)
        if self._info is None or self._info == self._good:
            self.stage.set_message(whole(sentence(error)), "Try again")
        else:
            self.stage.set_message(*not_opened(self._info.name, error, self._good.name if self._good else ""))
            self.show_plots(False)
        self.caption.set_text("")
        self.tempo.set_label("")
        self.tempo.set_position(0)
        self.show_speed()

    def parameters(self) -> dict[str, Any]:
        """Model, request and what is shown of it; what was remembered as long as there is no model."""
        if self._info is None and self._saved:
            return self._saved
        tree = self.tree or Tree.of(self.controls.request(self._key()))
        values = dataclasses.asdict(tree.trunk.process)
        del values["changes"], values["start"]
        branches = {"begin": self.begin.to_dict(), "branches": tree.to_values(), "branch": tree.here}
        return {**values, **branches, "layer": self.view.layer, **self.shown_values()}

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Go back to such parameters and play; what is missing or foreign is ignored."""
        if self._info is None:
            self._saved = dict(values)
            return
        before = self.tree.trunk.process if self.tree else self.controls.request(self._key())
        fields = {**dataclasses.asdict(before), "changes": None, "start": None}
        known = {k: v for k, v in values.items() if k in fields and type(v) is type(fields[k])}
        if (info := self._find(known.get("model", ""))) is not None and info != self._info:
            self._set_model(info)
        is_lost = info is None and bool(known.get("model"))
        known |= {"model": self._key(), "start": self.begin_of(values)}
        if is_lost:
            known |= self.instead_of(known)
        trunk = self.ask_from_noise(dataclasses.replace(before, **known))
        if values.get("layer") in api.LAYERS:
            self.show_layer(values["layer"])
        self.show_values(values)
        self.show_tree(Tree.from_values(trunk, values.get("branches", []), values.get("branch", 0)))

    def random(self) -> None:
        """Other noise."""
        self.controls.set_request(dataclasses.replace(self.controls.request(""), seed=random.randrange(100_000)))
        self._changed()

    def step(self, direction: int) -> None:
        """One step on or back."""
        self._touched()
        self.player.step(direction)
        self.looked()

    def toggle_play(self) -> None:
        """Play, or stop computing between two steps."""
        self._touched()
        self.player.set_playing(not self.player.is_playing)
        self.looked()

    def leave_detail(self) -> bool:
        """One picture that is enlarged makes room for all."""
        is_large = self.view.alone >= 0
        if is_large:
            self.view.enlarge(-1)
        return is_large

    def offer_model(self, path: str) -> bool:
        """A dropped checkpoint is loaded, whatever folder it is in; its answer says whether it is one of ours."""
        self._touched()
        self.ask("play", "load", api.LoadRequest(path))
        return True

    # ---- the process --------------------------------------------------------------------------------------

    @Slot()
    def _start(self, until: int = -1) -> None:
        if self._info is not None:
            self._again.stop()
            self.start_tree(until)
            self._was_playing = not self._is_active

    def _touched(self) -> None:
        self._is_untouched = False
        self._again.stop()

    @Slot()
    def _changed(self) -> None:
        """The hand wants another request."""
        self._ask_again()
        self.remember()

    def _ask_again(self) -> None:
        """A branch from the step from which changes count, or all anew from the noise, at once."""
        self._touched()
        if not self.branch_off():
            self.tree = Tree.of(self.asked_from_noise())
            self._start()

    @Slot()
    def _finished(self) -> None:
        if self._is_untouched and self._is_active:
            self._again.start()

    @Slot()
    def _try_again(self) -> None:
        if self._info is None:
            self.mode_wanted.emit(self.learner)
        else:
            self.suit(self._good or self._info)
            self._set_model(self._good or self._info)
            self._changed()

    @Slot(int)
    def _scrubbed(self, index: int) -> None:
        self._touched()
        self.player.look_at_index(index)
        self.looked()

    @Slot(float)
    def _level_picked(self, t: float) -> None:
        self._touched()
        self.player.look_at_level(t)
        self.looked()

    # ---- in and out of files ------------------------------------------------------------------------------

    def restores(self, source: Any) -> bool:
        """Processes, and what else a diffusion model of the catalog has drawn."""
        kinds = api.SampleRequest, api.ClassGridRequest
        return isinstance(source, api.DenoiseRequest) or (
            isinstance(source, kinds) and self._find(source.model) is not None
        )

    def restore(self, event: api.RestoredEvent) -> None:
        """Play the process of a file to the step that the file shows."""
        source = event.source
        if isinstance(source, api.ClassGridRequest):
            self.tell(f"{event.message} It is a grid of classes, which genstudio sample draws; it is not shown here.")
        if not isinstance(source, (api.DenoiseRequest, api.SampleRequest)):
            return
        self._touched()
        info = self._find(source.model)
        if info is None:  # a file somewhere else: go on when it has been read
            self.dropped.asks_for((source.model,), (), event)
            return
        if info != self._info:
            self._set_model(info)
        start = self.show_begin(self.begin.of(getattr(source, "start", None)))
        fields = {
            **dataclasses.asdict(source),
            "count": min(source.count, MOST_PICTURES),
            "changes": (),
            "start": start,
        }
        trunk = self.ask_from_noise(api.DenoiseRequest(**fields))
        self.tree = Tree.of(dataclasses.replace(trunk, changes=getattr(source, "changes", ())))
        self.show_layer(event.layer if isinstance(source, api.DenoiseRequest) else "x_t")
        self._start(until=event.frame if isinstance(source, api.DenoiseRequest) else -1)
        self.remember()
