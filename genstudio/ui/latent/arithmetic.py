"""Sums of codes: A - B + C, with pictures taken from a shelf, dropped or pasted."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.arithmetic_page import ArithmeticShow
from genstudio.ui.latent.arithmetic_state import SLOTS, STEP, STEPS, STRENGTH, ArithmeticState
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.tabs.page import FilmSource, GridSource
from genstudio.ui.tabs.play_clock import PlayClock
from genstudio.ui.tabs.vae_saved import SavedCodes

LEG_S = 2.4  # from strength 0 to 2 at speed 1


class ArithmeticPage(ArithmeticShow):
    """A click on the shelf fills the framed slot and goes on to the next; the result is live."""

    drifts = frozenset({"strength"})

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, desk, parent)
        self._direction = 1
        self.clock = PlayClock(self)
        controls, equation, tempo = self.controls, self.equation, self.tempo
        pairs = (
            (self.clock.ticked, self.advance),
            (equation.target_chosen, self._target_chosen),
            (equation.emptied, self._emptied),
            (equation.dropped, self._dropped),
            (equation.shelf.cell_clicked, self._shelf_clicked),
            (equation.shelf.button_clicked, self._shelf_button),
            (controls.strength_changed, self._strength_typed),
            (controls.shelf_chosen, self._shelf_chosen),
            (controls.swap.clicked, self.swap),
            (controls.clear.clicked, self.clear),
            (controls.use_c.clicked, self.result_to_c),
            (controls.others.clicked, self.random),
            (controls.study.clicked, self.study_codes),
            (tempo.scrubbed, self._scrubbed),
            (tempo.scrubber.released, self.remember),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    # ---- the slots ----------------------------------------------------------------------------------

    def _change(self, state: ArithmeticState) -> None:
        """A finished change that can be undone."""
        if self._is_ready:
            self.remember()
            self.show_state(state)
            self.remember()

    def _fill(self, slot: int, code: tuple[float, ...], name: str) -> None:
        """Fill a slot; the next one is framed."""
        if self._state is not None and self._is_ready:
            self._target = (slot + 1) % len(SLOTS)
            self.equation.set_target(self._target)
            self._change(self._state.filled(slot, code, name))

    @Slot(int)
    def _target_chosen(self, slot: int) -> None:
        self._target = slot
        self.equation.set_target(slot)
        self.write()

    @Slot(int)
    def _emptied(self, slot: int) -> None:
        if self._state is not None:
            self._target_chosen(slot)
            self._change(self._state.filled(slot, (), ""))

    @Slot(int)
    def _shelf_clicked(self, index: int) -> None:
        if 0 <= index < len(self._items):
            self._fill(self._target, self._items[index].code, self._items[index].name)

    @Slot(int, str)
    def _dropped(self, slot: int, what: str) -> None:
        state, (kind, _, number) = self._state, what.partition(" ")
        if state is None or not number.isdigit():
            return
        index = int(number)
        if kind == "shelf" and index < len(self._items):
            self._fill(slot, self._items[index].code, self._items[index].name)
        elif kind == "slot" and index < 3 and index != slot and state.codes[index]:
            self._fill(slot, state.codes[index], state.names[index])
        elif kind == "slot" and index == 3 and state.is_full():
            self._fill(slot, state.result(), "the sum before")

    def offer_picture(self, picture: api.Pictures) -> bool:
        """A dropped or pasted picture: its code goes into the framed slot."""
        if not self._is_ready:
            return False
        self.ask("play", "paste", api.EncodeRequest(self.model, picture[None]))
        return True

    def take_sent(self, z: tuple[float, ...], origin: str) -> None:
        self.take_own(z, "")

    def take_own(self, code: tuple[float, ...], converted: str) -> None:
        """The code of a picture that was dropped or pasted."""
        slot = SLOTS[self._target]
        self._fill(self._target, code, "your picture")
        self.tell(f"Your picture is {slot} now" + (f"; it was {converted}." if converted else "."))

    @Slot()
    def swap(self) -> None:
        """A and B change places."""
        if self._state is not None:
            self._change(self._state.swapped())

    @Slot()
    def clear(self) -> None:
        """All slots empty; the first is filled next."""
        if self._state is not None:
            self._stop()
            self._target_chosen(0)
            self._change(self._state.cleared())

    @Slot()
    def result_to_c(self) -> None:
        """The sum becomes C, so that the difference is added once more."""
        if self._state is not None and self._state.is_full():
            self._change(self._state.filled(2, self._state.result(), "the sum before"))

    # ---- the shelf ----------------------------------------------------------------------------------

    @Slot(object)
    def _shelf_chosen(self, shelf: Any) -> None:
        if self._state is not None:
            self._change(dataclasses.replace(self._state, shelf=shelf))
            self.fill_shelf()
            info = self.info()
            others = len(SavedCodes().codes) - len(self._items)
            if shelf == "saved" and self._items and others and info is not None:
                what = "1 saved code is" if others == 1 else f"{others} saved codes are"
                self.tell(f"{what} of another size than {info.name}'s {info.latent_dim} latents, and left out.")

    @Slot()
    def random(self) -> None:
        """Key R: other pictures on the shelf."""
        if self._state is not None and self._state.shelf in ("random", "data"):
            self._change(dataclasses.replace(self._state, seed=self._state.seed + 1))
            self.fill_shelf()

    @Slot()
    def _shelf_button(self) -> None:
        if not self._is_ready:
            self.try_again()
        elif self._state is not None and self._state.shelf == "saved":
            self.mode_wanted.emit("vae")
        else:
            self.study_codes()

    # ---- the strength -------------------------------------------------------------------------------

    def _set_strength(self, strength: float) -> None:
        if self._state is not None and self._is_ready:
            within = min(max(round(strength, 4), STRENGTH[0]), STRENGTH[1])
            self.show_state(dataclasses.replace(self._state, strength=within))

    @Slot(float)
    def _strength_typed(self, strength: float) -> None:
        self._stop()
        self.remember()
        self._set_strength(strength)
        self.remember()

    @Slot(int)
    def _scrubbed(self, place: int) -> None:
        self._stop()
        self._set_strength(place * STEP)

    def step(self, direction: int) -> None:
        """A little stronger or weaker."""
        if self._state is not None and self._state.is_full():
            self._strength_typed(self._state.strength + direction * 2 * STEP)

    def toggle_play(self) -> None:
        """Space: the strength goes to and fro between 0 and 2."""
        if self.clock.runs():
            self._stop()
            self.remember()
        elif self._state is not None and self._state.is_full() and self._is_ready:
            self.remember()
            self.clock.run(True)
            self.tempo.set_playing(True)

    def _stop(self) -> None:
        self.clock.run(False)
        self.tempo.set_playing(False)

    @Slot(float)
    def advance(self, seconds: float) -> None:
        """So much later on the way to and fro, at the speed chosen."""
        if self._state is None or not self._state.is_full():
            self._stop()
            return
        self.drifted()
        most = (STEPS - 1) * STEP
        here = min(max(self._state.strength / most, 0.0), 1.0)
        phase = ((here if self._direction > 0 else 2 - here) + seconds * self.tempo.speed / LEG_S) % 2
        self._direction = 1 if phase < 1 else -1
        self._set_strength(min(phase, 2 - phase) * most)

    def deactivate(self) -> None:
        """Another page is on top."""
        self._stop()
        super().deactivate()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: no ticks."""
        self._stop()
        super().hideEvent(event)

    # ---- export and restore -------------------------------------------------------------------------

    def export_source(self) -> GridSource:
        """The four pictures in a row, or those there are."""
        request = self._state.decode(self.model) if self._state is not None and self._is_ready else None
        if request is None:
            return None
        return api.ExportGridRequest(request, api.GridLayout(len(request.z)), "")

    def export_film_source(self) -> FilmSource:
        """The result from strength 0 to 2."""
        return self._state.film(self.model) if self._state is not None and self._is_ready else None

    def restores(self, source: Any) -> bool:
        """Four codes of which the last is the sum of the others."""
        return isinstance(source, api.DecodeRequest) and ArithmeticState.of_codes(source.z) is not None

    def restore(self, event: api.RestoredEvent) -> None:
        """Show the four codes of a dropped file again."""
        state = ArithmeticState.of_codes(event.source.z) if isinstance(event.source, api.DecodeRequest) else None
        if state is not None and (key := self.key_of(event)):
            kept = {name: self.values().get(name) for name in ("shelf", "seed")}
            self.show_restored(key, {**state.to_dict(), **kept})
