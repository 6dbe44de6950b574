"""Words in grids: written at the size of the file, in letters that exist, and no lines where there is no picture."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio import export
from genstudio.api import GridLayout
from genstudio.api.numbers import short
from genstudio.export.letters import EMPTY, Words, in_channels

PICTURE = np.full((28, 28, 1), 200, np.uint8)
LAYOUT = GridLayout(3, 2, 4)


def cell(page: np.ndarray, row: int, column: int, layout: GridLayout = LAYOUT, wide: int = 1) -> np.ndarray:
    pitch, side = (28 + layout.gap) * layout.scale, 28 * layout.scale
    return page[row * pitch :][:side, column * pitch :][: side + (wide - 1) * pitch, : side + (wide - 1) * pitch]


def written(*lines: str, layout: GridLayout = LAYOUT) -> np.ndarray:
    return cell(export.grid([Words(lines), PICTURE, PICTURE], layout), 0, 0, layout)


def test_letters_are_sharp_at_the_size_of_the_file() -> None:
    """A letter of a grid enlarged four times has edges that a picture's pixels, of 4 x 4, cannot have."""
    shown = written("Diffusion")[..., 0]
    blocks = shown.reshape(28, 4, 28, 4).swapaxes(1, 2).reshape(-1, 16)
    assert (blocks.min(1) != blocks.max(1)).any() and shown.max() > 200
    small, large = (written("Diffusion", layout=GridLayout(3, 2, s))[..., 0] > 100 for s in (4, 12))
    high = [int(np.ptp(np.flatnonzero(ink.any(1)))) + 1 for ink in (small, large)]
    assert 2.5 < high[1] / high[0] < 3.5, "they grow with the pictures"


def test_small_letters_are_no_capitals_and_units_can_be_read() -> None:
    assert not np.array_equal(written("ms"), written("MS"))
    marks = ["±", "·", "…", "%", "(", "·10", "⁶", "⁻", "−", "–", "×", "é"]
    shown = [written(mark) for mark in marks]
    nothing = written("\U0010fffe")
    assert all(one.any() and not np.array_equal(one, nothing) for one in shown), "each has a letter"
    assert not np.array_equal(written(short(2e-6)), written("2·10-6")), "the power is raised"


def test_cells_without_a_picture_are_empty_and_have_no_lines_around_them() -> None:
    page = export.grid([Words(("Two cells",), wide=2), EMPTY, PICTURE, *[PICTURE] * 3, EMPTY, PICTURE, EMPTY], LAYOUT)
    pitch, side = 120, 112
    assert not page[2 * pitch - 8 :, : side + 8].any(), "nothing around the empty cell"
    assert not page[side:pitch, : 2 * pitch].any() and not page[:side, 2 * pitch - 8 : 2 * pitch].any()
    assert (page[pitch : pitch + side, side:pitch] == export.LINE).any(), "a line between two pictures"
    assert cell(page, 0, 0, wide=2)[:side].any() and not page[:side, pitch + 100 : pitch + side].any()
    assert (cell(page, 1, 1) == 200).all() and (cell(page, 2, 1) == 200).all()


@pytest.mark.parametrize("scale", [1, 4, 9])
def test_long_words_stay_in_their_cell_and_make_others_little_smaller(scale: int) -> None:
    layout = GridLayout(3, 2, scale)
    images = [Words(("a word",)), Words(("an endless name of a model",)), PICTURE, EMPTY, PICTURE, PICTURE]
    page = export.grid(images, layout)
    assert not page[28 * scale : 30 * scale, : 58 * scale].any() and cell(page, 0, 1, layout).any()
    assert not cell(page, 1, 0, layout).any() and (cell(page, 0, 2, layout) == 200).all()


def test_a_light_ground_has_dark_words() -> None:
    shown = cell(export.grid([Words(("12",), 255), PICTURE, PICTURE], LAYOUT), 0, 0)
    assert shown.mean() > 200 and shown.min() < 50


def test_what_is_drawn_again_is_compared_by_its_pictures_alone() -> None:
    """Another version has other letters and other lines."""
    images = [Words(("new letters",)), PICTURE, PICTURE, EMPTY, PICTURE, PICTURE]
    before = export.grid([Words(("old ones",)), PICTURE, PICTURE, PICTURE * 0, PICTURE, PICTURE], LAYOUT)
    assert (export.grid_like(images, LAYOUT, before) == before).all()
    before[125, 125] += 1  # in a picture
    assert (export.grid_like(images, LAYOUT, before) != before).sum() == 1


def test_the_pictures_of_a_moment_have_the_channels_of_all() -> None:
    assert [getattr(tile, "shape", None) for tile in in_channels([EMPTY, PICTURE], 3)] == [None, (28, 28, 3)]
