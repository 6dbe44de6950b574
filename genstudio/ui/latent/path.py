"""The mode "Interpolate": key pictures, the way between them, and how smoothly pictures change on it."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.path_page import PathPage
from genstudio.ui.latent.path_state import KEYS, WAYS, Key, PathState
from genstudio.ui.latent.saved_menu import misfit, name_of
from genstudio.ui.tabs.page import FilmSource, GridSource
from genstudio.ui.tabs.vae_saved import SavedCode
from genstudio.ui.tabs.vae_state import as_code


class Interpolate(PathPage):
    """What one can do with the page; what it does by itself is in `PathPage`."""

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, desk, parent)
        row, controls = self.row, self.controls
        pairs = (
            (self.stage.cell_clicked, self._cell_clicked),
            (self.caption.word_clicked, self._word_clicked),
            (row.chosen, self._key_chosen),
            (row.moved, self._key_moved),
            (row.removed, self._key_removed),
            (row.add_wanted, self.add_key),
            (controls.random_wanted, self.random),
            (controls.explore_wanted, self.take_explored),
            (controls.data_wanted, self.take_from_data),
            (controls.saved_wanted, self.take_saved),
            (controls.draw_wanted, self.draw),
            (controls.add_wanted, self.add_key),
            (controls.remove_wanted, self.remove_key),
            (controls.pushed, self.push_key),
            (controls.way_changed, self._way_changed),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    # ---- changes that can be undone -----------------------------------------------------------------

    def _change(self, state: PathState) -> None:
        self.remember()
        self._show(state)
        self.remember()

    def _put_key(self, index: int, key: Key, state: PathState) -> None:
        """Another key at a place, or one more, and go there."""
        state = state.with_key(index, key)
        self.row.set_selected(index)
        self._change(dataclasses.replace(state, position=state.of_key(index)))

    def _chosen(self) -> int:
        return min(self.row.selected(), len(self._state.keys) - 1) if self._state is not None else 0

    @Slot()
    def random(self) -> None:
        """Key R: a random code as the chosen key."""
        if self._state is not None:
            key, state = self._state.draw()
            self._put_key(self._chosen(), key, state)

    @Slot()
    def add_key(self) -> None:
        """One more after the last, drawn at random."""
        if self._state is None:
            return
        if len(self._state.keys) == KEYS[1]:
            self.tell(f"A way goes through at most {KEYS[1]} keys; remove one first.")
            return
        key, state = self._state.draw()
        self._put_key(len(state.keys), key, state)

    @Slot()
    def take_explored(self) -> None:
        """The code that another mode has shown as the chosen key."""
        if self._state is not None and (z := self.explored(self._state.model)) is not None:
            self._put_key(self._chosen(), Key(z, "from Explore"), self._state)

    @Slot()
    def draw(self) -> None:
        """To the canvas of Picture, whose code can be sent back here."""
        self.desk.draw_for = f"key {self._chosen() + 1} of the way"
        self.mode_wanted.emit("picture")

    @Slot(object)
    def take_saved(self, code: SavedCode) -> None:
        """A code that was kept under a name as the chosen key."""
        info = self.info()
        if self._state is None or info is None:
            return
        if words := misfit(code, info):
            self.tell(words)
            return
        self._put_key(self._chosen(), Key(code.z, name_of(code, self.model)), self._state)

    def take_sent(self, z: tuple[float, ...], origin: str) -> None:
        if self._state is not None:
            self._stop()  # it stands still at the new key
            self.tell(f"Key {self._chosen() + 1} is now {origin}, as {self._name()} brings it back.")
            self._put_key(self._chosen(), Key(z, origin), self._state)

    @Slot(int)
    def take_from_data(self, label: int) -> None:
        """A picture of the data, of one class or any, as the chosen key."""
        if (state := self._state) is None:
            return
        self._state = dataclasses.replace(state, label=label, drawn=state.drawn + 1)
        request = api.PickRequest(state.model, seed=state.seed + state.drawn, count=1, label=label)
        self._picking = (request, self._chosen())
        self.stream("io", "pick", request)

    def picked(self, event: api.PickedEvent) -> None:
        if self._picking is not None and event.request == self._picking[0] and len(event.images):
            name = f"a {event.labels[0]} from the data" if event.labels and event.labels[0] else "from the data"
            self._encode(event.images[:1], self._picking[1], name, invert=False)
        self._picking = None

    def offer_picture(self, picture: api.Pictures) -> bool:
        """A dropped or pasted picture becomes the chosen key."""
        if self._state is None:
            return False
        self._encode(picture[None], self._chosen(), "a dropped or pasted picture")
        return True

    def _encode(self, images: api.Pictures, index: int, origin: str, invert: bool | None = None) -> None:
        request = api.EncodeRequest(self.model, images, invert)
        self._encoding = (request, index, origin)
        self.ask("play", "encode", request)

    def encoded(self, event: api.EncodedEvent) -> None:
        if self._state is None or self._encoding is None or event.request is not self._encoding[0]:
            return
        _, index, origin = self._encoding
        self._encoding = None
        index = min(index, len(self._state.keys) - 1)
        done = f" It was {event.converted}." if event.converted else ""
        self.tell(f"Key {index + 1} is now {origin}, as {self._name()} brings it back.{done}")
        self._put_key(index, Key(as_code(event.mu[0]), origin), self._state)

    def _name(self) -> str:
        info = self.info()
        return info.name if info else self.model

    @Slot()
    def remove_key(self) -> None:
        """The chosen key goes."""
        self._key_removed(self.row.selected())

    @Slot(int)
    def _key_removed(self, index: int) -> None:
        if self._state is None or index >= len(self._state.keys):
            return
        if len(self._state.keys) == KEYS[0]:
            self.tell(f"A way needs at least {KEYS[0]} keys; change this one instead.")
            return
        self.row.set_selected(min(index, len(self._state.keys) - 2))
        self._change(self._state.without(index))

    @Slot(int)
    def push_key(self, direction: int) -> None:
        """The chosen key one place on or back."""
        target = self.row.selected() + direction
        if self._state is not None and 0 <= target < len(self._state.keys):
            self.row.set_selected(target)
            self._key_moved(target - direction, target)

    @Slot(int, int)
    def _key_moved(self, index: int, target: int) -> None:
        if self._state is not None and max(index, target) < len(self._state.keys):
            state = self._state.moved(index, target)
            self._change(dataclasses.replace(state, position=state.of_key(target)))

    @Slot(int)
    def _key_chosen(self, index: int) -> None:
        if self._state is not None and index < len(self._state.keys):
            self._stop()
            self._show(dataclasses.replace(self._state, position=self._state.of_key(index)))
            self.show_settings(self._state)

    @Slot(str, int, bool, bool)
    def _way_changed(self, way: Any, steps: int, loop: bool, compares: bool) -> None:
        if self._state is not None:
            place = self._state.position * self._state.legs
            state = dataclasses.replace(self._state, way=way, steps=steps, loop=loop, compares=compares)
            self._change_way(dataclasses.replace(state, position=min(place / state.legs, 1.0)))

    def _change_way(self, state: PathState) -> None:
        """How it goes from key to key: the hand has been at no code."""
        made = self.by_hand()
        self._change(state)
        self.forget_hand(made)

    @Slot(str)
    def _word_clicked(self, word: str) -> None:
        if self._state is not None and word in WAYS:
            self._change_way(dataclasses.replace(self._state, way=word))

    @Slot(int)
    def _cell_clicked(self, index: int) -> None:
        """A cell of the strips: its way is chosen, and its place gone to."""
        if self._state is None or (found := self.cell(index, self._state)) is None:
            return
        way, position = found
        self._stop()
        if position is None:
            self._change_way(dataclasses.replace(self._state, way=way))
        else:
            self._change(dataclasses.replace(self._state, way=way, position=position))

    # ---- export and restore -------------------------------------------------------------------------

    def export_source(self) -> GridSource:
        """The strip of the way chosen, or those of all three where they are compared."""
        if self._state is None:
            return None
        return self._state.sheet() if self._state.compares else self._state.request()

    def export_film_source(self) -> FilmSource:
        """The way chosen as a film."""
        return self._state.request() if self._state is not None else None

    def restores(self, source: Any) -> bool:
        """Strips and films of a way, sheets of all three."""
        return isinstance(source, (api.PathRequest, api.PathSheetRequest))

    def restore(self, event: api.RestoredEvent) -> None:
        """Show the way that a file was made from, and stand still at its start."""
        source = event.source
        if not isinstance(source, (api.PathRequest, api.PathSheetRequest)) or not (key := self.key_of(event)):
            return
        keys = tuple(Key(z, "from a file") for z in source.keys)
        way: api.PathKind = source.path if isinstance(source, api.PathRequest) else "slerp"
        compares = isinstance(source, api.PathSheetRequest)
        values = PathState(key, keys, way, source.steps, source.loop, compares).to_dict()
        if not keys or PathState.from_dict(values, key, len(keys[0].z)) is None:
            self.tell(
                f"This file's way has {len(keys)} keys and {source.steps} pictures, which no way has.", error=True
            )
            return
        self._is_playing = False
        self.show_restored(key, values)

    # ---- Qt -----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """C compares the ways."""
        if event.key() == Qt.Key.Key_C and not event.modifiers() and self._state is not None:
            self.controls.compares.toggle()
        else:
            super().keyPressEvent(event)
