"""The chooser of thread counts on simulated machines: it must find the fastest count and notice a change."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
import torch

from genstudio.core.thread_chooser import ThreadChooser
from genstudio.core.threads import _pause_resource, short_work_s

Machine = Callable[[int, float], float]  # (threads, time) -> seconds of a round


class Simulation:
    """A chooser on a simulated machine; its little work takes a thirtieth of a round."""

    def __init__(self, most: int, machine: Machine) -> None:
        self.now, self.machine = 0.0, machine
        self.chooser = ThreadChooser(most, lambda count: machine(count, self.now) / 30)

    def run(self, until_s: float) -> list[tuple[float, int]]:
        """The time and the count of every round."""
        rounds = []
        while self.now < until_s:
            count = self.chooser.count
            seconds = self.machine(count, self.now)
            self.now += seconds
            rounds.append((self.now, count))
            self.chooser.after(seconds)
        return rounds


def run(most: int, machine: Machine, until_s: float) -> list[tuple[float, int]]:
    return Simulation(most, machine).run(until_s)


def share(rounds: list[tuple[float, int]], count: int, after_s: float = 0.0, before_s: float = 1e9) -> float:
    """The share of the rounds between two times that had so many threads."""
    counts = [c for now, c in rounds if after_s < now < before_s]
    return counts.count(count) / len(counts)


def changes(rounds: list[tuple[float, int]]) -> int:
    """How often the count changed."""
    return sum(a[1] != b[1] for a, b in itertools.pairwise(rounds))


def quiet(count: int, now: float) -> float:
    return {1: 0.11, 2: 0.07}[count]


def busy(count: int, now: float) -> float:
    return {1: 0.11, 2: 3.0}[count]


def test_a_quiet_machine_soon_has_all_its_threads() -> None:
    rounds = run(2, quiet, 600)
    assert changes(rounds) == 1 and share(rounds, 2, after_s=3) == 1


def test_beside_a_busy_process_one_thread_goes_on_without_a_stall() -> None:
    rounds = run(2, busy, 600)
    assert changes(rounds) == 0 and share(rounds, 1) == 1


def test_a_probe_that_promises_too_much_costs_few_rounds() -> None:
    simulation = Simulation(2, busy)
    simulation.chooser = ThreadChooser(2, lambda count: 1 / count)
    rounds = simulation.run(600)
    assert share(rounds, 1) > 0.99


@pytest.mark.parametrize("start_s", [8, 200])
def test_it_notices_that_the_machine_gets_busy_and_quiet_again(start_s: float) -> None:
    def machine(count: int, now: float) -> float:
        return busy(count, now) if start_s < now < start_s + 100 else quiet(count, now)

    rounds = run(2, machine, start_s + 400)
    assert share(rounds, 2, before_s=start_s) > 0.6
    assert share(rounds, 1, start_s + 8, start_s + 100) == 1
    assert share(rounds, 2, after_s=start_s + 240) == 1


def test_equal_speed_stays_with_one_thread_and_leaves_a_core_to_the_window() -> None:
    assert share(run(2, lambda count, now: 0.05, 60), 1) == 1


def test_many_cores_are_climbed_to_the_best_count() -> None:
    speed = {16: 0.9, 8: 1.0, 4: 1.4, 2: 1.2, 1: 0.7}  # rounds relative to eight threads
    rounds = run(16, lambda count, now: 0.02 / speed[count], 120)
    assert share(rounds, 4, after_s=4) > 0.9


def test_the_first_slow_round_is_enough_to_go_back() -> None:
    simulation = Simulation(2, quiet)
    simulation.run(20)
    assert simulation.chooser.count == 2
    assert [simulation.chooser.after(9.0) for _ in range(2)] == [1, 1]


def test_one_thread_needs_no_choice() -> None:
    assert changes(run(1, lambda count, now: 0.01, 5)) == 0


def test_the_little_work_is_measured_and_leaves_the_count_alone() -> None:
    before = torch.get_num_threads()
    assert 0 < short_work_s(1) < 10 and torch.get_num_threads() == before


HELPERS = """
from pathlib import Path
import torch
from genstudio.core.threads import use_threads

def tasks():
    return len(list(Path("/proc/self/task").iterdir()))

x, weight = torch.randn(32, 16, 28, 28), torch.randn(16, 16, 3, 3)
use_threads(1)
alone = tasks()
use_threads(2)
first = torch.nn.functional.conv2d(x, weight)
assert tasks() > alone
use_threads(1)
assert tasks() == alone and torch.get_num_threads() == 1
use_threads(2)
assert torch.equal(torch.nn.functional.conv2d(x, weight), first)  # they come back
"""


@pytest.mark.skipif(_pause_resource() is None, reason="needs GNU's OpenMP")
def test_helpers_end_with_the_work_they_were_called_for() -> None:
    environment = {**os.environ, "OMP_NUM_THREADS": "2"}  # whatever this process was told
    subprocess.run([sys.executable, "-c", HELPERS], env=environment, check=True, timeout=120)
