"""What the window does with a folder of diffusers: its model comes among the user's, and is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.errors import sentence
from genstudio.ui.bridge import Bridge
from genstudio.ui.numbers import file_size
from genstudio.ui.widgets.message_bar import MessageBar

LANE, SLOT = "io", "app.import"
UNCHANGED = "Stopped; everything is as it was."


class ImportDesk(QObject):
    """Owns the slot app.import; lives on the window thread."""

    brought = Signal(str)  # the path of a model file, which is among the user's models now
    catalog_stale = Signal()  # one has come that nobody waited for

    def __init__(self, bridge: Bridge, bar: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._bar, self._file = bridge, bar, ""
        self._known: frozenset[str] = frozenset()  # the paths of all models
        self._name = ""  # the folder's
        self._is_stopping = False

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Which models there are."""
        self._known = frozenset(model.path for model in catalog.models)

    def take(self, folder: Path) -> bool:
        """Make a model file of a folder; it is opened when it is there."""
        self._name, self._is_stopping = folder.resolve().name, False
        self._show(f"Reading {folder.name}", 0, 0)
        self._bridge.start(LANE, SLOT, api.ImportRequest(str(folder)))
        return True

    @Slot()
    def cancel(self) -> None:
        """Stop. What has come is known when the lane answers again: it may just have been written."""
        self._bridge.cancel(LANE, SLOT)
        self._is_stopping = True
        self._bar.show_progress(f"Stopping to read {self._name}", 0, 0, owner=self)
        self._bridge.submit(LANE, SLOT, api.CatalogRequest())

    def handle(self, event: Any) -> None:
        """Events of app.import."""
        if self._is_stopping:
            self._tell_stopped(event.catalog.models if isinstance(event, api.CatalogEvent) else ())
        elif isinstance(event, api.ProgressEvent):
            self._show(event.what, event.done, event.total)
        elif isinstance(event, api.ImportedEvent):
            self._file, name = event.path, Path(event.path).stem
            has_come = f"{name} is among your models now, {file_size(event.bytes)}."
            text = has_come if event.is_new else f"{name} is among your models already."
            self._bar.show_info(text, action_text="Show folder", on_action=self._show_folder)
            self.brought.emit(event.path)
        elif isinstance(event, Failure):
            self._bar.show_error(sentence(event.error), event.trace)
        elif isinstance(event, Ended):
            self._bar.end_progress(self)

    def _show(self, what: str, done: int, total: int) -> None:
        self._bar.show_progress(what, done, total, self.cancel, self)

    def _tell_stopped(self, models: tuple[api.ModelInfo, ...]) -> None:
        self._is_stopping = False
        come = [info for info in models if info.path not in self._known and info.name.startswith(self._name)]
        if come:
            text = f"The model {come[0].name} had come before it could be stopped; it is among your models."
            self._bar.show_info(text)
            self.catalog_stale.emit()
        else:
            self._bar.show_info(UNCHANGED)

    @Slot()
    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self._file).parent)))
