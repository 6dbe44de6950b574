"""Which models the columns of the comparison have."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.settings import DENOISING
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.compare_state import CompareState, limited, preset
from genstudio.ui.diffusion.compare_view import CompareView
from genstudio.ui.diffusion.words import NO_MODEL
from genstudio.ui.tabs.model_card import card
from genstudio.ui.tabs.run_words import name_of

FIRST = "loss"  # the preset that a new page opens with


class ComparedModels(CompareView):
    """Opens on a preset, and follows the models; `SamplersPage` plays."""

    families = DENOISING
    misfit = "{name} takes no noise away; drop it on the page of its family."

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.picker.chosen.connect(self._model_chosen)

    def change(self, state: CompareState) -> None:
        """Another state; what has to be computed for it is begun at once."""
        raise NotImplementedError

    def _show(self, state: CompareState) -> None:
        raise NotImplementedError

    def _start(self, until: float = -1.0) -> None:
        raise NotImplementedError

    def models_came(self, catalog: api.Catalog, changed: set[str]) -> None:
        """What models that have changed have drawn is forgotten; begin once the page is on top."""
        self.titles = {info.name: info.title for info in catalog.samplers}
        if changed:
            self.player.tracks.forget()
        self._follow_heirs()
        if self.state is not None and any(way.model not in self.infos for way in self.state.ways):
            self._saved, self.state = self.state.to_dict(), None
            self.player.stop()
        if self.state is None and self._is_active:
            self._open_first()
        else:
            self.show_state()

    def _follow_heirs(self) -> None:
        """Columns of a kept run that has gone on are of its later file."""
        if self.state is None or all(way.model in self.infos for way in self.state.ways):
            return
        heirs = [self._heirs.of(way.model, self.infos) for way in self.state.ways]
        if all(heirs):
            ways = [dataclasses.replace(way, model=heir) for way, heir in zip(self.state.ways, heirs, strict=True)]
            self._show(dataclasses.replace(self.state, ways=tuple(ways)))
            self.followed("ways")

    def fill_models(self) -> None:
        """Those of all columns, and of each."""
        self.picker.clear()
        for key, info in self.infos.items():
            self.picker.add_choice(name_of(info.name), key, card(info))
        self.picker.setEnabled(bool(self.infos))
        if self.catalog is not None:
            self.controls.columns.set_catalog(self.catalog, self.infos)

    def _open_first(self) -> None:
        state = CompareState.from_dict(self._saved, self.infos, list(self.titles))
        if state is None and self.infos:
            ways = preset(FIRST, next(iter(self.infos)), self.infos, list(self.titles))
            state = CompareState(ways) if ways else None
        self.state = state
        if state is None:
            self.columns.show_message(*NO_MODEL)
            self.caption.set_text("")
            self.tempo.set_label("")
            self.show_speed()
        self.show_state()
        self._start()

    @Slot(object)
    def _model_chosen(self, model: str) -> None:
        """Of all columns."""
        if self.state is not None:
            ways = [limited(dataclasses.replace(way, model=model), self.infos[model]) for way in self.state.ways]
            self.change(dataclasses.replace(self.state, ways=tuple(ways)))

    def use_model(self, key: str) -> None:
        """A dropped checkpoint is for the chosen column."""
        if self.state is not None:
            way = self.state.ways[self.chosen]
            self.change(self.state.with_way(self.chosen, limited(dataclasses.replace(way, model=key), self.infos[key])))
        else:
            self._open_first()
