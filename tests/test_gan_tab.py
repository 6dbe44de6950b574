"""The GAN's tab with real engines and a deterministic session: it trains, looks back, fails well."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import FakeSession, with_catalog
from gan_desk import gan_desk, train
from page_desk import Desk, asked

from genstudio import api
from genstudio.errors import Diverged
from genstudio.settings import GANSettings
from genstudio.ui.game.page import NEW


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def test_without_a_trained_network_it_invites_to_train_one(desk):
    page = desk.open(with_catalog(models=()))
    assert not page.is_walking
    assert page.stage.pictures() is None
    assert page.picker.value() == NEW


def test_run_trains_on_strokes_and_follows_the_newest_samples(desk, qtbot):
    page = train(desk, qtbot)
    assert asked(desk, api.TrainRequest) == [api.TrainRequest("gan", "strokes", GANSettings(), preview=60)]
    qtbot.waitUntil(lambda: "live" in page.tempo.label.text())
    assert page.tempo.is_playing()
    page.toggle_play()
    assert page.run.state == "paused" and not page.tempo.is_playing()
    assert np.array_equal(page.stage.pictures(), page.run.history[-1][1])
    assert len(page.plots.plots[0].buffer) == page.run.iteration


def test_a_picture_of_the_window_waits_for_pictures_and_curves(desk, qtbot):
    page = desk.open()
    assert not page.is_settled()
    qtbot.waitUntil(page.is_settled)
    assert page.stage.pictures() is not None
    page.run_pressed()
    assert not page.is_settled()
    qtbot.waitUntil(page.is_settled)
    assert page.plots.scores() is not None


def test_the_words_say_the_numbers_at_the_ends_of_the_curves(desk, qtbot):
    page = train(desk, qtbot)
    page.toggle_play()
    qtbot.waitUntil(lambda: page.plots.scores() is not None and page.plots.scores()[0] == page.run.iteration)
    _, d_real, d_fake = page.plots.scores()
    labels = [text for _, text, _ in page.plots.plots[1].panel.getPlotItem().getAxis("right")._labels]
    assert labels == [f"D(real) {d_real:.2f}", f"D(fake) {d_fake:.2f}"]
    words = page.caption.markup()
    assert f"Iteration {page.run.iteration:,}:" in words
    assert f"<real>{d_real:.2f}</real>" in words and f"<generated>{d_fake:.2f}</generated>" in words


def test_going_back_pauses_the_view_and_not_the_training(desk, qtbot):
    page = train(desk, qtbot)
    page._scrubbed(1)
    iteration, pictures = page.run.history[1][:2]
    before = page.run.iteration
    qtbot.waitUntil(lambda: page.run.iteration > before + 20)
    assert page.run.state == "running"
    assert np.array_equal(page.stage.pictures(), pictures)
    assert [plot.panel.cursor_x() for plot in page.plots.plots] == [iteration, iteration]
    page._word_clicked("live")
    assert page.run.history.is_live and page.plots.plots[0].panel.cursor_x() is None


def test_one_step_pauses_and_advances_by_one_iteration(desk, qtbot):
    page = train(desk, qtbot)
    page.run_pressed()
    with qtbot.waitSignal(page.bridge.event, check_params_cb=lambda slot, event: slot == "gan.nothing"):
        page.bridge.submit("train", "gan.nothing", api.CatalogRequest())  # answered after the last iteration
    before = page.run.iteration
    page.step(1)
    qtbot.waitUntil(lambda: page.run.iteration > before)
    assert page.run.iteration == before + 1
    assert page.run.state == "paused"


def test_slow_motion_goes_by_single_steps(desk, qtbot):
    page = train(desk, qtbot, 1)
    page._speed_changed(0.1)
    before = page.run.iteration
    qtbot.waitUntil(lambda: page.run.iteration >= before + 2)
    assert page.run.state == "running"
    page.run_pressed()
    assert page.run.state == "paused"


def test_changed_settings_wait_for_a_restart(desk, qtbot):
    page = train(desk, qtbot)
    assert not page.controls.restart.isVisible()
    page.controls.form.controls["width"].setValue(16)
    assert page.controls.restart.isVisible()
    assert page.run.request.settings == GANSettings()
    page.controls.restart.click()
    assert page.run.request.settings == GANSettings(width=16)
    assert not page.controls.restart.isVisible()
    qtbot.waitUntil(lambda: len(page.run.history) >= 1)


class Failing(FakeSession):
    """Breaks after 25 iterations; nothing is kept of it."""

    def _train(self, request: api.TrainRequest, first: int = 0) -> Iterator[api.TrainEvent | None]:
        for number, event in enumerate(super()._train(request, first)):
            if number == 25:
                raise Diverged(26)
            yield dataclasses.replace(event, rewinds=())


def test_a_loss_that_is_no_number_leaves_the_last_good_samples(qtbot):
    desk = gan_desk(Failing())
    qtbot.addWidget(desk.page)
    page = desk.open()
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.state == "failed")
    assert np.array_equal(page.stage.pictures(), page.run.history[-1][1])
    assert "stopped" in page.caption.markup()
    assert page.controls.run.text() == "Start again"
    desk.close()


def test_a_dataset_that_is_not_here_is_offered_for_download(desk, qtbot):
    page = desk.open()
    data = page.data
    data.picker.set_value("cifar10")
    data._picked("cifar10")
    assert data.download_button.isVisible() and not page.controls.run.isEnabled()
    assert "170 MB" in data.facts.text()
    data.download_button.click()
    with qtbot.waitSignal(page.catalog_stale):
        pass
    assert asked(desk, api.DownloadRequest) == [api.DownloadRequest("cifar10")]


def test_the_stage_offers_the_download_of_a_dataset_that_is_not_here(desk, qtbot):
    page = desk.open()
    page._network_chosen(NEW)
    page.data._picked("cifar10")
    assert "not on this computer" in page.stage._label.text()
    assert page.stage._button.text() == "Download CIFAR-10"
    page.stage._button.click()
    assert "being downloaded" in page.stage._label.text() and not page.stage._button.isVisible()
    qtbot.waitUntil(lambda: asked(desk, api.DownloadRequest) == [api.DownloadRequest("cifar10")])


def test_a_folder_that_cannot_be_read_is_no_dataset(desk, qtbot, tmp_path):
    page = desk.open()
    shown = page.picker.value()
    broken = tmp_path / "broken"
    broken.mkdir()
    desk.session.handle = lambda request: (_ for _ in ()).throw(ValueError("there is no picture in this folder"))
    assert page.offer_dataset(str(broken))
    qtbot.waitUntil(lambda: page.data.name() == "strokes")
    assert page.data.picker.value() == "strokes" and page.controls.run.isEnabled(), "the one before stays"
    assert page.picker.value() == shown and page.is_walking, "and so does the network that is shown"


def test_parameters_survive_a_restart_of_the_window(desk, qtbot):
    page = desk.open()
    page.controls.form.controls["width"].setValue(24)
    page.data.select("mnist")
    page._settings_changed()
    saved = page.parameters()
    other = gan_desk(FakeSession())
    qtbot.addWidget(other.page)
    other.page.set_parameters({**saved, "network": "gone", "foreign": 1})
    again = other.open()
    assert again.controls.form.value() == GANSettings(width=24)
    assert again.data.name() == "mnist"
    assert again.is_walking
    other.close()


def test_undo_beside_a_run_takes_the_setting_back_alone(desk, qtbot):
    page = desk.open()
    page.run_pressed()
    page.controls.form.controls["batch_size"].setValue(64)
    assert page.undo()
    assert page.controls.form.value() == GANSettings() and not page.is_walking
    assert page.undo() and page.is_walking


def test_undo_takes_a_setting_back(desk, qtbot):
    page = desk.open()
    page.controls.form.controls["batch_size"].setValue(64)
    assert page.undo()
    assert page.controls.form.value() == GANSettings()
    assert page.redo()
    assert page.controls.form.value() == GANSettings(batch_size=64)


@pytest.mark.parametrize("values", [{}, {"settings": {"width": "x"}}, {"settings": 3, "seed": -1, "dataset": 7}])
def test_foreign_parameters_are_ignored(desk, values):
    page = desk.open()
    page.set_parameters(values)
    assert page.controls.form.value() == GANSettings() and page.data.name() == "strokes"


def test_every_setting_stands_in_one_section(desk: Desk) -> None:
    form = desk.page.controls.form
    assert set(form.rows) == {field.name for field in dataclasses.fields(GANSettings)}
    homes = [row.parentWidget() for row in form.rows.values()]
    assert len(set(homes)) == 3 and form in homes
