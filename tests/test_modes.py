"""Pages that share a tab: the bar, the keys and the tab lead to the right one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import MainWindow
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.widgets.mode_bar import ModeBar
from tests.fakes import FakeSession, makers

PAGES = (("vae", "Latent space", "Explore"), ("picture", "Latent space", "Picture"), ("gan", "Game", ""))


class Page(TabPage):
    def __init__(self, name: str, title: str, mode: str, bridge: Bridge) -> None:
        super().__init__(name, title, bridge)
        self.mode, self.mode_help = mode, f"What {mode} is"


@pytest.fixture
def window(qtbot) -> Iterator[MainWindow]:
    bridge = Bridge(makers(FakeSession()))
    made = MainWindow(bridge, [Page(*page, bridge) for page in PAGES])
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
    names = [button.text() for button in bars(window)[0].findChildren(QPushButton)]
    assert names == ["Explore", "Picture"]
    bars(window)[0].findChildren(QPushButton)[1].click()
    assert shown(window) == ("picture", 0)
    assert [button.isChecked() for button in bars(window)[0].findChildren(QPushButton)] == [False, True]
    window.top.tabs.setCurrentIndex(1)
    assert shown(window) == ("gan", 1)
    window.top.tabs.setCurrentIndex(0)
    assert shown(window) == ("picture", 0)


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
