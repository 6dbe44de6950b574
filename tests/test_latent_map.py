"""The map of two latents and the strip from A to B under the hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hands import LEFT, Said
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from genstudio.ui.widgets.film_strip import FilmStrip
from genstudio.ui.widgets.latent_axes import labels
from genstudio.ui.widgets.latent_map import LatentMap


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


def test_larger_pictures_get_more_room_and_ends_other_names(strip, qtbot) -> None:
    other = FilmStrip(ends=("0", "T"), label="The way")
    qtbot.addWidget(other)
    other.resize(1000, 92)
    assert other.accessibleName() == "The way" and strip.accessibleName() == "Film strip from A to B"
    for side in (20, 64):
        other.set_pictures(np.zeros((12, side, side, 1), np.uint8))
        assert other.sizeHint().height() >= other.cell(0).bottom() + 15 and other.cell(0).width() >= side


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
