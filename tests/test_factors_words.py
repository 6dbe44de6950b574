"""What the matrix of factors says: its order, its numbers, its words."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from factors_desk import told

from genstudio.export.labels import label
from genstudio.ui.latent import factors_words as words
from genstudio.ui.latent.factors_state import FactorsState, columns_of, dead, diagonal


def test_columns_stand_so_that_the_matrix_is_diagonal() -> None:
    wanted = np.array([[0.1, 0.0, 0.9, 0.2], [0.8, 0.1, 0.85, 0.0], [0.0, 0.0, 0.1, 0.3]], np.float32)
    assert diagonal(wanted) == (2, 0, 3), "together they tell more than with the best of the second row"
    assert diagonal(wanted[:, :2]) in ((0, 1), (1, 0)), "fewer latents than factors"
    order = columns_of(told())
    assert (order[1], order[3]) == (5, 2) and order[4] in (1, 9) and order[-1] == 15
    assert sorted(order) == list(range(16))


def test_factors_are_called_without_their_unit() -> None:
    assert told().names() == ("shape", "scale", "rotation", "x", "y")
    longer = dataclasses.replace(told(), factors=("style", "slant_deg", "width_ratio", "pen_width_px", "px"))
    assert longer.names() == ("style", "slant", "width", "pen width", "px")


def test_the_gap_of_a_factor_is_what_its_best_latent_tells_more_than_the_next() -> None:
    apart = told().gaps()
    assert apart[3] == pytest.approx((3.0 - 0.02) / np.log(32), abs=1e-5) and apart[4] == pytest.approx(0)
    perfect = dataclasses.replace(told(), information=np.diag(told().entropy).astype(np.float32))
    assert np.allclose(perfect.gaps(), 1) and np.allclose(perfect.shares(), np.eye(5))


def test_points_have_no_dead_latents() -> None:
    assert dead(told()) == (False,) * 15 + (True,)
    assert not any(dead(dataclasses.replace(told(), kl=np.zeros(16, np.float32))))


def test_a_cell_is_told_in_plain_words() -> None:
    assert words.told(told(), (1, 5)) == "z6 tells 1.20 of 1.79 nats of scale, 67 %"
    assert "so the gap of x is <b>0.86</b>" in words.sentence(told(), FactorsState((0.0,) * 16))
    assert "Its best is z6." in words.sentence(told(), FactorsState((0.0,) * 16, (1, 0)))
    assert "90°" in words.factor_help(told(), 2) and "dead" in words.latent_help(told(), 15)
    assert "In a latent of its own: scale, x." in words.verdict(told())
    few = dataclasses.replace(told(), request=dataclasses.replace(told().request, count=1000))
    assert "up to about 0.04 nats of 10,000 pictures" in words.verdict(told())
    assert "up to about 0.4 nats of 1,000 pictures" in words.verdict(few)


def test_a_factor_that_no_latent_tells_is_named_in_the_caption_and_its_row() -> None:
    found, state = told(), FactorsState((0.0,) * 16)
    assert words.untold(found) == (2,) and "none knows it" in words.MEANING
    assert "No latent tells the <b>rotation</b>: in its row something else changes." in words.sentence(found, state)
    assert words.row_titles(found, state)[1:3] == ["scale · z6", "rotation: no latent (z1 moves)"]
    assert "Told by no latent (under 10 %): rotation." in words.verdict(found)
    information = found.information.copy()
    information[0] = 0
    worse = dataclasses.replace(found, information=information)
    assert "No latent tells the <b>shape</b> or the <b>rotation</b>: in their rows" in words.sentence(worse, state)
    information[2, 7] = 3.0
    better = dataclasses.replace(found, information=information)
    assert words.untold(better) == (0,) and words.row_titles(better, state)[2] == "rotation · z8"


def test_labels_stay_in_their_tile() -> None:
    for text, size in (("rotation", 32), ("thickness", 28), ("z5", 28), ("", 28), ("100", 8), ("ß", 2)):
        assert label(text, size).shape == (size, size, 1)
    assert label("1", 28, 200).min() == 0 and label("1", 28, 200).max() == 200
    assert label("8", 28).sum() == 255 * 4 * 13, "thirteen dots, each of four pixels"
