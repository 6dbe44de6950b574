"""What a process begins with follows the model: its picture is made for another one anew, and so is its class."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.picture_origin import OWN
from genstudio.ui.diffusion.start_state import StartState
from genstudio.ui.diffusion.start_view import StartingView


class SuitedView(StartingView):
    """Takes the picture anew from where it is from; until it has come, the former one begins the process.

    That is no step of undo: it belongs to the step that brought the model.
    """

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._suited: api.ModelInfo | None = None  # the model for which the picture was asked for
        self._is_following = False  # a picture or its class is on its way for a model
        self.originals.counted.connect(self._show_start)

    def take_model(self, info: api.ModelInfo) -> None:
        """As before; the class asked for stays that of the picture, if it was."""
        before, self._suited = self._suited, info
        asked = self.asked_from_noise()
        is_other_data = before is not None and before.dataset != info.dataset
        if is_other_data:
            self.begin = dataclasses.replace(self.begin, seen="", certainty=0.0)
        was = api.ALL_CLASSES if before is None else self._begun.class_in(before.classes)
        super().take_model(info)
        if asked.label == was:
            self.controls.set_request(
                dataclasses.replace(self.controls.request(""), label=self.begin.class_in(info.classes))
            )
        self._retake(is_other_data)

    def show_begin(self, begin: StartState) -> api.Start | None:
        """As before; nothing is on its way any more."""
        self._is_following = False
        return super().show_begin(begin)

    def begin_of(self, values: Mapping[str, Any]) -> api.Start | None:
        """As before; what was remembered may be of another model's size."""
        start = super().begin_of(values)
        self._retake()
        return start

    def _go_to(self, state: StartState, is_final: bool = True) -> None:
        """As before; a picture that was put aside may be of another model's size."""
        was_noise = self.begin.kind == "noise"
        super()._go_to(state, is_final)
        if was_noise:
            self._retake()

    def _retake(self, is_other_data: bool = False) -> None:
        """Ask for the picture as the model has pictures, of how many it is one, and for its class.

        Args:
            is_other_data: The model learned from other pictures than the one before.
        """
        begin, info, picture = self.begin, self._info, api.picture_of(self.begin.picture)
        if info is None or picture is None or begin.kind == "noise":
            return
        fits = picture.shape == (info.size, info.size, info.channels)
        is_numbered = begin.number != OWN and self.originals.knows(begin.dataset)
        if is_numbered and fits:
            self.originals.count(begin.dataset)
        if is_numbered and not fits:
            self.originals.ask(begin.dataset, begin.number)
        elif not fits:
            whose = {"dataset": begin.dataset, "number": begin.number, "label": begin.label}
            self.originals.fit(picture, info.size, info.channels, **(whose if begin.number != OWN else {}))
        elif is_other_data and info.classes and not begin.label:
            self.guess.ask(picture, info.dataset)
        else:
            return
        self._is_following = True

    @Slot()
    def _no_picture_came(self) -> None:
        self._is_following = False
        super()._no_picture_came()

    def remember(self) -> None:
        """As before; what has come for another model belongs to the step that brought that."""
        if self._is_following and not (self.originals.is_busy or self.guess.is_busy):
            self._is_following = False
            self.followed("begin", "label")
        super().remember()

    def _start(self) -> None:
        raise NotImplementedError
