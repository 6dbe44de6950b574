"""Explore: it plays by itself, and the picture follows the hand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from vae_desk import Gated, MakeDesk, desks, press_drag

from genstudio import api
from genstudio.ui.tab_order import stops
from genstudio.ui.tabs.vae_page import LEG_S
from genstudio.ui.theme import theme


@pytest.fixture
def desk(qtbot) -> Iterator[MakeDesk]:
    """Opens a desk with the page."""
    with desks(qtbot) as make:
        yield make


def test_it_opens_on_the_pretrained_model_and_moves_by_itself(desk) -> None:
    d = desk()
    d.tab.activate()
    d.until(lambda: d.shown() is not None)
    assert d.tab.picker.value() == "mnist-vae-16" and len(d.tab.sliders.rows()) == 16
    assert d.tab.is_playing() and d.tab.clock_runs() and d.tab.tempo.is_playing()
    before, first = d.tab.sliders.code(), d.shown()
    d.until(lambda: not np.array_equal(d.shown(), first))
    d.until(lambda: not np.array_equal(d.tab.sliders.code(), before))  # the sliders move along


def test_where_everything_is_large_the_stage_keeps_its_place(desk) -> None:
    d = desk()
    d.open()
    d.tab.resize(1360, 720)
    for scale, shown in ((1.0, True), (2.5, False), (1.0, True)):
        theme().set_scale(scale)
        d.until(lambda s=shown: d.tab.plot_frame.isVisible() is s)
        d.until(lambda s=scale: d.tab.stage_frame.height() >= 100 * s)
    assert (d.tab.width(), d.tab.height()) == (1360, 720)


def test_the_tab_key_reaches_the_sliders_of_a_new_model_before_what_stands_below_them(desk) -> None:
    d = desk()
    d.open()
    d.choose("mnist-vae-2")
    d.until(d.tab.is_settled)
    order = stops(d.tab)
    rows = d.tab.sliders.rows()
    below = (d.tab.controls.random, d.tab.controls.path)
    wanted = [d.tab.fold, d.tab.stage, d.tab.caption, d.tab.tempo.play, *rows, *below]
    assert sorted(wanted, key=order.index) == wanted


def test_a_picture_of_the_window_waits_for_strip_and_map(desk) -> None:
    d = desk()
    d.tab.activate()
    assert not d.tab.is_settled()
    d.choose("mnist-vae-2")
    assert not d.tab.is_settled()
    d.until(d.tab.is_settled)
    assert d.shown() is not None and d.tab.map.has_map() and d.tab.strip.count() == d.tab.controls.steps.value()


def test_the_first_touch_of_a_slider_stops_it_and_takes_over(desk) -> None:
    d = desk()
    d.open()
    press_drag(d.tab, 0, [0.5])
    assert not d.tab.is_playing() and not d.tab.clock_runs() and not d.tab.tempo.is_playing()
    d.until(lambda: d.shows(d.tab.sliders.code()))


def test_space_and_the_play_button_pause_and_go_on(desk) -> None:
    tab = desk().still()
    z = tab.sliders.code()
    tab.advance(0.0)
    assert np.allclose(tab.sliders.code(), z)
    tab.tempo.play.click()
    assert tab.is_playing() and tab.tempo.is_playing()
    tab.toggle_play()
    assert not tab.is_playing()


def test_a_hidden_page_does_not_tick_and_goes_on_when_it_comes_back(desk) -> None:
    d = desk()
    d.open()
    d.tab.deactivate()
    assert not d.tab.clock_runs() and d.tab.is_playing()
    d.tab.activate()
    assert d.tab.clock_runs()
    d.tab.hide()
    assert not d.tab.clock_runs()


def test_a_busy_window_leaves_pictures_out_instead_of_playing_slowly(desk, monkeypatch) -> None:
    d = desk()
    tab = d.still()
    tab.tempo.first.click()
    tab.toggle_play()
    tab.clock._timer.stop()  # time is moved by hand
    now = tab.clock._last_tick
    monkeypatch.setattr("genstudio.ui.tabs.play_clock.time.monotonic", lambda: now)
    for late_s in (0.4, 0.02, 0.3):
        now += late_s
        tab.clock._tick()
    assert tab.parameters()["position"] == pytest.approx(0.72 / LEG_S)
    tab.toggle_play()


def test_wandering_past_b_draws_the_next_strip(desk) -> None:
    d = desk()
    tab = d.still()
    b = tab.parameters()["b"]
    tab.advance(2.4)
    assert tab.parameters()["a"] == b
    film = next(r for r in reversed(d.session.requests) if isinstance(r, api.InterpolateRequest))
    d.until(lambda: any(getattr(r, "a", None) == tuple(b) for r in d.session.requests))
    assert film.steps == 13 and film.path == "slerp"


def test_a_drag_ends_on_the_last_picture_and_skips_what_the_hand_has_left(desk) -> None:
    session = Gated()
    d = desk(session)
    tab = d.still()
    session.gate.clear()
    session.entered.clear()
    done = len(session.requests)
    press_drag(tab, 0, [-3.0])
    assert session.entered.wait(10)
    press_drag(tab, 0, np.linspace(-3, 2.5, 60))
    session.gate.set()
    d.until(lambda: d.shows(tab.sliders.code()))
    assert tab.sliders.code()[0] == pytest.approx(2.5, abs=0.03)
    assert sum(isinstance(r, api.DecodeRequest) for r in session.requests[done:]) == 2, "the first and the last"


def test_a_switched_model_never_shows_the_old_one(desk) -> None:
    session = Gated()
    d = desk(session)
    tab = d.still()
    session.gate.clear()
    session.entered.clear()
    tab.sliders.rows()[0].move_to(2.0)
    assert session.entered.wait(10)
    d.choose("mnist-vae-2")
    assert d.shown() is None, "nothing of the old model stays"
    session.gate.set()
    d.until(lambda: d.shown() is not None)
    assert len(tab.sliders.rows()) == 2
    assert not tab.is_playing(), "it was paused, and stays so"
    d.until(lambda: tab.map.has_map() and tab.strip.count() == 13 and d.shows(tab.sliders.code()))
    old = api.DecodeRequest("mnist-vae-16", ((0.0,) * 16,))
    late = api.PicturesEvent(old, np.full((1, 28, 28, 1), 77, np.uint8), 1.0)
    for verb in ("decode", "film", "map", "sheet"):
        tab.handle(verb, late)
    assert d.shows(tab.sliders.code()) and tab.strip.count() == 13


def test_the_speed_and_the_words_follow_the_picture(desk) -> None:
    d = desk()
    tab = d.still()
    tab.to_centre()
    d.until(lambda: d.shows(np.zeros(16)))
    assert "0.4 ms per picture" in tab.speed.text()
    assert "centre</a> of the prior" in tab.caption.markup()
    for row in tab.sliders.rows():
        row.move_to(2.5)
    d.until(lambda: "10.0 σ" in tab.caption.markup())
    assert "may be of nothing" in tab.caption.markup()
