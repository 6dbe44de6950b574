"""Consistency models, distilled from a diffusion model (Song et al. 2023; arXiv:2303.01469)."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from genstudio.core.compute import Compute
from genstudio.core.families.ddpm import DDPMTrainer
from genstudio.core.images import to_uint8
from genstudio.core.levels import trailing, trailing_timesteps
from genstudio.core.prediction import Objective, split
from genstudio.core.samplers import consistency
from genstudio.core.training import TrainingData
from genstudio.core.unet import UNet
from genstudio.settings import ConsistencySettings

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
    """Learns to say the same of every point of the teacher's way: where it ends (algorithm 2).

    f(x_t) = signal x_t - noise F(x_t), so f of a clean picture is that picture (eq. 5 with sigma_data = 1).
    """

    settings: ConsistencySettings
    data: Lessons

    def __init__(self, settings: ConsistencySettings, data: Lessons, compute: Compute) -> None:
        super().__init__(settings, data, compute)
        if data.teacher.width == settings.width:  # one that tells the noise knows the pictures, too
            for network in (self.net, self.average):
                network.load_state_dict(data.teacher.state_dict())
        grid = torch.tensor([*trailing_timesteps(settings.timesteps, settings.grid), -1])
        self._t, self._t_next = grid[:-1].to(compute.device), grid[1:].to(compute.device)

    def different_levels(self) -> int:
        """Those of the grid."""
        return min(self.settings.grid, self.settings.timesteps)

    def stages(self) -> Iterator[str]:
        """Go a step of the teacher's way, say where it ends from both ends of the step, and let both agree."""
        s, data = self.settings, self.data
        x0, eps, y, share = self.drawn()
        at = (share * s.grid).long().clamp(max=s.grid - 1)
        t, t_next = self._t[at], self._t_next[at]
        signal, noise = self.schedule.of_batch(t, x0)
        signal_next, noise_next = self.schedule.of_batch(t_next, x0)
        x_t = signal * x0 + noise * eps
        with torch.no_grad(), self.compute.autocast():
            taught = split(data.objective, data.teacher(x_t, t, y), x_t, signal, noise)
            x_next = signal_next * taught.x0.clamp(-1, 1) + noise_next * taught.eps
            goal = split(s.objective, self.average(x_next, t_next, y), x_next, signal_next, noise_next).x0
        yield "teach"
        with self.compute.autocast():
            answer = self.net(x_t, t, y)
        found = split(s.objective, answer, x_t, signal, noise).x0
        yield "predict"
        slack = HUBER * found[0].numel() ** 0.5
        distances = (((found - goal) ** 2).sum(dim=(1, 2, 3)) + slack**2).sqrt() - slack
        self.learn(distances.mean())
        self.by_t.note(t, distances)
        yield "update"

    def preview(self, count: int) -> Tensor:
        """In two steps from the same noise every time, classes in turn."""
        predict, rng, x = self.fixed(count)
        for current in consistency(predict, trailing(self.schedule, 2), x, rng):
            x = current.x_t
        return to_uint8(x).cpu()
