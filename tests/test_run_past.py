"""Looking back at a run, going back, and going on from there as it was or another way."""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FakeSession
from gan_desk import gan_desk, settle, train
from page_desk import Desk, asked

from genstudio import api
from genstudio.engine import Failure
from genstudio.session import Session
from genstudio.settings import GANSettings, MLPVAESettings
from genstudio.ui.game.page import GANTab
from genstudio.ui.latent.train import TrainPage
from genstudio.ui.tabs.run_words import rewind_help
from genstudio.ui.tabs.training_run import TrainingRun


class Tuned(FakeSession):
    """Takes every change; nothing else is forgotten on the way back."""

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.TuneRequest):
            self.requests.append(request)
            return api.TunedEvent((api.Change(31, "lr_d", request.settings.lr_d),))
        return super().handle(request)


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(Tuned())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def paused(desk: Desk, qtbot: Any) -> GANTab:
    """The page with a run that has some past, and stands still."""
    page = train(desk, qtbot, moments=4)
    page.run_pressed()
    settle(desk, qtbot)
    return page


def go_back(page: GANTab, qtbot: Any, position: int = 1) -> TrainingRun:
    """Rewind to a moment; the run that has."""
    page._scrubbed(position)
    page.controls.rewind.click()
    qtbot.waitUntil(lambda: page.run.left is None)
    return page.run


def test_a_run_goes_back_to_the_moment_that_is_looked_at_and_stands_there(desk, qtbot):
    page = paused(desk, qtbot)
    left, then = page.run, page.run.history[1]
    run = go_back(page, qtbot)
    assert asked(desk, api.RewindRequest) == [api.RewindRequest(11, left.place, run.place)]
    assert run is not left and run.place != left.place and run.state == "paused"
    assert run.iteration == 11 and [moment.iteration for moment in run.history.values()] == [1, 11]
    assert np.array_equal(page.stage.pictures(), then.samples)
    assert all(plot.buffer.x_range() == (1, 11) for plot in page.plots.plots)
    assert desk.messages[-1].startswith("Back at iteration 11, paused: change a setting, or go on as it was.")
    assert page.player.away is left and left.state == "paused"
    page.run_pressed()
    qtbot.waitUntil(lambda: run.iteration > 20)
    assert all(plot.buffer.x_range()[0] == 1 for plot in page.plots.plots)


def test_undo_brings_back_what_came_later_and_redo_goes_back_again(desk, qtbot):
    page = paused(desk, qtbot)
    left, at = page.run, page.run.iteration
    run = go_back(page, qtbot)
    assert page.undo() and page.run is left and left.iteration == at and left.state == "paused"
    assert all(plot.buffer.x_range() == (1, at) for plot in page.plots.plots)
    assert page.redo() and page.run is run
    assert page.undo() and page.run is left


def test_settings_that_were_changed_later_are_as_they_were_and_undo_changes_them_again(desk, qtbot):
    page = paused(desk, qtbot)
    page.remember()
    page.controls.form.controls["lr_d"].setValue(1e-3)
    settle(desk, qtbot)
    left = page.run
    run = go_back(page, qtbot)
    assert page.controls.form.value() == GANSettings() and run.changes == ()
    page.controls.form.controls["lr_g"].setValue(1e-4)
    settle(desk, qtbot)
    tuned = asked(desk, api.TuneRequest)[-1]
    assert tuned == api.TuneRequest(GANSettings(lr_g=1e-4), run.place)
    assert page.undo() and page.run is run and page.controls.form.value() == GANSettings()
    assert page.undo() and page.run is left and page.controls.form.value() == GANSettings(lr_d=1e-3)
    assert page.redo() and page.run is run and page.controls.form.value() == GANSettings()
    assert page.undo() and page.undo() and page.run is left
    assert page.controls.form.value() == GANSettings(), "and the change before that"


def test_the_button_and_the_words_say_where_one_can_go_back_to(desk, qtbot):
    page = paused(desk, qtbot)
    button = page.controls.rewind
    assert not button.isEnabled() and button.toolTip() == rewind_help(-1, True)
    page._scrubbed(2)
    assert button.isEnabled() and button.text() == "Rewind to 21"
    assert "<a href='rewind'>Rewind to iteration 21</a>" in page.caption.markup()
    page.run.rewinds = (11, 31)
    page._scrubbed(2)
    assert button.text() == "Rewind to 11", "the newest that is kept before it"
    assert button.toolTip().startswith("11 is the nearest kept moment before 21. Go on from iteration 11,")
    assert "Rewind to iteration 11</a>, the nearest kept moment, or" in page.caption.markup()
    page._scrubbed(0)
    assert not button.isEnabled() and "rewind" not in page.caption.markup()
    page._scrubbed(2)
    page._word_clicked("rewind")
    qtbot.waitUntil(lambda: page.run.left is None)
    assert asked(desk, api.RewindRequest)[-1].iteration == 11
    page._network_chosen("mnist-dcgan")
    assert not button.isEnabled(), "a model walks"


def test_a_run_that_an_error_ended_can_be_rewound(desk, qtbot):
    page = paused(desk, qtbot)
    page.handle("train", Failure(MemoryError(), ""))
    newest = page.run.history[-1].iteration
    assert page.controls.rewind.text() == f"Rewind to {newest}" and page.controls.rewind.isEnabled()
    assert f"<a href='rewind'>Rewind to iteration {newest}</a> and go on" in page.caption.markup()
    run = go_back(page, qtbot, len(page.run.history))
    assert run.state == "paused" and run.iteration == newest


def test_a_run_that_cannot_go_back_is_there_again(desk, qtbot):
    page = paused(desk, qtbot)
    left = page.run
    desk.session.runs.clear()
    page._scrubbed(1)
    page.rewind()
    qtbot.waitUntil(lambda: page.run is left)
    assert left.state == "paused" and page.player.away.state == "none"


def test_many_rewinds_keep_two_runs(desk, qtbot):
    page = paused(desk, qtbot)
    for _ in range(3):
        run = go_back(page, qtbot)
        page.run_pressed()
        qtbot.waitUntil(lambda: len(page.run.history) > 3)
        page.run_pressed()
        settle(desk, qtbot)
        assert page.run is run and {run.place, page.player.away.place} == {0, 1}
    gc.collect()
    assert sum(type(thing) is TrainingRun for thing in gc.get_objects()) == 2


def test_live_settings_of_the_game_change_while_it_goes_on(desk, qtbot):
    page = train(desk, qtbot)
    page.controls.form.controls["lr_d"].setValue(1e-3)
    qtbot.waitUntil(lambda: "From iteration 32 on Rate D is 0.001." in desk.messages)
    assert not page.controls.restart.isVisible()
    page.controls.form.controls["width"].setValue(16)
    assert page.controls.restart.isVisible(), "a network cannot change its shape while it learns"
    settle(desk, qtbot)
    assert len(asked(desk, api.TuneRequest)) == 1


def test_a_real_run_is_rewound_and_goes_another_way_and_both_are_files(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr("genstudio.session.training.ROWS_EVERY_S", 0.0)
    monkeypatch.setattr("genstudio.core.training.Trainer.preview_every_s", 0.0)
    monkeypatch.setattr("genstudio.core.training.Trainer.preview_share", 1e9)
    monkeypatch.setattr("genstudio.ui.tabs.run_keeping.WORTH", 4)
    session = Session("train", model_dirs=[tmp_path], data_dir=tmp_path)
    desk = Desk(TrainPage, session)
    qtbot.addWidget(desk.page)
    page: TrainPage = desk.open(session.handle(api.CatalogRequest()).catalog)
    page.controls.set_family("mlp-vae")
    settings = MLPVAESettings(latent_dim=2, hidden=8, batch_size=4)
    page.controls.form.set_value(settings)
    page.run_pressed()
    qtbot.waitUntil(lambda: len(page.run.history) > 8, timeout=30_000)
    page.controls.form.controls["beta"].setValue(3.0)
    left = page.run
    qtbot.waitUntil(lambda: any(change.name == "beta" for change in left.changes), timeout=30_000)
    changed_at = next(change.iteration for change in left.changes if change.name == "beta")
    qtbot.waitUntil(lambda: left.history[-1].iteration > changed_at, timeout=30_000)
    page.run_pressed()
    settle(desk, qtbot)
    kept = [k for k, moment in enumerate(left.history.values()) if moment.iteration in left.rewinds]
    before = max(k for k in kept if left.history[k].iteration <= changed_at)
    page._scrubbed(before)
    then = left.history[before]
    assert page.run.rewind_at() == then.iteration
    page.rewind()
    qtbot.waitUntil(lambda: page.run.left is None, timeout=30_000)
    assert page.run.iteration == then.iteration and page.controls.form.value() == settings
    shown = page.run.history[-1]
    assert np.array_equal(shown.samples, then.samples) and np.array_equal(shown.views["map"], then.views["map"])
    assert np.array_equal(shown.numbers["kl_per_latent"], then.numbers["kl_per_latent"])
    assert page.plots.nats.buffer.x_range() == (1, then.iteration)
    assert Path(left.file).exists() and left.file in {str(path) for path in tmp_path.iterdir()}
    assert f"kept as “strokes mlp-vae at {left.iteration} (last run)”" in desk.messages[-1]
    page.controls.form.controls["beta"].setValue(0.5)
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration > then.iteration + 4, timeout=30_000)
    assert page.run.settings() == dataclasses.replace(settings, beta=0.5)
    page.reset()
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("last run*"))) == 2, timeout=30_000)
    desk.close()
