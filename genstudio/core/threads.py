"""How many threads an operation on the CPU gets, and their end."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
import torch.nn.functional as F

SETTLING_S = 0.03  # until a helper that has just begun has got a core of its own
THREADS = torch.get_num_threads()  # of one operation, before anybody changes it


def use_threads(count: int) -> None:
    """Let this thread's CPU operations use `count` threads from now on; threads made later begin with the same.

    One is right for a picture or two: a second thread gains nothing there, and while it waits for more
    work it takes a core from a training run beside it.
    """
    before = torch.get_num_threads()
    if before != count:
        torch.set_num_threads(count)
    if before > count:
        _dismiss_helpers()


@contextlib.contextmanager
def on_one_thread() -> Iterator[None]:
    """A few pictures gain nothing by a second thread, and beside other work they wait for it at every operation.

    The other threads are not dismissed, as `use_threads` would: what comes after goes on with them.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def short_work_s(count: int) -> float:
    """Seconds of a small convolution on `count` threads; this thread's count stays as it was."""
    before = torch.get_num_threads()
    x, weight = torch.zeros(16, 32, 28, 28), torch.zeros(32, 32, 3, 3)

    def once_s() -> float:
        start = time.perf_counter()
        F.conv2d(x, weight)
        return time.perf_counter() - start

    use_threads(count)
    try:
        begin = time.perf_counter()
        while time.perf_counter() - begin < SETTLING_S:
            once_s()
        return statistics.median(once_s() for _ in range(11))
    finally:
        use_threads(before)


def _dismiss_helpers() -> None:
    """End the threads that helped this one.

    GNU's OpenMP lets helpers wait actively, which is what makes short operations fast, only as long as all of the
    process are no more than its cores: idle ones here would slow down those of a training run.
    """
    if (pause := _pause_resource()) is not None:
        pause(1)  # omp_pause_soft: they come back when they are needed


@functools.cache
def _pause_resource() -> Callable[[int], int] | None:
    """`omp_pause_resource_all` of the GNU OpenMP in this process (OpenMP 5.0, section 3.2.44); None without it."""
    try:
        maps = Path("/proc/self/maps").read_text("utf-8").splitlines()
        paths = {line.split(maxsplit=5)[-1] for line in maps if "libgomp" in line}
        pause: Callable[[int], int] = ctypes.CDLL(paths.pop()).omp_pause_resource_all
    except (OSError, KeyError, AttributeError):
        return None
    return pause if not paths else None
