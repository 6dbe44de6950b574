"""The diffusion tab and files, memory and failures: it restores exactly and always has a way on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from diffusion_desk import paused
from fakes import FakeSession, with_catalog
from page_desk import Desk

from genstudio import api
from genstudio.ui.diffusion.controls import FIRST
from genstudio.ui.diffusion.page import DiffusionTab


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = Desk(DiffusionTab, FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def test_the_grid_export_names_layer_and_step(desk, qtbot):
    page = paused(desk, qtbot)
    page._scrubbed(2)
    page.show_layer("x0_hat")
    grid, film = page.export_source(), page.export_film_source()
    assert isinstance(grid, api.ExportGridRequest) and (grid.layer, grid.frame) == ("x0_hat", 2)
    assert isinstance(film, api.ExportFilmRequest) and film.layer == "x0_hat"
    assert grid.source == film.source == page.player.request


def test_a_dropped_file_is_played_to_the_step_it_shows(desk, qtbot):
    page = desk.open()
    source = api.DenoiseRequest("mnist-ddpm", 5, 4, 3, "ddim", 6, 2.0, 0.25)
    event = api.RestoredEvent("f.png", source, api.GridLayout(), True, "identical", layer="eps_hat", frame=4)
    page.restore(event)
    qtbot.waitUntil(lambda: len(page.steps) > 4)
    assert page.player.request == source
    assert page.steps.shown().index == 4 and not page.player.is_playing
    assert page.view.layer == "eps_hat"
    page.restore(api.RestoredEvent("g.png", api.SampleRequest("mnist-ddpm", 8, 100), api.GridLayout(), True, ""))
    assert page.player.request.seed == 8 and page.player.request.count == 64


def test_undo_and_redo_play_the_older_request(desk, qtbot):
    page = desk.open()
    page.remember()
    page.controls.guidance.setValue(4.0)
    assert page.undo()
    assert page.player.request.guidance == FIRST.guidance
    assert page.redo()
    assert page.player.request.guidance == 4.0


def test_parameters_survive_a_restart_of_the_window(desk, qtbot):
    page = desk.open()
    page.controls.count.setValue(4)
    page.show_layer("x0_hat")
    saved = page.parameters()
    other = Desk(DiffusionTab, FakeSession())
    qtbot.addWidget(other.page)
    other.page.set_parameters({**saved, "sampler": "gone", "steps": "many", "foreign": None})
    again = other.open()
    assert again.player.request.count == 4 and again.player.request.steps == FIRST.steps
    assert again.player.request.sampler == FIRST.sampler
    assert again.view.layer == "x0_hat"
    other.close()


def test_a_window_closed_before_a_model_came_forgets_nothing(desk):
    saved = {"model": "mnist-ddpm", "seed": 99, "steps": 12, "view": "path"}
    desk.page.set_parameters(saved)
    assert desk.page.parameters() == saved
    page = desk.open()
    assert page.player.request.seed == 99 and page.view.is_path


def test_nobody_looks_nothing_is_computed(desk, qtbot):
    page = desk.open()
    qtbot.waitUntil(lambda: len(page.steps) > 1)
    page.deactivate()
    assert not page.player.is_playing
    page.activate()
    assert page.player.is_playing


class Failing(FakeSession):
    after = 0

    def _denoise(self, request: api.DenoiseRequest) -> Iterator[api.DenoiseEvent]:
        for number, event in enumerate(super()._denoise(request)):
            if number == self.after:
                raise MemoryError
            yield event


@pytest.mark.parametrize("after", [0, 3])
def test_a_failure_leaves_the_steps_there_are_and_a_way_on(qtbot, after):
    session = Failing()
    session.after = after
    desk = Desk(DiffusionTab, session)
    qtbot.addWidget(desk.page)
    page = desk.open()
    qtbot.waitUntil(lambda: page.player.has_failed)
    assert not page.player.is_playing
    assert len(page.steps) == after
    if after:
        assert page.stage.pictures() is not None and "stopped" in page.caption.markup()
        page.resize(1300, 780)
        assert "stopped" in page.caption.markup(), "also in a window of another size"
        assert not page.tempo.forward.isEnabled()
        page.step(-1)
        assert "stopped" not in page.caption.markup() and page.tempo.forward.isEnabled()
        page.step(1)
        session.after = 99
        page.toggle_play()
        qtbot.waitUntil(lambda: len(page.steps) > after)
        assert not page.player.has_failed
    else:
        assert "memory" in page.stage._label.text()
        session.after = 99
        page.stage.button_clicked.emit()
        qtbot.waitUntil(lambda: len(page.steps) > 0)
    desk.close()


def test_without_a_model_it_says_how_to_get_one(desk, qtbot):
    page = desk.open(with_catalog(models=()))
    assert page.stage._label.text().startswith("There is no diffusion model here yet. Train one")
    with qtbot.waitSignal(page.mode_wanted) as wanted:
        page.stage.button_clicked.emit()
    assert wanted.args == ["denoising-train"]
    assert not page.tempo.play.isEnabled(), "there is nothing to play"


def test_a_dropped_model_file_is_played_and_named_by_its_path(qtbot):
    class Elsewhere(FakeSession):
        def handle(self, request: Any) -> Any:
            if isinstance(request, api.LoadRequest) and request.model == "elsewhere/own.safetensors":
                event = super().handle(api.LoadRequest("mnist-ddpm"))
                own = dataclasses.replace(event.info, name="own", path=request.model, sha256="1" * 64)
                return dataclasses.replace(event, info=own)
            return super().handle(request)

    desk = Desk(DiffusionTab, Elsewhere())
    qtbot.addWidget(desk.page)
    page = desk.open(with_catalog(models=()))
    assert page.offer_model("elsewhere/own.safetensors")
    qtbot.waitUntil(lambda: page.steps.position >= 1)
    assert page.player.request.model == "elsewhere/own.safetensors"
    assert page.picker.currentText() == "own"
    other = Desk(DiffusionTab, Elsewhere())
    qtbot.addWidget(other.page)
    again = other.open()
    source = dataclasses.replace(page.player.request, steps=4)
    again.restore(api.RestoredEvent("f.png", source, api.GridLayout(), True, "", layer="x_t", frame=2))
    qtbot.waitUntil(lambda: again.player.request == source and again.steps.position == 2)
    desk.close()
    other.close()
