"""Which pictures new ones are compared with: those that the model has learnt from, or, where nobody knows, others."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMenu

from genstudio import api
from genstudio.api.own_pictures import path_of
from genstudio.api.receipts import last_part
from genstudio.ui.copied.state import is_path
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.plain import plain

FOLDER, ZIP = "?folder", "?zip"  # entries that lead elsewhere
OPEN_FOLDER, OPEN_ZIP = "Open folder…", "Open zip…"
UNNAMED = "?"  # what is lacking where a model's file does not name it
ASKED = "The pictures that the model has learnt from"
OWN = "What the model has learnt from"
HELP = "The training pictures that new ones are compared with"


class TrainingData(QObject):
    """Fills a picker. `chosen` tells what the user wants: "" for the model's own data, a dataset, or a path."""

    chosen = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.picker = Choice(label="Training data", help=HELP)
        self.picker.chosen.connect(self._picked)
        self.menu = QMenu(self.picker)  # where it is asked for
        self.menu.addAction(OPEN_FOLDER, self.open_folder)
        self.menu.addAction(OPEN_ZIP, self.open_zip)
        self._data = ""

    def show_data(self, catalog: api.Catalog, info: api.ModelInfo | None, data: str) -> None:
        """What there is for a model, and what is chosen."""
        self._data = data
        self.picker.clear()
        self.picker.setEnabled(info is not None)
        if info is None:
            return
        found = data if _is_found(catalog, info, data) else ""
        about = f"{OWN}: {path_of(found)}" if found else OWN
        self.picker.add_choice(api.called(info.dataset) or "unknown", found, about)
        own = catalog.dataset(info.dataset)
        for other in catalog.datasets:
            if other is not own and (other.channels, other.size) == (info.channels, info.size):
                why = other.note if other.available else "Not on this computer."
                self.picker.add_choice(other.title, other.name, why, enabled=other.available)
        if self.picker.findData(data) < 0:
            self.picker.add_choice(api.called(data), data, path_of(data))
        self.picker.insertSeparator(self.picker.count())
        self.picker.add_choice(OPEN_FOLDER, FOLDER, "The pictures that it has learnt from are in a folder")
        self.picker.add_choice(OPEN_ZIP, ZIP, "The pictures that it has learnt from are in a zip file")
        self.picker.set_value(data)
        self.picker.setToolTip(plain(HELP))

    @Slot()
    def open_folder(self) -> None:
        """Ask for a folder."""
        self._take(QFileDialog.getExistingDirectory(self.picker.window(), ASKED))

    @Slot()
    def open_zip(self) -> None:
        """Ask for a zip."""
        self._take(QFileDialog.getOpenFileName(self.picker.window(), ASKED, "", "Zip files (*.zip)")[0])

    @Slot(object)
    def _picked(self, name: str) -> None:
        if name not in (FOLDER, ZIP):
            self.chosen.emit(name)
            return
        self.picker.set_value(self._data)
        if name == FOLDER:
            self.open_folder()
        else:
            self.open_zip()

    def _take(self, path: str) -> None:
        if path:
            self.chosen.emit(path)


def _is_found(catalog: api.Catalog, info: api.ModelInfo, data: str) -> bool:
    """Whether the data are those of the model, of which it knows the name alone."""
    is_like = bool(data) and api.last_part(path_of(data)) == api.last_part(path_of(info.dataset))
    return is_like and (data == info.dataset or bool(lacking(catalog, info, "")))


def lacking(catalog: api.Catalog, info: api.ModelInfo, data: str) -> api.DatasetInfo | str:
    """What is not here: a dataset that can be downloaded, or the name of one that nobody can find; "" if all is."""
    name = data or info.dataset
    known = catalog.dataset(name)
    if known is not None:
        return "" if known.available else known
    return "" if is_path(name) else name or UNNAMED


def answers(path: str, lack: api.DatasetInfo | str) -> bool:
    """Whether a folder or zip is what is lacking: of that name, zipped or not; any where nobody knows the name."""
    if isinstance(lack, api.DatasetInfo) or not lack:
        return False
    return lack == UNNAMED or _bare(path) == _bare(path_of(lack))


def _bare(path: str) -> str:
    return last_part(path).removesuffix(".zip")
