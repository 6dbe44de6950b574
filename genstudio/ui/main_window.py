"""The one window at work: the keys, and the events' way to the page they belong to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QAbstractSpinBox, QApplication

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.errors import sentence
from genstudio.ui.bridge import Bridge
from genstudio.ui.file_desk import FileDesk
from genstudio.ui.memory import recall, remember
from genstudio.ui.shell import Shell
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.widgets.stage import Stage

PAGES = {"vae": "vae", "gan": "gan", "ddpm": "diffusion"}  # family: page
TAKES_BACK = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)  # the keyboard, from a number box


def make_pages(bridge: Bridge) -> tuple[TabPage, ...]:
    """The three pages, in the order of the tabs."""
    from genstudio.ui.tabs.diffusion import DiffusionTab
    from genstudio.ui.tabs.gan import GANTab
    from genstudio.ui.tabs.vae import VAETab

    return VAETab(bridge), GANTab(bridge), DiffusionTab(bridge)


class MainWindow(Shell):
    """Owns the bridge and brings its events to their pages; lives on the window thread and never computes."""

    first_picture = Signal()  # the first pictures of any page have arrived
    closed = Signal(bool)  # whether every lane stopped in time

    def __init__(self, bridge: Bridge, pages: Sequence[TabPage] | None = None) -> None:
        super().__init__(pages if pages is not None else make_pages(bridge))
        self.bridge = bridge
        self.catalog: api.Catalog | None = None
        self._active: TabPage | None = None
        self.keeps_runs = True  # False where it is not the user who trains
        self._has_picture = False
        self._failed = self._busy = ""  # the slots whose failure and whose progress the message bar shows
        self.desk = FileDesk(bridge, self.bar, self.export_dialog, self)
        self._connect()
        self._bind_keys()
        recall(self)

    # ---- start --------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Ask for the catalog; pages come alive with it. Call after show()."""
        self.bar.show_progress("Starting: the models are being read", 0, 0)
        self.bridge.submit("play", "app.catalog", api.CatalogRequest())

    @Slot(int)
    def show_page(self, index: int) -> None:
        """Bring a page to the top."""
        if not 0 <= index < len(self.pages):
            return
        self.top.tabs.setCurrentIndex(index)
        self.stack.setCurrentIndex(index)
        self.export_dialog.dismiss()
        self.desk.set_page(self.current_page())
        self._activate()
        self.focus_stage()

    def _activate(self) -> None:
        page = self.current_page()
        if self.catalog is None or page is self._active:
            return
        if self._active is not None:
            self._active.deactivate()
        self._active = page
        page.activate()

    # ---- events -------------------------------------------------------------------------------------

    @Slot(str, object)
    def route(self, slot: str, event: Any) -> None:
        """Give an event to the page its slot names; failures become a sentence here."""
        owner, _, verb = slot.partition(".")
        if isinstance(event, Failure):
            self._failed = slot
        elif slot == self._failed and not isinstance(event, (Ended, api.ProgressEvent)):
            self._failed = ""
            if self.bar.is_error():
                self.bar.clear()
        if owner == "app":
            self._handle(verb, event)
            return
        self._show_progress(slot, event)
        page = next((page for page in self.pages if page.name == owner), None)
        if page is None:
            return
        if isinstance(event, Failure):
            self.bar.show_error(sentence(event.error), event.trace)
        page.handle(verb, event)
        if not self._has_picture and isinstance(event, (api.PicturesEvent, api.DenoiseEvent, api.TrainEvent)):
            self._has_picture = True
            self.bridge.submit("train", "app.warm", api.CatalogRequest())  # imports the optimiser before it is needed
            self.first_picture.emit()

    def _show_progress(self, slot: str, event: Any) -> None:
        if isinstance(event, api.ProgressEvent):
            self._busy = slot
            self.bar.show_progress(event.what, event.done, event.total, self._stop)
        elif slot == self._busy:
            self._busy = ""
            if self.bar.is_busy():
                self.bar.clear()

    @Slot()
    def _stop(self) -> None:
        owner, _, verb = self._busy.partition(".")
        self._show_progress(self._busy, Ended())
        self.page(owner).stop(verb)

    def _handle(self, verb: str, event: Any) -> None:
        if verb in ("export", "restore", "open"):
            self.desk.handle(verb, event)
        elif verb == "catalog" and isinstance(event, api.CatalogEvent):
            self._set_catalog(event.catalog)
        elif isinstance(event, Failure):
            self.bar.show_error(sentence(event.error), event.trace, "Try again", self.begin)

    def _set_catalog(self, catalog: api.Catalog) -> None:
        self.catalog = catalog
        self.desk.set_catalog(catalog)
        if self.bar.is_busy():
            self.bar.clear()
        for page in self.pages:
            page.set_catalog(catalog)
            page.remember()
        self._activate()

    @Slot()
    def refresh_catalog(self) -> None:
        """Models or datasets have come or gone."""
        self.bridge.submit("play", "app.catalog", api.CatalogRequest())

    @Slot(str, str, bool)
    def _tell(self, text: str, details: str, error: bool) -> None:
        (self.bar.show_error if error else self.bar.show_info)(text, details)

    @Slot(str, str, object)
    def _offer(self, text: str, action_text: str, on_action: Callable[[], None]) -> None:
        self.bar.show_info(text, action_text=action_text, on_action=on_action)

    @Slot(object)
    def _opened(self, info: api.ModelInfo) -> None:
        page = self.page(PAGES[info.family])
        self.show_page(self.pages.index(page))
        if not page.offer_model(info.path):
            self.bar.show_info(f"{page.title} cannot load {info.name}.")

    @Slot(str)
    def _page_wanted(self, name: str) -> None:
        self.show_page(self.pages.index(self.page(name)))

    @Slot(object)
    def _restored(self, event: api.RestoredEvent) -> None:
        source = event.source
        if isinstance(source, api.TrainRequest):
            family = source.family
        elif event.model is not None:
            family = event.model.family
        else:
            models = self.catalog.models if self.catalog else ()
            family = next((m.family for m in models if source.model in (m.name, m.path)), "")
        guess = "diffusion" if isinstance(source, api.DenoiseRequest) else "vae"
        page = self.page(PAGES.get(family, guess))
        self.show_page(self.pages.index(page))
        page.restore(event)
        page.remember()

    # ---- keys ---------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.bridge.event.connect(self.route)
        self.top.tab_chosen.connect(self.show_page)
        self.desk.restored.connect(self._restored)
        self.desk.opened.connect(self._opened)
        self.desk.page_wanted.connect(self._page_wanted)
        for page in self.pages:
            page.message.connect(self._tell)
            page.offered.connect(self._offer)
            page.catalog_stale.connect(self.refresh_catalog)
            page.tempo.export_grid_requested.connect(self.export_picture)
            page.tempo.export_film_requested.connect(self.export_film)
            page.tempo.copy_requested.connect(self.copy)

    def _bind_keys(self) -> None:
        pairs = (
            ("Ctrl+Z", self.undo), ("Ctrl+Shift+Z", self.redo), ("Ctrl+Y", self.redo), ("Ctrl+C", self.copy),
            ("Ctrl+V", self.paste), ("Ctrl+E", self.export_picture), ("Ctrl+Shift+E", self.export_film),
            ("F11", self.toggle_full_screen), ("F1", self.toggle_help), ("Ctrl+I", self.toggle_inspector),
            ("Ctrl+Q", self.close),
        )  # fmt: skip
        self.shortcuts = {key: QShortcut(QKeySequence(key), self, slot) for key, slot in pairs}
        zooms = {"Ctrl++": 1, "Ctrl+=": 1, "Ctrl+-": -1, "Ctrl+0": 0}
        pages = {f"Ctrl+{number + 1}": number for number in range(len(self.pages))}
        for numbers, slot in ((zooms, self._zoomed), (pages, self._page_key)):
            for key, number in numbers.items():
                self.shortcuts[key] = QShortcut(QKeySequence(key), self, slot)
                self.shortcuts[key].setProperty("number", number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page, key, text = self.current_page(), event.key(), event.text()
        if key in TAKES_BACK and isinstance(QApplication.focusWidget(), QAbstractSpinBox):
            self.focus_stage()
        elif key == Qt.Key.Key_Escape:
            self.escape()
        elif event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                page.toggle_play()
        elif text in (".", ","):
            page.step(1 if text == "." else -1)
        elif text in ("r", "R"):
            page.random()
        elif text == "?":
            self.toggle_help()
        else:
            super().keyPressEvent(event)

    @Slot()
    def undo(self) -> None:
        """Ctrl+Z."""
        if not self.current_page().undo():
            self.bar.show_info("There is nothing to undo.")

    @Slot()
    def redo(self) -> None:
        """Ctrl+Shift+Z."""
        if not self.current_page().redo():
            self.bar.show_info("There is nothing to redo.")

    @Slot()
    def copy(self) -> None:
        """Ctrl+C: the focused picture, else what the page shows."""
        focused = QApplication.focusWidget()
        done = focused.copy() if isinstance(focused, Stage) else self.current_page().copy()
        self.bar.show_info("Copied to the clipboard." if done else "There is no picture to copy yet.")

    @Slot()
    def paste(self) -> None:
        """Ctrl+V."""
        self.desk.take(QGuiApplication.clipboard().mimeData())

    @Slot()
    def export_picture(self) -> None:
        """Ctrl+E."""
        if self.desk.export(film=False):
            self.show_export()

    @Slot()
    def export_film(self) -> None:
        """Ctrl+Shift+E."""
        if self.desk.export(film=True):
            self.show_export()

    @Slot()
    def _zoomed(self) -> None:
        self.zoom(self.sender().property("number"))

    @Slot()
    def _page_key(self) -> None:
        self.show_page(self.sender().property("number"))

    # ---- Qt -----------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.desk.accepts(event.mimeData()):
            event.acceptProposedAction()
            self.show_drop_hint(self.desk.hint(event.mimeData()))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop_hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.drop_hint.hide()
        self.desk.take(event.mimeData())

    # ---- what is remembered -------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        remember(self)
        self.hide()
        last = {lane: request for page in self.pages for lane, request in page.farewell().items()}
        self.closed.emit(self.bridge.close(last=last if self.keeps_runs else None))
        super().closeEvent(event)
