"""The fast layers equal the plain ones, forwards and backwards."""

import copy

import pytest
import torch
from torch import nn

from genstudio.bench import textbook
from genstudio.core.families.gan import Generator
from genstudio.core.thin_conv import ThinConv2d, ThinConvTranspose2d
from genstudio.settings import GANSettings


@pytest.mark.parametrize(
    ("fast", "plain", "size"),
    [
        (ThinConv2d(1, 6), nn.Conv2d(1, 6, 4, 2, 1), 28),
        (ThinConv2d(3, 6), nn.Conv2d(3, 6, 4, 2, 1), 32),
        (ThinConvTranspose2d(6, 1), nn.ConvTranspose2d(6, 1, 4, 2, 1), 14),
        (ThinConvTranspose2d(6, 3), nn.ConvTranspose2d(6, 3, 4, 2, 1), 16),
    ],
)
def test_same_weights_same_results(fast, plain, size):
    plain.load_state_dict(fast.state_dict())
    channels = plain.in_channels
    x = torch.randn(5, channels, size, size, generator=torch.Generator().manual_seed(0))
    results = []
    for layer in (fast, plain):
        layer.zero_grad()
        into = x.clone().requires_grad_()
        y = layer(into)
        y.square().sum().backward()
        results.append((y, into.grad, layer.weight.grad, layer.bias.grad))
    for ours, theirs in zip(*results, strict=True):
        assert torch.allclose(ours, theirs, rtol=1e-4, atol=1e-4)


def test_the_textbook_gets_the_plain_layers_with_the_same_weights():
    fast = Generator(GANSettings(latent_dim=5, width=8), 1, 28).eval()
    slow = textbook.plain(copy.deepcopy(fast))
    assert not any(isinstance(layer, ThinConvTranspose2d) for layer in slow.modules())
    z = torch.randn(3, 5, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(fast(z), slow(z), atol=1e-5)
