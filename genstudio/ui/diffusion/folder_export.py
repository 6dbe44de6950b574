"""The entry of the export menu that writes the model itself, as a folder that diffusers reads."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from genstudio.api import ExportFolderRequest
from genstudio.files import free_path
from genstudio.ui.theme import icon, theme
from genstudio.ui.widgets import export_memory
from genstudio.ui.widgets.tempo import Tempo

ENTRY = "Model as a diffusers folder…"
HELP = "The network (UNet2DModel), its noise levels, and a note on how to draw with it in Python"
OTHERS = "Only a DDPM can be written as a diffusers folder"
WRITTEN = ("ddpm", "unet2d")  # families


class FolderExport(QObject):
    """Puts the entry into a menu. `offered` says what it would write, with a name in place of the path, or None."""

    requested = Signal(object)  # an ExportFolderRequest

    def __init__(
        self, tempo: Tempo, offered: Callable[[], ExportFolderRequest | None], before: QAction | None = None
    ) -> None:
        super().__init__(tempo)
        self._tempo, self._offered = tempo, offered
        menu = tempo.export.menu()
        menu.setToolTipsVisible(True)
        self.action = QAction(ENTRY, menu)
        menu.insertAction(before or tempo.copy_action, self.action)
        menu.aboutToShow.connect(self.show_offered)
        self.action.triggered.connect(self._choose)
        theme().changed.connect(self._restyle)
        self._restyle()

    @Slot()
    def show_offered(self) -> None:
        """It can be chosen where there is a DDPM."""
        has_one = self._offered() is not None
        self.action.setEnabled(has_one)
        self.action.setToolTip(HELP if has_one else OTHERS)

    @Slot()
    def _choose(self) -> None:
        """Ask where, and want it written there."""
        request = self._offered()
        if request is None:
            return
        start = str(free_path(export_memory.folder() / request.path))
        path, _ = QFileDialog.getSaveFileName(self._tempo.window(), "Export as a diffusers folder", start)
        if path:
            self.requested.emit(dataclasses.replace(request, path=path))

    @Slot()
    def _restyle(self) -> None:
        self.action.setIcon(icon("folder", theme().colors.text))
