"""How a drawn digit is brought into the frame of MNIST's."""

import numpy as np
import pytest

from genstudio.ui.latent.picture_frame import MIDDLE, SIDE, frame_of, framed


def digit(left: int, top: int, wide: int, high: int, ground: int = 0) -> np.ndarray:
    """A box of ink."""
    picture = np.full((28, 28, 1), ground, np.uint8)
    picture[top : top + high, left : left + wide] = 255 - ground
    return picture


@pytest.mark.parametrize("ground", [0, 255])
@pytest.mark.parametrize("place", [(1, 2, 6, 12), (15, 12, 5, 14), (2, 1, 24, 26), (18, 20, 8, 8)])
def test_a_digit_is_fitted_into_the_box_and_centred_by_mass(place, ground) -> None:
    picture = digit(*place, ground)
    frame = frame_of(picture, ground)
    seen = framed(picture, frame, ground)
    assert seen.shape == picture.shape and frame_of(seen, ground) is None
    ink = np.abs(seen[..., 0].astype(float) - ground)
    rows, columns = np.nonzero(ink > 128)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(SIDE, abs=1)
    at = np.arange(28) + 0.5
    assert ink.sum(1) @ at / ink.sum() == pytest.approx(MIDDLE, abs=0.3)
    assert ink.sum(0) @ at / ink.sum() == pytest.approx(MIDDLE, abs=0.3)


def test_what_lies_as_the_data_do_is_left_as_it_is() -> None:
    assert frame_of(digit(9, 4, 11, 20), 0) is None
    assert frame_of(digit(0, 0, 0, 0), 0) is None


def test_the_frame_is_the_square_of_the_drawing_that_becomes_the_picture() -> None:
    left, top, right, bottom = frame_of(digit(2, 3, 10, 10), 0).box()
    assert right - left == pytest.approx(0.5) and bottom - top == pytest.approx(0.5), "10 px become 20"
    assert left + MIDDLE / 28 * 0.5 == pytest.approx(7 / 28) and top + MIDDLE / 28 * 0.5 == pytest.approx(8 / 28)
