"""A run that was to end at an iteration, as one that is replayed, can go on beyond it."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeSession
from gan_desk import gan_desk
from page_desk import Desk, asked, settle
from PySide6.QtCore import QTimer
from session_desk import RUNS

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import GANSettings
from genstudio.ui.game.stages import SlowMotion
from genstudio.ui.tabs.training_run import TrainingRun

GOAL = 31
RUN = api.TrainRequest("gan", "strokes", GANSettings(width=8, seed=3), iterations=GOAL, preview=8)


# ---- the session ----------------------------------------------------------------------------------------------


def rows_until(stream: Iterator[Any], iteration: int) -> list[tuple[float, ...]]:
    """The losses that a stream tells, up to an iteration or its end."""
    rows: list[tuple[float, ...]] = []
    for event in stream:
        if isinstance(event, api.TrainEvent):
            rows += [tuple(map(float, row)) for row in event.rows]
            if event.iteration >= iteration:
                break
    return rows


@pytest.mark.parametrize("name", ["tiny-gan", "tiny-ddpm", "tiny-vae"])
def test_it_goes_on_bit_for_bit_as_one_that_never_stopped(name: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("genstudio.session.training.ROWS_EVERY_S", 0)
    session = Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    request = dataclasses.replace(RUNS[name], iterations=3)
    first = rows_until(session.stream(api.RunRequest(request, 1)), 3)
    further = session.stream(api.GoOnRequest(1))
    event = next(further)
    assert event.iteration == 3 and event.request.iterations == 0 and not len(event.rows) and len(event.past) == 3
    then = rows_until(further, 6)
    straight = rows_until(session.stream(api.RunRequest(dataclasses.replace(request, iterations=6), 0)), 6)
    assert first + then == straight and len(straight) == 6


def test_a_turn_of_one_player_can_be_the_first_thing_beyond(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("genstudio.session.training.ROWS_EVERY_S", 0)
    session = Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    rows_until(session.stream(api.RunRequest(dataclasses.replace(RUNS["tiny-gan"], iterations=2), 1)), 2)
    session.handle(api.TurnRequest("d", 1))
    further = session.stream(api.GoOnRequest(1))
    event = next(event for event in further if event is not None and event.iteration == 3)
    assert {stage.line.player for stage in event.stages} == {"d"}


def test_where_nothing_has_run_nothing_goes_on(tmp_path: Path) -> None:
    session = Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    with pytest.raises(ValueError, match="Nothing has been trained yet"):
        list(session.stream(api.GoOnRequest(1)))


# ---- the window -----------------------------------------------------------------------------------------------


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def replayed(desk: Desk, qtbot: Any) -> Any:
    """The page with a run that was repeated to its goal."""
    page = desk.open()
    found = api.RestoredEvent("run.json", dataclasses.replace(RUN, iterations=0), api.GridLayout(), None, "", GOAL)
    page.restore(found)
    qtbot.waitUntil(lambda: page.run.state == "ended")
    qtbot.waitUntil(lambda: page.controls.run.text() == "Go on")
    return page


def test_a_replayed_run_goes_on_with_the_button_that_says_so(desk: Desk, qtbot: Any) -> None:
    page = replayed(desk, qtbot)
    assert page.run.iteration == GOAL and page.controls.save.isEnabled() and page.controls.one_step.isEnabled()
    page.controls.run.click()
    assert page.run.state == "running" and page.run.request.iterations == 0
    qtbot.waitUntil(lambda: page.run.iteration > GOAL + 20)
    assert [request.place for request in asked(desk, api.GoOnRequest)] == [page.run.place]
    seen = [moment.iteration for moment in page.run.history.values()]
    assert len(set(seen)) == len(seen), "where it stood is there once"
    page.run_pressed()
    assert page.run.state == "paused"


def test_one_step_beyond_the_goal_is_one_iteration(desk: Desk, qtbot: Any) -> None:
    page = replayed(desk, qtbot)
    for further in (1, 2):
        page.step_pressed()
        qtbot.waitUntil(lambda further=further: page.run.iteration == GOAL + further)
        settle(desk, qtbot, "train")
        assert page.run.iteration == GOAL + further and page.run.state == "paused"


class Held(FakeSession):
    """Goes on beyond a goal as soon as it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def stream(self, request: Any) -> Iterator[Any]:
        if isinstance(request, api.GoOnRequest):
            assert self.gate.wait(60)
        yield from super().stream(request)


@pytest.fixture
def held(qtbot: Any) -> Iterator[Desk]:
    session = Held()
    made = gan_desk(session)
    qtbot.addWidget(made.page)
    yield made
    session.gate.set()
    made.close()


def test_in_slow_motion_too_one_step_beyond_the_goal_is_one_iteration(held: Desk, qtbot: Any) -> None:
    page = replayed(held, qtbot)
    page.player.set_wait(0.01)
    page.step_pressed()
    beats: list[int] = []
    beat = QTimer(interval=10)
    beat.timeout.connect(lambda: beats.append(1))
    beat.start()
    qtbot.waitUntil(lambda: len(beats) == 5)
    beat.stop()
    held.session.gate.set()
    qtbot.waitUntil(lambda: page.run.iteration > GOAL)
    settle(held, qtbot, "train")
    assert page.run.iteration == GOAL + 1 and page.run.state == "paused"


class Refusing(FakeSession):
    """Goes on beyond a goal when it is asked again."""

    def stream(self, request: Any) -> Iterator[Any]:
        if isinstance(request, api.GoOnRequest) and not any(request == before for before in self.requests):
            self.requests.append(request)
            raise ValueError("it cannot go on now")
        yield from super().stream(request)


@pytest.fixture
def refusing(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(Refusing())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def test_one_that_is_refused_stands_at_its_goal_as_before(refusing: Desk, qtbot: Any) -> None:
    page = replayed(refusing, qtbot)
    page.controls.run.click()
    qtbot.waitUntil(lambda: page.run.state == "ended")
    assert page.run.is_at_goal and page.run.iteration == GOAL and page.run.unsaved == GOAL
    qtbot.waitUntil(lambda: page.controls.run.text() == "Go on")
    page.controls.run.click()
    qtbot.waitUntil(lambda: page.run.iteration > GOAL)


def test_every_place_says_that_it_can_go_on(desk: Desk, qtbot: Any) -> None:
    page = replayed(desk, qtbot)
    part = next(part for part in page.parts if isinstance(part, SlowMotion))
    turns = part.turns
    qtbot.waitUntil(lambda: all(button.isEnabled() for button in turns.values()))
    assert page.tempo.label.text().endswith("paused") and "ended" not in part.where.text()
    page.reset()
    page.bring_back()
    assert desk.messages[-1] == "The run is back, paused."
    turns["d"].click()
    qtbot.waitUntil(lambda: page.run.iteration == GOAL + 1)
    assert [turn.learner for turn in asked(desk, api.TurnRequest)] == ["d"] and page.run.state == "paused"


def test_settings_can_be_changed_at_the_goal(desk: Desk, qtbot: Any) -> None:
    page = replayed(desk, qtbot)
    page.controls.form.controls["lr_d"].setValue(1e-3)
    qtbot.waitUntil(lambda: len(asked(desk, api.TuneRequest)) == 1)
    assert asked(desk, api.TuneRequest)[0].place == page.run.place and page.run.is_alive


def test_what_has_nothing_left_to_learn_does_not_go_on() -> None:
    for request, can in ((RUN, True), (dataclasses.replace(RUN, iterations=0), False)):
        run = TrainingRun()
        run.begin(request)
        run.set_state("ended")
        assert run.is_at_goal is can and run.is_alive is can and run.stands == ("paused" if can else "ended")
    run = TrainingRun()
    run.begin(dataclasses.replace(RUN, family="pca"))
    run.set_state("ended")
    assert not run.is_at_goal
