"""A team of processes played by threads: what they sum is really summed, so every family can be tried in no time.

The gradients are averaged here by hand; that DistributedDataParallel does the same is tried in `test_torchrun.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from genstudio.core import parallel


class Team:
    """So many threads that each are a process; made before their trainers, which then belong to it."""

    def __init__(self, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.size = size
        self._own = threading.local()
        self._meet = threading.Barrier(size)
        self._told: list[Any] = [None] * size
        self.sums = 0  # that have been made
        monkeypatch.setattr(parallel, "size", lambda: size)
        monkeypatch.setattr(parallel, "rank", lambda: self._own.rank)
        monkeypatch.setattr(parallel, "descent", self._descent)
        monkeypatch.setattr(torch.distributed, "all_reduce", self._all_reduce)

    def do(self, work: Callable[[int], Any]) -> list[Any]:
        """What comes of work that is told its rank, in all at the same time."""

        def begin(rank: int) -> Any:
            self._own.rank = rank
            try:
                return work(rank)
            except BaseException:
                self._meet.abort()
                raise

        with ThreadPoolExecutor(self.size) as threads:
            return list(threads.map(begin, range(self.size)))

    def _all_reduce(self, tensor: Tensor) -> None:
        self._told[self._own.rank] = tensor.detach().clone()
        self._meet.wait()
        summed = sum(self._told)
        self.sums += self._own.rank == 0
        self._meet.wait()
        tensor.detach().copy_(summed)

    def _descent(self, network: nn.Module) -> Callable[[Tensor], None]:
        def descend(loss: Tensor) -> None:
            loss.backward()
            for weight in network.parameters():
                if weight.requires_grad:
                    assert weight.grad is not None, "DistributedDataParallel waits for every one"
                    self._all_reduce(weight.grad)
                    weight.grad /= self.size

        return descend
