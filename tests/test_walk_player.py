"""How the walk keeps time: the clock says which step is due, whatever the machine can do."""

from __future__ import annotations

from typing import Any

import pytest

from genstudio.api import WalkRequest
from genstudio.ui.tabs import walk_player
from genstudio.ui.tabs.walk_player import FASTEST_MS, LEG, WalkPlayer


class Lane:
    """The far side of the bridge: which step each order makes it give next."""

    def __init__(self) -> None:
        self.given: list[int] = []
        self._next = 0

    def start(self, lane: str, slot: str, request: WalkRequest, state: str) -> None:
        self._next = request.first
        self.control(lane, slot, state)

    def control(self, lane: str, slot: str, state: str) -> None:
        assert state == "step"
        self.given.append(self._next)
        self._next += 1

    def cancel(self, lane: str, slot: str) -> None:
        """Nothing to give."""


class Walk:
    """A player whose clock and lane are moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.lane = 100.0, Lane()
        monkeypatch.setattr(walk_player.time, "monotonic", self.clock)
        self.player = WalkPlayer(self.lane, "gan.walk")  # type: ignore[arg-type]

    def clock(self) -> float:
        return self.now

    def play(self, seconds: float, compute_s: float) -> None:
        """Ticks and answers as they come on a machine that needs `compute_s` for each batch."""
        end, tick, ready = self.now + seconds, self.now, self.now + compute_s
        while self.now < end:
            is_answer = self.player._waiting and ready <= tick
            self.now = ready if is_answer else tick
            was_waiting = self.player._waiting and not is_answer
            if is_answer:
                self.player.arrived()
            else:
                tick += FASTEST_MS / 1000
                self.player._tick()
            if self.player._waiting and not was_waiting:
                ready = self.now + compute_s


@pytest.fixture
def walk(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    made = Walk(monkeypatch)
    made.player.start("m", 0, 60)
    made.player.set_playing(True)
    yield made
    made.player.stop()


@pytest.mark.parametrize("compute_s", [0.002, 0.03, 0.06, 0.33, 0.9])
def test_a_slow_machine_leaves_steps_out_instead_of_walking_slowly(walk, compute_s):
    walk.play(6.0, compute_s)
    seconds = 6.0 - compute_s  # the pace is counted from the first pictures on
    assert walk.player.step == pytest.approx(seconds * 1000 / FASTEST_MS, abs=2 + 2 * compute_s * 1000 / FASTEST_MS)
    assert walk.lane.given == sorted(set(walk.lane.given)), "it never goes back, and shows nothing twice"


def test_a_fast_machine_shows_every_step(walk):
    walk.play(3.0, 0.02)
    assert walk.lane.given == list(range(len(walk.lane.given)))


def test_a_pause_is_no_time_to_catch_up_with(walk):
    walk.play(0.5, 0.01)
    walk.player.set_playing(False)
    step = walk.player.step
    walk.now += 60
    walk.player.set_playing(True)
    walk.play(0.2, 0.01)
    assert walk.player.step <= step + 6


def test_another_speed_goes_on_from_the_same_place(walk):
    walk.play(2.2, 0.01)
    legs = walk.player.step / LEG
    walk.player.set_speed(4.0)
    assert walk.player.request.leg == LEG / 4
    assert walk.player.request.first / walk.player.request.leg == pytest.approx(legs, abs=0.05)
    walk.player.arrived()
    walk.player.set_speed(0.5)
    assert walk.player.request.leg == LEG and walk.player._timer.interval() == 2 * FASTEST_MS
