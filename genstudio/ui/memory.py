"""What the window remembers from one start to the next."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRect, QSettings

from genstudio.ui.theme import theme

if TYPE_CHECKING:
    from genstudio.ui.main_window import MainWindow
    from genstudio.ui.tabs.page import TabPage

OPENED = "window/opened"  # model files elsewhere that pages show
MODEL = ("model", "network")  # what the parameters of a page call the one that it shows
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


def recalled_files() -> tuple[str, ...]:
    """The model files in no catalog that pages showed at the end, by their paths."""
    try:
        paths = json.loads(str(QSettings().value(OPENED, "[]")))
    except ValueError:
        return ()
    return tuple(path for path in paths if isinstance(path, str)) if isinstance(paths, list) else ()


def reopen(page: TabPage, wanted: dict[str, str]) -> None:
    """Open a file that a page showed at the end, if it does not know it by itself.

    Args:
        wanted: By the names of pages, the files that they are still to show.
    """
    path = wanted.pop(page.name, "")
    if path and not any(page.parameters().get(name) == path for name in MODEL):
        page.offer_model(path)


def wanted_files(opened: Collection[str]) -> dict[str, str]:
    """By the names of pages, which of these files each of them showed at the end."""
    settings, found = QSettings(), dict[str, str]()
    settings.beginGroup("pages")
    for name in settings.childKeys():
        with suppress(ValueError, AttributeError):
            values = json.loads(str(settings.value(name)))
            shown = next((values[key] for key in MODEL if values.get(key) in opened), "")
            found |= {name: shown} if shown else {}
    return found


def lost_files(lost: Sequence[tuple[str, str]]) -> str:
    """What is said at the start of files that cannot be opened any more; of one also why."""
    if len(lost) == 1:
        path, why = lost[0]
        return f"{Path(path).stem}, which was open here at the end, cannot be opened any more. {why}"
    names = ", ".join(Path(path).stem for path, _ in lost)
    return f"{len(lost)} models that were open here at the end cannot be opened any more: {names}."


def _remember_files(settings: QSettings, opened: Sequence[str]) -> None:
    """Of the files that were opened those that a page shows, also one that nobody visited."""
    settings.beginGroup("pages")
    shown = "".join(str(settings.value(name)) for name in settings.childKeys())
    settings.endGroup()
    settings.setValue(OPENED, json.dumps([path for path in opened if json.dumps(path) in shown]))


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
    _remember_files(settings, window.desk.files)
    theme().save(settings)
    settings.sync()
