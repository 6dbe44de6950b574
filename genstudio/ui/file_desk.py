"""What the window does with files: export, drop, paste, restore. All reading and writing is on the io lane."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QImage

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.errors import sentence, whole
from genstudio.ui.bridge import Bridge
from genstudio.ui.dropped import PICTURES, Dropped
from genstudio.ui.import_desk import ImportDesk
from genstudio.ui.numbers import file_size
from genstudio.ui.path_kinds import VERB, PathKinds
from genstudio.ui.restore_desk import RestoreDesk
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.widgets.export_dialog import ExportDialog
from genstudio.ui.widgets.export_memory import remember_folder
from genstudio.ui.widgets.export_target import source_of
from genstudio.ui.widgets.message_bar import MessageBar
from genstudio.ui.widgets.picture_grid import from_qimage

EXPORTED = (".png", ".webp", ".gif", ".mp4", ".svg", ".csv", ".json")
NAMED = (".zip", ".safetensors", *EXPORTED, *PICTURES)  # what the name says of a path
LANE, HOVERED, DROPPED = "io", "hover", "drop"  # the last two: for what it is asked what a path is
MENDABLE = (OSError, ValueError)  # in the export panel: another folder, another scale


class FileDesk(QObject):
    """Owns the slots app.export and app.open; lives on the window thread."""

    restored = Signal(object)  # RestoredEvent
    picture_wanted = Signal(str)  # a picture that the page on top has no use for, and another one has
    opened = Signal(object)  # the ModelInfo of a dropped model
    data_wanted = Signal(str)  # a folder or zip that was dropped, to be looked into
    run_wanted = Signal(str)  # the folder of a run that was dropped
    catalog_stale = Signal()  # a model has come among the user's
    hinted = Signal(str)  # what letting go of the drag will do, now that it was looked at

    def __init__(self, bridge: Bridge, bar: MessageBar, dialog: ExportDialog, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._bar, self._dialog = bridge, bar, dialog
        self._catalog: api.Catalog | None = None
        self._saved = ""  # the file that was written last
        self._failed = ""  # what was wrong with a file, in the words of the bar
        self._before: tuple[int, ...] | None = None  # the file that was there before the export
        self._is_stopping = self._is_writing = False
        self._page: TabPage | None = None
        self._dropped_on: TabPage | None = None  # the page on top when something was dropped of which more is asked
        self._opened: tuple[str, ...] = ()  # model files elsewhere that were dropped, or were open at the start
        self.imports, self.restores = ImportDesk(bridge, bar, self), RestoreDesk(bridge, bar, self)
        self.imports.brought.connect(self._open_brought)
        self.imports.catalog_stale.connect(self.catalog_stale)
        self.restores.restored.connect(self.restored)
        self.restores.picture_wanted.connect(self.picture_wanted)
        self.dropped = Dropped(bridge, bar, self)
        self.dropped.restore_wanted.connect(self._restore)
        self.dropped.hinted.connect(self.hinted)
        self.kinds = PathKinds(bridge, bar, self)
        self.kinds.told.connect(self._told)
        dialog.requested.connect(self.write)
        dialog.cancelled.connect(self.cancel_export)

    def set_catalog(self, catalog: api.Catalog) -> None:
        """The models' picture sizes are known."""
        self._catalog = catalog
        self._opened = tuple(dict.fromkeys((*(info.path for info in catalog.opened), *self._opened)))
        self.imports.set_catalog(catalog)

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of model files that no catalog lists."""
        return self._opened

    def set_page(self, page: TabPage) -> None:
        """The page that drops and pastes are offered to."""
        self._page = page

    def export(self, film: bool) -> bool:
        """Open the panel for what the present page shows; False if it shows nothing to export."""
        if self._page is None:
            return False
        target = self._page.export_film_source() if film else self._page.export_source()
        if target is None:
            what = "film to export yet; press play first" if film else "picture to export yet"
            self._bar.show_info(f"There is no {what}.")
            return False
        self._dialog.open_for(target, film, self._size(target))
        return True

    @Slot(object)
    def write(self, request: Any) -> None:
        """Write an export request's file; progress and cancel are in the message bar. One at a time."""
        if self._is_writing:
            text = f"{Path(self._saved).name} is still being written; save this one when it is there."
            if not self._dialog.refuse(text):
                self._bar.show_info(text)
            return
        self._saved, self._is_writing = request.path, True
        self._before, self._is_stopping = _stamp(Path(request.path)), False
        self._bar.show_progress(f"Writing {Path(request.path).name}", 0, 0, self.cancel_export, self)
        self._bridge.start(LANE, "app.export", request)

    @Slot()
    def cancel_export(self) -> None:
        """Stop writing. What is on the disk then is known when the lane answers again: it may just have finished."""
        self._bridge.cancel(LANE, "app.export")
        self._is_stopping = True
        self._bar.show_progress("Stopping the export", 0, 0)
        self._bridge.submit(LANE, "app.export", api.CatalogRequest())

    def accepts(self, data: QMimeData) -> bool:
        """Whether a drag carries a file of this machine."""
        return any(url.isLocalFile() for url in data.urls())

    def hint(self, data: QMimeData) -> str:
        """What will happen if the drag is let go, as far as its name says it; `hinted` says the rest."""
        path = Path(next(url.toLocalFile() for url in data.urls() if url.isLocalFile()))
        suffix = path.suffix.lower()
        if suffix not in NAMED:
            self.kinds.ask(HOVERED, str(path))
            return f"Let go to open {path.name}."
        self.kinds.cancel(HOVERED)
        if suffix == ".zip":
            return self._data_hint(path)
        if suffix == ".safetensors":
            return f"Let go to open the network {path.name}."
        return self.dropped.hint(self._page, path)

    def _data_hint(self, path: Path) -> str:
        use = self._page.use_of(str(path)) if self._page is not None else ""
        return f"Let go to {use or 'look into'} {path.name}."

    def take(self, data: QMimeData | None) -> bool:
        """Something was dropped or pasted; False if nothing could be done with it."""
        data = data or QMimeData()  # an empty clipboard has none
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if files:
            return self.open(files[0])
        if data.hasImage() and self._page is not None:
            image = QImage(data.imageData())
            if not image.isNull() and self._page.offer_picture(from_qimage(image)):
                return True
            self._bar.show_info("This page takes no picture of yours; paste it in One picture or in Picture.")
            return False
        self._bar.show_info("There is no picture in the clipboard.")
        return False

    def open(self, path: Path) -> bool:
        """A folder or zip is looked into, or a model of diffusers; a checkpoint a model; others may have a receipt."""
        page, suffix = self._page, path.suffix.lower()
        if page is None:
            return False
        if self._failed and self._bar.text() == self._failed:  # it is of what was dropped before
            self._bar.clear()
        for use in (HOVERED, DROPPED):
            self.kinds.cancel(use)
        if suffix not in NAMED:
            self._dropped_on = page
            self._bar.show_progress(f"Looking at {path.name}", 0, 0, self._leave, self.kinds)
            self.kinds.ask(DROPPED, str(path))
        elif suffix == ".zip":
            self._open_data(page, path)
        elif suffix == ".safetensors":
            self._opened = tuple(dict.fromkeys((*self._opened, str(path))))
            self._load(str(path))
        else:
            self.dropped.take(page, path)
        return True

    @Slot()
    def _leave(self) -> None:
        self.kinds.cancel(DROPPED)
        self._bar.show_info("Stopped; everything is as it was.")

    def _open_data(self, page: TabPage | None, path: Path) -> None:
        if page is None or not (page.use_of(str(path)) and page.offer_dataset(str(path))):
            self.data_wanted.emit(str(path))

    @Slot(str, object)
    def _told(self, use: str, event: api.KindEvent) -> None:
        """What a path is whose name did not say it."""
        path = Path(event.request.path)
        if use == HOVERED:
            words = {
                "diffusers": f"Let go to play the diffusion model in {path.name}.",
                "run": f"Let go to watch the run in {path.name}.",
                "folder": self._data_hint(path),
            }
            if event.kind in words:
                self.hinted.emit(words[event.kind])
        elif use == DROPPED:
            self._bar.end_progress(self.kinds)
            self._open_kind(path, event)

    def _open_kind(self, path: Path, event: api.KindEvent) -> None:
        if event.kind == "diffusers":
            self.imports.take(path, event.name)
        elif event.kind == "run":
            self.run_wanted.emit(str(path))
        elif event.kind == "folder":
            self._open_data(self._dropped_on, path)
        elif event.kind == "gone":
            self._bar.show_error(f"There is no file or folder {path.name}; it was moved, renamed or deleted.")
        else:
            kinds = "an exported picture, film or run, a model (.safetensors), or a folder or zip of pictures"
            self._bar.show_info(f"GenStudio cannot use {path.name}; drop {kinds}.")

    def _load(self, path: str) -> None:
        self._bridge.submit("play", "app.open", api.LoadRequest(path))

    @Slot(str)
    def _open_brought(self, path: str) -> None:
        self.catalog_stale.emit()
        self._load(path)

    def handle(self, verb: str, event: Any) -> None:
        """Events of all slots of files."""
        before = self._bar.text()
        self._hand_on(verb, event)
        if self._bar.is_error() and self._bar.text() != before:
            self._failed = self._bar.text()

    def _hand_on(self, verb: str, event: Any) -> None:
        """An event, to who asked."""
        if verb.startswith(VERB):
            self.kinds.handle(verb, event)
            return
        if verb in ("import", "restore"):
            (self.imports if verb == "import" else self.restores).handle(event)
            return
        if verb in ("look", "drop"):
            self.dropped.handle(event)
            return
        if verb == "import-stopped":
            self.imports.handle_stopped(event)
            return
        if verb == "export" and self._is_stopping:
            self._tell_stopped()
            return
        if verb == "export":
            self._is_writing = isinstance(event, api.ProgressEvent)
            self._tell_dialog(event)
        if isinstance(event, api.ProgressEvent):
            name, what = Path(self._saved).name, event.what
            what = what if name in what else f"Writing {name}: {what[:1].lower()}{what[1:]}"
            self._bar.show_progress(what, event.done, event.total, self.cancel_export, self)
        elif isinstance(event, api.SavedEvent):
            self._saved = event.path
            self._tell_saved(f"Saved {Path(event.path).name}, {file_size(event.bytes)}.")
        elif isinstance(event, api.ModelEvent):
            self.opened.emit(event.info)
        elif isinstance(event, Failure):
            text = whole(sentence(event.error))
            if verb == "export" and self._dialog.refuse(text) and isinstance(event.error, MENDABLE):
                self._bar.clear()
            else:
                self._bar.show_error(sentence(event.error), event.trace)
        elif isinstance(event, Ended):
            self._bar.end_progress(self)

    def _tell_saved(self, text: str) -> None:
        self._bar.show_info(text, action_text="Show folder", on_action=self._show_folder)

    def _tell_stopped(self) -> None:
        path, self._is_stopping, self._is_writing = Path(self._saved), False, False
        if (now := _stamp(path)) is not None and now != self._before:
            self._tell_saved(f"{path.name} was finished before it could be stopped; it is saved.")
        else:
            rest = f"{path.name} is as it was" if now else "nothing was written"
            self._bar.show_info(f"The export was stopped; {rest}.")

    def _tell_dialog(self, event: Any) -> None:
        if isinstance(event, api.SavedEvent):
            remember_folder(Path(event.path))
            self._dialog.finish(is_there=True)
        elif isinstance(event, api.ProgressEvent):
            self._dialog.finish(is_there=False)

    @Slot(str)
    def _restore(self, path: str) -> None:
        self.restores.take(Path(path), self._opened)

    @Slot()
    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self._saved).parent)))

    def _size(self, target: Any) -> tuple[int, int]:
        if isinstance(target, api.WritePicturesRequest):
            return int(target.films.shape[2]), int(target.films.shape[3])
        if isinstance(source := source_of(target), api.ForwardRequest):
            height, width, _ = api.packed_shape(source.picture) or (28, 28, 1)
            return height, width
        name = getattr(source, "model", "")
        models = self._catalog.models if self._catalog else ()
        size = next((m.size for m in models if name in (m.name, m.path)), 28)
        return size, size


def _stamp(path: Path) -> tuple[int, ...] | None:
    """What tells a file from the one that replaces it; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
