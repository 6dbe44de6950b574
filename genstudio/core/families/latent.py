"""What every family with a code that can be read has in common, and training them by gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from genstudio.core.compute import Compute
from genstudio.core.images import to_uint8
from genstudio.core.seeding import image_noise
from genstudio.core.training import (
    State,
    Trainer,
    TrainingData,
    adam,
    load_optimizer_state,
    optimizer_state,
    prefixed,
    seeded,
    step,
    under,
)


class LatentModel(nn.Module):
    """Pictures (B, C, H, W) in [-1, 1] to codes (B, D) of about unit variance, and back."""

    latent_dim: int

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """mu and log_var, each (B, D) float32, of N(mu, exp(log_var)); log_var is -inf where a code is a point."""
        raise NotImplementedError

    def decode(self, z: Tensor) -> Tensor:
        """Mean pictures in [-1, 1] of codes."""
        raise NotImplementedError

    def reconstruction_error(self, x: Tensor) -> Tensor:
        """How badly pictures come back through their mean codes, (B,): the family's own loss, in its own unit."""
        raise NotImplementedError


Build = Callable[..., LatentModel]  # of (settings, channels, size)


class LatentTrainer(Trainer):
    """Trains `self.net`, a LatentModel, with one optimiser; a family says what an iteration's loss is."""

    net: LatentModel
    build: ClassVar[Build]

    def __init__(self, settings: Any, data: TrainingData, compute: Compute) -> None:
        super().__init__(settings, data, compute)
        self.net = seeded(settings.seed, lambda: type(self).build(settings, data.channels, data.size)).to(
            compute.device
        )
        self.optimizer = adam(self.net, settings.lr)

    def update(self, loss: Tensor) -> None:
        """One step down the gradient of `loss`."""
        self.optimizer.zero_grad()
        loss.backward()
        step(self.optimizer, self.learning_rate(self.settings.lr))

    def stages(self) -> Iterator[str]:
        """Encode, decode, update."""
        raise NotImplementedError

    @torch.inference_mode()
    def preview(self, count: int) -> Tensor:
        """Decoded draws from N(0, I), always the same codes."""
        return prior_pictures(self.net, count, self.settings.seed, self.compute.device)

    def model(self) -> LatentModel:
        """The network itself; there is no average."""
        return self.net

    def state(self) -> State:
        """Weights and Adam's moments."""
        return {**prefixed("net", self.net.state_dict()), **prefixed("opt", optimizer_state(self.optimizer))}

    def load_state(self, state: State) -> None:
        """Go on from `state`."""
        self.net.load_state_dict(under("net", state))
        load_optimizer_state(self.optimizer, under("opt", state))


def prior_pictures(network: LatentModel, count: int, seed: int, device: torch.device) -> Tensor:
    """Pictures (N, H, W, C) uint8 of codes drawn from N(0, I); picture k depends on the seed and k alone."""
    z = image_noise(seed, range(count), (network.latent_dim,)).to(device)
    return to_uint8(network.decode(z)).cpu()
