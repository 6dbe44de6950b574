"""Closing the real window over a run: the process ends with code 0, and the next start finds the run."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from genstudio import api, store
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.threads import THREADS
from genstudio.session import Session
from genstudio.settings import GANSettings, VAESettings

SETTINGS = GANSettings(width=8, latent_dim=4, batch_size=4)
CLOSE = """
import os, sys, threading
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QSettings
QSettings.setDefaultFormat(QSettings.Format.IniFormat)
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, {folder!r})
from genstudio import api, app
from genstudio.settings import GANSettings

class Closer:
    def __init__(self, window):
        self.window, self.page, self.is_closed = window, window.page("gan"), False
        window.bridge.event.connect(self.see)
        window.first_picture.connect(self.start)

    def start(self):
        self.page.controls.form.set_value(GANSettings(width=8, latent_dim=4, batch_size=4))
        self.page.start_run()

    def see(self, slot, event):
        if isinstance(event, api.TrainEvent) and event.iteration >= 100 and not self.is_closed:
            self.is_closed = True
            {before}
            self.window.close()

real = app.Application.show
def show(self):
    real(self)
    self.closer = Closer(self.window)
app.Application.show = show
sys.exit(app.run(tab="gan"))
"""
BEFORE = {
    "training": "pass",
    "put away": "self.page.reset()",
    "stuck": "self.window.bridge.submit('train', 'gan.hold', Hold()); Hold.begun.wait(60)",
}
HOLD = """
class Hold:
    begun = threading.Event()

    def wait(self):
        self.begun.set()
        threading.Event().wait()

from genstudio.session import Session
answer = Session.handle
Session.handle = lambda self, r: r.wait() if isinstance(r, Hold) else answer(self, r)
"""


def close(folder: Path, state: str) -> subprocess.CompletedProcess[str]:
    code = CLOSE.format(folder=str(folder / "settings"), before=BEFORE[state])
    code = code.replace("class Closer", (HOLD if state == "stuck" else "") + "class Closer")
    environment = {**os.environ, "XDG_DATA_HOME": str(folder / "home")}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the user's folder cannot be moved")
@pytest.mark.parametrize("state", ["training", "put away"])
def test_a_run_is_kept_when_the_window_closes_and_goes_on_bit_for_bit(tmp_path: Path, state: str) -> None:
    done = close(tmp_path, state)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    folder = tmp_path / "home" / "genstudio" / "models"
    (path,) = folder.iterdir()
    header = store.read_header(path)
    assert header.iteration >= 100 and path.name == f"last run (strokes, {header.iteration}).safetensors"
    session = Session("play", data_dir=tmp_path, model_dirs=[folder], compute=FLOAT32_CPU)
    (info,) = session.handle(api.CatalogRequest()).catalog.models
    assert info.name == path.stem and info.resumable and info.settings == SETTINGS
    changes = (*header.changes, api.Change(header.iteration, api.THREADS, THREADS))  # the window adapts, this does not
    whole = api.TrainRequest("gan", "strokes", SETTINGS, header.iteration + 1, preview=4, changes=changes)
    weights = []
    for request in (whole, dataclasses.replace(whole, resume=str(path))):
        list(session.stream(request))
        session.handle(api.SaveRequest(str(tmp_path / "x.safetensors")))
        weights.append(load_file(tmp_path / "x.safetensors"))
    assert all(np.array_equal(weights[0][name], weights[1][name]) for name in weights[0])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the user's folder cannot be moved")
@pytest.mark.parametrize("trouble", ["stuck", "no folder"])
def test_a_run_that_cannot_be_kept_does_not_keep_the_window(tmp_path: Path, trouble: str) -> None:
    if trouble == "no folder":
        (tmp_path / "home" / "genstudio").mkdir(parents=True)
        (tmp_path / "home" / "genstudio" / "models").touch()
    done = close(tmp_path, "stuck" if trouble == "stuck" else "training")
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    assert not list(tmp_path.rglob("*.safetensors"))


def test_a_run_kept_on_its_way_replaces_its_own_file_alone(tmp_path: Path) -> None:
    session = Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    settings = VAESettings(latent_dim=2, width=4, batch_size=8)
    other = tmp_path / "mine.safetensors"
    events = session.stream(api.TrainRequest("vae", "strokes", settings, 9, preview=0))
    for _ in range(4):
        next(events)
    session.handle(api.SaveRequest(str(other)))
    first = session.handle(api.KeepRequest())
    next(events)
    second = session.handle(api.KeepRequest(replaces=first.path))
    assert sorted(path.name for path in tmp_path.glob("*.safetensors")) == [Path(second.path).name, other.name]
    next(events)
    session.handle(api.KeepRequest(replaces=str(other)))  # no file that was kept by itself
    assert other.exists() and Path(second.path).exists()
