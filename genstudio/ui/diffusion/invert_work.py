"""The inversion page at work: models and pictures are asked for, come, and what they ask for is computed."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.errors import sentence, whole
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion import invert_words as words
from genstudio.ui.diffusion.invert_player import InvertPlayer
from genstudio.ui.diffusion.invert_state import INVERTIBLE, InvertState, fitted
from genstudio.ui.diffusion.invert_track import Arc, Ways
from genstudio.ui.diffusion.invert_view import InvertView
from genstudio.ui.diffusion.originals import Originals
from genstudio.ui.diffusion.picture_origin import own
from genstudio.ui.diffusion.words import NO_MODEL
from genstudio.ui.tabs.model_card import card
from genstudio.ui.tabs.run_words import gone, moved_on, name_of


class InvertWork(InvertView):
    """Owns the state; slots "invert.*" are its own."""

    families = INVERTIBLE
    misfit = "{name} cannot be inverted: it does not take noise away step by step."

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._state = InvertState()
        self._under_brush = ""  # the picture on which the hand draws, packed
        self._asked_for = "a"  # the end whose picture is on its way
        self._was_playing = self._was_computing = False
        self._announced: tuple[object, ...] = ()  # what the window has been told of
        self.originals = Originals(self, self.picker)
        self.originals.came.connect(self._picture_came)
        self.originals.failed.connect(self._no_picture_came)
        self.originals.like = self.data_of_model
        self.player = InvertPlayer(bridge, self.slot("ways"), self.slot("between"), self)
        self.player.changed.connect(self.refresh)
        self.controls.show_state(self._state, 0)

    @property
    def info(self) -> api.ModelInfo | None:
        """The model's."""
        return self.infos.get(self._state.model)

    # ---- models ----------------------------------------------------------------------------------------

    def models_came(self, catalog: api.Catalog, changed: set[str]) -> None:
        """Begin once the page is on top."""
        self.originals.fill(catalog, self._state.end.dataset)
        if self._is_active:
            self._begin()

    def fill_models(self) -> None:
        """As the picker has them; without any there are no pictures to choose either."""
        self.models.clear()
        for key, info in self.infos.items():
            self.models.add_choice(name_of(info.name), key, card(info))
        self.models.set_value(self._state.model)
        for picker in (self.models, self.picker):
            picker.setEnabled(bool(self.infos))

    def _begin(self) -> None:
        if not self.infos:
            self.controls.set_ready(False)
            self.player.stop()
            self.show_nothing(*NO_MODEL)
            return
        before, is_new = self._state.model, self.player.shown() is None
        heir = self._heirs.of(before, self.infos)
        key = heir or next(iter(self.infos))
        if not is_new and key != before:
            self.tell(moved_on(before, key) if heir else gone(before, key))
        self.go_to(self.with_model(self._state, key), is_new=is_new)
        if key != before:
            self.followed("model")

    def with_model(self, state: InvertState, key: str) -> InvertState:
        """The same with a model; pictures that are not of its kind are to be asked for again."""
        info = self.infos[key]
        wanted = info.size, info.size, info.channels
        for side, number in (("a", 0), ("b", 1)):
            end = getattr(state, side)
            if end.picture and api.packed_shape(end.picture) != wanted:
                number = end.number if end.number >= 0 else number
                state = state.with_end(side, picture="", converted="", label="", number=number)
        return fitted(dataclasses.replace(state, model=key), info)

    @Slot(object)
    def use_model(self, key: str) -> None:
        """Another model; what it gives of the pictures plays from its beginning."""
        self.go_to(self.with_model(self._state, key), is_new=True)
        self.remember()

    # ---- pictures --------------------------------------------------------------------------------------

    def ask_picture(self, side: str, dataset: str, number: int) -> None:
        """One of a dataset for an end."""
        self._asked_for = side
        self.originals.ask(dataset, number)

    def _ask_lacking(self) -> None:
        """The picture that is needed and not there: of the end's dataset, or of the other one's. One at a time: what
        is on its way is for the end that asked for it."""
        side = self._state.lacking()
        if not side or self.originals.is_busy:
            return
        end, other = getattr(self._state, side), self._state.b if side == "a" else self._state.a
        if dataset := self.originals.first(end.dataset or other.dataset):
            self.ask_picture(side, dataset, max(end.number, 0))
        else:
            self.empty()

    @Slot(object, object)
    def _picture_came(self, picture: api.Pictures, fields: dict[str, Any]) -> None:
        if self.info is not None and self.originals.fits(picture, self.info, fields):
            state = self._state.with_end(self._asked_for, picture=api.pack(picture), is_noise=False, **fields)
            self.go_to(state, is_new=True)
            self.remember()

    @Slot()
    def _no_picture_came(self) -> None:
        self.picker.set_value(self._state.end.dataset)
        if self._state.lacking():
            self.empty()
        else:
            self.show_controls()

    def empty(self) -> None:
        """A picture of nothing but paper for the chosen end, and for one that lacks its own."""
        if (info := self.info) is None:
            return
        self.originals.forget()
        side = self._state.lacking() or self._state.side
        picture = np.full((info.size, info.size, info.channels), self.ground(), np.uint8)
        self.go_to(self._state.with_end(side, is_noise=False, **own(picture)), is_new=True)
        self.remember()

    # ---- events ----------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Models, pictures, and what is computed of them."""
        self.dropped.note(verb, event)
        if verb in ("ways", "between"):
            if not isinstance(event, api.ProgressEvent):
                self.player.handle(event)
        elif isinstance(event, api.ModelEvent):
            self.take_model(event.info)
        else:
            self.originals.handle(verb, event)

    # ---- the state -------------------------------------------------------------------------------------

    def go_to(self, state: InvertState, is_new: bool = False, is_drawn: bool = False) -> None:
        """Another state. What is new plays from its beginning; what was drawn is under the brush already."""
        info = self.infos.get(state.model)
        if info is None:
            self._state = state
            return
        before, self._state = self._state, state
        if state.model != before.model or self.controls.label.count() < 3:
            self.models.set_value(state.model)
            self.controls.show_model(info)
        if is_drawn:
            self._under_brush = state.end.picture
        elif state.end.picture != self._under_brush:  # else a stroke that is being drawn would be lost
            self._lay(state.end.picture)
        self.show_view(state)
        self.show_controls()
        self._ask_lacking()
        request = state.request(info.classes) if state.view == "ways" else state.slerp(info.classes)
        if request is None:
            self.player.stand_still()
            self.show_waiting(state)
        if request is None or not self._is_active:
            return
        is_other = self.player.go(request, runs=True)
        if is_other and is_new:
            self._state = self.at_place(0)
            self.player.set_playing(True)
        elif is_other and self.player.is_playing:
            self.player.set_playing(True, self.place())
        self.refresh()

    def _lay(self, packed: str) -> None:
        """A picture under the brush; what is there stays where it has not come yet."""
        if (picture := api.picture_of(packed)) is not None:
            self._under_brush = packed
            self.canvas.set_canvas(picture)

    def place(self) -> int:
        """Where on the way it is, in steps or pictures."""
        return self._state.moment if self._state.view == "ways" else self._state.frame

    def at_place(self, place: int) -> InvertState:
        """The state elsewhere on the way."""
        if self._state.view == "ways":
            return dataclasses.replace(self._state, moment=place)
        return dataclasses.replace(self._state, frame=place)

    def show_controls(self) -> None:
        """Controls, pickers and brush as the state has them."""
        end = self._state.end
        self.controls.set_ready(self.info is not None)
        self.controls.show_state(self._state, self.originals.totals.get(end.dataset, 0))
        self.controls.picture.set_dataset(bool(end.dataset or self.picker.value()))
        if end.dataset:
            self.picker.set_value(end.dataset)
        self.show_brush(self._state)

    @Slot()
    def refresh(self) -> None:
        """Bring pictures, plot, words and scrubber in line with what is there."""
        player, state, info = self.player, self._state, self.info
        track = player.shown()
        if info is None or track is None:
            return
        self.tempo.set_playing(player.is_playing)
        if player.error is not None and (not isinstance(track, Ways) or track.newest < 0):
            self.show_nothing(whole(sentence(player.error)), "Try again")
            return
        self.told, self.goal = words.told(track.request.label, info.classes), words.goal(info.family)
        if isinstance(track, Ways) and state.view == "ways" and track.request == state.request(info.classes):
            self.show_ways(state, track, player.before, player.is_playing)
        elif isinstance(track, Arc) and state.view == "between" and track.request == state.slerp(info.classes):
            self.show_arc(state, track, player.is_playing)
        if player.is_stopped or player.error is not None:
            self.caption.set_text(words.STOPPED)
        calls = track.back[-1].calls if isinstance(track, Ways) and track.back else 0
        self.show_speed(f"{calls:,} network calls" if calls else "")
        announced = (track, player.is_complete, player.is_playing, player.is_stopped, player.error)
        if announced != self._announced:
            self._announced = announced
            self.show_exportable()
            self.state_changed.emit()

    def remember(self) -> None:
        """Put the state on the undo history, once there is a picture."""
        if self._state.model and not self._state.lacking():
            super().remember()

    def is_settled(self) -> bool:
        """All is computed, shown to its end, or it says why not."""
        player = self.player
        at_end = not player.is_playing or self.info is None
        return not self.infos or player.error is not None or (player.is_complete and at_end)
