"""Consistency models, distilled from a diffusion model (Song et al. 2023; arXiv:2303.01469)."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from genstudio.core import parallel
from genstudio.core.compute import Compute
from genstudio.core.families.ddpm import DDPMTrainer
from genstudio.core.families.ways import Ways
from genstudio.core.images import to_uint8
from genstudio.core.levels import trailing, trailing_timesteps
from genstudio.core.prediction import Objective, split
from genstudio.core.samplers import consistency
from genstudio.core.seeding import generator
from genstudio.core.training import TrainingData
from genstudio.core.unet import UNet
from genstudio.settings import ConsistencySettings

WAYS = 2  # what the noise of the teacher's ways is for
FROM_NOISE = 0.25  # share of the points that are pure noise beside their fair share: all is to be said at once there
HUBER = 0.00054  # for each root of a number in a picture (Song & Dhariwal 2023, arXiv:2310.14189, section 3.3)


class Lessons(TrainingData):
    """The same pictures, and a diffusion model that knows the way from noise to them.

    Args:
        teacher: Answers to `objective`, on the levels of the student's own schedule; it learns no more.
    """

    def __init__(self, data: TrainingData, teacher: UNet, objective: Objective) -> None:
        self.__dict__.update(data.__dict__)
        self.teacher, self.objective = teacher, objective


class ConsistencyTrainer(DDPMTrainer):
    """Learns to say the same of every point of the teacher's way: where it ends.

    f(x_t) = signal x_t - noise F(x_t), so f of a clean picture is that picture (eq. 5 with sigma_data = 1). The goal is
    the end itself (Luhman & Luhman 2021, arXiv:2101.02388, there for pure noise alone), or what the student says a step
    nearer to it (algorithm 2, without an average as in Song & Dhariwal 2023, arXiv:2310.14189, section 3.2).
    """

    settings: ConsistencySettings
    data: Lessons

    def __init__(self, settings: ConsistencySettings, data: Lessons, compute: Compute) -> None:
        super().__init__(settings, data, compute)
        if data.teacher.width == settings.width:  # one that tells the noise knows the pictures, too
            for network in (self.net, self.average):
                network.load_state_dict(data.teacher.state_dict())
        self._grid = torch.tensor([*trailing_timesteps(settings.timesteps, settings.grid), -1]).to(compute.device)
        self._ways = Ways(settings.grid)
        self._dropout = settings.class_dropout  # of the ways, which are the same again in a run that goes on

    def different_levels(self) -> int:
        """Those of the grid."""
        return self.settings.grid

    def preparing(self) -> Iterator[None]:
        """The ways that were gone before this iteration."""
        if self.settings.goal == "end":
            yield from self._ways.catch_up(self.iteration, self)

    def stages(self) -> Iterator[str]:
        """Go a step of the teacher's way, say where it ends, and learn to say what is so."""
        with torch.no_grad():
            x_t, at, y, goal = self._ends() if self.settings.goal == "end" else self._neighbours()
        yield "teach"
        t = self._grid[at]
        with self.compute.autocast():
            answer = self.net(x_t, t, y)
        found = self._said(answer, x_t, t)
        yield "predict"
        slack = HUBER * found[0].numel() ** 0.5
        distances = (((found - goal) ** 2).sum(dim=(1, 2, 3)) + slack**2).sqrt() - slack
        self.learn(parallel.mean(distances))
        self.by_t.note(t, distances)
        yield "update"

    def _said(self, answer: Tensor, x_t: Tensor, t: Tensor) -> Tensor:
        """The picture that an answer stands for."""
        return split(self.settings.objective, answer, x_t, *self.schedule.of_batch(t, x_t)).x0

    def _ends(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Points of the teacher's own ways, where in the grid they are, their classes, and the ends."""
        rng, grid, count = self.rng(1), self.settings.grid, self.settings.batch_size
        self._ways.go_to(self.iteration, self)
        share = (torch.rand((), generator=rng) + torch.arange(count)) / count
        at = ((share - FROM_NOISE) / (1 - FROM_NOISE) * grid).long().clamp(0, grid - 1).to(self.compute.device)
        x_t, y, goal = self._ways.drawn(at, rng)
        return parallel.mine(x_t), parallel.mine(at), parallel.mine(y), parallel.mine(goal)

    def _neighbours(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Pictures with noise, where in the grid they are, their classes, and what is said a step further."""
        x0, eps, y, share = map(parallel.mine, self.drawn())
        at = (share * self.settings.grid).long().clamp(max=self.settings.grid - 1).to(self.compute.device)
        signal, noise = self.schedule.of_batch(self._grid[at], x0)
        x_t, t_next = signal * x0 + noise * eps, self._grid[at + 1]
        x_next = self._step(x_t, y, at)
        with self.compute.autocast():
            answer = self.net(x_next, t_next, y)
        return x_t, at, y, self._said(answer, x_next, t_next)

    def _step(self, x: Tensor, y: Tensor, at: Tensor) -> Tensor:
        """The teacher's: DDIM from a point `at` (B,) of the grid to the next, as `core.samplers.ddim` goes."""
        t, t_next = self._grid[at], self._grid[at + 1]
        signal, noise = self.schedule.of_batch(t, x)
        signal_next, noise_next = self.schedule.of_batch(t_next, x)
        with self.compute.autocast():
            answer = self.data.teacher(x, t, y)
        taught = split(self.data.objective, answer, x, signal, noise).x0.clamp(-1, 1)
        return signal_next * taught + noise_next * (x - signal * taught) / noise

    def begin(self, number: int) -> tuple[Tensor, Tensor]:
        """Noise of a batch of ways, and classes in turn, of which some are lost."""
        count, classes = self.settings.batch_size, self.data.classes
        rng = generator(self.settings.seed, WAYS, number)
        y = torch.arange(count) % classes if classes else torch.zeros(count, dtype=torch.int64)
        lost = torch.rand(count, generator=rng) < self._dropout
        noise = torch.randn(count, *self.shape(), generator=rng)
        return noise.to(self.compute.device), y.masked_fill(lost, classes).to(self.compute.device)

    @torch.no_grad()
    def walk(self, states: Tensor, classes: Tensor, step: int) -> Tensor:
        """Ways a step further."""
        at = torch.full((len(states),), step, device=states.device)
        own = self._step(parallel.mine(states), parallel.mine(classes), parallel.mine(at))
        return parallel.whole(own, len(states))

    def preview(self, count: int) -> Tensor:
        """In two steps from the same noise every time, classes in turn."""
        predict, rng, x = self.fixed(count)
        for current in consistency(predict, trailing(self.schedule, 2), x, rng):
            x = current.x_t
        return to_uint8(x).cpu()
