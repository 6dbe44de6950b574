"""The window: events find their page, keys do what the sheet says, files go in and out, closing always ends."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import CATALOG, FakeSession, makers
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QTabBar, QWidget

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import MainWindow
from genstudio.ui.memory import fitted
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.theme import theme
from genstudio.ui.widgets.form import IntBox
from genstudio.ui.widgets.slider import Slider
from genstudio.ui.widgets.stage import Stage


class SmallPage(TabPage):
    """A page with one number and one stage, that notes what the window asks of it."""

    def __init__(self, name: str, title: str, bridge: Bridge) -> None:
        super().__init__(name, title, bridge)
        self.notes: list[Any] = []
        self.stage = Stage()
        self.stage_area.addWidget(self.stage)
        self.seed = IntBox(0, 1000, 0)
        self.inspector.add_section("Ask for").add_row("Seed", self.seed, "The same seed gives the same pictures.")
        self.seed.valueChanged.connect(self.remember)
        self.export_target: Any = None

    def handle(self, verb: str, event: Any) -> None:
        self.notes.append((verb, type(event).__name__))
        if isinstance(event, api.PicturesEvent):
            self.stage.set_pictures(event.images)

    def activate(self) -> None:
        self.notes.append("activate")
        self.ask("play", "sample", api.SampleRequest(f"mnist-{self.name}", self.seed.value(), 4))

    def deactivate(self) -> None:
        self.notes.append("deactivate")

    def parameters(self) -> dict[str, Any]:
        return {"seed": self.seed.value()}

    def set_parameters(self, values: dict[str, Any]) -> None:
        self.seed.setValue(int(values.get("seed", 0)))

    def export_source(self) -> Any:
        return self.export_target

    export_film_source = export_source

    def restore(self, event: api.RestoredEvent) -> None:
        self.notes.append(("restore", event.source))

    def random(self) -> None:
        self.notes.append("random")

    def step(self, direction: int) -> None:
        self.notes.append(("step", direction))

    def toggle_play(self) -> None:
        self.notes.append("play")

    def offer_dataset(self, path: str) -> bool:
        self.notes.append(("dataset", path))
        return self.name == "gan"

    def offer_picture(self, picture: Any) -> bool:
        self.notes.append(("picture", picture.shape))
        return True


def build(session: FakeSession) -> MainWindow:
    """A window of three small pages on real engines."""
    bridge = Bridge(makers(session))
    titles = {"vae": "Latent space", "gan": "Adversarial game", "diffusion": "Denoising"}
    return MainWindow(bridge, [SmallPage(name, title, bridge) for name, title in titles.items()])


@pytest.fixture
def session() -> FakeSession:
    """What answers on every lane."""
    return FakeSession()


@pytest.fixture
def window(qtbot, session: FakeSession) -> Iterator[MainWindow]:
    """A window on the screen whose first pictures have come."""
    made = build(session)
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(made.first_picture, timeout=10_000):
        made.begin()
    yield made
    made.close()


def drop_of(path: Path | str) -> QMimeData:
    """What a file manager drags."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


def settled(qtbot, window: MainWindow, text: str) -> None:
    """Wait until the message bar says something with these words."""
    qtbot.waitUntil(lambda: text in window.bar.text(), timeout=10_000)


# ---- events and pages -----------------------------------------------------------------------------


def test_only_the_page_on_top_is_active(window: MainWindow) -> None:
    vae, gan = window.page("vae"), window.page("gan")
    assert "activate" in vae.notes and gan.notes == []
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page() is gan and gan.notes[0] == "activate" and vae.notes[-1] == "deactivate"
    assert window.top.tabs.currentIndex() == 1
    assert gan.catalog == CATALOG and "CPU · bf16" in gan.speed.text()


def test_an_event_goes_to_the_page_its_slot_names(qtbot, window: MainWindow) -> None:
    window.bridge.submit("io", "diffusion.sample", api.SampleRequest("mnist-ddpm", 1, 9))
    qtbot.waitUntil(lambda: window.page("diffusion").notes == [("sample", "PicturesEvent")], timeout=10_000)
    assert len(window.page("diffusion").stage.pictures()) == 9
    window.route("nobody.sample", api.ProgressEvent("x", 0, 0))


def test_a_failure_is_one_sentence_and_its_trace_only_under_details(qtbot, window: MainWindow) -> None:
    window.bridge.submit("play", "vae.load", api.LoadRequest("broken"))
    settled(qtbot, window, "cut short")
    assert window.bar.text() == "broken cannot be read: it was cut short" and window.bar.is_error()
    assert "Traceback" in window.bar.details_text()
    assert window.page("vae").notes[-1] == ("load", "Failure")


def test_a_catalog_that_fails_can_be_tried_again(qtbot, window: MainWindow, session: FakeSession) -> None:
    window.route("app.catalog", Failure(ImportError("no torch"), "Traceback"))
    assert "no torch" in window.bar.text()
    before = len(session.requests)
    QTest.mouseClick(window.bar.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(session.requests) > before and not window.bar.is_busy(), timeout=10_000)
    assert session.requests[-1] == api.CatalogRequest()


# ---- keys -----------------------------------------------------------------------------------------


def test_bare_keys_play_step_and_draw_again(window: MainWindow) -> None:
    page = window.page("vae")
    page.notes.clear()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Period, Qt.Key.Key_Comma, Qt.Key.Key_R):
        QTest.keyClick(page.stage, key)
    assert page.notes == ["play", ("step", 1), ("step", -1), "random"]


def test_space_plays_even_from_a_number_box_but_presses_a_focused_button(window: MainWindow) -> None:
    page = window.page("vae")
    page.notes.clear()
    QTest.keyClick(page.seed, Qt.Key.Key_Space)
    QTest.keyClick(page.tempo.forward, Qt.Key.Key_Space)
    assert page.notes == ["play", ("step", 1)]


def test_return_and_escape_give_the_keyboard_back_to_the_stage(window: MainWindow) -> None:
    page = window.page("vae")
    for key, number in ((Qt.Key.Key_Return, 37), (Qt.Key.Key_Escape, 37)):
        page.seed.setFocus()
        page.seed.selectAll()
        QTest.keyClicks(page.seed, "37" if key == Qt.Key.Key_Return else "52")
        QTest.keyClick(page.seed, key)
        assert page.seed.value() == number and page.seed.text() == "37" and QApplication.focusWidget() is page.stage
    page.notes.clear()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Comma)
    assert page.notes == [("step", -1)]


def test_undo_and_redo_walk_through_the_parameters(window: MainWindow) -> None:
    page = window.page("vae")
    page.seed.setValue(3)
    page.seed.setValue(9)
    values = []
    for key in ("Ctrl+Z", "Ctrl+Z", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y", "Ctrl+Y"):
        window.shortcuts[key].activated.emit()
        values.append(page.seed.value())
    assert values == [3, 0, 0, 3, 9, 9]
    page.undo()
    page.seed.setValue(5)
    assert not page.can_redo() and page.undo() and page.seed.value() == 3


def test_a_new_catalog_is_no_step_of_the_undo_history(window: MainWindow) -> None:
    page = window.page("vae")
    page.seed.setValue(3)
    for moved_on in (5, 6):  # what plays by itself, unremembered
        page.seed.blockSignals(True)
        page.seed.setValue(moved_on)
        page.seed.blockSignals(False)
        window.route("app.catalog", api.CatalogEvent(CATALOG))
    assert page.undo() and page.seed.value() == 3
    assert page.undo() and page.seed.value() == 0 and not page.undo()


def test_the_sheet_opens_on_a_question_mark_and_closes_on_escape(window: MainWindow) -> None:
    QTest.keyClicks(window.page("vae").stage, "?")
    assert window.help_sheet.isVisible()
    QTest.keyClick(window.help_sheet, Qt.Key.Key_Escape)
    assert not window.help_sheet.isVisible()


def test_full_screen_is_entered_and_left(window: MainWindow) -> None:
    window.shortcuts["F11"].activated.emit()
    assert window.isFullScreen()
    QTest.keyClick(window.page("vae").stage, Qt.Key.Key_Escape)
    assert not window.isFullScreen()


def test_the_controls_fold_away(window: MainWindow) -> None:
    page = window.page("vae")
    wide = page.stage.width()
    window.shortcuts["Ctrl+I"].activated.emit()
    assert not page.side.isVisible()
    window.centralWidget().layout().activate()
    page.layout().activate()
    assert page.stage_frame.width() > wide


def test_larger_and_smaller(window: MainWindow) -> None:
    window.shortcuts["Ctrl++"].activated.emit()
    assert theme().scale == 1.1
    window.shortcuts["Ctrl+0"].activated.emit()
    window.shortcuts["Ctrl+-"].activated.emit()
    assert theme().scale == 0.9


def test_every_control_has_a_name_and_an_explanation_and_can_be_reached(window: MainWindow) -> None:
    kinds = (QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QTabBar, Slider, Stage)
    inner = ("qt_spinbox_lineedit", "qt_tabwidget_tabbar")
    controls = [w for kind in kinds for w in window.current_page().findChildren(kind)]
    controls += [w for kind in kinds for w in window.top.findChildren(kind)] + [window.bar.close_button]
    for control in controls:
        if control.objectName() in inner or isinstance(control.parent(), QTabBar):
            continue
        where = f"{type(control).__name__} {control.accessibleName()!r} {control.toolTip()!r}"
        assert control.accessibleName() or not control.isVisible(), where
        assert control.toolTip() or isinstance(control, (Stage, QTabBar)) or not control.isVisible(), where
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, where


def test_the_tab_key_goes_as_one_reads(window: MainWindow) -> None:
    page = window.page("vae")
    order: list[QWidget] = []
    at: QWidget = page.stage
    while at not in order:
        order.append(at)
        at = at.nextInFocusChain()
    places = (page.stage, page.tempo.play, page.tempo.export, page.inspector.sections[0].heading, page.seed)
    indices = [order.index(widget) for widget in places]
    assert indices == sorted(indices)
    assert {window.top.tabs, window.top.help, page.fold, window.bar.close_button} <= set(order)


# ---- files ----------------------------------------------------------------------------------------


def test_a_picture_is_exported_on_the_io_lane(qtbot, window: MainWindow, session: FakeSession, tmp_path: Path) -> None:
    page = window.page("vae")
    window.shortcuts["Ctrl+E"].activated.emit()
    assert "no picture to export" in window.bar.text() and not window.export_dialog.isVisible()
    page.export_target = api.SampleRequest("mnist-ddpm", 7, 16)
    page.tempo.grid_action.trigger()
    assert window.export_dialog.isVisible()
    assert window.export_dialog.path.text().endswith("mnist-ddpm-sample-seed7.png")
    window.export_dialog.path.setText(str(tmp_path / "out.png"))
    QTest.mouseClick(window.export_dialog.save, Qt.MouseButton.LeftButton)
    settled(qtbot, window, "Saved out.png, 12 kB.")
    request = session.requests[-1]
    assert isinstance(request, api.ExportGridRequest) and request.source == page.export_target
    window.export_dialog.open_for(page.export_target, film=False)
    assert window.export_dialog.path.text() == str(tmp_path / "mnist-ddpm-sample-seed7.png"), "the folder is remembered"


def test_return_saves_from_any_field_of_the_export_panel_but_presses_a_focused_button(
    qtbot, window: MainWindow, session: FakeSession, tmp_path: Path
) -> None:
    target, dialog = api.SampleRequest("mnist-ddpm", 7, 16), window.export_dialog
    for name in ("save", "scale", "path"):
        dialog.open_for(target, film=False)
        field = getattr(dialog, name)
        dialog.path.setText(str(tmp_path / "out.png"))
        field.setFocus()
        with qtbot.waitSignal(dialog.requested):
            QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=10_000)
    dialog.open_for(target, film=False)
    dialog.cancel.setFocus()
    with qtbot.assertNotEmitted(dialog.requested):
        QTest.keyClick(dialog.cancel, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_an_export_that_fails_says_so_and_the_window_goes_on(qtbot, window: MainWindow) -> None:
    request = api.ExportFilmRequest(api.DenoiseRequest("mnist-ddpm"), api.GridLayout(), "/unwritable/film.webp")
    window.desk.write(request)
    settled(qtbot, window, "No permission")
    assert window.bar.is_error()


def test_an_export_that_fails_leaves_its_panel_open_and_the_folder_forgotten(
    qtbot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "unwritable").mkdir()
    dialog, path = window.export_dialog, str(tmp_path / "unwritable" / "grid.png")
    dialog.open_for(api.SampleRequest("mnist-ddpm", 7, 16), film=False)
    dialog.path.setText(path)
    dialog.save.click()
    qtbot.waitUntil(lambda: bool(dialog.problem.text()), timeout=10_000)
    assert dialog.problem.text() == f"No permission for {path}; choose another folder."
    assert dialog.isVisible() and dialog.path.text() == path and window.bar.text() == ""
    assert QSettings().value("export/folder") is None


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (None, None, "The export was stopped; nothing was written."),
        (b"old", b"old", "The export was stopped; film.webp is as it was."),
        (None, b"new", "film.webp was finished before it could be stopped; it is saved."),
        (b"old", b"newer", "film.webp was finished before it could be stopped; it is saved."),
    ],
)
def test_a_stopped_export_says_what_is_on_the_disk(
    qtbot, window: MainWindow, session: FakeSession, tmp_path: Path, before: bytes, after: bytes, says: str
) -> None:
    path, gate, begun = tmp_path / "film.webp", threading.Event(), threading.Event()

    def last_step(request: Any) -> Iterator[Any]:
        begun.set()
        assert gate.wait(10)
        if after != before:
            path.write_bytes(after)
        yield api.SavedEvent(str(path), 5)

    if before:
        path.write_bytes(before)
    session.stream = last_step
    window.desk.write(api.ExportFilmRequest(api.DenoiseRequest("mnist-ddpm"), api.GridLayout(), str(path)))
    assert begun.wait(10)
    QTest.mouseClick(window.bar.cancel, Qt.MouseButton.LeftButton)
    assert window.bar.text() == "Stopping the export"
    gate.set()
    qtbot.waitUntil(lambda: window.bar.text() == says, timeout=10_000)


def test_what_a_page_says_of_a_failure_goes_with_the_next_success_of_its_kind(window: MainWindow) -> None:
    page = window.page("vae")
    page.handle = lambda verb, event: page.tell("This is no model.", error=True) if event == "bad" else None
    window.route("vae.load", "bad")
    assert window.bar.is_error()
    window.route("vae.decode", "good")
    window.route("vae.load", Ended())
    assert window.bar.text() == "This is no model."
    window.route("vae.load", "good")
    assert window.bar.text() == ""


def test_what_a_page_says_while_the_user_acts_stays_whatever_else_goes_on(window: MainWindow) -> None:
    window.route("vae.decode", "good")
    window.page("vae").tell("Choose its pictures first.", error=True)
    window.route("vae.decode", "good")
    assert window.bar.text() == "Choose its pictures first." and window.bar.is_error()


def test_a_page_that_cannot_show_a_dropped_file_has_the_last_word(window: MainWindow) -> None:
    source = api.DecodeRequest("mnist-vae-2", ((0.0, 0.0),))
    page = window.page("vae")
    page.restore = lambda event: page.tell("Its model is not here.", error=True)
    window.route("app.restore", api.RestoredEvent("a.png", source, api.GridLayout(), None, "Restored."))
    assert window.bar.text() == "Its model is not here." and window.bar.is_error()
    page.restore = lambda event: None
    window.route("app.restore", api.RestoredEvent("a.png", source, api.GridLayout(), True, "Identical."))
    assert window.bar.text() == "Identical." and not window.bar.is_error()


def test_progress_of_a_page_is_in_the_message_bar_and_can_be_stopped(qtbot, window: MainWindow) -> None:
    page = window.page("gan")
    window.route("gan.look", api.ProgressEvent("Reading holiday.zip", 30, 120))
    assert window.bar.is_busy() and window.bar.text() == "Reading holiday.zip"
    QTest.mouseClick(window.bar.cancel, Qt.MouseButton.LeftButton)
    assert page.notes[-1] == ("look", "Ended") and not window.bar.is_busy()


def test_progress_ends_with_the_next_event_of_its_slot(window: MainWindow) -> None:
    window.route("gan.look", api.ProgressEvent("Reading holiday.zip", 30, 120))
    window.route("vae.decode", Ended())
    assert window.bar.is_busy()
    window.route("gan.look", Ended())
    assert window.bar.text() == ""


def test_a_dropped_export_restores_its_page_and_says_whether_it_is_identical(qtbot, window: MainWindow) -> None:
    assert window.desk.take(drop_of("some/receipt.png"))
    settled(qtbot, window, "identical")
    page = window.page("diffusion")
    assert window.current_page() is page
    assert ("restore", api.SampleRequest("mnist-ddpm", seed=7, count=16)) in page.notes


def test_a_dropped_model_is_known_when_a_file_made_with_it_is_dropped(
    qtbot, window: MainWindow, session: FakeSession
) -> None:
    window.desk.take(drop_of("some/own.safetensors"))
    window.desk.take(drop_of("some/receipt.png"))
    settled(qtbot, window, "identical")
    wanted = api.RestoreRequest("some/receipt.png", ("some/own.safetensors",))
    assert [r for r in session.requests if isinstance(r, api.RestoreRequest)] == [wanted]


def test_a_drag_says_what_letting_go_will_do(window: MainWindow) -> None:
    data = drop_of("some/receipt.png")
    flags = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dragEnterEvent(QDragEnterEvent(QPoint(9, 9), *flags))
    assert window.drop_hint.isVisible() and "receipt.png" in window.drop_hint.text()
    window.dropEvent(QDropEvent(QPointF(9, 9), *flags))
    assert not window.drop_hint.isVisible() and window.bar.is_busy()


def test_a_picture_without_a_receipt_is_a_sentence(qtbot, window: MainWindow) -> None:
    window.desk.take(drop_of("holiday.png"))
    settled(qtbot, window, "no receipt")
    assert window.current_page() is window.page("vae")


def test_a_dropped_folder_is_offered_to_the_page_on_top(window: MainWindow, tmp_path: Path) -> None:
    assert window.desk.take(drop_of(tmp_path)) and window.current_page() is window.page("gan"), "the page that trains"
    assert window.desk.take(drop_of(tmp_path)) and ("dataset", str(tmp_path)) in window.page("gan").notes
    assert not window.desk.take(drop_of("notes.txt")) and "cannot use notes.txt" in window.bar.text()


def test_a_dropped_model_goes_to_the_page_of_its_family_and_its_success_clears_an_old_error(
    qtbot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []
    monkeypatch.setattr(window.page("diffusion"), "offer_model", lambda path: bool(taken.append(path)) or True)
    window.desk.take(drop_of("own.safetensors"))
    settled(qtbot, window, "there is no model")
    assert window.bar.is_error() and window.current_page() is window.page("vae")
    window.bridge.submit("play", "app.open", api.LoadRequest("mnist-ddpm"))
    qtbot.waitUntil(lambda: taken == ["mnist-ddpm.safetensors"])
    assert window.current_page() is window.page("diffusion") and not window.bar.is_error()


def test_copy_and_paste_a_picture(window: MainWindow) -> None:
    page = window.page("vae")
    page.stage.set_selected(1)
    window.shortcuts["Ctrl+C"].activated.emit()
    assert window.bar.text() == "Copied to the clipboard."
    window.shortcuts["Ctrl+V"].activated.emit()
    assert page.notes[-1] == ("picture", (280, 280, 3)), "no stamp: at least 256 px, enlarged by a whole number"
    QGuiApplication.clipboard().clear()
    window.shortcuts["Ctrl+V"].activated.emit()
    assert "no picture in the clipboard" in window.bar.text()


# ---- what is remembered, and the end --------------------------------------------------------------


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
from test_main_window import SmallPage

class Busy(fakes.FakeSession):
    def stream(self, request):
        {state}

main_window.make_pages = lambda bridge: tuple(SmallPage(n, n, bridge) for n in ("vae", "gan", "diffusion"))
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
