"""How pictures stand in a grid: the layout that fills a space best, and one image of them all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from genstudio.api import Pictures

Canvas = npt.NDArray[np.uint32]  # 0xffRRGGBB


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


def fit(
    count: int, width: int, height: int, space: tuple[int, int], columns: int = 0, gap: int = 1, wish: int = 0
) -> Layout:
    """The layout with the largest cells; among equals that with `wish` columns, or the fewest cells empty.

    Room that integer zoom leaves is given to the gaps, up to a fifth of a cell.

    Args:
        count: Pictures, at least 1.
        width, height: Of a picture, its own pixels.
        space: Width and height that there are, device pixels.
        columns: So many and no others; 0 leaves the choice.
        gap: At least between two cells, device pixels.
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
        key = (zoom, c == wish, -(c * rows - count), used, -abs(c - rows))
        if best is None or key > best[0]:
            best = (key, layout)
    assert best is not None
    return best[1]


def to_qimage(picture: Pictures) -> QImage:
    """One (H, W, C) picture, C 1 or 3, as a QImage that owns its pixels."""
    height, width, channels = picture.shape
    plain = np.ascontiguousarray(picture)
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_Grayscale8
    return QImage(plain.data, width, height, width * channels, kind).copy()


def blank(layout: Layout, ground: QColor, rule: QColor, thick: int = 1) -> Canvas:
    """A canvas of a layout: ground, with a hairline in every gap; `draw` puts pictures on it again and again."""
    right, down, gap = layout.cell[0] + layout.gap, layout.cell[1] + layout.gap, layout.gap
    canvas = np.full((layout.rows * down, layout.columns * right), ground.rgb(), np.uint32)
    first = -gap + (gap - thick) // 2
    for row in range(1, layout.rows):
        canvas[row * down + first :][:thick] = rule.rgb()
    for column in range(1, layout.columns):
        canvas[:, column * right + first :][:, :thick] = rule.rgb()
    return canvas


def clear_rest(canvas: Canvas, layout: Layout, count: int, ground: QColor) -> None:
    """Give the cells that `count` pictures leave empty, and the lines around them, another ground."""
    if rest := layout.rows * layout.columns - count:
        down, right = layout.cell[1] + layout.gap, layout.cell[0] + layout.gap
        top, left = (layout.rows - 1) * down, (layout.columns - rest) * right
        canvas[max(top - layout.gap, 0) :, max(left - layout.gap, 0) :] = ground.rgb()


def draw(images: Pictures, layout: Layout, canvas: Canvas) -> QImage:
    """Put pictures (N, H, W, C) into the cells, enlarged without blur; the image shares the canvas's memory."""
    (cell_w, cell_h), gap = layout.cell, layout.gap
    cells = canvas.reshape(layout.rows, cell_h + gap, layout.columns, cell_w + gap)[:, :cell_h, :, :cell_w]
    pixels = packed(images if layout.zoom >= 1 else _shrunk(images, cell_w, cell_h))  # (N, h, w)
    times = int(layout.zoom) if layout.zoom >= 1 else 1
    count, height, width = pixels.shape
    split = cells.reshape(layout.rows, height, times, layout.columns, width, times)
    full, rest = divmod(count, layout.columns)
    if full:
        rows = pixels[: full * layout.columns].reshape(full, layout.columns, height, width)
        split[:full] = rows.transpose(0, 2, 1, 3)[:, :, None, :, :, None]  # (rows, h, 1, columns, w, 1)
    if rest:
        row = pixels[full * layout.columns :].transpose(1, 0, 2)  # (h, rest, w)
        split[full, :, :, :rest] = row[:, None, :, :, None]
    return QImage(canvas.data, *layout.size, canvas.strides[0], QImage.Format.Format_RGB32)


def packed(images: Pictures) -> Canvas:
    """Pictures (N, H, W, C) as 0xffRRGGBB, (N, H, W), which Qt paints without converting."""
    wide = images.astype(np.uint32)
    if images.shape[3] == 1:
        return wide[..., 0] * np.uint32(0x010101) + np.uint32(0xFF000000)
    red, green, blue = wide[..., 0], wide[..., 1], wide[..., 2]
    return red * np.uint32(0x10000) + green * np.uint32(0x100) + blue + np.uint32(0xFF000000)


def _shrunk(images: Pictures, width: int, height: int) -> Pictures:
    smooth = Qt.TransformationMode.SmoothTransformation
    small = (to_qimage(image).scaled(width, height, mode=smooth) for image in images)
    return np.stack([from_qimage(image, images.shape[3]) for image in small])


def from_qimage(image: QImage, channels: int = 3) -> Pictures:
    """A QImage as an (H, W, C) uint8 array."""
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_Grayscale8
    plain = image.convertToFormat(kind)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : plain.width() * channels].reshape(plain.height(), plain.width(), channels).copy()
