"""The diffusion tab with real engines and a deterministic session: plays at once, steps both ways."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from diffusion_desk import paused
from fakes import CATALOG, FakeSession
from page_desk import Desk, asked
from PySide6.QtCore import QPoint, QRect, Qt

from genstudio import api
from genstudio.settings import ConsistencySettings
from genstudio.ui import tab_order
from genstudio.ui.diffusion import words
from genstudio.ui.diffusion.controls import FIRST
from genstudio.ui.diffusion.page import DiffusionTab


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = Desk(DiffusionTab, FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def test_it_opens_playing_on_a_pretrained_model(desk, qtbot):
    page = desk.open()
    qtbot.waitUntil(lambda: page.steps.position >= 2 and page.plot is not None)
    assert page.player.is_playing
    assert asked(desk, api.DenoiseRequest) == [dataclasses.replace(FIRST, model="mnist-ddpm")]
    assert np.array_equal(page.stage.pictures(), page.steps.shown().layers["x_t"])
    assert [s.index for s in page.steps.values()] == list(range(len(page.steps)))


def test_it_opens_on_a_ddpm_whatever_else_there_is(desk, qtbot):
    ddpm = CATALOG.models_of("ddpm")[0]
    first = dataclasses.replace(ddpm, name="a-student", family="consistency", settings=ConsistencySettings())
    page = desk.open(dataclasses.replace(CATALOG, models=(first, *CATALOG.models)))
    qtbot.waitUntil(lambda: page.player.request is not None)
    assert page.player.request.model == "mnist-ddpm" and page.picker.findText("a-student") >= 0


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
    for layer in ("x0_hat", "eps_hat", "change", "x_t"):
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
    page._scrubbed(9)  # lies between two columns
    t = page.steps.shown().t
    place = page.stage.selected() % columns
    assert page.stage._titles[place] == f"t = {t}" and f"<b>t = {t}</b>" in page.caption.markup()
    assert np.array_equal(page.stage.pictures()[place], page.steps.shown().layers["x_t"][0])
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
    kept = 100 * step.signal
    assert f"Step 3 of 5, <b>t = {step.t}</b>" in text
    assert f"{kept:.0f} %" in text
    assert "next&nbsp;x&nbsp;= 1.013" in text and "− 0.041" in text
    twice = "6 network calls, two for each answer: with the class and without it. "
    assert text.endswith(f"{twice}Changes count <b>from this step</b>.")
    assert "16 ms per step" in page.speed.text() and "6 network calls" in page.speed.text()
    page.player.request = dataclasses.replace(page.player.request, guidance=1.0)
    once = page._caption(dataclasses.replace(step, calls=3), 5, 0.5, page.player.request)
    assert "3 network calls. " in once


def test_the_caption_says_what_is_shown_where_that_is_no_picture(desk, qtbot):
    page = paused(desk, qtbot)
    for layer, told in (("x_t", False), ("x0_hat", False), ("eps_hat", True), ("change", True)):
        page.show_layer(layer)
        assert ("Shown is" in page.caption.markup()) is told


def test_of_answers_with_and_without_guidance_it_is_told_which_asked_twice(desk, qtbot):
    page = paused(desk, qtbot)
    step = page.steps.shown()
    way = dataclasses.replace(page.player.request, changes=(api.Change(3, "guidance", 1.0),))
    page.player.request = way
    for index, told in ((2, words.TWICE[frozenset((2,))]), (3, words.TWICE[frozenset((1, 2))])):
        text = page._caption(dataclasses.replace(step, index=index, calls=5), 5, 0.5, way)
        assert f"5 network calls{told}." in text
    page.player.request = dataclasses.replace(way, guidance=1.0)
    assert "5 network calls." in page._caption(dataclasses.replace(step, index=4, calls=5), 5, 0.5, way)


def test_a_process_of_one_step_is_not_said_to_be_without_noise():
    step = api.Step(1, 0, {}, 1, 1.0)
    way = api.DenoiseRequest("")
    assert "noise any more" not in words.caption(step, 1, 1.0, "x_t", way)
    assert "more steps" in words.caption(step, 1, 1.0, "x_t", way)
    assert "more steps" not in words.caption(step, 50, 1.0, "x_t", way)


@pytest.mark.parametrize(("count", "said"), [(1, "<b>jumped</b> here at once"), (4, "the next one corrected")])
def test_a_process_that_jumps_is_not_called_hasty(count, said):
    end, way = api.Step(count, 0, {}, count, 1.0), api.DenoiseRequest("", sampler="consistency")
    text = words.caption(end, count, 1.0, "x_t", way, "consistency")
    assert said in text and "What the network guessed" not in text
    assert "never taught" in words.caption(end, count, 1.0, "x_t", way, "ddpm")


def test_a_straight_path_keeps_another_share_than_the_root():
    step = api.Step(3, 700, {}, 3, 1.0, 0.3, 0.7, ())
    assert "√ᾱ" not in words.caption(step, 10, 0.3, "x_t", api.DenoiseRequest(""), "flow")
    assert "√ᾱ" in words.caption(step, 10, 0.3, "x_t", api.DenoiseRequest(""), "ddpm")


def test_it_is_said_whose_amplitude_is_kept():
    first, way = api.Step(0, 1000, {}, 0, 1.0, 0.0, 1.0, ()), api.DenoiseRequest("")
    later = dataclasses.replace(first, index=3, t=500)
    for family, what in (("ddpm", "picture"), ("latent-ddpm", "code")):
        assert f"pure noise holds <real>0.0 %</real> of the {what}'s amplitude" in words.caption(
            first, 9, 0.0, "x_t", way, family
        )
        assert f"the {what} keeps <real>59 %</real> of its amplitude" in words.caption(
            later, 9, 0.59, "x_t", way, family
        )


def test_guidance_that_burns_is_named(desk, qtbot):
    page = paused(desk, qtbot)
    assert "burns" not in page.caption.markup()
    page.controls.guidance.setValue(20)
    qtbot.waitUntil(lambda: page.player.is_at_end and "<b>guidance</b> (20) burns" in page.caption.markup())
    end, way = api.Step(5, 0, {}, 5, 1.0), api.DenoiseRequest("", guidance=20, label=api.NO_CLASS)
    assert "burns" not in words.caption(end, 5, 1.0, "x_t", way)


@pytest.mark.parametrize(("value", "text"), [(-0.00001, "0.000"), (-0.5, "−0.500"), (1.0127, "1.013"), (0.0, "0.000")])
def test_numbers_have_a_real_minus_and_no_negative_zero(value, text):
    assert words.number(value) == text


def test_a_new_request_drops_what_the_old_one_still_had_to_say(desk, qtbot):
    page = paused(desk, qtbot)
    old = api.DenoiseEvent(dataclasses.replace(page.player.request, seed=99), page.steps.values()[:1])
    before = len(page.steps)
    page.handle("denoise", old)
    assert len(page.steps) == before


@pytest.mark.parametrize("kind", ["noise", "picture", "hole"])
def test_the_tab_key_goes_down_the_inspector_as_the_eye_does(desk, qtbot, kind):
    page = paused(desk, qtbot)
    page.starting.kinds.button(kind).click()
    page._scrubbed(2)
    page.branching.tools.button("light").click()
    stops = tab_order.stops(page.inspector)
    assert len(stops) > 20

    def follow_each_other() -> None:
        boxes = [QRect(at.mapTo(page.inspector.widget(), QPoint()), at.size()) for at in stops]
        for k, (above, below) in enumerate(pairwise(boxes)):
            is_beside = above.top() <= below.center().y() <= above.bottom()
            follows = below.left() > above.right() if is_beside else below.top() > above.bottom()
            assert follows, f"{stops[k + 1].accessibleName()} stands before {stops[k].accessibleName()}"

    qtbot.waitUntil(follow_each_other)  # as soon as all is laid out
