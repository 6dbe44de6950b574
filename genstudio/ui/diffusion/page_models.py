"""Which model the diffusion tab plays: that of the picker, one that has just been trained, or a dropped file."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from genstudio import api
from genstudio.files import DIFFUSERS_INDEX, is_diffusers_folder
from genstudio.settings import DENOISING
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion import words
from genstudio.ui.diffusion.desk import DenoisingDesk
from genstudio.ui.diffusion.folder_export import WRITTEN, FolderExport
from genstudio.ui.diffusion.trajectory_view import MappedView
from genstudio.ui.tabs.dropped_models import DroppedModels
from genstudio.ui.tabs.heirs import Heirs
from genstudio.ui.tabs.model_card import card
from genstudio.ui.tabs.run_words import gone, moved_on, name_of

OPEN = "open:"  # in place of a model in the picker
OPEN_HELP = "A folder of Hugging Face diffusers with a DDPM: it comes among your models and is played here"


class DiffusionModels(MappedView):
    """Follows the catalog: a kept run whose file has made room for a later one is played from there."""

    learner = "denoising-train"

    def __init__(self, bridge: Bridge, desk: DenoisingDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.desk = desk or DenoisingDesk(self)
        self._loaded: tuple[api.ModelInfo, ...] = ()  # files elsewhere, dropped now or before the last start
        self._known: dict[str, api.ModelInfo] = {}  # those of the catalog
        self._heirs = Heirs()
        self.dropped = DroppedModels(self)
        self._saved: dict[str, Any] = {}
        self._said, self._said_of = "", ""  # of the way of a model, and the key of that model
        self.picker.chosen.connect(self._model_chosen)
        self.folder = FolderExport(self.tempo, self._folder_offered)
        self.folder.requested.connect(self.writing_wanted)

    def _start(self, until: int = -1) -> None:
        raise NotImplementedError

    def _changed(self) -> None:
        raise NotImplementedError

    def _ask_again(self) -> None:
        raise NotImplementedError

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Fill the picker; open the first model once the page is on top."""
        super().set_catalog(catalog)
        models = catalog.by_family(*DENOISING)
        found = {info.name: info for info in models}
        self._heirs.note(self._known, found, "" if self._info is None else self._info.name, catalog.models_dir)
        self._known = found | {info.name: info for info in self._heirs.aside.values()}
        opened = [info for info in catalog.opened if info.family in DENOISING]
        elsewhere = {info.path: info for info in (*opened, *self._loaded)}
        there = {model.path for model in models}
        self._loaded = tuple(info for path, info in elsewhere.items() if path not in there)
        self.controls.set_catalog(catalog)
        self.picker.clear()
        for info in self._known.values():
            self.picker.add_choice(name_of(info.name), info.name, card(info))
        self.picker.setEnabled(bool(models or self._loaded))
        for info in self._loaded:
            self.picker.add_choice(name_of(info.name), info.path, info.path)
        self.picker.insertSeparator(self.picker.count())
        self.picker.add_choice("Open a diffusers folder…", OPEN, help=OPEN_HELP)
        if self._info is None:
            if self._is_active:
                self._open_first()
        elif not self.picker.set_value(self._key()):
            self._follow_heir()

    def _follow_heir(self) -> None:
        """The model that was shown is no longer here."""
        assert self._info is not None
        before = self._info.name
        heir = self._find(self._heirs.of(before, self._known))
        said = moved_on
        if heir is None and self._known:
            heir, said = next(iter(self._known.values())), gone
        if heir is not None:
            self.suit(heir)
            self.tell(said(before, heir.name))
            self._set_model(heir)
            self._ask_again()
            self.followed("model", *api.UsualWay._fields)

    def take_wanted(self) -> bool:
        """Show the model that another mode wants to be seen here; whether there is one, and it is another."""
        wanted, self.desk.wanted = self._find(self.desk.wanted), ""
        if wanted is None or wanted == self._info:
            return False
        if self._info is None:
            self._saved = {**self._saved, "model": wanted.name, **api.usual_way(wanted.family)._asdict()}
            return False
        self.begin = dataclasses.replace(self.begin, kind="noise")  # what it draws by itself is to be seen
        self._model_chosen(wanted.name)
        return True

    def _open_first(self) -> None:
        if (first := next(iter((*self._known.values(), *self._loaded)), None)) is None:
            self.stage.set_message(*words.NO_MODEL)
            self.caption.set_text("")
            return
        self._set_model(self._find(self._saved.get("model", "")) or first)
        self.set_parameters(self._saved)
        self._start()

    def _set_model(self, info: api.ModelInfo) -> None:
        self._info, self.desk.model = info, info.path
        self.picker.set_value(self._key())
        self.take_model(info)
        self.ask("play", "load", api.LoadRequest(self._key()))

    def _key(self) -> str:
        """What requests call the model: its name in the catalog, or the path of a file somewhere else."""
        info = self._info
        return "" if info is None else info.path if info in self._loaded else info.name

    def _folder_offered(self) -> api.ExportFolderRequest | None:
        info = self._info
        if info is None or info.family not in WRITTEN:
            return None
        return api.ExportFolderRequest(self._key(), f"{info.name}-diffusers")

    def _find(self, name: str) -> api.ModelInfo | None:
        return next((m for m in (*self._known.values(), *self._loaded) if name in (m.name, m.path)), None)

    @Slot(object)
    def _model_chosen(self, name: str) -> None:
        if name == OPEN:
            self.picker.set_value(self._key())
            self._open_folder()
            return
        if (info := self._find(name)) is not None:
            self.remember()
            self.suit(info)
            self._set_model(info)
            self._changed()
            if info.family == "consistency" and not self._goes_usual_way():
                self._said, self._said_of = words.unsuited(name_of(info.name)), info.sha256
                self.offered.emit(self._said, "Let it jump", self._go_usual_way)

    def suit(self, info: api.ModelInfo) -> None:
        """Before a model is shown: play one of another kind as such are played, which is said."""
        self.asked_from_noise()
        way = None if self._info is None else self.controls.suit(info.family, self._info.family)
        if way is not None:
            steps, is_usual = min(way.steps, self.controls.levels_of(info)), way == api.usual_way(info.family)
            self._said = words.suited(name_of(info.name), self.controls.sampler.currentText(), steps, is_usual)
            self._said_of = info.sha256
            self.tell(self._said)

    def instead_of(self, lost: dict[str, Any]) -> dict[str, Any]:
        """Of what was remembered with a model that is gone, what this one is asked for otherwise."""
        assert self._info is not None
        is_foreign = api.is_foreign(str(lost.get("sampler")), self._info.family)
        way = api.usual_way(self._info.family)._asdict() if is_foreign else {}
        if self.begin.kind == "noise":
            return way
        return {**way, "label": self.begin.class_in(self._info.classes)}  # its number was that of the other's class

    @Slot()
    def refresh(self) -> None:
        """As before; what was said of another model, or of a way that is not gone any more, is taken back."""
        super().refresh()
        if self._said and self._info is not None:
            jumps = self._said == words.unsuited(name_of(self._info.name)) and self._goes_usual_way()
            if jumps or self._info.sha256 != self._said_of:
                self.withdrawn.emit(self._said)
                self._said = ""

    def _goes_usual_way(self) -> bool:
        assert self._info is not None
        return self.controls.sampler.value() == api.usual_way(self._info.family).sampler

    @Slot()
    def _go_usual_way(self) -> None:
        """As models of its family usually do, whatever was chosen."""
        if self._info is not None:
            self.remember()
            self.controls.set_way(api.usual_way(self._info.family))
            self._changed()

    def _open_folder(self) -> None:
        """Ask for a folder with a model; the window brings it, as if it had been dropped."""
        path = QFileDialog.getExistingDirectory(self.window(), "A diffusers folder")
        if path and not is_diffusers_folder(Path(path)):
            self.tell(f"The folder {Path(path).name} is no diffusers folder: it has no {DIFFUSERS_INDEX}.", "", True)
        elif path:
            self.file_wanted.emit(path)

    def _show_model(self, event: api.ModelEvent) -> None:
        info = event.info
        if info.family not in DENOISING:
            self.dropped.forget()
            self.tell(f"{info.name} is no diffusion model; drop it on the page of its family.", "", True)
            return
        if self._find(info.path) is None:
            self._loaded = (*self._loaded, info)
            self.picker.insertItem(self.picker.count() - 2, name_of(info.name), info.path)  # before what opens others
        if is_other := self._info is None or info.sha256 != self._info.sha256:
            self.suit(info)
            self._info, self.desk.model = info, info.path
            self.picker.set_value(self._key())
            self.take_model(info)
            self._changed()
        self.show_schedule(event)
        if is_other or self.dropped.waits_for(info):  # a sheet may have come while the page's own model was read
            self.dropped.reopen(info)
