"""Which model the picture page looks through: the picker, the desk, loading, what could not be opened."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.picture_frame import FRAMED, Frame, frame_of
from genstudio.ui.latent.picture_state import PictureState
from genstudio.ui.latent.picture_view import PictureView
from genstudio.ui.tabs.vae_shelf import VaeShelf
from genstudio.ui.tabs.vae_words import NO_MODEL

VERBS = ("load", "ground", "encode", "take", "sheet", "pick", "nearest", "study")


class PictureModels(PictureView):
    """Owns the models and the state; `PicturePage` goes on when a model has answered."""

    def __init__(self, bridge: Bridge, desk: LatentDesk, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.desk, self.models = desk, VaeShelf(self.picker)
        self.models.share(desk.dropped)
        self._state: PictureState | None = None
        self._event: api.EncodedEvent | None = None  # of the picture, or of one a moment before it
        self._saved: dict[str, Any] = {}
        self._ground = 0  # grey level of nothing
        self._is_ready = self._is_active = False
        self._row_asked: tuple[str, int, int] | None = None
        self.picker.chosen.connect(self._model_chosen)
        self.canvas.button_clicked.connect(self._try_again)
        self.canvas.set_message("Starting …")

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Fill the picker; go on with the model shown if it is still there."""
        super().set_catalog(catalog)
        shown = self._state.model if self._state else ""
        is_same = self.models.set_catalog(catalog, shown)
        if self._is_active and not is_same:
            self._go_on()

    def _go_on(self) -> None:
        """The model shown has changed, or another one stands in its place."""
        state, heir = self._state, self.models.heir(self._state.model) if self._state else ""
        if state is not None and heir:
            self._open(dataclasses.replace(state, model=heir))
        else:
            self._open_first()
        self.models.say_moved(self, state.model if state else "", self._state.model if self._state else "")

    def _open_first(self) -> None:
        saved = PictureState.from_dict(self._saved)
        wish = self.desk.model if self.desk.model in self.models else saved.model if saved else ""
        first = self.models.first({"model": wish})
        if first is None:
            self._close_model()
            self._state = None
            self.canvas.set_message(*NO_MODEL)
            self.show_speed()
            return
        self._open(dataclasses.replace(saved or PictureState(first.model), model=first.model))

    def _open(self, state: PictureState) -> None:
        """Load the model of a state; a picture that does not fit it is converted."""
        if self._is_ready and self._state is not None:
            self.models.keep(self._state.model, self._state)
        self._close_model()
        info = self.models.get(state.model)
        assert info is not None
        dataset = self._dataset(info.dataset)
        classes = dataset.classes if dataset is not None else ()
        if not -1 <= state.label < len(classes):
            state = dataclasses.replace(state, label=-1)
        self._state = state
        self.picker.set_value(state.model)
        self.controls.show_model(info.channels == 3, classes, state.label, info.dataset in FRAMED)
        self.show_state(state, self._ground)
        self.canvas.set_message(f"Loading {info.name} …")
        self.ask("play", "load", api.LoadRequest(state.model))

    def _dataset(self, name: str) -> api.DatasetInfo | None:
        """What the catalog knows of a dataset."""
        return self.catalog.dataset(name) if self.catalog else None

    def _close_model(self) -> None:
        """Nothing of the old model may come late, and nothing of it stays to be seen."""
        self._is_ready, self._event, self._row_asked = False, None, None
        for verb in VERBS:
            self.bridge.stop(self.slot(verb))
        self.blank()

    @Slot(object)
    def _model_chosen(self, key: str) -> None:
        if self._state is not None:
            self._open(dataclasses.replace(self._state, model=key))
        else:
            self._open(PictureState(key))

    @Slot()
    def _try_again(self) -> None:
        if self._state is not None:
            good = self.models.good()
            self._open(good[1] if good else self._state)
        else:
            self.mode_wanted.emit(self.learner)

    def activate(self) -> None:
        """On top: open the first model, or the one that another mode has shown since."""
        self._is_active = True
        if self._state is None:
            if self.catalog is not None:
                self._open_first()
        elif self.models.has_lost(self._state.model) and self.desk.model in ("", self._state.model):
            self._go_on()
        elif (key := self.models.heir(self.desk.model)) and key != self._state.model:
            self._open(dataclasses.replace(self._state, model=key))

    def deactivate(self) -> None:
        """The model stays on the desk; its code only goes there with "Explore this code"."""
        self._is_active = False
        if self._state is not None:
            self.desk.put(self._state.model)

    def frame(self, picture: api.Pictures) -> Frame | None:
        """Where a picture's ink lies, if the model's data lie in a frame and this picture does not."""
        info = self.models.get(self._state.model) if self._state else None
        return frame_of(picture, self._ground) if info is not None and info.dataset in FRAMED else None

    def shape(self) -> tuple[int, int, int]:
        """Of the model's pictures."""
        info = self.models.get(self._state.model) if self._state else None
        assert info is not None
        return info.size, info.size, info.channels
