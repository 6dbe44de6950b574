"""What every trainer shares: the data, the iteration, the optimiser's state, the averaged network."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from genstudio.core import parallel
from genstudio.core.compute import Compute
from genstudio.core.datasets import Dataset
from genstudio.core.images import to_float
from genstudio.core.seeding import generator

State = dict[str, Tensor]


class Batches(Protocol):
    """What a trainer learns from: a batch is a function of (seed, iteration)."""

    classes: int  # 0 if the labels mean nothing

    def batch(self, iteration: int, batch_size: int, seed: int) -> tuple[Tensor, Tensor]:
        """Examples (B, ...) and labels (B,)."""


class TrainingData:
    """A dataset as one uint8 tensor on the device; a batch is a function of (seed, iteration).

    Args:
        images: (N, H, W, C) uint8.
        labels: (N,) int64.
        classes: Number of classes; 0 if the labels mean nothing.
    """

    def __init__(self, images: Tensor, labels: Tensor, classes: int, device: torch.device) -> None:
        self.images = images.permute(0, 3, 1, 2).contiguous().to(device)  # (N, C, H, W)
        self.labels = labels.to(device)
        self.classes = classes
        self._shuffled: tuple[tuple[int, int], Tensor] | None = None  # the current epoch's order
        self._spread: tuple[int, Tensor] | None = None

    @classmethod
    def of(cls, dataset: Dataset, device: torch.device) -> TrainingData:
        """The pictures of a dataset."""
        images, labels = (torch.from_numpy(np.array(part)) for part in (dataset.images, dataset.labels))
        return cls(images, labels, len(dataset.classes), device)

    @property
    def channels(self) -> int:
        """1 or 3."""
        return self.images.shape[1]

    @property
    def size(self) -> int:
        """Side of the square pictures, px."""
        return self.images.shape[2]

    def batch(self, iteration: int, batch_size: int, seed: int) -> tuple[Tensor, Tensor]:
        """Pictures (B, C, H, W) in [-1, 1] and labels (B,): every epoch is a fresh permutation."""
        n = len(self.images)
        b = min(batch_size, n)
        epoch, position = divmod(iteration, n // b)
        order = self._order(seed, epoch)[position * b : (position + 1) * b]
        return self.examples(order), self.labels[order]

    def examples(self, rows: Tensor) -> Tensor:
        """Some of them, by their numbers (B,): (B, C, H, W) in [-1, 1]."""
        return to_float(self.images[rows])

    def spread(self, count: int) -> Tensor:
        """The numbers of `count` pictures, always the same, of as many classes as can be, also where they lie sorted.

        Without classes they lie at even distances.
        """
        if self._spread is None or self._spread[0] != count:
            rows = spread_rows(self.labels.cpu(), count) if self.classes else evenly(len(self.images), count)
            self._spread = count, rows.to(self.images.device)
        return self._spread[1]

    def _order(self, seed: int, epoch: int) -> Tensor:
        if self._shuffled is None or self._shuffled[0] != (seed, epoch):
            order = torch.randperm(len(self.images), generator=generator(seed, 0, epoch))
            self._shuffled = ((seed, epoch), order.to(self.images.device))
        return self._shuffled[1]


def spread_rows(labels: Tensor, count: int) -> Tensor:
    """The numbers of `count` rows by their labels (N,): the first of each class, then the second of each; of more
    classes than that some at even distances.
    """
    present = labels.unique()
    chosen = present[evenly(len(present), count)]
    rows = [(labels == label).nonzero().flatten()[:count].tolist() for label in chosen]
    turns = itertools.zip_longest(*rows)  # the first of each, the second of each
    return torch.tensor([row for turn in turns for row in turn if row is not None][:count])


def evenly(total: int, count: int) -> Tensor:
    """The numbers of `count` rows of so many, or of all, at even distances from the first to the last."""
    return torch.linspace(0, total - 1, min(count, total)).round().long()


class Trainer:
    """One run of one family. Lives on the thread that made it.

    Iteration k is a function of the weights, the settings and (seed, k): a run that is saved and
    resumed repeats the uninterrupted one bit for bit on the CPU.
    """

    metric_names: ClassVar[tuple[str, ...]]
    limit: ClassVar[float | None] = None  # of what it predicts clean, step by step; None if there is none
    preview_every_s: ClassVar[float] = 0.25  # what is seen of it is drawn at most so often,
    preview_share: ClassVar[float] = 0.03  # and takes at most this share of the time
    late: ClassVar[frozenset[str]] = frozenset()  # of the state: what files of older versions may lack
    most_iterations: ClassVar[int] = 0  # after which nothing is left to learn; 0: there is always more

    def __init__(self, settings: Any, data: Batches, compute: Compute) -> None:
        self.settings, self.data, self.compute = settings, data, compute
        self.iteration = 0  # finished ones
        self._metrics: Tensor = torch.zeros(len(self.metric_names))

    def stages(self) -> Iterator[str]:
        """One iteration as a generator that yields the name of each stage it has carried out."""
        raise NotImplementedError

    def preparing(self) -> Iterator[None]:
        """What is to be made before the next iteration, where a run begins or goes on; yields after each piece."""
        return iter(())

    def run_iteration(self) -> None:
        """One whole iteration."""
        for _ in self.stages():
            pass
        self.iteration += 1

    def metrics(self) -> Tensor:
        """The last iteration's losses in the order of `metric_names`, still on the device."""
        return self._metrics

    def set_metrics(self, metrics: Mapping[str, float]) -> None:
        """The last iteration's losses, of a run that goes on."""
        self._metrics = torch.tensor([metrics.get(name, 0.0) for name in self.metric_names])

    def preview(self, count: int) -> Tensor:
        """The fixed-z pictures of the model as it is now, (N, H, W, C) uint8."""
        raise NotImplementedError

    def numbers(self) -> dict[str, Tensor]:
        """What a family tells of itself beside its losses, by name."""
        return {}

    def loss_by_t(self) -> Tensor | None:
        """The loss lately in equal parts of t from 0 to T, (bins,) on the CPU; None of what knows no t."""
        return None

    def views(self) -> dict[str, Tensor]:
        """Pictures (N, H, W, C) uint8 beside the samples, by name: always of the same inputs or codes."""
        return {}

    def model(self) -> nn.Module:
        """The network that makes pictures: the averaged one where there is an average."""
        raise NotImplementedError

    def state(self) -> State:
        """Everything needed to go on, as flat named tensors on the CPU."""
        raise NotImplementedError

    def load_state(self, state: State) -> None:
        """Go on from `state`."""
        raise NotImplementedError

    def rng(self, what: int) -> torch.Generator:
        """The generator of this iteration for one purpose, numbered from 1."""
        return generator(self.settings.seed, what, self.iteration)

    def normal(self, what: int, count: int, *shape: int) -> Tensor:
        """Standard normal numbers of this iteration for a batch of `count`, drawn on the CPU: the own rows of them."""
        return parallel.mine(torch.randn(count, *shape, generator=self.rng(what))).to(self.compute.device)

    def learning_rate(self, peak: float) -> float:
        """`peak`, falling along half a cosine to zero where the settings ask for a decay."""
        if self.settings.decay == 0:
            return peak
        return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, self.iteration / self.settings.decay)))


def seeded(network_seed: int, build: Any) -> Any:
    """`build()` with initial weights that depend on the seed alone; the global generator is left as found."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(network_seed)
        return build()


class Averaging:
    """Keeps a network the exponential moving average of another, batch statistics and all.

    Their tensors are looked up once: of a tiny network that takes longer than to average them.
    """

    def __init__(self, average: nn.Module, network: nn.Module) -> None:
        kept, new = ([*one.parameters(), *one.buffers()] for one in (average, network))
        pairs = list(zip(kept, new, strict=True))
        self._kept = [tensor for tensor, _ in pairs if tensor.is_floating_point()]
        self._new = [tensor for kept, tensor in pairs if kept.is_floating_point()]
        self._counters = [pair for pair in pairs if not pair[0].is_floating_point()]

    @torch.no_grad()
    def update(self, decay: float, iteration: int) -> None:
        """One step towards the network as it is now, with a warm-up at the start."""
        weight = 1 - min(decay, (1 + iteration) / (10 + iteration))
        torch._foreach_lerp_(self._kept, self._new, weight)
        for kept, new in self._counters:
            kept.copy_(new)


def prefixed(prefix: str, state: State) -> State:
    """Names under a prefix, tensors on the CPU."""
    return {f"{prefix}.{name}": tensor.detach().cpu() for name, tensor in state.items()}


def under(prefix: str, state: State) -> State:
    """The entries below a prefix, without it."""
    return {name.removeprefix(prefix + "."): t for name, t in state.items() if name.startswith(prefix + ".")}
