"""Builds the application: the window first, and behind it three lanes whose sessions import torch, and one that watches
runs."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from PySide6.QtCore import (
    QAbstractNativeEventFilter,
    QByteArray,
    QMessageLogContext,
    QObject,
    QSettings,
    QSocketNotifier,
    QTimer,
    QtMsgType,
    Signal,
    Slot,
    qFormatLogMessage,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from genstudio import __version__
from genstudio.engine import Engine
from genstudio.tuning import tune_window
from genstudio.ui.bridge import Bridge, MakeEngine
from genstudio.ui.garbage import Garbage
from genstudio.ui.main_window import MainWindow
from genstudio.ui.theme import theme

LANES = ("play", "train", "io")
SCREEN_LOST = "connection broke"  # Qt says so of X11 and of Wayland, and then ends the process in its own way
PATIENCE_S = 2.5  # for keeping a run after that
LAST_S = 60.0  # for writing what would be lost, after the window has gone
NOT_WRITTEN = "The disk or the network did not answer: what was drawn or trained last may not have been written.\n"
X_EVENT, X_DESTROYED = b"xcb_generic_event_t", 17  # DestroyNotify: its first byte, its window in bytes 8 to 12


def make_session(lane: str, data_dir: Path | None = None) -> Any:
    """A lane's session, with torch; called on the lane's own thread."""
    from genstudio.session import Session

    return Session(lane, data_dir=data_dir, adapts="OMP_NUM_THREADS" not in os.environ)


def make_watcher() -> Any:
    """What looks at the folders of runs, on a lane of its own: a share that hangs holds up nothing else."""
    from genstudio.session.run_watch import RunWatcher

    return RunWatcher()


def make_engines(data_dir: Path | None = None) -> dict[str, MakeEngine]:
    """How each lane's engine is made; on Apple's MPS, which crashes with two threads, play and train share one."""

    def make(on_wake: Callable[[], None], lane: str) -> Engine:
        return Engine(partial(make_session, lane, data_dir), on_wake, name=lane)

    makers: dict[str, MakeEngine] = {lane: partial(make, lane=lane) for lane in LANES}
    makers["watch"] = lambda on_wake: Engine(make_watcher, on_wake, name="watch")
    if sys.platform == "darwin":
        makers["train"] = makers["play"]
    return makers


def make_application(argv: list[str] | None = None, *, remembers: bool = True) -> QApplication:
    """The QApplication with its name, settings and theme; without `remembers` nothing of the user's is read."""
    app = QApplication.instance() or QApplication(argv or sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("GenStudio")
    app.setApplicationDisplayName("GenStudio")
    app.setOrganizationName("GenStudio")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("genstudio")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    settings = QSettings()
    mode = str(settings.value("theme/mode", "system")) if remembers else "system"
    try:
        scale = float(str(settings.value("theme/scale", 1.0))) if remembers else 1.0
    except ValueError:
        scale = 1.0
    theme().start(mode if mode in ("system", "dark", "light") else "system", scale)  # type: ignore[arg-type]
    return app


class Signals(QObject):
    """Ctrl+C in the terminal, and SIGTERM, reach the event loop through a socket, since Python only notes them."""

    arrived = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._ours, self._theirs = socket.socketpair()
        for end in (self._ours, self._theirs):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._before = signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _do_nothing)

    def close(self) -> None:
        """Give the sockets back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        self._ours.close()
        self._theirs.close()

    @Slot()
    def _read(self) -> None:
        self._ours.recv(64)
        self.arrived.emit()


def _do_nothing(number: int, frame: FrameType | None) -> None:
    """The socket has it already."""


class Destroyed(QAbstractNativeEventFilter):
    """Another program may destroy the window on an X server (`xdotool windowclose`). Qt does not notice; this does."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> tuple[bool, int]:
        """Close what is no longer there, so that all is kept and the process ends."""
        if kind == X_EVENT and ctypes.string_at(int(message), 1)[0] == X_DESTROYED:
            which = int.from_bytes(ctypes.string_at(int(message) + 8, 4), sys.byteorder)
            if self._window.isVisible() and which == self._window.winId():
                QTimer.singleShot(0, self._window.close)
        return False, 0


class Application(QObject):
    """Window, bridge and how they end; meanwhile nothing is collected but on the window's thread."""

    def __init__(self, makers: Mapping[str, MakeEngine]) -> None:
        super().__init__()
        self.all_stopped = True
        self.garbage = Garbage(self)
        self.bridge = Bridge(makers)
        self.window = MainWindow(self.bridge)
        self.window.closed.connect(self._closed)
        self.window.spare_time.done.connect(self.garbage.keep)

    def show(self) -> None:
        """Put the window on the screen; the lanes wake after it is painted."""
        self.window.show()
        QTimer.singleShot(0, self.window.begin)

    @Slot(bool)
    def _closed(self, all_stopped: bool) -> None:
        self.all_stopped = all_stopped
        if all_stopped:
            self.garbage.stop()
        QApplication.quit()

    def watch_screen(self) -> None:
        """From now on the process ends by itself when the screen or the window on it is gone."""
        qInstallMessageHandler(self._hear)
        app = QApplication.instance()
        if app is not None and QGuiApplication.platformName() == "xcb":
            self._destroyed = Destroyed(self.window)
            app.installNativeEventFilter(self._destroyed)

    def _hear(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        """What Qt says goes to stderr. After a lost screen nothing of Qt may be called any more: its own way is
        `exit`, which tears down the libraries under the lanes that still compute, and may hang or crash.
        """
        sys.stderr.write(qFormatLogMessage(kind, context, text) + "\n")
        if SCREEN_LOST not in text:
            return
        guard = threading.Timer(PATIENCE_S, os._exit, (1,))
        guard.daemon = True
        guard.start()
        try:
            self.window.stop_lanes()
            sys.stderr.write("The screen is gone, so GenStudio has ended.\n")
            sys.stderr.flush()
        finally:
            os._exit(1)

    def complain(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """An error in the window itself: a sentence, its traceback under Details."""
        text = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(text)
        self.window.bar.show_error(f"Something went wrong in the window ({kind.__name__}); it goes on.", text)


def run(data_dir: Path | None = None, tab: str = "") -> int:
    """Open the window and stay until it is closed; the process may be ended by it if a lane does not stop."""
    tune_window()
    if sys.platform == "win32":
        import torch  # noqa: F401  # its libraries must be loaded before Qt's
    app = make_application()
    application = Application(make_engines(data_dir))
    sys.excepthook = application.complain
    if tab:
        application.window.go_to(tab)
    signals = Signals()
    signals.arrived.connect(application.window.close)
    application.watch_screen()
    application.show()
    code = app.exec()
    qInstallMessageHandler(None)
    signals.close()
    if not application.all_stopped:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C a second time does not wait
        if not application.bridge.finish(LAST_S):
            sys.stderr.write(NOT_WRITTEN)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code
