"""How near is near, class by class: held-out pictures light up at the nominal share, copies do, whatever they show."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from genstudio.core import datasets
from genstudio.core.metrics.copies import ENOUGH, nearest, yardsticks
from genstudio.session.study import label_names
from genstudio.steps import finish

REAL = Path(os.environ.get("GENSTUDIO_DATA", "data"))
has_mnist = datasets.DATASETS["mnist"].is_there(REAL)
LEARNT = 20_000  # training pictures that are looked at
NOISE = 8  # grey levels, root mean square, that a memory adds to what it repeats


class Judged:
    """Real digits: half of the held-out ones are the yardsticks, the others are judged."""

    def __init__(self) -> None:
        self.training = datasets.load("mnist", REAL, True).first(LEARNT)
        held_out = datasets.load("mnist", REAL, False)
        rows = np.random.default_rng(0).permutation(len(held_out))
        self.learnt = torch.from_numpy(self.training.images.copy())
        self.apart, names = self.near(held_out.images[rows[:5000]])
        self.yardsticks = {one.name: one for one in yardsticks(self.apart, names)}
        self.fresh, self.names = self.near(held_out.images[rows[5000:]])

    def near(self, images: NDArray[np.uint8]) -> tuple[torch.Tensor, NDArray[np.str_]]:
        """Distances to the nearest training pictures, and the classes of these."""
        apart, rows = finish(nearest(torch.from_numpy(images.copy()), self.learnt))
        return apart[:, 0].float(), np.array(label_names(self.training, rows[:, 0].numpy()))

    def shares(self, apart: torch.Tensor, names: NDArray[np.str_], line: str = "near") -> dict[str, float]:
        """The share of pictures of each class that is below its line."""
        lines = torch.tensor([getattr(self.yardsticks[name], line) for name in names])
        below = (apart <= lines).numpy()
        return {name: float(below[names == name].mean()) for name in sorted(set(names))}


@pytest.fixture(scope="module")
def digits() -> Judged:
    return Judged()


@pytest.mark.skipif(not has_mnist, reason="MNIST is not here")
def test_held_out_digits_are_near_at_the_nominal_share_in_every_class(digits: Judged) -> None:
    shares = digits.shares(digits.fresh, digits.names)
    assert len(shares) == 10 and all(0.0 <= share < 0.04 for share in shares.values()), shares
    assert 0.005 < np.mean(list(shares.values())) < 0.02, shares
    pooled = (digits.fresh <= digits.yardsticks[""].near).numpy()
    ones = digits.names == "1"
    assert pooled[ones].mean() > 0.05 and pooled[~ones].mean() < 0.002, "one line for all is a line for the 1s alone"
    assert 0.4 < np.mean(list(digits.shares(digits.fresh, digits.names, "middle").values())) < 0.6
    assert 0.98 < np.mean(list(digits.shares(digits.fresh, digits.names, "far").values())) < 0.995


@pytest.mark.skipif(not has_mnist, reason="MNIST is not here")
def test_what_a_memory_gives_back_is_near_in_every_class(digits: Judged) -> None:
    rng = np.random.default_rng(1)
    learnt = digits.training.images[:1000].astype(float)
    repeated = np.clip(learnt + rng.normal(0, NOISE, learnt.shape), 0, 255).astype(np.uint8)
    shares = digits.shares(*digits.near(repeated))
    assert len(shares) == 10 and all(share > 0.95 for share in shares.values()), shares


@pytest.mark.skipif(not has_mnist, reason="MNIST is not here")
def test_a_rough_memory_is_seen_where_one_line_for_all_misses_it(digits: Judged) -> None:
    rng = np.random.default_rng(2)
    learnt = digits.training.images[:1000].astype(float)
    repeated = np.clip(learnt + rng.normal(0, 2.5 * NOISE, learnt.shape), 0, 255).astype(np.uint8)
    apart, names = digits.near(repeated)
    curved = ~np.isin(names, ("1", "7"))
    assert (apart <= digits.yardsticks[""].near).numpy()[curved].mean() < 0.05
    assert np.mean([share for name, share in digits.shares(apart, names).items() if name not in "17"]) > 0.9


def test_each_class_of_which_there_are_enough_has_a_line_of_its_own() -> None:
    rng = torch.Generator().manual_seed(0)
    tight, wide = torch.rand(500, generator=rng) + 1, 10 * torch.rand(500, generator=rng) + 10
    few = torch.full((ENOUGH - 1,), 40.0)
    names = ["tight"] * 500 + ["wide"] * 500 + ["few"] * (ENOUGH - 1)
    found = {one.name: one for one in yardsticks(torch.cat([tight, wide, few]), names)}
    assert list(found) == ["", "tight", "wide"] and [one.count for one in found.values()] == [1099, 500, 500]
    for name, values in (("tight", tight), ("wide", wide)):
        ordered = values.sort().values
        assert (found[name].near, found[name].far) == (float(ordered[4]), float(ordered[-5])), "5 of 500 on either side"
    assert found[""].near < 2, "one line for all is that of the tight ones"
    assert len(yardsticks(tight, [""] * 500)) == 1


@pytest.mark.parametrize("each", [ENOUGH, 101, 150, 198, 300])
def test_of_pictures_as_new_as_the_unseen_ones_few_are_near_or_far_of_any_class(each: int) -> None:
    """Classes with few judges, of which a hundredth is one or two: that one of a hundred is near is no copy yet."""
    names = [str(number % 10) for number in range(10 * each)]
    shares = []
    for seed in range(60):
        apart, new = torch.rand(2, 10 * each, generator=torch.Generator().manual_seed(seed)).double()
        lines = {one.name: one for one in yardsticks(apart, names)}
        near = torch.tensor([lines[name].near for name in names])
        far = torch.tensor([lines[name].far for name in names])
        shares.append([float((new <= near).double().mean()), float((new > far).double().mean())])
    assert len(lines) == 11
    for share in np.mean(shares, 0):
        assert 0.004 < share < 0.0105
