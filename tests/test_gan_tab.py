"""The GAN's tab with real engines and a deterministic session: it walks at once, trains, looks back, fails well."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import CATALOG, FakeSession, with_catalog
from gan_desk import gan_desk, train
from page_desk import Desk, asked

from genstudio import api
from genstudio.settings import GANSettings
from genstudio.ui.tabs.gan import NEW
from genstudio.ui.tabs.run_files import model_path
from genstudio.ui.tabs.run_player import compared
from genstudio.ui.tabs.walk_player import slerp, walk_codes
from genstudio.ui.widgets.export_target import columns_of, count_of, frames_of


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def test_it_opens_walking_through_a_pretrained_network(desk, qtbot):
    page = desk.open()
    qtbot.waitUntil(lambda: page.walk.step >= 2)
    assert page.is_walking and page.walk.is_playing
    assert page.stage.pictures() is not None
    assert asked(desk, api.WalkRequest)[0] == api.WalkRequest("mnist-dcgan", 0, 60, 48)
    assert not asked(desk, api.TrainRequest)


def test_only_one_picture_of_the_walk_is_under_way(desk, qtbot):
    page = desk.open()
    page.walk.set_playing(False)
    qtbot.waitUntil(lambda: page.walk.step == 0)
    for _ in range(10):
        page.walk.ask()
    qtbot.waitUntil(lambda: page.walk.step >= 1)
    page.bridge.submit("play", "gan.show", api.SampleRequest("mnist-dcgan"))
    qtbot.waitUntil(lambda: bool(asked(desk, api.SampleRequest)))
    assert page.walk.step == 1


def test_another_page_on_top_stops_the_walk_and_a_pause_is_kept(desk, qtbot):
    page = desk.open()
    page.deactivate()
    assert not page.walk.is_playing
    page.activate()
    assert page.walk.is_playing
    page.toggle_play()
    page.deactivate()
    page.activate()
    assert not page.walk.is_playing


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
    def _train(self, request: api.TrainRequest) -> Iterator[api.TrainEvent | None]:
        for number, event in enumerate(super()._train(request)):
            if number == 25:
                raise FloatingPointError("A loss is no longer a finite number at iteration 26; the run has stopped.")
            yield event


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


def test_a_network_that_cannot_be_read_says_so_on_the_stage(qtbot):
    class Broken(FakeSession):
        def _walk(self, request: api.WalkRequest) -> Iterator[api.PicturesEvent]:
            raise ValueError("mnist-dcgan.safetensors was cut short")
            yield

    desk = gan_desk(Broken())
    qtbot.addWidget(desk.page)
    page = desk.open()
    qtbot.waitUntil(lambda: "cut short" in page.stage._label.text())
    assert not page.walk.is_playing
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


def test_a_saved_model_gets_its_suffix_and_the_dialog_opens_in_the_models_folder(desk, qtbot, tmp_path, monkeypatch):
    offered: list[str] = []

    def choose(parent: Any, title: str, start: str, kinds: str) -> tuple[str, str]:
        offered.append(start)
        return str(tmp_path / "mine"), kinds

    monkeypatch.setattr("genstudio.ui.tabs.runs_page.QFileDialog.getSaveFileName", choose)
    page = desk.open(dataclasses.replace(CATALOG, models_dir=str(tmp_path / "data" / "models")))
    page.run_pressed()
    qtbot.waitUntil(lambda: len(page.run.history) >= 1)
    page.save()
    qtbot.waitUntil(lambda: bool(asked(desk, api.SaveRequest)))
    assert (tmp_path / "data" / "models").is_dir() and offered[0].startswith(str(tmp_path / "data" / "models"))
    assert asked(desk, api.SaveRequest) == [api.SaveRequest(str(tmp_path / "mine.safetensors"))]
    (tmp_path / "mine.safetensors").touch()
    assert model_path(str(tmp_path / "mine")) == str(tmp_path / "mine-2.safetensors"), "nothing is replaced unasked"


def test_the_words_of_the_walk_say_what_the_network_was_trained_on(desk, qtbot):
    page = desk.open()
    assert page.data.name() == "strokes"
    assert "trained on MNIST" in page.caption.markup()


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


def test_the_walk_is_exported_as_the_codes_that_are_seen(desk, qtbot):
    page = desk.open()
    qtbot.waitUntil(lambda: page.walk.step >= 3)
    page.toggle_play()
    source = page.export_source()
    codes = walk_codes(page.walk.request, 100, page.walk.step)
    assert isinstance(source, api.DecodeRequest)
    assert np.abs(np.array(source.z) - codes).max() < 1e-4


def test_the_film_of_the_walk_is_the_grid_on_the_stage_or_the_selected_picture(desk, qtbot):
    page = desk.open()
    qtbot.waitUntil(lambda: page.walk.step >= 3)
    page.toggle_play()
    film = page.export_film_source()
    assert film.source == api.WalkFilmRequest("mnist-dcgan", 0, 60, 48, page.walk.step, 97)
    assert film.layout.columns == columns_of(film, film=True) == page.stage.columns()
    assert (count_of(film), frames_of(film)) == (60, 97)
    page.stage.set_selected(7)
    alone = page.export_film_source()
    assert alone.source == dataclasses.replace(film.source, picture=7)
    assert (count_of(alone), columns_of(alone, film=True)) == (1, 1)


def test_a_dropped_film_of_a_walk_walks_on_from_where_it_began(desk, qtbot):
    page = desk.open()
    source = api.WalkFilmRequest("mnist-dcgan", seed=5, count=16, leg=24, first=30, steps=97)
    page.restore(api.RestoredEvent("film.webp", source, api.GridLayout(), None, "restored"))
    assert page.walk.request == api.WalkRequest("mnist-dcgan", 5, 16, 24, 30)
    qtbot.waitUntil(lambda: page.walk.step >= 31)
    assert page.walk.is_playing and len(page.stage.pictures()) == 16
    assert page.tempo.speed_picker.value() == 2.0 and "16 random codes" in page.caption.markup()


def test_walk_codes_are_those_of_the_session():
    torch = pytest.importorskip("torch")
    from genstudio.core.latents import PATHS
    from genstudio.core.seeding import image_noise

    request = api.WalkRequest("m", seed=5, count=3, leg=8)
    a, b = image_noise(5, range(3, 6), (10,)), image_noise(5, range(6, 9), (10,))
    expected = torch.cat([PATHS["slerp"](x, y, torch.tensor([3 / 8])) for x, y in zip(a, b, strict=True)]).numpy()
    assert np.allclose(walk_codes(request, 10, 11), expected, atol=1e-6)
    assert np.allclose(walk_codes(request, 10, 8), a.numpy())
    assert np.allclose(slerp(a.numpy(), b.numpy(), 0.0), a.numpy(), atol=1e-6)


def test_samples_and_history_are_exported_as_they_are(desk, qtbot):
    page = train(desk, qtbot, 4)
    page.toggle_play()
    page._scrubbed(1)
    iteration, pictures = page.run.history[1][:2]
    source, film = page.export_source(), page.export_film_source()
    assert isinstance(source, api.WritePicturesRequest) and isinstance(film, api.WritePicturesRequest)
    assert np.array_equal(source.films[0], pictures) and source.iteration == iteration
    assert source.source == page.run.request
    assert len(film.films) == len(page.run.history)


def test_a_repeated_run_is_compared_with_the_file():
    grid = np.zeros((4, 4, 1), np.uint8)
    request = api.TrainRequest("gan", "strokes", GANSettings())
    event = api.RestoredEvent("a/run.png", request, api.GridLayout(), None, "", 30, grid)
    assert "identical" in compared(event, grid)
    assert "up to 3" in compared(event, grid + 3)
    assert "cannot be compared" in compared(event, grid[:2])


def test_a_dropped_picture_of_a_run_trains_again_to_the_same_iteration(desk, qtbot):
    export = pytest.importorskip("genstudio.export")
    page = desk.open()
    settings, layout = GANSettings(width=8, seed=3), api.GridLayout(columns=4)
    request = api.TrainRequest("gan", "strokes", settings, preview=8)
    samples = next(event.samples[0][1] for event in FakeSession()._train(request) if event and event.iteration == 31)
    shown = export.grid(samples, layout)
    page.restore(api.RestoredEvent("run.png", request, layout, None, "restored", 31, shown))
    qtbot.waitUntil(lambda: page.run.state == "ended")
    assert page.controls.form.value() == settings
    assert asked(desk, api.TrainRequest) == [dataclasses.replace(request, iterations=31)]
    assert "identical" in desk.messages[-1]


def test_a_run_on_a_folder_is_repeated_once_that_folder_is_chosen(desk, tmp_path):
    page = desk.open()
    request = api.TrainRequest("gan", "holiday", GANSettings(width=8), preview=8)
    event = api.RestoredEvent("run.png", request, api.GridLayout(), None, "", 1)
    page.restore(event)
    assert "holiday, which is not on this computer" in desk.messages[-1] and page.run.request is None
    folder = tmp_path / "holiday"
    folder.mkdir()
    page.data.select(str(folder))
    page.restore(event)
    assert page.run.request.dataset == str(folder)


def test_a_dropped_picture_of_a_network_is_shown_and_the_walk_waits(desk, qtbot):
    page = desk.open()
    source = api.SampleRequest("mnist-dcgan", seed=9, count=12)
    page.restore(api.RestoredEvent("grid.png", source, api.GridLayout(), True, "identical"))
    qtbot.waitUntil(lambda: page.stage.pictures() is not None and len(page.stage.pictures()) == 12)
    assert not page.walk.is_playing
    assert page.export_source() == source
    page._cell_clicked(11)
    assert page.export_film_source() is None, "the walk is not what one sees"
    page.toggle_play()
    qtbot.waitUntil(lambda: len(page.stage.pictures()) == 60)


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
