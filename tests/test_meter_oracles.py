"""Meters against other people's code: torch-fidelity, torchmetrics, POT; and against closed forms."""

import math

import ot
import pytest
import torch
from torch_fidelity.metric_fid import fid_statistics_to_metric
from torch_fidelity.metric_isc import isc_features_to_metric
from torch_fidelity.metric_kid import kid_features_to_metric
from torch_fidelity.metric_prc import prc_features_to_metric
from torchmetrics.image.fid import FrechetInceptionDistance
from torchmetrics.image.kid import KernelInceptionDistance

from genstudio.core.latents import lerp
from genstudio.core.metrics import frechet_distance, inception_score, moments
from genstudio.core.metrics.kernel import kernel_distance
from genstudio.core.metrics.manifold import overlap
from genstudio.core.metrics.path_length import path_lengths, trimmed
from genstudio.core.metrics.sliced import directions, sliced_w2
from genstudio.core.seeding import generator

N, M, WIDTH = 300, 240, 12


def normal(seed: int, count: int = N, width: int = WIDTH) -> torch.Tensor:
    return torch.randn(count, width, generator=generator(seed))


@pytest.fixture
def sets():
    """Two clouds that overlap in part, of different sizes."""
    scale = torch.linspace(0.5, 2, WIDTH)
    return normal(0), normal(1, M) * scale + 0.4


class AsItIs(torch.nn.Module):
    """Stands in for the feature network where a library wants one."""

    num_features = WIDTH

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.float()


def test_frechet_distance(sets):
    theirs = fid_statistics_to_metric(
        *({"mu": m.mean.numpy(), "sigma": m.covariance.numpy()} for m in map(moments, sets)), verbose=False
    )
    ours = frechet_distance(*map(moments, sets))
    assert ours == pytest.approx(theirs["frechet_inception_distance"], rel=1e-6)
    meter = FrechetInceptionDistance(feature=AsItIs(), input_img_size=(WIDTH,), normalize=True).set_dtype(torch.float64)
    for is_real, x in zip((True, False), sets, strict=True):
        meter.update(x, real=is_real)
    assert ours == pytest.approx(float(meter.compute()), rel=1e-4)


def test_frechet_distance_of_gaussians_in_closed_form():
    """N(0, I) and N(m, s^2 I): |m|^2 + D (1 - s)^2."""
    a, b = normal(0, 200_000, 2), 3 * normal(1, 200_000, 2) + 1
    assert frechet_distance(moments(a), moments(b)) == pytest.approx(2 * 1 + 2 * (1 - 3) ** 2, rel=0.02)


@pytest.mark.filterwarnings("ignore:Metric `Kernel Inception Distance` will save all:UserWarning")
def test_kernel_distance(sets):
    real, fake = (x[:M] for x in sets)
    theirs = kid_features_to_metric(
        real, fake, kid_subsets=1, kid_subset_size=M, kid_kernel="poly", kid_degree=3, kid_gamma=None,
        kid_coef0=1, rng_seed=0, verbose=False,
    )  # fmt: skip
    ours = kernel_distance(real, fake)
    assert ours == pytest.approx(theirs["kernel_inception_distance_mean"], rel=1e-6)
    meter = KernelInceptionDistance(feature=AsItIs(), subsets=1, subset_size=M, normalize=True)
    meter.update(real, real=True)
    meter.update(fake, real=False)
    assert ours == pytest.approx(float(meter.compute()[0]), rel=1e-3)


def test_inception_score():
    logits = 2 * normal(3, 500, 10)
    theirs = isc_features_to_metric(logits, splits=1, shuffle=False)
    assert inception_score(logits) == pytest.approx(theirs["inception_score_mean"], rel=1e-6)


def test_precision_and_recall(sets):
    real, fake = sets
    theirs = prc_features_to_metric(  # the generated ones are the first of theirs
        fake, real, prc_neighborhood=3, prc_batch_size=100, save_cpu_ram=False, verbose=False
    )
    ours = overlap(real, fake, k=3)
    assert ours.precision == pytest.approx(theirs["precision"], abs=1e-6)
    assert ours.recall == pytest.approx(theirs["recall"], abs=1e-6)
    assert abs(ours.precision - ours.recall) > 0.1, "else this would prove little"


def test_sliced_wasserstein(sets):
    along = directions(WIDTH, 40, generator(2))
    x, y = (part.double() for part in sets)
    theirs = ot.sliced_wasserstein_distance(x, y, projections=along, p=2)
    assert sliced_w2(*sets, along) == pytest.approx(float(theirs), rel=1e-9)


def test_sliced_wasserstein_of_a_shift_in_closed_form():
    """A shift by m moves each projection by m d: the root of the mean of (m d)^2."""
    x, m = normal(0), torch.full((WIDTH,), 0.5)
    along = directions(WIDTH, 40, generator(2))
    expected = (m.double() @ along).square().mean().sqrt()
    assert sliced_w2(x, x + m, along) == pytest.approx(float(expected), rel=1e-6)
    assert sliced_w2(x, x[torch.randperm(N, generator=generator(4))], along) == 0


def test_path_length_of_a_linear_generator_in_closed_form():
    """f(z) = A z, and two codes at a right angle of one length r: the way is a circle, |dz/dt| = r pi / 2."""
    a, b = torch.eye(6, 8)[:3] * 2, torch.eye(6, 8)[3:6] * 2
    found = path_lengths(lambda z: 5 * z.double(), a.double(), b.double(), torch.tensor([0.0, 0.3, 0.9]))
    assert found.tolist() == pytest.approx([(5 * 2 * math.pi / 2) ** 2] * 3, rel=1e-4)
    straight = lerp(a, b, torch.tensor([1.0]))
    assert torch.equal(straight[0], b), "and both ends are those that were given"


def test_the_longest_and_the_shortest_paths_are_left_out():
    lengths = torch.arange(1000, dtype=torch.float64)
    assert (trimmed(lengths).min(), trimmed(lengths).max(), len(trimmed(lengths))) == (10, 989, 980)
