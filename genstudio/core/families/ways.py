"""A teacher's ways from noise to picture, made beside the learning of its student, one network call an iteration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import torch
from torch import Tensor

KEPT = 4  # batches of whole ways that are learnt from


class Guide(Protocol):
    """Knows where ways begin, and how they go on."""

    def begin(self, number: int) -> tuple[Tensor, Tensor]:
        """Noise (B, C, H, W) and classes (B,) of a batch of ways, always the same."""

    def walk(self, states: Tensor, classes: Tensor, step: int) -> Tensor:
        """The states a step further."""


class Ways:
    """What there is of them is a function of the iteration, so a run that goes on makes the same again.

    Args:
        steps: Of a way; so many iterations make a batch of ways, while the last `KEPT` are learnt from.
    """

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._pool = torch.empty(0), torch.empty(0)  # whole ones beside each other: (steps + 1, N, C, H, W), (N,)
        self._states: list[Tensor] = []  # of the ways that are under way
        self._classes = torch.empty(0)
        self._iteration = -1

    def catch_up(self, iteration: int, guide: Guide) -> Iterator[None]:
        """Have all that there is before an iteration; yields after each network call. Nothing is to be done where the
        iteration before it was the last one."""
        if iteration == self._iteration + 1 and len(self._pool[1]):
            return
        newest = iteration // self._steps  # of the whole ones
        self._iteration = -2  # if nobody waits for the end, what there is then is of none
        self._pool = torch.empty(0), torch.empty(0)
        for number in range(max(newest - KEPT + 1, 0), newest + 1):
            self._start(number, guide)
            for _ in range(self._steps):
                self._go(guide)
                yield
        self._start(newest + 1, guide)
        for _ in range(iteration % self._steps):
            self._go(guide)
            yield
        self._iteration = iteration - 1

    def go_to(self, iteration: int, guide: Guide) -> None:
        """Have those of an iteration; one after the other costs a network call, any other all that are kept."""
        for _ in self.catch_up(iteration, guide):
            pass
        self._go(guide)
        self._iteration = iteration

    def _start(self, number: int, guide: Guide) -> None:
        noise, self._classes = guide.begin(number)
        self._states, self._number = [noise], number

    def _go(self, guide: Guide) -> None:
        self._states.append(guide.walk(self._states[-1], self._classes, len(self._states) - 1))
        if len(self._states) > self._steps:
            states, classes = self._pool
            new, spare = torch.stack(self._states), (1 - KEPT) * len(self._classes)
            older = (states[:, spare:], classes[spare:]) if len(classes) else (new[:, :0], self._classes[:0])
            self._pool = torch.cat([older[0], new], 1), torch.cat([older[1], self._classes])
            self._start(self._number + 1, guide)

    def drawn(self, at: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Of ways drawn at random the states at the steps `at` (B,), their classes, and the pictures they end in."""
        states, classes = self._pool
        chosen = torch.randint(len(classes), (len(at),), generator=rng).to(at.device)
        return states[at, chosen], classes[chosen], states[-1, chosen]
