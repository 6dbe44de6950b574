"""Runs the real window offscreen until a tab shows what it is about, and takes its picture."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QObject, QSettings, QTimer, Slot
from PySide6.QtWidgets import QApplication

from genstudio import api, app
from genstudio.cli.headless.terminal import tell_saved
from genstudio.engine import Ended, Failure
from genstudio.errors import sentence
from genstudio.tuning import tune_window
from genstudio.ui.screenshot import grab
from genstudio.ui.theme import theme as app_theme

LOOK_MS = 50  # between two looks whether what belongs to the first picture (strip, map, curves) has come
PATIENCE_MS = 600_000


class Shot(QObject):
    """Watches the events of one tab; ends the event loop once the picture can be taken, or never can."""

    def __init__(self, application: app.Application, tab: str, iterations: int) -> None:
        super().__init__()
        self.window, self.tab, self.iterations = application.window, tab, iterations
        self.error = f"The {tab} tab showed no picture within {PATIENCE_MS // 60_000} minutes."
        self._has_come = self._has_started = False
        self._look, self._patience = QTimer(self), QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._done_if_settled)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(QApplication.quit)
        self._patience.start(PATIENCE_MS)
        application.bridge.event.connect(self._watch)

    @Slot(str, object)
    def _watch(self, slot: str, event: Any) -> None:
        if isinstance(event, Failure):
            self.error = sentence(event.error)
            QApplication.quit()
        elif isinstance(event, api.CatalogEvent) and self.iterations and not self._has_started:
            self._has_started = True
            QTimer.singleShot(0, self._start_run)
        elif self._is_of_page(slot) and self._is_enough(event) and not self._has_come:
            self._has_come = True
            self._look.start()

    def _is_enough(self, event: Any) -> bool:
        if self.iterations:
            return isinstance(event, (api.TrainEvent, api.RaceEvent)) and event.iteration >= self.iterations
        if self.tab in ("diffusion", "samplers"):
            return isinstance(event, Ended)
        if self.tab in ("points", "race", "latent-train", "field", "denoising-train"):  # nothing has been trained
            return isinstance(event, api.CatalogEvent)
        shown = api.PicturesEvent, api.EncodedEvent, api.PathEvent, api.OriginalEvent, api.FactsEvent
        return isinstance(event, shown)

    def _is_of_page(self, slot: str) -> bool:
        return slot.startswith(f"{self.tab}.") or slot == "app.catalog"

    @Slot()
    def _start_run(self) -> None:
        self.window.page(self.tab).start_run()  # type: ignore[attr-defined]

    @Slot()
    def _done_if_settled(self) -> None:
        if self.window.page(self.tab).is_settled():
            self._look.stop()
            self.error = ""
            QApplication.quit()


def shoot(
    out: Path,
    tab: str,
    size: tuple[int, int],
    theme: Literal["dark", "light"],
    iterations: int = 0,
    data_dir: Path | None = None,
) -> None:
    """Write a PNG of the window as a first start shows it; the user's settings are neither read nor changed.

    Raises:
        ValueError: if the tab never showed a picture.
    """
    tune_window()
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        app.make_application(remembers=False)
        app_theme().set_mode(theme)
        application = app.Application(app.make_engines(data_dir))
        window = application.window
        window.keep_no_runs()
        window.resize(*size)
        window.go_to(tab)
        shot = Shot(application, tab, iterations)
        application.show()
        QApplication.exec()
        if not shot.error:
            grab(window, size, out)
            tell_saved(api.SavedEvent(str(out), out.stat().st_size))
        window.close()
    if shot.error:
        raise ValueError(shot.error)
    if not application.all_stopped:  # a lane is still busy; it must not outlive the interpreter
        sys.stdout.flush()
        os._exit(0)
