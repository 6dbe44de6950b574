"""Many pictures through a network in parts, on threads that do not wait for each other."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import TypeVar

import torch
from torch import Tensor

from genstudio.core.threads import THREADS, use_threads

T = TypeVar("T")
PART = 32  # pictures: what keeps a core busy for a few milliseconds
GPU_PART = 4096  # what fills a GPU, and of a whole dataset would not fit into its memory


def by_parts(function: Callable[[Tensor], T], x: Tensor, threads: int = THREADS, part: int = PART) -> list[T]:
    """What `function` makes of each part of x, in their order, without gradients; off the CPU the parts are larger,
    and go one after the other.

    The threads of one operation wait for each other at its end, some hundred times a picture: beside another
    busy process two are many times slower than one. These wait once, for the last part, and one that
    gets no core leaves the other parts to the rest. Every part is computed on one thread, so the numbers
    do not depend on how many threads there are.

    Args:
        x: (N, ...), N >= 1.
        threads: At most so many, the calling one among them; it is left with one thread for an operation.
        part: Rows of x for one call of `function`.

    Raises:
        Exception: the first that `function` raised, when all threads have ended.
    """
    is_cpu = x.device.type == "cpu"
    parts = x.split(part if is_cpu else max(part, GPU_PART))
    found: dict[int, T] = {}
    errors: list[BaseException] = []
    numbers = itertools.count()

    @torch.inference_mode()
    def work() -> None:
        use_threads(1)
        while not errors and (number := next(numbers)) < len(parts):
            try:
                found[number] = function(parts[number])
            except BaseException as error:
                errors.append(error)

    others = min(threads, len(parts)) - 1 if is_cpu else 0
    helpers = [threading.Thread(target=work, name="parts") for _ in range(others)]
    for helper in helpers:
        helper.start()
    work()
    for helper in helpers:
        helper.join()
    if errors:
        raise errors[0]
    return [found[number] for number in range(len(parts))]
