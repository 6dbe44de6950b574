"""What the picture made of a slider: its measures beside what was asked for, and words where nothing changed."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.api.measures import measure
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.axes import Face
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.tabs.vae_kept import VaeKept
from genstudio.ui.tabs.vae_models import Sheet
from genstudio.ui.tabs.vae_state import VaeState
from genstudio.ui.tabs.vae_words import missed_sentence, unchanged_sentence

FAR = 0.5  # sigma: after a shorter move a picture may well look the same
ALIKE = 12  # grey levels of 255: the largest difference that nobody sees


class VaeAnswer(VaeKept):
    """Reads off the picture of the code shown what the sliders made of it."""

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, desk, parent)
        self._shown_z: tuple[float, ...] = ()  # the code of the picture on the stage
        self._measured: dict[str, float] = {}  # of the picture shown, as sliders stand
        self._start: api.Pictures | None = None  # when the hand took hold
        self._asked: tuple[tuple[float, ...], Face, float, float] | None = None  # what no picture has answered yet
        self._answer: tuple[tuple[float, ...], str, bool] = ((), "", False)  # of a code; see `_words`
        self.sliders.grabbed.connect(self._taken)
        self.sliders.finished.connect(self._let_go)

    # ---- measures -------------------------------------------------------------------------------------

    def _pictures(self, verb: str, event: api.PicturesEvent) -> None:
        super()._pictures(verb, event)
        if verb == "decode" and self._sheet is None and isinstance(event.request, api.DecodeRequest):
            self._shown_z = event.request.z[0]
        if verb in ("decode", "sheet"):
            self._see()
            self._judge()

    def show_code(self, state: VaeState) -> None:
        """Other sliders read the same picture, and another picture of a sheet may be chosen."""
        drawn = self._drawn
        super().show_code(state)
        if drawn is not self._drawn or self._sheet is not None:
            self._see()

    def _picture(self) -> api.Pictures | None:
        """The one of the code shown, (1, H, W, C)."""
        pictures = self.stage.pictures()
        place = 0 if self._sheet is None else self.stage.selected()
        count = 0 if pictures is None else len(pictures)
        if pictures is None or not 0 <= place < count or (self._sheet is None and count > 1):
            return None
        one: api.Pictures = pictures[place : place + 1]
        return one

    def _see(self) -> None:
        study, picture = self.study(), self._picture()
        if self._state is None or self._state.axes != "measured" or study is None:
            return
        axes, values = study.measured, None
        if picture is not None and axes.names:
            values = ((measure(picture, axes.names) - axes.mean) / np.maximum(axes.std, 1e-9))[0]
        self._measured = {} if values is None else dict(zip(axes.names, values.tolist(), strict=True))
        self.sliders.set_seen(values)

    # ---- words ----------------------------------------------------------------------------------------

    @Slot()
    def _taken(self) -> None:
        is_its = self._state is not None and self._state.z == self._shown_z
        self._start, self._asked = self._picture() if is_its else None, None

    @Slot()
    def _let_go(self) -> None:
        gesture = self.sliders.gesture()
        if gesture is not None and self._state is not None:
            self._asked = (self._state.z, *gesture)
            self._judge()

    def _judge(self) -> None:
        """Once the picture of what the hand has made is there: say so if it is not what one would expect."""
        state, asked, picture = self._state, self._asked, self._picture()
        if state is None or asked is None or picture is None or self._shown_z != state.z or self._sheet is not None:
            return
        self._asked = None
        z, face, before, after = asked
        if z != state.z:
            return
        self._answer = z, *self._words(face, before, after, picture)
        if self._answer[1]:
            self.write(state)

    def _words(self, face: Face, before: float, after: float, picture: Any) -> tuple[str, bool]:
        """A sentence, and whether it has the caption for itself."""
        has_both = self._start is not None and self._start.shape == picture.shape
        if has_both and abs(after - before) >= FAR and _alike(self._start, picture):
            return unchanged_sentence(face, before, after, self.study() is not None), True
        return missed_sentence(face, after, self._measured.get(face.name, after)) if face.is_measure else "", False

    def write(self, state: VaeState, sheet: Sheet | None = None) -> None:
        """What came of the last drag, before all else or instead."""
        super().write(state, sheet)
        z, words, is_alone = self._answer
        if words and sheet is None and state.z == z:
            self.caption.set_text(words if is_alone else f"{words} {self.caption.markup()}")


def _alike(one: Any, other: Any) -> bool:
    return bool(np.abs(one.astype(np.int16) - other).max() <= ALIKE)
