"""What the window says of runs that it kept by itself: each once, with what can be done."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import MODELS, FakeSession, with_catalog
from gan_desk import LONG, Counting, gan_desk, settle, train_to
from page_desk import Desk

from genstudio import api
from genstudio.settings import GANSettings
from genstudio.ui.latent.train import TrainPage


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(Counting())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def kept(folder: Path, iteration: int, model: int = 2, age: int = 0) -> api.ModelInfo:
    path = folder / f"last run (strokes, {iteration}).safetensors"
    path.touch()
    os.utime(path, (1e9 - age, 1e9 - age))
    return dataclasses.replace(MODELS[model], name=path.stem, path=str(path), dataset="strokes", resumable=True)


def test_a_run_that_makes_room_for_a_kept_one_is_named_and_can_be_kept(desk, qtbot, tmp_path):
    aside = tmp_path / "made room" / "last run (strokes, 300).safetensors"
    aside.parent.mkdir()
    aside.write_text("weights")
    (tmp_path / "strokes-300.safetensors").touch()
    page = train_to(desk, qtbot, LONG)
    desk.session.made_room = (str(aside),)
    page.reset()
    settle(desk, qtbot)
    assert desk.messages[-1] == (
        "The run is kept as “strokes at 125 (last run)”; “strokes at 300 (last run)” made room for it."
    )
    with qtbot.waitSignal(page.catalog_stale):
        desk.offers[-1]()
    assert (tmp_path / "strokes-300-2.safetensors").read_text() == "weights" and not aside.exists()
    assert desk.messages[-1] == "It is kept as strokes-300-2."
    desk.offers[-1]()
    assert desk.messages[-1].startswith("There is no file"), "another has made room since"


def test_a_run_that_makes_room_while_another_goes_back_is_named_too(desk, qtbot, tmp_path):
    page = train_to(desk, qtbot, LONG)
    page.run.set_state("paused")
    desk.session.made_room = (str(tmp_path / "last run (strokes, 300).safetensors"),)
    page.run.rewinds = (11,)
    page._scrubbed(2)
    page.rewind()
    qtbot.waitUntil(lambda: page.run.left is None)
    assert "made room" in desk.messages[-1] and desk.messages[-2].startswith("Back at iteration 11")


def test_the_run_that_an_end_has_kept_is_told_once_at_the_next_start(desk, qtbot, tmp_path):
    models = (MODELS[2], kept(tmp_path, 200, age=9), kept(tmp_path, 1914), kept(tmp_path, 914, 0, -9))
    page = desk.open(with_catalog(models=models))
    assert desk.messages == ["Your last run (strokes, 1,914 iterations) is kept."]
    assert page.parameters()["network"] == "mnist-dcgan"
    desk.offers[-1]()
    assert page.parameters()["network"] == models[2].name and page.controls.go_on.isVisible()
    page.activate()
    again = gan_desk(FakeSession())
    qtbot.addWidget(again.page)
    again.open(with_catalog(models=models))
    assert len(desk.messages) == 1 and again.messages == []
    again.close()


def test_what_made_room_at_the_end_is_told_at_the_next_start(desk, tmp_path):
    (tmp_path / "made room").mkdir()
    (tmp_path / "made room" / "last run (strokes, 300).safetensors").touch()
    catalog = dataclasses.replace(with_catalog(models=(kept(tmp_path, 914),)), models_dir=str(tmp_path))
    desk.open(catalog)
    assert desk.messages == [
        "Your last run (strokes, 914 iterations) is kept; “strokes at 300 (last run)” made room for it."
    ]


def test_a_window_that_keeps_no_runs_says_nothing_of_them(desk, tmp_path):
    desk.page.keeps_runs = False
    desk.open(with_catalog(models=(kept(tmp_path, 914),)))
    assert desk.messages == []


def test_a_run_that_the_user_saved_is_not_told(desk, qtbot, tmp_path, monkeypatch):
    target = str(tmp_path / "mine.safetensors")
    monkeypatch.setattr("genstudio.ui.tabs.run_keeping.QFileDialog.getSaveFileName", lambda *words: (target, ""))
    page = train_to(desk, qtbot, LONG)
    info = kept(tmp_path, LONG)
    page.run.kept = info.path
    page.save()
    settle(desk, qtbot)
    again = gan_desk(FakeSession())
    qtbot.addWidget(again.page)
    again.open(with_catalog(models=(info,)))
    assert again.messages == []
    again.close()


def test_the_page_that_trains_autoencoders_shows_its_last_run_in_explore(qtbot, tmp_path):
    desk = Desk(TrainPage, FakeSession())
    qtbot.addWidget(desk.page)
    components = dataclasses.replace(kept(tmp_path, 3, 0, -9), family="pca")
    page = desk.open(with_catalog(models=(components, kept(tmp_path, 914, 0), kept(tmp_path, 1914, 2, -9))))
    assert desk.messages == ["Your last run (strokes, 914 iterations) is kept."]
    with qtbot.waitSignal(page.mode_wanted) as wanted:
        desk.offers[-1]()
    assert wanted.args == ["vae"] and page.desk.model == "last run (strokes, 914)"
    desk.close()


def test_a_run_that_came_back_after_its_file_was_replaced_has_no_file(desk, qtbot):
    page = train_to(desk, qtbot, LONG)
    first = page.run
    page.reset()
    settle(desk, qtbot)
    request = api.TrainRequest("gan", "strokes", GANSettings(), resume=first.file)
    page.begin(request)
    qtbot.waitUntil(lambda: page.run.iteration == LONG)
    assert page._keep(page.run).spare == (), "what the first has is in the second, too"
    page.run.iteration += 1
    page.keep()
    settle(desk, qtbot)
    assert first.file == "" and first.unsaved == 0


def test_that_a_run_is_kept_is_no_longer_said_once_it_goes_on(desk, qtbot, tmp_path):
    page, info = desk.page, kept(tmp_path, 300)
    page.set_catalog(with_catalog(models=(info,)))
    page._has_reminded = False
    page.remind(info.family)
    said = desk.messages[-1]
    assert "is kept" in said
    with qtbot.waitSignal(page.withdrawn) as withdrawn:
        page.begin(dataclasses.replace(page.wanted(), resume=info.path))
    assert withdrawn.args == [said]
