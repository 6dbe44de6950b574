"""Which pictures a new network learns from: the picker, a look at them, and the download of those not here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from genstudio.api import (
    Catalog,
    DatasetEvent,
    DatasetInfo,
    DatasetRequest,
    DownloadRequest,
    ProgressEvent,
    called,
    last_part,
)  # fmt: skip
from genstudio.api.own_pictures import choices_of, named, path_of
from genstudio.engine import Ended, Failure
from genstudio.errors import sentence, whole
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.data_words import facts_of, some_of, summary_of
from genstudio.ui.theme import fix
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.inspector import Section
from genstudio.ui.widgets.plain import plain
from genstudio.ui.widgets.stage import Stage

FOLDER, ZIP, DRAW = "?folder", "?zip", "?draw"  # picker entries that lead elsewhere
COPIES_HELP = "New pictures of this run beside the training pictures that are nearest to them, under Copied?"
DEFAULT = "strokes"
SHOWN = 24  # preview pictures
NOTHING = np.empty((0, 1, 1, 1), np.uint8)


class DataChooser(QObject):
    """The dataset picker of the header and its section in the inspector. `chosen` follows every change by the user."""

    chosen = Signal()
    known = Signal()  # a folder or zip has been read, of which `info` told nothing before
    downloaded = Signal()  # a dataset is in the data folder now: the catalog has changed
    own_wanted = Signal(str)  # a folder or zip is to be looked into before anything learns from it
    drawing_wanted = Signal()  # pictures are to be drawn
    copies_wanted = Signal()  # new pictures are to be compared with these

    def __init__(self, bridge: Bridge, slots: tuple[str, str], section: Section, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge, (self._look_slot, self._download_slot) = bridge, slots
        self._infos: dict[str, DatasetInfo] = {}
        self._name, self._error = DEFAULT, ""
        self._locked = ""  # why nothing can be chosen now
        self._facts = ""  # what a look at it has told
        self._seen: DatasetInfo | None = None  # of the last one that was read
        self._reading = self._downloading = ""  # the names of what is being read and downloaded
        self._before = ""  # the dataset to go back to if the folder or zip that was taken cannot be read
        self.picker = Choice(label="Dataset", help="The pictures that a new network learns from")
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setProperty("role", "second")
        self.preview = Stage(label="Examples of the dataset")
        fix(self.preview, height=104)
        self.look_button = TextButton("Show examples", "Read the dataset and show some of its pictures")
        self.inside_button = TextButton(
            "Look into it…", "Classes, copies, how the pictures are taken, what is held out"
        )
        self.copies_button = TextButton("Are they copied?", COPIES_HELP)
        self.download_button = TextButton("Download", "Fetch it into the data folder", "download", primary=True)
        for widget in (self.facts, self.preview):
            section.add_widget(widget)
        self._buttons = section.add_buttons(self.look_button, self.download_button, self.inside_button)
        self.few = QLabel()
        self.few.setWordWrap(True)
        section.add_widget(self.few)
        self._few = section.add_buttons(self.copies_button)
        self.picker.chosen.connect(self._picked)
        self.look_button.clicked.connect(self.look)
        self.download_button.clicked.connect(self.download)
        self.inside_button.clicked.connect(self._look_inside)
        self.copies_button.clicked.connect(self.copies_wanted)
        self._show()

    def name(self) -> str:
        """What a TrainRequest is to say: a catalog name or a path."""
        return self._name

    def title(self) -> str:
        """How a person calls it."""
        return self.title_of(self._name)

    def title_of(self, name: str) -> str:
        """How a person calls a dataset."""
        info = self._infos.get(name)
        return info.title if info else called(name)

    def is_missing(self) -> bool:
        """Whether it must be downloaded first."""
        info = self._infos.get(self._name)
        return info is not None and not info.available

    def is_downloading(self) -> bool:
        """Whether that is going on."""
        return self.is_missing() and self._downloading == self._name

    def obstacle(self) -> str:
        """Why no network can be trained on it now; '' if one can."""
        info = self._infos.get(self._name)
        if info is not None and not info.available:
            return f"{info.title} is not on this computer yet; download it first, or choose another dataset."
        return self._error

    def info(self) -> DatasetInfo | None:
        """What is known of the dataset; None of a folder or zip that was not read."""
        is_seen = self._seen is not None and self._seen.name == self._name
        return self._seen if is_seen else self._infos.get(self._name)

    def hint(self, batch_size: int) -> str:
        """What is to be known before a network learns from it in such batches; '' if nothing is."""
        info = self.info()
        return info.all_at_once(batch_size) if info is not None else ""

    def set_catalog(self, catalog: Catalog) -> None:
        """What there is, and what of it is on this computer."""
        is_first, before = not self._infos, self._infos.get(self._name)
        self._infos = {info.name: info for info in catalog.datasets}
        if before is not None and before.available and before != self._infos.get(self._name):
            self._facts, self._seen = "", None  # drawings have come or gone
            self.preview.set_pictures(NOTHING)
        if is_first and self._name not in self._infos and not _exists(self._name):
            self._name = DEFAULT  # what was chosen at another time is no longer there
        self._fill()
        self._show()

    def find(self, name: str) -> str:
        """What a file calls a dataset, as requests call it here: a folder or zip is known by its name; '' if none."""
        if name in self._infos or (Path(path_of(name)).is_absolute() and _exists(name)):
            return name
        places = path_of(self._name), *(own for own in self._infos if Path(own).is_absolute())
        here = next((one for one in places if last_part(one) == last_part(path_of(name))), "")
        return named(here, choices_of(name)) if here else ""

    def select(self, name: str) -> None:
        """Choose without `chosen`; a path that is gone and an unknown name are ignored, as soon as names are known."""
        if name != self._name and (name in self._infos or not self._infos or _exists(name)):
            was_reading = bool(self._reading)
            self._name, self._error, self._facts, self._reading = name, "", "", ""
            self.preview.set_pictures(NOTHING)
            self._fill()
            self._show()
            if was_reading:
                self._bridge.stop(self._look_slot)

    def lock(self, reason: str) -> None:
        """Nothing can be chosen, and the tooltip says why; '' opens the picker again."""
        self._locked = reason
        self.picker.setEnabled(not reason)
        self._explain()

    def take(self, path: str) -> None:
        """A folder or zip that was chosen or dropped: look at it, and learn from it if it can be read."""
        if path != self._name and not self._before:
            self._before = self._name
        self.select(path)
        self.look()
        self.chosen.emit()

    @Slot()
    def look(self) -> None:
        """Read it on the io lane; counts and examples follow."""
        self._reading = self._name
        self._bridge.start("io", self._look_slot, DatasetRequest(self._name))
        self._show()

    def handle_look(self, event: Any) -> None:
        """What `look` saw. How far it is, and how to stop it, is in the window's message bar."""
        if isinstance(event, ProgressEvent) or (isinstance(event, Ended) and not self._reading):
            return
        self._reading = ""
        before, self._before = self._before, ""
        if isinstance(event, (Failure, Ended)) and before not in ("", self._name):
            self.select(before)
            self.chosen.emit()
        elif isinstance(event, Failure):
            self._error = whole(sentence(event.error))
        elif isinstance(event, DatasetEvent):
            self._show_dataset(event)
            return
        self._show()

    def handle_download(self, event: Any) -> None:
        """The end of a download."""
        if isinstance(event, DatasetEvent):
            self._infos[event.info.name] = event.info
            self._downloading = ""
            self._fill()
            if event.info.name == self._name:
                self._show_dataset(event)
            self.downloaded.emit()
            self.chosen.emit()
        elif isinstance(event, (Failure, Ended)):
            self._downloading = ""
            self._show()

    def _fill(self) -> None:
        self.picker.clear()
        for info in self._infos.values():
            size = (f"{info.count:,}" if info.count else "") if info.available else f"{info.download_mb} MB to download"
            help_ = info.name if Path(info.name).is_absolute() else ""
            self.picker.add_choice(" · ".join(filter(None, (info.title, size))), info.name, help=help_)
        if self._is_own() and self._name not in self._infos:
            self.picker.add_choice(called(self._name), self._name, help=self._name)
        self.picker.insertSeparator(self.picker.count())
        self.picker.add_choice("Open folder…", FOLDER, help="See what is in a folder of pictures, and learn from it")
        self.picker.add_choice("Open zip…", ZIP, help="The same of a zip file")
        self.picker.add_choice("Draw your own…", DRAW, help="Draw pictures with a class each: an own dataset")
        self.picker.set_value(self._name)
        self._explain()

    def _explain(self) -> None:
        about = f"{self.title()}: the pictures that a new network learns from"
        self.picker.setToolTip(plain(f"{about}. {self._locked}" if self._locked else about))

    @Slot(object)
    def _picked(self, name: str) -> None:
        if name in (FOLDER, ZIP, DRAW):
            self.picker.set_value(self._name)
            if name == DRAW:
                self.drawing_wanted.emit()
                return
            window = self.picker.window()
            if name == FOLDER:
                path = QFileDialog.getExistingDirectory(window, "A folder of pictures")
            else:
                path = QFileDialog.getOpenFileName(window, "A zip file of pictures", "", "Zip files (*.zip)")[0]
            if path:
                self.own_wanted.emit(path)
            return
        self._before = ""
        self.select(name)
        if not self.obstacle():
            self.look()
        self.chosen.emit()

    @Slot()
    def _look_inside(self) -> None:
        self.own_wanted.emit(self._name)

    def _is_own(self) -> bool:
        """Whether it is a folder or zip."""
        path = Path(path_of(self._name))
        return path.is_absolute() or (self._name not in self._infos and path.exists())

    @Slot()
    def download(self) -> None:
        """Fetch it into the data folder."""
        self._downloading = self._name
        self._bridge.start("io", self._download_slot, DownloadRequest(self._name))
        self._show()

    def _show_dataset(self, event: DatasetEvent) -> None:
        was_known = self.info() is not None
        self._error, self._seen = "", event.info
        self.preview.set_pictures(some_of(event, SHOWN))
        self._facts = facts_of(event)
        self._show()
        if not was_known and self.info() is not None:
            self.known.emit()

    def _show(self) -> None:
        info = self._infos.get(self._name)
        missing, is_busy = self.is_missing(), self._name in (self._reading, self._downloading)
        if is_busy:
            self.facts.setText(f"{'Downloading' if missing else 'Reading'} {self.title()} …")
        else:
            self.facts.setText(self._error or self._facts or summary_of(info, self._name))
        self.download_button.setVisible(missing and not is_busy)
        has_preview = self.preview.pictures() is not None
        self.preview.setVisible(has_preview)
        self.look_button.setVisible(not missing and not has_preview and not is_busy)
        self.inside_button.setVisible(self._is_own() and not is_busy)
        known = self.info()
        self.few.setText(known.by_heart() if known is not None and known.available else "")
        for widget in (self.few, self._few):
            widget.setHidden(not self.few.text())
        buttons = self.look_button, self.download_button, self.inside_button
        self._buttons.setHidden(all(button.isHidden() for button in buttons))


def _exists(name: str) -> bool:
    """Whether a folder or zip is there."""
    return Path(path_of(name)).exists()
