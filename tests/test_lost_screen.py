"""The process ends by itself when the screen of its window is gone, or the window itself."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from genstudio import app

class Told(app.MainWindow):
    def stop_lanes(self):
        print("stopped", super().stop_lanes(), flush=True)

show = app.Application.show
def shown(self):
    show(self)
    QTimer.singleShot(100, lambda: print("shown", int(self.window.winId()), flush=True))

app.MainWindow, app.Application.show = Told, shown
sys.exit(app.run())
"""


needs_a_server = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs an X server that may be killed")


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """An X server of its own, and its name."""
    made = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "900x700x24"], stdout=subprocess.PIPE, text=True
    )
    assert made.stdout is not None
    yield made, f":{made.stdout.readline().strip()}"
    made.kill()
    made.communicate()


def shown(screen: str, home: Path) -> tuple[subprocess.Popen[str], int]:
    """The program with its window on that screen, and the number of the window."""
    screens = {"DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"}
    homes = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, **screens, **homes},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    word, _, number = process.stdout.readline().partition(" ")
    if word != "shown":
        process.kill()
        raise AssertionError(process.communicate()[1])
    return process, int(number)


@needs_a_server
def test_a_lost_screen_ends_the_process_after_the_lanes(tmp_path: Path, server) -> None:
    process, _ = shown(server[1], tmp_path)
    try:
        server[0].kill()
        out, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert out.startswith("stopped") and process.returncode == 1, errors
    assert errors.rstrip().endswith("The screen is gone, so GenStudio has ended.")
    assert "terminate called" not in errors and "Traceback" not in errors


@needs_a_server
@pytest.mark.skipif(ctypes.util.find_library("X11") is None, reason="needs a way to destroy the window of another")
def test_a_window_that_another_program_destroys_is_closed(tmp_path: Path, server) -> None:
    process, number = shown(server[1], tmp_path)
    x11 = ctypes.CDLL(ctypes.util.find_library("X11"))
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(server[1].encode()))
    try:
        x11.XDestroyWindow(display, ctypes.c_ulong(number))
        x11.XCloseDisplay(display)
        out, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert out.startswith("stopped") and process.returncode == 0, errors
    assert list(tmp_path.rglob("GenStudio.*")), "the settings are kept"
