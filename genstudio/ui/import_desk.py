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


class ImportDesk(QObject):
    """Owns the slot app.import; lives on the window thread."""

    brought = Signal(str)  # the path of a model file, which is among the user's models now

    def __init__(self, bridge: Bridge, bar: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._bar, self._file = bridge, bar, ""

    def take(self, folder: Path) -> bool:
        """Make a model file of a folder; it is opened when it is there."""
        self._bar.show_progress(f"Reading {folder.name}", 0, 0, self.cancel)
        self._bridge.start(LANE, SLOT, api.ImportRequest(str(folder)))
        return True

    @Slot()
    def cancel(self) -> None:
        """Stop reading."""
        self._bridge.cancel(LANE, SLOT)
        self._bar.show_info("Stopped; everything is as it was.")

    def handle(self, event: Any) -> None:
        """Events of app.import."""
        if isinstance(event, api.ProgressEvent):
            self._bar.show_progress(event.what, event.done, event.total, self.cancel)
        elif isinstance(event, api.ImportedEvent):
            self._file, name = event.path, Path(event.path).stem
            has_come = f"{name} is among your models now, {file_size(event.bytes)}."
            text = has_come if event.is_new else f"{name} is among your models already."
            self._bar.show_info(text, action_text="Show folder", on_action=self._show_folder)
            self.brought.emit(event.path)
        elif isinstance(event, Failure):
            self._bar.show_error(sentence(event.error), event.trace)
        elif isinstance(event, Ended) and self._bar.is_busy():
            self._bar.clear()

    @Slot()
    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self._file).parent)))
