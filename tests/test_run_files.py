"""The file of a run and the window that shows the run: both are as far."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeSession
from gan_desk import gan_desk, settle, train
from page_desk import Desk

from genstudio import api, store
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import PCASettings, VAESettings
from genstudio.ui.latent.train import TrainPage

RUN = api.TrainRequest("vae", "strokes", VAESettings(latent_dim=2, width=4, batch_size=8), 9, preview=0)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)


def test_a_written_file_tells_what_nobody_had_been_told(session, tmp_path, monkeypatch):
    monkeypatch.setattr("genstudio.session.training.ROWS_EVERY_S", 1e9)
    events = session.stream(RUN)
    for _ in range(4):
        next(events)
    told = session.handle(api.SaveRequest(str(tmp_path / "a.safetensors"))).progress
    assert told.iteration == store.read_header(tmp_path / "a.safetensors").iteration == 3 and len(told.rows) == 3
    (rest,) = (event for event in events if event is not None)
    assert rest.iteration == 9 and len(rest.rows) == 9, "the stream tells of every iteration, whoever has told before"
    assert np.array_equal(rest.rows[:3], told.rows)


def test_a_file_of_a_run_that_has_just_broken_leaves_it_to_the_run_to_say_so(session, tmp_path, monkeypatch):
    monkeypatch.setattr("genstudio.session.training.ROWS_EVERY_S", 1e9)
    events = session.stream(RUN)
    for _ in range(3):
        next(events)
    session.runs[0].pending[-1].fill_(np.nan)
    assert not len(session.runs[0].progress().rows)
    with pytest.raises(FloatingPointError, match="iteration 2"):
        list(events)


def test_the_words_are_as_far_as_the_file(qtbot):
    desk = gan_desk(FakeSession())
    qtbot.addWidget(desk.page)
    page = train(desk, qtbot)
    page.run_pressed()
    settle(desk, qtbot)
    run, at = page.run, page.run.iteration
    rows = np.full((7, 4), 0.5, np.float32)
    names = ("d_loss", "g_loss", "d_real", "d_fake")
    told = api.TrainEvent(run.request, at + 7, names, rows, (), 0.0, run.changes)
    page._writing["save"] = (run, at)
    page.handle("save", api.SavedEvent("mine.safetensors", 9, told))
    assert run.iteration == at + 7 and run.unsaved == 0 and run.iterations_per_s == 41
    assert len(page.plots.plots[0].buffer) == at + 7
    qtbot.waitUntil(lambda: f"Iteration {at + 7}:" in page.caption.markup())
    assert f"iteration {at + 7} · paused" in page.tempo.label.text()
    desk.close()


IN_TURN = (("train", 0, 2), ("save", 2, 5), ("train", 2, 9))
JOINED = (("train", 0, 9), ("save", 2, 5))  # the window was busy: two events of the stream have become one
TWICE = (("save", 0, 5), ("save", 0, 5), ("train", 0, 9))


@pytest.mark.parametrize("heard", [IN_TURN, JOINED, TWICE])
@pytest.mark.parametrize("is_away", [False, True])
def test_what_a_file_tells_late_or_twice_is_there_once_and_in_its_place(qtbot, heard, is_away):
    desk = gan_desk(FakeSession())
    qtbot.addWidget(desk.page)
    page = train(desk, qtbot)
    page.run_pressed()
    settle(desk, qtbot)
    run, at = page.run, page.run.iteration
    if is_away:
        page.reset()
    rows = np.arange(40, dtype=np.float32).reshape(10, 4)
    names = ("d_loss", "g_loss", "d_real", "d_fake")
    changes = tuple(api.Change(at + k, "lr_d", k / 1000) for k in range(10))
    for verb, first, last in heard:
        event = api.TrainEvent(run.request, at + last, names, rows[first:last], (), 9.0, changes[:last])
        event = dataclasses.replace(event, rewinds=(1, at + last))
        page._writing[verb] = (run, at)
        page.handle(verb, event if verb == "train" else api.SavedEvent("mine.safetensors", 9, event))
    assert run.iteration == at + 9 and run.changes == changes[:9] and run.rewinds == (1, at + 9)
    assert run.saved == at + 5 and run.last == tuple(rows[8])
    assert all(len(curve) == at + 9 for curve in run.curves)
    assert run.curves[0].mean(0)[-9:].tolist() == rows[:9, 0].tolist()
    desk.close()


def test_components_that_nobody_saved_are_kept(session, tmp_path, qtbot):
    desk = Desk(TrainPage, session)
    qtbot.addWidget(desk.page)
    page: TrainPage = desk.open(session.handle(api.CatalogRequest()).catalog)
    page.controls.set_family("pca")
    page.controls.form.set_value(PCASettings(latent_dim=3))
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.state == "ended", timeout=30_000)
    assert page.farewell() == {"train": (api.KeepRequest(page.run.place),)}
    page.reset()
    qtbot.waitUntil(lambda: (tmp_path / "last run (strokes pca, 3).safetensors").exists(), timeout=30_000)
    qtbot.waitUntil(lambda: page.farewell() == {})
    desk.close()


def test_a_run_that_is_kept_leaves_the_file_of_another_that_is_as_far(session, tmp_path):
    files = []
    for place, spare in ((0, ()), (1, (str(tmp_path / "last run (strokes, 2).safetensors"),))):
        list(session.stream(api.RunRequest(dataclasses.replace(RUN, iterations=2), place)))
        files.append(Path(session.handle(api.KeepRequest(place, spare)).path))
    assert [file.name for file in files] == [f"last run (strokes{n}, 2).safetensors" for n in ("", " 2")]
    assert all(file.exists() for file in files)
