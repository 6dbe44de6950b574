"""The short way through Adam's update is the update itself."""

import pytest
import torch
from torch import nn

from genstudio.core.optimizers import _stepped_at_once, memory, optimizer_of, remember, step


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))


def learn(net, k):
    net.zero_grad()
    net(torch.randn(16, 3, generator=torch.Generator().manual_seed(k))).square().mean().backward()
    if k == 4:
        net[2].bias.grad = None  # a tensor that had no part in it stays as it is


def test_steps_are_bit_for_bit_those_of_torch():
    ours, theirs = network(), network()
    opt, plain = optimizer_of("adam", ours, 1e-2, (0.5, 0.9)), torch.optim.Adam(theirs.parameters(), fused=True)
    for k in range(8):
        lr, betas = 1e-2 / (k + 1), (0.5, 0.9 + 0.01 * k)
        learn(ours, k)
        learn(theirs, k)
        step(opt, lr, betas)
        plain.param_groups[0].update(lr=lr, betas=betas)
        plain.step()
        assert all(torch.equal(a, b) for a, b in zip(ours.parameters(), theirs.parameters(), strict=True))
        if k == 5:  # what was put back goes on
            remember(opt, memory(opt))
    assert all(torch.equal(a, b) for a, b in zip(memory(opt).values(), memory(plain).values(), strict=True))


@pytest.mark.parametrize("kind", ["rmsprop", "sgd"])
def test_others_step_as_ever(kind):
    net = network()
    opt = optimizer_of(kind, net, 1e-2, (0.5, 0.9))
    learn(net, 0)
    assert not _stepped_at_once(opt)
    before = net[0].weight.clone()
    step(opt, 1e-2, (0.5, 0.9))
    assert not torch.equal(net[0].weight, before)
