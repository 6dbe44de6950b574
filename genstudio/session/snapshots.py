"""Whole states of a trainer, kept on the way: a run can be put back to them."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from genstudio import api
from genstudio.api import Change
from genstudio.core.training import State
from genstudio.session.spread import Spread


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All that a run is at the end of `iteration` iterations; nobody writes into it."""

    iteration: int
    state: State  # of the trainer, on the CPU
    changes: tuple[Change, ...]  # until then
    planned: tuple[Change, ...]  # still to be made
    threads: int
    past: api.Floats  # iterations and losses, thinned out
    metrics: dict[str, float]
    numbers: dict[str, api.Floats]
    seconds: float = 0.0  # that it took

    @property
    def size_bytes(self) -> int:
        """Of the state; the rest is small."""
        return bytes_of(self.state)

    @property
    def is_finite(self) -> bool:
        """Whether one could go on from it."""
        return is_finite(self.state)


class Snapshots(Spread[Snapshot]):
    """A few of a run."""

    def at(self, iteration: int) -> Snapshot:
        """The newest at or before an iteration.

        Raises:
            ValueError: if there is none.
        """
        found = self.before(iteration)
        if found is None:
            raise ValueError(f"Nothing is kept of the run at iteration {iteration:,} or before, so it cannot go back.")
        return found


def bytes_of(state: State) -> int:
    """How much room it takes."""
    return sum(tensor.numel() * tensor.element_size() for tensor in state.values())


def is_finite(state: State) -> bool:
    """Whether all of it are numbers."""
    return all(bool(torch.isfinite(tensor).all()) for tensor in state.values())
