"""The files of a run of the GAN's tab: saved, exported, dropped and repeated."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import CATALOG, FakeSession
from gan_desk import gan_desk, train
from page_desk import Desk, asked

from genstudio import api
from genstudio.export.repeats import compare
from genstudio.settings import GANSettings
from genstudio.ui.tabs.run_files import model_path


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def test_a_saved_model_gets_its_suffix_and_the_dialog_opens_in_the_models_folder(desk, qtbot, tmp_path, monkeypatch):
    offered: list[str] = []

    def choose(parent: Any, title: str, start: str, kinds: str) -> tuple[str, str]:
        offered.append(start)
        return str(tmp_path / "mine"), kinds

    monkeypatch.setattr("genstudio.ui.tabs.run_keeping.QFileDialog.getSaveFileName", choose)
    page = desk.open(dataclasses.replace(CATALOG, models_dir=str(tmp_path / "data" / "models")))
    page.run_pressed()
    qtbot.waitUntil(lambda: len(page.run.history) >= 1)
    page.save()
    qtbot.waitUntil(lambda: bool(asked(desk, api.SaveRequest)))
    assert (tmp_path / "data" / "models").is_dir() and offered[0].startswith(str(tmp_path / "data" / "models"))
    assert asked(desk, api.SaveRequest) == [api.SaveRequest(str(tmp_path / "mine.safetensors"))]
    (tmp_path / "mine.safetensors").touch()
    assert model_path(str(tmp_path / "mine")) == str(tmp_path / "mine-2.safetensors"), "nothing is replaced unasked"


def test_samples_and_history_are_exported_as_they_are(desk, qtbot):
    page = train(desk, qtbot, 4)
    page.toggle_play()
    page._scrubbed(1)
    iteration, pictures = page.run.history[1][:2]
    source, film = page.export_source(), page.export_film_source()
    assert isinstance(source, api.WritePicturesRequest) and isinstance(film, api.WritePicturesRequest)
    assert page.tempo.grid_action.isEnabled() and page.tempo.film_action.isEnabled()
    assert np.array_equal(source.films[0], pictures) and source.iteration == iteration
    assert source.source == page.run.request
    assert len(film.films) == len(page.run.history)


def test_a_repeated_run_is_compared_with_the_file():
    samples, grid = np.zeros((1, 1, 1, 1), np.uint8), np.zeros((4, 4, 1), np.uint8)
    request = api.TrainRequest("gan", "strokes", GANSettings())
    event = api.RestoredEvent("a/run.png", request, api.GridLayout(), None, "", 30, grid)
    same, said = compare(event, samples)
    assert same and "run.png" in said and "identical" in said
    same, said = compare(event, samples + 3)
    assert same is False and "up to 3" in said
    for other in (samples[:0], np.zeros((2, 1, 1, 1), np.uint8)):
        same, said = compare(event, other)
        assert same is None and "cannot be compared" in said


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


def test_a_run_on_a_folder_is_repeated_once_that_folder_is_chosen(desk, tmp_path, qtbot):
    page = desk.open()
    request = api.TrainRequest("gan", "holiday", GANSettings(width=8), preview=8)
    event = api.RestoredEvent("run.png", request, api.GridLayout(), None, "", 1)
    page.restore(event)
    assert "holiday, which is not on this computer" in desk.messages[-1] and page.run.request is None
    elsewhere = dataclasses.replace(request, dataset="/media/stick/holiday")
    with qtbot.waitSignal(page.message) as told:
        page.restore(dataclasses.replace(event, source=elsewhere))
    said, details, _ = told.args
    assert said.startswith("The run learned from holiday, which") and details == "/media/stick/holiday"
    folder = tmp_path / "holiday"
    folder.mkdir()
    page.data.select(str(folder))
    page.restore(event)
    assert page.run.request.dataset == str(folder)
