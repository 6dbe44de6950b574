"""DCGAN with the non-saturating loss (Goodfellow et al. 2014; Radford et al. 2016, arXiv:1511.06434)."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genstudio.core.compute import Compute
from genstudio.core.images import to_uint8
from genstudio.core.seeding import image_noise
from genstudio.core.thin_conv import ThinConv2d, ThinConvTranspose2d
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
    update_average,
)
from genstudio.settings import GANSettings

BETAS = (0.5, 0.999)  # Radford et al. 2016, section 3


class Generator(nn.Module):
    """z (B, D) to pictures (B, C, H, W) in [-1, 1]: (an eighth of the side,) a quarter, a half, the whole."""

    def __init__(self, settings: GANSettings, channels: int, size: int) -> None:
        super().__init__()
        w, quarter, eighth = settings.width, *_sides(size)
        self.latent_dim = settings.latent_dim
        first, side = 2 * w, quarter
        grow: list[nn.Module] = []  # a layer that is not used draws no weights: two levels begin as without this choice
        if settings.levels == 3:
            first, side, beyond = 4 * w, eighth, quarter - (2 * eighth - 1)
            grow = [nn.ConvTranspose2d(4 * w, 2 * w, 3, 2, 1, beyond, bias=False), nn.BatchNorm2d(2 * w), nn.ReLU()]
        self.layers = nn.Sequential(
            nn.Linear(settings.latent_dim, first * side * side, bias=False),
            nn.Unflatten(1, (first, side, side)), nn.BatchNorm2d(first), nn.ReLU(),
            *grow,
            nn.ConvTranspose2d(2 * w, w, 4, 2, 1, bias=False), nn.BatchNorm2d(w), nn.ReLU(),
            ThinConvTranspose2d(w, channels), nn.Tanh(),
        )  # fmt: skip
        self.apply(_init_weights)

    def forward(self, z: Tensor) -> Tensor:
        """Pictures of codes."""
        return self.layers(z).float()

    def decode(self, z: Tensor) -> Tensor:
        """The same under the name that every latent model has."""
        return self(z)


class Discriminator(nn.Module):
    """Pictures (B, C, H, W) to logits (B,): above 0 means "real"."""

    def __init__(self, settings: GANSettings, channels: int, size: int) -> None:
        super().__init__()
        w, quarter, eighth = settings.d_width, *_sides(size)
        last, side = 2 * w, quarter
        shrink: list[nn.Module] = []
        if settings.levels == 3:
            last, side = 4 * w, eighth
            shrink = [nn.Conv2d(2 * w, 4 * w, 3, 2, 1, bias=False), nn.BatchNorm2d(4 * w), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(
            ThinConv2d(channels, w), nn.LeakyReLU(0.2),
            nn.Conv2d(w, 2 * w, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * w), nn.LeakyReLU(0.2),
            *shrink,
            nn.Flatten(), nn.Linear(last * side * side, 1),
        )  # fmt: skip
        self.apply(_init_weights)

    def forward(self, x: Tensor) -> Tensor:
        """Logits of pictures."""
        return self.layers(x).flatten().float()


def _sides(size: int) -> tuple[int, int]:
    """A quarter and an eighth of the side of a picture, px: 7 and 4 of 28, 8 and 4 of 32."""
    return size // 4, -(-size // 8)


def _init_weights(module: nn.Module) -> None:
    """N(0, 0.02) weights, as the paper has them."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)


def d_loss(real_logits: Tensor, fake_logits: Tensor, real_label: float = 1.0) -> Tensor:
    """-E[log D(x)] - E[log(1 - D(G(z)))] from logits, the real term with one-sided smoothing.

    Goodfellow et al. 2014, eq. 1; smoothing: Salimans et al. 2016 (arXiv:1606.03498), section 3.4.
    """
    real = real_label * F.softplus(-real_logits) + (1 - real_label) * F.softplus(real_logits)
    return real.mean() + F.softplus(fake_logits).mean()


def g_loss(fake_logits: Tensor) -> Tensor:
    """-E[log D(G(z))] from logits, the non-saturating loss (Goodfellow et al. 2014, section 3)."""
    return F.softplus(-fake_logits).mean()


class GANTrainer(Trainer):
    """One update of D, then one of G; the pictures come from an average of G."""

    metric_names = ("d_loss", "g_loss", "d_real", "d_fake")
    settings: GANSettings

    def __init__(self, settings: GANSettings, data: TrainingData, compute: Compute) -> None:
        super().__init__(settings, data, compute)
        shape = (data.channels, data.size)
        self.g: Generator = seeded(settings.seed, lambda: Generator(settings, *shape)).to(compute.device)
        self.d: Discriminator = seeded(settings.seed + 1, lambda: Discriminator(settings, *shape)).to(compute.device)
        self.average = copy.deepcopy(self.g).eval().requires_grad_(False)
        self.opt_g, self.opt_d = adam(self.g, settings.lr_g, BETAS), adam(self.d, settings.lr_d, BETAS)

    def stages(self) -> Iterator[str]:
        """Draw, generate, score, update D, score again, update G."""
        s = self.settings
        x, _ = self.data.batch(self.iteration, s.batch_size, s.seed)
        z = self.normal(1, len(x), s.latent_dim)
        yield "draw"
        with self.compute.autocast():
            fake = self.g(z)
        yield "generate"
        with self.compute.autocast():
            real_logits, fake_logits = self.d(x), self.d(fake.detach())
        loss_d = d_loss(real_logits, fake_logits, s.real_label)
        yield "score"
        self.opt_d.zero_grad()
        loss_d.backward()
        step(self.opt_d, self.learning_rate(s.lr_d))
        yield "update D"
        self.d.requires_grad_(False)  # the gradient passes through D, but D's own is not computed
        with self.compute.autocast():
            loss_g = g_loss(self.d(fake))
        self.opt_g.zero_grad()
        loss_g.backward()
        self.d.requires_grad_(True)
        step(self.opt_g, self.learning_rate(s.lr_g))
        update_average(self.average, self.g, s.ema_decay, self.iteration)
        confidence = [real_logits.detach().sigmoid().mean(), fake_logits.detach().sigmoid().mean()]
        self._metrics = torch.stack([loss_d.detach(), loss_g.detach(), *confidence])
        yield "update G"

    @torch.inference_mode()
    def preview(self, count: int) -> Tensor:
        """The averaged generator on the same codes every time."""
        z = image_noise(self.settings.seed, range(count), (self.settings.latent_dim,)).to(self.compute.device)
        return to_uint8(self.average(z)).cpu()

    def model(self) -> Generator:
        """The averaged generator."""
        return self.average

    def state(self) -> State:
        """Both networks, the average and Adam's moments."""
        return {
            **prefixed("g", self.g.state_dict()),
            **prefixed("d", self.d.state_dict()),
            **prefixed("average", self.average.state_dict()),
            **prefixed("opt_g", optimizer_state(self.opt_g)),
            **prefixed("opt_d", optimizer_state(self.opt_d)),
        }

    def load_state(self, state: State) -> None:
        """Go on from `state`."""
        for name, network in (("g", self.g), ("d", self.d), ("average", self.average)):
            network.load_state_dict(under(name, state))
        load_optimizer_state(self.opt_g, under("opt_g", state))
        load_optimizer_state(self.opt_d, under("opt_d", state))
