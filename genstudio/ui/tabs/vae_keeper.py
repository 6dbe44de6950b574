"""Keeps codes under names: what the list of saved codes does."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QObject, Signal, Slot
from PySide6.QtGui import QImage

from genstudio.api import Pictures
from genstudio.ui.tabs.vae_saved import MOST, SavedCode, SavedCodes
from genstudio.ui.tabs.vae_saved_list import SavedList

LARGEST = 64  # px of a thumbnail


class CodeKeeper(QObject):
    """Between the kept codes and their list; lives on the window thread.

    Signals:
        wanted: a kept code is to be shown.
        told: a sentence.
        removed: the name of a code that `bring_back` brings back.
    """

    wanted = Signal(object)
    told = Signal(str)
    removed = Signal(str)

    def __init__(self, panel: SavedList) -> None:
        super().__init__(panel)
        self.saved, self._panel = SavedCodes(), panel
        self._gone: tuple[int, SavedCode] | None = None
        panel.chosen.connect(self._choose)
        panel.removed.connect(self._remove)
        panel.renamed.connect(self._rename)
        panel.show_codes(self.saved.codes)

    def keep(self, model: str, z: tuple[float, ...], picture: Pictures | None) -> None:
        """One more, with its picture (H, W, C); its name can be typed at once."""
        if self.saved.is_full():
            self.told.emit(f"{MOST} codes are kept; delete one to keep another.")
            return
        code = SavedCode(self.saved.fresh_name(), model, z, thumbnail(picture))
        self.saved.insert(len(self.saved.codes), code)
        self._panel.show_codes(self.saved.codes, len(self.saved.codes) - 1)
        self.told.emit(f"{code.name} is kept under Saved codes.")

    @Slot()
    def bring_back(self) -> None:
        """The code that was removed last is there again."""
        if self._gone is not None:
            (place, code), self._gone = self._gone, None
            self.saved.insert(place, code)
            self._panel.show_codes(self.saved.codes, place)

    @Slot(int)
    def _choose(self, place: int) -> None:
        self.wanted.emit(self.saved.codes[place])

    @Slot(int)
    def _remove(self, place: int) -> None:
        self._gone = place, self.saved.take(place)
        self._panel.show_codes(self.saved.codes, min(place, len(self.saved.codes) - 1))
        self.removed.emit(self._gone[1].name)

    @Slot(int, str)
    def _rename(self, place: int, name: str) -> None:
        self.saved.rename(place, name)
        if name != self.saved.codes[place].name:
            self._panel.show_codes(self.saved.codes, place)


def thumbnail(picture: Pictures | None) -> bytes:
    """A picture (H, W, C) as a small PNG, b"" without one."""
    if picture is None:
        return b""
    every = -(-max(picture.shape[:2]) // LARGEST)
    small = picture[::every, ::every, :3]
    rgb = np.ascontiguousarray(np.repeat(small, 3, axis=2) if small.shape[2] == 1 else small)
    image = QImage(rgb.tobytes(), rgb.shape[1], rgb.shape[0], 3 * rgb.shape[1], QImage.Format.Format_RGB888)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub says bytes, which it refuses
    return bytes(buffer.data().data())
