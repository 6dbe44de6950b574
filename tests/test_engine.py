"""What the engine promises about calls, handlers and closing."""

from __future__ import annotations

import gc
import logging
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from engine_desk import TIMEOUT_S, Desk, Gated, has

from genstudio.engine import Engine, Failure


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.gate.release.set()
    desk.engine.close(TIMEOUT_S)


def test_only_the_newest_waiting_call_of_a_slot_is_answered(desk: Desk) -> None:
    desk.hold()
    for i in range(1, 101):
        desk.engine.submit("vae", i)
    desk.gate.release.set()
    desk.wait_for(has("vae", 100))
    assert desk.gate.seen == ["hold", 100]


def test_a_failed_call_is_an_event_and_the_thread_serves_on(desk: Desk) -> None:
    desk.engine.submit("vae", "bad")
    [(slot, failure)] = desk.wait_for(bool)
    assert slot == "vae" and isinstance(failure, Failure)
    assert isinstance(failure.error, RuntimeError) and str(failure.error) == "shape mismatch"
    assert failure.trace.startswith("Traceback") and "shape mismatch" in failure.trace
    desk.engine.submit("vae", "good")
    assert desk.wait_for(bool) == [("vae", "good")]


def test_a_failure_keeps_no_frame_alive(desk: Desk) -> None:
    class Tensor:
        pass

    held: list[weakref.ref[Tensor]] = []

    def steps() -> Iterator[Any]:
        tensor = Tensor()
        held.append(weakref.ref(tensor))
        try:
            raise KeyError("inner")
        except KeyError as inner:
            raise ValueError("outer") from inner
        yield tensor

    desk.engine.start("gan", steps)
    [(_, failure)] = desk.wait_for(bool)
    gc.collect()
    assert "inner" in failure.trace and "outer" in failure.trace
    assert held[0]() is None


def test_the_late_result_of_a_cancelled_call_is_dropped(desk: Desk) -> None:
    desk.hold()
    desk.engine.cancel("hold")
    desk.engine.submit("hold", "new")
    desk.gate.release.set()
    assert desk.wait_for(bool) == [("hold", "new")]


def test_cancel_drops_a_waiting_call_and_unread_events(desk: Desk) -> None:
    desk.engine.submit("vae", "unread")
    desk.hold()
    desk.engine.submit("vae", "waiting")
    desk.engine.cancel("vae")
    assert desk.engine.drain() == []
    desk.gate.release.set()
    desk.engine.submit("end", "end")
    assert {slot for slot, _ in desk.wait_for(has("end", "end"))} == {"hold", "end"}
    assert "waiting" not in desk.gate.seen


def test_a_failed_handler_is_told_to_every_waiting_slot_and_tried_again() -> None:
    attempts: list[int] = []
    inside, go = threading.Event(), threading.Event()

    def make() -> Gated:
        attempts.append(1)
        if len(attempts) == 1:
            inside.set()
            assert go.wait(TIMEOUT_S)
            raise ImportError("no torch")
        return desk.gate

    desk = Desk(make)
    desk.engine.submit("vae", 1)
    assert inside.wait(TIMEOUT_S)
    desk.engine.start("gan", 5)
    desk.engine.start("idle", 5, state="pause")
    go.set()
    got = desk.wait_for(lambda got: len(got) == 2)
    assert sorted((slot, str(event.error)) for slot, event in got) == [("gan", "no torch"), ("vae", "no torch")]
    desk.engine.submit("vae", 2)
    assert desk.wait_for(bool) == [("vae", 2)]
    desk.engine.control("idle", "run")
    assert desk.rows("idle", 5) == (0, 1, 2, 3, 4)
    desk.engine.close(TIMEOUT_S)


def test_the_handler_is_built_on_the_compute_thread_at_the_first_request() -> None:
    built: list[int] = []

    def make() -> Gated:
        built.append(threading.get_ident())
        return Gated()

    desk = Desk(make)
    assert built == []
    desk.engine.submit("vae", 1)
    desk.wait_for(bool)
    assert len(built) == 1 and built[0] != threading.get_ident()
    desk.engine.close(TIMEOUT_S)


def test_close_while_busy_waits_for_the_step_and_closes_the_streams(desk: Desk) -> None:
    desk.engine.start("gan", 10**9)
    desk.rows("gan", 1)
    desk.hold()
    with pytest.raises(TimeoutError, match="still busy"):
        desk.engine.close(timeout_s=0)
    desk.gate.release.set()
    desk.engine.close(TIMEOUT_S)
    assert desk.gate.closed.is_set()


def test_close_while_paused_closes_the_stream_and_twice_is_fine(desk: Desk) -> None:
    desk.engine.start("gan", 10, state="step")
    desk.rows("gan", 1)
    desk.engine.close(TIMEOUT_S)
    desk.engine.close(TIMEOUT_S)
    assert desk.gate.closed.is_set()


def test_a_last_request_is_answered_when_the_step_in_progress_is_done_and_nothing_else_is(desk: Desk) -> None:
    desk.hold()
    desk.engine.start("b", 3)
    desk.engine.submit("c", "waiting")
    with pytest.raises(TimeoutError):
        desk.engine.close(timeout_s=0, last=["goodbye"])
    desk.gate.release.set()
    desk.engine.close(TIMEOUT_S)
    assert desk.gate.seen == ["hold", "goodbye"]


def test_a_last_request_that_fails_is_logged_and_the_thread_ends(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.engine.start("a", 3, "pause")
    desk.engine.submit("b", "first")
    desk.wait_for(has("b", "first"))
    desk.engine.close(TIMEOUT_S, last=["bad"])
    assert "a last request failed" in caplog.text and desk.gate.seen == ["first", "bad"]


def test_close_before_any_request_builds_no_handler() -> None:
    desk = Desk(lambda: pytest.fail("built"))
    desk.engine.close(TIMEOUT_S)
    assert not [t for t in threading.enumerate() if t.name == "genstudio-compute"]


def test_requests_after_close_are_ignored(desk: Desk) -> None:
    desk.engine.close(TIMEOUT_S)
    desk.engine.submit("vae", 1)
    desk.engine.start("gan", 1)
    assert desk.engine.drain() == []


def test_a_failing_wake_is_logged_and_the_next_event_wakes_again(caplog: pytest.LogCaptureFixture) -> None:
    gate, woken, calls = Gated(), threading.Event(), []

    def wake() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("the window is gone")
        woken.set()

    engine = Engine(lambda: gate, wake)
    with caplog.at_level(logging.ERROR):
        engine.submit("vae", 1)
        engine.start("gan", 1)
        assert woken.wait(TIMEOUT_S)
    engine.close(TIMEOUT_S)
    assert "the wake signal failed" in caplog.text
