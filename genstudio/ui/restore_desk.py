"""What the window does with a file that says what it was made from: that is shown at once, and then compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.errors import NoReceipt, about, sentence
from genstudio.ui.bridge import Bridge
from genstudio.ui.dropped import PICTURES
from genstudio.ui.widgets.message_bar import MessageBar

LANE, SLOT = "io", "app.restore"
PAGE = "One picture"  # a page that does
NO_PICTURES = f"This page takes no picture of yours, so {{}} is of no use here; {PAGE} and Picture take it."
SAID_S = 2.0  # less is not worth a word


class RestoreDesk(QObject):
    """Owns the slot app.restore; lives on the window thread."""

    restored = Signal(object)  # RestoredEvent, once for each file
    picture_wanted = Signal(str)  # a picture of the user's that is to be opened where there is a use for it

    def __init__(self, bridge: Bridge, bar: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._bar = bridge, bar
        self._request = api.RestoreRequest("")
        self._is_shown = False  # while its pictures are still compared

    def take(self, path: Path, opened: tuple[str, ...]) -> bool:
        """Read a file; what it was made from is shown as soon as it is known that it can be made."""
        self._request, self._is_shown = api.RestoreRequest(str(path), opened), False
        self._begin()
        return True

    def _begin(self) -> None:
        self._bar.show_progress(f"Reading {Path(self._request.path).name}", 0, 0, self.cancel, self)
        self._bridge.start(LANE, SLOT, self._request)

    @Slot()
    def cancel(self) -> None:
        """Stop computing its source again; what is shown stays."""
        self._bridge.cancel(LANE, SLOT)
        is_shown, self._is_shown = self._is_shown, False
        name = Path(self._request.path).name
        stays = f"{name} stays restored; it was not compared to the end."
        self._bar.show_info(stays if is_shown else "Stopped; everything is as it was.")

    @Slot()
    def compare(self) -> None:
        """Draw again what is shown already, however long it takes."""
        self._request = api.RestoreRequest(self._request.path, self._request.opened, waits=True)
        self._is_shown = True
        self._begin()

    def handle(self, event: Any) -> None:
        """Events of app.restore."""
        if isinstance(event, api.ProgressEvent):
            self._bar.show_progress(event.what, event.done, event.total, self.cancel, self)
        elif isinstance(event, api.CheckEvent):
            if not self._is_shown:
                self._is_shown = True
                self.restored.emit(event.restored)
            self._bar.show_progress(self._words(event), event.done, event.total, self.cancel, self)
        elif isinstance(event, api.RestoredEvent):
            is_long = event.takes_s > 0
            self._bar.show_info(
                event.message, action_text="Compare" if is_long else "", on_action=self.compare if is_long else None
            )
            is_shown, self._is_shown = self._is_shown, False
            if not is_shown:
                self.restored.emit(event)  # the page may have a word to say of its own
        elif isinstance(event, Failure):
            self._is_shown = False
            self._show_failure(event)
        elif isinstance(event, Ended):
            self._bar.end_progress(self)

    def _show_failure(self, event: Failure) -> None:
        path = Path(self._request.path)
        if isinstance(event.error, NoReceipt) and path.suffix.lower() in PICTURES:
            said = NO_PICTURES.format(path.name)
            self._bar.show_info(said, action_text=f"Open it in {PAGE}", on_action=self._open_elsewhere, stays=True)
        else:
            self._bar.show_error(sentence(event.error), event.trace)

    @Slot()
    def _open_elsewhere(self) -> None:
        self._bar.clear()
        self.picture_wanted.emit(self._request.path)

    @staticmethod
    def _words(event: api.CheckEvent) -> str:
        said = f"{Path(event.restored.path).name} is restored; it is drawn again to be compared"
        return f"{said}, {about(event.left_s)} left" if event.left_s >= SAID_S else said
