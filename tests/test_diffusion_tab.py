"""The diffusion tab with real engines and a deterministic session: plays at once, steps both ways, restores exactly."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import FakeSession, with_catalog
from page_desk import Desk, asked
from PySide6.QtCore import Qt

from genstudio import api
from genstudio.ui.tabs import diffusion_words as words
from genstudio.ui.tabs.diffusion import DiffusionTab
from genstudio.ui.tabs.diffusion_controls import FIRST


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = Desk(DiffusionTab, FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def paused(desk: Desk, qtbot: Any, steps: int = 5) -> DiffusionTab:
    """A short process, played to its end."""
    page = desk.open()
    page.controls.steps.setValue(steps)
    qtbot.waitUntil(lambda: page.player.is_at_end and not page.player.is_playing)
    return page


def test_it_opens_playing_on_a_pretrained_model(desk, qtbot):
    page = desk.open()
    qtbot.waitUntil(lambda: page.steps.position >= 2 and page.plot is not None)
    assert page.player.is_playing
    assert asked(desk, api.DenoiseRequest) == [dataclasses.replace(FIRST, model="mnist-ddpm")]
    assert np.array_equal(page.stage.pictures(), page.steps.shown().layers["x_t"])
    assert [s.index for s in page.steps.values()] == list(range(len(page.steps)))


def test_an_untouched_tab_starts_over_with_the_same_noise_and_a_touched_one_stays(desk, qtbot):
    page = desk.open()
    page._again.setInterval(0)
    page.player.start(dataclasses.replace(page.player.request, steps=3))
    qtbot.waitUntil(lambda: page.player.request.steps == FIRST.steps)
    assert page.player.request == dataclasses.replace(FIRST, model="mnist-ddpm")
    page.toggle_play()
    page.player.start(dataclasses.replace(page.player.request, steps=3))
    with qtbot.waitSignal(page.player.finished):
        pass
    assert not page._again.isActive()


def test_pause_stops_the_computation_and_a_step_makes_one(desk, qtbot):
    page = desk.open()
    qtbot.waitUntil(lambda: page.steps.position >= 2)
    page.toggle_play()
    qtbot.waitUntil(lambda: page.player._waiting <= 0)
    before = page.steps[-1].index
    page.step(1)
    qtbot.waitUntil(lambda: page.steps[-1].index > before)
    assert page.steps[-1].index == before + 1
    assert not page.player.is_playing
    page.step(-1)
    assert page.steps.shown().index == before


def test_the_cursor_moves_with_the_pictures(desk, qtbot):
    page = paused(desk, qtbot)
    qtbot.waitUntil(page.is_settled)
    for index in (0, len(page.steps) - 1, 1):
        page._scrubbed(index)
        step = page.steps.shown()
        assert np.array_equal(page.stage.pictures(), step.layers["x_t"])
        assert [panel.cursor_x() for panel in page.plot.panels] == [step.t, step.t]


def test_scrubbing_computes_nothing(desk, qtbot):
    page = paused(desk, qtbot)
    requests = len(desk.session.requests)
    for index in (0, 3, 1, 5):
        page._scrubbed(index)
        assert page.steps.shown().index == index
        assert np.array_equal(page.stage.pictures(), page.steps[index].layers["x_t"])
    assert len(desk.session.requests) == requests


def test_play_at_the_end_shows_it_all_again_without_computing(desk, qtbot):
    page = paused(desk, qtbot)
    requests = len(desk.session.requests)
    page.toggle_play()
    assert page.steps.position == 0
    with qtbot.waitSignal(page.player.finished):
        pass
    assert page.steps.shown().index == 5
    assert len(desk.session.requests) == requests


@pytest.mark.parametrize(
    ("field", "value"), [("steps", 7), ("count", 3), ("guidance", 4.0), ("seed", 11), ("eta", 0.5), ("label", 4)]
)
def test_every_parameter_restarts_at_once_with_the_same_seed(desk, qtbot, field, value):
    page = paused(desk, qtbot)
    page.controls.sampler.set_value("ddim")
    page.controls._changed()
    control = getattr(page.controls, field)
    if field == "label":
        control.set_value(value)
        page.controls._changed()
    else:
        control.setValue(value)
    assert getattr(page.player.request, field) == value
    assert field == "seed" or page.player.request.seed == FIRST.seed
    assert page.player.is_playing
    qtbot.waitUntil(lambda: len(page.steps) > 0)
    assert page.steps[0].index == 0


def test_eta_is_there_only_for_samplers_that_use_it(desk):
    page = desk.open()
    assert not page.controls.eta.isEnabled()
    page.controls.sampler.set_value("ddim")
    page.controls._changed()
    assert page.controls.eta.isEnabled()
    page.controls.eta.setValue(0.5)
    assert page.player.request.eta == 0.5
    page.controls.sampler.set_value("ddpm")
    page.controls._changed()
    assert page.player.request.eta == 0.0


def test_one_key_goes_round_the_layers(desk, qtbot):
    page = paused(desk, qtbot)
    page._scrubbed(2)
    for layer in ("x0_hat", "eps_hat", "x_t"):
        qtbot.keyClick(page, Qt.Key.Key_L)
        assert np.array_equal(page.stage.pictures(), page.steps[2].layers[layer])
        assert page.controls.layers.value() == layer
    qtbot.keyClick(page, Qt.Key.Key_3)
    assert page.view.layer == "eps_hat"
    page.caption.word_clicked.emit("x0_hat")
    assert page.view.layer == "x0_hat"


def test_the_path_shows_steps_over_their_levels_and_a_click_goes_there(desk, qtbot):
    page = paused(desk, qtbot, 20)
    qtbot.keyClick(page, Qt.Key.Key_P)
    columns = page.stage.columns()
    assert columns == 10
    first_row = page.stage.pictures()[:columns]
    assert np.array_equal(first_row[-1], page.steps[-1].layers["x_t"][0])
    assert page.stage._titles[0] == f"t = {page.steps[0].t}" and page.stage._titles[-1] == "t = 0"
    page.stage.cell_clicked.emit(columns)
    assert page.steps.shown().index == 0
    qtbot.keyClick(page, Qt.Key.Key_P)
    assert len(page.stage.pictures()) == FIRST.count and page.stage.selected() == -1


def test_a_level_picked_in_the_plot_is_shown(desk, qtbot):
    page = paused(desk, qtbot)
    page.plot.picked.emit(float(page.steps[2].t + 3))
    assert page.steps.shown().index == 2


def test_the_caption_says_step_level_share_and_formula(desk, qtbot):
    page = paused(desk, qtbot)
    page._scrubbed(3)
    step = page.steps.shown()
    text = page.caption.markup()
    kept = 100 * float(np.sqrt(page._alpha_bar[step.t]))
    assert f"Step 3 of 5, <b>t = {step.t}</b>" in text
    assert f"{kept:.0f} %" in text
    assert "next&nbsp;x&nbsp;= 1.013" in text and "− 0.041" in text
    assert text.endswith("3 network calls.") and "16 ms per step" in page.speed.text()


@pytest.mark.parametrize(("value", "text"), [(-0.00001, "0.000"), (-0.5, "−0.500"), (1.0127, "1.013"), (0.0, "0.000")])
def test_numbers_have_a_real_minus_and_no_negative_zero(value, text):
    assert words.number(value) == text


def test_a_new_request_drops_what_the_old_one_still_had_to_say(desk, qtbot):
    page = paused(desk, qtbot)
    old = api.DenoiseEvent(dataclasses.replace(page.player.request, seed=99), page.steps.values()[:1])
    before = len(page.steps)
    page.handle("denoise", old)
    assert len(page.steps) == before


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
    saved = {"model": "mnist-ddpm", "seed": 99, "steps": 12, "path": True}
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
    assert "genstudio train ddpm" in page.stage._label.text()
    with qtbot.waitSignal(page.catalog_stale):
        page.stage.button_clicked.emit()
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
