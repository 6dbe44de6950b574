"""Drawing on the first picture of a stage."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from genstudio.ui.theme import theme
from genstudio.ui.widgets.canvas import Canvas

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
EMPTY = np.zeros((28, 28, 1), np.uint8)


@pytest.fixture
def canvas(qtbot) -> Canvas:
    made = Canvas()
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.set_canvas(EMPTY)
    made.set_pictures(np.stack([EMPTY] * 3), 3)
    made.set_brush(3.0, (255, 255, 255), 0, False)
    made.show()
    return made


def at(canvas: Canvas, cell: int, x: float, y: float) -> QPoint:
    box = canvas.cell_rect(cell)
    return QPoint(round(box.left() + x * box.width()), round(box.top() + y * box.height()))


def stroke(canvas: Canvas, cell: int, start: tuple[float, float], end: tuple[float, float], button=LEFT) -> None:
    QTest.mousePress(canvas, button, pos=at(canvas, cell, *start))
    QTest.mouseMove(canvas, at(canvas, cell, *end))
    QTest.mouseRelease(canvas, button, pos=at(canvas, cell, *end))


def test_a_picture_that_nobody_touched_comes_back_as_it_was(canvas) -> None:
    for shape in ((28, 28, 1), (32, 32, 3), (64, 64, 3)):
        picture = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
        canvas.set_canvas(picture)
        assert np.array_equal(canvas.picture(), picture)


def test_a_stroke_leaves_ink_where_it_went_with_soft_edges(canvas, qtbot) -> None:
    with qtbot.waitSignal(canvas.finished):
        stroke(canvas, 0, (0.25, 0.5), (0.75, 0.5))
    drawn = canvas.picture()[..., 0]
    assert drawn[14, 10] > 200 and drawn[:10].max() == 0 and drawn[:, :4].max() == 0
    assert ((drawn > 20) & (drawn < 235)).any()


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_an_empty_pad_can_be_seen(canvas, mode) -> None:
    theme().set_mode(mode)
    paper, shown = canvas.cell_rect(0), canvas.grab().toImage()
    edge = shown.pixelColor(paper.left() - 1, paper.center().y()).name()
    assert edge == theme().colors.line.lower() and edge != shown.pixelColor(paper.left() - 4, paper.center().y()).name()


def test_under_the_pen_the_pictures_stay_where_they_are_while_room_comes_and_goes(canvas) -> None:
    start, end = at(canvas, 0, 0.2, 0.5), at(canvas, 0, 0.8, 0.5)
    before = canvas.cell_rect(0)
    QTest.mousePress(canvas, LEFT, pos=start)
    QTest.mouseMove(canvas, (start + end) / 2)
    canvas.resize(600, 210)
    canvas.grab()
    assert canvas.cell_rect(0) == before
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, LEFT, pos=end)
    rows = np.flatnonzero(canvas.picture().max((1, 2)))
    assert 2 <= len(rows) <= 5 and rows.mean() == pytest.approx(13.5, abs=1), "a straight drag is a straight line"
    assert canvas.cell_rect(0) != before and canvas.rect().contains(canvas.cell_rect(0))


def test_the_right_button_and_the_eraser_take_ink_away(canvas) -> None:
    stroke(canvas, 0, (0.25, 0.5), (0.75, 0.5))
    canvas.set_brush(10.0, (255, 255, 255), 0, False)
    stroke(canvas, 0, (0.2, 0.5), (0.5, 0.5), RIGHT)
    assert canvas.picture()[14, 10, 0] == 0 < canvas.picture()[14, 20, 0]
    canvas.set_brush(10.0, (255, 255, 255), 0, True)
    stroke(canvas, 0, (0.2, 0.5), (0.8, 0.5))
    assert canvas.picture().max() == 0


def test_only_the_first_picture_is_drawn_on(canvas, qtbot) -> None:
    with qtbot.assertNotEmitted(canvas.stroked):
        stroke(canvas, 1, (0.2, 0.5), (0.8, 0.5))
    assert canvas.picture().max() == 0


def test_arrows_draw_with_shift_and_delete_asks_for_an_empty_canvas(canvas, qtbot) -> None:
    canvas.setFocus()
    for _ in range(4):
        QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    drawn = canvas.picture()[..., 0]
    assert drawn[14, 14] > 200 and drawn[14, 17] > 200 and drawn[14, 8] == 0
    with qtbot.waitSignal(canvas.clear_wanted):
        QTest.keyClick(canvas, Qt.Key.Key_Delete)


def test_the_box_moves_with_the_hand_and_stays_inside(canvas) -> None:
    boxes: list[tuple[float, ...]] = []
    canvas.box_moved.connect(boxes.append)
    canvas.set_box((0.4, 0.4, 0.6, 0.6))
    stroke(canvas, 1, (0.5, 0.5), (0.6, 0.5))
    assert boxes[-1] == pytest.approx((0.5, 0.4, 0.7, 0.6), abs=0.02)
    stroke(canvas, 1, (0.6, 0.5), (3.0, -3.0))
    left, top, right, _ = boxes[-1]
    assert (right, top) == (1.0, 0.0) and right - left == pytest.approx(0.2, abs=1e-3)
    stroke(canvas, 1, (0.1, 0.6), (0.3, 0.9))
    assert boxes[-1] == pytest.approx((0.1, 0.6, 0.3, 0.9), abs=0.02)


def test_colour_is_drawn_in_colour(canvas) -> None:
    canvas.set_canvas(np.zeros((32, 32, 3), np.uint8))
    canvas.set_brush(6.0, (220, 40, 40), 0, False)
    stroke(canvas, 0, (0.3, 0.5), (0.7, 0.5))
    assert tuple(canvas.picture()[16, 16]) == (220, 40, 40)


def test_another_picture_under_the_pen_ends_the_stroke(canvas, qtbot) -> None:
    QTest.mousePress(canvas, LEFT, pos=at(canvas, 0, 0.3, 0.5))
    QTest.mouseMove(canvas, at(canvas, 0, 0.6, 0.5))
    canvas.set_canvas(EMPTY)
    canvas.resize(500, 200)
    canvas.grab()
    assert not canvas.is_held() and canvas.rect().contains(canvas.cell_rect(0)), "it follows the room again"
    with qtbot.assertNotEmitted(canvas.finished):
        QTest.mouseMove(canvas, at(canvas, 0, 0.8, 0.5))
        QTest.mouseRelease(canvas, LEFT, pos=at(canvas, 0, 0.8, 0.5))
        QTest.keyClick(canvas, Qt.Key.Key_A)
    assert canvas.picture().max() == 0
