"""What lies over one another in a wipe: one shape for both sides, and what is said of them."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.api.differences import BRIGHTER, DARKER, difference, mean_square
from genstudio.ui.wipe import words
from genstudio.ui.wipe.pair import Pair, Side, alone, enlarged, highest, paired
from genstudio.ui.wipe.sides import first_of


def pictures(count: int, high: int, wide: int, channels: int = 1, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, high, wide, channels), np.uint8)


# ---- one shape for both sides -----------------------------------------------------------------------


def test_sides_of_one_shape_are_what_they_were() -> None:
    left, right = pictures(6, 28, 28), pictures(6, 28, 28, seed=1)
    pair = paired(left, right)
    assert np.array_equal(pair.left, left) and np.array_equal(pair.right, right) and pair.number == -1


def test_what_is_smaller_is_enlarged_pixel_by_pixel() -> None:
    small, large = pictures(2, 14, 14), pictures(2, 28, 28)
    pair = paired(small, large)
    assert np.array_equal(pair.left, small.repeat(2, 1).repeat(2, 2)) and np.array_equal(pair.right, large)
    odd = enlarged(small, 15, 15)
    assert odd.shape == (2, 15, 15, 1) and set(np.unique(odd)) <= set(np.unique(small)), "no colour is mixed"


def test_of_another_shape_it_stands_in_the_middle_as_large_as_it_fits() -> None:
    page = enlarged(np.full((1, 4, 4, 1), 9, np.uint8), 8, 20)
    assert page.shape == (1, 8, 20, 1)
    assert (page[:, :, 6:14] == 9).all() and not page[:, :, :6].any() and not page[:, :, 14:].any()
    pair = paired(np.full((1, 10, 4, 1), 9, np.uint8), np.full((1, 4, 10, 1), 7, np.uint8))
    assert pair.left.shape == pair.right.shape == (1, 10, 10, 1), "neither holds the other"


def test_grey_beside_colour_becomes_colour() -> None:
    grey, colour = pictures(1, 8, 8), pictures(1, 8, 8, 3)
    pair = paired(grey, colour)
    assert pair.left.shape == (1, 8, 8, 3) and all(np.array_equal(pair.left[..., k], grey[..., 0]) for k in range(3))


@pytest.mark.parametrize(
    ("counts", "number", "wanted"),
    [
        ((6, 6), -1, (6, -1)),
        ((6, 4), -1, (4, -1)),
        ((6, 4), 5, (1, 3)),  # both have a fourth, and only one a sixth
        ((6, 6), 2, (1, 2)),
        ((1, 6), -1, (1, 0)),  # a single one lies over one of the others
        ((6, 1), 4, (1, 4)),
        ((1, 1), 3, (1, -1)),
    ],
)
def test_as_many_as_both_have_or_one_alone(counts: tuple[int, int], number: int, wanted: tuple[int, int]) -> None:
    left, right = pictures(counts[0], 4, 4), pictures(counts[1], 4, 4, seed=1)
    pair = paired(left, right, number)
    assert (len(pair.left), len(pair.right), pair.number) == (wanted[0], wanted[0], wanted[1])
    if wanted[0] == 1:
        for seen, given in ((pair.left, left), (pair.right, right)):
            assert np.array_equal(seen[0], given[max(pair.number, 0) if len(given) > 1 else 0])


def test_how_far_they_differ() -> None:
    black, white = np.zeros((1, 4, 4, 1), np.uint8), np.full((1, 4, 4, 1), 255, np.uint8)
    assert (paired(black, white).error, paired(black, white).changed) == (1.0, 1.0)
    half = black.copy()
    half[:, :2] = 51
    assert paired(black, half).error == pytest.approx(0.02) and paired(black, half).changed == 0.5
    assert (paired(black, black).error, paired(black, black).changed) == (0.0, 0.0)


def test_one_of_a_side_alone_is_named() -> None:
    side = Side("page:0", "VAE", pictures(6, 4, 4))
    assert alone(side, -1) is side
    assert alone(side, 2).name == "VAE, picture 3" and np.array_equal(alone(side, 2).pictures, side.pictures[2:3])
    single = Side("page:1", "One", pictures(1, 4, 4))
    assert alone(single, 0) is single and highest(1, 6) == 5 and highest(6, 4) == 3


# ---- which two ----------------------------------------------------------------------------------------


def test_the_first_two_with_pictures_unless_others_are_wanted() -> None:
    some, none = pictures(1, 4, 4), pictures(0, 4, 4)
    sides = [Side("a", "A", none), Side("b", "B", some), Side("c", "C", some)]
    assert first_of(sides) == ("b", "c")
    assert first_of(sides, "a", "b") == ("a", "b"), "what is still to come can be waited for"
    assert first_of(sides, "gone", "b") == ("c", "b") and first_of(sides, "c", "gone") == ("c", "b")
    assert first_of(sides[1:2]) == ("b", "b") and first_of([]) == ("", "")


# ---- words --------------------------------------------------------------------------------------------


def said(left: np.ndarray, right: np.ndarray, number: int = -1, view: str = "wipe") -> str:
    return words.told(Side("a", "A", left), Side("b", "B", right), paired(left, right, number), view)


def test_sides_of_one_shape_need_no_words_but_their_difference() -> None:
    black, grey = np.zeros((1, 10, 10, 1), np.uint8), np.full((1, 10, 10, 1), 51, np.uint8)
    assert said(black, black) == "Both are the same to the last pixel."
    almost = np.full((1, 20, 20, 1), 51, np.uint8)
    almost[0, 0, 0] = 0
    assert said(np.zeros_like(almost), almost).startswith("99 % of the pixels differ"), "of 99.75 %, which is not all"
    assert said(black, grey) == "All pixels differ; the mean squared difference is 0.040."
    assert said(black, grey, view="signed").endswith("Orange: “B” is brighter than “A”. Blue: darker.")
    dot = black.copy()
    dot = np.zeros((1, 20, 20, 1), np.uint8)
    dot[0, 0, 0] = 255
    assert said(np.zeros_like(dot), dot).startswith("Less than 1 % of the pixels differ")


def test_other_sizes_are_told() -> None:
    assert "“A” is of 14×14 px; it was enlarged to the 28×28 px of “B”, pixel by pixel." in said(
        pictures(1, 14, 14), pictures(1, 28, 28)
    )
    assert "“B” is of 28×28 px; it was enlarged to the 32×32 px of “A”, without blur." in said(
        pictures(1, 32, 32), pictures(1, 28, 28)
    )
    assert "each stands as large as fits" in said(pictures(1, 10, 4), pictures(1, 4, 10))
    assert "“A” is of 4×4 px; it stands in the middle of the 20×8 px of “B”, enlarged without blur." in said(
        pictures(1, 4, 4), pictures(1, 8, 20)
    )


def test_other_counts_are_told() -> None:
    grid, other, one = pictures(6, 4, 4), pictures(4, 4, 4), pictures(1, 4, 4)
    assert said(grid, other).startswith("“A” has 6 pictures and “B” 4, so the first 4 of both are shown.")
    assert said(other, grid, 2).startswith("“B” has 6 pictures and “A” 4, so picture 3 of both is shown.")
    assert said(one, grid, 2).startswith("“A” is one picture and lies over picture 3 of the 6 of “B”.")


def test_which_picture_is_seen() -> None:
    assert words.place(-1, 6) == "all 6" and words.place(2, 6) == "3 of 6"


def test_differences_of_colours_go_by_the_mean_of_the_channels_and_numbers_by_all_of_them() -> None:
    rng = np.random.default_rng(0)
    one, other = (rng.integers(0, 256, (2, 150, 150, 3), np.uint8) for _ in range(2))
    change = one.astype(int) - other
    assert mean_square(one, other) == pytest.approx((change**2).mean() / 255**2, rel=1e-6), "in pieces"
    mean = (change.sum(-1) / 3).round()[..., None]
    expected = np.where(mean > 0, mean * np.array(BRIGHTER), -mean * np.array(DARKER)) / 255
    assert np.array_equal(difference(one, other, "signed"), expected.round().astype(np.uint8))
    assert Pair(one, other, -1).changed == (change != 0).any(-1).mean()
