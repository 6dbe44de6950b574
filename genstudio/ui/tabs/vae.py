"""The latent space of a VAE: a slider per latent, the picture at once, and the way from A to B."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.settings import LATENT
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent import path_state
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.tabs.page import FilmSource, GridSource
from genstudio.ui.tabs.vae_answer import VaeAnswer
from genstudio.ui.tabs.vae_exports import SHEET, VaeExports
from genstudio.ui.tabs.vae_models import Sheet
from genstudio.ui.tabs.vae_state import STEPS, VaeState, random_code

FILM_KEYS, FILM_FRAMES = path_state.KEYS[1], 80  # of a way with locks: as many keys as Interpolate has, and 4 s


class VAETab(VaeAnswer):
    """Opens on a pretrained model that already morphs; the first touch of a slider takes over.

    Here is what one can do with the page; what it does by itself is in its bases.
    """

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, desk, parent)
        self.exports = VaeExports(self.tempo)
        self.exports.opened.connect(self._offer_exports)
        controls = self.controls
        pairs = (
            (self.caption.word_clicked, self._word_clicked),
            (self.stage.cell_clicked, self._cell_clicked),
            (self.stage.cell_double_clicked, self._cell_chosen),
            (controls.random_wanted, self.random),
            (controls.centre_wanted, self.to_centre),
            (controls.sheet_wanted, self.show_sheet),
            (controls.a_wanted, self.set_a),
            (controls.b_wanted, self.set_b),
            (controls.swap_wanted, self.swap),
            (controls.ends_wanted, self.draw_ends),
            (controls.way_changed, self._way_changed),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    # ---- a dropped checkpoint -------------------------------------------------------------------------

    def offer_model(self, path: str) -> bool:
        """Look what it is; `take_dropped` goes on."""
        self.ask("play", "open", api.LoadRequest(path))
        return True

    def take_dropped(self, info: api.ModelInfo) -> None:
        """Open it; one that is new is offered in the picker under its path."""
        if info.family not in LATENT:
            self.tell(f"{info.name} is a {info.family} model; drop it on the page of its family.")
            return
        key = self.models.take(info)
        self._is_playing = True
        state, desk = self.models.fresh(key), self.desk
        has_code = desk.model == key and len(desk.z) == info.latent_dim
        self._open(state.at(desk.z) if has_code else state)

    # ---- changes that can be undone -----------------------------------------------------------------

    def _change(self, state: VaeState, sheet: Sheet | None = None) -> None:
        """Stop, show another state of the same model, and put both on the undo history."""
        before = self._state
        if before is None or not self._is_ready:
            return
        self.stop_playing()
        self.remember()
        self._show(state)
        if sheet is not None:
            self._sheet = sheet
            self._code_is_new()
        if self.way(state) != self._way or before.at_b != state.at_b:
            self._way_is_new()
        self.remember()
        self.write(state, sheet)

    @Slot()
    def random(self) -> None:
        """Key R: a random code of the prior; on a sheet, another sheet."""
        if self._sheet is not None:
            self.show_sheet()
        elif self._state is not None:
            code, state = self._state.draw()
            self._change(state.at(self.tame(code)))

    @Slot()
    def to_centre(self) -> None:
        """All latents to 0 that are not locked."""
        if self._state is not None:
            self._change(self._state.at(self.hold((0.0,) * len(self._state.z))))

    @Slot()
    def show_sheet(self) -> None:
        """Many random codes at once; a click takes one, a double click shows it large."""
        if self._state is not None:
            state = dataclasses.replace(self._state, seed=self._state.seed + 1, drawn=0)
            self._change(state, self._random_sheet(state))

    def _random_sheet(self, state: VaeState) -> Sheet:
        """Codes of the prior, or what truncation and locks make of them."""
        if state.psi == 1.0 and not state.locked:
            return api.SampleRequest(state.model, seed=state.seed, count=SHEET)
        codes = (random_code(state.seed, index, len(state.z)) for index in range(SHEET))
        return api.DecodeRequest(state.model, tuple(self.tame(code) for code in codes))

    @Slot()
    def set_a(self) -> None:
        """The code shown becomes A; from now on playing turns back at B."""
        if (state := self._state) is not None:
            self._set_end("A", dataclasses.replace(state, a=state.z, position=0.0, at_b="turn"))

    @Slot()
    def set_b(self) -> None:
        """The code shown becomes B; from now on playing turns back there."""
        if (state := self._state) is not None:
            self._set_end("B", dataclasses.replace(state, b=state.z, position=1.0, at_b="turn"))

    def _set_end(self, name: str, state: VaeState) -> None:
        """Who chooses the ends wants to see the way between them, so playing wanders no farther; that is told."""
        if self._state is not None and self._is_ready:
            turns = self._state.at_b != state.at_b
            self.tell(f"{name} is set." + (" At B, playing now turns back instead of wandering on." if turns else ""))
        self._change(state)

    @Slot()
    def swap(self) -> None:
        """A becomes B and B becomes A; the code shown stays."""
        if (state := self._state) is not None:
            position = None if state.position is None else 1 - state.position
            self._change(dataclasses.replace(state, a=state.b, b=state.a, position=position))

    @Slot()
    def draw_ends(self) -> None:
        """Two random codes as A and B."""
        if self._state is not None:
            a, state = self._state.draw()
            b, state = state.draw()
            self._change(dataclasses.replace(state, a=self.tame(a), b=self.tame(b)).on_path(0.0))

    @Slot(str, int, str)
    def _way_changed(self, path: Any, steps: int, at_b: Any) -> None:
        """Path, pictures or what happens at B: none of them interrupts playing."""
        if (state := self._state) is None or not self._is_ready:
            return
        self.remember()
        state = dataclasses.replace(state, path=path, steps=steps, at_b=at_b)
        self._show(state if state.position is None else self.along(state, state.position))
        self._way_is_new()
        self.remember()

    @Slot(str)
    def _word_clicked(self, word: str) -> None:
        if self._state is None:
            return
        if word == "centre":
            self.to_centre()
        elif word == "study":
            self.controls.study.begin()
        else:
            self._change(self.along(self._state, 0.0 if word == "a" else 1.0))

    @Slot(int)
    def _cell_clicked(self, index: int) -> None:
        """Take a code of the sheet; the sheet stays. A single picture has nothing to choose from."""
        if self._sheet is None or self._state is None:
            self.stage.set_selected(-1)
            return
        self.stage.set_selected(index)
        self._state = self.fitting(self._state.at(code_of(self._sheet, index, len(self._state.z))))
        self.show_code(self._state)
        self.remember()
        self.write(self._state, self._sheet)

    @Slot(int)
    def _cell_chosen(self, index: int) -> None:
        """Show a code of the sheet large."""
        if self._sheet is not None and self._state is not None:
            self._change(self.fitting(self._state.at(code_of(self._sheet, index, len(self._state.z)))))

    # ---- undo and what is remembered ------------------------------------------------------------------

    def parameters(self) -> dict[str, Any]:
        """The state shown, as plain JSON values."""
        return self._state.to_dict() if self._state is not None else self._saved

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Back to such a state; before a model is there it is kept for the start."""
        if self._state is None:
            self._saved = values
            return
        info = self.models.get(str(values.get("model")))
        state = VaeState.from_dict(values, info.latent_dim) if info else None
        if state is not None:
            self.go_to(state)

    def go_to(self, state: VaeState, sheet: Sheet | None = None) -> None:
        """Show a state of any model, as one step of undo."""
        if self._state is not None and self._state.model == state.model and self._is_ready:
            self._change(state, sheet)
        else:
            self.remember()
            self._is_playing = False
            self._open(state, sheet)

    # ---- export and restore ---------------------------------------------------------------------------

    def export_sources(self) -> list[tuple[str, api.Source | api.ExportGridRequest]]:
        """What can be written as one picture, what is on the stage first."""
        state = self._state
        if state is None or not self._is_ready:
            return []
        sheet = self._sheet or api.SampleRequest(state.model, seed=state.seed, count=SHEET)
        way = self.way(state)
        strip = way if way == state.film() else api.ExportGridRequest(way, api.GridLayout(state.steps), "")
        sources: list[tuple[str, api.Source | api.ExportGridRequest]] = [
            ("This picture", api.DecodeRequest(state.model, (state.z,))),
            ("Strip from A to B", strip),
            (f"{SHEET} random codes", sheet),
        ]
        if len(state.z) == 2:
            sources.append(("Map", api.MapRequest(state.model)))
        return sources

    @Slot()
    def _offer_exports(self) -> None:
        self.exports.set_available({name for name, _ in self.export_sources()})

    def export_source(self) -> GridSource:
        """What the menu chose, else what is on the stage."""
        sources = dict(self.export_sources())
        chosen = self.exports.take()
        if not chosen and self._sheet is not None:
            return self._sheet
        return sources.get(chosen or "This picture")

    def export_film_source(self) -> FilmSource:
        """The way from A to B; with locks a way through codes that keep them."""
        state = self._state
        if state is None or not self._is_ready or not state.locked:
            return state.film() if state is not None and self._is_ready else None
        keys = tuple(self.hold(z) for z in state.points(FILM_KEYS))
        return api.PathRequest(state.model, keys, FILM_FRAMES, "lerp")

    def restore(self, event: api.RestoredEvent) -> None:
        """Show the code, the way, the map or the sheet that a file was made from."""
        source = event.source
        key = str(getattr(source, "model", ""))
        if key not in self.models and event.model is not None and event.model.family in LATENT:
            self.models.add(key, event.model)
        if (info := self.models.get(key)) is None:
            self.tell(f"This file was made with {key or 'another family'}, which is not here.", error=True)
            return
        has_same = self._state is not None and self._state.model == key
        state = self._state if has_same and self._state else VaeState.first(key, info.latent_dim)
        is_sheet = isinstance(source, api.SampleRequest) or len(getattr(source, "z", ())) > 1
        sheet = source if is_sheet and isinstance(source, (api.SampleRequest, api.DecodeRequest)) else None
        codes = {getattr(source, "a", ()), getattr(source, "b", ()), *getattr(source, "z", ())[:1]} - {()}
        if any(len(code) != info.latent_dim for code in codes):
            self.tell(f"This file's codes do not fit {key}, which has {info.latent_dim} latents.", error=True)
            return
        if isinstance(source, api.DecodeRequest) and source.z:
            state = state.at(source.z[0])
        elif isinstance(source, api.InterpolateRequest):
            fits = STEPS[0] <= source.steps <= STEPS[1]  # a film has more pictures than a strip
            steps = source.steps if fits else state.steps
            state = dataclasses.replace(state, a=source.a, b=source.b, path=source.path, steps=steps, at_b="turn")
            state = state.on_path(0.0)
            if not fits:
                self.tell(f"{event.message} The strip shows {steps} of its {source.steps:,} pictures.".strip())
        self.go_to(self.fitting(state), sheet)


def code_of(sheet: Sheet, index: int, latents: int) -> tuple[float, ...]:
    """The code of a picture of a sheet."""
    return sheet.z[index] if isinstance(sheet, api.DecodeRequest) else random_code(sheet.seed, index, latents)
