"""What every family with a code that can be read has in common, and training them by gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor, nn

from genstudio.core import parallel
from genstudio.core.compute import Compute
from genstudio.core.images import to_uint8
from genstudio.core.latents import plane
from genstudio.core.optimizers import adam, memory, remember, step
from genstudio.core.seeding import image_noise
from genstudio.core.training import (
    State,
    Trainer,
    TrainingData,
    prefixed,
    seeded,
    under,
)

SHOWN = 10  # inputs and their reconstructions
MAP_CELLS = 12


class Through(NamedTuple):
    """What comes of pictures (B, C, H, W) that go through their mean codes."""

    mu: Tensor  # (B, D)
    log_var: Tensor  # (B, D)
    pictures: Tensor  # in [-1, 1]
    errors: Tensor  # (B,): how badly they come back, the family's own loss in its own unit


class LatentModel(nn.Module):
    """Pictures (B, C, H, W) in [-1, 1] to codes (B, D) of about unit variance, and back."""

    latent_dim: int

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """mu and log_var, each (B, D) float32, of N(mu, exp(log_var)); log_var is -inf where a code is a point."""
        raise NotImplementedError

    def decode(self, z: Tensor) -> Tensor:
        """Mean pictures in [-1, 1] of codes."""
        raise NotImplementedError

    def through(self, x: Tensor) -> Through:
        """Codes, reconstructions and their mean squared errors over the pixels in [0, 1], in one go."""
        mu, log_var = self.encode(x)
        y = self.decode(mu)
        return Through(mu, log_var, y, squared_error(y, x))


def squared_error(y: Tensor, x: Tensor) -> Tensor:
    """Mean squared difference of the grey values in [0, 1], (B,), of pictures (B, C, H, W) in [-1, 1]."""
    return ((y - x) / 2).square().flatten(1).mean(1)


Build = Callable[..., LatentModel]  # of (settings, channels, size)


class LatentTrainer(Trainer):
    """Trains `self.net`, a LatentModel, with one optimiser; a family says what an iteration's loss is."""

    net: LatentModel
    data: TrainingData
    build: ClassVar[Build]

    def __init__(self, settings: Any, data: TrainingData, compute: Compute) -> None:
        super().__init__(settings, data, compute)
        self.net = seeded(settings.seed, lambda: type(self).build(settings, data.channels, data.size)).to(
            compute.device
        )
        self.optimizer = adam(self.net, settings.lr)
        self._descend = parallel.descent(self.net)

    def update(self, loss: Tensor) -> None:
        """One step down the gradient of `loss`."""
        self.optimizer.zero_grad()
        self._descend(loss)
        step(self.optimizer, self.learning_rate(self.settings.lr))

    def stages(self) -> Iterator[str]:
        """Encode, decode, update."""
        raise NotImplementedError

    @torch.inference_mode()
    def preview(self, count: int) -> Tensor:
        """Decoded draws from N(0, I), always the same codes."""
        return prior_pictures(self.net, count, self.settings.seed, self.compute.device)

    def views(self) -> dict[str, Tensor]:
        """As `latent_views`."""
        return latent_views(self.net, self.data)

    def model(self) -> LatentModel:
        """The network itself; there is no average."""
        return self.net

    def state(self) -> State:
        """Weights and Adam's moments."""
        return {**prefixed("net", self.net.state_dict()), **prefixed("opt", memory(self.optimizer))}

    def load_state(self, state: State) -> None:
        """Go on from `state`."""
        self.net.load_state_dict(under("net", state))
        remember(self.optimizer, under("opt", state))


def prior_pictures(network: LatentModel, count: int, seed: int, device: torch.device) -> Tensor:
    """Pictures (N, H, W, C) uint8 of codes drawn from N(0, I); picture k depends on the seed and k alone."""
    z = image_noise(seed, range(count), (network.latent_dim,)).to(device)
    return to_uint8(network.decode(z)).cpu()


@torch.inference_mode()
def latent_views(network: LatentModel, data: TrainingData) -> dict[str, Tensor]:
    """Pictures (N, H, W, C) uint8 that show what the codes are worth.

    "inputs" are pictures of the data, of all its classes, and "reconstructions" what comes back of them; with two
    latents "map" is the decoded plane over [-3, 3]^2, MAP_CELLS a side, the top row first.
    """
    x = data.examples(data.spread(SHOWN))
    views = {"inputs": x, "reconstructions": network.decode(network.encode(x)[0])}
    if network.latent_dim == 2:
        views["map"] = network.decode(plane(MAP_CELLS, 3.0).to(x.device))
    return {name: to_uint8(pictures).cpu() for name, pictures in views.items()}
