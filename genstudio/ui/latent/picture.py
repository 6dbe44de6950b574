"""A picture of one's own in the latent space: drawn, dropped, pasted or picked, encoded at once as its mean code."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.api import pack
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.picture_page import PicturePage
from genstudio.ui.latent.picture_state import SEEDS, PictureState, blank, code_of, has_posterior, posterior
from genstudio.ui.tabs.page import GridSource

DWELL_MS = 1200  # on one held-out picture while they are played, at speed 1
CORRUPTS = ("noise", "missing", "share", "box")  # fields that are seen in the view "corrupt"


class PictureTab(PicturePage):
    """What one can do with the page; what it does by itself is in `PicturePage`."""

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, desk or LatentDesk(), parent)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._next)
        controls, canvas = self.controls, self.canvas
        pairs = (
            (self.caption.word_clicked, self._word_clicked),
            (canvas.grabbed, self._grabbed),
            (canvas.stroked, self._stroked),
            (canvas.box_moved, self._box_moved),
            (canvas.finished, self._finished),
            (canvas.clear_wanted, self.clear),
            (controls.changed, self._control_changed),
            (controls.clear_wanted, self.clear),
            (controls.undo_wanted, self.undo_stroke),
            (controls.others_wanted, self.others),
            (controls.noise_wanted, self.other_noise),
            (controls.resample_wanted, self.resample),
            (controls.explore_wanted, self.explore),
            (controls.send_wanted, self.send),
            (controls.study_wanted, self.study),
            (self.picks.cell_clicked, self._picked),
            (self.nearest.cell_clicked, self._near_picked),
            (self.tempo.scrubbed, self._picked),
            (self.tempo.speed_changed, self._speed_changed),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    # ---- drawing -------------------------------------------------------------------------------------

    @Slot()
    def _grabbed(self) -> None:
        self._pause()
        self.tell("")
        self.bridge.cancel("play", self.slot("take"))

    @Slot()
    def _stroked(self) -> None:
        """The hot path: the canvas at once, its code as soon as the lane has it; the newest picture wins."""
        if self._state is not None:
            self._picture = self.canvas.picture()
            self._leave_picks()
            self._ask_code()
            self.show_now()

    @Slot(object)
    def _box_moved(self, box: Any) -> None:
        if self._state is not None:
            self._state = dataclasses.replace(self._state, box=box)
            self._ask_code()
            self.show_now()

    @Slot()
    def _finished(self) -> None:
        """The hand let go: an undo entry."""
        if self._state is not None and self._picture is not None and pack(self._picture) != self._state.picture:
            self._keep_picture("")
        self.remember()
        if self._state is not None and self._event is not None:
            self._show_code(self._event)  # words and neighbours, which had to wait for the hand
            self._ask_nearest()
        self._write()

    @Slot()
    def clear(self) -> None:
        """An empty canvas."""
        if self._state is not None and self._is_ready:
            self._pause()
            self.set_input(blank(self.shape(), self._ground))

    @Slot()
    def undo_stroke(self) -> None:
        """Take the last change back."""
        if not self.undo():
            self.tell("There is nothing to undo.")

    # ---- other pictures ------------------------------------------------------------------------------

    def offer_picture(self, picture: api.Pictures) -> bool:
        """A dropped or pasted picture of any kind; the session makes it what the model knows, and says how."""
        if self._state is None or not self._is_ready:
            return False
        self._pause()
        self._takes_first = False  # a held-out picture that is on its way must not take its place
        self.ask("play", "take", api.EncodeRequest(self._state.model, picture[None]))
        return True

    @Slot(int)
    def _picked(self, index: int) -> None:
        """A held-out picture becomes the input."""
        images = self.picks.pictures()
        if images is not None and 0 <= index < len(images):
            self.set_input(images[index])
            self.mark_pick(index)

    @Slot(int)
    def _near_picked(self, index: int) -> None:
        images = self.nearest.pictures()
        if images is not None and 0 <= index < len(images):
            self._pause()
            self.set_input(images[index])

    @Slot()
    def others(self) -> None:
        """Another row of held-out pictures."""
        if self._state is not None and self._is_ready:
            self._change(pick=(self._state.pick + 1) % SEEDS)

    def step(self, direction: int) -> None:
        """The next or the last held-out picture."""
        count, now = self.tempo.scrubber.high + 1, self.picks.selected()
        if self.picks.pictures() is not None:
            self._picked(int(min(max(now + direction, 0), count - 1)))

    def toggle_play(self) -> None:
        """One held-out picture after the other."""
        if self._timer.isActive():
            self._pause()
        elif self.picks.pictures() is not None:
            self._speed_changed(self.tempo.speed)
            self._timer.start()
            self.tempo.set_playing(True)
            self._next()

    @Slot(float)
    def _speed_changed(self, speed: float) -> None:
        self._timer.setInterval(round(DWELL_MS / speed))

    @Slot()
    def _next(self) -> None:
        images = self.picks.pictures()
        if images is None:
            self._pause()
        elif self.picks.selected() < len(images) - 1:
            self.step(1)
        else:
            self._takes_first = True
            self.others()

    def _pause(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.tempo.set_playing(False)

    # ---- controls ------------------------------------------------------------------------------------

    @Slot(str, object, bool)
    def _control_changed(self, field: str, value: Any, is_final: bool) -> None:
        """Damage is seen where it is done, so its controls show that view."""
        more = {"view": "corrupt"} if field in CORRUPTS else {}
        self._change(**{field: value}, **more, is_final=is_final)

    @Slot()
    def other_noise(self) -> None:
        """Another seed of the damage."""
        if self._state is not None:
            self._change(seed=(self._state.seed + 1) % SEEDS, view="corrupt")

    @Slot()
    def resample(self) -> None:
        """Other codes of the posterior."""
        if self._state is not None and self._event is not None and has_posterior(self._event):
            is_first = self._state.view != "sheet"
            self._change(view="sheet", drawn=self._state.drawn if is_first else (self._state.drawn + 1) % SEEDS)

    def random(self) -> None:
        """Key R: other noise, other codes, or other held-out pictures, whichever is looked at."""
        view = self._state.view if self._state is not None else ""
        {"corrupt": self.other_noise, "sheet": self.resample}.get(view, self.others)()

    @Slot()
    def study(self) -> None:
        """Encode the model's dataset; progress and Cancel are in the message bar."""
        if self._state is not None and self._is_ready:
            self.controls.study.setEnabled(False)
            self.stream("io", "study", api.StudyRequest(self._state.model))

    @Slot(str)
    def _word_clicked(self, word: str) -> None:
        if word == "explore":
            self.explore()
        elif word == "key":
            self.send("path")
        elif word == "frame" and self._state is not None:
            self._change(centres=not self._state.centres)
        elif word == "study" and self.controls.study.isEnabled():
            self.study()

    @Slot()
    def explore(self) -> None:
        """The code to the sliders."""
        if self._state is not None and self._event is not None:
            self.desk.put(self._state.model, code_of(self._event, self.shown_code()))
            self.mode_wanted.emit("vae")

    @Slot(str)
    def send(self, mode: str) -> None:
        """The code to another mode, which puts it where it has a place for it."""
        if self._state is not None and self._event is not None:
            self.desk.put(self._state.model)
            self.desk.sent = mode, code_of(self._event, self.shown_code()), "your picture"
            self.mode_wanted.emit(mode)

    # ---- undo, export --------------------------------------------------------------------------------

    def parameters(self) -> dict[str, Any]:
        """The state shown, as plain JSON values."""
        return self._state.to_dict() if self._state is not None else self._saved

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Back to such a state; before a model is there it is kept for the start."""
        if self._state is None:
            self._saved = dict(values)
            return
        state = PictureState.from_dict(values)
        if state is not None and state.model in self.models:
            self._pause()
            self.go_to(state)

    def export_source(self) -> GridSource:
        """The codes whose pictures are shown."""
        state, event = self._state, self._event
        if state is None or event is None:
            return None
        if state.view == "sheet" and has_posterior(event):
            return api.DecodeRequest(state.model, posterior(event, state.drawn))
        both = state.view == "corrupt" and len(event.mu) > 1
        return api.DecodeRequest(state.model, tuple(code_of(event, k) for k in range(2 if both else 1)))

    def begin_drawing(self) -> None:
        """Another mode wants a picture drawn: the canvas is empty, the brush ready, and the caption says what next."""
        if self.desk.draw_for and self._state is not None and self._is_ready:
            self.draws_for, self.desk.draw_for = self.desk.draw_for, ""
            self._change(view="back", tool="draw", is_final=False)
            self.clear()
            self.controls.drawing.heading.setChecked(True)
            self.inspector.verticalScrollBar().setValue(0)
            self._write()

    def activate(self) -> None:
        """On top, perhaps because a picture is to be drawn."""
        super().activate()
        self.begin_drawing()

    def deactivate(self) -> None:
        """Another page is on top: it may look at the same model."""
        self._pause()
        self.draws_for = ""
        super().deactivate()

    def copy(self) -> bool:
        """What is on the stage, input and all, as one picture."""
        shown = self.sheet if self.sheet.isVisible() and self.sheet.pictures() is not None else self.canvas
        return shown.copy()
