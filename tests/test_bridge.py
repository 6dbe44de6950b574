"""The bridge: events on the window thread, lanes that share an engine, an end that does not wait."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from fakes import FakeSession, makers

from genstudio import api
from genstudio.engine import Ended, Engine
from genstudio.ui.bridge import Bridge


def test_events_come_back_on_the_window_thread(qtbot) -> None:
    bridge = Bridge(makers(FakeSession()))
    threads: list[str] = []
    bridge.event.connect(partial(_note_thread, threads))
    with qtbot.waitSignal(bridge.event) as answer:
        bridge.submit("play", "x.decode", api.DecodeRequest("m", ((0.0, 0.0),)))
    assert answer.args[0] == "x.decode" and answer.args[1].images.shape == (1, 28, 28, 1)
    assert threads == [threading.current_thread().name]
    assert bridge.close(timeout_s=20)


def _note_thread(threads: list[str], slot: str, event: object) -> None:
    threads.append(threading.current_thread().name)


def test_lanes_with_the_same_maker_share_one_engine(qtbot) -> None:
    made: list[Engine] = []

    def make(on_wake):
        made.append(Engine(FakeSession, on_wake, name="shared"))
        return made[-1]

    bridge = Bridge({"play": make, "train": make})
    assert len(made) == 1 and bridge.close(timeout_s=20)


def test_a_lane_that_is_stuck_is_not_waited_for(qtbot) -> None:
    entered, release = threading.Event(), threading.Event()

    class Stuck(FakeSession):
        def handle(self, request):
            entered.set()
            assert release.wait(30)

    bridge = Bridge(makers(Stuck()))
    bridge.submit("play", "x.y", api.CatalogRequest())
    assert entered.wait(10)
    assert not bridge.close(timeout_s=0.01)
    release.set()
    assert bridge.close(timeout_s=10)


def test_what_would_be_lost_is_waited_for_longer_than_what_only_goes_on(qtbot) -> None:
    gates = {name: (threading.Event(), threading.Event()) for name in ("x.written", "x.busy")}
    answered: list[str] = []

    class Held(FakeSession):
        def handle(self, request):
            if isinstance(request, str):
                entered, release = gates[request]
                entered.set()
                assert release.wait(60)
            elif isinstance(request, api.DrawingsRequest):
                answered.append(request.folder)

    bridge = Bridge(makers(Held()))
    bridge.submit("io", "x.written", "x.written")
    bridge.submit("train", "x.busy", "x.busy")
    assert all(entered.wait(10) for entered, _ in gates.values())
    assert not bridge.close(timeout_s=0.01, last={"io": (api.DrawingsRequest("here"),), "play": ()})
    assert not bridge.finish(0.01) and answered == []
    gates["x.written"][1].set()
    assert bridge.finish(60) and answered == ["here"], "the other lane has nothing to write"
    gates["x.busy"][1].set()
    assert bridge.close(timeout_s=20)


class Full(Engine):
    """An engine whose events wait until they are drained by hand."""

    def __init__(self, on_wake) -> None:
        super().__init__(FakeSession, on_wake, name="full")

    def drain(self) -> list[tuple[str, object]]:
        return [("x.first", 1), ("x.second", 2), ("x.third", 3)]


@pytest.mark.parametrize("how", ["cancel", "stop"])
def test_what_is_cancelled_while_its_batch_is_told_is_not_heard(qtbot, how: str) -> None:
    bridge, heard = Bridge({"play": Full}), []

    def hear(slot: str, event: object) -> None:
        heard.append((slot, event))
        if slot == "x.first":
            bridge.cancel("play", "x.second") if how == "cancel" else bridge.stop("x.second")

    bridge.event.connect(hear)
    bridge._wire.drain()
    assert heard == [("x.first", 1), *([("x.second", Ended())] if how == "stop" else []), ("x.third", 3)]
    assert bridge.close(timeout_s=20)
