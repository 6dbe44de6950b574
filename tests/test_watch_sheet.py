"""The window watches a run's folder: what is seen as it is written step by step, and by a real run beside it."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fakes import MODELS, FakeSession, makers
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from watch_desk import Writer, cut
from window_desk import SmallPage, drop_of, placed

from genstudio import api, app
from genstudio.core.compute import default_compute
from genstudio.engine import Failure
from genstudio.session.models import ModelShelf
from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import MainWindow
from genstudio.ui.watch_run import desk as watching
from genstudio.ui.watch_run import words
from genstudio.ui.watch_run.sheet import WatchSheet

PATIENCE_MS = 120_000  # for a process that begins on a machine that is busy


@pytest.fixture
def session() -> FakeSession:
    """What answers on every lane but that which watches."""
    return FakeSession()


@pytest.fixture
def window(qtbot, session: FakeSession, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """A window on the screen whose first pictures have come; it looks at folders ten times a second."""
    monkeypatch.setattr(watching, "EVERY_S", 0.1)
    bridge = Bridge(makers(session) | {"watch": app.make_engines()["watch"]})
    titles = {"vae": "Latent space", "gan": "Adversarial game", "diffusion": "Denoising"}
    made = MainWindow(bridge, placed(*(SmallPage(name, title, bridge) for name, title in titles.items())))
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(made.first_picture):
        made.begin()
    yield made
    made.close()


@pytest.fixture
def run(tmp_path: Path) -> Writer:
    """A folder in which nothing has been written yet."""
    return Writer(tmp_path / "first")


def watch(window: MainWindow, folder: Path) -> WatchSheet:
    """As if the folder had been chosen."""
    window.watched.watch(str(folder))
    return window.watched.sheet


def press(window: MainWindow) -> None:
    """Ctrl+R."""
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)


def said(sheet: WatchSheet) -> str:
    """What stands in the place of the pictures."""
    return sheet.stage._label.text() if sheet.stage._label.isVisible() else ""


def status(sheet: WatchSheet) -> str:
    return sheet.status.text() if sheet.status.isVisible() else ""


def grey(sheet: WatchSheet) -> int:
    """The grey level of the samples that are seen; -1 without any."""
    pictures = sheet.stage.pictures()
    return -1 if pictures is None or said(sheet) else int(pictures[0, 0, 0, 0])


def test_a_run_is_followed_from_its_first_line_to_its_end(qtbot, window: MainWindow, run: Writer) -> None:
    sheet = watch(window, run.folder)
    qtbot.waitUntil(lambda: said(sheet).startswith("Nothing has been written into first yet."))
    assert not sheet.facts.isVisible() and not sheet.plots.plots
    run.describe()
    run.rows(1, 2, end="")
    qtbot.waitUntil(lambda: sheet.facts.isVisible() and sheet.facts.texts()[0] == "1")
    assert said(sheet).startswith("There are no samples yet.") and "Variational autoencoder" in sheet.about.text()
    assert "2 processes" in sheet.about.text() and "The run goes on." in status(sheet)
    whole = cut(run.sample(2))
    run.rows(end="\n")
    run.rows(3)
    qtbot.waitUntil(lambda: sheet.facts.texts()[0] == "3")
    assert grey(sheet) == -1, "half a picture is not shown"
    assert len(sheet.plots.plots[0].buffer) == 3 and sheet.progress.value() == 0.03 * sheet.progress.maximum()
    (run.folder / "samples" / "000002.png").write_bytes(whole)
    qtbot.waitUntil(lambda: grey(sheet) == 2)
    assert sheet.stage.pictures().shape == (4, 8, 8, 1) and sheet.moment.text() == "iteration 2 · the newest"
    path = run.checkpoint(3)
    whole = cut(path)
    run.rows(4)
    qtbot.waitUntil(lambda: sheet.facts.texts()[0] == "4")
    assert sheet.files.count() == 0 and sheet.no_files.isVisible()
    path.write_bytes(whole)
    qtbot.waitUntil(lambda: sheet.files.count() == 1)
    assert sheet.files.item(0).text().startswith("Iteration 3") and not sheet.no_files.isVisible()
    run.describe(4, "ended")
    qtbot.waitUntil(lambda: "has come to its <b>end</b>" in status(sheet))
    assert sheet.facts.texts()[1:3] == [words.NONE, words.NONE]


def test_the_samples_of_the_past_are_looked_at_and_the_newest_are_followed(
    qtbot, window: MainWindow, run: Writer
) -> None:
    run.describe()
    run.rows(*range(1, 31))
    for iteration in (10, 20, 30):
        run.sample(iteration)
    sheet = watch(window, run.folder)
    qtbot.waitUntil(lambda: grey(sheet) == 30)
    sheet.scrubber.setFocus()
    QTest.keyClick(sheet.scrubber, Qt.Key.Key_Home)
    assert grey(sheet) == 10 and sheet.moment.text() == "iteration 10"
    assert sheet.plots.plots[0].panel.cursor_x() == 10
    run.sample(40)
    qtbot.waitUntil(lambda: len(sheet.run.history) == 4)
    assert grey(sheet) == 10, "what comes does not take away what is looked at"
    QTest.keyClick(sheet.scrubber, Qt.Key.Key_End)
    assert grey(sheet) == 40 and sheet.plots.plots[0].panel.cursor_x() is None
    run.sample(50)
    qtbot.waitUntil(lambda: grey(sheet) == 50)
    sheet.plots.plots[0].picked.emit(18.0)
    assert grey(sheet) == 20


def test_a_folder_that_vanishes_is_said_to_have_and_is_followed_on_when_it_is_back(
    qtbot, window: MainWindow, run: Writer
) -> None:
    run.describe()
    run.rows(1)
    run.sample(1)
    run.checkpoint(1)
    sheet = watch(window, run.folder)
    qtbot.waitUntil(lambda: grey(sheet) == 1 and sheet.files.count() == 1 and sheet.files.isEnabled())
    sheet.files.setFocus()
    away = run.folder.rename(run.folder.with_name("away"))
    qtbot.waitUntil(lambda: "The folder has vanished." in status(sheet))
    assert grey(sheet) == 1 and sheet.facts.texts() == ["1", *[words.NONE] * 3], "what was read stays"
    assert sheet.files.count() == 1 and not sheet.files.isEnabled(), "no checkpoint can be opened now"
    assert sheet.isAncestorOf(QApplication.focusWidget()), "the keyboard does not fall to the page behind"
    away.rename(run.folder)
    run.rows(2)
    qtbot.waitUntil(lambda: sheet.facts.texts()[0] == "2" and "The run goes on." in status(sheet))
    assert len(sheet.plots.plots[0].buffer) == 2 and sheet.files.isEnabled()


def test_a_folder_that_the_run_has_made_again_takes_no_curve_and_no_sample_away(
    qtbot, window: MainWindow, run: Writer
) -> None:
    run.describe()
    run.rows(*range(1, 6))
    run.sample(5)
    run.checkpoint(5)
    sheet = watch(window, run.folder)
    qtbot.waitUntil(lambda: grey(sheet) == 5 and sheet.files.count() == 1)
    shutil.rmtree(run.folder)
    again = Writer(run.folder)
    again.describe()
    again.rows(6, 7)
    qtbot.waitUntil(lambda: sheet.facts.texts()[0] == "7" and "and made again" in status(sheet))
    assert grey(sheet) == 5 and len(sheet.plots.plots[0].buffer) == 7
    assert sheet.files.count() == 0 and sheet.no_files.text() == words.NO_MORE_CHECKPOINTS


def test_a_look_that_fails_takes_nothing_away_and_another_one_follows(
    qtbot, window: MainWindow, run: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "AGAIN_S", 0.0)
    run.describe()
    run.rows(1)
    run.sample(1)
    sheet = watch(window, run.folder)
    qtbot.waitUntil(lambda: grey(sheet) == 1 and sheet.facts.texts()[0] == "1")
    window.bridge.cancel("watch", "app.watch_run")
    window.watched.handle(Failure(RuntimeError("odd"), ""))
    assert grey(sheet) == 1 and sheet.facts.texts()[0] == "1", "what was read stays"
    assert "odd" in status(sheet) and "It is looked at again in 5 s." in status(sheet)
    run.rows(2)
    run.sample(2)
    qtbot.waitUntil(lambda: grey(sheet) == 2 and "The run goes on." in status(sheet))
    assert len(sheet.plots.plots[0].buffer) == 2 and len(sheet.run.history) == 2, "nothing is told twice"


def test_a_look_that_fails_at_once_is_a_sentence_with_a_way_on(qtbot, window: MainWindow, run: Writer) -> None:
    sheet = watch(window, run.folder)
    window.bridge.cancel("watch", "app.watch_run")
    window.watched.handle(Failure(RuntimeError("odd"), ""))
    assert "odd" in said(sheet) and sheet.stage._button.isVisible()
    sheet.dismiss()
    assert not window.watched._again.isActive(), "nobody looks while it is closed"


def test_another_log_in_the_folder_begins_the_curves_anew(qtbot, window: MainWindow, run: Writer) -> None:
    run.describe()
    run.rows(1, 2, 3)
    run.sample(3)
    sheet = watch(window, run.folder)
    qtbot.waitUntil(lambda: grey(sheet) == 3)
    other = Writer(run.folder, "gan", goal=0)
    (run.folder / "samples" / "000003.png").unlink()
    (run.folder / "metrics.jsonl").unlink()
    other.describe()
    other.rows(1)
    qtbot.waitUntil(lambda: sheet.facts.texts()[0] == "1" and len(sheet.plots.plots) == 2)
    assert grey(sheet) == -1 and "DCGAN" in sheet.about.text()
    assert not sheet.progress.isVisible(), "it runs until it is stopped"
    assert [len(plot.buffer) for plot in sheet.plots.plots] == [1, 1]


@pytest.mark.parametrize(
    ("family", "titles"), [("ddpm", ["Loss"]), ("ae", ["Mean squared error"]), ("gan", ["Loss", "How"])]
)
def test_each_family_has_the_curves_of_its_page(
    qtbot, window: MainWindow, tmp_path: Path, family: str, titles: list[str]
) -> None:
    run = Writer(tmp_path / "x", family)
    run.describe()
    (run.folder / "metrics.jsonl").write_text(
        '{"iteration": 1, "mse": 0.1, "loss": 1, "d_loss": 1, "g_loss": 2, "d_real": 0.5, "d_fake": 0.5}\n'
    )
    sheet = watch(window, run.folder)
    qtbot.waitUntil(lambda: bool(sheet.plots.plots) and len(sheet.plots.plots[-1].buffer) == 1)
    assert all(
        plot.panel.accessibleName().startswith(title) for plot, title in zip(sheet.plots.plots, titles, strict=True)
    )


def test_a_checkpoint_opens_with_a_click_or_with_enter_as_a_dropped_model_does(
    qtbot, window: MainWindow, session: FakeSession, run: Writer
) -> None:
    run.describe()
    paths = [run.checkpoint(iteration, kept=True) for iteration in (10, 20)]
    sheet = watch(window, run.folder)
    qtbot.waitUntil(lambda: sheet.files.count() == 2)
    spot = sheet.files.visualItemRect(sheet.files.item(0)).center()
    QTest.mouseClick(sheet.files.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.waitUntil(lambda: api.LoadRequest(str(paths[1])) in session.requests)
    assert not sheet.isVisible()
    press(window)
    qtbot.waitUntil(lambda: sheet.isVisible() and sheet.files.count() == 2)
    sheet.files.setFocus()
    sheet.files.setCurrentRow(1)
    QTest.keyClick(sheet.files, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: api.LoadRequest(str(paths[0])) in session.requests)


def test_a_checkpoint_that_is_gone_is_a_sentence_and_the_run_stays_in_sight(
    qtbot, window: MainWindow, session: FakeSession, run: Writer
) -> None:
    run.describe()
    path = run.checkpoint(10, kept=True)
    sheet = watch(window, run.folder)
    qtbot.waitUntil(lambda: sheet.files.count() == 1)
    path.unlink()
    sheet.checkpoint_wanted.emit(str(path))
    qtbot.waitUntil(lambda: f"The checkpoint {path.name} is no longer there" in window.bar.text())
    assert sheet.isVisible()
    assert api.LoadRequest(str(path)) not in session.requests


def test_a_checkpoint_on_a_share_that_hangs_hangs_no_window(
    qtbot, window: MainWindow, session: FakeSession, run: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.describe()
    path = run.checkpoint(10, kept=True)
    sheet = watch(window, run.folder)
    qtbot.waitUntil(lambda: sheet.files.count() == 1)
    real, threads = os.stat, []

    def seen(place: Any, *args: Any, **words: Any) -> os.stat_result:
        if str(place) == str(path):
            threads.append(threading.current_thread())
        return real(place, *args, **words)

    monkeypatch.setattr(os, "stat", seen)
    sheet.checkpoint_wanted.emit(str(path))
    qtbot.waitUntil(lambda: api.LoadRequest(str(path)) in session.requests)
    assert threading.main_thread() not in threads and not sheet.isVisible()


def test_a_checkpoint_opens_in_the_tab_of_its_family_also_from_a_page_that_takes_any(window: MainWindow) -> None:
    info = dataclasses.replace(MODELS[0], name="at-10", path="runs/at-10.safetensors")
    for checkpoint, where in (("", "gan"), (info.path, "vae")):
        window.show_page(1)
        here = window.current_page()
        here.takes, here.offer_model = lambda info: True, lambda path: True
        window.checkpoint = checkpoint
        window._opened(info)
        assert window.current_page().name == where, "dropped it stays, from a run it goes home"


def test_without_a_folder_it_says_what_to_do_and_the_chosen_one_is_remembered(
    qtbot, window: MainWindow, run: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.describe()
    run.rows(1)
    press(window)
    sheet = window.watched.sheet
    assert sheet.isVisible() and "--log-dir" in said(sheet)
    assert sheet.stage._button.hasFocus() and not sheet.choose.isVisible()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    QTest.mouseClick(sheet.stage._button, Qt.MouseButton.LeftButton)
    assert "--log-dir" in said(sheet), "nothing was chosen"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(run.folder))
    QTest.mouseClick(sheet.stage._button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sheet.facts.isVisible() and sheet.title.text() == "first")
    assert sheet.choose.isVisible() and sheet.isAncestorOf(QApplication.focusWidget())
    press(window)
    assert not sheet.isVisible()
    run.rows(2)
    press(window)
    qtbot.waitUntil(lambda: sheet.isVisible() and sheet.facts.isVisible() and sheet.facts.texts()[0] == "2")
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_nobody_looks_while_the_sheet_is_closed(
    qtbot, window: MainWindow, run: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.describe()
    sheet = watch(window, run.folder)
    qtbot.waitUntil(lambda: sheet.facts.isVisible())
    cancelled: list[str] = []
    monkeypatch.setattr(window.bridge, "cancel", lambda lane, slot: cancelled.append(f"{lane} {slot}"))
    sheet.dismiss()
    assert cancelled == ["watch app.watch_run"] and not sheet._clock.isActive()


def test_the_folder_of_a_run_is_watched_when_it_is_dropped(qtbot, window: MainWindow, run: Writer) -> None:
    run.describe()
    assert window.desk.take(drop_of(run.folder))
    qtbot.waitUntil(lambda: window.watched.sheet.facts.isVisible())
    assert not window.own.inside.isVisible()


def test_a_folder_of_something_else_is_a_sentence_with_a_way_on(qtbot, window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    sheet = watch(window, tmp_path)
    qtbot.waitUntil(lambda: "is not the folder of a run" in said(sheet))
    assert sheet.stage._button.text() == words.CHOOSE
    sheet = watch(window, tmp_path / "none")
    qtbot.waitUntil(lambda: said(sheet).startswith("There is no file or folder"))
    Writer(tmp_path / "none").describe()
    qtbot.waitUntil(lambda: sheet.facts.isVisible())
    assert not sheet.stage._button.isVisible()


def test_silence_is_remarked_on_and_so_is_a_share_that_hangs(qtbot, window: MainWindow, run: Writer) -> None:
    run.describe(50, seconds=10.0)
    run.rows(*range(1, 51))
    sheet = watch(window, run.folder)
    qtbot.waitUntil(lambda: sheet.facts.isVisible() and sheet.facts.texts()[0] == "50")
    window.bridge.cancel("watch", "app.watch_run")
    event = sheet._event
    assert event is not None and event.progress is not None
    assert sheet.facts.texts()[1:] == ["5.00", "10 s", "just now"]
    sheet.show_event(dataclasses.replace(event, silent_s=190.0))
    assert "Nothing has been written for 3 min 10 s." in status(sheet)
    assert sheet.facts.texts()[1:] == [words.NONE, words.NONE, "3 min ago"]
    slow = dataclasses.replace(event.progress, iterations_per_s=0.05)
    sheet.show_event(dataclasses.replace(event, silent_s=190.0, progress=slow))
    assert "The run goes on." in status(sheet), "an iteration takes that long"
    sheet._looked -= 30
    sheet._show_times()
    assert "has not answered for 30 s" in status(sheet)


def test_it_lies_within_a_small_window_and_every_control_has_the_keyboard(
    qtbot, window: MainWindow, run: Writer
) -> None:
    run.describe()
    run.rows(1)
    run.sample(1)
    run.sample(2)
    run.checkpoint(1)
    window.resize(1024, 768)
    sheet = watch(window, run.folder)
    qtbot.waitUntil(lambda: sheet.files.count() == 1 and grey(sheet) == 2)
    assert window.body.rect().contains(sheet.geometry())
    for part in (sheet.facts, sheet.status, sheet.stage, sheet.plots, sheet.files, sheet.scrubber):
        assert part.width() > 0 and sheet.rect().contains(part.mapTo(sheet, part.rect().center()))
    reached = {QApplication.focusWidget()}
    for _ in range(20):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert {sheet.choose, sheet.stage, sheet.scrubber, sheet.files} <= reached


def test_a_real_run_is_watched_while_it_goes_on(qtbot, window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / "real"
    folder.mkdir()
    sheet = watch(window, folder)
    qtbot.waitUntil(lambda: said(sheet).startswith("Nothing has been written"))
    with training(folder) as process:
        qtbot.waitUntil(lambda: sheet.files.count() > 0 and len(sheet.run.history) > 1, timeout=PATIENCE_MS)
        first = sheet.run.iteration
        qtbot.waitUntil(lambda: sheet.run.iteration > first, timeout=PATIENCE_MS)
        assert process.poll() is None and "The run goes on." in status(sheet)
        assert sheet.run.history[0].iteration == 10 and sheet.stage.pictures().shape == (16, 28, 28, 1)
        process.send_signal(signal.SIGINT)
        qtbot.waitUntil(lambda: "<b>stopped</b>" in status(sheet), timeout=PATIENCE_MS)
    newest = sheet.files._files[0]
    assert newest.iteration == sheet.run.iteration == len(sheet.plots.plots[0].buffer)
    model = ModelShelf((), default_compute()).get(newest.path)
    assert (model.info.family, model.info.dataset, model.info.iteration) == ("vae", "strokes", newest.iteration)


@contextmanager
def training(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`genstudio train` into a folder, in a process of its own, until it is stopped."""
    words = ["train", "vae", "--dataset", "strokes", "--iterations", "0", "--log-dir", str(folder)]
    tiny = ["--latent-dim", "2", "--width", "8", "--batch-size", "8", "--samples-every", "10", "--save-every", "20"]
    own = {"OMP_NUM_THREADS": "1", "GENSTUDIO_DEVICE": "cpu", "GENSTUDIO_PRECISION": "float32"}
    process = subprocess.Popen(
        [sys.executable, "-m", "genstudio", *words, *tiny], env=os.environ | own, stderr=subprocess.PIPE
    )
    try:
        yield process
        _, errors = process.communicate(timeout=PATIENCE_MS / 1000)
        assert process.returncode == 0, errors.decode()
    finally:
        process.kill()
        process.communicate()


def test_a_folder_that_never_answers_is_said_not_to(qtbot, window: MainWindow) -> None:
    sheet = window.watched.sheet
    sheet.show_over(window.body)
    sheet.begin("/far/away")
    assert said(sheet) == "Looking into away …"
    sheet._looked -= 30
    sheet._show_times()
    assert said(sheet) == "away has not answered for 30 s: a share may be slow, or gone."


def test_why_nobody_looks_any_more_stays_said(qtbot, window: MainWindow, run: Writer) -> None:
    run.describe()
    sheet = watch(window, run.folder)
    qtbot.waitUntil(lambda: sheet.facts.isVisible())
    window.bridge.cancel("watch", "app.watch_run")
    window.watched.handle(Failure(OSError(5, "Input/output error"), ""))
    before = status(sheet)
    assert "Input/output error" in before and sheet.choose.isVisible()
    sheet._looked -= 30
    sheet._show_times()
    assert status(sheet) == before, "and not that the folder does not answer"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.4, "just now"),
        (59.9, "59 s ago"),
        (60, "1 min ago"),
        (3600, "1 h ago"),
        (1e5, "27 h ago"),
        (1e6, "11 days ago"),
    ],
)
def test_how_long_ago_it_was_is_said_in_one_unit(seconds: float, said: str) -> None:
    assert words.ago(seconds) == said
