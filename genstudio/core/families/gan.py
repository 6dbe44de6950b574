"""DCGAN, with or without the class (Radford et al. 2016, arXiv:1511.06434; Mirza & Osindero 2014, arXiv:1411.1784)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genstudio.core.adversarial.diversity import diversity_layer
from genstudio.core.adversarial.game import GameTrainer, classes_in_turn
from genstudio.core.adversarial.normalisation import has_bias, norm, normalise_weights
from genstudio.core.batch_norm import BatchNorm2d
from genstudio.core.images import to_uint8
from genstudio.core.seeding import image_noise
from genstudio.core.thin_conv import ThinConv2d, ThinConvTranspose2d
from genstudio.core.training import TrainingData
from genstudio.settings import GANSettings


class Generator(nn.Module):
    """z (B, D) to pictures (B, C, H, W) in [-1, 1]: (an eighth of the side,) a quarter, a half, the whole.

    Args:
        classes: So many numbers beside z, one-hot; 0 for a network that knows none.
    """

    def __init__(self, settings: GANSettings, channels: int, size: int, classes: int = 0) -> None:
        super().__init__()
        w, quarter, eighth = settings.width, *_sides(size)
        self.latent_dim, self.classes = settings.latent_dim, classes
        first, side = 2 * w, quarter
        grow: list[nn.Module] = []  # a layer that is not used draws no weights: two levels begin as without this choice
        if settings.levels == 3:
            first, side, beyond = 4 * w, eighth, quarter - (2 * eighth - 1)
            grow = [nn.ConvTranspose2d(4 * w, 2 * w, 3, 2, 1, beyond, bias=False), BatchNorm2d(2 * w), nn.ReLU()]
        self.layers = nn.Sequential(
            nn.Linear(settings.latent_dim + classes, first * side * side, bias=False),
            nn.Unflatten(1, (first, side, side)), BatchNorm2d(first), nn.ReLU(),
            *grow,
            nn.ConvTranspose2d(2 * w, w, 4, 2, 1, bias=False), BatchNorm2d(w), nn.ReLU(),
            ThinConvTranspose2d(w, channels), nn.Tanh(),
        )  # fmt: skip
        self.apply(_init_weights)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Pictures of codes (B, D), and of classes (B,) where it knows them."""
        return self.layers(with_class(z, labels, self.classes)).float()

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """The same under the name that every latent model has."""
        return self(z, labels)


class Discriminator(nn.Module):
    """Pictures (B, C, H, W) to outputs (B,): above 0, or higher, means "real".

    Args:
        classes: An embedding of the class is one more channel of the picture; 0 for a network that knows none.
    """

    def __init__(self, settings: GANSettings, channels: int, size: int, classes: int = 0) -> None:
        super().__init__()
        w, quarter, eighth = settings.d_width, *_sides(size)
        kind, bias = settings.d_norm, has_bias(settings.d_norm)
        last, side = 2 * w, quarter
        shrink: list[nn.Module] = []
        if settings.levels == 3:
            last, side = 4 * w, eighth
            shrink = [nn.Conv2d(2 * w, 4 * w, 3, 2, 1, bias=bias), norm(kind, 4 * w), nn.LeakyReLU(0.2)]
        comparing, features = diversity_layer(settings.diversity, last * side * side)
        self.layers = nn.Sequential(
            ThinConv2d(channels + (classes > 0), w), nn.LeakyReLU(0.2),
            nn.Conv2d(w, 2 * w, 4, 2, 1, bias=bias), norm(kind, 2 * w), nn.LeakyReLU(0.2),
            *shrink,
            nn.Flatten(), *comparing, nn.Linear(features, 1),
        )  # fmt: skip
        self.channel_of = nn.Embedding(classes, size * size) if classes else None
        self.apply(_init_weights)
        if kind == "spectral":
            normalise_weights(self)

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Outputs of pictures, and of classes (B,) where it knows them."""
        if self.channel_of is not None:
            assert labels is not None
            x = torch.cat([x, self.channel_of(labels).view(-1, 1, *x.shape[2:]).to(x.dtype)], 1)
        return self.layers(x).flatten().float()


class GANTrainer(GameTrainer):
    """DCGAN."""

    settings: GANSettings
    data: TrainingData

    def build_g(self) -> Generator:
        """A new generator."""
        return Generator(self.settings, self.data.channels, self.data.size)

    def build_d(self) -> Discriminator:
        """A new discriminator."""
        return Discriminator(self.settings, self.data.channels, self.data.size)


class ConditionalGANTrainer(GameTrainer):
    """Conditional DCGAN: both players are told the class."""

    settings: GANSettings
    data: TrainingData

    def build_g(self) -> Generator:
        """A new generator.

        Raises:
            ValueError: if the pictures have no classes.
        """
        if not self.data.classes:
            raise ValueError(
                "a conditional GAN needs pictures with classes, and these have none: sort them into a folder for each "
                "class, or train a GAN that is not told the class"
            )
        return Generator(self.settings, self.data.channels, self.data.size, self.data.classes)

    def build_d(self) -> Discriminator:
        """A new discriminator."""
        return Discriminator(self.settings, self.data.channels, self.data.size, self.data.classes)

    @torch.inference_mode()
    def preview(self, count: int) -> Tensor:
        """The averaged generator on the same codes every time: all classes of the first, then all of the next."""
        classes, device, shape = self.data.classes, self.compute.device, (self.settings.latent_dim,)
        codes = image_noise(self.settings.seed, range(-(-count // classes)), shape).to(device)
        z = codes.repeat_interleave(classes, 0)[:count]
        return to_uint8(self.average(z, classes_in_turn(count, classes, device))).cpu()


def with_class(z: Tensor, labels: Tensor | None, classes: int) -> Tensor:
    """(B, D) with the class one-hot beside it, (B, D + classes); z itself without classes.

    Raises:
        ValueError: if a network that knows classes is told none.
    """
    if not classes:
        return z
    if labels is None:
        raise ValueError("this generator draws classes; say which")
    return torch.cat([z, F.one_hot(labels, classes).to(z.dtype)], 1)


def _sides(size: int) -> tuple[int, int]:
    """A quarter and an eighth of the side of a picture, px: 7 and 4 of 28, 8 and 4 of 32."""
    return size // 4, -(-size // 8)


def _init_weights(module: nn.Module) -> None:
    """N(0, 0.02) weights, as the paper has them."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
