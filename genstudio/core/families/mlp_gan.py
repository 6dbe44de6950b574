"""The fully connected GAN of the lecture: 100-256-784 and back (Goodfellow et al. 2014, arXiv:1406.2661)."""

from __future__ import annotations

from torch import Tensor, nn

from genstudio.core.adversarial.diversity import diversity_layer
from genstudio.core.adversarial.game import GameTrainer
from genstudio.core.adversarial.normalisation import normalise_weights
from genstudio.core.training import TrainingData
from genstudio.settings.adversarial import MLPGANSettings


class MLPGenerator(nn.Module):
    """z (B, D) to pictures (B, C, H, W) in [-1, 1] through one hidden layer."""

    def __init__(self, settings: MLPGANSettings, channels: int, size: int) -> None:
        super().__init__()
        self.latent_dim = settings.latent_dim
        self.layers = nn.Sequential(
            nn.Linear(settings.latent_dim, settings.hidden), nn.ReLU(),
            nn.Linear(settings.hidden, channels * size * size), nn.Tanh(),
            nn.Unflatten(1, (channels, size, size)),
        )  # fmt: skip

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Pictures of codes."""
        return self.layers(z).float()

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """The same under the name that every latent model has."""
        return self(z)


class MLPDiscriminator(nn.Module):
    """Pictures (B, C, H, W) to outputs (B,) through one hidden layer."""

    def __init__(self, settings: MLPGANSettings, channels: int, size: int) -> None:
        super().__init__()
        comparing, features = diversity_layer(settings.diversity, settings.hidden)
        self.layers = nn.Sequential(
            nn.Flatten(), nn.Linear(channels * size * size, settings.hidden), nn.LeakyReLU(0.2),
            *comparing, nn.Linear(features, 1),
        )  # fmt: skip
        if settings.d_norm == "spectral":
            normalise_weights(self)

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Outputs of pictures."""
        return self.layers(x).flatten().float()


class MLPGANTrainer(GameTrainer):
    """The lecture's networks."""

    settings: MLPGANSettings
    data: TrainingData

    def build_g(self) -> MLPGenerator:
        """A new generator."""
        return MLPGenerator(self.settings, self.data.channels, self.data.size)

    def build_d(self) -> MLPDiscriminator:
        """A new discriminator."""
        return MLPDiscriminator(self.settings, self.data.channels, self.data.size)
