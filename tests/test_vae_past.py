"""What Explore brings back: undo, what was shown last, exported files."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from fakes import FakeSession
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from vae_desk import LEFT, MakeDesk, desks, press_drag

from genstudio import api
from genstudio.ui.tabs.vae_page import LEG_S
from genstudio.ui.tabs.vae_state import VaeState, random_code


@pytest.fixture
def desk(qtbot) -> Iterator[MakeDesk]:
    """Opens a desk with the page."""
    with desks(qtbot) as make:
        yield make


def test_undo_goes_back_gesture_by_gesture(desk) -> None:
    d = desk()
    tab = d.still()
    start = tab.sliders.code()
    press_drag(tab, 3, [0.0, 1.0, 2.0])
    dragged = tab.sliders.code()
    tab.random()
    tab.to_centre()
    for expected in (None, dragged, start):
        assert tab.undo()
        if expected is not None:
            assert np.array_equal(tab.sliders.code(), expected)
    d.until(lambda: d.shows(start))
    assert tab.redo() and np.array_equal(tab.sliders.code(), dragged)


def test_undo_brings_back_the_code_at_which_a_hand_stopped_the_film(desk) -> None:
    d = desk()
    d.open()
    row = d.tab.sliders.rows()[0]
    QTest.mousePress(row, LEFT, pos=QPoint(round(row.x_of(-3)), 12))
    here = d.tab.sliders.code()[1:]
    QTest.mouseRelease(row, LEFT, pos=QPoint(round(row.x_of(-3)), 12))
    assert d.tab.undo()
    assert np.array_equal(d.tab.sliders.code()[1:], here) and d.tab.sliders.code()[0] != -3


def test_undo_takes_back_hands_and_not_the_walk(desk) -> None:
    d = desk()
    tab = d.still()
    start = tab.sliders.code()
    tab.random()
    tab.toggle_play()
    tab.advance(2 * LEG_S)
    walked = tab.sliders.code()
    assert not np.array_equal(walked, start)
    tab.toggle_play()
    assert tab.undo() and np.array_equal(tab.sliders.code(), start), "the random code goes, and the walk from it"
    assert tab.redo() and np.array_equal(tab.sliders.code(), walked)
    tab.toggle_play()
    tab.advance(LEG_S)
    assert tab.undo() and np.array_equal(tab.sliders.code(), start), "while it walks"
    assert not tab.can_undo() and not tab.undo()


def test_what_a_hand_sets_while_it_walks_is_taken_back_alone(desk) -> None:
    d = desk()
    tab = d.still()
    steps = tab.parameters()["steps"]
    tab.toggle_play()
    tab.advance(LEG_S / 3)
    tab._way_changed("lerp", steps + 4, "wander")
    tab.advance(LEG_S / 3)
    assert tab.is_playing() and tab.undo()
    assert (tab.parameters()["steps"], tab.parameters()["path"]) == (steps, "slerp") and not tab.can_undo()


def test_undo_crosses_a_change_of_model(desk) -> None:
    d = desk()
    tab = d.still()
    z = tab.sliders.code()
    d.choose("mnist-vae-2")
    d.until(lambda: d.shown() is not None and tab.strip.count() > 0)
    while tab.parameters()["model"] == "mnist-vae-2":
        assert tab.undo()
    d.until(lambda: d.shows(z))


def test_what_was_shown_last_is_there_again_and_moves(desk) -> None:
    saved = dataclasses.replace(VaeState.first("mnist-vae-2", 2, seed=5), steps=7, path="lerp").to_dict()
    d = desk()
    d.tab.set_parameters(saved)
    d.open()
    assert d.tab.picker.value() == "mnist-vae-2" and d.tab.strip.count() == 7 and d.tab.is_playing()
    assert d.tab.export_film_source().path == "lerp"


@pytest.mark.parametrize("saved", [{}, {"model": "gone"}, {"model": "mnist-vae-16", "z": "x"}, {"model": 3}])
def test_a_damaged_memory_is_ignored(desk, saved) -> None:
    d = desk()
    d.tab.set_parameters(saved)
    d.open()
    assert d.tab.picker.value() == "mnist-vae-16"


def test_the_export_menu_offers_what_the_model_has(desk, qtbot) -> None:
    d = desk()
    tab = d.still()
    assert tab.export_source() == api.DecodeRequest("mnist-vae-16", (tuple(tab.sliders.code()),))
    assert "Map" not in dict(tab.export_sources())
    with qtbot.waitSignal(tab.tempo.export_grid_requested):
        tab.exports.actions["Strip from A to B"].trigger()
    assert tab.export_source() == tab.export_film_source()
    assert isinstance(tab.export_source(), api.DecodeRequest), "a choice counts once"
    d.choose("mnist-vae-2")
    d.until(lambda: d.shown() is not None)
    assert isinstance(dict(tab.export_sources())["Map"], api.MapRequest)


@pytest.mark.parametrize(
    "source",
    [
        api.DecodeRequest("mnist-vae-16", (random_code(9, 0, 16),)),
        api.InterpolateRequest("mnist-vae-16", random_code(9, 0, 16), random_code(9, 1, 16), 6, "lerp"),
        api.DecodeRequest("mnist-vae-2", ((0.5, -0.5),)),
        api.SampleRequest("mnist-vae-2", seed=4, count=12),
        api.MapRequest("mnist-vae-2", 10, 3.0),
    ],
    ids=lambda source: type(source).__name__ + source.model[-2:],
)
def test_a_dropped_file_brings_its_pictures_back(desk, source) -> None:
    d = desk()
    tab = d.still()
    tab.restore(api.RestoredEvent("x.png", source, api.GridLayout(), True, "identical"))
    d.until(lambda: tab.picker.value() == source.model and d.shown() is not None)
    assert not tab.is_playing()
    if isinstance(source, api.DecodeRequest):
        d.until(lambda: d.shows(source.z[0]))
    elif isinstance(source, api.InterpolateRequest):
        assert tab.export_film_source() == source
        d.until(lambda: d.shows(source.a))
    elif isinstance(source, api.SampleRequest):
        d.until(lambda: np.array_equal(d.shown(), FakeSession().pictures(source)))
    else:
        d.until(tab.map.has_map)


def test_a_file_of_a_model_that_is_not_here_is_told_in_a_sentence(desk) -> None:
    d = desk()
    tab = d.still()
    z = tab.sliders.code()
    for source in (api.DecodeRequest("elsewhere", ((0.0,),)), api.DecodeRequest("mnist-vae-2", ((0.0,) * 5,))):
        tab.restore(api.RestoredEvent("x.png", source, api.GridLayout(), None, ""))
    assert len(d.said) == 2 and "elsewhere" in d.said[0] and np.array_equal(tab.sliders.code(), z)


def test_a_dropped_film_of_many_frames_leaves_the_strip_as_long_as_it_was(desk) -> None:
    d = desk()
    tab = d.still()
    a, b = (random_code(9, k, 16) for k in (0, 1))
    tab.restore(
        api.RestoredEvent("x.webp", api.InterpolateRequest("mnist-vae-16", a, b, 80), api.GridLayout(), None, "")
    )
    d.until(lambda: d.shows(a))
    assert tab.export_film_source() == api.InterpolateRequest("mnist-vae-16", a, b, 13)
    assert d.said[-1] == "The strip shows 13 of its 80 pictures."
