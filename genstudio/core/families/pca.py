"""Principal components as a model: the linear baseline of every autoencoder of the same size."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from genstudio.core.compute import Compute
from genstudio.core.families.latent import LatentModel, latent_views, prior_pictures
from genstudio.core.images import to_float
from genstudio.core.principal import Principal, principal
from genstudio.core.training import State, Trainer, TrainingData
from genstudio.settings import PCASettings

MOST_PICTURES = 20_000  # the components of more differ little, and take longer


class PCA(LatentModel):
    """Codes of unit variance along the directions in which the pictures vary most."""

    mean: Tensor
    components: Tensor
    deviations: Tensor

    def __init__(self, settings: PCASettings, channels: int, size: int) -> None:
        super().__init__()
        pixels, self.latent_dim = channels * size * size, settings.latent_dim
        self.shape = (channels, size, size)
        self.register_buffer("mean", torch.zeros(pixels))
        self.register_buffer("components", torch.zeros(self.latent_dim, pixels))
        self.register_buffer("deviations", torch.zeros(self.latent_dim))

    @property
    def found(self) -> Principal:
        """What the buffers hold."""
        return Principal(self.mean, self.components, self.deviations, self.mean.new_zeros(0), self.shape)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Codes (B, D), and -inf: they are points."""
        z = self.found.encode(x)
        return z, torch.full_like(z, -torch.inf)

    def decode(self, z: Tensor) -> Tensor:
        """Pictures of codes (B, D); what leaves [-1, 1] is cut off."""
        return self.found.decode(z).clamp(-1, 1)


class PCATrainer(Trainer):
    """The first iteration finds the components of all pictures; there is no second one.

    Of several processes each finds the same: there is no gradient that they could share.
    """

    metric_names = ("mse", "explained")
    most_iterations = 1
    settings: PCASettings
    data: TrainingData

    def __init__(self, settings: PCASettings, data: TrainingData, compute: Compute) -> None:
        super().__init__(settings, data, compute)
        pixels = data.channels * data.size**2
        if settings.latent_dim > pixels:
            raise ValueError(f"latent_dim is {settings.latent_dim}; these pictures have {pixels} components")
        self.net = PCA(settings, data.channels, data.size).to(compute.device)

    @torch.no_grad()
    def _fit(self) -> Tensor:
        chosen = torch.randperm(len(self.data.images), generator=self.rng(1))[:MOST_PICTURES]
        x = to_float(self.data.images[chosen.to(self.data.images.device)])
        found = principal(x, self.settings.latent_dim)
        for name in ("mean", "components", "deviations"):
            getattr(self.net, name).copy_(getattr(found, name))
        mse = torch.cat([self.net.through(part).errors for part in x.split(1000)]).mean()
        return torch.stack([mse, found.explained.sum()])

    def stages(self) -> Iterator[str]:
        """One step, the whole of it."""
        self._metrics = self._fit()
        yield "fit"

    @torch.inference_mode()
    def preview(self, count: int) -> Tensor:
        """Decoded draws from N(0, I), always the same codes."""
        return prior_pictures(self.net, count, self.settings.seed, self.compute.device)

    def views(self) -> dict[str, Tensor]:
        """As `latent_views`."""
        return latent_views(self.net, self.data)

    def model(self) -> PCA:
        """The components."""
        return self.net

    def state(self) -> State:
        """The components again: there is nothing else."""
        return {name: tensor.detach().cpu() for name, tensor in self.net.state_dict().items()}

    def load_state(self, state: State) -> None:
        """Take them from `state`."""
        self.net.load_state_dict(state)
