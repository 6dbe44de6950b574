"""Which models the triptych has: those of the catalog, dropped files, and what stands in for one that is gone."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.dropped_models import DroppedModels
from genstudio.ui.tabs.heirs import Heirs
from genstudio.ui.triptych.state import FAMILIES, KINDS, TriptychState, kind_of
from genstudio.ui.triptych.view import TriptychView


class TriptychModels(TriptychView):
    """Follows the catalog; `TriptychPage` says what hand and time do."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.dropped = DroppedModels(self)
        self._heirs = Heirs()
        self._saved: dict[str, Any] = {}  # the state to begin with
        self._is_active = False
        self.columns.model_chosen.connect(self._model_chosen)

    def change(self, state: TriptychState) -> None:
        """The user wants another state."""
        raise NotImplementedError

    def show_anew(self, state: TriptychState) -> None:
        """Another state, which nobody is to take back."""
        raise NotImplementedError

    def set_catalog(self, catalog: api.Catalog) -> None:
        """The models of all kinds; begin once the page is on top."""
        super().set_catalog(catalog)
        before, had_models = self.infos, any(self.state.models)
        found = {info.name: info for info in catalog.by_family(*FAMILIES)}
        self._heirs.note(before, found, "", catalog.models_dir)
        self.infos = found | self.dropped.infos
        self.controls.set_catalog(catalog)
        if any(self.infos.get(name) != before[name] for name in self.state.models if name in before):
            self.asker.forget()
        if had_models:
            self._follow_heirs()
        elif self._is_active:
            self.open_first()
        else:
            self.show_state()

    def _follow_heirs(self) -> None:
        """A kept run that has gone on is in its later file; in the stead of what is gone another of its kind draws."""
        models = [self._heirs.of(model, self.infos) if model else "" for model in self.state.models]
        state = TriptychState.from_dict(self.state.to_dict() | {"models": models}, self.infos)
        is_other = state != self.state
        self._saved = self.state.to_dict()  # should no model be left
        self.show_anew(state)
        if is_other:
            self.followed("models")

    def open_first(self) -> None:
        """The state that was left, as far as its models are here."""
        self.show_anew(TriptychState.from_dict(self._saved, self.infos))
        self.followed(*self.state.to_dict())
        self.remember()

    @Slot(int, object)
    def _model_chosen(self, k: int, model: str) -> None:
        self.change(self._known_class(self.state.with_model(k, model)))

    def _known_class(self, state: TriptychState) -> TriptychState:
        """The same, of all classes where no model knows the one that is asked for."""
        return state if state.label in state.classes(self.infos) else dataclasses.replace(state, label="")

    # ---- dropped files ----------------------------------------------------------------------------------

    def takes(self, info: api.ModelInfo) -> bool:
        """Every model that has a column."""
        return info.family in FAMILIES

    def offer_model(self, path: str) -> bool:
        """A dropped checkpoint is for the column of its kind."""
        self.ask("play", "load", api.LoadRequest(path))
        return True

    def take_model(self, info: api.ModelInfo) -> None:
        """A dropped file has been read."""
        k = kind_of(info)
        if k < 0:
            self.dropped.forget()
            titles = ", ".join(kind.title for kind in KINDS)
            self.tell(f"{info.name} is a {info.family} model, and there are only columns for: {titles}.", error=True)
            return
        key = self.dropped.take(info, self.infos)
        if not self.dropped.reopen(info):
            self._model_chosen(k, key)
