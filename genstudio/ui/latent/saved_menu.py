"""Codes that were named and kept in Explore, offered to another mode: which fit its model, and a menu of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from genstudio.api import ModelInfo
from genstudio.ui.tabs.vae_saved import SavedCode, SavedCodes

NONE_YET = "None yet. Explore keeps the code it shows under “Saved codes”."


def fitting(codes: Sequence[SavedCode], latents: int) -> list[SavedCode]:
    """Those of a model with so many latents."""
    return [code for code in codes if len(code.z) == latents]


def misfit(code: SavedCode, info: ModelInfo) -> str:
    """Why a kept code is none of a model; "" if it may be one."""
    if len(code.z) == info.latent_dim:
        return ""
    return (
        f"{code.name} is a code of {len(code.z)} numbers for {code.model}; {info.name} has {info.latent_dim} latents, "
        "so all stays as it is."
    )


def name_of(code: SavedCode, model: str) -> str:
    """Its name; of another model's, whose numbers mean something else, with that model."""
    return code.name if code.model == model else f"{code.name} of {code.model}"


class SavedMenu(QMenu):
    """The kept codes with their pictures, read anew whenever it opens.

    Signals:
        code_chosen: one of them, whether it fits the model or not.
    """

    code_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._codes: list[SavedCode] = []
        self.aboutToShow.connect(self.fill)
        self.triggered.connect(self._triggered)

    @Slot()
    def fill(self) -> None:
        """As they are kept now."""
        self.clear()
        self._codes = SavedCodes().codes
        for place, code in enumerate(self._codes):
            action = self.addAction(f"{code.name}  ·  {len(code.z)} latents".replace("&", "&&"))
            action.setData(place)
            picture = QPixmap()
            if code.png and picture.loadFromData(code.png, "PNG"):
                action.setIcon(QIcon(picture))
        if not self._codes:
            self.addAction(NONE_YET).setEnabled(False)

    @Slot(QAction)
    def _triggered(self, action: QAction) -> None:
        self.code_chosen.emit(self._codes[int(action.data())])
