"""The one window at work: its pages come alive, and events find the page they belong to."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QCloseEvent

from genstudio import api
from genstudio.engine import Failure
from genstudio.errors import sentence
from genstudio.settings import ADVERSARIAL, DENOISING, LATENT
from genstudio.ui.bridge import Bridge
from genstudio.ui.memory import lost_files, recall, recall_page, recalled_files, remember, reopen, wanted_files
from genstudio.ui.models_watch import ModelsWatch
from genstudio.ui.notices import Notices
from genstudio.ui.page_place import PagePlace, make_places
from genstudio.ui.path_kinds import VERB
from genstudio.ui.spare_time import SpareTime
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.watch_run.watch_shell import WatchShell

if TYPE_CHECKING:
    from genstudio.ui.copied.page import CopiedPage

PAGES = {  # family: page
    **dict.fromkeys(LATENT, "vae"),
    **dict.fromkeys(ADVERSARIAL, "gan"),
    "point-gan": "points",
    "point-ddpm": "field",
    **dict.fromkeys(DENOISING, "diffusion"),
}
COPIES = "copied"  # the page that looks for copies
PICTURES = "one-picture"  # a page that takes any picture
FILES = ("export", "restore", "import", "import-stopped", "open", "look", "drop")  # verbs of the file desk
PATIENCE_MS = 5000  # how long the other pages wait for a first picture; some pages have none at their start


class MainWindow(WatchShell):
    """Owns the bridge and brings its events to their pages; lives on the window thread and never computes."""

    first_picture = Signal()  # the first pictures of any page have arrived
    closed = Signal(bool)  # whether every lane stopped in time

    def __init__(self, bridge: Bridge, places: Sequence[PagePlace] | None = None) -> None:
        super().__init__(bridge, places if places is not None else make_places(bridge))
        self.catalog: api.Catalog | None = None
        self._wanted: dict[str, str] = {}  # by the names of pages, the files that they showed at the end
        self._catalogs: list[api.Catalog] = []  # all that have come, while a page may still be made
        self._keeps_runs = True
        self._active: TabPage | None = None
        self._has_picture = False
        self.notices = Notices(self.bar, self)
        self.models_watch = ModelsWatch(self)
        self._connect()
        self.spare_time = SpareTime(self._left(), self)
        recall(self)

    # ---- start --------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Ask for the catalog; pages come alive with it. Call after show()."""
        self.bar.show_progress("Starting: the models are being read", 0, 0)
        self.bridge.submit("play", "app.catalog", api.CatalogRequest(recalled_files()))

    def _left(self) -> Iterator[Callable[[], object]]:
        """What is to be done for the pages that are not there yet, in short tasks; what a tab opens on comes first."""
        first = (self.groups.of_tab(number) for number in range(len(self.groups.titles)))
        for number in dict.fromkeys((*first, *range(len(self.places)))):
            yield self.places[number].load
            yield self.places[number].make
            yield partial(self.page_at, number)

    def adopt(self, number: int, page: TabPage) -> None:
        """A page has just been made: it is as it was at the end, and knows the catalog."""
        self.notices.listen(page)
        page.mode_wanted.connect(self.go_to)
        page.file_wanted.connect(self._file_wanted)
        page.catalog_stale.connect(self.refresh_catalog)
        page.copies_wanted.connect(self._copies_wanted)
        page.keeps_runs = page.keeps_runs and self._keeps_runs
        recall_page(page)
        super().adopt(number, page)
        for count, catalog in enumerate(self._catalogs):
            self._hand_catalog(page, catalog, is_first=count == 0)

    @Slot(int)
    def show_page(self, index: int) -> None:
        """Bring a page to the top."""
        if not 0 <= index < len(self.places):
            return
        page = self.page_at(index)
        with QSignalBlocker(self.top.tabs):
            self.top.tabs.setCurrentIndex(self.groups.seen(index))
        self.stack.setCurrentWidget(page)
        self.export_dialog.dismiss()
        self.dismiss_sheets()
        self.desk.set_page(page)
        self._activate()
        self.focus_stage()

    @Slot(str)
    def go_to(self, name: str) -> None:
        """Bring the page of that name to the top."""
        self.show_page(self.number_of(name))

    @Slot(int)
    def show_tab(self, number: int) -> None:
        """Bring a tab to the top, in the mode in which it was seen last."""
        self._leave(self.groups.of_tab(number))

    @Slot(int)
    def show_mode(self, number: int) -> None:
        """Another mode of the tab on top."""
        self._leave(self.groups.mode(self.number_of(self.current_page().name), number))

    def _leave(self, index: int) -> None:
        """The user goes to a page."""
        if index != self.number_of(self.current_page().name):
            self.notices.leave()
        self.show_page(index)

    def _activate(self) -> None:
        page = self.current_page()
        if self.catalog is None or page is self._active:
            return
        if self._active is not None:
            self._active.deactivate()
        self._active = page
        page.activate()
        reopen(page, self._wanted)

    # ---- events -------------------------------------------------------------------------------------

    @Slot(str, object)
    def route(self, slot: str, event: Any) -> None:
        """Give an event to the page its slot names; failures become a sentence here."""
        with self.notices.handling(slot):
            self._take(slot, event)

    def _take(self, slot: str, event: Any) -> None:
        owner, _, verb = slot.partition(".")
        self.notices.note(slot, event)
        if owner == "app":
            self._handle(verb, event)
            return
        self.notices.show_progress(slot, event)
        page = next((page for page in self.made_pages() if page.name == owner), None)
        if page is None:
            return
        if isinstance(event, Failure):
            self.bar.show_error(sentence(event.error), event.trace)
        page.handle(verb, event)
        self.show_training()
        pictures = api.PicturesEvent, api.DenoiseEvent, api.TrainEvent, api.OriginalEvent
        if not self._has_picture and isinstance(event, pictures):
            self._has_picture = True
            self.bridge.submit("train", "app.warm", api.CatalogRequest())  # imports the optimiser before it is needed
            self.first_picture.emit()

    @Slot(str)
    def _stop(self, slot: str) -> None:
        owner, _, verb = slot.partition(".")
        self.page(owner).stop(verb)

    def _handle(self, verb: str, event: Any) -> None:
        if verb in FILES or verb.startswith(VERB):
            self.desk.handle(verb, event)
        elif verb in ("card", "measure"):
            self.cards.handle(verb, event)
            if isinstance(event, api.EvaluationEvent):
                for page in self.made_pages():
                    page.note_evaluation(event)
        elif verb == "watch_run":
            self.watched.handle(event)
        elif verb.startswith("wipe"):
            self.wipes.handle(verb, event)
        elif verb == "inspect" or verb.startswith("drawings"):
            self.own.handle(verb, event)
        elif verb == "warm":
            self.spare_time.begin()
        elif verb == "catalog" and isinstance(event, api.CatalogEvent):
            self._set_catalog(event.catalog)
        elif verb == "models":
            self._set_models(event)
        elif isinstance(event, Failure):
            self.bar.show_error(sentence(event.error), event.trace, "Try again", self.begin)

    def _set_catalog(self, catalog: api.Catalog) -> None:
        is_first, self.catalog = self.catalog is None, catalog
        if is_first:
            self.spare_time.begin(PATIENCE_MS)
        self.models_watch.set_folder(catalog.models_dir)
        self.desk.set_catalog(catalog)
        self.own.set_catalog(catalog)
        names = (*(model.name for model in catalog.models), *(dataset.name for dataset in catalog.datasets))
        self.bar.set_names(frozenset(names))
        if self.bar.is_busy():
            self.bar.clear()
        for page in self.made_pages():
            self._hand_catalog(page, catalog, is_first)
        if is_first:
            self._wanted = wanted_files([info.path for info in catalog.opened])
            if catalog.lost:
                self.bar.show_info(lost_files(catalog.lost), stays=True)
        self._catalogs = [] if self.has_all_pages() else [*self._catalogs, catalog]
        self._activate()

    def _set_models(self, event: Any) -> None:
        """What another program has written or removed; a folder that cannot be read says nothing, for nobody asked."""
        if isinstance(event, api.CatalogEvent) and self.catalog and event.catalog.models != self.catalog.models:
            self._set_catalog(dataclasses.replace(self.catalog, models=event.catalog.models))

    def _hand_catalog(self, page: TabPage, catalog: api.Catalog, is_first: bool) -> None:
        page.set_catalog(catalog)
        if is_first:  # what undo leads back to in the end; later ones are no change by the user
            page.remember()

    @Slot()
    def refresh_catalog(self) -> None:
        """Models or datasets have come or gone."""
        self.bridge.submit("play", "app.catalog", api.CatalogRequest())

    @Slot()
    def _look_again(self) -> None:
        if self.catalog is not None:
            self.bridge.submit("io", "app.models", api.CatalogRequest())

    @Slot(object)
    def _opened(self, info: api.ModelInfo) -> None:
        here, home = self.current_page(), PAGES.get(info.family, "")
        if not home:
            self.bar.show_info(f"{info.name} is a {info.family}; it measures pictures, and no page shows it.")
            return
        is_beside = here.title == self.places[self.number_of(home)].title
        takes = here.takes(info) and info.path != self.checkpoint
        fits = (is_beside or takes) and here.offer_model(info.path)  # a mode keeps what it can show
        if not fits:
            self.go_to(home)
            page = self.page(home)
            if not page.offer_model(info.path):
                self.bar.show_info(f"{page.title} cannot load {info.name}.")

    @Slot(str)
    def _file_wanted(self, path: str) -> None:
        self.desk.open(Path(path))

    @Slot(str, str)
    def _copies_wanted(self, path: str, dataset: str) -> None:
        self.go_to(COPIES)
        cast("CopiedPage", self.page(COPIES)).compare(path, dataset)

    @Slot(str)
    def _use_picture(self, path: str) -> None:
        self.go_to(PICTURES)
        self.desk.open(Path(path))

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
        if event.beside is not None:
            page = self.page("race")
        else:
            one = next((page for page in self.pages if page.restores(source)), None)
            page = one or self.page(PAGES.get(family, guess))
        self.go_to(page.name)
        page.restore(event)
        page.remember()

    def _connect(self) -> None:
        self.bridge.event.connect(self.route)
        self.bridge.cancelled.connect(self.notices.end_progress)
        self.top.tab_chosen.connect(self.show_tab)
        self.top.training_clicked.connect(self.go_to)
        self.desk.restored.connect(self._restored)
        self.desk.opened.connect(self._opened)
        self.desk.picture_wanted.connect(self._use_picture)
        self.desk.catalog_stale.connect(self.refresh_catalog)
        self.own.failed.connect(self.notices.tell)
        self.own.drawn.connect(self.refresh_catalog)
        self.notices.cancelled.connect(self._stop)
        self.models_watch.changed.connect(self._look_again)

    def keep_no_runs(self) -> None:
        """Call it where it is not the user who trains: nothing is written to the models folder, nothing replaced."""
        self._keeps_runs = False
        for page in self.made_pages():
            page.keeps_runs = False

    # ---- what is remembered -------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        self.spare_time.stop()
        self.models_watch.stop()
        remember(self)
        self.hide()
        self.closed.emit(self.stop_lanes())
        super().closeEvent(event)

    def stop_lanes(self) -> bool:
        """Keep what pages and pad would lose, and stop all lanes; False if one is still busy."""
        last: dict[str, tuple[Any, ...]] = {}
        for farewell in (*(page.farewell() for page in self.made_pages()), self.own.farewell()):
            for lane, requests in farewell.items():
                last[lane] = last.get(lane, ()) + requests
        return self.bridge.close(last=last)
