"""Up to four models side by side: what they give back, what random codes become, what lies between two pictures."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.settings import LATENT
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.compare_page import CompareShow
from genstudio.ui.latent.compare_state import MOST, CompareState, choose, fits
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.tabs.dropped_models import key_of
from genstudio.ui.tabs.page import GridSource


class ComparePage(CompareShow):
    """What one does with the comparison: choose, look at other pictures, undo, export."""

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, desk, parent)
        for picker in self.pickers:
            picker.chosen.connect(self._model_chosen)
        self.kinds.clicked.connect(self.one_of_each)
        self.others.clicked.connect(self.random)
        self.explore_button.clicked.connect(self.explore)
        self.tempo.scrubbed.connect(self._seed_wanted)
        self.columns.chosen.connect(self._column_chosen)
        self.columns.notice.button_clicked.connect(self._help)
        self.caption.word_clicked.connect(self._word_clicked)

    # ---- hand ---------------------------------------------------------------------------------------

    def _change(self, state: CompareState) -> None:
        self.remember()
        self.show_state(state)
        self.remember()

    @Slot(object)
    def _model_chosen(self, key: str) -> None:
        chosen = [str(picker.value()) for picker in self.pickers if picker.value()]
        models = dict.fromkeys(m for m in chosen if fits(self.infos[m], self.infos[chosen[0]]))
        self._change(dataclasses.replace(self._state, models=tuple(models)))

    @Slot()
    def one_of_each(self) -> None:
        """The data that most kinds know, with as many latents; of several such data that of the column chosen."""
        lead = self._state.models[self._chosen] if self._state.models else ""
        self._change(dataclasses.replace(self._state, models=tuple(choose(self.infos, lead))))

    @Slot()
    def explore(self) -> None:
        """The model of the column chosen for the other modes, and first in Explore."""
        if self._chosen < len(self._state.models):
            self.desk.put(self._state.models[self._chosen])
            self.mode_wanted.emit("vae")

    @Slot(str)
    def _word_clicked(self, family: str) -> None:
        """To Train, where an autoencoder or PCA of the same data is proposed."""
        if family == "kinds":
            self.one_of_each()
            return
        lead = self.infos.get(self._state.models[self._chosen]) if self._state.models else None
        self.desk.wish = {"family": family, **({"dataset": lead.dataset} if lead is not None else {})}
        self.mode_wanted.emit("latent-train")

    @Slot()
    def _help(self) -> None:
        """The button in the place of the held-out pictures: get them, or a model; or ask again."""
        models = self._state.models
        if models and not self._lacks:
            self.show_state(self._state)
            return
        if models:
            self.desk.wish = {"dataset": self.infos[models[0]].dataset}
        self.mode_wanted.emit(self.learner)

    @Slot()
    def random(self) -> None:
        """Key R: other pictures, other random codes."""
        self._change(dataclasses.replace(self._state, seed=self._state.seed + 1))

    def step(self, direction: int) -> None:
        """The pictures after or before these."""
        self._seed_wanted(self._state.seed + direction)

    @Slot(int)
    def _seed_wanted(self, seed: int) -> None:
        if self._state.models and seed >= 0 and seed != self._state.seed:
            self._change(dataclasses.replace(self._state, seed=seed))

    @Slot(int)
    def _column_chosen(self, column: int) -> None:
        self._chosen = column
        self.columns.choose(column)

    def offer_model(self, path: str) -> bool:
        """Look what a dropped checkpoint is, and compare it."""
        self.ask("play", "open", api.LoadRequest(path))
        return True

    def take_dropped(self, info: api.ModelInfo) -> None:
        if info.family not in LATENT:
            self.tell(f"{info.name} is a {info.family} model; drop it on the page of its family.")
            return
        if (key := key_of(info, self.infos)) == info.path:
            self.desk.dropped[key] = self.infos[key] = info
        kept = [m for m in self._state.models if fits(self.infos[m], info) and m != key][: MOST - 1]
        self._change(dataclasses.replace(self._state, models=(*kept, key)))

    # ---- undo, what is remembered, export -------------------------------------------------------------

    def parameters(self) -> dict[str, Any]:
        """The state shown, as plain JSON values."""
        return self._state.to_dict() if self._state.models else self._saved

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Back to such a state; before the catalog is there it is kept for the start."""
        if not self._state.models:
            self._saved = values
            return
        self.show_state(CompareState.from_dict(values, self.infos))

    def export_source(self) -> GridSource:
        """All that is seen as one sheet."""
        return self._state.sheet() if self._state.models else None

    def restores(self, source: Any) -> bool:
        """Such sheets."""
        return isinstance(source, api.CompareRequest)

    def restore(self, event: api.RestoredEvent) -> None:
        """Show the models and the seed of a dropped sheet again."""
        if isinstance(event.source, api.CompareRequest):
            self.infos |= self.desk.dropped
            gone = [name for name in event.source.models if name not in self.infos]
            if gone:
                self.tell(f"{gone[0]} is not here; drop its model file on the window first.", error=True)
            else:
                self._change(CompareState(event.source.models[:MOST], event.source.seed))
