"""Which models are compared, and what is known of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.api.comparison import to_measure
from genstudio.settings import GENERATIVE
from genstudio.ui.bridge import Bridge
from genstudio.ui.measured.state import COUNTS, MeasuredState
from genstudio.ui.measured.view import NO_CELL, MeasuredView


class MeasuredModels(MeasuredView):
    """Asks what is known of the models shown; `MeasuredPage` measures."""

    families = GENERATIVE
    misfit = "{name} is a {family} model; it makes no pictures that could be measured."

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._has_facts = False
        self.stage.table.model_chosen.connect(self._model_chosen)
        self.controls.model_added.connect(self._model_added)

    def state_of(self, values: Mapping[str, Any]) -> MeasuredState:
        """A column whose model is gone goes, if enough are left."""
        return MeasuredState.from_dict(values, self.infos)

    def show_anew(self, state: MeasuredState) -> None:
        """Another state, which nobody is to take back."""
        if state.models != self.state.models:
            self.cell = NO_CELL
        self.state = state
        self.queue.keep(state.models)
        self.ask_facts()
        self.show_state()

    def ask_facts(self) -> None:
        """What files and cards say, for it may have changed."""
        if self._is_active and self.state.models:
            self.ask("io", "facts", api.FactsRequest(self.state.models))

    def take_facts(self, event: api.FactsEvent) -> None:
        """What they say."""
        self.facts |= event.facts
        self.sittings = event.sittings
        self.facts = {model: one for model, one in self.facts.items() if model not in event.gone}
        if not self._has_facts and "count" not in self._saved:
            self._begin_with_what_is_there()
        self._has_facts = True
        self.gone = {**{model: why for model, why in self.gone.items() if model not in event.facts}, **event.gone}
        self.refresh()

    def _begin_with_what_is_there(self) -> None:
        """A page that nobody has set shows as many pictures as most of its models were measured with."""
        models, facts = self.state.models, self.facts

        def measured(count: int) -> int:
            return -len(to_measure(models, facts, count, self.held_out))

        count = max((self.state.count, *COUNTS), key=measured)
        if count != self.state.count:
            self.state = dataclasses.replace(self.state, count=count)
            self.followed("count")
            self.show_state()

    def models_in(self, catalog: api.Catalog) -> tuple[api.ModelInfo, ...]:
        """All models that make pictures."""
        return catalog.models_of(*self.families)

    def models_came(self, catalog: api.Catalog, changed: set[str]) -> None:
        """What was known of models that have changed is forgotten."""
        known = {api.data_name(data.name): data.held_out for data in catalog.datasets if data.held_out}
        self.held_out = {**self.held_out, **known}
        self.facts = {model: one for model, one in self.facts.items() if model not in changed}
        super().models_came(catalog, changed)

    @Slot(int, object)
    def _model_chosen(self, column: int, model: str) -> None:
        self.change(self.state.with_model(column, model))

    @Slot(object)
    def _model_added(self, model: str) -> None:
        self.change(self.state.added(model))

    def use_model(self, key: str) -> None:
        """A dropped checkpoint gets a column."""
        self.change(self.state.added(key))
