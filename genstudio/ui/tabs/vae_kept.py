"""Codes that were kept under names: saved, shown again, and with them the model they belong to."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.tabs.vae_keeper import CodeKeeper
from genstudio.ui.tabs.vae_meaning import VaeMeaning
from genstudio.ui.tabs.vae_saved import SavedCode
from genstudio.ui.tabs.vae_state import VaeState


class VaeKept(VaeMeaning):
    """Keeps the code shown and shows those that were kept."""

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, desk, parent)
        self.keeper = CodeKeeper(self.controls.saved)
        self._other: SavedCode | None = None  # that did not fit the model shown
        pairs = (
            (self.controls.saved.save_wanted, self._save_code),
            (self.keeper.wanted, self._show_saved),
            (self.keeper.told, self.tell),
            (self.keeper.removed, self._offer_back),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    @Slot()
    def _save_code(self) -> None:
        if self._state is not None and self._is_ready:
            pictures = self.stage.pictures()
            shown = pictures[0] if self._sheet is None and pictures is not None and len(pictures) else None
            self.keeper.keep(self._state.model, self._state.z, shown)

    @Slot(object)
    def _show_saved(self, code: SavedCode) -> None:
        state = self._state
        if state is None or not self._is_ready:
            return
        if len(code.z) != len(state.z):
            self._refuse(code, state)
        elif code.model != state.model and code.model in self.models:
            self.go_to(self.models.fresh(code.model).at(code.z))
        else:
            self.go_to(self.fitting(state.at(code.z)))

    def _refuse(self, code: SavedCode, state: VaeState) -> None:
        """The code does not fit; if its model is here, that is a button away."""
        model = self.models.name(code.model)
        here = f"{self.models.name(state.model)} has {len(state.z)}"
        info = self.models.get(code.model)
        words = f"{code.name} is a code of {len(code.z)} numbers for {model}; {here}"
        if info is None:
            self.tell(f"{words}, and {model} is not here.")
        elif info.latent_dim != len(code.z):
            self.tell(f"{words}, and the {model} that is here has {info.latent_dim}.")
        else:
            self._other = code
            self.offered.emit(f"{words}.", f"Open {model}", self._open_other)

    @Slot()
    def _open_other(self) -> None:
        """The model of the code that did not fit, at that code."""
        if self._other is not None and self._other.model in self.models:
            self.go_to(self.models.fresh(self._other.model).at(self._other.z))

    @Slot(str)
    def _offer_back(self, name: str) -> None:
        self.offered.emit(f"{name} is deleted.", "Undo", self.keeper.bring_back)
