"""A run whose loss is no number goes back by itself to its last finite state, and nothing is lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import FakeSession
from gan_desk import gan_desk, settle, train
from page_desk import Desk, asked

from genstudio import api
from genstudio.engine import Failure
from genstudio.errors import Diverged
from genstudio.settings import MLPGANSettings
from genstudio.ui.diffusion.train import DenoisingTrainPage
from genstudio.ui.game.page import GANTab
from genstudio.ui.latent.train import TrainPage
from genstudio.ui.points.page import PointsPage
from genstudio.ui.tabs import run_words
from genstudio.ui.tabs.training_run import TrainingRun

SAID = "The loss was no longer a number at iteration 26; the run is paused at iteration 21, its last finite state. "
ADVICE = "Try a smaller learning rate, then go on."


class Breaking(FakeSession):
    """Breaks at iteration `at` or after, unless that is 0; a state is kept every ten iterations."""

    at = 26

    def _train(self, request: api.TrainRequest, first: int = 0) -> Iterator[api.TrainEvent | None]:
        for event in super()._train(request, first):
            if event is not None and len(event.rows) and 0 < self.at <= event.iteration:
                raise Diverged(event.iteration)
            yield _with_scores(event) if request.family == "point-gan" and event is not None else event


def _with_scores(event: api.TrainEvent) -> api.TrainEvent:
    """The fake knows nothing of points: all four curves are its one."""
    rows = np.repeat(event.rows, 4, axis=1)
    past = event.past if not len(event.past) else np.repeat(event.past, (1, 4), axis=1)
    return dataclasses.replace(event, names=("d_loss", "g_loss", "d_real", "d_fake"), rows=rows, past=past)


@pytest.fixture(params=[GANTab, PointsPage, TrainPage, DenoisingTrainPage])
def desk(request: Any, qtbot: Any) -> Iterator[Desk]:
    made = Desk(request.param, Breaking())
    qtbot.addWidget(made.page)
    yield made
    made.close()


@pytest.fixture
def pictures(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(Breaking())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def breaks(desk: Desk, qtbot: Any) -> TrainingRun:
    """A run that has broken and gone back; the page has this one in its stead."""
    page = desk.page
    if page.catalog is None:
        desk.open()
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.broke_at > 0 and page.run.left is None)
    return page.run


def test_it_goes_back_by_itself_and_says_so(desk, qtbot):
    run = breaks(desk, qtbot)
    page, broken = desk.page, desk.page.player.away
    assert asked(desk, api.RewindRequest) == [api.RewindRequest(21, broken.place, run.place)]
    assert run.state == "paused" and run.iteration == 21 and desk.messages[-1] == SAID + ADVICE
    assert run.history[-1].iteration == 21 and run.history.is_live
    assert "at iteration 26: the run went back to its last finite state. Try a smaller" in page.caption.markup()
    assert broken.state == "failed" and broken.iteration == 25
    assert page.controls.run.isEnabled() and page.tempo.label.text() == "iteration 21 · paused"


def test_undo_brings_the_broken_run_back_and_it_stays(desk, qtbot):
    run = breaks(desk, qtbot)
    page, broken = desk.page, desk.page.player.away
    assert page.undo() and page.run is broken
    settle_page(desk, qtbot)
    assert page.run is broken and broken.state == "failed" and "stopped" in page.caption.markup()
    assert len(asked(desk, api.RewindRequest)) == 1
    assert page.redo() and page.run is run and "went back" in page.caption.markup()
    page.undo()
    page._word_clicked("rewind")
    qtbot.waitUntil(lambda: page.run is not broken and page.run.left is None)
    assert page.run.iteration == 21 and page.run.broke_at == 0
    assert desk.messages[-1].startswith("Back at iteration 21, paused")


def settle_page(desk: Desk, qtbot: Any) -> None:
    heard: list[str] = []
    desk.bridge.event.connect(lambda slot, event: heard.append(slot))
    desk.bridge.submit("train", f"{desk.page.name}.settle", api.CatalogRequest())
    qtbot.waitUntil(lambda: any(slot.endswith("settle") for slot in heard))


def test_what_breaks_again_goes_back_again_and_what_does_not_goes_on(desk, qtbot):
    run = breaks(desk, qtbot)
    page = desk.page
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run is not run and page.run.left is None)
    assert page.run.iteration == 21 and page.run.broke_at == 26 and page.player.away is run
    desk.session.at = 0
    again = page.run
    page.run_pressed()
    qtbot.waitUntil(lambda: again.iteration > 40)
    assert page.run is again and "went back" not in page.caption.markup()


def test_of_other_settings_then_it_says_that_they_are_back():
    rest = ", with the settings that it had then."
    assert run_words.broken(26, 21, is_as_it_was=False) == SAID[:-2] + rest
    assert run_words.stands(26, is_as_it_was=False).endswith(f"went back to its last finite state{rest}")


def test_while_a_model_walks_it_goes_back_and_the_model_walks_on(pictures, qtbot):
    pictures.session.at = 0
    page: GANTab = train(pictures, qtbot)
    qtbot.waitUntil(lambda: bool(page.run.rewinds))  # else there is nothing to go back to
    page._network_chosen("mnist-dcgan")
    page.handle("train", Failure(Diverged(page.run.iteration + 1), ""))  # of the iteration that was on its way
    qtbot.waitUntil(lambda: page.run.broke_at > 0 and page.run.left is None)
    assert page.is_walking and page.picker.value() == "mnist-dcgan" and page.run.state == "paused"
    assert pictures.messages[-1].startswith("The loss was no longer a number")
    page.show_run()
    assert np.array_equal(page.stage.pictures(), page.run.history[-1].samples)


def test_the_form_of_another_family_stays_when_the_run_goes_back(pictures, qtbot):
    pictures.session.at = 0
    page: GANTab = train(pictures, qtbot)
    qtbot.waitUntil(lambda: bool(page.run.rewinds))  # else there is nothing to go back to
    page.controls.set_value(MLPGANSettings(hidden=32))
    pictures.session.at = 1
    qtbot.waitUntil(lambda: page.run.broke_at > 0 and page.run.left is None)
    assert page.run.state == "paused"


def test_one_that_was_put_away_stays_as_it_broke(pictures, qtbot):
    pictures.session.at = 0
    page: GANTab = train(pictures, qtbot)
    qtbot.waitUntil(lambda: bool(page.run.rewinds))  # else there is nothing to go back to
    left = page.run
    page.reset()
    page.handle("train", Failure(Diverged(9), ""))
    assert left.state == "failed" and page.run.state == "none"
    assert asked(pictures, api.RewindRequest) == []


def test_a_repeated_run_that_breaks_stays(pictures, qtbot):
    page: GANTab = pictures.open()
    source = dataclasses.replace(page.wanted(), iterations=30)
    page.restore(api.RestoredEvent("a.png", source, api.GridLayout(), False, "", iteration=30))
    qtbot.waitUntil(lambda: page.run.state == "failed")
    settle(pictures, qtbot)
    assert page.run.state == "failed" and asked(pictures, api.RewindRequest) == []


def test_what_no_file_holds_is_kept_when_it_makes_room(pictures, qtbot):
    """Nobody writes a run that has broken: the one that has gone back must be written itself."""
    pictures.session.at = 126
    run = breaks(pictures, qtbot)
    page: GANTab = pictures.page
    assert run.iteration == 121 and run.unsaved == 121
    page.reset()
    settle(pictures, qtbot)
    assert [request.place for request in asked(pictures, api.KeepRequest)] == [run.place]


def test_one_that_broke_at_once_is_as_it_began(pictures, qtbot):
    page: GANTab = pictures.open()
    page.run_pressed()
    run = page.run
    first = dataclasses.replace(
        next(FakeSession().stream(page.wanted())), iteration=0, rows=np.zeros((0, 4), np.float32), rewinds=(0,)
    )
    page.player.put_away()
    page.player.start(page.wanted())
    run = page.run
    page.handle("train", first)
    page.handle("train", Failure(Diverged(1), ""))
    qtbot.waitUntil(lambda: page.run is not run and page.run.left is None)
    assert page.run.state == "paused" and page.player.away.state == "none"
    page.undo()
    assert page.run.state == "paused", "there is nothing to bring back"
