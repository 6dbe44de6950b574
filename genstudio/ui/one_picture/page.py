"""One picture, three inversions: encoded by a VAE, found in a GAN by descent, inverted by DDIM."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.originals import HAND
from genstudio.ui.diffusion.picture_origin import own
from genstudio.ui.one_picture.state import OWN_KINDS, OnePictureState, of_sheet
from genstudio.ui.one_picture.view import MOMENTS
from genstudio.ui.one_picture.work import OnePictureWork
from genstudio.ui.tabs.page import FilmSource, GridSource
from genstudio.ui.triptych.state import sound

WAY_S = 5.0  # of the whole way at speed 1
STEP = 2  # moments of a key
LOOKS = {"tool", "brush"}  # fields that change nothing that is computed


class OnePicturePage(OnePictureWork):
    """What hand, keys and files do."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        controls, picture, canvas = self.controls, self.controls.picture, self.columns.canvas
        pairs = (
            (self.columns.model_chosen, self._model_chosen),
            (self.columns.help_wanted, self._help_wanted),
            (self.columns.dataset.chosen, self._dataset_chosen),
            (controls.changed, self._control_changed),
            (picture.number_wanted, self._number_wanted),
            (picture.other_wanted, self.random),
            (picture.clear_wanted, self.clear),
            (canvas.grabbed, self._grabbed),
            (canvas.stroked, self._stroked),
            (canvas.finished, self._drawn),
            (canvas.clear_wanted, self.clear),
            (self.tempo.scrubbed, self._scrubbed),
            (self.clock.ticked, self._go_on),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    # ---- the window's hooks -----------------------------------------------------------------------------

    def activate(self) -> None:
        """On top: begin, or go on."""
        self._is_active = True
        if self.catalog is not None:
            self.begin()
            if self._was_playing:
                self.play(True)

    def deactivate(self) -> None:
        """Nobody looks: compute nothing more."""
        self._was_playing = self.clock.runs()
        self.play(False)
        self._is_active = False
        found = self.found
        if found is not None and not found.is_complete:
            self.stop_asking()

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Back to such a state; before there are models it is kept for the start."""
        if any(self._state.models):
            self.originals.forget()
            self.go_to(OnePictureState.from_dict(values, self.infos))
        else:
            self._saved = dict(values)

    @Slot()
    def random(self) -> None:
        """R: another picture of the dataset."""
        self.originals.another(self.originals.at_hand(self._state.end.dataset))

    def step(self, direction: int) -> None:
        """One percent on or back."""
        self._scrubbed(round(self.share * (MOMENTS - 1)) + STEP * direction)

    def toggle_play(self) -> None:
        """Let it go by, or stand still; at its end it begins anew."""
        if not self.clock.runs() and self.share >= 1:
            self.share = 0.0
        self.play(not self.clock.runs())

    @Slot(float)
    def _go_on(self, seconds: float) -> None:
        known = self.found.known if self.found is not None else 0.0
        before, self.share = self.share, max(min(self.share + seconds * self.tempo.speed / WAY_S, known), 0.0)
        if self.share >= 1:
            self.play(False)
        if self.share != before:  # it may wait for the slower model
            self.refresh()

    @Slot(int)
    def _scrubbed(self, moment: int) -> None:
        if self.found is not None:
            self.play(False)
            self.share = min(max(moment / (MOMENTS - 1), 0.0), self.found.known)
            self.refresh()

    # ---- hand -------------------------------------------------------------------------------------------

    @Slot(int, object)
    def _model_chosen(self, k: int, model: str) -> None:
        self.change(self._state.with_model(k, model))

    @Slot(int)
    def _help_wanted(self, k: int) -> None:
        if self._state.models[k]:
            self._asked[k] = None
            self.go_to(self._state)
        else:
            self.mode_wanted.emit(OWN_KINDS[k].learner)

    @Slot(object)
    def _dataset_chosen(self, name: str) -> None:
        if name != HAND:
            self.ask_picture(name, 0)

    @Slot(int)
    def _number_wanted(self, number: int) -> None:
        if number >= 0 and (dataset := self.originals.at_hand(self._state.end.dataset)):
            self.ask_picture(dataset, number)

    @Slot(str, object, bool)
    def _control_changed(self, field: str, value: Any, is_final: bool) -> None:
        state = dataclasses.replace(self._state, **{field: value})
        if field in LOOKS:
            self._state = state
            self.show_controls()
        else:
            self.go_to(state)
        if is_final:
            self.remember()

    @Slot()
    def _grabbed(self) -> None:
        """The pen is down: nobody waits any more for what is looked for of the picture as it was."""
        if self.found is not None:
            self.found.descent, self.found.ways = [], []
            self.stop_looking()

    @Slot()
    def _stroked(self) -> None:
        """While one draws, the VAE answers; the others begin when the pen is lifted."""
        if self.found is not None:
            self.found.picture = self.columns.canvas.picture()
            self.refresh()
            if not self.found.is_blank:
                self.encode(self.found.picture)

    @Slot()
    def _drawn(self) -> None:
        self.originals.forget()
        self.found = None
        self.go_to(self._state.with_end(**own(self.columns.canvas.picture())), is_drawn=True)
        self.remember()

    # ---- files ------------------------------------------------------------------------------------------

    def offer_picture(self, picture: api.Pictures) -> bool:
        """A dropped or pasted picture, brought to the models' size."""
        if (info := self.info) is None:
            return False
        self.originals.fit(picture, info.size, info.channels)
        return True

    def offer_dataset(self, path: str) -> bool:
        """A folder or zip was dropped: its first picture."""
        if self.info is None:
            return False
        self.ask_picture(path, 0)
        return True

    def export_source(self) -> GridSource:
        """The picture, what comes back of it, and the differences, as a sheet."""
        found = self.found
        is_there = found is not None and found.is_complete and not found.is_blank
        state = dataclasses.replace(self._state, models=sound(self._state.models, self.errors))
        return state.sheet(self.infos) if is_there else None

    def export_film_source(self) -> FilmSource:
        """The descent and the ways as they were seen, if there is a model that goes one."""
        found, source = self.found, self.export_source()
        if found is None or not (found.descends or found.goes) or not isinstance(source, api.OnePictureRequest):
            return None
        families = [self.infos[model].family for model in source.models]
        known = [found.went(k) for family in families for k, kind in enumerate(OWN_KINDS) if family in kind.families]
        return api.ExportFilmRequest(source, api.GridLayout(), "", known=tuple(known) if all(map(len, known)) else ())

    def restores(self, source: Any) -> bool:
        """Such sheets."""
        return isinstance(source, api.OnePictureRequest)

    def restore(self, event: api.RestoredEvent) -> None:
        """Show the picture and the models of a dropped sheet again."""
        source = event.source
        if not isinstance(source, api.OnePictureRequest):
            return
        if self.dropped.asks_for(source.models, self.infos, event):
            return
        self.originals.forget()
        if source.origin is not None and not self.originals.knows(source.origin.dataset):
            source = dataclasses.replace(source, origin=None)  # nobody could take another one of it here
        self.change(of_sheet(source, self.infos, self._state))
