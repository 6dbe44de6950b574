"""Pages that share a tab: the bar, the keys and the tab lead to the right one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest
from fakes import FakeSession, makers
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QStyleOptionTab, QTabBar
from window_desk import placed

from genstudio.cli import window as command
from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import MainWindow
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.theme import LIGHT, theme
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.mode_bar import ModeBar

PAGES = (("vae", "Latent space", "Explore"), ("picture", "Latent space", "Picture"), ("gan", "Game", ""))


@pytest.fixture
def window(qtbot) -> Iterator[MainWindow]:
    bridge = Bridge(makers(FakeSession()))
    made = MainWindow(
        bridge, placed(*(TabPage(name, title, bridge) for name, title, _ in PAGES), modes=[mode for *_, mode in PAGES])
    )
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    yield made
    made.close()


def shown(window: MainWindow) -> tuple[str, int]:
    return window.current_page().name, window.top.tabs.currentIndex()


def bars(window: MainWindow) -> list[ModeBar]:
    return window.current_page().findChildren(ModeBar)


def test_a_tab_has_one_entry_and_a_page_alone_no_bar(window: MainWindow) -> None:
    assert [window.top.tabs.tabText(k) for k in range(window.top.tabs.count())] == ["Latent space", "Game"]
    assert len(bars(window)) == 1
    window.show_tab(1)
    assert shown(window) == ("gan", 1) and not bars(window)


def test_the_bar_leads_to_the_other_mode_and_the_tab_back_to_it(window: MainWindow) -> None:
    names = [button.text() for button in visible(bars(window)[0])]
    assert names == ["Explore", "Picture"]
    bars(window)[0].findChildren(QPushButton)[1].click()
    assert shown(window) == ("picture", 0)
    assert [button.isChecked() for button in visible(bars(window)[0])] == [False, True]
    window.top.tabs.setCurrentIndex(1)
    assert shown(window) == ("gan", 1)
    window.top.tabs.setCurrentIndex(0)
    assert shown(window) == ("picture", 0)


def test_a_run_that_goes_on_elsewhere_is_told_in_the_top_bar_and_a_click_leads_there(window: MainWindow, qtbot) -> None:
    sign, picture = window.top.training, window.page("picture")
    assert not sign.isVisible()
    picture.training, picture.pace = (lambda: "training"), (lambda: "20 it/s")
    window.route("picture.train", None)
    assert sign.isVisible() and sign.text() == "training · 20 it/s"
    assert "Latent space · Picture" in sign.toolTip()
    qtbot.mouseClick(sign, Qt.MouseButton.LeftButton)
    assert window.current_page() is picture and not sign.isVisible(), "there one sees it"
    window.show_page(0)
    assert sign.isVisible()
    window.resize(window.minimumWidth(), 480)
    assert not sign.isVisible() or sign.geometry().left() > window.top.tabs.geometry().left()
    picture.training = lambda: ""
    window.route("picture.train", None)
    assert not sign.isVisible()


def test_of_several_runs_at_once_it_is_told_how_many_and_whose_speed_is_shown(window: MainWindow) -> None:
    sign, picture, gan = window.top.training, window.page("picture"), window.page("gan")
    picture.training, picture.pace = (lambda: "training"), (lambda: "20 it/s")
    gan.training, gan.pace = (lambda: "racing"), (lambda: "3.1 it/s")
    window.show_page(0)
    window.route("picture.train", None)
    assert sign.text() == "2 runs · 20 it/s in Latent space"
    assert sign.toolTip().startswith("2 runs go on at once and share this machine; this is the speed of the one in")
    window.go_to("picture")
    assert sign.text() == "2 runs · 3.1 it/s in Game", "of the one that is not seen"
    picture.training = lambda: ""  # it stands, and was as fast as that
    window.route("picture.train", None)
    assert sign.text() == "racing · 3.1 it/s" and sign.toolTip().startswith("A run goes on in Game")


def test_keys_lead_there_too(window: MainWindow) -> None:
    window.shortcuts["Alt+2"].activated.emit()
    assert shown(window) == ("picture", 0)
    window.shortcuts["Alt+5"].activated.emit()  # there is no fifth mode
    assert shown(window) == ("picture", 0)
    window.shortcuts["Ctrl+2"].activated.emit()
    assert shown(window) == ("gan", 1)
    window.shortcuts["Ctrl+1"].activated.emit()
    assert shown(window) == ("picture", 0)
    bars(window)[0].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Right)
    assert shown(window) == ("vae", 0)


def test_the_command_draws_every_page(qtbot) -> None:
    made = MainWindow(Bridge(makers(FakeSession())))
    qtbot.addWidget(made)
    assert get_args(command.Page) == tuple(place.name for place in made.places)
    made.close()


# ---- little room ----------------------------------------------------------------------------------

NINE = ("Explore", "Picture", "Interpolate", "Traverse", "Arithmetic", "Compare", "Factors", "Capacity", "Train")


@pytest.fixture
def nine(qtbot) -> Iterator[MainWindow]:
    """Nine modes of one tab, each with a picker of a model; and two more tabs."""
    bridge = Bridge(makers(FakeSession()))
    pages = [TabPage(name.lower(), "Latent space", bridge) for name in NINE]
    for page in pages:
        page.add_picker("Model", Choice(("mnist-vae-16", "shapes-beta-vae"), "Model"), 200)
    others = [TabPage("gan", "Adversarial game", bridge), TabPage("diffusion", "Denoising", bridge)]
    made = MainWindow(bridge, placed(*pages, *others, modes=NINE))
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    yield made
    made.close()


def visible(bar: ModeBar) -> list[QPushButton]:
    return [button for button in bar.findChildren(QPushButton) if button.isVisible()]


@pytest.mark.parametrize(("width", "scale"), [(1024, 1.0), (1024, 1.5), (1440, 2.0), (1024, 2.5)])
def test_no_word_of_a_bar_is_cut_and_every_mode_is_in_the_bar_or_its_menu(nine, qtbot, width, scale) -> None:
    for number in (0, 8):
        nine.show_page(number)
        theme().set_scale(scale)
        nine.resize(width, 768)
        bar = bars(nine)[0]
        qtbot.waitUntil(lambda bar=bar: bar.width() == bar.sizeHint().width())
        assert [b.text() for b in visible(bar) if b.width() < b.sizeHint().width()] == []
        words = [b.text() for b in visible(bar) if b is not bar.more]
        assert [*words, *bar.folded()] == list(NINE), "in their order"
        picker = nine.current_page().findChild(Choice)
        assert picker.fontMetrics().horizontalAdvance(picker.currentText()) <= picker.width() - bar.height()
        assert nine.width() == width
    tabs = nine.top.findChild(QTabBar)
    for tab in range(tabs.count()):
        option = QStyleOptionTab()
        tabs.initStyleOption(option, tab)
        assert option.text == tabs.tabText(tab)


def test_the_bar_gives_way_to_a_long_speed_and_does_not_come_and_go_with_it(nine, qtbot) -> None:
    nine.resize(1240, 768)
    page, bar = nine.current_page(), bars(nine)[0]
    qtbot.waitUntil(lambda: bar.width() == bar.sizeHint().width())
    before, picker = len(bar.folded()), page.findChild(Choice)
    page.show_speed("72 ms per step · 1,000 network calls · a machine that is busy")
    qtbot.waitUntil(lambda: len(bar.folded()) > before)
    qtbot.waitUntil(lambda: bar.width() == bar.sizeHint().width())
    assert picker.fontMetrics().horizontalAdvance(picker.currentText()) <= picker.width() - bar.height()
    folded = bar.folded()
    page.show_speed()
    qtbot.wait(50)
    assert bar.folded() == folded, "the next number needs the room again"


def test_a_mode_of_the_menu_is_named_by_the_button_that_hides_it(nine, qtbot) -> None:
    theme().set_scale(2.5)
    nine.resize(1024, 768)
    bar = bars(nine)[0]
    qtbot.waitUntil(lambda: len(bar.folded()) > 1)
    assert bar.more.text().startswith("More") and not bar.more.isChecked()
    next(action for action in bar.actions_ if action.text() == "Train").trigger()
    assert shown(nine) == ("train", 0)
    bar = bars(nine)[0]
    qtbot.waitUntil(lambda: bar.more.text().startswith("Train"))
    assert bar.more.isChecked() and bar.more.isVisible()
    assert [action.text() for action in bar.actions_ if action.isChecked()] == ["Train"]
    bar.setFocus(Qt.FocusReason.TabFocusReason)
    assert nine.focusWidget() is bar.more
    QTest.keyClick(bar.more, Qt.Key.Key_Left)
    assert shown(nine) == ("capacity", 0)
    nine.shortcuts["Alt+9"].activated.emit()
    assert shown(nine) == ("train", 0)
    assert bars(nine)[0].actions_[8].shortcut().toString() == "Alt+9"


def test_a_page_that_was_hidden_looks_like_one_that_was_seen_when_the_theme_changed(window: MainWindow, qapp) -> None:
    assert qapp.styleSheet() == "", "with thousands of widgets Qt changes that of a window far faster"

    def look() -> QImage:
        window.current_page().setFocus()
        qapp.processEvents()
        return window.grab().toImage()

    window.go_to("vae")
    dark = look()
    theme().set_mode("light")
    light = look()
    assert window.top.grab().toImage().pixelColor(1, 1) == QColor(LIGHT.window)
    window.go_to("gan")
    theme().set_mode("dark")
    window.go_to("vae")
    assert look() == dark
    window.go_to("gan")
    theme().set_mode("light")
    window.go_to("vae")
    assert look() == light != dark


def test_menus_and_what_else_is_of_a_window_have_its_look(window: MainWindow) -> None:
    theme().set_mode("light")
    menu = window.top.findChild(QMenu)
    menu.adjustSize()
    seen = menu.grab().toImage()
    assert seen.pixelColor(seen.width() // 2, 2) == QColor(LIGHT.panel)
