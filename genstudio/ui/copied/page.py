"""Is it copied? New pictures of any model beside the training pictures that are nearest to them."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.copied.data import answers, lacking
from genstudio.ui.copied.state import CopiedState, of_sheet
from genstudio.ui.copied.work import CopiedWork
from genstudio.ui.tabs.page import GridSource


class CopiedPage(CopiedWork):
    """What hand, keys and files do."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        pairs = (
            (self.picker.chosen, self._model_chosen),
            (self.data.chosen, self.take_data),
            (self.controls.changed, self._control_changed),
            (self.controls.new_seed_wanted, self.random),
            (self.pairs.cell_clicked, self._clicked),
            (self.pairs.opened, self._opened),
            (self.pairs.button_clicked, self.help),
            (self.detail.back_wanted, self._back),
            (self.tempo.scrubbed, self._scrubbed),
            (self.distance_picked, self._distance_picked),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    # ---- the window's hooks -----------------------------------------------------------------------------

    def activate(self) -> None:
        """On top: begin, or go on."""
        self._is_active = True
        if self.catalog is not None:
            self.begin()

    def deactivate(self) -> None:
        """Nobody looks: compute nothing more."""
        self._is_active = False
        if not self._is_done():
            self.stop_asking()

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Back to such a state; before there are models it is kept for the start."""
        if self._state.model:
            self.go_to(CopiedState.from_dict(values, self.infos))
        else:
            self._saved = dict(values)

    @Slot()
    def random(self) -> None:
        """R: other pictures."""
        if self._state.model:
            self.change(dataclasses.replace(self._state, seed=random.randrange(100_000)))

    def step(self, direction: int) -> None:
        """The picture before or after the chosen one, as they stand."""
        if self.found is not None:
            order = self.order()
            self._choose(order[min(max(order.index(self.chosen) + direction, 0), len(order) - 1)])

    def leave_detail(self) -> bool:
        """All pictures again."""
        if not self.is_large:
            return False
        self._show_large(False)
        return True

    # ---- hand -------------------------------------------------------------------------------------------

    @Slot(object)
    def _model_chosen(self, model: str) -> None:
        self.change(self._state.with_model(model, self.infos))

    @Slot(str, object)
    def _control_changed(self, field: str, value: Any) -> None:
        self.change(dataclasses.replace(self._state, **{field: value}))

    def _choose(self, number: int) -> None:
        if number != self.chosen:
            self.chosen = number
            self.refresh()

    @Slot(int)
    def _clicked(self, place: int) -> None:
        if self.found is not None:
            self._choose(self.order()[place])

    @Slot(int)
    def _opened(self, place: int) -> None:
        """Large, once it is known what is near."""
        if self.found is not None:
            self.chosen = self.order()[place]
            self._show_large(True)

    @Slot()
    def _back(self) -> None:
        self._show_large(False)

    def _show_large(self, is_large: bool) -> None:
        self.is_large = is_large
        self.refresh()
        (self.detail.stage if is_large else self.pairs).setFocus()

    @Slot(int)
    def _scrubbed(self, place: int) -> None:
        if self.found is not None:
            self._choose(self.order()[place])

    @Slot(float)
    def _distance_picked(self, distance: float) -> None:
        """The picture that is nearest to a place in the plot."""
        if self.found is not None:
            self._choose(int(abs(self.found.distances[:, 0] - distance).argmin()))

    # ---- files ------------------------------------------------------------------------------------------

    def use_of(self, path: str) -> str:
        """A dropped folder or zip answers the question for it."""
        if self.catalog is None or self.info is None:
            return ""
        return "compare with" if answers(path, lacking(self.catalog, self.info, self._state.data)) else ""

    def offer_dataset(self, path: str) -> bool:
        """Pictures that were asked for are here."""
        self.take_data(path)
        return True

    def export_source(self) -> GridSource:
        """All pairs with their distances, as a sheet."""
        if self.found is None or self.is_stale:
            return None
        return dataclasses.replace(self.found.request, order=self._state.order)

    def restores(self, source: Any) -> bool:
        """Such sheets."""
        return isinstance(source, api.CopiedRequest)

    def restore(self, event: api.RestoredEvent) -> None:
        """Show the model and the seed of a dropped sheet again."""
        source = event.source
        if not isinstance(source, api.CopiedRequest):
            return
        if not self.dropped.asks_for((source.model,), self.infos, event):
            self.change(of_sheet(source, self.infos, self._state))
