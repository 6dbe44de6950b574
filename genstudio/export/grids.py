"""Pictures of one size laid out in rows, enlarged pixel by pixel, with a hairline between them; words between them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from genstudio.api import Film, GridLayout, Pictures
from genstudio.export.letters import Box, Tile, Tiles, Words, write

MAX_PIXELS = 64 * 10**6  # of one picture, written or read
BACKGROUND = 0  # black, in the gaps and the cells left over
LINE = 117  # the grey in the middle of a gap: 4.6:1 against black and against white


def grid(images: Tiles, layout: GridLayout, line: int = LINE) -> Pictures:
    """Pictures of one size laid out in rows, enlarged pixel by pixel: (H', W', C).

    Args:
        images: (N, H, W, C) uint8, or a list of (H, W, C), which become RGB if one of them is, and of words, around
            which there are no hairlines.
        layout: 0 columns are as many as make it nearly square. There is no gap around the whole.
        line: The grey of the hairlines, which tell black borders apart; BACKGROUND draws none.

    Raises:
        ValueError: if there is no picture or the result would be too large.
    """
    pictures = [image for image in images if not isinstance(image, Words)]
    if not pictures:
        raise ValueError("There are 0 pictures to lay out.")
    height, width = pictures[0].shape[:2]
    rows, columns = rows_and_columns(len(images), height, width, layout)
    down, right = height + layout.gap, width + layout.gap
    channels = max(image.shape[2] for image in pictures)
    page = np.full((rows * down, columns * right, channels), BACKGROUND, np.uint8)
    for (top, left), image in _placed(images, columns, down, right):
        if not isinstance(image, Words):
            page[top : top + height, left : left + width] = image  # a single channel is repeated
    page = page[: rows * down - layout.gap, : columns * right - layout.gap]
    page = page.repeat(layout.scale, 0).repeat(layout.scale, 1)
    if layout.gap and line != BACKGROUND:
        _rule(page, down, right, layout, line)
        rest = rows * columns - len(images)
        if rest:
            top, left = (rows - 1) * down - layout.gap, (columns - rest) * right - layout.gap
            page[max(top, 0) * layout.scale :, max(left, 0) * layout.scale :] = BACKGROUND
    _letter(page, _placed(images, columns, down, right), height, width, layout)
    return page


def _placed(images: Tiles, columns: int, down: int, right: int) -> Iterator[tuple[tuple[int, int], Tile]]:
    """Where each cell begins, in pixels that are not enlarged, and what is in it."""
    for index, image in enumerate(images):
        yield (index // columns * down, index % columns * right), image


def _letter(
    page: Pictures, placed: Iterable[tuple[tuple[int, int], Tile]], height: int, width: int, layout: GridLayout
) -> None:
    """Empty the cells without a picture and the gaps around them, and write their words."""
    gap, scale, places = layout.gap, layout.scale, []
    for (top, left), words in placed:
        if isinstance(words, Words):
            rows = slice(max(top - gap, 0) * scale, (top + height + gap) * scale)
            page[rows, max(left - gap, 0) * scale : (left + width + gap) * scale] = BACKGROUND
            wide = words.wide * (width + gap) - gap
            places.append((words, Box(top * scale, left * scale, height * scale, wide * scale)))
    write(page, places, height * scale)


def grid_like(images: Tiles, layout: GridLayout, picture: Pictures | None) -> Pictures:
    """The same, with all that is none of its pictures as `picture` has it: other versions drew other lines and letters.

    Args:
        picture: What was drawn before; one of another size says nothing.
    """
    page = grid(images, layout)
    if picture is None or picture.shape != page.shape:
        return page
    like, scale = picture.copy(), layout.scale
    height, width = next(image.shape[:2] for image in images if not isinstance(image, Words))
    columns = rows_and_columns(len(images), height, width, layout)[1]
    for (top, left), image in _placed(images, columns, height + layout.gap, width + layout.gap):
        if not isinstance(image, Words):
            place = slice(top * scale, (top + height) * scale), slice(left * scale, (left + width) * scale)
            like[place] = page[place]
    return like


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


def film_frames(films: Film | Iterable[Tiles], layout: GridLayout) -> Iterator[Pictures]:
    """The grid of each moment of (T, N, H, W, C), or of a list of such as `grid` takes, one after the other."""
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
