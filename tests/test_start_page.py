"""The section Start of the diffusion tab: a picture is chosen, drawn, dropped or marked, and with it all begins."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from diffusion_desk import LEFT, drag, paused
from fakes import CATALOG, MODELS, FakeSession, sample, with_catalog
from page_desk import Desk, asked, settle
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.api.brush import stroke_of
from genstudio.ui.diffusion import start_words as words
from genstudio.ui.diffusion.controls import FIRST
from genstudio.ui.diffusion.page import DiffusionTab
from genstudio.ui.diffusion.start_controls import tinted
from genstudio.ui.diffusion.start_state import AREAS, StartState

SEVEN = api.pack(sample(0, 0, 0))  # picture 0 of a dataset of the deterministic session


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = Desk(DiffusionTab, FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def begun(desk: Desk, qtbot: Any, kind: str = "picture") -> DiffusionTab:
    """A process of five steps that begins with picture 0 of MNIST, played to its end."""
    page = paused(desk, qtbot)
    page.starting.kinds.button(kind).click()
    qtbot.waitUntil(lambda: page.player.request.start is not None)
    ended(page, qtbot)
    return page


def ended(page: DiffusionTab, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: page.player.is_at_end and not page.player.is_playing)


def test_it_begins_with_noise_and_the_section_is_small(desk, qtbot):
    page = paused(desk, qtbot)
    assert page.player.request.start is None and page.starting.kinds.value() == "noise"
    assert page.starting.canvas.isHidden() and page.starting.rows["strength"].isHidden()


def test_a_picture_of_the_models_dataset_comes_and_the_process_begins_with_it(desk, qtbot):
    page = begun(desk, qtbot)
    assert asked(desk, api.OriginalRequest) == [api.OriginalRequest("mnist", 0)]
    wanted = dataclasses.replace(FIRST, model="mnist-ddpm", label=0, steps=5, start=api.Start(SEVEN, 0.6))
    assert page.player.request == wanted and wanted in asked(desk, api.DenoiseRequest)
    assert np.array_equal(page.starting.canvas.pictures()[0], sample(0, 0, 0))
    assert "Picture 0 of 500 held out of MNIST" in page.starting.picture.origin.text()
    assert "begins at t = 600 of 1000" in page.starting.hint.text()
    assert "away from the picture with which they began" in page.caption.markup()
    page._scrubbed(0)
    assert "pure noise" not in page.caption.markup() and "the picture keeps" in page.caption.markup()


def test_strength_slides_and_every_place_is_asked_for_but_remembered_once(desk, qtbot):
    page = begun(desk, qtbot)
    slider = page.starting.strength
    y = slider.height() // 2
    QTest.mousePress(slider, LEFT, pos=QPoint(slider.width() // 2, y))
    QTest.mouseMove(slider, QPoint(slider.width() // 3, y))
    between = page.player.request.start.strength
    QTest.mouseMove(slider, QPoint(slider.width() // 5, y))
    QTest.mouseRelease(slider, LEFT, pos=QPoint(slider.width() // 5, y))
    end = page.player.request.start.strength
    assert 0.1 < end < between < 0.5 and page.player.request.start == api.Start(SEVEN, end)
    qtbot.waitUntil(lambda: asked(desk, api.DenoiseRequest)[-1].start == api.Start(SEVEN, end))
    assert page.starting.rows["strength"].label.text() == f"Strength · {end:.2f}"
    assert page.undo() and page.player.request.start.strength == 0.6 == page.starting.strength.value()
    assert page.undo() and page.player.request.start is None and page.starting.kinds.value() == "noise"
    assert page.redo() and page.player.request.start == api.Start(SEVEN, 0.6)


def test_little_strength_leaves_fewer_steps_and_more_brings_them_back(desk, qtbot):
    page = begun(desk, qtbot)
    page.controls.steps.setValue(80)
    page.starting.changed.emit("strength", 0.05, True)
    assert page.player.request.steps == 50 and page.controls.steps.maximum() == 50
    page.starting.changed.emit("strength", 0.5, True)
    assert page.player.request.steps == 80 and page.controls.steps.maximum() == 500
    page.starting.kinds.button("noise").click()
    assert page.player.request.steps == 80 and page.controls.steps.maximum() == 1000


def test_a_picture_is_drawn_and_cleared(desk, qtbot):
    page = begun(desk, qtbot)
    canvas = page.starting.canvas
    page.starting.picture.clear.click()
    blank = api.pack(np.zeros((28, 28, 1), np.uint8))
    assert page.player.request.start.picture == blank
    drag(canvas, canvas.cell_rect(0), ((0.2, 0.5), (0.8, 0.5)))
    qtbot.waitUntil(lambda: page.player.request.start.picture != blank)
    drawn = api.unpack(page.player.request.start.picture, (28, 28, 1))
    assert drawn[14, 8:20].min() > 200 and not drawn[:8].any()
    assert page.starting.picture.origin.text() == "Your own picture."
    page.undo()
    assert page.player.request.start.picture == blank and not canvas.picture().any()


def test_a_dropped_picture_is_made_as_large_as_the_models_and_is_what_it_begins_with(desk, qtbot):
    page = paused(desk, qtbot)
    assert page.takes_pictures and page.offer_picture(np.full((200, 90, 3), 77, np.uint8))
    qtbot.waitUntil(lambda: page.player.request.start is not None)
    assert (asked(desk, api.FitRequest)[-1].size, asked(desk, api.FitRequest)[-1].channels) == (28, 1)
    assert page.player.request.start == api.Start(api.pack(np.full((28, 28, 1), 77, np.uint8)), 0.6)
    assert page.starting.picture.origin.text() == "Your own picture, resized from 5×5 px."


def test_pictures_come_by_number_and_from_other_datasets(desk, qtbot, monkeypatch):
    page = begun(desk, qtbot)
    page.starting.picture.number.setValue(7)
    qtbot.waitUntil(lambda: page.begin.number == 7)
    assert page.player.request.start.picture == api.pack(sample(0, 7, 7))
    monkeypatch.setattr("random.randrange", lambda count: count - 1)
    page.starting.picture.other.click()
    qtbot.waitUntil(lambda: page.begin.number == 499)
    page.starting.dataset.chosen.emit("strokes")
    qtbot.waitUntil(lambda: page.begin.dataset == "strokes")
    assert asked(desk, api.OriginalRequest)[-1] == api.OriginalRequest("strokes", 0)


def test_a_dataset_that_cannot_be_read_leaves_everything_as_it_was(desk, qtbot):
    page = begun(desk, qtbot)
    before, failures = page.parameters(), []
    desk.bridge.event.connect(lambda slot, event: failures.append(slot) if hasattr(event, "error") else None)
    page.starting.dataset_wanted.emit("broken")
    qtbot.waitUntil(lambda: failures == ["diffusion.original"])
    assert page.parameters() == before and page.starting.dataset.value() == "mnist"


def test_without_datasets_one_begins_with_an_empty_canvas(desk, qtbot):
    none = tuple(dataclasses.replace(info, available=False) for info in CATALOG.datasets)
    page = desk.open(with_catalog(datasets=none))
    qtbot.waitUntil(lambda: page.steps.position >= 1)
    page.starting.kinds.button("picture").click()
    assert page.player.request.start.picture == api.pack(np.zeros((28, 28, 1), np.uint8))
    assert not asked(desk, api.OriginalRequest)


def test_a_hole_is_marked_with_the_brush_and_filled_by_repaint(desk, qtbot):
    page = begun(desk, qtbot, "hole")
    assert page.player.request.start == api.Start(SEVEN, 1.0, AREAS["middle"][1], 5)
    assert not page.controls.sampler.isEnabled() and "RePaint" in page.controls.sampler_help.text()
    assert page.starting.brush.isVisible() and page.starting.rows["strength"].isHidden()
    page._scrubbed(2)
    assert "in the hole" in page.caption.markup() and "put in again with its noise" in page.caption.markup()
    shown = page.starting.canvas.pictures()[0]
    assert shown.shape == (28, 28, 3) and (shown[14, 14] != shown[14, 14, 0]).any() and not shown[1, 1].any()
    drag(page.starting.brush, page.starting.canvas.cell_rect(0), ((0.1, 0.1), (0.4, 0.1)))
    page.starting.tools.button("light").click()
    drag(page.starting.brush, page.starting.canvas.cell_rect(0), ((0.5, 0.5), (0.5, 0.5)))
    middle, mark, keep = page.player.request.start.hole
    assert stroke_of(mark).grey is None and stroke_of(mark).way[0] == pytest.approx((0.1, 0.1), abs=0.02)
    assert stroke_of(keep).grey == 1.0 and page.starting.area.value() == "drawn"
    mask = api.hole_of((middle, mark, keep), 28, 28)
    assert mask[3, 3] and not mask[14, 14]
    assert page.undo() and page.player.request.start.hole == (middle, mark)
    page.starting.repeats.setValue(3)
    assert page.player.request.start.repeats == 3
    page.starting.kinds.button("noise").click()
    assert page.controls.sampler.isEnabled() and not page.starting.brush.isVisible()


def test_a_hole_of_nothing_and_of_all_are_said_in_a_sentence(desk, qtbot):
    page = begun(desk, qtbot, "hole")
    page.starting.area.chosen.emit("nothing")
    assert "Nothing is marked" in page.starting.hint.text()
    assert not api.hole_of(page.player.request.start.hole, 28, 28).any()
    for half in ("left", "right"):
        page.starting.area.chosen.emit(half)
        assert "50 % of the picture is made anew" in page.starting.hint.text()
    assert api.hole_of(AREAS["everything"][1], 28, 28).all() and not api.hole_of(AREAS["nothing"][1], 28, 28).any()
    both = (*AREAS["left"][1], *AREAS["right"][1])
    page.starting.changed.emit("hole", both, True)
    assert "All is marked" in page.starting.hint.text()


def test_with_a_hole_of_nothing_one_step_is_made_and_the_rest_where_one_plays(desk, qtbot):
    page = begun(desk, qtbot, "hole")
    page.starting.area.chosen.emit("nothing")
    qtbot.waitUntil(lambda: len(page.steps) == 1 and not page.player.is_playing)
    assert page.steps.shown().index == 0 and page.player.request.start.hole == AREAS["nothing"][1]
    assert "<b>nothing is marked</b>, so the picture" in page.caption.markup()
    assert "next" not in page.caption.markup(), "that formula holds in the hole alone"
    settle(desk, qtbot, "play")
    assert len(page.steps) == 1
    page.toggle_play()
    ended(page, qtbot)
    page.starting.area.chosen.emit("left")
    ended(page, qtbot)
    assert "in the hole" not in page.caption.markup() and len(page.steps) == 6, "it plays by itself again"


def test_a_branch_keeps_the_start_and_another_start_makes_all_anew(desk, qtbot):
    page = begun(desk, qtbot)
    page._scrubbed(2)
    page.controls.guidance.setValue(4.0)
    ended(page, qtbot)
    process = page.player.request
    assert process.start == api.Start(SEVEN, 0.6) and process.changes == (api.Change(2, "guidance", 4.0),)
    page._scrubbed(3)
    page.starting.changed.emit("strength", 0.3, True)
    assert page.player.request.start.strength == 0.3 and page.player.request.changes == ()
    assert page.player.request.steps == 5 and len(page.tree.branches) == 1
    assert page.undo() and page.player.request == process


def test_a_file_is_restored_with_its_start_and_exports_carry_it(desk, qtbot):
    page = paused(desk, qtbot)
    start = api.Start(api.pack(sample(1, 5, 5)), 1.0, AREAS["left"][1], 2)
    for wanted in (start, api.Start(start.picture, 0.25), None):
        source = dataclasses.replace(FIRST, model="mnist-ddpm", steps=6, start=wanted)
        assert page.restores(source)
        page.restore(api.RestoredEvent("f.png", source, api.GridLayout(), True, "identical", layer="x_t", frame=4))
        qtbot.waitUntil(lambda: len(page.steps) > 4)
        assert page.player.request == source and page.export_source().source == source
        assert page.begin.start() == wanted
        assert page.starting.kinds.value() == (("hole" if wanted.hole else "picture") if wanted else "noise")


def test_what_was_begun_with_is_remembered_and_damage_is_noise(desk, qtbot):
    page = begun(desk, qtbot, "hole")
    saved = json.loads(json.dumps(page.parameters()))
    other = Desk(DiffusionTab, FakeSession())
    qtbot.addWidget(other.page)
    other.page.set_parameters(saved)
    again = other.open()
    assert again.player.request == page.player.request and again.begin == page.begin
    for name, wrong in (
        ("kind", "sound"), ("picture", "x"), ("strength", 7), ("hole", ["x"]), ("repeats", 0), ("marker", "wide"),
    ):  # fmt: skip
        assert StartState.from_dict({**saved["begin"], name: wrong}) == StartState()
    again.set_parameters({**saved, "begin": None})
    assert again.player.request.start is None
    other.close()


def test_a_file_with_less_strength_than_the_slider_is_remembered_as_it_is():
    state = StartState().of(api.Start(SEVEN, 0.004))
    assert StartState.from_dict(json.loads(json.dumps(state.to_dict()))) == state
    assert StartState.from_dict({**state.to_dict(), "strength": 0.0}) == StartState()


def test_codes_have_no_hole(qtbot):
    info = dataclasses.replace(MODELS[3], name="codes", family="latent-ddpm", sha256="2" * 64)
    desk = Desk(DiffusionTab, FakeSession())
    qtbot.addWidget(desk.page)
    page = desk.open(with_catalog(models=(MODELS[3], info)))
    page.starting.kinds.button("hole").click()
    qtbot.waitUntil(lambda: page.player.request.start is not None)
    page.picker.chosen.emit("codes")
    assert page.player.request.start == api.Start(SEVEN, 0.6) and page.starting.kinds.value() == "picture"
    assert not page.starting.kinds.button("hole").isEnabled()
    assert "codes" in page.starting.kinds.button("hole").toolTip()
    desk.close()


# ---- words and colours ----------------------------------------------------------------------------------


def test_the_hint_says_what_a_strength_means():
    for strength, says in ((1.0, "nearly nothing"), (0.5, "t = 500 of 1000"), (0.05, "hardly changes")):
        assert says in words.hint(StartState("picture", strength=strength), 1000)


def test_how_far_the_ends_are_is_measured():
    picture, ends = np.zeros((28, 28, 1), np.uint8), np.full((2, 28, 28, 1), 51, np.uint8)
    assert "20.0 % of white" in words.aside(StartState("picture"), ends, picture)
    hole, nothing = (StartState("hole", hole=AREAS[name][1]) for name in ("left", "nothing"))
    same = np.zeros_like(ends)
    assert "Nothing was marked: every pixel is <b>that of the picture</b>" in words.aside(nothing, same, picture)
    assert words.aside(nothing, ends, picture) == ""
    assert words.aside(hole, ends, picture) == "", "that is not so, and not said"
    ends[:, :, 14:] = 0
    assert "that of the picture" in words.aside(hole, ends, picture)
    assert words.aside(hole, ends, None) == "" == words.aside(hole, ends, np.zeros((32, 32, 3), np.uint8))


def test_what_is_made_anew_is_seen_in_its_colour():
    shown = tinted(np.full((2, 2, 1), 100, np.uint8), np.array([[True, False], [False, False]]), "#CC79A7")
    assert shown[0, 1].tolist() == [100, 100, 100] and shown[0, 0, 0] > shown[0, 0, 2] > shown[0, 0, 1]


def test_a_dropped_picture_of_dark_ink_can_be_inverted_before_any_of_the_dataset_was_seen(desk, qtbot):
    page = paused(desk, qtbot)
    assert not asked(desk, api.OriginalRequest)
    ink = np.full((28, 28, 1), 255, np.uint8)
    ink[8:20, 13:15] = 0
    page.offer_picture(ink)
    qtbot.waitUntil(lambda: len(desk.offers) == 1)
    assert desk.messages[-1] == "Pictures of MNIST are light on dark, and this one is dark on light."
    qtbot.waitUntil(lambda: page.begin.picture == api.pack(ink) and not page.guess.is_busy)
    desk.offers[0]()
    qtbot.waitUntil(lambda: page.player.request.start == api.Start(api.pack(255 - ink), 0.6))
    assert page.begin.kind == "picture" and "inverted" in page.starting.picture.origin.text()
    page.undo()
    qtbot.waitUntil(lambda: page.player.request.start == api.Start(api.pack(ink), 0.6))
