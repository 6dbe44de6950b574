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

LANE, SLOT, STOPPED = "io", "app.import", "app.import-stopped"
UNCHANGED = "Stopped; everything is as it was."
STOPPED_ONLY = "The import was stopped."  # what has come is not known


class ImportDesk(QObject):
    """Owns the slots app.import and app.import-stopped; lives on the window thread."""

    brought = Signal(str)  # the path of a model file, which is among the user's models now
    catalog_stale = Signal()  # one has come that nobody waited for

    def __init__(self, bridge: Bridge, bar: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._bar, self._file = bridge, bar, ""
        self._known: frozenset[str] = frozenset()  # the paths of all models
        self._name = ""  # of the folder that is read; "" if none is
        self._stopping: tuple[str, ...] = ()  # those of folders of which a model may have come all the same

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Which models there are."""
        self._known = frozenset(model.path for model in catalog.models)

    def take(self, folder: Path, name: str) -> None:
        """Make a model file of a folder with this name; it is opened when it is there."""
        self._name = name
        self._show(f"Reading {folder.name}", 0, 0)
        self._bridge.start(LANE, SLOT, api.ImportRequest(str(folder)))

    @Slot()
    def cancel(self) -> None:
        """Stop. What has come is known when the lane answers again: it may just have been written."""
        self._bridge.cancel(LANE, SLOT)
        self._stopping, name, self._name = (*self._stopping, self._name), self._name, ""
        self._bar.show_progress(f"Stopping the import of {name}", 0, 0, owner=self)
        self._bridge.submit(LANE, STOPPED, api.CatalogRequest())

    def handle(self, event: Any) -> None:
        """Events of app.import."""
        if isinstance(event, api.ProgressEvent):
            self._show(event.what, event.done, event.total)
            return
        self._name = ""
        if isinstance(event, api.ImportedEvent):
            self._file, name = event.path, Path(event.path).stem
            has_come = f"The model {name} is among your models now, {file_size(event.bytes)}.{event.said(name)}"
            text = has_come if event.is_new else f"The model {name} is among your models already."
            self._bar.show_info(f"{text} {event.note}".rstrip(), action_text="Show folder", on_action=self._show_folder)
            self.brought.emit(event.path)
        elif isinstance(event, Failure):
            self._bar.show_error(sentence(event.error), event.trace)
        elif isinstance(event, Ended):
            self._bar.end_progress(self)

    def _show(self, what: str, done: int, total: int) -> None:
        self._bar.show_progress(what, done, total, self.cancel, self)

    def handle_stopped(self, event: Any) -> None:
        """Events of app.import-stopped: what there is after a stop. Another folder may be read by now."""
        names, self._stopping = self._stopping, ()
        if not isinstance(event, api.CatalogEvent):
            self._tell(STOPPED_ONLY)
            self.catalog_stale.emit()
            return
        come = [i.name for i in event.catalog.models if i.path not in self._known and i.name.startswith(names)]
        if come:
            text = f"The model {come[0]} had come before it could be stopped; it is among your models."
            self._bar.show_info(text)
            self.catalog_stale.emit()
        else:
            self._tell(UNCHANGED)

    def _tell(self, text: str) -> None:
        """Unless another folder is read, whose progress is to be seen."""
        if not self._name:
            self._bar.show_info(text)

    @Slot()
    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self._file).parent)))
