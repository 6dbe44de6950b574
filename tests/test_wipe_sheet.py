"""The wipe under hand and keys: what is painted on which side of the divider, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hands import double_click
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from window_desk import drop_of

from genstudio.api import NO_PICTURES
from genstudio.api.differences import difference
from genstudio.ui.widgets.picture_grid import from_qimage
from genstudio.ui.wipe.bars import FILE
from genstudio.ui.wipe.pair import Side
from genstudio.ui.wipe.sheet import WipeSheet

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton
DARK, LIGHT = 40, 200
BLACK, WHITE = (np.full((6, 28, 28, 1), level, np.uint8) for level in (DARK, LIGHT))
SIDES = (Side("a", "The dark ones", BLACK), Side("b", "The light ones", WHITE))


@pytest.fixture
def sheet(qtbot: Any) -> Iterator[WipeSheet]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    made = WipeSheet(window)
    window.show()
    made.offer(SIDES)
    made.lay("a", "b")
    made.show_over(window)
    yield made
    window.close()


def painted(sheet: WipeSheet, share: float, cell: int = 0) -> int:
    """The grey level on the screen at a share of a cell's width."""
    box, image = sheet.stage.cell_rect(cell), sheet.stage.grab().toImage()
    return int(from_qimage(image)[box.top() + 3, box.left() + min(round(share * box.width()), box.width() - 1), 0])


# ---- the divider --------------------------------------------------------------------------------------


def test_of_every_picture_the_left_one_is_seen_up_to_its_divider_and_the_right_one_beyond(sheet: WipeSheet) -> None:
    for share in (0.5, 0.25):
        sheet.stage.set_share(share)
        for cell in range(6):
            assert painted(sheet, share - 0.1, cell) == DARK and painted(sheet, share + 0.1, cell) == LIGHT
            assert painted(sheet, share, cell) not in (DARK, LIGHT), "a divider"
            box = sheet.stage.cell_rect(cell)
            assert sheet.stage.divider_x(cell) == pytest.approx(box.left() + share * box.width(), abs=1)
    sheet.stage.set_share(1.0)
    assert painted(sheet, 0.9, 2) == DARK
    sheet.stage.set_share(0.0)
    assert painted(sheet, 0.1, 5) == LIGHT


def test_every_picture_has_a_whole_number_of_screen_pixels_for_each_of_its_own(sheet: WipeSheet) -> None:
    assert sheet.stage.zoom() == int(sheet.stage.zoom()) >= 2
    ramp = np.arange(28 * 28, dtype=np.uint32).reshape(1, 28, 28, 1).astype(np.uint8)
    sheet.offer([Side("a", "Ramp", ramp), Side("b", "Back", 255 - ramp)])
    sheet.stage.set_share(0.5)
    box, zoom = sheet.stage.cell_rect(0), int(sheet.stage.zoom())
    shown = from_qimage(sheet.stage.grab().toImage(), 1)[box.top() : box.top() + 28 * zoom, box.left() :][
        :, : 28 * zoom
    ]
    exact = np.concatenate([ramp[0, :, :14], 255 - ramp[0, :, 14:]], axis=1).repeat(zoom, 0).repeat(zoom, 1)
    clear = np.r_[0 : 13 * zoom, 15 * zoom : 28 * zoom]  # beside the divider and its handle
    rows = np.r_[0 : 12 * zoom, 16 * zoom : 28 * zoom]
    assert np.array_equal(shown[rows][:, clear], exact[rows][:, clear])


def test_it_is_dragged_with_the_mouse(sheet: WipeSheet) -> None:
    stage, heard = sheet.stage, []
    stage.moved.connect(heard.append)
    y, x = stage.height() // 2, stage.cell_rect(0).left()
    QTest.mousePress(stage, LEFT, pos=QPointF(x + 5, y).toPoint())
    assert stage.divider_x() == pytest.approx(x + 5, abs=1)
    QTest.mouseMove(stage, QPointF(x + 40, y).toPoint())
    assert stage.divider_x() == pytest.approx(x + 40, abs=1)
    QTest.mouseMove(stage, QPointF(0, y).toPoint())
    assert stage.share() == 0 == heard[-1]
    QTest.mouseMove(stage, QPointF(stage.width() - 1, y).toPoint())
    assert stage.share() == 1, "it is the first picture's divider that is held"
    QTest.mouseRelease(stage, LEFT, pos=QPointF(0, y).toPoint())
    QTest.mouseMove(stage, QPointF(x + 60, y).toPoint())
    assert stage.share() == 1, "the hand has let go"
    box = stage.cell_rect(2)
    QTest.mouseClick(stage, LEFT, pos=QPointF(box.left() + box.width() / 4, y).toPoint())
    assert stage.share() == pytest.approx(0.25, abs=0.02), "a click in any picture says where in all"


def test_arrows_go_a_pixel_of_the_pictures_and_home_and_end_to_the_ends(sheet: WipeSheet) -> None:
    stage = sheet.stage
    assert stage.hasFocus()
    before = stage.divider_x()
    QTest.keyClick(stage, Key.Key_Right)
    assert stage.divider_x() - before == pytest.approx(stage.zoom(), abs=1)
    QTest.keyClick(stage, Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert before - stage.divider_x() == pytest.approx(9 * stage.zoom(), abs=1)
    QTest.keyClick(stage, Key.Key_End)
    assert stage.share() == 1
    QTest.keyClick(stage, Key.Key_Home)
    QTest.keyClick(stage, Key.Key_Left)
    assert stage.share() == 0


def test_space_lets_it_swing_and_a_hand_stops_it(sheet: WipeSheet, qtbot: Any) -> None:
    stage = sheet.stage
    QTest.keyClick(stage, Key.Key_Space)
    qtbot.waitUntil(lambda: stage.share() != 0.5)
    QTest.keyClick(stage, Key.Key_Space)
    assert not sheet._clock.runs()
    sheet.toggle_swing()
    QTest.keyClick(stage, Key.Key_End)
    assert not sheet._clock.runs() and stage.share() == 1
    sheet.toggle_swing()
    qtbot.waitUntil(lambda: stage.share() < 1)
    sheet.dismiss()
    assert not sheet._clock.runs() and not sheet._watch.isActive()


# ---- what lies there ------------------------------------------------------------------------------------


def test_both_names_stand_above_and_x_swaps_them(sheet: WipeSheet, qtbot: Any) -> None:
    names = [picker.currentText() for picker in sheet.names.pickers]
    assert names == ["The dark ones", "The light ones"]
    with qtbot.waitSignal(sheet.chosen):
        QTest.keyClick(sheet.stage, Key.Key_X)
    assert [picker.currentText() for picker in sheet.names.pickers] == names[::-1]
    assert sheet.keys_laid() == ("b", "a") and painted(sheet, 0.1) == LIGHT


def test_the_same_on_both_sides_is_told(sheet: WipeSheet) -> None:
    sheet.names.picked.emit(1, "a")
    assert "The same lies on both sides" in sheet.said.text()
    sheet.offer(SIDES[:1])
    assert "There is one picture here" in sheet.said.text()


def test_the_pickers_tell_how_many_pictures_there_are_as_they_come(sheet: WipeSheet) -> None:
    def told() -> Any:
        return sheet.names.pickers[0].itemData(0, Qt.ItemDataRole.ToolTipRole)

    sheet.offer([Side("a", "First", NO_PICTURES)])
    assert told() == "no picture yet"
    sheet.offer([Side("a", "First", np.zeros((3, 8, 8, 1), np.uint8))])
    assert told() == "3 pictures"


def test_what_is_new_on_a_side_is_seen_at_once(sheet: WipeSheet) -> None:
    sheet.offer([SIDES[0], Side("b", "The light ones", np.full_like(WHITE, 90))])
    assert painted(sheet, 0.9) == 90


def test_d_shows_the_difference_and_its_size(sheet: WipeSheet) -> None:
    stage = sheet.stage
    QTest.keyClick(stage, Key.Key_D)
    assert np.array_equal(stage.pictures(), difference(WHITE, BLACK, "signed")) and not stage.has_divider()
    assert "Orange: “The light ones” is brighter" in sheet.said.text() and not sheet.look.swing.isEnabled()
    QTest.keyClick(stage, Key.Key_D)
    assert np.array_equal(stage.pictures(), difference(WHITE, BLACK, "absolute"))
    QTest.keyClick(stage, Key.Key_D)
    assert stage.has_divider() and np.array_equal(stage.pictures(), BLACK)


def test_one_of_several_pictures_alone(sheet: WipeSheet) -> None:
    stage = sheet.stage
    assert sheet.look.place.text() == "all 6" and len(stage.pictures()) == 6
    QTest.keyClick(stage, Key.Key_Period)
    assert sheet.look.place.text() == "1 of 6" and len(stage.pictures()) == 1
    sheet.leaf(9)
    assert sheet.look.place.text() == "6 of 6" and not sheet.look.forward.isEnabled()
    sheet.leaf(-9)
    assert sheet.look.place.text() == "all 6" and not sheet.look.back.isEnabled()
    double_click(stage, stage.cell_rect(3).center())
    assert sheet.look.place.text() == "4 of 6"
    double_click(stage, stage.cell_rect(0).center())
    assert sheet.look.place.text() == "all 6" and sheet.look.all.text() == "One"
    QTest.keyClick(stage, Key.Key_A)
    assert sheet.look.place.text() == "4 of 6" and sheet.look.all.text() == "All", "the one that was seen last"
    sheet.look.all.click()
    assert sheet.look.place.text() == "all 6"
    sheet.offer([Side("a", "One", BLACK[:1]), Side("b", "The light ones", WHITE)])
    QTest.keyClick(stage, Key.Key_A)
    assert len(stage.pictures()) == 1 and sheet.look.all.isHidden(), "a single picture lies over one at a time"


def test_several_stand_as_they_do_on_the_page(sheet: WipeSheet) -> None:
    assert sheet.stage.columns() == 3
    sheet.offer(SIDES, 2)
    assert sheet.stage.columns() == 2
    sheet.set_view("signed")
    assert sheet.stage.columns() == 2 and not sheet.stage.has_divider()
    sheet.leaf(1)
    assert sheet.stage.columns() == 1


def test_a_double_click_leaves_the_divider_where_it_is(sheet: WipeSheet) -> None:
    stage = sheet.stage
    stage.set_share(0.25)
    double_click(stage, stage.cell_rect(5).center())
    assert sheet.look.place.text() == "6 of 6" and stage.share() == 0.25


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of offscreen windows
def test_a_list_that_is_open_is_not_taken_away(sheet: WipeSheet, qtbot: Any) -> None:
    picker = sheet.names.pickers[1]
    picker.showPopup()
    qtbot.waitUntil(lambda: picker.view().isVisible())
    three = [*SIDES, Side("c", "New ones", WHITE)]
    sheet.offer(three)
    assert picker.count() == 3 and sheet.names.pickers[0].count() == 4, "with the choice of a file"
    picker.hidePopup()
    qtbot.waitUntil(lambda: not picker.view().isVisible())
    sheet.offer(three)
    assert picker.count() == 4 and picker.currentText() == "The light ones"


def test_what_is_copied_is_what_is_seen(sheet: WipeSheet, qtbot: Any) -> None:
    sheet.lay("a", "b", 0)
    with qtbot.waitSignal(sheet.copied) as heard:
        sheet.look.copy_button.click()
    assert heard.args == [True]
    copied = from_qimage(QGuiApplication.clipboard().image())
    assert copied.shape[:2] == (280, 280) and (copied[:, :130] == DARK).all() and (copied[:, 150:] == LIGHT).all()
    assert (copied[:, 139:141] == copied[0, 139]).all() and copied[0, 139, 0] not in (DARK, LIGHT), "the divider"
    sheet.toggle_all()
    sheet.stage.set_share(0.25)
    sheet.look.copy_button.click()
    copied, stage = from_qimage(QGuiApplication.clipboard().image()), sheet.stage
    times = copied.shape[1] // (30 * stage.columns() - 2)
    for k in range(6):
        row, column = divmod(k, stage.columns())
        cell = copied[30 * times * row :, 30 * times * column :][: 28 * times, : 28 * times, 0]
        assert (cell[:, : 6 * times] == DARK).all() and (cell[:, 8 * times :] == LIGHT).all()


def test_without_pictures_it_says_what_to_do(sheet: WipeSheet) -> None:
    sheet.offer([])
    assert (
        "There is no picture to be seen on this page" in sheet.stage._label.text() and not sheet.look.keep.isEnabled()
    )
    sheet.offer([SIDES[0], Side("b", "The light ones", WHITE[:0])])
    sheet.toggle_swing()
    assert sheet.stage._label.text() == "“The light ones” has no picture yet." and not sheet._clock.runs()


# ---- files -----------------------------------------------------------------------------------------------


def test_a_picture_file_is_dropped_on_a_side(sheet: WipeSheet, tmp_path: Path) -> None:
    heard: list[tuple[str, int]] = []
    sheet.file_dropped.connect(lambda path, side: heard.append((path, side)))
    data = drop_of(tmp_path / "mine.png")
    flags = Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier
    for share, side in ((0.25, 0), (0.75, 1)):
        at = QPointF(share * sheet.width(), 200)
        sheet.dragEnterEvent(enter := QDragEnterEvent(at.toPoint(), *flags))
        assert enter.isAccepted() and sheet.stage._drop_side == side
        sheet.dropEvent(QDropEvent(at, *flags))
        assert heard[-1] == (str(tmp_path / "mine.png"), side) and sheet.stage._drop_side == -1


@pytest.mark.parametrize("data", [drop_of("model.safetensors"), QMimeData()])
def test_what_is_no_picture_is_for_the_window(sheet: WipeSheet, data: QMimeData) -> None:
    flags = Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier
    sheet.dragEnterEvent(enter := QDragEnterEvent(QPointF(9, 9).toPoint(), *flags))
    assert not enter.isAccepted() and sheet.stage._drop_side == -1


def test_the_last_choice_of_a_picker_asks_for_a_file(sheet: WipeSheet, qtbot: Any) -> None:
    picker = sheet.names.pickers[1]
    with qtbot.waitSignal(sheet.file_wanted) as heard:
        picker.setCurrentIndex(picker.count() - 1)
        picker.activated.emit(picker.count() - 1)
    assert heard.args == [1] and picker.value() == "b" != FILE


def test_words_below_have_the_room_that_they_need(sheet: WipeSheet) -> None:
    long = "A model with a very long name " * 6
    sheet.offer([Side("a", long, np.zeros((1, 8, 8, 1), np.uint8)), Side("b", f"Another {long}", WHITE)])
    metrics = sheet.said.fontMetrics()
    needed = metrics.boundingRect(
        0, 0, sheet.said.width(), 10_000, Qt.TextFlag.TextWordWrap, sheet.said.text()
    ).height()
    assert needed > 2 * metrics.height() and sheet.said.height() >= needed
    sheet.offer(SIDES)
    assert sheet.said.height() < needed
