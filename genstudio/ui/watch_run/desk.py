"""Watching at work: which folder is looked at, on a lane of its own, and what is opened from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSettings, QTimer, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from genstudio import api
from genstudio.engine import Failure
from genstudio.errors import sentence, whole
from genstudio.ui.bridge import Bridge
from genstudio.ui.watch_run.words import AGAIN_S

if TYPE_CHECKING:
    from genstudio.ui.watch_run.sheet import WatchSheet

LANE, SLOT, REMEMBERED = "watch", "app.watch_run", "watch/folder"
EVERY_S = 1.0  # a look


class WatchDesk(QObject):
    """Owns the slot app.watch_run; a folder is looked at as long as its sheet is open. It is made when first wanted."""

    made = Signal(object)  # the sheet
    wanted = Signal(str)  # a checkpoint that is to be opened

    def __init__(self, bridge: Bridge, over: QWidget) -> None:
        super().__init__(over)
        self._bridge, self._over = bridge, over
        self._sheet: WatchSheet | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._look)

    @property
    def sheet(self) -> WatchSheet:
        """What is seen of a run."""
        if self._sheet is None:
            from genstudio.ui.watch_run.sheet import WatchSheet

            sheet = self._sheet = WatchSheet(self._over)
            sheet.folder_wanted.connect(self._choose)
            sheet.checkpoint_wanted.connect(self.wanted)
            sheet.closed.connect(self._closed)
            self.made.emit(sheet)
        return self._sheet

    @Slot()
    def toggle(self) -> None:
        """Close the sheet, or open it for the folder that was watched last."""
        if self._sheet is not None and self._sheet.isVisible():
            self._sheet.dismiss()
        elif folder := str(QSettings().value(REMEMBERED, "")):
            self.watch(folder)
        else:
            self.sheet.show_nothing()
            self.sheet.show_over(self._over)

    @Slot(str)
    def watch(self, folder: str) -> None:
        """Look at a folder from now on, and remember it."""
        QSettings().setValue(REMEMBERED, folder)
        self.sheet.begin(folder)
        self.sheet.show_over(self._over)
        self._look()

    @Slot()
    def _look(self) -> None:
        """Look at the folder of the sheet from now on."""
        self._again.stop()
        self._bridge.start(LANE, SLOT, api.FollowRunRequest(self.sheet.folder, EVERY_S))

    def handle(self, event: Any) -> None:
        """Events of app.watch_run."""
        if self._sheet is None:
            return
        if isinstance(event, api.RunFolderEvent):
            self._sheet.show_event(event)
        elif isinstance(event, Failure):
            self._sheet.show_failure(whole(sentence(event.error)))
            self._again.start(round(1000 * AGAIN_S))

    @Slot()
    def _choose(self) -> None:
        before = str(QSettings().value(REMEMBERED, ""))
        start = str(Path(before).parent) if before else ""
        folder = QFileDialog.getExistingDirectory(self._over.window(), "The folder of a run", start)
        if folder:
            self.watch(folder)

    @Slot()
    def close(self) -> None:
        """Look no more."""
        self.sheet.dismiss()

    @Slot()
    def _closed(self) -> None:
        self._again.stop()
        self._bridge.cancel(LANE, SLOT)
