"""The plane's distributions and distances against closed forms, and against POT."""

import math

import numpy as np
import pytest
import torch
from torch import distributions

from genstudio.core.metrics import point_divergence as between
from genstudio.core.points import POINTS, Mixture, drawn
from genstudio.settings.adversarial import REACH
from genstudio.settings.drawings import Stroke


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def test_the_sets_of_the_issue_are_there():
    assert list(POINTS) == ["line", "two", "ring", "grid", "spiral", "moons", "pieces"]
    assert len(POINTS["ring"].mixture.centres) == 8 and len(POINTS["grid"].mixture.centres) == 25


@pytest.mark.parametrize("name", POINTS)
def test_a_set_is_drawn_from_its_own_density(name):
    """E[-ln p] over samples is the entropy; a fit of the same mass elsewhere would miss the mass in the boxes."""
    mixture = POINTS[name].mixture
    x = mixture.sample(20_000, rng())
    assert x.shape == (20_000, 2) and x.abs().max() < REACH + 0.5
    assert torch.equal(x[:7], mixture.sample(20_000, rng())[:7])
    step = 0.02
    axis = torch.arange(-2.5, 2.5, step) + step / 2
    plane = torch.cartesian_prod(axis, axis)
    density = mixture.log_density(plane).exp()
    assert (density.sum() * step**2).item() == pytest.approx(1, abs=1e-2)
    right = plane[:, 0] > 0.3
    assert (x[:, 0] > 0.3).float().mean().item() == pytest.approx((density[right].sum() * step**2).item(), abs=0.02)


def test_density_of_one_gaussian_is_torchs():
    mixture = Mixture(torch.tensor([[0.5, -1.0]]), 0.7)
    x = torch.randn(50, 2, generator=rng())
    expected = distributions.Normal(torch.tensor([0.5, -1.0]), 0.7).log_prob(x).sum(1)
    assert torch.allclose(mixture.log_density(x), expected, atol=1e-5)


def test_the_best_discriminator_of_the_lecture():
    """N(3, 1) against N(5, 1) at 3, 4, 5; and 2x against 1 on [0, 1]."""
    x = torch.tensor([3.0, 4.0, 5.0])
    log_p, log_q = (distributions.Normal(mean, 1.0).log_prob(x) for mean in (3.0, 5.0))
    assert between.optimal_discriminator(log_p, log_q).tolist() == pytest.approx([0.8808, 0.5, 0.1192], abs=1e-4)
    x = torch.tensor([0.0, 0.5, 1.0])
    best = between.optimal_discriminator((2 * x).log(), torch.zeros(3))
    assert best.tolist() == pytest.approx([0, 1 / 2, 2 / 3], abs=1e-6)


def test_js_is_bounded_by_ln_2_and_says_nothing_of_the_distance():
    p = torch.tensor([3, 1, 0, 0])
    assert between.js_divergence(p, p) == 0
    assert between.js_divergence(p, torch.tensor([0, 0, 5, 5])) == pytest.approx(math.log(2))
    half = between.js_divergence(torch.tensor([1, 0]), torch.tensor([1, 1]))
    assert half == pytest.approx(0.5 * math.log(4 / 3) + 0.5 * (0.5 * math.log(2 / 3) + 0.5 * math.log(2)))
    near, far = (torch.full((500, 2), x) for x in (-1.0, 2.0))
    here = torch.full((500, 2), -2.0)
    by_counting = [between.js_by_counting(here, there, rng()).value for there in (near, far)]
    assert by_counting == pytest.approx([math.log(2)] * 2), "disjoint is disjoint"
    slices = [between.sliced_w1(here, there, rng()).value for there in (near, far)]
    assert slices[1] == pytest.approx(4 * slices[0], rel=1e-5), "the earth mover's distance has a slope"


def test_kl_by_hand():
    p, q = torch.tensor([1, 3]), torch.tensor([1, 1])
    assert between.kl_divergence(p, q) == pytest.approx(0.25 * math.log(0.5) + 0.75 * math.log(1.5))
    assert between.kl_divergence(q, torch.tensor([2, 0])) == math.inf


def test_kl_of_two_gaussians_is_the_closed_form():
    """KL(N(a, s^2 I) || N(b, s^2 I)) = |a - b|^2 / (2 s^2)."""
    a, b = torch.tensor([[0.0, 0.0]]), torch.tensor([[0.5, 0.0]])
    real, fake = (Mixture(centre, 0.6).sample(200_000, rng(k)) for k, centre in enumerate((a, b)))
    found = between.kl_by_counting(real, fake, rng(2))
    assert found.value == pytest.approx(0.5**2 / (2 * 0.6**2), abs=0.02) and found.error < 0.01


def test_sliced_distance_is_that_of_pot():
    import ot  # brings an OpenMP of its own, which other tests need not have

    real, fake = POINTS["ring"].mixture.sample(300, rng(1)), POINTS["two"].mixture.sample(300, rng(2))
    turns = math.pi / between.SLICES * (torch.arange(between.SLICES) + torch.rand(1, generator=rng(5)))
    projections = np.stack([np.cos(turns.numpy()), np.sin(turns.numpy())])
    expected = ot.sliced_wasserstein_distance(real.numpy(), fake.numpy(), projections=projections, p=1)
    found = between.sliced_w1(real, fake, rng(5))
    assert found.value == pytest.approx(expected, rel=1e-5)
    with pytest.raises(ValueError, match="equally many"):
        between.sliced_w1(real, fake[:-1], rng())


def test_a_few_directions_come_near_to_all():
    real = POINTS["ring"].mixture.sample(2000, rng(1))
    for fake in (real + torch.tensor([0.3, 0.1]), real * torch.tensor([1.0, 0.2]), 0.05 * real + real[0]):
        all_ = between.sliced_w1(real, fake, rng(2), slices=720).value
        assert between.sliced_w1(real, fake, rng(3)).value == pytest.approx(all_, abs=0.003)


@pytest.mark.parametrize("distance", [between.js_by_counting, between.kl_by_counting, between.sliced_w1])
def test_the_error_band_holds_what_other_samples_give(distance):
    p, q = POINTS["moons"].mixture, POINTS["line"].mixture
    bands = [distance(p.sample(1000, rng(k)), q.sample(1000, rng(100 + k)), rng(0)) for k in range(16)]
    spread = torch.tensor([band.value for band in bands]).std().item()
    error = torch.tensor([band.error for band in bands]).mean().item()
    assert 0.5 * spread < error < 2 * spread


def test_modes_are_counted_by_points_of_high_quality():
    mixture = POINTS["grid"].mixture
    covered, share = between.modes_covered(mixture, mixture.sample(5000, rng()))
    assert covered == 25 and share > 0.98  # exp(-9/2) = 1.1 % of a Gaussian in the plane lie beyond three sigma
    assert between.modes_covered(mixture, mixture.centres[3].expand(100, 2)) == (1, 1.0)
    between_the_islands = mixture.centres + 0.375
    assert between.modes_covered(mixture, between_the_islands) == (0, 0.0)


def test_points_beyond_the_grid_are_counted_once():
    x = torch.tensor([[9.0, 0.0], [0.0, -9.0], [0.0, 0.0]])
    histogram = between.counts(x)
    assert histogram.sum() == 3 and histogram[-1] == 2


def test_what_a_hand_drew_is_as_dense_everywhere():
    points = drawn([Stroke(((-1.0, 0.0), (1.0, 0.0), (1.0, 1.0)), 0.1), Stroke(((0.0, -1.5),))])
    x = points.mixture.centres
    assert points.mixture.sample(100, rng()).shape == (100, 2) and not points.has_modes
    gaps = (x[1:-2] - x[:-3]).norm(dim=1)
    assert gaps.max() <= 0.05 + 1e-6 and gaps.min() > 0.04
    assert torch.equal(x[-2:], torch.tensor([[0.0, -1.5]] * 2)), "a dot among lines counts as a line across it"
    for bad, words in (([], "nothing is drawn"), ([Stroke(())], "nothing is drawn")):
        with pytest.raises(ValueError, match=words):
            drawn(bad)


def test_strokes_are_found_by_their_share_of_the_points():
    line = Stroke(((-1.0, 1.0), (1.0, 1.0)), 0.05)
    points = drawn([line, Stroke(((-0.5, -1.0),)), Stroke(((0.5, -1.0),))])
    real = points.mixture.sample(2000, rng())
    assert between.strokes_covered(points.mixture, points.strokes, real)[0] == 3
    on_the_line = torch.where(real[:, 1:] < 0, torch.tensor([0.0, 1.0]), real)
    assert between.strokes_covered(points.mixture, points.strokes, on_the_line)[0] == 1
    assert between.strokes_covered(points.mixture, points.strokes, real + 9) == (0, 0.0)
    assert drawn([line]).strokes is None and POINTS["moons"].strokes is None


def test_dots_alone_are_islands_each_as_wide_as_the_brush():
    points = drawn([Stroke(((-1.0, 0.0),), 0.02), Stroke(((1.0, 0.0),), 0.3)])
    x = points.mixture.sample(20_000, rng())
    assert points.has_modes and (x[:, 0] > 0).float().mean().item() == pytest.approx(0.5, abs=0.02)
    assert x[x[:, 0] < -0.5, 1].std().item() == pytest.approx(0.02, abs=0.01)
    assert between.modes_covered(points.mixture, x)[0] == 2 and between.modes_covered(points.mixture, x)[1] > 0.97
    axis = torch.arange(-2.5, 2.5, 0.01)
    density = points.mixture.log_density_on(axis, axis).exp()
    assert (density.sum() * 0.01**2).item() == pytest.approx(1, abs=1e-2)
    blurred = points.mixture.blurred(0.4)
    assert blurred.sigmas.tolist() == pytest.approx([math.hypot(0.02, 0.4), 0.5])


@pytest.mark.parametrize("sigma", [0.3, 0.02])
def test_density_on_a_grid_is_that_of_its_places(sigma):
    mixture = Mixture(POINTS["moons"].mixture.centres, sigma)  # the second has places too far for a product
    x, y = torch.linspace(-2, 2, 9), torch.linspace(1.5, -2, 7)
    rows, columns = torch.meshgrid(y, x, indexing="ij")
    expected = mixture.log_density(torch.stack([columns, rows], -1).view(-1, 2)).view(7, 9)
    assert torch.allclose(mixture.log_density_on(x, y).float(), expected, rtol=1e-4, atol=1e-4)
