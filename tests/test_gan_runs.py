"""No run of the GAN's tab is lost: it is put away, brought back as it was, kept in a file, and gone on with."""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import MODELS, FakeSession, with_catalog
from gan_desk import gan_desk, settle
from page_desk import Desk, asked

from genstudio import api
from genstudio.engine import Ended
from genstudio.settings import GANSettings
from genstudio.ui.tabs.gan import GANTab
from genstudio.ui.tabs.runs_page import WORTH
from genstudio.ui.tabs.training_run import TrainingRun

SHORT, LONG = 25, 125  # iterations: less and more than is worth a file


class Counting(FakeSession):
    """Knows how many training streams are open, and what was kept or saved at which iteration of which place.

    A run that has come to `limit` does nothing until the limit is raised.
    """

    def __init__(self) -> None:
        super().__init__()
        self.open, self.limit = 0, SHORT
        self.disk_is_full = False
        self.iterations: dict[int, int] = {}
        self.written: list[tuple[type, int, int]] = []
        self.kept: list[api.KeepRequest] = []

    def stream(self, request: Any) -> Iterator[Any]:
        if not isinstance(request, api.RunRequest):
            yield from super().stream(request)
            return
        self.open += 1
        try:
            for event in super().stream(request):
                self.iterations[request.place] = event.iteration
                yield event
                while event.iteration >= self.limit:
                    yield None
        finally:
            self.open -= 1

    def handle(self, request: Any) -> Any:
        if isinstance(request, (api.KeepRequest, api.SaveRequest)):
            if self.disk_is_full:
                raise OSError(28, "No space left on device")
            if isinstance(request, api.KeepRequest):
                self.kept.append(request)
            at = self.iterations[request.place]
            self.written.append((type(request), request.place, at))
            return api.SavedEvent(getattr(request, "path", f"models/last run (strokes, {at}).safetensors"), 4_000_000)
        return super().handle(request)


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(Counting())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def train(desk: Desk, qtbot: Any, iterations: int) -> GANTab:
    """The page with a run that has come so far, and would go on."""
    desk.session.limit = iterations
    page = desk.open()
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration == iterations)
    return page


def asked_to_keep(desk: Desk, qtbot: Any) -> list[api.KeepRequest]:
    """Everything that was to be kept so far."""
    settle(desk, qtbot)
    return desk.session.kept


def rows(page: GANTab) -> np.ndarray:
    """What the curves of the run that is shown hold."""
    return np.stack([plot.buffer.mean(column) for plot in page.plots.plots for column in (0, 1)])


def test_reset_puts_the_run_away_and_undo_brings_all_of_it_back(desk, qtbot):
    page = train(desk, qtbot, SHORT)
    page.controls.reset.click()
    settle(desk, qtbot)
    assert page.run.state == "none" and page.stage.pictures() is None
    assert len(page.plots.plots[0].buffer) == 0
    assert page.export_source() is None and page.export_film_source() is None
    put_away = page.player.away
    assert desk.messages == ["The run was put away."]
    assert page.undo()
    assert page.run is put_away and page.run.state == "paused" and page.run.iteration == 25
    assert [moment.iteration for moment in page.run.history.values()] == [1, 11, 21]
    assert np.array_equal(page.stage.pictures(), page.run.history[-1][1])
    assert rows(page).shape == (4, 25)
    assert desk.messages[-1] == "The run is back, paused."


def test_a_run_that_had_ended_is_back_as_one_that_has_ended(desk, qtbot):
    page = desk.open()
    page.begin(dataclasses.replace(page.wanted(), iterations=12))
    qtbot.waitUntil(lambda: page.run.state == "ended")
    page.controls.reset.click()
    desk.offers[-1]()
    assert page.run.state == "ended" and desk.messages[-1] == "The run is back."


def test_a_run_that_is_back_goes_on_where_it_was(desk, qtbot):
    page = train(desk, qtbot, SHORT)
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
    page = train(desk, qtbot, SHORT)
    page.controls.reset.click()
    assert not page.redo()
    assert page.undo() and page.redo()
    assert page.run.state == "none"
    assert page.undo() and page.run.state == "paused"


def test_undo_takes_a_later_change_back_before_it_brings_the_run_back(desk, qtbot):
    page = train(desk, qtbot, SHORT)
    page.remember()
    page.controls.reset.click()
    page.controls.form.controls["width"].setValue(16)
    assert page.undo() and page.controls.form.value() == GANSettings()
    assert page.run.state == "none"
    assert page.undo() and page.run.state == "paused"


def test_undo_brings_the_run_back_also_while_a_model_walks(desk, qtbot):
    page = train(desk, qtbot, SHORT)
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
    page = train(desk, qtbot, SHORT)
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
    page = train(desk, qtbot, SHORT)
    for _ in range(6):
        page.start_run()
        qtbot.waitUntil(lambda: page.run.iteration == 25)
    settle(desk, qtbot)
    gc.collect()
    assert desk.session.open == 2
    assert sum(type(thing) is TrainingRun for thing in gc.get_objects()) == 2


def test_a_run_that_has_not_begun_takes_nobodys_place(desk, qtbot):
    page = train(desk, qtbot, SHORT)
    first = page.run
    page.controls.reset.click()
    page.start_run()
    page.reset()
    assert page.player.away is first
    assert page.undo() and page.run is first


def test_a_short_run_is_worth_no_file(desk, qtbot):
    assert SHORT < WORTH < LONG
    page = train(desk, qtbot, SHORT)
    page.start_run()
    settle(desk, qtbot)
    assert desk.session.written == [] and page.farewell() == {}


def test_a_window_that_keeps_no_runs_writes_none(desk, qtbot):
    page = train(desk, qtbot, LONG)
    page.keeps_runs = False
    assert page.farewell() == {}
    page.reset()
    settle(desk, qtbot)
    assert desk.session.written == []


def test_a_run_that_makes_room_is_kept_in_a_file_before_the_next_one_begins(desk, qtbot):
    page = train(desk, qtbot, LONG)
    first = page.run
    desk.session.limit = SHORT
    with qtbot.waitSignal(page.catalog_stale):
        page.start_run()
    assert desk.session.written == [(api.KeepRequest, 0, 125)]
    assert desk.messages == [
        "The run was put away.",
        "The run was put away; it is in the picker as “strokes, 125 (last run)”.",
    ]
    desk.offers[-1]()
    assert page.run is first and page.farewell() == {}
    page.reset()
    settle(desk, qtbot)
    assert len(desk.session.written) == 1, "it is in the file already"


def test_a_run_that_makes_room_leaves_the_files_of_those_that_stay(desk, qtbot):
    page = train(desk, qtbot, LONG)
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
    page = train(desk, qtbot, LONG)
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
    page = train(desk, qtbot, LONG)
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
    monkeypatch.setattr("genstudio.ui.tabs.runs_page.QFileDialog.getSaveFileName", lambda *words: (target, ""))
    page = train(desk, qtbot, LONG)
    assert page.farewell() == {"train": (api.KeepRequest(0),)}
    page.save()
    settle(desk, qtbot)
    assert page.farewell() == {}
    page.reset()
    settle(desk, qtbot)
    assert desk.session.written == [(api.SaveRequest, 0, 125)]


def test_the_run_that_is_shown_is_the_one_that_is_saved(desk, qtbot, tmp_path, monkeypatch):
    target = str(tmp_path / "mine.safetensors")
    monkeypatch.setattr("genstudio.ui.tabs.runs_page.QFileDialog.getSaveFileName", lambda *words: (target, ""))
    page = train(desk, qtbot, SHORT)
    first = page.run
    desk.session.limit = 10
    page.start_run()
    qtbot.waitUntil(lambda: page.run.iteration == 10)
    page.undo()
    assert page.run is first
    page.save()
    settle(desk, qtbot)
    assert desk.session.written == [(api.SaveRequest, 0, 25)]


def test_looking_back_tells_what_the_discriminator_thought_then(desk, qtbot):
    page = train(desk, qtbot, SHORT)
    page._scrubbed(1)
    d_real, d_fake = rows(page)[2:, 10]
    words = page.caption.markup()
    assert "Back at iteration <b>11</b> of 25" in words
    assert f"<real>{d_real:.2f}</real>" in words and f"<generated>{d_fake:.2f}</generated>" in words


def test_the_curves_of_a_long_run_answer_for_every_iteration_they_once_had(desk, qtbot):
    page = desk.open()
    page.plots.build()
    names = ("d_loss", "g_loss", "d_real", "d_fake")
    values = np.stack([np.zeros(5000), np.zeros(5000), np.linspace(0, 1, 5000), np.ones(5000)], 1).astype(np.float32)
    request = api.TrainRequest("gan", "strokes", GANSettings())
    page.plots.add(api.TrainEvent(request, 5000, names, values, (), 1.0))
    assert page.plots.plots[1].buffer.span > 1
    for iteration in (500, 2500, 4500):
        d_real, d_fake = page.plots.scores_at(iteration)
        assert d_real == pytest.approx(iteration / 5000, abs=0.01) and d_fake == 1
    assert page.plots.scores_at(0) is None


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
