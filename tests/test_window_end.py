"""The window fits, the next one is as the last one was, and closing always ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FakeSession
from PySide6.QtCore import QRect, QSettings
from window_desk import build, opened

from genstudio.ui.main_window import MainWindow
from genstudio.ui.memory import fitted
from genstudio.ui.theme import theme


@pytest.fixture
def window(qtbot) -> Iterator[MainWindow]:
    """A window on the screen whose first pictures have come."""
    with opened(qtbot, FakeSession()) as made:
        yield made


def test_the_next_window_is_as_the_last_one_was(qtbot, window: MainWindow) -> None:
    window.resize(700, 600)
    window.show_page(2)
    window.page("vae").seed.setValue(42)
    window.page("gan").show_inspector(False)
    theme().set_mode("light")
    window.close()
    again = build(FakeSession())
    qtbot.addWidget(again)
    again.show()
    assert (again.width(), again.height()) == (700, 600)
    assert again.current_page() is again.page("diffusion")
    assert again.page("vae").seed.value() == 42 and not again.page("gan").fold.isChecked()
    assert QSettings().value("theme/mode") == "light"
    again.close()


def test_the_window_fits_on_the_screen_with_its_frame_at_the_first_start_and_later(qtbot) -> None:
    screen = QRect(0, 0, 1440, 900)
    assert fitted(QRect(0, 0, 1440, 900), screen, 8, 40) == QRect(4, 40, 1432, 860)
    assert fitted(QRect(1300, 700, 700, 600), screen, 8, 40) == QRect(736, 300, 700, 600)
    assert fitted(QRect(100, 100, 700, 600), screen, 8, 40) == QRect(100, 100, 700, 600)
    for _ in range(2):
        made = build(FakeSession())
        qtbot.addWidget(made)
        free = made.screen().availableGeometry()
        made.show()
        assert free.contains(made.geometry()) and made.geometry().top() >= free.top()
        made.resize(free.size() * 2)
        made.close()


@pytest.mark.parametrize("stored", ["{", "[1]", json.dumps({"seed": "many"}), json.dumps({"seed": None})])
def test_foreign_settings_do_no_harm(qtbot, stored: str) -> None:
    QSettings().setValue("pages/vae", stored)
    QSettings().setValue("window/geometry", "nonsense")
    QSettings().setValue("window/tab", "elsewhere")
    made = build(FakeSession())
    qtbot.addWidget(made)
    made.show()
    assert made.current_page() is made.page("vae") and made.page("vae").seed.value() == 0
    made.close()


END = """
import os, sys, threading
os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, {tests!r})
from functools import partial
from PySide6.QtCore import QSettings, QTimer
QSettings.setDefaultFormat(QSettings.Format.IniFormat)
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, {folder!r})
import fakes
from genstudio import api, app
from genstudio.engine import Engine
from genstudio.ui import main_window
from window_desk import SmallPage, placed

class Busy(fakes.FakeSession):
    def stream(self, request):
        {state}

main_window.make_places = lambda bridge: placed(*(SmallPage(n, n, bridge) for n in ("vae", "gan", "diffusion")))
app.make_engines = lambda data_dir=None: fakes.makers(Busy())
real = app.Application.show
def show(self):
    real(self)
    self.window.first_picture.connect(self.window.close)
    self.bridge.start("train", "gan.train", None)
app.Application.show = show
sys.exit(app.run())
"""


@pytest.mark.parametrize(
    "state",
    ["while True: yield None", "threading.Event().wait(); yield None", "raise RuntimeError('boom'); yield None"],
    ids=["training", "stuck", "failed"],
)
def test_closing_ends_the_process_with_code_0_in_any_state(tmp_path: Path, state: str) -> None:
    code = END.format(tests=str(Path(__file__).parent), folder=str(tmp_path), state=state)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr


LAST = """
gate = threading.Event()
class Slow(fakes.FakeSession):
    def handle(self, request):
        if request == "step":
            assert gate.wait(60)
        elif isinstance(request, api.DrawingsRequest):
            print("written", *(one.label for one in request.changes), flush=True)
        else:
            return super().handle(request)

def show(self):
    real(self)
    self.window.own.farewell = lambda: {{"io": (api.DrawingsRequest("here", (api.Drawing("cat", 0, None),)),)}}
    self.window.first_picture.connect(self.window.close)
    self.bridge.submit("io", "app.step", "step")
app.make_engines = lambda data_dir=None: fakes.makers(Slow())
app.Application.show = show
closed = app.Application._closed
def late(self, all_stopped):
    print("gone", all_stopped, flush=True)
    {then}
    closed(self, all_stopped)
app.Application._closed = late
app.LAST_S = {patience}
sys.exit(app.run())
"""


def test_drawings_behind_a_long_step_are_written_after_the_window_has_gone(tmp_path: Path) -> None:
    code = END.format(tests=str(Path(__file__).parent), folder=str(tmp_path), state="yield None")
    code = code.replace("sys.exit(app.run())", LAST.format(then="gate.set()", patience=60.0))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0 and done.stdout.splitlines() == ["gone False", "written cat"], done.stderr
    assert "not have been written" not in done.stderr


def test_a_disk_that_never_answers_does_not_hold_the_process_and_that_is_said(tmp_path: Path) -> None:
    code = END.format(tests=str(Path(__file__).parent), folder=str(tmp_path), state="yield None")
    code = code.replace("sys.exit(app.run())", LAST.format(then="pass", patience=0.1))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0 and done.stdout.splitlines() == ["gone False"]
    assert "may not have been written" in done.stderr


def test_ctrl_c_in_the_terminal_closes_the_window(tmp_path: Path) -> None:
    code = END.format(tests=str(Path(__file__).parent), folder=str(tmp_path), state="while True: yield None")
    code = code.replace("connect(self.window.close)", "connect(interrupt)")
    code = "import signal\ndef interrupt(): signal.raise_signal(signal.SIGINT)\n" + code
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr


def test_a_window_at_which_nobody_sits_keeps_no_runs(window: MainWindow) -> None:
    assert all(page.keeps_runs for page in window.pages)
    window.keep_no_runs()
    assert not any(page.keeps_runs for page in window.pages)


SHOWN = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, {tests!r})
from PySide6.QtCore import QSettings
QSettings.setDefaultFormat(QSettings.Format.IniFormat)
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, {folder!r})
import fakes
from genstudio import app
application = app.make_application()
shown = app.Application(fakes.makers())
shown.show()
print([m for m in ("torch", "pyqtgraph", "superqt", "PIL") if m in sys.modules])
shown.window.close()
"""


def test_the_window_is_shown_without_what_takes_long_to_import(tmp_path: Path) -> None:
    code = SHOWN.format(tests=str(Path(__file__).parent), folder=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
