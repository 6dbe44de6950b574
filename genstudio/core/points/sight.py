"""What one sees of a diffusion of points: particles on their way, the field that moves them, and how true it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import torch
from torch import Tensor

from genstudio.core.levels import Level, uniform
from genstudio.core.metrics import point_divergence as between
from genstudio.core.points.exact import exact, noised, uncertainty
from genstudio.core.points.mixture import Mixture
from genstudio.core.points.sets import PointSet
from genstudio.core.prediction import Predict, Scale, split, target
from genstudio.core.samplers import SAMPLERS
from genstudio.core.schedules import Schedule
from genstudio.core.seeding import generator
from genstudio.settings.point_diffusion import LINE_REACH, PLANE_REACH, PointDiffusionSettings

PARTICLES, SHOWN = 1000, 400  # on their way, and those that are shown
MOMENTS = 24  # of the way that are shown, besides its beginning
FIELD, LINE = 15, 65  # places a side of the plane, and along the line, where the field is asked
PROBES = 96  # points in each bin of t at which the field is compared with the true one
SEEING = 1 << 20  # purpose of the random numbers that show: far beyond those of an iteration
Answer = Callable[[Tensor, Tensor], Tensor]  # what the network was trained for, of x_t (B, D) and t (B,)


class CloudNoise:
    """The noise of a stochastic sampler that moves many points: one stream for all of them."""

    def __init__(self, count: int, rng: torch.Generator, device: torch.device) -> None:
        self._count, self._rng, self._device = count, rng, device

    def draw(self, shape: tuple[int, ...]) -> Tensor:
        """The next standard normal (count, *shape)."""
        return torch.randn(self._count, *shape, generator=self._rng).to(self._device)


def moments_of(steps: int) -> list[int]:
    """The steps of the way that are shown, the first and the last among them."""
    return sorted({round(steps * k / MOMENTS) for k in range(MOMENTS + 1)}) if steps > MOMENTS else [*range(steps + 1)]


def flow(predict: Predict, schedule: Schedule, sampler: str, steps: int, x: Tensor, noise: CloudNoise) -> Tensor:
    """Particles x (N, D) from noise to data, at the moments of the way, (L, N, D)."""
    way = SAMPLERS[sampler].run(predict, uniform(schedule, steps), x, noise)
    shown = set(moments_of(steps))
    return torch.stack([current.x_t for current in way if current.index in shown])


class Sight:
    """Always the same noise, places and probes, so that what is told changes with the network alone.

    Args:
        bin_t: (bins,) int64, the indices at which field and loss are compared with the best.

    `look` tells:
        real: (SHOWN, D) points.
        t: (L,) T to 0, of the moments of the way; signal, noise: (L,) their levels.
        particles: (L, SHOWN, D) from noise to data.
        axis: (G,) the places of the field in every direction; FIELD of them in the plane, LINE on a line.
        field, true_field: (L, G, G, 2) from the top row on, or (L, G, 1): -eps as the network predicts it, and as the
            best one would: noise times the score, where each place is pulled; at t = 0 that of the lowest level.
        density: (L, G) p_t along the line; of a line only.
        error: (bins,) mean square of field - true_field over points of p_t.
        floor: (bins,) the least loss that there can be.
        wasserstein: (2,) how far the particles end from real points, and its standard error.
        modes: (3,) islands that are covered, the share of points of high quality, and how many there are; of a set
            with islands only.
    """

    def __init__(
        self,
        points: PointSet,
        schedule: Schedule,
        settings: PointDiffusionSettings,
        bin_t: Tensor,
        device: torch.device,
    ) -> None:
        self._points, self._mixture, self._schedule, self._device = points, points.mixture, schedule, device
        self._objective, self._bin_t = settings.objective, bin_t
        self._seed, self._dimension = settings.seed, points.mixture.dimension
        self.real = self._judged[:SHOWN].to(device)
        self._best: tuple[int, dict[str, Tensor]] | None = None

    def flow(self, predict: Predict, sampler: str, steps: int) -> Tensor:
        """All particles on their way, (L, PARTICLES, D)."""
        noise = CloudNoise(PARTICLES, generator(self._seed, SEEING, 2), self._device)
        x = noise.draw((self._dimension,))
        return flow(predict, self._schedule, sampler, min(steps, len(self._schedule)), x, noise)

    def look(self, answer: Answer, ways: Tensor, steps: int) -> dict[str, Tensor]:
        """All that there is to see of a network, and of the ways that its particles take in so many steps."""
        told = {"real": self.real, "particles": ways[:, :SHOWN].contiguous(), **self._constant(steps)}
        told |= {"field": self._field(answer, steps), "error": self._error(answer)}
        return told | self._distances(ways[-1].cpu())

    # ---- the field --------------------------------------------------------------------------------------

    def _levels(self, steps: int) -> list[Level]:
        steps = min(steps, len(self._schedule))
        levels = uniform(self._schedule, steps)
        return [levels[k] for k in moments_of(steps)]

    def _constant(self, steps: int) -> dict[str, Tensor]:
        """What no learning changes: the best field, the densities, the levels."""
        if self._best is None or self._best[0] != steps:
            levels = self._levels(steps)
            x, _, signal, noise = self._places(levels)
            best = -exact(self._mixture, x, signal, noise).eps
            told = {
                "t": torch.tensor([level.t + 1 for level in levels]), "axis": self._axis,
                "signal": torch.tensor([level.signal for level in levels]),
                "noise": torch.tensor([level.noise for level in levels]),
                "true_field": best.view(len(levels), *self._shape), "floor": self._floor,
            }  # fmt: skip
            if self._dimension == 1:
                told["density"] = torch.stack([self._density(level) for level in levels])
            self._best = steps, told
        return self._best[1]

    def _density(self, level: Level) -> Tensor:
        mixture: Mixture = noised(self._mixture, level.signal, level.noise)
        return mixture.log_density(self._axis[:, None]).exp()

    @property
    def _shape(self) -> tuple[int, ...]:
        return (FIELD, FIELD, 2) if self._dimension == 2 else (LINE, 1)

    @cached_property
    def _axis(self) -> Tensor:
        in_plane = self._dimension == 2
        reach = PLANE_REACH if in_plane else LINE_REACH
        return torch.linspace(-reach, reach, FIELD if in_plane else LINE)

    def _places(self, levels: list[Level]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Places (L G, D) or (L G G, D), their t (L G,), and signal and noise (L G, 1), on the CPU."""
        x = self._axis[:, None]
        if self._dimension == 2:
            row, column = torch.meshgrid(self._axis.flip(0), self._axis, indexing="ij")
            x = torch.stack([column, row], -1).view(-1, 2)
        noisy = [level if level.noise else self._schedule.level(0) for level in levels]
        numbers = torch.tensor([[level.t, level.signal, level.noise] for level in noisy]).repeat_interleave(len(x), 0)
        t, signal, noise = numbers.split(1, 1)
        return x.repeat(len(levels), 1), t.flatten(), signal, noise

    def _field(self, answer: Answer, steps: int) -> Tensor:
        levels = self._levels(steps)
        return -self._noise_in(answer, *self._places(levels)).view(len(levels), *self._shape)

    def _noise_in(self, answer: Answer, x: Tensor, t: Tensor, signal: Scale, noise: Scale) -> Tensor:
        """What the network takes for noise, on the CPU."""
        told = answer(x.to(self._device), t.to(self._device)).cpu()
        return split(self._objective, told, x, signal, noise).eps

    # ---- how true it is ---------------------------------------------------------------------------------

    @cached_property
    def _probes(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Points x_t at the middle of each bin, and their t, signal and noise."""
        rng = generator(self._seed, SEEING, 3)
        x0 = self._mixture.sample(len(self._bin_t) * PROBES, rng)
        t = self._bin_t.repeat_interleave(PROBES)
        signal, noise = self._schedule.of_batch(t, x0)
        return signal * x0 + noise * torch.randn(x0.shape, generator=rng), t, signal, noise

    @cached_property
    def _best_noise(self) -> Tensor:
        x_t, _, signal, noise = self._probes
        return exact(self._mixture, x_t, signal, noise).eps

    @cached_property
    def _floor(self) -> Tensor:
        """The loss of the best network in each bin: the answer goes with x0, of which nobody can know all."""
        x_t, _, signal, noise = self._probes
        slope = target(
            self._objective, torch.ones_like(signal), -signal / noise, signal, noise
        )  # eps = (x_t - s x0) / n
        missed = slope.flatten().square() * uncertainty(self._mixture, x_t, signal, noise)
        return missed.view(len(self._bin_t), -1).mean(1)

    def _error(self, answer: Answer) -> Tensor:
        x_t, t, signal, noise = self._probes
        found = self._noise_in(answer, x_t, t, signal, noise) - self._best_noise
        return found.square().view(len(self._bin_t), -1).mean(1)

    # ---- how far from the data --------------------------------------------------------------------------

    @cached_property
    def _judged(self) -> Tensor:
        return self._mixture.sample(PARTICLES, generator(self._seed, SEEING, 1))

    @cached_property
    def _slices(self) -> between.Slices:
        return between.Slices.of(self._judged, generator(self._seed, SEEING, 4))

    def _distances(self, found: Tensor) -> dict[str, Tensor]:
        moved = self._slices.distance(found)
        told = {"wasserstein": torch.tensor([moved.value, moved.error])}
        if self._points.has_modes:
            covered, share = between.modes_covered(self._mixture, found)
            told["modes"] = torch.tensor([covered, share, len(self._mixture.centres)])
        return told
