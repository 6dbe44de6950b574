"""Sliders, map and film strip under the hand: mouse, wheel and keys, and what each gesture says."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from genstudio.core.latents import PATHS
from genstudio.ui.latent.axes import Face
from genstudio.ui.tabs.vae_state import VaeState, along
from genstudio.ui.tabs.vae_words import mean_distance, place_sentence, rare, share_farther
from genstudio.ui.widgets.film_strip import FilmStrip
from genstudio.ui.widgets.latent_axes import labels
from genstudio.ui.widgets.latent_map import LatentMap
from genstudio.ui.widgets.latent_slider import LatentSlider
from genstudio.ui.widgets.latent_sliders import LatentSliders

LEFT = Qt.MouseButton.LeftButton


class Said:
    """What a widget has said, in order: its signals by name, changes with their value."""

    def __init__(self, widget) -> None:
        self.words: list[str] = []
        self.values: list = []
        widget.grabbed.connect(self.grabbed)
        widget.finished.connect(self.finished)
        widget.changed.connect(self.changed)

    def grabbed(self) -> None:
        self.words.append("grabbed")

    def finished(self) -> None:
        self.words.append("finished")

    def changed(self, *value) -> None:
        self.words.append("changed")
        self.values.append(value if len(value) > 1 else value[0])


@pytest.fixture
def sliders(qtbot) -> LatentSliders:
    widget = LatentSliders()
    qtbot.addWidget(widget)
    widget.set_count(16)
    widget.resize(300, 500)
    widget.show()
    return widget


def at(row: LatentSlider, sigma: float) -> QPoint:
    return QPoint(round(row.x_of(sigma)), row.height() // 2)


def wheel(row: LatentSlider, notches: float, x: float, shift: bool = False) -> QWheelEvent:
    place = QPointF(x, row.height() / 2)
    keys = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        place, row.mapToGlobal(place), QPoint(), QPoint(0, round(120 * notches)), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(row, event)
    return event


# ---- sliders --------------------------------------------------------------------------------------


def test_a_drag_says_grabbed_then_every_move_then_finished_once(sliders) -> None:
    row, said = sliders.rows()[2], Said(sliders)
    QTest.mousePress(row, LEFT, pos=at(row, 0))
    assert said.words == ["grabbed"] and sliders.is_held()
    QTest.mouseMove(row, at(row, 1.0))
    QTest.mouseMove(row, at(row, -2.0))
    QTest.mouseRelease(row, LEFT, pos=at(row, -2.0))
    assert said.words == ["grabbed", "changed", "changed", "finished"] and not sliders.is_held()
    assert said.values[-1][2] == pytest.approx(-2.0, abs=0.03)
    assert np.array_equal(said.values[-1], sliders.code())
    assert np.count_nonzero(sliders.code()) == 1


def test_a_press_beside_the_knob_brings_it_there_and_past_the_end_is_three_sigma(sliders) -> None:
    row = sliders.rows()[0]
    QTest.mousePress(row, LEFT, pos=at(row, 2.0))
    assert row.exact() == pytest.approx(2.0, abs=0.03)
    QTest.mouseMove(row, QPoint(row.width() + 50, 5))
    QTest.mouseRelease(row, LEFT, pos=QPoint(row.width() + 50, 5))
    assert row.exact() == 3.0


def test_a_double_click_and_delete_reset(sliders) -> None:
    row, said = sliders.rows()[1], Said(sliders)
    sliders.set_code([1.5] * 16)
    QTest.mouseDClick(row, LEFT, pos=at(row, 1.5))
    assert row.exact() == 0.0 and said.words[-1] == "finished"
    row.set_exact(1.5)
    QTest.keyClick(row, Qt.Key.Key_Delete)
    assert row.exact() == 0.0


@pytest.mark.parametrize(
    ("key", "shift", "value"),
    [
        (Qt.Key.Key_Right, False, 0.6),
        (Qt.Key.Key_Left, False, 0.4),
        (Qt.Key.Key_Right, True, 0.51),
        (Qt.Key.Key_PageUp, False, 1.0),
        (Qt.Key.Key_PageDown, False, 0.0),
        (Qt.Key.Key_Home, False, -3.0),
        (Qt.Key.Key_End, False, 3.0),
        (Qt.Key.Key_Backspace, False, 0.0),
    ],
)
def test_keys_move_a_slider(sliders, key, shift, value) -> None:
    row = sliders.rows()[0]
    row.set_exact(0.5)
    said = Said(sliders)
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(row, key, modifier)
    assert row.exact() == pytest.approx(value)
    assert said.words == ["grabbed", "changed", "finished"]


def test_the_window_keeps_its_own_keys(sliders, qtbot) -> None:
    row = sliders.rows()[0]
    for key in (Qt.Key.Key_R, Qt.Key.Key_Space, Qt.Key.Key_Period, Qt.Key.Key_Comma):
        QTest.keyClick(row, key)
    QTest.keyClick(row, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert not sliders.code().any() and not sliders.findChild(QLineEdit).isVisible()


def test_up_and_down_go_to_the_neighbour(sliders) -> None:
    first, second = sliders.rows()[:2]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is second or second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Up)
    assert first.hasFocus()
    QTest.keyClick(first, Qt.Key.Key_Up)
    assert first.hasFocus()


def test_the_wheel_turns_over_the_track_and_scrolls_elsewhere(sliders) -> None:
    row, said = sliders.rows()[4], Said(sliders)
    assert wheel(row, 1, row.x_of(0)).isAccepted()
    wheel(row, 2, row.x_of(0))
    wheel(row, -1, row.x_of(0), shift=True)
    assert row.exact() == pytest.approx(0.29)
    assert said.words == ["grabbed", "changed", "changed", "changed"], "one gesture, however many notches"
    row.leaveEvent(None)
    assert said.words[-1] == "finished"
    wheel(row, 1, 2.0)  # over the name
    assert row.exact() == pytest.approx(0.29)


def test_a_value_can_be_typed_beyond_the_track_and_escape_leaves_it(sliders) -> None:
    row, box, said = sliders.rows()[3], sliders.findChild(QLineEdit), Said(sliders)
    QTest.mouseClick(row, LEFT, pos=row.value_box().center().toPoint())
    assert box.isVisible() and box.text() == "0.00"
    QTest.keyClicks(box, "-4,25")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert row.exact() == -4.25 and row.value() == row.minimum() and not box.isVisible()
    assert said.words == ["grabbed", "changed", "finished"]
    QTest.keyClick(row, Qt.Key.Key_7)
    assert box.isVisible() and box.text() == "7"
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert row.exact() == -4.25 and not box.isVisible()


def test_showing_a_code_says_nothing_and_keeps_the_exact_numbers(sliders) -> None:
    said, z = Said(sliders), np.random.default_rng(1).normal(size=16) * 2
    sliders.set_code(z)
    assert np.array_equal(sliders.code(), z) and said.words == []


def test_an_assistive_tool_can_set_a_slider(sliders) -> None:
    said = Said(sliders)
    sliders.rows()[0].setValue(1500)
    assert sliders.code()[0] == 1.5 and said.words == ["changed", "finished"]


def test_the_number_of_latents_can_change_and_many_have_pages(sliders) -> None:
    sliders.set_code([1.0] * 16)
    assert not sliders.pager.isVisible()
    sliders.set_count(256)
    assert len(sliders.rows()) == 16 and not sliders.code().any() and sliders.pager.isVisible()
    for _ in range(20):
        QTest.keyClick(sliders.rows()[0], Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert sliders.pager.label.text() == "241–256 of 256" and not sliders.pager.forward.isEnabled()
    row, said = sliders.rows()[-1], Said(sliders)
    assert row.accessibleName() == "z256"
    QTest.keyClick(row, Qt.Key.Key_End)
    assert said.values[-1][255] == 3.0 and np.count_nonzero(said.values[-1]) == 1
    sliders.pager.back.click()
    assert sliders.rows()[0].accessibleName() == "z225" and sliders.rows()[15].exact() == 0.0
    sliders.set_count(18)
    sliders.turn(1)
    assert len(sliders.rows()) == 2
    sliders.set_count(2)
    assert len(sliders.rows()) == 2 and not sliders.pager.isVisible()


def test_down_from_the_last_row_goes_on_to_the_next_page(sliders) -> None:
    sliders.set_count(20)
    last = sliders.rows()[-1]
    last.setFocus()
    QTest.keyClick(last, Qt.Key.Key_Down)
    assert sliders.rows()[0].accessibleName() == "z17" and sliders.rows()[0].hasFocus()
    QTest.keyClick(sliders.rows()[0], Qt.Key.Key_Up)
    assert sliders.rows()[15].accessibleName() == "z16" and sliders.rows()[15].hasFocus()


def test_every_slider_is_named_and_reached_by_keyboard(sliders) -> None:
    assert [row.accessibleName() for row in sliders.rows()] == [f"z{k}" for k in range(1, 17)]
    for row in sliders.rows():
        assert row.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert "Delete" in row.toolTip()


def test_a_number_never_has_a_minus_before_nothing() -> None:
    assert [Face("z1").words(v) for v in (-0.004, 0.0, -0.5, 3.0)] == ["0.00", "0.00", "−0.50", "+3.00"]


# ---- map ------------------------------------------------------------------------------------------


@pytest.fixture
def latent_map(qtbot) -> LatentMap:
    widget = LatentMap()
    qtbot.addWidget(widget)
    widget.resize(500, 500)
    widget.show()
    cells = widget.cells()
    widget.set_map(np.zeros((cells * cells, 28, 28, 1), np.uint8), cells, 3.0)
    return widget


def test_the_map_is_a_whole_number_of_pictures_wide(latent_map) -> None:
    assert latent_map.square().width() == latent_map.cells() * 28


def test_the_ring_follows_the_pointer_z1_to_the_right_and_z2_upwards(latent_map) -> None:
    said = Said(latent_map)
    QTest.mousePress(latent_map, LEFT, pos=latent_map.point_of(1.5, 2.0).toPoint())
    QTest.mouseMove(latent_map, latent_map.point_of(-1.0, -2.5).toPoint())
    QTest.mouseRelease(latent_map, LEFT, pos=QPoint())
    assert said.words == ["grabbed", "changed", "changed", "finished"]
    assert said.values[0] == pytest.approx((1.5, 2.0), abs=0.02)
    assert said.values[1] == pytest.approx((-1.0, -2.5), abs=0.02)


def test_arrows_move_the_ring_and_stop_at_the_edge(latent_map) -> None:
    latent_map.set_code(2.95, 0.0)
    said = Said(latent_map)
    QTest.keyClick(latent_map, Qt.Key.Key_Right)
    QTest.keyClick(latent_map, Qt.Key.Key_Up)
    QTest.keyClick(latent_map, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(latent_map, Qt.Key.Key_Delete)
    assert said.values == [(3.0, 0.0), (3.0, 0.1), (3.0, 0.09), (0.0, 0.0)]
    assert said.words[-1] == "finished"


def test_the_map_paints_its_top_row_at_the_top(latent_map) -> None:
    cells = latent_map.cells()
    pictures = np.zeros((cells * cells, 28, 28, 1), np.uint8)
    pictures[0] = 255
    latent_map.set_map(pictures, cells, 3.0)
    latent_map.set_code(2.0, -2.0)
    image = latent_map.grab().toImage()
    spot = latent_map.point_of(-3 + 3 / cells, 3 - 3 / cells).toPoint()
    assert image.pixelColor(spot).lightness() == 255
    assert image.pixelColor(latent_map.point_of(0.5, 0.5).toPoint()).lightness() == 0


def test_both_axes_of_the_map_speak_the_same_words_and_none_touch() -> None:
    words = [(-3.0, "−3σ"), (0.0, "0"), (3.0, "+3σ")]
    assert labels(3.0, 400, 24) == [*words, (-1.5, "z")]
    assert labels(3.0, 90, 24) == words, "no room for the name between two figures"


def test_a_larger_map_wants_more_pictures(latent_map, qtbot) -> None:
    before = latent_map.cells()
    with qtbot.waitSignal(latent_map.cells_wanted) as wanted:
        latent_map.resize(800, 800)
    assert wanted.args[0] > before


# ---- strip ----------------------------------------------------------------------------------------


@pytest.fixture
def strip(qtbot) -> FilmStrip:
    widget = FilmStrip()
    qtbot.addWidget(widget)
    widget.resize(1000, 92)
    widget.set_pictures(np.zeros((13, 28, 28, 1), np.uint8))
    widget.show()
    return widget


def test_a_click_jumps_to_the_very_picture_and_a_drag_goes_between(strip) -> None:
    said = Said(strip)
    QTest.mouseClick(strip, LEFT, pos=strip.cell(4).topLeft().toPoint() + QPoint(3, 3))
    assert said.values == [4 / 12] and said.words == ["grabbed", "changed", "finished"]
    QTest.mousePress(strip, LEFT, pos=strip.cell(4).center().toPoint())
    QTest.mouseMove(strip, ((strip.cell(6).center() + strip.cell(7).center()) / 2).toPoint())
    assert strip.position() == pytest.approx(6.5 / 12, abs=0.01) and strip.is_held()
    QTest.mouseMove(strip, QPoint(-100, 0))
    QTest.mouseRelease(strip, LEFT, pos=QPoint(-100, 0))
    assert strip.position() == 0.0 and not strip.is_held()


def test_arrows_go_from_picture_to_picture(strip) -> None:
    strip.set_position(0.5)
    said = Said(strip)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home):
        QTest.keyClick(strip, key)
    assert said.values == pytest.approx([7 / 12, 1, 1, 11 / 12, 0])


@pytest.mark.parametrize("count", [2, 13, 60])
@pytest.mark.parametrize("width", [400, 660, 1050, 1800])
def test_no_picture_of_the_strip_is_cut(strip, count, width) -> None:
    strip.set_pictures(np.zeros((count, 28, 28, 1), np.uint8))
    strip.resize(width, strip.sizeHint().height())
    cells = [strip.cell(k) for k in range(count)]
    assert cells[0].left() >= 0 and cells[-1].right() <= width
    assert all(a.right() <= b.left() for a, b in pairwise(cells))
    assert cells[0].bottom() <= strip.height()


def test_an_empty_strip_takes_no_key_and_no_click(strip) -> None:
    strip.set_pictures(np.zeros((0, 28, 28, 1), np.uint8))
    said = Said(strip)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    QTest.mouseClick(strip, LEFT, pos=QPoint(100, 20))
    strip.grab()
    assert said.words == []


# ---- numbers and words ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["lerp", "slerp"])
def test_the_window_goes_the_way_the_compute_side_goes(path) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=16), rng.normal(size=16)
    w = torch.linspace(0, 1, 9, dtype=torch.float64)
    theirs = PATHS[path](torch.from_numpy(a), torch.from_numpy(b), w).numpy()
    assert np.allclose([along(a, b, float(k), path) for k in w], theirs)


def test_slerp_of_parallel_and_zero_codes_is_a_straight_line() -> None:
    a, zero = np.ones(4), np.zeros(4)
    assert np.allclose(along(a, 2 * a, 0.5, "slerp"), 1.5 * a)
    assert np.allclose(along(zero, a, 0.25, "slerp"), 0.25 * a)
    assert np.allclose(along(a, -a, 0.5, "slerp"), zero)
    theirs = PATHS["slerp"](torch.zeros(4), torch.ones(4), torch.tensor([0.25]))
    assert torch.equal(theirs, torch.full((1, 4), 0.25))


@pytest.mark.parametrize("latents", [1, 2, 3, 16, 100, 256])
def test_the_share_farther_out_is_the_upper_gamma_function(latents) -> None:
    for distance in (0.0, 0.01, 0.5, 1, 2, 4, 7, 12, 20, 30):
        s, x = (torch.tensor(v, dtype=torch.float64) for v in (latents / 2, distance**2 / 2))
        assert share_farther(distance, latents) == pytest.approx(float(torch.special.gammaincc(s, x)), abs=1e-12)


def test_the_mean_distance_is_that_of_many_random_codes() -> None:
    codes = np.random.default_rng(0).normal(size=(200_000, 16))
    assert mean_distance(16) == pytest.approx(np.linalg.norm(codes, axis=1).mean(), abs=0.005)
    assert mean_distance(2) == pytest.approx(math.sqrt(math.pi / 2))


def test_the_words_tell_a_usual_code_from_one_that_the_prior_never_draws() -> None:
    usual, far, near = np.full(16, 1.0), np.full(16, 1.8), np.full(16, 0.02)
    assert "lies <b>4.0 σ</b>" in place_sentence(usual) and "<b>45 %</b>" in place_sentence(usual)
    assert "may be of nothing at all" in place_sentence(far)
    assert "comes so near" in place_sentence(near)
    assert "3.9 σ" in place_sentence(np.zeros(16))
    assert rare(0.0004) == "only 1 in 2,500 random codes"


# ---- the state ------------------------------------------------------------------------------------


def test_a_wanderer_goes_on_from_b_to_a_new_code() -> None:
    start = VaeState.first("m", 16)
    half, _ = start.advanced(0.5, 1)
    later, _ = half.advanced(0.75, 1)
    assert half.position == 0.5 and later.position == 0.25
    assert later.a == start.b and later.b != start.b and later.drawn == start.drawn + 1


def test_one_that_turns_back_bounces_between_a_and_b() -> None:
    start = VaeState.first("m", 4)
    state = VaeState("m", start.a, start.a, start.b, at_b="turn")
    seen, direction = [], 1
    for _ in range(9):
        state, direction = state.advanced(0.4, direction)
        seen.append(round(state.position, 6))
    assert seen == [0.4, 0.8, 0.8, 0.4, 0.0, 0.4, 0.8, 0.8, 0.4]
    assert (state.a, state.b) == (start.a, start.b)


def test_off_the_path_a_wanderer_sets_out_from_where_it_stands() -> None:
    lost = VaeState.first("m", 4).at([1.0, 0.0, 0.0, 0.0])
    assert lost.position is None
    on, _ = lost.advanced(0.0, 1)
    assert on.a == lost.z and on.z == pytest.approx(lost.z)


@pytest.mark.parametrize(
    "wrong", [{"z": [1.0]}, {"z": [float("nan")] * 4}, {"path": "zigzag"}, {"steps": 1}, {"steps": 10**9},
              {"position": 2}, {"extra": 1}, {"model": 5}, {"a": None}, {"seed": -1}, {"axes": "odd"}, {"order": 1},
              {"locked": "z1"}, {"locked": [1]}, {"psi": 2}, {"psi": float("nan")}]
)  # fmt: skip
def test_a_damaged_state_is_refused(wrong) -> None:
    good = VaeState.first("m", 4).to_dict()
    assert VaeState.from_dict(good, 4) == VaeState.first("m", 4)
    assert VaeState.from_dict(good | wrong, 4) is None
    assert VaeState.from_dict(good, 5) is None
    assert VaeState.from_dict("nonsense", 4) is None
