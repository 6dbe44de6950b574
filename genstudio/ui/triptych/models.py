"""Which models the triptych has, one of each kind."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.triptych.state import FAMILIES, KINDS, TriptychState, kind_of
from genstudio.ui.triptych.view import TriptychView

TITLES = ", ".join(kind.title for kind in KINDS)


class TriptychModels(TriptychView):
    """Asks anew what changed models draw; `TriptychPage` says what hand and time do."""

    families = FAMILIES
    misfit = f"{{name}} is a {{family}} model, and there are only columns for: {TITLES}."

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.columns.model_chosen.connect(self._model_chosen)

    def state_of(self, values: Mapping[str, Any]) -> TriptychState:
        """In the stead of a model that is gone another of its kind draws."""
        return TriptychState.from_dict(values, self.infos)

    def models_came(self, catalog: api.Catalog, changed: set[str]) -> None:
        """What models that have changed have drawn is forgotten."""
        self.controls.set_catalog(catalog)
        if changed.intersection(self.state.models):
            self.asker.forget()
        super().models_came(catalog, changed)

    @Slot(int, object)
    def _model_chosen(self, k: int, model: str) -> None:
        self.change(self._known_class(self.state.with_model(k, model)))

    def _known_class(self, state: TriptychState) -> TriptychState:
        """The same, of all classes where no model knows the one that is asked for."""
        return state if state.label in state.classes(self.infos) else dataclasses.replace(state, label="")

    def use_model(self, key: str) -> None:
        """A dropped checkpoint is for the column of its kind."""
        self._model_chosen(kind_of(self.infos[key]), key)
