"""A picture into the noise that it comes from, and back; and the film between two noises."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.invert_state import InvertState
from genstudio.ui.diffusion.invert_track import Ways
from genstudio.ui.diffusion.invert_work import InvertWork
from genstudio.ui.diffusion.picture_origin import own
from genstudio.ui.tabs.page import FilmSource, GridSource

LOOKS = {"tool", "brush"}  # fields that change nothing that is computed


class InvertPage(InvertWork):
    """What one can do with the page; what it does by itself is in `InvertWork`."""

    drifts = frozenset({"moment", "frame"})

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        controls, picture = self.controls, self.controls.picture
        pairs = (
            (self.models.chosen, self.use_model),
            (self.picker.chosen, self._dataset_chosen),
            (controls.changed, self._control_changed),
            (controls.reseed.clicked, self.random),
            (picture.number_wanted, self._number_wanted),
            (picture.other_wanted, self.another),
            (picture.clear_wanted, self.clear),
            (self.canvas.grabbed, self.player.stand_still),
            (self.canvas.stroked, self._stroked),
            (self.canvas.finished, self._drawn),
            (self.canvas.clear_wanted, self.clear),
            (self.canvas.button_clicked, self._try_again),
            (self.stage.button_clicked, self._try_again),
            (self.stage.cell_clicked, self._cell_clicked),
            (self.up.changed, self._slid),
            (self.back.changed, self._slid_back),
            (self.film.changed, self._slid),
            (self.tempo.scrubbed, self.go_to_place),
            (self.tempo.speed_changed, self._speed_changed),
            (self.share_picked, self._share_picked),
            (self.player.moved, self._moved),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    # ---- the window's hooks ----------------------------------------------------------------------------

    def activate(self) -> None:
        """On top: with the picture it had, or a first one."""
        self._is_active = True
        if self.catalog is not None:
            self._begin()
            if self._was_playing:
                self.player.set_playing(True, self.place())
            elif self._was_computing:
                self.player.compute(True)

    def deactivate(self) -> None:
        """Nobody looks: compute nothing."""
        self._is_active = False
        self._was_playing, self._was_computing = self.player.is_playing, self.player.computes
        self.player.stand_still()
        self.player.compute(False)

    # ---- pictures --------------------------------------------------------------------------------------

    @Slot(object)
    def _dataset_chosen(self, name: str) -> None:
        self.ask_picture(self._state.side, name, 0)

    @Slot(int)
    def _number_wanted(self, number: int) -> None:
        if dataset := self._dataset():
            self.ask_picture(self._state.side, dataset, number)

    @Slot()
    def another(self) -> None:
        """A picture of the dataset at random, for the chosen end."""
        self._asked_for = self._state.side
        self.originals.another(self._dataset())

    def _dataset(self) -> str:
        return self._state.end.dataset or str(self.picker.value() or "")

    def offer_picture(self, picture: api.Pictures) -> bool:
        """A dropped or pasted picture becomes the chosen end, brought to the model's size."""
        if (info := self.info) is None:
            return False
        self._asked_for = self._state.side
        self.originals.fit(picture, info.size, info.channels)
        return True

    def offer_dataset(self, path: str) -> bool:
        """A folder or zip was dropped: its first picture."""
        if self.info is None:
            return False
        self.ask_picture(self._state.side, path, 0)
        return True

    @Slot()
    def clear(self) -> None:
        """An empty canvas to draw on."""
        self.empty()

    @Slot()
    def _stroked(self) -> None:
        """The picture under the pen; it goes its ways when the pen is lifted."""
        if (shown := self.canvas.pictures()) is not None:
            shown = shown.copy()
            shown[0] = self.canvas.picture()
            shown[1:] = 0
            self.canvas.set_pictures(shown, 4)

    @Slot()
    def _drawn(self) -> None:
        self.originals.forget()
        state = self._state.with_end(self._state.side, is_noise=False, **own(self.canvas.picture()))
        self.go_to(state, is_new=True, is_drawn=True)
        self.remember()

    # ---- controls --------------------------------------------------------------------------------------

    @Slot(int)
    def _cell_clicked(self, index: int) -> None:
        """A or B of the film is the chosen end."""
        if index != 1:
            self._control_changed("side", "a" if index == 0 else "b", True)

    @Slot(str, object, bool)
    def _control_changed(self, field: str, value: Any, is_final: bool) -> None:
        """Steps keep the share of the way."""
        state, side = self._state, self._state.side
        if field == "kind":
            self.go_to(state.with_end(side, is_noise=value == "noise"), is_new=True)
        elif field == "seed":
            self.go_to(state.with_end(side, seed=value), is_new=True)
        elif field == "steps":
            moment = round(state.moment / state.steps * value)
            self.go_to(dataclasses.replace(state, steps=value, moment=moment))
        elif field == "frames":
            frame = round(state.frame / (state.frames - 1) * (value - 1))
            self.go_to(dataclasses.replace(state, frames=value, frame=frame))
        else:
            is_new = field == "view" or (field == "side" and state.view == "ways")
            fields: dict[str, Any] = {field: value}
            self.go_to(dataclasses.replace(state, **fields), is_new=is_new, is_drawn=field in LOOKS)
        if is_final:
            self.remember()

    @Slot()
    def random(self) -> None:
        """R: another picture there and back; between A and B other noise for an end that is one, else a picture."""
        if self._state.view == "between" and self._state.end.is_noise:
            self._control_changed("seed", random.randrange(100_000), True)
        else:
            self.another()

    # ---- the place -------------------------------------------------------------------------------------

    def _move_to(self, place: int) -> None:
        self.drifted()
        place = min(max(place, 0), self.player.last)
        self._state = self.at_place(place)
        self.refresh()

    @Slot(int)
    def _moved(self, place: int) -> None:
        self._move_to(place)

    @Slot(int)
    def go_to_place(self, place: int) -> None:
        """By hand: no step of undo."""
        self.player.stand_still()
        self._move_to(place)

    def _shown_place(self) -> int:
        return min(self.place(), max(self.player.newest, 0))

    @Slot(float)
    def _slid(self, position: float) -> None:
        """A place of the way up, or of the film."""
        last = self._state.steps if self._state.view == "ways" else self.player.last
        self.go_to_place(round(position * last))

    @Slot(float)
    def _slid_back(self, position: float) -> None:
        self.go_to_place(2 * self._state.steps - round(position * self._state.steps))

    @Slot(float)
    def _share_picked(self, share: float) -> None:
        """A press or drag in the plot: on the way back, whose error it shows."""
        if isinstance(track := self.player.shown(), Ways):
            self.go_to_place(2 * self._state.steps - track.nearest(share))

    def step(self, direction: int) -> None:
        """One step on or back; at the newest one more is computed."""
        self.player.stand_still()
        place = self._shown_place() + direction
        if place > self.player.newest:
            self.player.compute_one()
        self._move_to(place)

    def toggle_play(self) -> None:
        """Play, or stop computing between two steps; at the end from the beginning."""
        player = self.player
        if player.is_playing:
            player.set_playing(False)
        elif player.is_stopped or player.error is not None:
            self._try_again()
        elif player.shown() is not None:
            place = self._shown_place()
            player.set_playing(True, 0 if place >= player.last and player.is_complete else place)

    @Slot(float)
    def _speed_changed(self, speed: float) -> None:
        self.player.speed = speed

    @Slot()
    def _try_again(self) -> None:
        if not self.infos:
            self.mode_wanted.emit(self.learner)
        else:
            self.canvas.set_message("")
            self.stage.set_message("")
            self.go_to(self._state, is_new=True)

    # ---- undo, files -----------------------------------------------------------------------------------

    def parameters(self) -> dict[str, Any]:
        """The state shown, as plain JSON values."""
        return self._state.to_dict()

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Back to such a state; what is foreign is ignored."""
        if (state := InvertState.from_dict(values)) is None:
            return
        self.originals.forget()
        self.player.stand_still()
        if self.infos:
            state = self.with_model(state, state.model if state.model in self.infos else self._state.model)
        self.go_to(state)

    def export_source(self) -> GridSource:
        """A sheet of both ways, or the strip from A to B."""
        track = self.player.shown()
        is_seen = isinstance(track, Ways) == (self._state.view == "ways")
        return track.request if track is not None and is_seen and track.is_complete else None

    def export_film_source(self) -> FilmSource:
        """Both ways as a film, or the film from A to B."""
        return self.export_source()  # type: ignore[return-value]

    def restores(self, source: Any) -> bool:
        """Sheets, strips and films of this page."""
        return isinstance(source, (api.InvertRequest, api.SlerpRequest))

    def restore(self, event: api.RestoredEvent) -> None:
        """The pictures or seeds of a file, and how they were drawn."""
        source = event.source
        if not isinstance(source, (api.InvertRequest, api.SlerpRequest)):
            return
        if self.dropped.asks_for((source.model,), self.infos, event):
            return
        state = self._state.of(source)
        if InvertState.from_dict(state.to_dict()) is None:
            self.tell(f"{event.path} was made with settings that this page does not have.", "", True)
            return
        self.originals.forget()
        self.go_to(self.with_model(state, source.model), is_new=True)
        self.remember()
