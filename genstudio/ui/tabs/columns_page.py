"""A page that shows models side by side, as one frozen state names them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Slot

from genstudio.api import Catalog
from genstudio.ui.tabs.models_page import ModelsPage


class ColumnsPage(ModelsPage):
    """Its `state` has a model a column in `models` ("" where there is none) and `to_dict`. The state follows its models
    as they come and go, is remembered, and its changes can be taken back."""

    state: Any

    def state_of(self, values: Mapping[str, Any]) -> Any:
        """A state of such values as far as they make sense with the models that are here."""
        raise NotImplementedError

    def show_state(self) -> None:
        """Bring everything that is seen in line with the state."""
        raise NotImplementedError

    def show_anew(self, state: Any) -> None:
        """Another state, which nobody is to take back."""
        raise NotImplementedError

    def change(self, state: Any) -> None:
        """The user wants another state."""
        self.remember()
        self.show_anew(state)
        self.remember()

    @Slot(dict)
    def change_fields(self, values: dict[str, Any]) -> None:
        """The user wants other values of some fields."""
        state = dataclasses.replace(self.state, **values)
        if state != self.state:
            self.change(state)

    def models_came(self, catalog: Catalog, changed: set[str]) -> None:
        """The state follows; begin once the page is on top."""
        if any(self.state.models):
            self._follow_heirs()
        elif self._is_active:
            self.open_first()
        else:
            self.show_state()

    def _follow_heirs(self) -> None:
        """A kept run that has gone on is in its later file; what becomes of a column whose model is gone, the state
        says."""
        values = self._saved = self.state.to_dict()  # should no model be left
        models = [self._heirs.of(model, self.infos) for model in self.state.models]
        state = self.state_of(values | {"models": models})
        is_other = state != self.state
        self.show_anew(state)
        if is_other:
            self.followed("models")

    def open_first(self) -> None:
        """The state that was left, as far as its models are here."""
        self.show_anew(self.state_of(self._saved))
        self.followed(*self.state.to_dict())
        self.remember()

    def parameters(self) -> dict[str, Any]:
        """The state shown, as plain JSON values."""
        return self.state.to_dict() if any(self.state.models) else self._saved

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Back to such a state; before there are models it is kept for the start."""
        if any(self.state.models):
            self.show_anew(self.state_of(values))
        else:
            self._saved = dict(values)
