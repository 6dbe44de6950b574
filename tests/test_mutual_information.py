"""Which latent tells which factor, against tables filled by hand."""

import math

import pytest
import torch

from genstudio.core.datasets import shapes
from genstudio.core.metrics.mutual_information import binned, entropy, mutual_information, mutual_information_gap
from genstudio.ui.latent.factors_words import CEILING

RNG = torch.Generator().manual_seed(0)
SIZES = torch.tensor([3, 6, 20])
FACTORS = (torch.rand(20_000, 3, generator=RNG) * SIZES).long()  # independent, 3, 6 and 20 states


def gap(factors, codes):
    return mutual_information_gap(mutual_information(factors, codes), entropy(factors))


def test_information_of_a_table_by_hand():
    """Counts 4, 1 / 1, 2 of eight: I = sum p log p / (p p')."""
    factor = torch.tensor([[0]] * 5 + [[1]] * 3)
    code = torch.tensor([[-1.0]] * 4 + [[7.0]] + [[-1.0]] + [[7.0]] * 2)
    cells = [(4, 5, 5), (1, 5, 3), (1, 3, 5), (2, 3, 3)]
    by_hand = sum(n / 8 * math.log(n * 8 / (row * column)) for n, row, column in cells)
    assert mutual_information(factor, code).item() == pytest.approx(by_hand, abs=1e-12)
    assert entropy(factor).item() == pytest.approx(-5 / 8 * math.log(5 / 8) - 3 / 8 * math.log(3 / 8), abs=1e-12)


def test_a_copy_tells_all_and_a_stranger_nothing():
    coin = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
    information = mutual_information(coin, coin.float())
    assert torch.allclose(information, math.log(2) * torch.eye(2, dtype=torch.float64), atol=1e-12)


def test_bins_have_equal_width_and_hold_the_largest():
    x = torch.tensor([[0.0], [0.49], [0.5], [0.99], [1.0]])
    assert binned(x, 2)[:, 0].tolist() == [0, 0, 1, 1, 1]
    assert binned(torch.arange(20.0)[:, None])[:, 0].tolist() == list(range(20))


def test_a_perfect_code_has_a_gap_of_one():
    """Permuted, scaled and flipped factors beside a constant latent."""
    codes = torch.stack([-3.0 * FACTORS[:, 2], torch.zeros(len(FACTORS)), 0.1 * FACTORS[:, 0], FACTORS[:, 1] + 5.0], 1)
    assert gap(FACTORS, codes) == pytest.approx(1, abs=0.01)
    information = mutual_information(FACTORS, codes)
    assert information.argmax(1).tolist() == [2, 3, 0] and (information[:, 1] == 0).all()


def test_a_perfect_code_of_shapes_is_held_back_by_the_bins():
    """32 places and 40 angles do not fit into 20 bins; the page of factors tells this ceiling."""
    factors = torch.from_numpy(shapes.load(train=False).factors)
    assert gap(factors, factors) == pytest.approx(CEILING["shapes"], abs=0.01)


def test_a_rotated_code_has_no_gap():
    """By 45 degrees both latents know the same of both factors."""
    factors = (torch.rand(20_000, 2, generator=RNG) * 8).long()
    x = factors.float() - 3.5
    codes = torch.stack([x[:, 0] + x[:, 1], x[:, 0] - x[:, 1]], 1)
    assert gap(factors, codes) < 0.01
    assert (mutual_information(factors, codes) > 0.3).all()


def test_constants_give_no_nan():
    assert gap(FACTORS, torch.zeros(len(FACTORS), 4)) == 0
    factors = torch.cat([FACTORS, torch.ones(len(FACTORS), 1, dtype=torch.int64)], 1)
    assert gap(factors, FACTORS.float()) == pytest.approx(1, abs=0.01)
    assert gap(FACTORS[:, :1], FACTORS[:, :1].float()) == pytest.approx(1)


def test_unrelated_numbers_show_only_the_bias_of_chance():
    codes = torch.rand(20_000, 1, generator=RNG)
    expected = 19 * (SIZES - 1) / (2 * 20_000)
    assert (mutual_information(FACTORS, codes)[:, 0] / expected - 1).abs().max() < 0.5


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(ValueError, match="no factor varies"):
        gap(torch.zeros(5, 2), torch.rand(5, 2, generator=RNG))
    with pytest.raises(ValueError, match="5 rows of factors for 4 codes"):
        mutual_information(torch.zeros(5, 2), torch.zeros(4, 2))
