"""A window that watches runs which go on elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Slot

from genstudio.api import KindEvent
from genstudio.ui.bridge import Bridge
from genstudio.ui.own.own_shell import OwnShell
from genstudio.ui.page_place import PagePlace
from genstudio.ui.watch_run.desk import WatchDesk

CHECKPOINT = "checkpoint"  # for what it is asked what a path is


class WatchShell(OwnShell):
    """A shell with the sheet of a run's folder; its checkpoints are opened in the tab of their family."""

    def __init__(self, bridge: Bridge, places: Sequence[PagePlace]) -> None:
        super().__init__(bridge, places)
        self.checkpoint = ""  # of a run that is watched, opened last: it is shown in the tab of its family
        self.watched = WatchDesk(bridge, self.body)
        self.watched.made.connect(self.add_sheet)
        self.watched.wanted.connect(self._open_checkpoint)
        self.desk.run_wanted.connect(self.watched.watch)
        self.desk.kinds.told.connect(self._told)
        self.top.watch_clicked.connect(self.toggle_watch)

    @Slot()
    def toggle_watch(self) -> None:
        """Ctrl+R."""
        self.watched.toggle()

    @Slot(str)
    def _open_checkpoint(self, path: str) -> None:
        """Once it is known to be there."""
        self.desk.kinds.ask(CHECKPOINT, path)

    @Slot(str, object)
    def _told(self, use: str, event: KindEvent) -> None:
        if use != CHECKPOINT:
            return
        file = Path(event.request.path)
        if event.kind != "file":
            self.bar.show_error(f"The checkpoint {file.name} is no longer there; its folder was deleted or moved.")
            return
        self.checkpoint = str(file)
        self.watched.close()
        self.desk.open(file)
