"""What a file says of itself when it is dropped: its receipt, whether it moves, its pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from genstudio import api, export
from genstudio.export.looking import look, within

SOURCE = api.DecodeRequest("mnist-vae-2", ((0.0, 0.0),))
GREY = np.arange(28 * 20, dtype=np.uint8).reshape(28, 20, 1)


def written(path: Path) -> Path:
    """A picture with a receipt."""
    export.write_png(path, GREY, export.make_receipt(SOURCE, api.GridLayout(), "0" * 64))
    return path


def test_a_picture_says_what_it_was_made_from_and_has_its_pixels_if_they_are_wanted(tmp_path: Path) -> None:
    path = str(written(tmp_path / "a.png"))
    event = look(api.LookRequest(path))
    assert event.source == SOURCE and event.picture is None and not event.is_film and not event.trouble
    event = look(api.LookRequest(path, pixels=True))
    assert np.array_equal(event.picture, GREY) and (event.width, event.height) == (20, 28)


def test_a_film_moves_and_its_first_picture_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.webp"
    receipt = export.make_receipt(SOURCE, api.GridLayout(), "0" * 64)
    assert list(export.write_film(path, [GREY, 255 - GREY], 10, receipt, 2))
    event = look(api.LookRequest(str(path), pixels=True))
    assert event.is_film and event.source == SOURCE and np.array_equal(event.picture[..., :1], GREY)


def test_what_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    path = written(tmp_path / "cut.png")
    path.write_bytes(path.read_bytes()[:-40])
    event = look(api.LookRequest(str(path), pixels=True))
    assert event.picture is None and event.trouble == "cut.png is damaged; the picture cannot be read."
    event = look(api.LookRequest(str(tmp_path / "gone.png"), pixels=True))
    assert event.source is None and event.picture is None and "gone.png" in event.trouble
    assert look(api.LookRequest(str(tmp_path / "gone.png"))).trouble == "", "nobody has asked for its pixels"


def test_a_large_picture_is_made_smaller_in_proportion(tmp_path: Path) -> None:
    path = str(written(tmp_path / "a.png"))
    event = look(api.LookRequest(path, pixels=True, largest=14))
    assert event.picture.shape == (14, 10, 1) and (event.width, event.height) == (20, 28)
    means = GREY.reshape(14, 2, 10, 2).mean((1, 3))
    assert np.abs(event.picture[..., 0] - means).max() <= 0.5, "each pixel is the mean of those that it stands for"
    colour = np.full((4, 400, 3), (10, 20, 30), np.uint8)
    assert within(colour, 40).shape == (1, 40, 3) and (within(colour, 40) == (10, 20, 30)).all()
    assert within(colour, 400) is colour
