"""A set drawn with the mouse: strokes, islands, the eraser, and the game on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_desk import Desk, room
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings.drawings import Stroke, name_of_drawing
from genstudio.ui.points.chooser import DRAW, NOTHING
from genstudio.ui.points.drawing import Drawing
from genstudio.ui.points.page import PointsPage
from genstudio.ui.theme import theme
from genstudio.ui.widgets.plane import plane_in, spots_of
from genstudio.ui.widgets.sketch import Sketch

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
DOT = Stroke(((1.0, 1.0),), 0.05)
LINE = Stroke(((-1.0, 0.0), (1.0, 0.0)), 0.05)


@pytest.fixture
def sketch(qtbot: Any) -> Sketch:
    made = Sketch()
    qtbot.addWidget(made)
    made.resize(420, 420)
    made.show()
    return made


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path) -> Iterator[Desk]:
    session = Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    made = Desk(PointsPage, session)
    qtbot.addWidget(made.page)
    made.page.show()
    made.open(session.handle(api.CatalogRequest()).catalog)
    yield made
    made.close()


def at(sketch: Sketch, x: float, y: float) -> QPoint:
    return QPoint(*(round(v) for v in spots_of(plane_in(sketch), np.array((x, y))).tolist()))


def drag(qtbot: Any, sketch: Sketch, places: list[tuple[float, float]], button: Any = LEFT) -> None:
    qtbot.mousePress(sketch, button, pos=at(sketch, *places[0]))
    for place in places[1:]:
        qtbot.mouseMove(sketch, at(sketch, *place))
    qtbot.mouseRelease(sketch, button, pos=at(sketch, *places[-1]))


def test_a_click_is_an_island_and_a_drag_a_line_as_wide_as_the_brush(sketch: Sketch, qtbot: Any) -> None:
    drag(qtbot, sketch, [(1.0, 1.0)])
    sketch.set_spread(0.2)
    with qtbot.waitSignal(sketch.changed):
        drag(qtbot, sketch, [(-1.0, 0.0), (0.0, 0.0), (0.0, -1.0)])
    dot, line = sketch.strokes()
    assert dot.is_dot and dot.way[0] == pytest.approx((1.0, 1.0), abs=0.01) and dot.spread == 0.08
    assert line.spread == 0.2 and line.way[-1] == pytest.approx((0.0, -1.0), abs=0.01) and len(line.way) == 3
    image = sketch.grab().toImage()
    near = [QColor(image.pixel(at(sketch, 1 + dx / 40, 1 + dy / 40))) for dx in range(-3, 4) for dy in range(-3, 4)]
    assert QColor(theme().colors.real) in near


def test_the_right_button_cuts_a_line_in_two_and_takes_an_island_away(sketch: Sketch, qtbot: Any) -> None:
    sketch.set_strokes((LINE, DOT))
    drag(qtbot, sketch, [(0.0, 0.3), (0.0, -0.3)], RIGHT)
    first, second, dot = sketch.strokes()
    assert first.way[0] == (-1, 0) and first.way[-1][0] < -0.1 and second.way[0][0] > 0.1 and dot == DOT
    sketch.erases = True
    drag(qtbot, sketch, [(1.0, 1.0)])
    assert sketch.strokes() == (first, second)
    with qtbot.assertNotEmitted(sketch.changed):
        drag(qtbot, sketch, [(-1.5, 1.5)])


def test_a_run_that_goes_on_leaves_the_hand_its_eraser(desk: Desk, qtbot: Any) -> None:
    page: PointsPage = desk.page
    page.data.picker.chosen.emit(DRAW)
    page.drawing.sketch.set_strokes((LINE, DOT))
    page.drawing.sketch.changed.emit()
    sketch = page.drawing.sketch
    qtbot.mousePress(sketch, RIGHT, pos=at(sketch, -1.0, 0.0))
    for x in np.linspace(-1.0, 0.0, 11):
        qtbot.mouseMove(sketch, at(sketch, float(x), 0.0))
        page.refresh()
    qtbot.mouseRelease(sketch, RIGHT, pos=at(sketch, 0.0, 0.0))
    page.refresh()
    line, dot = page.drawing.strokes()
    assert line.way[0][0] > 0.1 and line.way[-1] == LINE.way[-1] and dot == DOT
    assert page.data.strokes() == (line, dot)


def test_the_brush_is_long_where_there_is_room_and_where_there_is_none(qtbot: Any) -> None:
    drawing = Drawing()
    qtbot.addWidget(drawing)
    drawing.show()
    for width, is_beside in ((500, False), (700, True), (500, False)):
        drawing.resize(width, 500)
        drawing.layout().activate()
        assert drawing.brush.width() >= 100
        assert (drawing.brush.mapTo(drawing, QPoint()).y() < drawing.tool.geometry().bottom()) is is_beside


def test_after_the_plane_was_resized_an_island_is_where_the_pointer_was(qtbot: Any) -> None:
    drawing = Drawing()
    qtbot.addWidget(drawing)
    drawing.show()
    for width, height in ((1000, 640), (640, 420), (420, 700), (1000, 640)):
        drawing.resize(width, height)
        drawing.layout().activate()
        qtbot.mouseClick(drawing.sketch, LEFT, pos=at(drawing.sketch, 1.5, -1.0))
        assert drawing.strokes()[-1].way[0] == pytest.approx((1.5, -1.0), abs=0.01)
    assert len(drawing.strokes()) == 4


def test_the_pen_goes_by_keys_too(sketch: Sketch, qtbot: Any) -> None:
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Return):
        qtbot.keyClick(sketch, key)
    assert sketch.strokes() == (Stroke(((0.1, 0.1),), 0.08),)
    qtbot.keyClick(sketch, Qt.Key.Key_Delete)
    assert sketch.strokes() == ()


def test_the_drawing_of_a_run_and_that_of_now_have_names(desk: Desk) -> None:
    data = desk.page.data
    data.draw((LINE, DOT))
    before = data.name()
    assert data.title_of(before) == data.title() == "the drawing" and data.title_of("ring") == "Ring of 8"
    data.draw((LINE,))
    assert data.title_of(before) == "an earlier drawing" and data.title() == "the drawing"


def test_a_full_drawing_takes_no_more(sketch: Sketch, qtbot: Any) -> None:
    corners = ((-2.0, -2.0), (2.0, 2.0))
    sketch.set_strokes([Stroke(corners * 35)])
    with qtbot.waitSignal(sketch.full):
        drag(qtbot, sketch, [(-2.0, 0.0), *[(2.0 * (-1) ** k, 0.0) for k in range(30)]])
    assert len(sketch.strokes()) == 1


def test_a_drawn_set_is_played_edited_undone_and_remembered(desk: Desk, qtbot: Any) -> None:
    page: PointsPage = desk.page
    page.remember()
    page.data.picker.set_value(DRAW)
    page.data.picker.chosen.emit(DRAW)
    assert page._layers.currentWidget() is page.drawing and not page.drawing.use.isEnabled()
    page.drawing.sketch._add(DOT)
    assert "one dot is too little" in page.drawing.says.text().lower() and not page.drawing.use.isEnabled()
    page.drawing.sketch._add(LINE)
    assert page.drawing.use.isEnabled() and page.data.name() == name_of_drawing((DOT, LINE))
    assert page.undo() and page.drawing.strokes() == (DOT,)
    assert page.redo() and page.drawing.strokes() == (DOT, LINE)
    page.drawing.use.click()
    qtbot.waitUntil(lambda: page.run.shown() is not None, timeout=60_000)
    first = page.run
    assert first.request.dataset == name_of_drawing((DOT, LINE)) and page._layers.currentWidget() is page.canvas
    assert "best" in first.shown().numbers
    page.data.edit.click()
    assert page._layers.currentWidget() is page.drawing
    page.drawing.sketch.clear()
    page.run_pressed()
    assert page.run is first, "nothing is drawn, and that is said"
    page.drawing.sketch._add(LINE)
    page.run_pressed()
    assert page.run is not first and page.run.request.dataset == name_of_drawing((LINE,))
    values = page.parameters()
    page.data.select("ring")
    page.set_parameters({"points": "ring", "drawing": "drawn:junk"})
    assert page.data.name() == "ring" and page.data.drawing == name_of_drawing((LINE,))
    page.data.drawing = NOTHING
    page.set_parameters(values)
    assert page.data.name() == name_of_drawing((LINE,))


def test_a_game_that_undo_brings_back_has_its_own_marks_and_a_drawing_beside_it_is_seen(desk: Desk, qtbot: Any) -> None:
    page: PointsPage = desk.page
    header = page.header.itemAt(0).widget()
    page.remember()
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration > 0 and page.run.shown() is not None, timeout=60_000)
    first = page.run
    page.data.picker.chosen.emit(DRAW)
    page.drawing.sketch._add(LINE)
    assert header.text() == "Next points" and page.controls.restart.isVisible()
    page.drawing.use.click()
    qtbot.waitUntil(lambda: page.run.iteration > 0 and page.run.shown() is not None, timeout=60_000)
    assert header.text() == "Points"
    page.controls.form.controls["lr_d"].setValue(5e-3)
    qtbot.waitUntil(lambda: bool(page.plots._marks), timeout=30_000)
    page.undo()
    page.undo()
    assert page.run is first and page.data.name() == "ring" and page._layers.currentWidget() is page.canvas
    assert page.plots._marks == () and header.text() == "Points"
    page.undo()
    assert page.data.is_drawn and page._layers.currentWidget() is page.drawing and header.text() == "Next points"
    page.redo()
    assert page.data.name() == "ring" and page._layers.currentWidget() is page.canvas
    page.redo()
    assert page.run is not first and page.data.is_drawn, "the drawn game is there again"
    qtbot.waitUntil(lambda: bool(page.plots._marks), timeout=30_000)
    qtbot.waitUntil(lambda: page._tuning is None, timeout=30_000)


def test_what_colours_the_ground_is_whole_in_its_picker(desk: Desk) -> None:
    page: PointsPage = desk.page
    page.resize(1024, 698)
    page.show_inspector(True)
    picker = page.controls.heat
    page.controls.shown.layout().activate()
    words = [picker.itemText(k) for k in range(picker.count())]
    assert len(words) == 3 and max(map(picker.fontMetrics().horizontalAdvance, words)) <= room(picker)
