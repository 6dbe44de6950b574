"""How a page's places share the room: large text, small windows, full screen."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import makers
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from window_desk import SmallPage, placed

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import MainWindow
from genstudio.ui.tabs.places import ROOMY
from genstudio.ui.theme import fix, px, theme
from genstudio.ui.widgets.message_bar import MessageBar


class PlotPage(SmallPage):
    """A page with one picture, and plots under it."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__("vae", "Latent space", bridge)
        self.stage.set_pictures(np.zeros((1, 28, 28, 1), np.uint8))
        self.plot = fix(QWidget(), height=100)
        self.plot_area.addWidget(self.plot)
        self.show_plots(True)

    def activate(self) -> None:
        pass


@pytest.fixture
def window(qtbot):
    """A window with one such page, 1440 x 900."""
    bridge = Bridge(makers())
    made = MainWindow(bridge, placed(PlotPage(bridge)))
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    settle()
    yield made
    made.close()


def settle() -> None:
    """Let the layouts come to rest."""
    for _ in range(5):
        QApplication.processEvents()


def area(place: QWidget) -> int:
    """Its pixels."""
    return place.width() * place.height()


@pytest.mark.parametrize(("scale", "share"), [(1.1, 0.9), (1.5, 1.0), (1.75, 0.9), (2.0, 0.8)])
def test_larger_text_leaves_the_picture_its_size(window: MainWindow, scale: float, share: float) -> None:
    stage = window.current_page().stage
    before = stage.zoom()
    theme().set_scale(scale)
    settle()
    assert stage.zoom() >= share * before


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (640, 480)])
@pytest.mark.parametrize("scale", [0.8, 1.0, 1.5, 2.0, 2.5])
def test_nothing_is_pushed_out_of_the_window_and_the_stage_is_the_largest(window: MainWindow, size, scale) -> None:
    page = window.current_page()
    theme().set_scale(scale)
    window.resize(*size)
    settle()
    assert (window.width(), window.height()) == size
    others = [place for place in (page.plot_frame, page.caption, page.tempo, page.side) if place.isVisible()]
    for place in (page.stage_frame, *others):
        corner = place.mapTo(window, place.rect().bottomRight())
        assert corner.x() < window.width() and corner.y() < window.height()
    if size[0] > 1000 or scale <= 1.5:
        assert max(map(area, others)) < area(page.stage_frame)


def test_a_narrow_page_folds_its_controls_and_opens_them_again(window: MainWindow) -> None:
    page = window.current_page()
    window.resize(ROOMY - 40, 700)
    settle()
    assert page.side.isHidden() and not page.fold.isChecked() and page.wants_controls()
    QTest.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert not page.side.isHidden()
    window.resize(1440, 900)
    settle()
    assert not page.side.isHidden() and page.speed.isVisible()


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)])
def test_controls_brought_back_into_a_narrow_page_are_not_cut_off(window: MainWindow, size) -> None:
    page = window.current_page()
    theme().set_scale(2.5)
    window.resize(*size)
    settle()
    page.show_inspector(True)
    settle()
    assert page.side.mapTo(window, page.side.rect().topRight()).x() < window.width()
    assert page.stage_frame.width() > 100


def test_what_lies_over_the_page_follows_the_scale(window: MainWindow) -> None:
    page = window.current_page()
    page.export_target = api.SampleRequest("mnist-ddpm", 7, 16)
    window.export_picture()
    window.zoom(1)
    settle()
    panel = window.export_dialog
    assert (
        panel.height() >= panel.sizeHint().height()
        and panel.geometry().bottom() < page.tempo.mapTo(window, QPoint()).y()
    )


def test_controls_that_were_folded_by_hand_stay_folded(window: MainWindow) -> None:
    page = window.current_page()
    page.show_inspector(False)
    for width in (ROOMY - 40, 1440):
        window.resize(width, 700)
        settle()
        assert page.side.isHidden()


def test_folding_by_zooming_says_how_to_undo_it(window: MainWindow) -> None:
    while not window.current_page().side.isHidden():
        QTest.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
        settle()
    assert theme().scale > 1.5 and "Ctrl+I" in window.bar.text()


def test_a_low_page_keeps_its_height_for_the_pictures(window: MainWindow) -> None:
    page = window.current_page()
    assert not page.plot_frame.isHidden()
    window.resize(1440, px(page.lowest) - 20)
    settle()
    assert page.plot_frame.isHidden()


def test_the_full_screen_has_pictures_caption_and_tempo_and_gives_all_back(window: MainWindow) -> None:
    page = window.current_page()
    gone = [window.top, window.bar, page.header_row, page.plot_frame, page.side]
    QTest.keyClick(window, Qt.Key.Key_F11)
    settle()
    assert window.isFullScreen() and all(place.isHidden() for place in gone)
    assert page.caption.isVisible() and page.tempo.isVisible() and "Esc" in window.leave_hint.text()
    assert window.leave_hint.isVisible() and window.leave_hint.x() > 0
    QTest.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert not page.side.isHidden()
    window.bar.show_error("The disk is full.")
    assert not window.bar.isHidden()
    window.bar.clear()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    settle()
    assert not window.isFullScreen() and not any(place.isHidden() for place in gone)
    assert window.leave_hint.isHidden()


def test_what_the_full_screen_folds_is_not_remembered_as_folded(qtbot, window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F11)
    settle()
    window.close()
    assert str(QSettings().value("inspector/vae")).lower() == "true"


def test_a_quiet_bar_is_there_only_while_it_has_something_to_say(qtbot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.set_hint("Space plays")
    bar.set_quiet(True)
    assert bar.isHidden()
    bar.show_info("Saved.")
    assert not bar.isHidden()
    bar.clear()
    assert bar.isHidden()
    bar.set_quiet(False)
    assert not bar.isHidden() and bar.label.text() != ""
