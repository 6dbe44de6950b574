"""A run of the GAN's tab that makes room is put away, and comes back as it was."""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import FakeSession
from gan_desk import SHORT, Counting, gan_desk, rows, settle, train_to
from page_desk import Desk, asked

from genstudio import api
from genstudio.engine import Ended
from genstudio.settings import GANSettings
from genstudio.ui.tabs.training_run import TrainingRun


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(Counting())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def test_reset_puts_the_run_away_and_undo_brings_all_of_it_back(desk, qtbot):
    page = train_to(desk, qtbot, SHORT)
    page.controls.reset.click()
    settle(desk, qtbot)
    assert page.run.state == "none" and page.stage.pictures() is None
    assert len(page.plots.plots[0].buffer) == 0
    assert page.export_source() is None and page.export_film_source() is None
    assert not page.tempo.export.isEnabled()
    put_away = page.player.away
    assert desk.messages == ["The run was put away."]
    assert page.undo()
    assert page.run is put_away and page.run.state == "paused" and page.run.iteration == 25
    assert [moment.iteration for moment in page.run.history.values()] == [1, 11, 21]
    assert np.array_equal(page.stage.pictures(), page.run.history[-1][1])
    assert rows(page).shape == (4, 25)
    assert desk.messages[-1] == "The run is back, paused."


def test_a_run_that_had_come_to_its_goal_is_back_as_one_that_can_go_on(desk, qtbot):
    page = desk.open()
    page.begin(dataclasses.replace(page.wanted(), iterations=12))
    qtbot.waitUntil(lambda: page.run.state == "ended")
    page.controls.reset.click()
    desk.offers[-1]()
    assert page.run.state == "ended" and desk.messages[-1] == "The run is back, paused."


def test_a_run_that_is_back_goes_on_where_it_was(desk, qtbot):
    page = train_to(desk, qtbot, SHORT)
    page.controls.reset.click()
    desk.offers[-1]()
    desk.session.limit = 40
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration == 40)
    assert len(asked(desk, api.TrainRequest)) == 1, "it never ended"
    straight = FakeSession()._train(page.run.request)
    expected = np.concatenate([next(straight).rows for _ in range(40)]).T
    assert np.allclose(rows(page), expected, atol=1e-6)


def test_redo_puts_the_run_away_again(desk, qtbot):
    page = train_to(desk, qtbot, SHORT)
    page.controls.reset.click()
    assert not page.redo()
    assert page.undo() and page.redo()
    assert page.run.state == "none"
    assert page.undo() and page.run.state == "paused"


def test_undo_takes_a_later_change_back_before_it_brings_the_run_back(desk, qtbot):
    page = train_to(desk, qtbot, SHORT)
    page.remember()
    page.controls.reset.click()
    page.controls.form.controls["width"].setValue(16)
    assert page.undo() and page.controls.form.value() == GANSettings()
    assert page.run.state == "none"
    assert page.undo() and page.run.state == "paused"


def test_undo_brings_the_run_back_also_while_a_model_walks(desk, qtbot):
    page = train_to(desk, qtbot, SHORT)
    page.controls.reset.click()
    page._network_chosen("mnist-dcgan")
    while page.undo() and page.run.state == "none":
        pass
    assert page.run.state == "paused" and not page.is_walking


class Reading(FakeSession):
    """Never comes to the end of the pictures in a folder."""

    def _train(self, request: api.TrainRequest) -> Iterator[Any]:
        if request.dataset == "strokes":
            yield from super()._train(request)
        while True:
            self.requests.append("read")
            yield api.ProgressEvent("Reading", 1, 2)


@pytest.mark.parametrize("way", ["stop", "reset"])
def test_a_run_that_is_given_up_while_its_pictures_are_read_was_none(qtbot, tmp_path, way):
    desk = gan_desk(Reading())
    qtbot.addWidget(desk.page)
    ended: list[str] = []
    desk.bridge.event.connect(lambda slot, event: ended.append(slot) if isinstance(event, Ended) else None)
    page = desk.open()
    page.data.select(str(tmp_path))
    page.run_pressed()
    qtbot.waitUntil(lambda: "read" in desk.session.requests)
    page.stop("train") if way == "stop" else page.reset()
    assert page.run.state == "none" and page.stage._button.text() == "Train a new network"
    assert "gan.train" in ended, "the window takes the progress away"
    desk.close()


def test_a_run_that_is_taken_back_while_its_pictures_are_read_was_none(qtbot, tmp_path):
    desk = gan_desk(Reading())
    qtbot.addWidget(desk.page)
    ended: list[str] = []
    desk.bridge.event.connect(lambda slot, event: ended.append(slot) if isinstance(event, Ended) else None)
    page = desk.open()
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration > 0)
    first = page.run
    page.data.select(str(tmp_path))
    page.start_run()
    qtbot.waitUntil(lambda: "read" in desk.session.requests)
    ended.clear()
    desk.offers[-1]()
    assert page.run is first and first.state == "paused"
    assert page.player.away.state == "none" and ended == ["gan.train2"]
    desk.close()


def test_a_restart_puts_the_run_away_and_undo_changes_the_two(desk, qtbot):
    page = train_to(desk, qtbot, SHORT)
    first = page.run
    page.controls.form.controls["width"].setValue(16)
    page.controls.restart.click()
    qtbot.waitUntil(lambda: page.run.iteration == 25)
    second = page.run
    assert page.undo() and page.run is first and page.player.away is second
    assert page.controls.form.value() == GANSettings(width=16) and page.controls.restart.isVisible()
    assert second.state == "paused"
    assert page.redo() and page.run is second
    desk.session.limit = 30
    page.run_pressed()
    qtbot.waitUntil(lambda: second.iteration == 30)
    assert first.state == "paused" and first.iteration == 25


def test_many_restarts_keep_two_runs_and_no_more(desk, qtbot):
    page = train_to(desk, qtbot, SHORT)
    for _ in range(6):
        page.start_run()
        qtbot.waitUntil(lambda: page.run.iteration == 25)
    settle(desk, qtbot)
    gc.collect()
    assert desk.session.open == 2
    assert sum(type(thing) is TrainingRun for thing in gc.get_objects()) == 2


def test_a_run_that_has_not_begun_takes_nobodys_place(desk, qtbot):
    page = train_to(desk, qtbot, SHORT)
    first = page.run
    page.controls.reset.click()
    page.start_run()
    page.reset()
    assert page.player.away is first
    assert page.undo() and page.run is first
