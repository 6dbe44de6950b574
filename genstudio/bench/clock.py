"""What of a process is spent inside a network, and what outside."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


class Clock:
    """Seconds of a process, and those of each call of the network in it.

    It stands in the place of the network's `forward`: hooks make each call dearer, which would count as time outside.
    """

    def __init__(self, network: Any) -> None:
        device = next(network.parameters()).device
        self._wait = _waiter(device) if device.type == "cuda" else _nothing
        self._inside_s: list[float] = []
        self._forward, network.forward = network.forward, self._timed

    def of(self, go: Callable[[], Any]) -> tuple[float, list[float]]:
        """Seconds of one process, and of each call in it."""
        self._inside_s = []
        start = time.perf_counter()
        go()
        self._wait()
        return time.perf_counter() - start, self._inside_s

    def _timed(self, *args: Any) -> Any:
        self._wait()
        start = time.perf_counter()
        answer = self._forward(*args)
        self._wait()
        self._inside_s.append(time.perf_counter() - start)
        return answer


def _waiter(device: Any) -> Callable[[], None]:
    """Until a GPU has done what it was given."""
    import torch

    return lambda: torch.cuda.synchronize(device)


def _nothing() -> None:
    """A call on the CPU ends when it is done."""
