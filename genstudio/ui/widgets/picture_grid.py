"""How pictures stand in a grid: the layout that fills a space best, and one image of them all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from genstudio.api import Pictures


@dataclass(frozen=True)
class Layout:
    """Where the cells are, in device pixels: `zoom` < 1 is a picture larger than its place."""

    columns: int
    rows: int
    zoom: float
    gap: int
    cell: tuple[int, int]  # width, height

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of all cells with the gaps between them."""
        width, height = self.cell
        return (
            self.columns * width + (self.columns - 1) * self.gap,
            self.rows * height + (self.rows - 1) * self.gap,
        )


def fit(count: int, width: int, height: int, space: tuple[int, int], columns: int = 0, gap: int = 1) -> Layout:
    """The layout with the largest cells; among equals the one that leaves the fewest cells empty.

    Room that integer zoom leaves is given to the gaps, up to a fifth of a cell.
    """
    best: tuple[tuple[float, ...], Layout] | None = None
    for c in (columns,) if columns else range(1, count + 1):
        rows = -(-count // c)
        if not columns and (c - 1) * rows >= count:
            continue  # one column fewer holds them in as many rows
        room = (space[0] - (c - 1) * gap, space[1] - (rows - 1) * gap)
        exact = min(room[0] / (c * width), room[1] / (rows * height))
        zoom = float(int(exact)) if exact >= 1 else max(exact, 1 / max(width, height))
        cell = (max(int(width * zoom), 1), max(int(height * zoom), 1))
        spare = min(
            (space[0] - c * cell[0]) // max(c - 1, 1) if c > 1 else cell[0],
            (space[1] - rows * cell[1]) // max(rows - 1, 1) if rows > 1 else cell[1],
        )
        wide = min(max(spare, gap), max(min(cell) // 5, gap)) if c > 1 or rows > 1 else gap
        layout = Layout(c, rows, zoom, wide, cell)
        used = layout.size[0] * layout.size[1]
        key = (zoom, -(c * rows - count), used, -abs(c - rows))
        if best is None or key > best[0]:
            best = (key, layout)
    assert best is not None
    return best[1]


def to_qimage(picture: Pictures) -> QImage:
    """One (H, W, C) picture as a QImage that owns its pixels."""
    height, width, channels = picture.shape
    plain = np.ascontiguousarray(picture)
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_Grayscale8
    return QImage(plain.data, width, height, width * channels, kind).copy()


def compose(images: Pictures, layout: Layout, ground: QColor) -> QImage:
    """All pictures in one image of `layout`, with `ground` in the gaps and empty cells."""
    count, channels = len(images), images.shape[3]
    (cell_w, cell_h), gap, zoom = layout.cell, layout.gap, layout.zoom
    total_w, total_h = layout.size
    color = np.array([ground.red(), ground.green(), ground.blue()], np.uint8)
    whole = np.empty((layout.rows * (cell_h + gap), layout.columns * (cell_w + gap), 3), np.uint8)
    whole[:] = color
    cells = whole.reshape(layout.rows, cell_h + gap, layout.columns, cell_w + gap, 3).swapaxes(1, 2)
    if zoom >= 1:
        times = int(zoom)
        tiles = images.repeat(times, axis=1).repeat(times, axis=2)
    else:
        down = (
            to_qimage(image).scaled(cell_w, cell_h, mode=Qt.TransformationMode.SmoothTransformation) for image in images
        )
        tiles = np.stack([from_qimage(image, channels) for image in down])
    full = count // layout.columns
    if full:
        shaped = tiles[: full * layout.columns].reshape(full, layout.columns, cell_h, cell_w, channels)
        cells[:full, :, :cell_h, :cell_w] = shaped
    if rest := count - full * layout.columns:
        cells[full, :rest, :cell_h, :cell_w] = tiles[full * layout.columns :]
    return QImage(whole.data, total_w, total_h, whole.strides[0], QImage.Format.Format_RGB888).copy()


def from_qimage(image: QImage, channels: int = 3) -> Pictures:
    """A QImage as an (H, W, C) uint8 array."""
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_Grayscale8
    plain = image.convertToFormat(kind)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : plain.width() * channels].reshape(plain.height(), plain.width(), channels).copy()
