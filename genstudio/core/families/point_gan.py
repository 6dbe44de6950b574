"""The game on points in the plane, where one sees all of it (after GAN Lab, Kahng et al. 2019, arXiv:1809.01587)."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Sequence
from functools import cached_property

import torch
from torch import Tensor, nn

from genstudio.core.adversarial.diversity import diversity_layer
from genstudio.core.adversarial.game import GameTrainer
from genstudio.core.adversarial.losses import LOSSES
from genstudio.core.adversarial.normalisation import normalise_weights
from genstudio.core.compute import Compute
from genstudio.core.metrics import point_divergence as between
from genstudio.core.points import Mixture, PointData, PointSet
from genstudio.core.points.raster import points_picture
from genstudio.core.seeding import generator
from genstudio.settings.adversarial import REACH, PointGANSettings

SHOWN, ARROWS = 512, 128  # points, and those whose gradient is shown
JUDGED = 2000  # points of each kind that the divergences count
FIELD = 40  # places a side where D is asked
WARP = 16  # lines a side of the grid that G bends
KERNEL = 0.12  # standard deviation of the kernels that estimate the generated density
JUDGING = 1 << 20  # purpose of the random numbers that judge: far beyond those of an iteration's updates


def dense(sizes: Sequence[int], activation: type[nn.Module]) -> list[nn.Module]:
    """Linear layers from size to size, each with the activation after it."""
    layers: list[nn.Module] = []
    for before, after in itertools.pairwise(sizes):
        layers += [nn.Linear(before, after), activation()]
    return layers


class PointGenerator(nn.Module):
    """z (B, D) to points (B, 2)."""

    def __init__(self, settings: PointGANSettings) -> None:
        super().__init__()
        self.latent_dim = settings.latent_dim
        hidden = [settings.hidden] * settings.layers
        self.layers = nn.Sequential(*dense([settings.latent_dim, *hidden], nn.ReLU), nn.Linear(settings.hidden, 2))

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Points of codes."""
        return self.layers(z)


class PointDiscriminator(nn.Module):
    """Points (B, 2) to outputs (B,)."""

    def __init__(self, settings: PointGANSettings) -> None:
        super().__init__()
        hidden = [settings.hidden] * settings.layers
        comparing, features = diversity_layer(settings.diversity, settings.hidden)
        self.layers = nn.Sequential(*dense([2, *hidden], nn.ReLU), *comparing, nn.Linear(features, 1))
        if settings.d_norm == "spectral":
            normalise_weights(self)

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Outputs of points."""
        return self.layers(x).flatten()


class PointGANTrainer(GameTrainer):
    """In float32, which is fastest for so little work; what is shown comes from G itself, not from its average."""

    preview_every_s, preview_share = 1 / 30, 0.2  # it is small, and meant to be seen moving
    settings: PointGANSettings
    data: PointData

    def __init__(self, settings: PointGANSettings, data: PointData, compute: Compute) -> None:
        if data.mixture.dimension != 2:
            raise ValueError(f"{data.points.name} lies on a line; a game needs points in the plane")
        super().__init__(settings, data, dataclasses.replace(compute, bf16=False))
        shape = JUDGED, settings.latent_dim
        self._shown_codes = torch.randn(shape, generator=generator(settings.seed, JUDGING, 2)).to(compute.device)
        self._blurred: tuple[float, Tensor] | None = None

    def build_g(self) -> PointGenerator:
        """A new generator."""
        return PointGenerator(self.settings)

    def build_d(self) -> PointDiscriminator:
        """A new discriminator."""
        return PointDiscriminator(self.settings)

    @torch.no_grad()
    def generated(self, count: int) -> Tensor:
        """Points (count, 2), at most JUDGED, of G as it is, of the same codes every time."""
        return self.g(self._shown_codes[:count])

    def numbers(self) -> dict[str, Tensor]:
        """What there is to see of the game, besides what every game tells.

        real, fake: (SHOWN, 2) points.
        arrows: (ARROWS, 2): where G's loss pulls each of the first generated points, -dL/dx.
        field: (FIELD, FIELD) what D says of the plane, top row (y = +REACH) first. Where D compares the examples of a
            batch, what it says of a place depends on the others.
        best: (FIELD, FIELD) what the best D would say there, of a log loss only: real_label p / (p + q), with p and the
            generated points blurred by the same kernel, and by the noise on what D sees.
        noise: (SHOWN, 2) the codes of the generated points, of two latents only; and of those
        quantiles, warp: (WARP, WARP, 2) a grid of the prior's quantiles, and where G puts it.
        js, kl, wasserstein: (2,) how far the generated points are from the real ones, and its standard error.
        islands: (K, 3) their centres, and how far they reach: within so much of the nearest a point is of high quality;
            and
        modes: (3,) islands that are covered, the share of points of high quality, and how many islands there are; of a
            set with islands only.
        strokes: The same of the strokes of a drawing with lines.
        """
        judged = self.generated(JUDGED)
        fake = judged[:SHOWN]
        self.d.eval()  # looking must not move what D remembers: the vectors of a spectral norm
        told = {"real": self._shown_real, "fake": fake, "arrows": self._arrows(fake[:ARROWS]), **self._fields(fake)}
        self.d.train()
        told |= self._distances(judged.cpu())
        if self.settings.latent_dim == 2:
            told |= {"warp": self._warp(), "quantiles": self._quantiles, "noise": self._shown_codes[:SHOWN]}
        return {**super().numbers(), **told}

    def preview(self, count: int) -> Tensor:
        """One picture of the plane, (1, SIDE, SIDE, 3)."""
        return points_picture(self._shown_real, self.generated(SHOWN))[None]

    def _distances(self, fake: Tensor) -> dict[str, Tensor]:
        counted = self._counter.against(fake)
        bands = {"js": counted.js(), "kl": counted.kl(), "wasserstein": self._slices.distance(fake)}
        found = {name: torch.tensor([band.value, band.error]) for name, band in bands.items()}
        if self.data.points.has_modes:
            covered, share = between.modes_covered(self.data.mixture, fake)
            found["modes"] = torch.tensor([covered, share, len(self.data.mixture.centres)])
            found["islands"] = self._islands
        elif (strokes := self.data.points.strokes) is not None:
            covered, share = between.strokes_covered(self.data.mixture, strokes, fake)
            found["strokes"] = torch.tensor([covered, share, int(strokes.max()) + 1])
        return found

    @cached_property
    def _islands(self) -> Tensor:
        mixture = self.data.mixture
        return torch.cat([mixture.centres, between.NEAR * mixture.sigmas[:, None]], 1)

    @cached_property
    def _judged(self) -> Tensor:
        return self._real(JUDGED).cpu()

    @cached_property
    def _counter(self) -> between.Counter:
        return between.Counter.of(self._judged, JUDGED, generator(self.settings.seed, JUDGING, 0))

    @cached_property
    def _slices(self) -> between.Slices:
        return between.Slices.of(self._judged, generator(self.settings.seed, JUDGING, 3))

    @cached_property
    def _shown_real(self) -> Tensor:
        return self._real(SHOWN)

    @cached_property
    def _places(self) -> Tensor:
        return plane_of(FIELD).to(self.compute.device)

    def _real(self, count: int) -> Tensor:
        return real_points(self.data.points, count, self.settings.seed).to(self.compute.device)

    def _arrows(self, fake: Tensor) -> Tensor:
        x = fake.detach().requires_grad_(True)
        loss = LOSSES[self.settings.loss].g(self.d(x)) * len(x)  # of each point, not of their mean
        (gradient,) = torch.autograd.grad(loss, x)
        return -gradient

    @torch.no_grad()
    def _fields(self, fake: Tensor) -> dict[str, Tensor]:
        loss = LOSSES[self.settings.loss]
        told = {"field": loss.confidence(self.d(self._places)).view(FIELD, FIELD)}
        if loss.is_logit:
            width = math.hypot(KERNEL, self.settings.instance_noise)
            q = Mixture(fake.cpu(), width).log_density_on(*self._axes)
            told["best"] = self.settings.real_label * between.optimal_discriminator(self._log_p(width), q).float()
        return told

    @cached_property
    def _axes(self) -> tuple[Tensor, Tensor]:
        axis = torch.linspace(-REACH, REACH, FIELD)  # on the CPU: not every device has float64
        return axis, axis.flip(0)

    def _log_p(self, width: float) -> Tensor:
        """That of the real points, blurred so much, (FIELD, FIELD); the newest is kept."""
        if self._blurred is None or self._blurred[0] != width:
            self._blurred = width, self.data.mixture.blurred(width).log_density_on(*self._axes)
        return self._blurred[1]

    @torch.no_grad()
    def _warp(self) -> Tensor:
        return self.g(self._quantiles.view(-1, 2)).view(WARP, WARP, 2)

    @cached_property
    def _quantiles(self) -> Tensor:
        z = torch.special.ndtri((torch.arange(WARP) + 0.5) / WARP).float()
        return torch.cartesian_prod(z, z).view(WARP, WARP, 2).to(self.compute.device)


def real_points(points: PointSet, count: int, seed: int) -> Tensor:
    """Those (count, 2) that a game of such a seed shows and is judged by."""
    return points.mixture.sample(count, generator(seed, JUDGING, 1))


def plane_of(side: int) -> Tensor:
    """(side^2, 2) places over the plane, row by row from the top."""
    axis = torch.linspace(-REACH, REACH, side)
    y, x = torch.meshgrid(axis.flip(0), axis, indexing="ij")
    return torch.stack([x, y], -1).view(-1, 2)
