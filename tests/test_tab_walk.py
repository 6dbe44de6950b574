"""The Tab key reaches every control of every page of the real window, in the order of the screen, and comes round."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from genstudio import app
from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import MainWindow
from genstudio.ui.tab_order import stops

ROUNDS = 8  # until none of the controls that came or went meanwhile


@pytest.fixture
def window(qtbot, tmp_path) -> Iterator[MainWindow]:
    """The window with its real lanes and the models that come with it."""
    made = MainWindow(Bridge(app.make_engines(tmp_path / "data")))
    made.keep_no_runs()
    made.resize(1440, 900)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    made.spare_time.stop()
    made.begin()
    qtbot.waitUntil(lambda: made.catalog is not None)
    yield made
    made.close()


def wanted(window: MainWindow) -> set[QWidget]:
    """All that takes the keyboard by Tab, found without any order."""
    return {
        widget
        for widget in window.findChildren(QWidget)
        if widget.window() is window
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
    }


def test_no_page_shows_a_window_of_its_own_while_it_is_made(window: MainWindow) -> None:
    left: list[object] = []
    QGuiApplication.instance().focusWindowChanged.connect(left.append)
    assert window.pages
    QApplication.processEvents()
    QGuiApplication.instance().focusWindowChanged.disconnect(left.append)
    assert not left and window.isActiveWindow(), "else the keyboard is gone until the user clicks"


def test_the_order_knows_every_control_of_every_page(window: MainWindow) -> None:
    for place in window.places:
        window.go_to(place.name)
        QApplication.processEvents()
        assert set(stops(window)) == wanted(window), place.name


def test_tab_reaches_every_control_of_every_page_and_comes_round_while_things_play(window: MainWindow, qtbot) -> None:
    for place in window.places:
        window.go_to(place.name)
        qtbot.waitUntil(lambda: wanted(window) >= {window.top.tabs, window.current_page().fold})
        visited = next((found for _ in range(ROUNDS) if (found := walk(window))), [])
        assert visited, f"{place.name}: its controls never stand still"
        assert in_order(window, visited), place.name
        nameless = [one for one in visited if not (one.accessibleName() or isinstance(one, QAbstractButton))]
        assert not nameless, place.name


def walk(window: MainWindow) -> list[QWidget]:
    """The stops of one round; empty if controls came or went meanwhile."""
    window.top.tabs.setFocus()
    before, visited = wanted(window), [window.top.tabs]
    most = 2 * len(before) + 40  # a caption has a stop for each of its links
    for _ in range(most):
        press()
        at = QApplication.focusWidget()
        assert at is not None
        if at is window.top.tabs:
            break
        visited.append(at)
    else:
        raise AssertionError(f"Tab does not come round on {window.current_page().name}: {visited[-3:]}")
    missed = (before & wanted(window)) - set(visited)
    return visited if not missed and before == wanted(window) else []


def press() -> None:
    at = QApplication.focusWidget()
    assert at is not None
    QTest.keyClick(at, Qt.Key.Key_Tab)
    QApplication.processEvents()


def in_order(window: MainWindow, visited: list[QWidget]) -> bool:
    """From place to place as one reads, and in rows of controls from left to right."""
    page = window.current_page()
    parts = (window.top, page.header_row, page.stage_frame, page.plot_frame, page.caption, page.tempo, page.side)
    numbers = [
        next((k for k, part in enumerate(parts) if part is widget or part.isAncestorOf(widget)), len(parts))
        for widget in visited
    ]
    rows = [
        (box(window, one), box(window, other))
        for one, other, k, n in zip(visited, visited[1:], numbers, numbers[1:], strict=False)
        if k == n and parts[min(k, len(parts) - 1)] in (window.top, page.header_row, page.tempo, page.side)
    ]
    reads = all(b.left() > a.left() if beside(a, b) else b.top() > a.top() for a, b in rows if a != b)
    return numbers == sorted(numbers) and reads


def box(window: MainWindow, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def beside(one: QRect, other: QRect) -> bool:
    return one.top() < other.center().y() < one.bottom()


def test_tab_leaves_the_caption_of_explore_while_it_plays(window: MainWindow, qtbot) -> None:
    page = window.page("vae")
    window.go_to("vae")
    qtbot.waitUntil(lambda: page.tempo.is_playing() and page.caption.markup().count("<a ") >= 3)
    window.top.tabs.setFocus()
    links = []
    for _ in range(60):
        press()
        if QApplication.focusWidget() is not page.caption:
            if links:
                break
            continue
        links.append(page.caption.focused_link())
        words = page.caption.markup()
        qtbot.waitUntil(lambda words=words: page.caption.markup() != words)
    assert page.tempo.is_playing() and len(links) == len(set(links)) >= 3
    assert page.tempo.isAncestorOf(QApplication.focusWidget())
