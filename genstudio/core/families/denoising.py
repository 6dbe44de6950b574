"""What everything that learns to take noise away shares: the levels it is shown, the step, the average, the state."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor, nn

from genstudio.core import parallel
from genstudio.core.compute import Compute
from genstudio.core.loss_by_t import LossByT
from genstudio.core.optimizers import adam, memory, remember, step
from genstudio.core.schedules import Schedule, schedule_of
from genstudio.core.training import Averaging, Batches, State, Trainer, prefixed, seeded, under


class DenoisingTrainer(Trainer):
    """A network that learns with Adam, and its average, which is what draws. Subclasses say which network, and learn.

    Args:
        settings: With `lr`, `ema_decay`, `timesteps`, and what `schedule_of` asks for.
    """

    metric_names = ("loss",)
    late = frozenset({"told.by_t"})  # files of pictures were without it

    def __init__(self, settings: Any, data: Batches, compute: Compute) -> None:
        super().__init__(settings, data, compute)
        self.schedule: Schedule = schedule_of(settings)
        self.net: Any = seeded(settings.seed, self.network).to(compute.device)
        self.average = copy.deepcopy(self.net).eval().requires_grad_(False)
        self._averaging = Averaging(self.average, self.net)
        self.optimizer = adam(self.learner(), settings.lr)
        self._descend = parallel.descent(self.learner())
        self.by_t = LossByT(settings.timesteps, compute.device, self.different_levels())

    def different_levels(self) -> int:
        """How many levels it is shown."""
        return int(self.settings.timesteps)

    def network(self) -> nn.Module:
        """What answers, new."""
        raise NotImplementedError

    def learner(self) -> nn.Module:
        """The part of it that learns."""
        network: nn.Module = self.net
        return network

    def with_noise(self, rng: torch.Generator) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Of this iteration: examples and noise (B, ...), classes (B,), and where in 0 .. 1 their levels lie,
        (B,) float64 on the CPU: Apple's GPUs have no such numbers.

        Levels are spread evenly over the batch: less noise in the loss (Kingma et al. 2021, arXiv:2107.00630, I.1).
        """
        x0, y = self.data.batch(self.iteration, self.settings.batch_size, self.settings.seed)
        share = (torch.rand((), generator=rng, dtype=torch.float64) + torch.arange(len(x0))) / len(x0)
        eps = torch.randn(x0.shape, generator=rng).to(x0.device)
        return x0, eps, y, share

    def levels(self, share: Tensor) -> Tensor:
        """The index t (B,) of each level, from 0 to T - 1, of where in 0 .. 1 it lies; where the network is."""
        timesteps = self.settings.timesteps
        return (share * timesteps).long().clamp(max=timesteps - 1).to(self.compute.device)

    def learn(self, loss: Tensor) -> None:
        """One step of the optimiser, and of the average."""
        self.optimizer.zero_grad()
        self._descend(loss)
        step(self.optimizer, self.learning_rate(self.settings.lr))
        self._averaging.update(self.settings.ema_decay, self.iteration)
        self._metrics = loss.detach()[None]

    def numbers(self) -> dict[str, Tensor]:
        """loss: (bins,) its running mean in each bin of t; bin_t: (bins,) the middle of each, counted from 1 to T."""
        return {"bin_t": self.by_t.middles() + 1.0, "loss": self.by_t.means()}

    def loss_by_t(self) -> Tensor:
        """Its running mean in each bin, NaN where nothing has been learnt yet."""
        return self.by_t.means()

    def model(self) -> nn.Module:
        """The averaged network."""
        network: nn.Module = self.average
        return network

    def state(self) -> State:
        """The network, its average, Adam's moments, and the loss by t."""
        return {
            **prefixed("net", self.net.state_dict()),
            **prefixed("average", self.average.state_dict()),
            **prefixed("opt", memory(self.optimizer)),
            **prefixed("told", {"by_t": self.by_t.sums}),
        }

    def load_state(self, state: State) -> None:
        """Go on from `state`."""
        self.net.load_state_dict(under("net", state))
        self.average.load_state_dict(under("average", state))
        remember(self.optimizer, under("opt", state))
        if "told.by_t" in state:
            self.by_t.sums.copy_(state["told.by_t"])
