"""Pictures of one size laid out in rows, enlarged pixel by pixel, with a hairline between them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from genstudio.api import Film, GridLayout, Pictures

MAX_PIXELS = 64 * 10**6  # of one picture, written or read
BACKGROUND = 0  # black, in the gaps and the cells left over
LINE = 117  # the grey in the middle of a gap: 4.6:1 against black and against white


def grid(images: Pictures | Sequence[Pictures], layout: GridLayout, line: int = LINE) -> Pictures:
    """Pictures of one size laid out in rows, enlarged pixel by pixel: (H', W', C).

    Args:
        images: (N, H, W, C) uint8, or a list of (H, W, C); grey ones become RGB beside RGB ones.
        layout: 0 columns are as many as make it nearly square. There is no gap around the whole.
        line: The grey of the hairlines, which tell black borders apart; BACKGROUND draws none.

    Raises:
        ValueError: if there is no picture or the result would be too large.
    """
    if len(images) == 0:
        raise ValueError("There are 0 pictures to lay out.")
    height, width = images[0].shape[:2]
    rows, columns = rows_and_columns(len(images), height, width, layout)
    down, right = height + layout.gap, width + layout.gap
    channels = max(image.shape[2] for image in images)
    page = np.full((rows * down, columns * right, channels), BACKGROUND, np.uint8)
    for index, image in enumerate(images):
        top, left = index // columns * down, index % columns * right
        page[top : top + height, left : left + width] = image  # a single channel is repeated
    page = page[: rows * down - layout.gap, : columns * right - layout.gap]
    page = page.repeat(layout.scale, 0).repeat(layout.scale, 1)
    if layout.gap and line != BACKGROUND:
        _rule(page, down, right, layout, line)
        rest = rows * columns - len(images)
        if rest:
            top, left = (rows - 1) * down - layout.gap, (columns - rest) * right - layout.gap
            page[max(top, 0) * layout.scale :, max(left, 0) * layout.scale :] = BACKGROUND
    return page


def grid_like(images: Pictures | Sequence[Pictures], layout: GridLayout, picture: Pictures | None) -> Pictures:
    """The same as the version drew it that wrote `picture`: earlier ones drew no hairlines."""
    page = grid(images, layout)
    if picture is None or picture.shape != page.shape:
        return page
    bare = grid(images, layout, BACKGROUND)
    ruled = page != bare
    return bare if (picture[ruled] == BACKGROUND).all() else page


def _rule(page: Pictures, down: int, right: int, layout: GridLayout, line: int) -> None:
    gap = layout.gap * layout.scale
    thick = max(min(gap // 4, layout.scale // 2), 1)
    for start in range(down * layout.scale - gap, page.shape[0], down * layout.scale):
        page[start + (gap - thick) // 2 :][:thick] = line
    for start in range(right * layout.scale - gap, page.shape[1], right * layout.scale):
        page[:, start + (gap - thick) // 2 :][:, :thick] = line


def rows_and_columns(count: int, height: int, width: int, layout: GridLayout) -> tuple[int, int]:
    """How many of each a layout gives `count` pictures.

    Raises:
        ValueError: if the layout is impossible or the result too large.
    """
    for name, low in (("columns", 0), ("gap", 0), ("scale", 1)):
        if getattr(layout, name) < low:
            raise ValueError(f"{name} is {getattr(layout, name)}; it must be at least {low}.")
    columns = min(layout.columns or math.ceil(math.sqrt(count)), count)
    rows = math.ceil(count / columns)
    down, right = ((height + layout.gap) * rows - layout.gap, (width + layout.gap) * columns - layout.gap)
    if down * right * layout.scale**2 > MAX_PIXELS:
        raise ValueError(
            f"The picture would have {right * layout.scale:,} x {down * layout.scale:,} pixels; "
            f"at most {MAX_PIXELS:,} are allowed. Choose fewer pictures or a smaller scale."
        )
    return rows, columns


def film_frames(films: Pictures | Film | Iterable[Pictures], layout: GridLayout) -> Iterator[Pictures]:
    """The grid of each moment of (T, N, H, W, C), one after the other."""
    for images in films:
        yield grid(images, layout)


def cells_of(page: Pictures, count: int, layout: GridLayout) -> Pictures:
    """The pictures (N, H, W, C) that `grid` has laid out; a page (H', W', C) that is no such one is one picture."""
    rows, columns = rows_and_columns(count, 1, 1, layout)
    pixels, gap = page[:: layout.scale, :: layout.scale], layout.gap
    (height, over), (width, beyond) = (
        divmod(length + gap, number) for length, number in zip(pixels.shape, (rows, columns), strict=False)
    )
    is_whole = not (over or beyond or page.shape[0] % layout.scale or page.shape[1] % layout.scale)
    if not is_whole or min(height, width) <= gap:
        return page[None]
    places = (divmod(number, columns) for number in range(count))
    corners = ((row * height, column * width) for row, column in places)
    return np.stack([pixels[top : top + height - gap, left : left + width - gap] for top, left in corners])
