"""The arithmetic of codes at work: what is asked, and how the answers are shown."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.arithmetic_state import SLOTS, STEP, STEPS, ArithmeticState, ShelfItem
from genstudio.ui.latent.arithmetic_view import ArithmeticControls, Equation
from genstudio.ui.latent.arithmetic_words import sentence_of
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.model_page import ModelPage
from genstudio.ui.latent.saved_menu import fitting, name_of
from genstudio.ui.numbers import signed
from genstudio.ui.tabs.vae_saved import SavedCodes
from genstudio.ui.tabs.vae_state import as_code, random_code
from genstudio.ui.widgets.stage import Stage

ON_SHELF = 24  # pictures
EMPTY = "You have saved no code yet. Explore keeps the one it shows under a name."


class ArithmeticShow(ModelPage):
    """Owns the state, the shelf and the slots "arithmetic.*"; what one can do is in `ArithmeticPage`."""

    verbs = ("decode", "shelf", "pick", "encode", "paste", "study")
    takes_pictures = True

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__("arithmetic", bridge, desk, parent)
        self.equation = Equation()
        self.stage_area.addWidget(self.equation, 1)
        self.controls = ArithmeticControls(self.inspector)
        self._state: ArithmeticState | None = None
        self._items: tuple[ShelfItem, ...] = ()
        self._labels: tuple[str, ...] = ()  # of pictures that are being encoded
        self._target = 0  # the slot that is filled next
        self.blank()
        self.main_stage().set_message("Starting …")

    # ---- the model ----------------------------------------------------------------------------------

    def main_stage(self) -> Stage:
        return self.equation.shelf

    def blank(self) -> None:
        """Nothing of a model is left to be seen."""
        self._state, self._items, self._target = None, (), 0
        self.equation.shelf.set_pictures(api.NO_PICTURES)
        self.equation.shelf.set_selected(-1)
        for slot in self.equation.slots:
            slot.show_code(None, "")
        self.equation.set_target(-1)
        self.controls.set_ready(False)
        self.caption.set_text("")
        self.tempo.set_range(0)
        self.tempo.set_label("")
        self.tempo.set_exportable(False, False)
        self.tempo.play.setEnabled(False)

    def begin(self, info: api.ModelInfo, values: dict[str, Any]) -> None:
        """The model has come."""
        state = ArithmeticState.from_dict(values, info.latent_dim)
        before = self._state
        self.controls.set_ready(True)
        self.equation.set_target(self._target)
        self.show_state(state)
        if before is None or (before.shelf, before.seed) != (state.shelf, state.seed):
            self.fill_shelf()

    def code(self) -> tuple[float, ...]:
        return self._state.result() if self._state is not None else ()

    def values(self) -> dict[str, Any]:
        return self._state.to_dict() if self._state is not None else {}

    def activate(self) -> None:
        """On top: codes may have been saved meanwhile."""
        super().activate()
        if self._is_ready and self._state is not None and self._state.shelf == "saved":
            self.fill_shelf()

    def study_is_new(self) -> None:
        """There are class means now."""
        self.controls.study.set_studied(self.study() is not None)
        if self._state is not None and self._state.shelf == "means":
            self.fill_shelf()

    # ---- showing and asking -------------------------------------------------------------------------

    def show_state(self, state: ArithmeticState) -> None:
        """Show other slots, or another strength: one request for all four pictures."""
        self._state = state
        self.controls.show_state(state)
        self.controls.study.set_studied(self.study() is not None)
        if (request := state.decode(self.model)) is not None:
            self.ask("play", "decode", request)
        for k, slot in enumerate(self.equation.slots):
            if k not in state.places():
                hint = "Click, then choose a picture below; or drag one here." if slot.takes else "Fill A, B and C."
                slot.show_code(None, "", hint)
        self.tempo.set_range(STEPS)
        self.tempo.set_position(min(max(round(state.strength / STEP), 0), STEPS - 1))
        self.tempo.set_label(f"strength {signed(state.strength, '.2f')}")
        self.tempo.set_exportable(any(state.codes), state.is_full())
        for button in (self.tempo.play, self.tempo.back, self.tempo.forward):
            button.setEnabled(state.is_full())
        self.write()

    def write(self) -> None:
        """The words under the pictures."""
        if self._state is not None:
            self.caption.set_text(sentence_of(self._state, SLOTS[self._target]))

    def fill_shelf(self) -> None:
        """Ask for the pictures of the shelf."""
        state, info, shelf = self._state, self.info(), self.equation.shelf
        if state is None or info is None:
            return
        for verb in ("shelf", "pick", "encode"):
            self.bridge.stop(self.slot(verb))
        self._lay([])
        shelf.set_selected(-1)
        shelf.set_pictures(api.NO_PICTURES)
        if state.shelf == "random":
            codes = [random_code(state.seed, k, info.latent_dim) for k in range(ON_SHELF)]
            self._put(codes, [f"code {k + 1}" for k in range(ON_SHELF)])
        elif state.shelf == "data":
            shelf.set_message("Pictures are being read …")
            self.stream("io", "pick", api.PickRequest(self.model, seed=state.seed, count=ON_SHELF))
        elif state.shelf == "saved":
            self._put_saved(info)
        elif (study := self.study()) is None:
            shelf.set_message("What the classes' means are is learnt by a study of the codes.", "Study the codes")
        else:
            known = [k for k in range(len(study.classes)) if np.isfinite(study.class_means[k]).all()]
            self._put([as_code(study.class_means[k]) for k in known], [f"mean of {study.classes[k]}" for k in known])

    def _put_saved(self, info: api.ModelInfo) -> None:
        kept = SavedCodes().codes
        right = fitting(kept, info.latent_dim)
        if right:
            self._put([code.z for code in right], [name_of(code, self.model) for code in right])
        else:
            sizes = f"Your saved codes are of other sizes; {info.name} takes {info.latent_dim} numbers."
            self.equation.shelf.set_message(sizes if kept else EMPTY, "Go to Explore")

    def _put(self, codes: list[tuple[float, ...]], names: list[str]) -> None:
        self._lay([ShelfItem(code, name) for code, name in zip(codes, names, strict=True)])
        self.ask("play", "shelf", api.DecodeRequest(self.model, tuple(codes)))

    def _lay(self, items: list[ShelfItem]) -> None:
        self._items = tuple(items)
        self.equation.shelf.set_names(tuple(item.name for item in items))

    def take(self, verb: str, event: Any) -> None:
        """Pictures of the slots or of the shelf, and codes of pictures."""
        state = self._state
        if state is None:
            return
        if isinstance(event, api.PickedEvent):
            self._labels = event.labels
            self.ask("play", "encode", api.EncodeRequest(self.model, event.images))
        elif isinstance(event, api.EncodedEvent):
            if verb == "paste":
                self.take_own(as_code(event.mu[0]), event.converted)
            elif len(self._labels) == len(event.mu):
                pairs = zip(event.mu, self._labels, strict=True)
                self._lay([ShelfItem(as_code(mu), label) for mu, label in pairs])
                self.equation.shelf.show_codes(event.inputs)
        elif isinstance(event, api.PicturesEvent) and verb == "shelf":
            self.equation.shelf.show_codes(event.images)
        elif isinstance(event, api.PicturesEvent) and event.request.z:
            self._show_pictures(state, event)

    def _show_pictures(self, state: ArithmeticState, event: api.PicturesEvent) -> None:
        """Pictures of an older strength are shown, too, as long as they fill the same slots."""
        places = state.places()
        if len(places) != len(event.images):
            return
        for place, picture in zip(places, event.images, strict=True):
            name = state.names[place] if place < 3 else ""
            self.equation.slots[place].show_code(picture, name)
        self.show_time(event.compute_ms, len(event.images))

    def take_own(self, code: tuple[float, ...], converted: str) -> None:
        """The code of a picture that was dropped or pasted."""

    def is_settled(self) -> bool:
        """Whether the pictures of all filled slots have come."""
        state = self._state
        return state is not None and all(self.equation.slots[k].has_picture() for k in state.places())
