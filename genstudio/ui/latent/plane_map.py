"""Any plane of a code space, with a ring to drag, and over it how fast pictures change there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget

from genstudio.api import Floats
from genstudio.ui.theme import DARK
from genstudio.ui.widgets.latent_map import LatentMap, tiled
from genstudio.ui.widgets.picture_grid import from_qimage

STRONGEST = 0.85  # share of the colour where pictures change fastest
HELP = (
    "Drag the ring over the plane, or press the arrow keys (Shift: finer): the code moves along the two axes. "
    "Double-click or Delete goes to where both are 0."
)


class PlaneMap(LatentMap):
    """A LatentMap whose axes are what the page says; `set_heat` brightens where pictures change fast."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plain: npt.NDArray[np.uint8] | None = None
        self._columns = 0
        self._heat: Floats | None = None
        self.setAccessibleName("Plane of codes")
        self.setAccessibleDescription(HELP)
        self.setToolTip(f"<p>{HELP}</p>")

    def set_names(self, across: str, up: str) -> None:
        """What the axes are called."""
        self.names = (across, up)
        self.update()

    def set_map(self, pictures: npt.NDArray[np.uint8], cells: int, extent: float) -> None:
        """Show cells * cells pictures, top row first, under the heat there is."""
        super().set_map(pictures, cells, extent)
        self._plain, self._columns = pictures, cells
        if self._heat is not None:
            self._warm()

    def set_heat(self, values: Floats | None) -> None:
        """How fast pictures change, (n, n), row 0 the top; None shows the pictures alone."""
        if values is None and self._heat is None:
            return
        self._heat = values
        if self._plain is not None:
            if values is None:
                self._sheet = tiled(self._plain, self._columns)
            else:
                self._warm()
        self.update()

    def has_heat(self) -> bool:
        """Whether it is seen how fast pictures change."""
        return self._heat is not None

    def clear(self) -> None:
        """Forget the pictures of an old model."""
        self._plain = self._heat = None
        super().clear()

    def _warm(self) -> None:
        assert self._plain is not None and self._heat is not None
        plain = self._plain if self._plain.shape[3] == 3 else np.repeat(self._plain, 3, 3)
        sheet = from_qimage(tiled(plain, self._columns)).astype(np.float32)
        share = _enlarged(strength(self._heat), sheet.shape[1], sheet.shape[0])[..., None] * STRONGEST
        color = QColor(DARK.generator)
        paint = np.array([color.red(), color.green(), color.blue()], np.float32)
        mixed = sheet * 0.75 * (1 - share) + paint * share * (0.55 + 0.45 * sheet / 255)
        whole = np.clip(mixed, 0, 255).astype(np.uint8)
        height, width = whole.shape[:2]
        self._sheet = QImage(whole.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()


def strength(values: Floats) -> Floats:
    """Magnifications as shares from 0 to 1 on a logarithmic scale, since they span many times."""
    logs = np.log(np.maximum(values, 1e-12))
    low, high = np.percentile(logs, (5, 99))
    shares: Floats = np.clip((logs - low) / max(high - low, 1e-6), 0, 1).astype(np.float32)
    return shares


def _enlarged(shares: Floats, width: int, height: int) -> Floats:
    grey = np.ascontiguousarray(np.round(shares * 255).astype(np.uint8))
    image = QImage(grey.data, grey.shape[1], grey.shape[0], grey.shape[1], QImage.Format.Format_Grayscale8)
    smooth = image.scaled(width, height, mode=Qt.TransformationMode.SmoothTransformation)
    large: Floats = from_qimage(smooth, 1)[..., 0].astype(np.float32) / np.float32(255)
    return large
