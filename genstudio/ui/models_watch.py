"""Notices that models may have come into their folder, or gone, while the window is open."""

from __future__ import annotations

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

PAUSE_MS = 300  # files that come together are looked for once


class ModelsWatch(QObject):
    """Tells when to look: the folder has changed, or one comes back to the program, as after a command in a terminal.

    The second finds what the first cannot, a file that was still being copied and a folder on another machine. It
    reads nothing itself. Lives on the window thread.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._was_away = False
        self._folders = QFileSystemWatcher(self)
        self._folders.directoryChanged.connect(self._wait)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.changed)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self._notice)

    def set_folder(self, folder: str) -> None:
        """Watch this one and no other; one that is not there yet may be told again. "" watches none."""
        others = [path for path in self._folders.directories() if path != folder]
        if others:
            self._folders.removePaths(others)
        if folder and folder not in self._folders.directories():
            self._folders.addPath(folder)

    def stop(self) -> None:
        """Tell nothing more."""
        self.set_folder("")
        self._pause.stop()
        self.blockSignals(True)

    @Slot(str)
    def _wait(self, _folder: str) -> None:
        self._pause.start()

    @Slot(Qt.ApplicationState)
    def _notice(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive:
            self._was_away = True
        elif self._was_away:
            self._was_away = False
            self._pause.start()
