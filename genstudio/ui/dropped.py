"""What is done with a dropped picture or run: a page takes its pixels, or what it was made from is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from genstudio import api
from genstudio.engine import Failure
from genstudio.errors import sentence
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.widgets.message_bar import MessageBar

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
RUNS = (".svg", ".csv", ".json")  # files of runs
LANE, HOVER, DROP = "io", "app.look", "app.drop"


class Dropped(QObject):
    """Owns the slots app.look and app.drop; what a file says of itself is read on the io lane."""

    hinted = Signal(str)  # what letting go of the drag will do, now that the file was looked at
    restore_wanted = Signal(str)  # the path of a file

    def __init__(self, bridge: Bridge, bar: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._bar = bridge, bar
        self._hovered, self._dropped = api.LookRequest(""), api.LookRequest("")
        self._page: TabPage | None = None  # on which the file was dropped, or over which it is
        self._taken = ""  # the file that was used as a picture last

    def hint(self, page: TabPage | None, path: Path) -> str:
        """What letting go of a file will do, as far as its name says it; `hinted` says the rest."""
        suffix = path.suffix.lower()
        if suffix not in RUNS and not _may_take(page, path):
            return f"Let go to show what {path.name} was made from."
        self._page, self._hovered = page, api.LookRequest(str(path))
        self._bridge.submit(LANE, HOVER, self._hovered)
        return f"Let go to open {path.name}."

    def take(self, page: TabPage | None, path: Path) -> None:
        """A file was dropped on a page."""
        self._bridge.cancel(LANE, HOVER)
        if not _may_take(page, path):
            self._bridge.cancel(LANE, DROP)
            self.restore_wanted.emit(str(path))
            return
        self._page, self._dropped = page, api.LookRequest(str(path), pixels=True)
        self._bar.show_progress(f"Reading {path.name}", 0, 0, self.cancel, self)
        self._bridge.submit(LANE, DROP, self._dropped)

    @Slot()
    def cancel(self) -> None:
        """Do not wait for the file that was dropped."""
        self._bridge.cancel(LANE, DROP)
        self._bar.show_info("Stopped; everything is as it was.")

    def handle(self, event: Any) -> None:
        """Events of app.look and app.drop."""
        if isinstance(event, Failure):
            self._bar.show_error(sentence(event.error), event.trace)
        elif isinstance(event, api.LookedEvent) and event.request is self._hovered:
            self.hinted.emit(self._words(event))
        elif isinstance(event, api.LookedEvent) and event.request is self._dropped:
            self._bar.end_progress(self)
            if self._takes(event):
                self._use(event)
            else:
                self.restore_wanted.emit(event.request.path)

    def _words(self, event: api.LookedEvent) -> str:
        path = Path(event.request.path)
        if path.suffix.lower() in RUNS:
            is_table = isinstance(event.source, api.ComparisonRequest)
            return f"Let go to {'compare the models' if is_table else 'repeat the run'} of {path.name}."
        if self._takes(event):
            return f"Let go to use {path.name} as a picture."
        return f"Let go to show what {path.name} was made from."

    def _takes(self, event: api.LookedEvent) -> bool:
        """Whether the page takes the pixels of a file, although it may say what it was made from.

        What was exported there is restored, and a film or a sheet of several pictures anywhere: it is more than one.
        """
        page, source = self._page, event.source
        if page is None or not page.takes_pictures:
            return False
        return source is None or not (event.is_film or is_sheet(source) or page.restores(source))

    def _use(self, event: api.LookedEvent) -> None:
        """A dropped picture becomes the page's; one with a receipt may also be opened where it was made."""
        page, name = self._page, Path(event.request.path).name
        assert page is not None
        if event.picture is None:
            self._bar.show_error(event.trouble)
        elif not page.offer_picture(event.picture):
            self._bar.show_info("This page cannot take a picture yet; try again when its model is here.")
        elif event.source is None:
            self._bar.clear()
        else:
            self._taken = event.request.path
            text = f"{name} is used as a picture; it also says what it was made from."
            self._bar.show_info(text, action_text="Show that instead", on_action=self._show_source)

    @Slot()
    def _show_source(self) -> None:
        self.restore_wanted.emit(self._taken)


def _may_take(page: TabPage | None, path: Path) -> bool:
    """Whether the page could take the pixels of a file with this name."""
    return page is not None and page.takes_pictures and path.suffix.lower() in PICTURES


def is_sheet(source: Any) -> bool:
    """Whether a file that was made from such a request shows more than one picture, or none that a model drew."""
    if isinstance(source, api.ComparisonRequest):
        return True
    shown = source.preview if isinstance(source, api.TrainRequest) else 1  # of a run its samples
    return max(api.picture_count(source), shown) > 1
