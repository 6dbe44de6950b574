"""What the window remembers from one start to the next."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRect, QSettings

from genstudio.ui.theme import theme

if TYPE_CHECKING:
    from genstudio.ui.main_window import MainWindow
    from genstudio.ui.tabs.page import TabPage

TITLE_BAR, BORDER = 40, 8  # px of a frame that is not known before the window is shown


def recall(window: MainWindow) -> None:
    """Geometry and tab as they were; what cannot be read is left."""
    settings = QSettings()
    geometry = settings.value("window/geometry")
    if not (isinstance(geometry, QByteArray) and window.restoreGeometry(geometry)):
        window.resize(1440, 900)
    keep_on_screen(window)
    names = [place.name for place in window.places]
    tab = str(settings.value("window/tab", names[0]))
    window.show_page(names.index(tab) if tab in names else 0)


def recall_page(page: TabPage) -> None:
    """A page's parameters and its folded controls as they were; what cannot be read is left."""
    settings = QSettings()
    try:
        values = json.loads(str(settings.value(f"pages/{page.name}", "{}")))
        if isinstance(values, dict):
            page.set_parameters(values)
    except (ValueError, TypeError, KeyError):
        settings.remove(f"pages/{page.name}")
    page.show_inspector(str(settings.value(f"inspector/{page.name}", "true")).lower() != "false")


def fitted(wanted: QRect, screen: QRect, sides: int, height: int) -> QRect:
    """A window's contents where and as large as wanted, as far as they fit on a screen with their frame.

    Args:
        wanted: Place and size of the contents.
        screen: What of the screen is free.
        sides: Pixels of the frame at the left and right together.
        height: Pixels of the frame above and below together.
    """
    width, tall = min(wanted.width(), screen.width() - sides), min(wanted.height(), screen.height() - height)
    left = min(max(wanted.left(), screen.left() + sides // 2), screen.right() + 1 - sides // 2 - width)
    top = min(max(wanted.top(), screen.top() + height), screen.bottom() + 1 - tall)
    return QRect(left, top, width, tall)


def keep_on_screen(window: MainWindow) -> None:
    """No part of the window, and so not its message line, is beyond the edge of the screen."""
    if window.isMaximized() or window.isFullScreen():
        return
    frame, inside = window.frameGeometry(), window.geometry()
    sides, height = frame.width() - inside.width(), frame.height() - inside.height()
    screen = window.screen().availableGeometry()
    placed = fitted(inside, screen, sides or BORDER, height or TITLE_BAR)
    if placed.size() != inside.size() or not screen.contains(inside):
        window.setGeometry(placed)


def remember(window: MainWindow) -> None:
    """Write all of that down, with the theme and its scale; of a page that nobody visited, the last words stay."""
    settings = QSettings()
    settings.setValue("window/geometry", window.saveGeometry())
    settings.setValue("window/tab", window.current_page().name)
    for page in window.made_pages():
        settings.setValue(f"pages/{page.name}", json.dumps(page.parameters()))
        settings.setValue(f"inspector/{page.name}", page.wants_controls())
    theme().save(settings)
    settings.sync()
