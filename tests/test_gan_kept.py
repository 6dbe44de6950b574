"""A run of the GAN's tab that is worth it is kept in a file, and gone on with."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import MODELS, with_catalog
from gan_desk import LONG, SHORT, Counting, gan_desk, settle, train_to
from page_desk import Desk, asked

from genstudio import api
from genstudio.settings import GANSettings
from genstudio.ui.tabs.run_keeping import WORTH
from genstudio.ui.tabs.training_run import TrainingRun


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(Counting())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def asked_to_keep(desk: Desk, qtbot: Any) -> list[api.KeepRequest]:
    """Everything that was to be kept so far."""
    settle(desk, qtbot)
    return desk.session.kept


def test_a_short_run_is_worth_no_file(desk, qtbot):
    assert SHORT < WORTH < LONG
    page = train_to(desk, qtbot, SHORT)
    page.start_run()
    settle(desk, qtbot)
    assert desk.session.written == [] and page.farewell() == {}


def test_a_window_that_keeps_no_runs_writes_none(desk, qtbot):
    page = train_to(desk, qtbot, LONG)
    page.keeps_runs = False
    assert page.farewell() == {}
    page.reset()
    settle(desk, qtbot)
    assert desk.session.written == []


def test_a_run_that_makes_room_is_kept_in_a_file_before_the_next_one_begins(desk, qtbot):
    page = train_to(desk, qtbot, LONG)
    first = page.run
    desk.session.limit = SHORT
    with qtbot.waitSignal(page.catalog_stale):
        page.start_run()
    assert desk.session.written == [(api.KeepRequest, 0, 125)]
    assert desk.messages == [
        "The run was put away.",
        "The run was put away; it is in the picker as “strokes at 125 (last run)”.",
    ]
    desk.offers[-1]()
    assert page.run is first and page.farewell() == {}
    page.reset()
    settle(desk, qtbot)
    assert len(desk.session.written) == 1, "it is in the file already"


def test_a_run_that_makes_room_leaves_the_files_of_those_that_stay(desk, qtbot):
    page = train_to(desk, qtbot, LONG)
    first = page.run
    page.start_run()
    qtbot.waitUntil(lambda: page.run.iteration == LONG and bool(first.file))
    assert page.undo() and page.run is first
    assert asked_to_keep(desk, qtbot) == [api.KeepRequest(0), api.KeepRequest(1, (first.file,))]
    assert page.farewell() == {}, "both are on the disk"
    kept = dataclasses.replace(MODELS[2], dataset="strokes", path="old.safetensors", resumable=True)
    page.set_catalog(with_catalog(models=(kept,)))
    desk.session.limit = 2 * LONG
    page.run_pressed()
    qtbot.waitUntil(lambda: first.iteration == 2 * LONG)
    page._network_chosen(kept.name)
    page.go_on()
    assert asked_to_keep(desk, qtbot)[-1].spare[0] == "old.safetensors", "it is about to be read"


def test_a_run_that_goes_on_is_written_now_and_then_in_one_file(desk, qtbot):
    page = train_to(desk, qtbot, LONG)
    page.run.set_state("running")
    page.keep_on_the_way()
    settle(desk, qtbot)
    first = page.run.file
    assert first and page.run.kept == first and asked_to_keep(desk, qtbot) == [api.KeepRequest(0)]
    page.keep_on_the_way()
    settle(desk, qtbot)
    assert len(desk.session.written) == 1, "nothing new to write"
    page.run.iteration += 1
    page.keep_on_the_way()
    settle(desk, qtbot)
    assert asked_to_keep(desk, qtbot)[-1] == api.KeepRequest(0, (), first)


def test_a_full_disk_loses_nothing(desk, qtbot):
    page = train_to(desk, qtbot, LONG)
    first = page.run
    desk.session.disk_is_full = True
    page.reset()
    settle(desk, qtbot)
    assert desk.messages[-1] == (
        "The run that was put away could not be written: The disk is full; nothing was changed. Ctrl+Z brings it back."
    )
    assert page.farewell() == {"train": (api.KeepRequest(first.place),)}, "tried again when the window closes"
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run is not first and page.run.iteration == LONG)
    both = (api.KeepRequest(page.run.place), api.KeepRequest(first.place))
    assert page.farewell() == {"train": both}, "the one that is seen first"
    assert page.undo() and page.run is first


def test_what_the_user_has_saved_is_not_kept_again(desk, qtbot, tmp_path, monkeypatch):
    target = str(tmp_path / "mine.safetensors")
    monkeypatch.setattr("genstudio.ui.tabs.run_keeping.QFileDialog.getSaveFileName", lambda *words: (target, ""))
    page = train_to(desk, qtbot, LONG)
    assert page.farewell() == {"train": (api.KeepRequest(0),)}
    page.save()
    settle(desk, qtbot)
    assert page.farewell() == {}
    page.reset()
    settle(desk, qtbot)
    assert desk.session.written == [(api.SaveRequest, 0, 125)]


def test_the_run_that_is_shown_is_the_one_that_is_saved(desk, qtbot, tmp_path, monkeypatch):
    target = str(tmp_path / "mine.safetensors")
    monkeypatch.setattr("genstudio.ui.tabs.run_keeping.QFileDialog.getSaveFileName", lambda *words: (target, ""))
    page = train_to(desk, qtbot, SHORT)
    first = page.run
    desk.session.limit = 10
    page.start_run()
    qtbot.waitUntil(lambda: page.run.iteration == 10)
    page.undo()
    assert page.run is first
    page.save()
    settle(desk, qtbot)
    assert desk.session.written == [(api.SaveRequest, 0, 25)]


def test_a_network_with_its_training_can_be_gone_on_with(desk, qtbot):
    kept = dataclasses.replace(
        MODELS[2], name="last run (strokes, 812)", dataset="strokes", settings=GANSettings(width=8), resumable=True
    )
    page = desk.open(with_catalog(models=(*MODELS, kept)))
    qtbot.waitUntil(lambda: page.walk.step >= 0)
    assert not page.controls.go_on.isVisible(), "the pretrained one holds no training"
    page._network_chosen(kept.name)
    assert page.controls.go_on.isVisible()
    page.controls.go_on.click()
    qtbot.waitUntil(lambda: len(page.run.history) >= 1)
    (request,) = asked(desk, api.TrainRequest)
    assert request == api.TrainRequest("gan", "strokes", kept.settings, preview=60, resume=kept.path)
    assert page.controls.form.value() == kept.settings and not page.is_walking and not page.is_changed()


def test_a_network_whose_pictures_are_not_here_says_which_it_needs(desk, qtbot):
    kept = dataclasses.replace(MODELS[2], name="mine", dataset="holiday", resumable=True)
    page = desk.open(with_catalog(models=(kept,)))
    page.go_on()
    assert desk.messages == ["mine learned from holiday, which is not on this computer; choose it under Data first."]
    assert page.run.state == "none"


def test_a_resumed_run_has_saved_what_its_file_holds():
    run = TrainingRun()
    run.begin(api.TrainRequest("gan", "strokes", GANSettings(), resume="x.safetensors"))
    names = ("d_loss", "g_loss", "d_real", "d_fake")
    run.take(api.TrainEvent(run.request, 812, names, np.zeros((0, 4), np.float32), (), 0.0))
    assert run.unsaved == 0
    run.take(api.TrainEvent(run.request, 815, names, np.zeros((3, 4), np.float32), (), 0.0))
    assert run.unsaved == 3
