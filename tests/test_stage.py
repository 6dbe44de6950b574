"""The stage shows exactly the pixels it was given, as large as fits, and is walked by keys."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest

from genstudio.api import GridLayout
from genstudio.export import grid
from genstudio.ui.theme import contrast, fix, theme
from genstudio.ui.widgets.picture_grid import fit, from_qimage, to_qimage
from genstudio.ui.widgets.stage import Stage
from genstudio.ui.widgets.titles import legible, low_font


def pictures(count: int, size: int = 28, channels: int = 1) -> np.ndarray:
    """Pictures of random pixels."""
    return np.random.default_rng(0).integers(0, 256, (count, size, size, channels), np.uint8)


@pytest.mark.parametrize(
    ("count", "space"), [(64, (1000, 600)), (64, (600, 600)), (1, (500, 300)), (13, (900, 60)), (7, (90, 90))]
)
def test_no_other_number_of_columns_would_give_larger_cells(count: int, space: tuple[int, int]) -> None:
    layout = fit(count, 28, 28, space)
    assert layout.size[0] <= space[0] and layout.size[1] <= space[1]
    assert layout.columns * layout.rows >= count > layout.columns * (layout.rows - 1)
    others = [fit(count, 28, 28, space, columns).zoom for columns in range(1, count + 1)]
    assert layout.zoom == max(others) and (layout.zoom < 1 or layout.zoom == int(layout.zoom))


def test_the_room_that_integer_zoom_leaves_goes_to_the_gaps() -> None:
    layout = fit(64, 28, 28, (560, 560))
    assert layout.zoom == 2 and layout.size[0] > 500
    assert fit(16, 28, 28, (4 * 56 + 3, 4 * 56 + 3)).gap == 1


@pytest.mark.parametrize("channels", [1, 3])
def test_the_stage_paints_exactly_the_pixels_it_was_given(qtbot, channels: int) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(400, 300)
    given = pictures(6, 20, channels)
    stage.set_pictures(given)
    shown = from_qimage(stage.grab().toImage())
    zoom = int(stage.zoom())
    for index, picture in enumerate(given):
        box = stage.cell_rect(index)
        cell = shown[box.top() : box.top() + box.height(), box.left() : box.left() + box.width()]
        assert (cell == picture.repeat(zoom, 0).repeat(zoom, 1)).all()


def test_empty_cells_of_the_last_row_are_the_ground_of_the_stage(qtbot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(3 * 56 + 20, 3 * 56 + 20)
    stage.set_pictures(pictures(7), columns=3)
    assert stage.zoom() == 2 and stage.cell_rect(1).left() - stage.cell_rect(0).right() <= 4, "hairlines between cells"
    shown, last = stage.grab().toImage(), stage.cell_rect(6)
    assert shown.pixelColor(last.right() + 40, last.center().y()) == QColor(theme().colors.stage)


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize("value", [0, 255])
@pytest.mark.parametrize("size", [(330, 330), (400, 330)])  # narrow and wide gaps
def test_cells_of_one_colour_are_told_apart_by_a_line(qtbot, mode: str, value: int, size: tuple[int, int]) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    theme().set_mode(mode)
    stage.resize(*size)
    stage.set_pictures(np.full((9, 28, 28, 1), value, np.uint8), columns=3)
    shown = stage.grab().toImage()
    ground = f"#{value:02x}{value:02x}{value:02x}"
    for a, b in ((0, 1), (0, 3)):
        first, second = stage.cell_rect(a).center(), stage.cell_rect(b).center()
        steps = max(second.x() - first.x(), second.y() - first.y())
        way = [shown.pixelColor(first + (second - first) * k / steps).name() for k in range(steps)]
        assert max(contrast(ground, color) for color in way) >= 3


def test_a_picture_larger_than_the_stage_is_shown_whole(qtbot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(200, 150)
    stage.set_pictures(pictures(1, 600, 3))
    assert 0 < stage.zoom() < 1 and stage.rect().contains(stage.cell_rect(0))
    assert stage.grab().toImage().pixelColor(stage.cell_rect(0).center()) != QColor(theme().colors.stage)


def test_arrows_move_the_selection_and_stop_at_the_ends(qtbot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(400, 300)
    stage.set_pictures(pictures(6), columns=3)
    stage.set_selected(1)
    seen: list[int] = []
    stage.cell_clicked.connect(seen.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(stage, key)
    assert seen == [2, 5, 4]
    with qtbot.waitSignal(stage.cell_double_clicked) as double:
        QTest.keyClick(stage, Qt.Key.Key_Return)
    assert double.args == [4]


def test_a_click_names_the_cell_and_none_between_them(qtbot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(400, 300)
    stage.set_pictures(pictures(6), columns=3)
    with qtbot.waitSignal(stage.cell_clicked) as click:
        QTest.mouseClick(stage, Qt.MouseButton.LeftButton, pos=stage.cell_rect(4).center())
    assert click.args == [4]
    assert stage.index_at(QPoint(0, 0)) == -1


def test_an_empty_stage_says_what_to_do(qtbot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.show()
    stage.set_message("There is no model yet.", "Train one")
    with qtbot.waitSignal(stage.button_clicked):
        QTest.mouseClick(stage._button, Qt.MouseButton.LeftButton)
    stage.set_pictures(pictures(1))
    assert not stage._button.isVisible() and stage.index_at(stage.cell_rect(0).center()) == 0


def test_under_a_message_no_picture_is_chosen_or_copied(qtbot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.set_pictures(pictures(6), columns=3)
    stage.set_selected(1)
    stage.set_message("The model cannot be read.", "Try again")
    with qtbot.assertNotEmitted(stage.cell_clicked), qtbot.assertNotEmitted(stage.cell_double_clicked):
        QTest.keyClick(stage, Qt.Key.Key_Right)
        QTest.keyClick(stage, Qt.Key.Key_Return)
    assert stage.selected() == 1 and not stage.copy()
    stage.set_message("")
    assert stage.copy()


def test_copying_gives_the_picture_enlarged_by_a_whole_number(qtbot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    assert not stage.copy()
    given = pictures(4, 28, 3)
    stage.set_pictures(given)
    stage.set_selected(2)
    assert stage.copy()
    copied = from_qimage(QGuiApplication.clipboard().image())
    assert copied.shape == (280, 280, 3) and (copied[::10, ::10] == given[2]).all()
    stage.set_selected(-1)
    assert stage.copy()
    copied = from_qimage(QGuiApplication.clipboard().image())
    assert (copied == grid(given, GridLayout(stage.columns(), scale=len(copied) // 58))).all(), "as an export has them"


@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_survives_the_way_to_qt_and_back(qapp, channels: int) -> None:
    given = pictures(1, 27, channels)[0]
    assert (from_qimage(to_qimage(given), channels) == given).all()


def spans(stage: Stage) -> list[tuple[float, float]]:
    """Where the headings begin and end."""
    metrics = QFontMetrics(theme().font(11))
    halves = [(stage.cell_rect(k).center().x(), metrics.horizontalAdvance(t) / 2) for k, t in stage.shown_titles()]
    return [(x - half, x + half) for x, half in halves]


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [300, 420, 1400])
def test_no_heading_runs_into_the_next(qtbot, scale: float, width: int) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    before = theme().scale
    try:
        theme().set_scale(scale)
        stage.resize(width, 400)
        for titles, is_scale in (
            (["−3σ", "−2.25σ", "−1.5σ", "−0.75σ", "0", "0.75σ", "1.5σ", "2.25σ", "3σ"], True),
            (["now", "−3σ", "−1.5σ", "0", "1.5σ", "3σ"], True),
            ([f"a long name {k}" for k in range(9)], False),
        ):
            stage.set_titles(titles, is_scale=is_scale)
            stage.set_pictures(pictures(len(titles) * 5), len(titles))
            ends, shown = spans(stage), [title for _, title in stage.shown_titles()]
            assert all(a[1] < b[0] for a, b in pairwise(ends)), (titles, shown)
            assert not is_scale or (set(shown) <= set(titles) and ("0" in shown or titles[0] == "now"))
            assert is_scale or len(shown) == len(titles)
            assert width < 1400 or scale > 1 or shown == titles or not is_scale
    finally:
        theme().set_scale(before)


def test_what_is_left_of_a_scale_is_even_and_has_its_middle(qtbot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    titles = ["−3σ", "−2σ", "−1σ", "0", "1σ", "2σ", "3σ"]
    centres = [20.0 * k for k in range(7)]
    assert legible(titles, [200.0 * k for k in range(7)], True) == list(enumerate(titles))
    assert [title for _, title in legible(titles, centres, True)] in (["−2σ", "0", "2σ"], ["−3σ", "0", "3σ"], ["0"])
    assert legible(["now", *titles], [200.0 * k for k in range(8)], True)[0] == (0, "now")
    assert legible(["now", *titles], [4.0 * k for k in range(8)], True) == [(0, "now")]


def test_a_title_of_a_low_row_is_smaller_instead_of_cut(qapp) -> None:
    line = QFontMetrics(theme().font(11)).height()
    assert low_font(line).pixelSize() == low_font(4 * line).pixelSize() == theme().font(11).pixelSize()
    assert low_font(line - 2).pixelSize() < low_font(line).pixelSize()
    assert QFontMetrics(low_font(line - 2)).height() <= line - 2


def test_a_row_of_a_fixed_height_stays_as_high_in_other_colours(qtbot) -> None:
    row = fix(Stage(), height=92)
    qtbot.addWidget(row)
    high = row.minimumHeight()
    theme().changed.emit()
    assert row.minimumHeight() == row.maximumHeight() == high
