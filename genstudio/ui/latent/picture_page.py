"""The picture page at work: models come and go, a picture asks for its code, and all that follows from a code."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.api import pack, unpack
from genstudio.engine import Ended, Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.picture_frame import framed
from genstudio.ui.latent.picture_models import PictureModels
from genstudio.ui.latent.picture_state import (
    PictureState,
    blank,
    code_of,
    corrupt,
    has_posterior,
    is_empty,
    looked_at,
    posterior,
)  # fmt: skip
from genstudio.ui.latent.picture_view import NOTHING, ROW
from genstudio.ui.numbers import milliseconds

KEEPS_CODE = {"tool", "brush", "ink", "label", "pick"}  # fields that change no code


class PicturePage(PictureModels):
    """Owns the picture and its newest code; every slot "picture.*" is its own."""

    def __init__(self, bridge: Bridge, desk: LatentDesk, parent: QWidget | None = None) -> None:
        super().__init__(bridge, desk, parent)
        self._picture: api.Pictures | None = None  # (size, size, channels), as the model sees it
        self._takes_first = False  # the first held-out picture becomes the input
        self.desk.studied.connect(self._studied)

    # ---- events --------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Answers about the model shown, or what went wrong; anything of another model is dropped."""
        state = self._state
        if isinstance(event, (Failure, Ended)):
            self._failed(verb, event)
        elif state is None:
            return
        elif isinstance(event, api.ModelEvent):
            info = event.info
            self.ask("play", "ground", api.DecodeRequest(state.model, ((0.0,) * info.latent_dim,)))
        elif getattr(getattr(event, "request", None), "model", "") != state.model:
            return
        elif isinstance(event, api.PicturesEvent):
            if verb == "ground":
                self._grounded(event.images)
            elif verb == "sheet" and state.view == "sheet":
                self.show_sheet(event.images, state.drawn)
        elif isinstance(event, api.EncodedEvent):
            (self._taken if verb == "take" else self._encoded)(event)
        elif isinstance(event, api.PickedEvent):
            self._row_came(event)
        elif isinstance(event, api.NearestEvent):
            self.show_nearest(event)
        elif isinstance(event, api.StudyEvent):
            self.desk.put_study(event)

    def _failed(self, verb: str, event: Failure | Ended) -> None:
        if verb == "study":
            self.controls.study.setEnabled(self._is_ready)
        elif not isinstance(event, Failure):
            return
        elif verb in ("load", "ground") and self._state is not None:
            state = self._state
            self._close_model()
            self._state = state
            self.canvas.set_message(*self.models.not_opened(state.model, event.error))
            self.show_speed()
        elif verb == "nearest":
            self.show_nearest(None)
        elif verb == "pick":
            self.show_picks(None, "")

    def _grounded(self, images: api.Pictures) -> None:
        """The model answers, and its pictures' border is known: the canvas can begin."""
        assert self._state is not None
        rim = (images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1])
        levels = sorted(int(x) for edge in rim for x in edge.ravel())
        self._ground = levels[len(levels) // 2]
        self._is_ready = True
        self.set_ready()
        self.show_state(self._state, self._ground)
        self.show_study(self._state, self._study(), None)
        self._ask_row()
        carried, known = self._picture, unpack(self._state.picture, self.shape())
        self._takes_first = carried is None and known is None
        self._picture = blank(self.shape(), self._ground) if known is None else known
        self.canvas.set_canvas(self._picture)
        self._keep_picture(self._state.converted if known is not None else "")
        self._picture_is_new()
        if carried is not None and known is None and not is_empty(carried):  # the same picture for another model
            self.ask("play", "take", api.EncodeRequest(self._state.model, carried[None]))
        self.remember()
        self.begin_drawing()

    def begin_drawing(self) -> None:
        """Make ready for a picture that another mode wants."""

    def _study(self) -> api.StudyEvent | None:
        return self.desk.studies.get(self._state.model) if self._state else None

    @Slot(str)
    def _studied(self, model: str) -> None:
        if self._state is not None and model == self._state.model and self._is_ready:
            self.show_study(self._state, self._study(), self._event)
            self._ask_nearest()
            self._write()

    def is_settled(self) -> bool:
        """The code is there, or the canvas is empty and no picture is to come."""
        if self._event is None and (self._picture is None or self._takes_first or not is_empty(self._picture)):
            return False
        return self._is_ready

    # ---- a picture and its code ----------------------------------------------------------------------

    def set_input(self, picture: api.Pictures, converted: str = "") -> None:
        """A picture that the model knows the kind of becomes the input."""
        self.tell("")
        self.bridge.cancel("play", self.slot("take"))
        self._picture = picture
        self.canvas.set_canvas(picture)
        self._leave_picks()
        self._seek_pick()
        self._keep_picture(converted)
        self._picture_is_new()
        self.remember()

    def _leave_picks(self) -> None:
        """What is shown is none of the row."""
        self._takes_first = False
        self.mark_pick(-1)

    def mark_pick(self, index: int) -> None:
        """Which picture of the row is shown, -1 none; the scrubber stands there."""
        self.picks.set_selected(index)
        self.tempo.set_position(max(index, 0))

    def _seek_pick(self) -> None:
        """The picture that has come may be one of the row, as after undo."""
        images = self.picks.pictures()
        if images is not None and self._picture is not None and images.shape[1:] == self._picture.shape:
            same = np.flatnonzero((images == self._picture).all((1, 2, 3)))
            self.mark_pick(int(same[0]) if len(same) else -1)

    def _keep_picture(self, converted: str) -> None:
        if self._state is not None and self._picture is not None:
            self._state = dataclasses.replace(self._state, picture=pack(self._picture), converted=converted)

    def _picture_is_new(self) -> None:
        self._ask_code()
        self.show_now()
        if self._event is None:
            self._write()

    def _ask_code(self) -> None:
        """One request is under way at most; of those that wait the newest wins."""
        state, picture = self._state, self._picture
        if state is None or picture is None or not self._is_ready:
            return
        if is_empty(picture):
            for lane, verb in (("play", "encode"), ("play", "sheet"), ("io", "nearest")):
                self.bridge.cancel(lane, self.slot(verb))
            self._show_code(None)
            return
        seen = self.seen(picture)
        images = [seen, corrupt(seen, state, self._ground)] if state.view == "corrupt" else [seen]
        stack = api.EncodeRequest(state.model, np.stack(images), invert=False)
        self.ask("play", "encode", stack)

    def seen(self, picture: api.Pictures) -> api.Pictures:
        """What of the picture the model sees."""
        frame = self.frame(picture) if self._state is not None and self._state.centres else None
        return picture if frame is None else framed(picture, frame, self._ground)

    def _taken(self, event: api.EncodedEvent) -> None:
        """A picture from outside, as the model sees it."""
        self.set_input(event.inputs[0], event.converted)

    def _encoded(self, event: api.EncodedEvent) -> None:
        self._show_code(event)
        self.show_now()
        if self.words_are_due():
            self._ask_nearest()
            self.show_speed(f"{milliseconds(event.compute_ms)} to encode")
            self._write()

    def _show_code(self, event: api.EncodedEvent | None) -> None:
        """All that follows from a code; None where there is no picture."""
        assert self._state is not None
        self._event = event
        self.show_code(self._state, event)
        if (study := self._study()) is not None:
            self.judge(self._state, study, event)
        if event is None:
            self.show_nearest(None)
            self.sheet.set_pictures(NOTHING)
        elif self._state.view == "sheet":
            if has_posterior(event):
                codes = posterior(event, self._state.drawn)
                self.ask("play", "sheet", api.DecodeRequest(self._state.model, codes))
            else:
                self.show_sheet(None)

    def shown_code(self) -> int:
        """Of the corrupted picture where that is looked at."""
        return looked_at(self._state, self._event) if self._state is not None and self._event is not None else 0

    def _ask_nearest(self) -> None:
        study, event = self._study(), self._event
        if study is not None and event is not None:
            code = code_of(event, self.shown_code())
            self.ask("io", "nearest", api.NearestRequest(study.request.model, study.dataset, code, ROW))

    def show_now(self) -> None:
        """The stage as it is known so far."""
        if self._state is not None and self._picture is not None:
            picture, event = self._picture, self._event
            frame = self.frame(picture) if self._state.centres else None
            self.show_pictures(self._state, picture, self.seen(picture), frame, self._ground, event)

    def _write(self) -> None:
        if self._state is not None and self._is_ready:
            frame = self.frame(self._picture) if self._picture is not None else None
            self.write(self._state, self._event, self._study(), frame)

    # ---- the state changes ---------------------------------------------------------------------------

    def _change(self, is_final: bool = True, **fields: Any) -> None:
        """Other values of some fields."""
        before = self._state
        if before is None or not self._is_ready:
            return
        self.go_to(dataclasses.replace(before, **fields))
        if is_final:
            self.remember()

    def go_to(self, state: PictureState) -> None:
        """Another state, with its picture and its row."""
        before, self._state = self._state, state
        if before is None or before.model != state.model or not self._is_ready:
            self._open(state)
            return
        self.show_state(state, self._ground)
        changed = {f.name for f in dataclasses.fields(state) if getattr(state, f.name) != getattr(before, f.name)}
        if before.picture != state.picture and (picture := unpack(state.picture, self.shape())) is not None:
            self._picture = picture
            self.canvas.set_canvas(picture)
            self._leave_picks()
            self._seek_pick()
        self._ask_row()
        if changed - KEEPS_CODE:
            self._picture_is_new()
            self._write()

    def _ask_row(self) -> None:
        state = self._state
        assert state is not None
        info = self.models.get(state.model)
        dataset = self._dataset(info.dataset) if info else None
        wanted = (state.model, state.label, state.pick)
        has_data = dataset is None or dataset.available
        why = f"{api.called(info.dataset)}, from which the model learned, is not on this computer" if info else ""
        self.controls.label.setEnabled(has_data and self._is_ready)
        for button in (self.controls.others, self.controls.study):
            button.allow(has_data and self._is_ready, why)
        self.show_plots(has_data)  # without the data there is nothing to fill the rows with
        if not has_data:
            self.show_picks(None, "")
        elif wanted != self._row_asked:
            self._row_asked = wanted
            self.stream("io", "pick", api.PickRequest(state.model, "", state.pick, ROW, state.label))

    def _row_came(self, event: api.PickedEvent) -> None:
        self.show_picks(event, api.called(info.dataset) if (info := self.models.get(event.request.model)) else "")
        if self._takes_first:
            self.set_input(event.images[0])
            self.mark_pick(0)
        else:
            self._seek_pick()

    def remember(self) -> None:
        """Put the state on the undo history, once there is one."""
        if self._state is not None and self._is_ready:
            super().remember()
