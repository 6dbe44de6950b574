"""Which models are compared: those of the catalog, dropped files, and what stands in for one that is gone."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.api.comparison import to_measure
from genstudio.settings import GENERATIVE
from genstudio.ui.bridge import Bridge
from genstudio.ui.measured.state import COUNTS, FEWEST, MeasuredState
from genstudio.ui.measured.view import NO_CELL, MeasuredView
from genstudio.ui.tabs.dropped_models import DroppedModels
from genstudio.ui.tabs.heirs import Heirs


class MeasuredModels(MeasuredView):
    """Follows the catalog and asks what is known of the models shown; `MeasuredPage` measures."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.dropped = DroppedModels(self)
        self._heirs = Heirs()
        self._saved: dict[str, Any] = {}  # the state to begin with
        self._is_active = self._has_facts = False
        self.stage.table.model_chosen.connect(self._model_chosen)
        self.controls.model_added.connect(self._model_added)

    def change(self, state: MeasuredState) -> None:
        """The user wants another state."""
        self.remember()
        self.show_anew(state)
        self.remember()

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

    def set_catalog(self, catalog: api.Catalog) -> None:
        """All models that make pictures; begin once the page is on top."""
        super().set_catalog(catalog)
        before, had_models = self.infos, bool(self.state.models)
        found = {info.name: info for info in catalog.models_of(*GENERATIVE)}
        self._heirs.note(before, found, "", catalog.models_dir)
        self.infos = found | self.dropped.infos
        known = {data.name: data.held_out for data in catalog.datasets if data.held_out}
        self.held_out = {**self.held_out, **known}
        changed = {name for name, info in before.items() if self.infos.get(name) != info}
        self.facts = {model: one for model, one in self.facts.items() if model not in changed}
        if had_models:
            self._follow_heirs()
        elif self._is_active:
            self.open_first()
        else:
            self.show_state()

    def _follow_heirs(self) -> None:
        """A kept run that has gone on is in its later file; a column whose model is gone goes, if enough are left."""
        models = tuple(dict.fromkeys(filter(None, (self._heirs.of(one, self.infos) for one in self.state.models))))
        self._saved = self.state.to_dict()  # should no model be left
        if len(models) < FEWEST:
            state = MeasuredState.from_dict(self.state.to_dict() | {"models": list(models)}, self.infos)
        else:
            state = dataclasses.replace(self.state, models=models)
        is_other = state != self.state
        self.show_anew(state)
        if is_other:
            self.followed("models")

    def open_first(self) -> None:
        """The state that was left, as far as its models are here."""
        self.show_anew(MeasuredState.from_dict(self._saved, self.infos))
        self.followed(*self.state.to_dict())
        self.remember()

    @Slot(int, object)
    def _model_chosen(self, column: int, model: str) -> None:
        self.change(self.state.with_model(column, model))

    @Slot(object)
    def _model_added(self, model: str) -> None:
        self.change(self.state.added(model))

    # ---- dropped files ----------------------------------------------------------------------------------

    def takes(self, info: api.ModelInfo) -> bool:
        """Every model that makes pictures."""
        return info.family in GENERATIVE

    def offer_model(self, path: str) -> bool:
        """A dropped checkpoint gets a column."""
        self.ask("play", "load", api.LoadRequest(path))
        return True

    def take_model(self, info: api.ModelInfo) -> None:
        """A dropped file has been read."""
        if not self.takes(info):
            self.dropped.forget()
            self.tell(f"{info.name} is a {info.family} model; it makes no pictures that could be measured.", error=True)
            return
        key = self.dropped.take(info, self.infos)
        if not self.dropped.reopen(info):
            self.change(self.state.added(key))
