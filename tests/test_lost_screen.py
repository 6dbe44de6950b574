"""The process ends by itself when the screen of its window is gone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
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
    QTimer.singleShot(100, lambda: print("shown", flush=True))

app.MainWindow, app.Application.show = Told, shown
sys.exit(app.run())
"""


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs an X server that may be killed")
def test_a_lost_screen_ends_the_process_after_the_lanes(tmp_path: Path) -> None:
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "900x700x24"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    screens = {"DISPLAY": f":{server.stdout.readline().strip()}", "QT_QPA_PLATFORM": "xcb"}
    homes = {name: str(tmp_path) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, **screens, **homes},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "shown\n"
        server.kill()
        out, errors = process.communicate(timeout=60)
    finally:
        for one in (process, server):
            one.kill()
        server.communicate()
    assert out.startswith("stopped") and process.returncode == 1, errors
    assert errors.rstrip().endswith("The screen is gone, so GenStudio has ended.")
    assert "terminate called" not in errors and "Traceback" not in errors
