"""What the window remembers from one start to the next."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

from genstudio.ui.theme import theme

if TYPE_CHECKING:
    from genstudio.ui.main_window import MainWindow


def recall(window: MainWindow) -> None:
    """Geometry, tab, folded controls and every page's parameters as they were; what cannot be read is left."""
    settings = QSettings()
    geometry = settings.value("window/geometry")
    if not (isinstance(geometry, QByteArray) and window.restoreGeometry(geometry)):
        window.resize(1440, 900)
    for page in window.pages:
        try:
            values = json.loads(str(settings.value(f"pages/{page.name}", "{}")))
            if isinstance(values, dict):
                page.set_parameters(values)
        except (ValueError, TypeError, KeyError):
            settings.remove(f"pages/{page.name}")
        page.show_inspector(str(settings.value(f"inspector/{page.name}", "true")).lower() != "false")
    names = [page.name for page in window.pages]
    tab = str(settings.value("window/tab", names[0]))
    window.show_page(names.index(tab) if tab in names else 0)


def remember(window: MainWindow) -> None:
    """Write all of that down, with the theme and its scale."""
    settings = QSettings()
    settings.setValue("window/geometry", window.saveGeometry())
    settings.setValue("window/tab", window.current_page().name)
    for page in window.pages:
        settings.setValue(f"pages/{page.name}", json.dumps(page.parameters()))
        settings.setValue(f"inspector/{page.name}", page.fold.isChecked())
    theme().save(settings)
    settings.sync()
