"""A teacher's ways from noise to picture, made beside the learning of its student, one network call an iteration."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import torch
from torch import Tensor

Begin = Callable[[int], tuple[Tensor, Tensor]]  # of a number: noise (B, C, H, W) and classes (B,), always the same
Walk = Callable[[Tensor, Tensor, int], Tensor]  # the state a step further: states, classes, which step of the way
KEPT = 4  # batches of whole ways that are learnt from


class Ways:
    """What there is of them is a function of the iteration, so a run that goes on makes the same again.

    Args:
        steps: Of a way; so many iterations make a batch of ways, while the last `KEPT` are learnt from.
    """

    def __init__(self, begin: Begin, walk: Walk, steps: int) -> None:
        self._begin, self._walk, self._steps = begin, walk, steps
        self._whole: deque[tuple[Tensor, Tensor]] = deque(maxlen=KEPT)  # states (steps + 1, B, C, H, W), classes
        self._pool = torch.empty(0), torch.empty(0)  # the same, beside each other: (steps + 1, N, C, H, W), (N,)
        self._states: list[Tensor] = []  # of the ways that are under way
        self._classes = torch.empty(0)
        self._iteration = -1

    def go_to(self, iteration: int) -> None:
        """Have those of an iteration; one after the other costs a network call, any other all that are kept."""
        if iteration != self._iteration + 1 or not self._whole:
            newest = iteration // self._steps  # of the whole ones
            self._whole.clear()
            for number in range(max(newest - KEPT + 1, 0), newest + 1):
                self._start(number)
                self._go(self._steps)
            self._start(newest + 1)
            self._go(iteration % self._steps)
        self._go(1)
        self._iteration = iteration

    def _start(self, number: int) -> None:
        noise, self._classes = self._begin(number)
        self._states, self._number = [noise], number

    def _go(self, steps: int) -> None:
        for _ in range(steps):
            self._states.append(self._walk(self._states[-1], self._classes, len(self._states) - 1))
        if len(self._states) > self._steps:
            self._whole.append((torch.stack(self._states), self._classes))
            states, classes = zip(*self._whole, strict=True)
            self._pool = torch.cat(states, 1), torch.cat(classes)
            self._start(self._number + 1)

    def drawn(self, at: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Of ways drawn at random the states at the steps `at` (B,), their classes, and the pictures they end in."""
        states, classes = self._pool
        chosen = torch.randint(len(classes), (len(at),), generator=rng).to(at.device)
        return states[at, chosen], classes[chosen], states[-1, chosen]
