"""Brings the sheets of own pictures to the window, and their questions to the io lane."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.errors import sentence, whole
from genstudio.settings.own_drawings import HOME
from genstudio.ui.bridge import Bridge

if TYPE_CHECKING:
    from genstudio.ui.own.draw_sheet import DrawSheet
    from genstudio.ui.own.inside_sheet import InsideSheet

LANE, INSPECT, DRAWINGS = "io", "app.inspect", "app.drawings"
TRAINERS = (
    ("latent-train", "Train a VAE", "To the tab Latent space, where a VAE, an autoencoder or a PCA learns from it"),
    ("gan", "Train a GAN", "To the tab Adversarial game, where a generator learns from it"),
    ("denoising-train", "Train a diffusion model", "To the tab Denoising, where a network learns from it"),
)


class OwnData(QObject):
    """Owns the slots app.inspect and app.drawings; its sheets are made when they are first wanted."""

    wanted = Signal(str, str)  # the name of a dataset, and of the page that is to learn from it; "" the one on top
    made = Signal(object)  # a sheet
    drawn = Signal()  # drawings have come or gone, and the pad is closed: the catalog has changed
    failed = Signal(str, str, bool)  # what nobody would see on the pad: a sentence, details, that it is an error

    def __init__(self, bridge: Bridge, over: QWidget, pages: Collection[str]) -> None:
        super().__init__(over)
        self._bridge, self._over = bridge, over
        self._trainers = tuple(trainer for trainer in TRAINERS if trainer[0] in pages)
        self._inside: InsideSheet | None = None
        self._drawing: DrawSheet | None = None
        self._data_dir, self._page, self._is_here = "", "", False
        self._is_stale = False  # the catalog knows nothing of some changes yet

    @property
    def inside(self) -> InsideSheet:
        """What is in a folder or zip."""
        if self._inside is None:
            from genstudio.ui.own.inside_sheet import InsideSheet

            sheet = self._inside = InsideSheet(self._over, self._trainers)
            sheet.looked.connect(self._look)
            sheet.stopped.connect(self._stop)
            sheet.wanted.connect(self.wanted)
            self.made.emit(sheet)
        return self._inside

    @property
    def drawing(self) -> DrawSheet:
        """The pad."""
        if self._drawing is None:
            from genstudio.ui.own.draw_sheet import DrawSheet

            sheet = self._drawing = DrawSheet(self._over)
            sheet.asked.connect(self._draw)
            sheet.look_wanted.connect(self._look_into)
            sheet.closed.connect(self._tell_drawn)
            self.made.emit(sheet)
        return self._drawing

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Where the data folder is."""
        self._data_dir = catalog.data_dir

    def stand_before(self, page: str, *, is_here: bool) -> None:
        """Which page trains in the tab that is seen, and whether the page on top can learn from a folder itself."""
        self._page, self._is_here = page, is_here

    def look_into(self, name: str) -> None:
        """Open the sheet for a folder or zip."""
        self._look_into(name)

    def draw(self) -> None:
        """Open the pad, once it is known where its files are to be."""
        if not self._data_dir:
            return
        if self._inside is not None and self._inside.isVisible():
            self._inside.dismiss()
        sheet = self.drawing
        sheet.open_in(str(Path(self._data_dir) / HOME))
        sheet.show_over(self._over)

    def handle(self, verb: str, event: Any) -> None:
        """Events of app.inspect and app.drawings."""
        if verb == "inspect" and self._inside is not None:
            self._inspected(self._inside, event)
        elif verb.startswith("drawings") and self._drawing is not None:
            self._drew(self._drawing, verb.partition(".")[2], event)

    def _drew(self, sheet: DrawSheet, name: str, event: Any) -> None:
        trouble = ""
        if isinstance(event, api.DrawingsEvent):
            sheet.handle(event)
            trouble = event.trouble
            self._is_stale |= len(event.request.changes) > len(event.refused)
            if not sheet.isVisible():
                self._tell_drawn()
        elif isinstance(event, Failure):
            trouble = whole(sentence(event.error))
            sheet.show_failure(name, trouble)
        if trouble and not (sheet.isVisible() and sheet.name() == name):
            lost = "" if sheet.is_saved(name) else f"Not all changes of the set “{name}” are on the disk. "
            self.failed.emit(lost + trouble, "", True)

    @Slot()
    def _tell_drawn(self) -> None:
        if self._is_stale:
            self._is_stale = False
            self.drawn.emit()

    def farewell(self) -> dict[str, tuple[Any, ...]]:
        """Requests per lane that are answered before the window is gone: drawings that are not on the disk."""
        last = self._drawing.last_requests() if self._drawing is not None else ()
        return {LANE: last} if last else {}

    def _inspected(self, sheet: InsideSheet, event: Any) -> None:
        if isinstance(event, api.ProgressEvent):
            sheet.show_progress(event)
        elif isinstance(event, api.InspectedEvent):
            sheet.show_event(event)
        elif isinstance(event, Failure):
            sheet.show_failure(whole(sentence(event.error)))
        elif isinstance(event, Ended):
            sheet.show_end()

    @Slot(str)
    def _look_into(self, name: str) -> None:
        sheet = self.inside
        sheet.open_for(name, self._page, is_here=self._is_here)
        sheet.show_over(self._over)

    @Slot(str)
    def _look(self, name: str) -> None:
        self._bridge.start(LANE, INSPECT, api.InspectRequest(name))

    @Slot()
    def _stop(self) -> None:
        self._bridge.stop(INSPECT)

    @Slot(object)
    def _draw(self, request: api.DrawingsRequest) -> None:
        """A slot for each folder: a newer request of one holds all that the older one did."""
        self._bridge.submit(LANE, f"{DRAWINGS}.{Path(request.folder).name}", request)
