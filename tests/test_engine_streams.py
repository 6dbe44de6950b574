"""What the engine promises about streams: turns, pause, step, cancel and failure."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from engine_desk import TIMEOUT_S, Desk, Rows, has

from genstudio.engine import Ended, Failure


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.gate.release.set()
    desk.engine.close(TIMEOUT_S)


def test_cancel_of_an_unknown_slot_and_control_without_a_stream_do_nothing(desk: Desk) -> None:
    desk.engine.cancel("nobody")
    desk.engine.control("nobody", "run")
    desk.engine.submit("vae", 1)
    assert desk.wait_for(bool) == [("vae", 1)]


def test_an_undrained_stream_is_one_event_one_end_and_one_wake(desk: Desk) -> None:
    desk.engine.start("gan", 1000)
    assert desk.gate.closed.wait(TIMEOUT_S)
    desk.hold()  # the thread is past posting the end
    assert desk.engine.drain() == [("gan", Rows(tuple(range(1000)))), ("gan", Ended())]
    assert desk.wakes.acquire(blocking=False) and not desk.wakes.acquire(blocking=False)


def test_an_event_without_merge_is_replaced_by_the_newer_one(desk: Desk) -> None:
    desk.engine.start("walk", lambda: iter("abc"))
    assert desk.gate.closed.wait(TIMEOUT_S)
    desk.hold()
    assert desk.engine.drain() == [("walk", "c"), ("walk", Ended())]


def test_none_posts_nothing(desk: Desk) -> None:
    desk.engine.submit("vae", "silent")
    desk.engine.start("gan", lambda: iter([None, None, "x", None]))
    assert desk.wait_for(has("gan", Ended())) == [("gan", "x"), ("gan", Ended())]


@dataclass(frozen=True)
class Preparing:
    """What a stream says before its first step."""

    share: float
    prepares: ClassVar[bool] = True


def test_what_only_prepares_is_no_step(desk: Desk) -> None:
    def stream() -> Iterator[Any]:
        yield from (Preparing(share) for share in (0.0, 0.5, 1.0))
        yield from (Rows((k,)) for k in range(5))

    desk.engine.start("gan", stream, state="step")
    assert desk.rows("gan", 1) == (0,)
    desk.hold()
    desk.gate.release.set()
    desk.engine.control("gan", "step")
    assert desk.rows("gan", 1) == (1,)


def test_step_advances_once_and_pauses(desk: Desk) -> None:
    desk.engine.start("ddpm", 1000, state="step")
    for k in range(3):
        assert desk.rows("ddpm", 1) == (k,)
        desk.engine.control("ddpm", "step")
    assert desk.rows("ddpm", 1) == (3,)
    desk.hold()
    assert desk.gate.seen == [0, 1, 2, 3, "hold"]


def test_two_quick_clicks_are_two_steps(desk: Desk) -> None:
    desk.hold()
    desk.engine.start("ddpm", 1000, state="step")
    desk.engine.control("ddpm", "step")
    desk.gate.release.set()
    assert desk.rows("ddpm", 2) == (0, 1)


def test_a_stream_hears_that_a_step_was_asked_for_by_itself(desk: Desk) -> None:
    heard: list[Any] = []

    def steps() -> Iterator[Any]:
        for row in range(4):
            heard.append((yield Rows((row,))))

    desk.engine.start("ddpm", steps, state="step")
    assert desk.rows("ddpm", 1) == (0,)
    desk.engine.control("ddpm", "step")
    assert desk.rows("ddpm", 1) == (1,)
    desk.engine.control("ddpm", "run")
    desk.wait_for(lambda got: any(isinstance(event, Ended) for _, event in got))
    assert heard == [True, None, None, None]


def test_a_click_during_a_step_is_one_more_step(desk: Desk) -> None:
    inside, go = threading.Event(), threading.Event()

    def steps() -> Iterator[Any]:
        inside.set()
        assert go.wait(TIMEOUT_S)
        yield Rows((0,))
        yield Rows((1,))
        yield Rows((2,))

    desk.engine.start("ddpm", steps, state="step")
    assert inside.wait(TIMEOUT_S)
    desk.engine.control("ddpm", "pause")
    desk.engine.control("ddpm", "step")
    go.set()
    assert desk.rows("ddpm", 2) == (0, 1)
    desk.engine.submit("vae", "after")
    assert desk.wait_for(has("vae", "after")) == [("vae", "after")]


def test_a_paused_stream_waits_and_runs_on_where_it_stood(desk: Desk) -> None:
    desk.engine.start("gan", 3, state="pause")
    desk.engine.submit("vae", "x")
    assert desk.wait_for(has("vae", "x")) == [("vae", "x")]
    assert desk.gate.seen == ["x"]
    desk.engine.control("gan", "run")
    assert desk.rows("gan", 3) == (0, 1, 2)


@dataclass(frozen=True)
class AtRest(Rows):
    """What is asked of a stream that stands."""

    at_rest: ClassVar[bool] = True


def test_what_is_asked_of_a_stream_that_stands_waits_for_its_last_step(desk: Desk) -> None:
    desk.hold()
    desk.engine.start("gan", 10**9, state="step")
    desk.engine.control("gan", "step")
    desk.engine.submit("gan", AtRest((-1,)))
    desk.engine.submit("vae", AtRest((-2,)))
    desk.gate.release.set()
    assert desk.rows("gan", 3) == (0, 1, -1)
    assert desk.gate.seen[1] == AtRest((-2,)), "in a slot without a stream it is answered at once"


def test_a_stream_that_goes_on_is_asked_nothing_before_it_is_paused(desk: Desk) -> None:
    desk.engine.start("gan", 10**9)
    desk.engine.submit("gan", AtRest((-1,)))
    desk.engine.submit("vae", "before")
    desk.wait_for(has("vae", "before"))
    desk.rows("gan", 50)
    assert AtRest((-1,)) not in desk.gate.seen
    desk.engine.control("gan", "pause")
    desk.wait_for(lambda got: any(-1 in event.rows for name, event in got if name == "gan"))


def test_cancel_closes_the_stream_on_its_thread(desk: Desk) -> None:
    desk.engine.start("gan", 10**9)
    desk.rows("gan", 1)
    desk.engine.cancel("gan")
    assert desk.gate.closed.wait(TIMEOUT_S)
    assert len(desk.gate.threads) == 1


def test_a_stream_cancelled_during_its_first_step_is_closed_and_silent(desk: Desk) -> None:
    inside, go = threading.Event(), threading.Event()

    def steps() -> Iterator[Any]:
        inside.set()
        assert go.wait(TIMEOUT_S)
        while True:
            yield "late"

    desk.engine.start("gan", steps)
    assert inside.wait(TIMEOUT_S)
    desk.engine.cancel("gan")
    go.set()
    assert desk.gate.closed.wait(TIMEOUT_S)
    desk.engine.submit("vae", "after")
    assert desk.wait_for(has("vae", "after")) == [("vae", "after")]


def test_a_restarted_stream_shows_nothing_of_the_old_one(desk: Desk) -> None:
    desk.engine.start("gan", lambda: iter(["old"] * 1000), state="run")
    desk.wait_for(bool)
    desk.engine.start("gan", lambda: iter(["new"]))
    got = desk.wait_for(has("gan", "new"))
    assert ("gan", "old") not in got[got.index(("gan", "new")) :]


def test_a_raising_stream_leaves_its_neighbour_and_the_calls_alone(desk: Desk) -> None:
    def bad() -> Iterator[Any]:
        yield "one"
        raise ValueError("loss is not a number")

    desk.engine.start("good", 200)
    desk.engine.start("bad", bad)
    desk.engine.submit("vae", "call")

    def done(got: list[tuple[str, Any]]) -> bool:
        return ("good", Ended()) in got and ("vae", "call") in got and any(isinstance(e, Failure) for _, e in got)

    got = desk.wait_for(done)
    assert tuple(r for n, e in got if n == "good" and isinstance(e, Rows) for r in e.rows) == tuple(range(200))
    assert [str(e.error) for n, e in got if n == "bad" and isinstance(e, Failure)] == ["loss is not a number"]
    assert ("bad", Ended()) not in got


def test_streams_take_turns_and_calls_go_first(desk: Desk) -> None:
    order: list[str] = []

    def steps(name: str) -> Callable[[], Iterator[Any]]:
        def run() -> Iterator[Any]:
            for _ in range(3):
                order.append(name)
                if len(order) == 2:
                    desk.engine.submit("vae", "call")
                yield name

        return run

    desk.hold()
    desk.engine.start("a", steps("a"))
    desk.engine.start("b", steps("b"))
    desk.gate.handle = lambda request: order.append(request)  # type: ignore[method-assign]
    desk.gate.release.set()
    desk.wait_for(lambda got: ("a", Ended()) in got and ("b", Ended()) in got)
    assert order == ["a", "b", "call", "a", "b", "a", "b"]


def test_a_merge_that_raises_is_a_failure_and_ends_the_stream(desk: Desk) -> None:
    class Odd:
        def merge(self, newer: Any) -> Any:
            raise TypeError("cannot join")

    desk.engine.start("gan", lambda: iter([Odd(), Odd(), Odd()]))
    assert desk.gate.closed.wait(TIMEOUT_S)
    [(_, odd), (_, failure)] = desk.engine.drain()
    assert isinstance(odd, Odd) and str(failure.error) == "cannot join"


def test_a_stream_that_fails_to_clean_up_does_not_stop_the_thread(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    started = threading.Event()

    def steps() -> Iterator[Any]:
        try:
            while True:
                started.set()
                yield "x"
        finally:
            raise OSError("cannot remove")

    with caplog.at_level(logging.ERROR):
        desk.engine.start("film", steps)
        assert started.wait(TIMEOUT_S)
        desk.engine.cancel("film")
        desk.engine.submit("vae", 1)
        desk.wait_for(has("vae", 1))
    assert "failed to clean up" in caplog.text
