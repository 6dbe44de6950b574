"""Which latent tells which factor: the matrix measured on pictures of known factors, and the eye's check of it."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.settings import VAESettings
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.factors_page import FactorsShow
from genstudio.ui.latent.factors_state import COLUMNS, FactorsState, columns_of
from genstudio.ui.tabs.page import GridSource

WISH = VAESettings(latent_dim=10, beta=4.0)  # what is trained where nothing can be measured of a model
WISH_DATASET = "shapes"


class FactorsPage(FactorsShow):
    """A cell is chosen by a click, an arrow key or its row of pictures; what is seen follows."""

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, desk, parent)
        controls, matrix = self.controls, self.matrix
        matrix.cell_chosen.connect(self._cell_chosen)
        matrix.latent_chosen.connect(self.explore_latent)
        matrix.moved.connect(self._cell_moved)
        matrix.cleared.connect(self.to_best)
        controls.unit_chosen.connect(self._unit_chosen)
        controls.best_wanted.connect(self.to_best)
        controls.explore_wanted.connect(self.explore)
        controls.random_wanted.connect(self.random)
        controls.centre_wanted.connect(self.to_centre)
        controls.measure_wanted.connect(self.measure)
        self.stage.button_clicked.connect(self._stage_pressed)
        self.stage.cell_clicked.connect(self._picture_clicked)
        self.caption.word_clicked.connect(self._word_clicked)
        self.tempo.scrubbed.connect(self._scrubbed)

    # ---- hand -----------------------------------------------------------------------------------------

    @Slot(int, int)
    def _cell_chosen(self, factor: int, latent: int) -> None:
        if self._state is not None:
            self._change(dataclasses.replace(self._state, cell=(factor, latent)))

    @Slot(int, int)
    def _cell_moved(self, down: int, right: int) -> None:
        found = self.found()
        if self._state is not None and found is not None:
            self._change(self._state.moved(found, down, right))

    def step(self, direction: int) -> None:
        """Keys . and , : the next latent of the same factor."""
        self._cell_moved(0, direction)

    @Slot(int)
    def _scrubbed(self, place: int) -> None:
        found = self.found()
        if self._state is not None and found is not None:
            order, (factor, latent) = columns_of(found), self._state.chosen(found)
            if 0 <= place < len(order) and order[place] != latent:
                self._cell_chosen(factor, order[place])

    @Slot()
    def to_best(self) -> None:
        """In each row the latent that tells most."""
        if self._state is not None:
            self._change(dataclasses.replace(self._state, cell=None))

    @Slot(str)
    def _unit_chosen(self, unit: str) -> None:
        if self._state is not None:
            self._change(FactorsState.from_dict({**self._state.to_dict(), "unit": unit}, len(self._state.z)))

    @Slot()
    def random(self) -> None:
        """Key R: move the latents around another code."""
        if self._state is not None:
            self._change(self._state.draw())

    @Slot()
    def to_centre(self) -> None:
        """Around the code where all numbers are 0."""
        if self._state is not None:
            self._change(self._state.at([0.0] * len(self._state.z)))

    @Slot(int)
    def _picture_clicked(self, index: int) -> None:
        """A row of pictures belongs to a cell: look at that."""
        found = self.found()
        if self._state is not None and found is not None:
            factor = index // COLUMNS
            self._cell_chosen(factor, self._state.dims(found)[factor])

    @Slot()
    def explore(self) -> None:
        """Move the latent of the cell looked at on Explore."""
        found = self.found()
        if self._state is not None and found is not None:
            self.explore_latent(self._state.chosen(found)[1])

    @Slot(int)
    def explore_latent(self, latent: int) -> None:
        """Move a latent on Explore, from the code of the pictures here."""
        if self._state is not None and self._is_ready:
            self.desk.put(self.model, self._state.z)
            self.desk.latent = latent
            self.mode_wanted.emit("vae")

    @Slot(str)
    def _word_clicked(self, word: str) -> None:
        if word == "explore":
            self.explore()

    @Slot()
    def _stage_pressed(self) -> None:
        """The button on the stage: what its words say."""
        found = self.found()
        if self._is_ready and not self.is_known(self.info()):
            settings = {"vae": dataclasses.asdict(WISH)}
            self.desk.wish = {"family": "vae", "dataset": WISH_DATASET, "settings": settings}
            self.mode_wanted.emit("latent-train")
        elif self._is_ready and found is None:
            self.measure()
        elif self._is_ready and self._state is not None:
            self._show(self._state)
        else:
            self.try_again()

    # ---- export and restore ---------------------------------------------------------------------------

    def export_source(self) -> GridSource:
        """The matrix and the rows of pictures as one sheet."""
        found = self.found()
        if self._state is None or found is None or not self._is_ready:
            return None
        return self._state.sheet(self.model, found)

    def restores(self, source: Any) -> bool:
        """Sheets of factors."""
        return isinstance(source, api.FactorSheetRequest)

    def restore(self, event: api.RestoredEvent) -> None:
        """Show the rows of a dropped sheet again, and the cell that was looked at."""
        source: Any = event.source
        if key := self.key_of(event):
            self.show_restored(key, {"z": list(source.z), "dims": list(source.dims)})
