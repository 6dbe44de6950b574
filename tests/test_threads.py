"""The chooser of thread counts on simulated machines: it must find the fastest count and notice a change."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from genstudio.core.thread_chooser import ThreadChooser
from genstudio.core.threads import THREADS, _pause_resource, use_threads, using_threads

Machine = Callable[[int, float], float]  # (threads, time) -> seconds of a round


def run(chooser: ThreadChooser, machine: Machine, until_s: float, now: float = 0.0) -> list[tuple[float, int]]:
    """The time and the count of every round."""
    rounds = []
    while now < until_s:
        count = chooser.count
        seconds = machine(count, now)
        now += seconds
        rounds.append((now, count))
        chooser.after(seconds)
    return rounds


def share(rounds: list[tuple[float, int]], count: int) -> float:
    """The share of the rounds that had so many threads."""
    return sum(c == count for _, c in rounds) / len(rounds)


def changes(rounds: list[tuple[float, int]]) -> int:
    """How often the count changed."""
    return sum(a[1] != b[1] for a, b in itertools.pairwise(rounds))


def quiet(count: int, now: float) -> float:
    return {1: 0.11, 2: 0.07}[count]


def busy(count: int, now: float) -> float:
    return {1: 0.11, 2: 0.30}[count]


def test_a_quiet_machine_keeps_all_its_threads_after_one_trial() -> None:
    rounds = run(ThreadChooser(2), quiet, 600)
    assert changes(rounds) == 2  # one trial of a single thread, and back
    assert share(rounds, 2) > 0.99


def test_beside_a_busy_process_one_thread_is_found_within_six_seconds() -> None:
    rounds = run(ThreadChooser(2), busy, 600)
    assert share([(now, c) for now, c in rounds if 6 < now < 30], 1) > 0.85
    assert share(rounds, 1) > 0.98
    assert changes(rounds) < 40  # trials in vain get rare


@pytest.mark.parametrize("start_s", [5, 200])
def test_it_notices_that_the_machine_gets_busy_and_quiet_again(start_s: float) -> None:
    def machine(count: int, now: float) -> float:
        return busy(count, now) if start_s < now < start_s + 100 else quiet(count, now)

    rounds = run(ThreadChooser(2), machine, start_s + 300)
    assert share([(now, c) for now, c in rounds if start_s + 4 < now < start_s + 30], 1) > 0.8
    assert share([(now, c) for now, c in rounds if start_s + 10 < now < start_s + 90], 1) > 0.9
    assert share([(now, c) for now, c in rounds if start_s + 165 < now], 2) > 0.98


def test_equal_speed_takes_fewer_threads_and_leaves_a_core_to_the_window() -> None:
    assert share(run(ThreadChooser(2), lambda count, now: 0.05, 60), 1) > 0.9


def test_many_cores_are_descended_to_the_best_count() -> None:
    speed = {16: 0.9, 8: 1.0, 4: 1.4, 2: 1.2, 1: 0.7}  # rounds relative to eight threads
    rounds = run(ThreadChooser(16), lambda count, now: 0.02 / speed[count], 120)
    assert share([(now, c) for now, c in rounds if now > 4], 4) > 0.9


def test_slow_rounds_are_judged_after_few_of_them() -> None:
    chooser = ThreadChooser(2)
    rounds = run(chooser, lambda count, now: {1: 0.5, 2: 8.0}[count], 60)
    assert [count for _, count in rounds[:4]] == [2, 2, 2, 1]  # two warm-up rounds, one look


def test_one_thread_needs_no_choice() -> None:
    assert changes(run(ThreadChooser(1), lambda count, now: 0.01, 5)) == 0


@pytest.mark.skipif(THREADS < 2 or _pause_resource() is None, reason="needs two cores and GNU's OpenMP")
def test_helpers_end_with_the_work_they_were_called_for() -> None:
    def tasks() -> int:
        return len(list(Path("/proc/self/task").iterdir()))

    before = torch.get_num_threads()
    x, weight = torch.randn(32, 16, 28, 28), torch.randn(16, 16, 3, 3)
    use_threads(1)
    alone = tasks()
    with using_threads(2):
        first = torch.nn.functional.conv2d(x, weight)
        assert tasks() > alone
    assert tasks() == alone and torch.get_num_threads() == 1
    with using_threads(2):
        assert torch.equal(torch.nn.functional.conv2d(x, weight), first)  # they come back
    use_threads(before)
