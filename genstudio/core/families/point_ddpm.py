"""Diffusion of points in the plane or on a line, where one sees all of it and knows what the best network would say."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cached_property

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genstudio.core import parallel
from genstudio.core.compute import Compute
from genstudio.core.families.denoising import DenoisingTrainer
from genstudio.core.families.point_gan import dense
from genstudio.core.points import PointData
from genstudio.core.points.raster import SIDE, points_picture
from genstudio.core.points.sight import Sight
from genstudio.core.prediction import Predict, predictor, target
from genstudio.core.training import State
from genstudio.core.unet import time_embedding
from genstudio.settings.adversarial import REACH
from genstudio.settings.point_diffusion import LINE_REACH, PointDiffusionSettings

FEATURES = 32  # numbers that tell the level
WAVES = (2.0, 4.0, 8.0)  # per unit of the plane: with them small islands are learnt in seconds (Tancik et al. 2020)
CLOCK = 1000  # t runs to it, whatever T is
WAYS = 40  # in a picture of a line


class PointDenoiser(nn.Module):
    """x_t (B, D) at levels t (B,) from 0 to T - 1, to what the settings ask for, (B, D)."""

    def __init__(self, settings: PointDiffusionSettings, dimension: int) -> None:
        super().__init__()
        self.scale = CLOCK / settings.timesteps
        sizes = [dimension * (1 + 2 * len(WAVES)) + FEATURES, *[settings.width] * settings.depth]
        self.layers = nn.Sequential(*dense(sizes, nn.SiLU), nn.Linear(settings.width, dimension))

    def forward(self, x: Tensor, t: Tensor, labels: Tensor | None = None) -> Tensor:
        """The answer."""
        angles = torch.cat([wave * x for wave in WAVES], 1)
        return self.layers(torch.cat([x, angles.sin(), angles.cos(), time_embedding(self.scale * t, FEATURES)], 1))


class PointDDPMTrainer(DenoisingTrainer):
    """Predicts the noise in points, or what tells the same (Ho et al. 2020, algorithm 1); in float32."""

    preview_every_s, preview_share = 1 / 30, 0.25  # it is small, and meant to be seen moving
    settings: PointDiffusionSettings
    data: PointData

    def __init__(self, settings: PointDiffusionSettings, data: PointData, compute: Compute) -> None:
        super().__init__(settings, data, dataclasses.replace(compute, bf16=False))
        self._ways: tuple[tuple[int, str, int], Tensor] | None = None  # the newest flow, and what it is of

    def network(self) -> PointDenoiser:
        """For points of the data's dimension."""
        return PointDenoiser(self.settings, self.data.mixture.dimension)

    def stages(self) -> Iterator[str]:
        """Add noise, predict, update."""
        s = self.settings
        x0, eps, _, share = map(parallel.mine, self.with_noise(self.rng(1)))
        t = self.levels(share)
        signal, noise = self.schedule.of_batch(t, x0)
        x_t = signal * x0 + noise * eps
        yield "add noise"
        errors = F.mse_loss(self.net(x_t, t), target(s.objective, x0, eps, signal, noise), reduction="none").mean(1)
        yield "predict"
        self.learn(parallel.mean(errors))
        self.by_t.note(t, errors)
        yield "update"

    def predict(self) -> Predict:
        """What the averaged network says, as samplers ask it; no point is believed to be where no data can be."""
        return predictor(self._answer, self.settings.objective, self.data.mixture.reach)

    @torch.no_grad()
    def _answer(self, x_t: Tensor, t: float | Tensor) -> Tensor:
        levels = t if isinstance(t, Tensor) else torch.full((len(x_t),), float(t), device=x_t.device)
        answer: Tensor = self.average(x_t, levels)
        return answer

    @cached_property
    def _sight(self) -> Sight:
        return Sight(self.data.points, self.schedule, self.settings, self.by_t.middles(), self.compute.device)

    def numbers(self) -> dict[str, Tensor]:
        """What there is to see beside the loss, by name: see `Sight`."""
        return super().numbers() | self._sight.look(self._answer, self.flow(), self.settings.steps)

    def flow(self) -> Tensor:
        """The particles on their way, (L, N, D): always from the same noise."""
        s = self.settings
        of = self.iteration, s.sampler, s.steps
        if self._ways is None or self._ways[0] != of:
            self._ways = of, self._sight.flow(self.predict(), s.sampler, s.steps)
        return self._ways[1]

    def preview(self, count: int) -> Tensor:
        """One picture, (1, SIDE, SIDE, 3): the plane; of a line the ways of some particles, from the left."""
        ways, real = self.flow().cpu(), self._sight.real.cpu()
        if ways.shape[2] == 2:
            return points_picture(real, ways[-1])[None]
        drawn = F.interpolate(ways[:, :WAYS, 0].T[None], size=SIDE, mode="linear", align_corners=True)[
            0
        ]  # (WAYS, SIDE)
        places = torch.linspace(-0.95 * REACH, 0.9 * REACH, SIDE).expand_as(drawn)
        edge = torch.cat([torch.full_like(real, 0.95 * REACH), real * (REACH / LINE_REACH)], 1)
        return points_picture(edge, torch.stack([places, drawn * (REACH / LINE_REACH)], 2).view(-1, 2))[None]

    def load_state(self, state: State) -> None:
        """Go on from `state`."""
        super().load_state(state)
        self._ways = None
