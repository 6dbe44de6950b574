"""The game's losses, bounds and layers against closed forms."""

import math

import pytest
import torch
from torch import nn

from genstudio.core.adversarial import bounds, losses
from genstudio.core.adversarial.diversity import KERNELS, MinibatchDiscrimination, MinibatchStd
from genstudio.core.adversarial.losses import LOSSES
from genstudio.core.adversarial.normalisation import normalise_weights

REAL, FAKE = torch.tensor([2.0, 0.5, -1.0]), torch.tensor([-3.0, 0.25, 1.0])


def test_value_at_the_optimum():
    """D = 1/2 everywhere: V = -2 ln 2, and each log loss is ln 2 (Goodfellow et al. 2014, theorem 1)."""
    undecided = torch.zeros(9)
    assert -losses.log_loss(undecided, undecided).item() == pytest.approx(-2 * math.log(2), abs=1e-6)
    assert losses.non_saturating(undecided).item() == pytest.approx(math.log(2), abs=1e-6)
    assert losses.saturating(undecided).item() == pytest.approx(-math.log(2), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "d", "g"),
    [
        ("least-squares", ((1 + 0.25 + 4) / 6 + (9 + 0.0625 + 1) / 6), (16 + 0.5625 + 0) / 6),
        ("hinge", (0 + 0.5 + 2) / 3 + (0 + 1.25 + 2) / 3, 1.75 / 3),
        ("wasserstein", -1.75 / 3 - 1.5 / 3, 1.75 / 3),
    ],
)
def test_losses_of_critics_by_hand(name, d, g):
    assert LOSSES[name].d(REAL, FAKE, 1.0).item() == pytest.approx(d, abs=1e-6)
    assert LOSSES[name].g(FAKE).item() == pytest.approx(g, abs=1e-6)
    assert torch.equal(LOSSES[name].confidence(REAL), REAL), "a score, not a probability"


@pytest.mark.parametrize("name", ["minimax", "non-saturating"])
def test_log_losses_are_binary_cross_entropy_with_smoothing(name):
    bce = nn.BCELoss()
    expected = bce(REAL.sigmoid(), torch.full((3,), 0.9)) + bce(FAKE.sigmoid(), torch.zeros(3))
    assert LOSSES[name].d(REAL, FAKE, 0.9).item() == pytest.approx(expected.item(), abs=1e-6)
    by_hand = {
        "minimax": (1 - FAKE.sigmoid()).log().mean(),
        "non-saturating": -FAKE.sigmoid().log().mean(),
    }
    assert LOSSES[name].g(FAKE).item() == pytest.approx(by_hand[name].item(), abs=1e-6)
    assert torch.equal(LOSSES[name].confidence(REAL), REAL.sigmoid())


def test_only_the_saturating_loss_is_flat_where_d_is_sure():
    slopes = {}
    for name in LOSSES:
        sure = torch.tensor([-10.0], requires_grad=True)
        LOSSES[name].g(sure).backward()
        slopes[name] = abs(sure.grad.item())
    assert slopes.pop("minimax") < 1e-4
    assert min(slopes.values()) > 0.99


def test_penalties_of_a_linear_critic():
    """D(x) = w x has the slope ||w|| everywhere."""
    w = torch.tensor([3.0, 4.0], requires_grad=True)
    real, fake = torch.randn(6, 2), torch.randn(6, 2)
    penalty = bounds.gradient_penalty(lambda x: x @ w, real, fake, torch.rand(6))
    assert penalty.item() == pytest.approx((5 - 1) ** 2, rel=1e-6)
    (slope,) = torch.autograd.grad(penalty, w)
    assert torch.allclose(slope, 2 * (5 - 1) * w.detach() / 5), "it teaches D"
    assert bounds.r1_penalty(lambda x: x @ w, real).item() == pytest.approx(5**2 / 2, rel=1e-6)


def test_the_penalty_is_taken_between_real_and_generated():
    seen = []

    def critic(x):
        seen.append(x.detach())
        return x.square().sum(1)

    bounds.gradient_penalty(critic, torch.ones(2, 3), torch.zeros(2, 3), torch.tensor([0.25, 1.0]))
    assert torch.equal(seen[0], torch.tensor([[0.25] * 3, [1.0] * 3]))


def test_clipping_bounds_the_weights():
    network = nn.Linear(50, 50)
    nn.init.normal_(network.weight)
    bounds.clip_weights(network, 0.01)
    assert max(p.abs().max().item() for p in network.parameters()) == pytest.approx(0.01)


def test_normalised_weights_have_spectral_norm_one():
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(20, 30), nn.ReLU(), nn.Linear(30, 1))
    before = [torch.linalg.matrix_norm(network[i].weight, 2).item() for i in (0, 2)]
    normalise_weights(network)
    for _ in range(50):  # each pass is a step of the power iteration
        network(torch.zeros(1, 20))
    norms = [torch.linalg.matrix_norm(network[i].weight, 2).item() for i in (0, 2)]
    assert norms == pytest.approx([1, 1], abs=1e-2) and before != pytest.approx([1, 1], abs=1e-2)


@pytest.mark.parametrize("layer", [MinibatchDiscrimination(8), MinibatchStd()])
def test_a_collapsed_batch_is_told_from_a_diverse_one(layer):
    rng = torch.Generator().manual_seed(0)
    diverse = 3 * torch.randn(16, 8, generator=rng)
    collapsed = diverse[:1].expand(16, 8)
    added = [layer(batch)[:, 8:] for batch in (diverse, collapsed)]
    if isinstance(layer, MinibatchStd):
        assert added[0].mean() > 2 and added[1].abs().max() < 1e-3
    else:
        assert added[0].shape == (16, KERNELS) and torch.allclose(added[1], torch.ones(16, KERNELS))
        assert added[0].mean() < 0.5, "neighbours are far"
    assert torch.equal(layer(diverse)[:, :8], diverse), "the features themselves stay"


def test_minibatch_discrimination_of_one_pair_by_hand():
    layer = MinibatchDiscrimination(1)
    nn.init.ones_(layer.kernels.weight)
    nearness = layer(torch.tensor([[0.0], [0.1]]))[:, 1:]
    assert torch.allclose(nearness, torch.full((2, KERNELS), math.exp(-5 * 0.1)), atol=1e-6)
    assert (layer(torch.tensor([[0.3]]))[:, 1:] == 0).all(), "alone it has no neighbour"
