"""The keys do what the sheet says, and every control can be reached by them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes import CATALOG, FakeSession
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QTabBar
from window_desk import opened

from genstudio import api
from genstudio.ui.main_window import MainWindow
from genstudio.ui.tab_order import stops
from genstudio.ui.theme import theme
from genstudio.ui.widgets.form import IntBox
from genstudio.ui.widgets.slider import Slider
from genstudio.ui.widgets.stage import Stage


@pytest.fixture
def window(qtbot) -> Iterator[MainWindow]:
    """A window on the screen whose first pictures have come."""
    with opened(qtbot, FakeSession()) as made:
        yield made


def test_bare_keys_play_step_and_draw_again(window: MainWindow) -> None:
    page = window.page("vae")
    page.notes.clear()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Period, Qt.Key.Key_Comma, Qt.Key.Key_R):
        QTest.keyClick(page.stage, key)
    assert page.notes == ["play", ("step", 1), ("step", -1), "random"]


def test_space_plays_even_from_a_number_box_but_presses_a_focused_button(window: MainWindow) -> None:
    page = window.page("vae")
    page.notes.clear()
    QTest.keyClick(page.seed, Qt.Key.Key_Space)
    QTest.keyClick(page.tempo.forward, Qt.Key.Key_Space)
    assert page.notes == ["play", ("step", 1)]


def test_return_takes_a_number_and_escape_gives_the_keyboard_back_to_the_stage(window: MainWindow) -> None:
    page = window.page("vae")
    for key, typed in ((Qt.Key.Key_Return, "37"), (Qt.Key.Key_Escape, "52")):
        page.seed.setFocus()
        page.seed.selectAll()
        QTest.keyClicks(page.seed, typed)
        QTest.keyClick(page.seed, key)
        assert page.seed.value() == 37 and page.seed.text() == "37"
        keeps = key == Qt.Key.Key_Return  # so that Tab goes on from the box
        assert QApplication.focusWidget() is (page.seed if keeps else page.stage)
    page.notes.clear()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Comma)
    assert page.notes == [("step", -1)]


def test_undo_and_redo_walk_through_the_parameters(window: MainWindow) -> None:
    page = window.page("vae")
    page.seed.setValue(3)
    page.seed.setValue(9)
    values = []
    for key in ("Ctrl+Z", "Ctrl+Z", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y", "Ctrl+Y"):
        window.shortcuts[key].activated.emit()
        values.append(page.seed.value())
    assert values == [3, 0, 0, 3, 9, 9]
    page.undo()
    page.seed.setValue(5)
    assert not page.can_redo() and page.undo() and page.seed.value() == 3


def test_a_new_catalog_is_no_step_of_the_undo_history(window: MainWindow) -> None:
    page = window.page("vae")
    page.seed.setValue(3)
    for moved_on in (5, 6):  # what plays by itself, unremembered
        page.seed.blockSignals(True)
        page.seed.setValue(moved_on)
        page.seed.blockSignals(False)
        window.route("app.catalog", api.CatalogEvent(CATALOG))
    assert page.undo() and page.seed.value() == 3
    assert page.undo() and page.seed.value() == 0 and not page.undo()


def test_the_sheet_opens_on_a_question_mark_and_closes_on_escape(window: MainWindow) -> None:
    QTest.keyClicks(window.page("vae").stage, "?")
    assert window.help_sheet.isVisible()
    QTest.keyClick(window.help_sheet, Qt.Key.Key_Escape)
    assert not window.help_sheet.isVisible()


def test_the_sheet_follows_the_window_and_leaves_the_keyboard_where_a_hand_has_put_it(window: MainWindow) -> None:
    window.toggle_help()
    assert window.focusWidget() is window.help_sheet
    stage = window.page("vae").stage
    stage.setFocus()
    before = window.help_sheet.geometry()
    window.resize(window.width() - 200, window.height())
    window.zoom(1)
    after = window.help_sheet.geometry()
    assert after != before and abs(after.center().x() - window.body.rect().center().x()) <= 1
    assert window.focusWidget() is stage


def test_full_screen_is_entered_and_left(window: MainWindow) -> None:
    window.shortcuts["F11"].activated.emit()
    assert window.isFullScreen()
    QTest.keyClick(window.page("vae").stage, Qt.Key.Key_Escape)
    assert not window.isFullScreen()


def test_the_controls_fold_away(window: MainWindow) -> None:
    page = window.page("vae")
    wide = page.stage.width()
    window.shortcuts["Ctrl+I"].activated.emit()
    assert not page.side.isVisible()
    window.centralWidget().layout().activate()
    page.layout().activate()
    assert page.stage_frame.width() > wide


def test_larger_and_smaller(window: MainWindow) -> None:
    window.shortcuts["Ctrl++"].activated.emit()
    assert theme().scale == 1.1
    window.shortcuts["Ctrl+0"].activated.emit()
    window.shortcuts["Ctrl+-"].activated.emit()
    assert theme().scale == 0.9


def test_every_control_has_a_name_and_an_explanation_and_can_be_reached(window: MainWindow) -> None:
    kinds = (QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QTabBar, Slider, Stage)
    inner = ("qt_spinbox_lineedit", "qt_tabwidget_tabbar")
    controls = [w for kind in kinds for w in window.current_page().findChildren(kind)]
    controls += [w for kind in kinds for w in window.top.findChildren(kind)] + [window.bar.close_button]
    for control in controls:
        if control.objectName() in inner or isinstance(control.parent(), QTabBar):
            continue
        where = f"{type(control).__name__} {control.accessibleName()!r} {control.toolTip()!r}"
        assert control.accessibleName() or not control.isVisible(), where
        assert control.toolTip() or isinstance(control, (Stage, QTabBar)) or not control.isVisible(), where
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, where


def test_the_tab_key_goes_as_one_reads(window: MainWindow) -> None:
    page = window.page("vae")
    window.bar.show_error("It is full.", "Details")
    order = stops(window)
    places = (page.stage, page.tempo.play, page.inspector.sections[0].heading, page.seed)
    indices = [order.index(widget) for widget in places]
    assert indices == sorted(indices)
    assert {window.top.tabs, window.top.help, page.fold, window.bar.close_button} <= set(order)


@pytest.mark.parametrize("goes", ["left", "both"])
def test_tab_goes_on_although_the_control_it_leaves_goes_away(window: MainWindow, goes: str) -> None:
    page = window.page("vae")
    section = page.inspector.add_section("More")
    boxes = [IntBox(0, 9, 0, label=name) for name in ("one", "two")]
    for box in boxes:
        section.add_row("Number", box, "A number")
    QApplication.processEvents()  # Qt shows what was added
    stops = [page.seed]
    page.seed.setFocus()
    for _ in range(2):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        stops.append(QApplication.focusWidget())
    gone = stops[: 1 if goes == "left" else 2]

    def leave() -> None:
        for control in gone:
            control.hide()

    page.seed.setFocus()
    page.seed.selectAll()
    QTest.keyClicks(page.seed, "7")
    page.seed.valueChanged.connect(leave)
    QTest.keyClick(page.seed, Qt.Key.Key_Tab)
    QApplication.processEvents()  # the window mends what Qt does for controls that go away
    assert page.seed.value() == 7 and not page.seed.isVisible()
    assert QApplication.focusWidget() is stops[len(gone)]


def test_a_control_that_goes_away_by_itself_leaves_the_keyboard_to_the_pictures(window: MainWindow) -> None:
    page, box = window.page("vae"), IntBox(0, 9, 0, label="one")
    page.inspector.add_section("More").add_row("Number", box, "A number")
    QApplication.processEvents()  # Qt shows what was added
    page.seed.setFocus()
    page.seed.hide()
    QApplication.processEvents()
    assert QApplication.focusWidget() is page.stage, "and not to the one behind it, where a key would do something"
