"""Random numbers as a function of (seed, what for): no stream to save, so a resumed run repeats bit for bit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from genstudio.api import noise


def generator(*key: int) -> torch.Generator:
    """A CPU generator seeded by non-negative numbers, e.g. (seed, iteration)."""
    return torch.Generator().manual_seed(int(np.random.SeedSequence(key).generate_state(1)[0]))


def image_noise(seed: int, indices: Sequence[int], shape: tuple[int, ...]) -> Tensor:
    """Standard normal (len(indices), *shape); row k depends on (seed, indices[k]) alone, on every device."""
    return torch.from_numpy(np.stack([noise(seed, index, shape) for index in indices]))


class ImageNoise:
    """The noise of a stochastic sampler: one stream per picture, so a picture ignores its neighbours.

    Args:
        what: What it is for, a number of its own for each purpose; none for the pictures themselves.
    """

    AHEAD = 5  # draws that are made at once: dearer one by one beside a network, and of more the last are in vain

    def __init__(self, seed: int, indices: Sequence[int], device: torch.device, *what: int) -> None:
        self._streams = [np.random.default_rng((seed, index, *what)) for index in indices]
        self._device = device
        self._ahead: list[Tensor] = []  # the next draws, the last one first
        self.indices = tuple(indices)
        self.draws = 0  # so far

    def draw(self, shape: tuple[int, ...]) -> Tensor:
        """The next standard normal (B, *shape), always of one shape; the first draw equals `image_noise`."""
        if not self._ahead:
            count = self.AHEAD if self.draws else 1  # many samplers draw but once
            rows = np.empty((len(self._streams), count, *shape), np.float32)
            for stream, row in zip(self._streams, rows, strict=True):
                stream.standard_normal(out=row, dtype=np.float32)
            self._ahead = list(torch.from_numpy(rows).unbind(1))[::-1]
        self.draws += 1
        return self._ahead.pop().to(self._device)
