"""The sheet that shows what is in a folder or zip, and leads to the page that learns from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FakeSession, inspected, makers
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from window_desk import drop_of, opened

from genstudio import api
from genstudio.api.own_pictures import Taking
from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import MainWindow
from genstudio.ui.own.class_bars import ClassBars, words_of
from genstudio.ui.own.inside_sheet import STOPPED, InsideSheet, in_rows
from genstudio.ui.own.own_data import TRAINERS
from genstudio.ui.tabs import data_chooser
from genstudio.ui.theme import theme


class Desk:
    """A sheet over a widget, and what it asks for."""

    def __init__(self) -> None:
        self.window = QWidget()
        self.window.resize(1200, 800)
        self.sheet = InsideSheet(self.window, TRAINERS)
        self.looked: list[str] = []
        self.wanted: list[tuple[str, str]] = []
        self.sheet.looked.connect(self.looked.append)
        self.sheet.wanted.connect(self.want)
        self.window.show()

    def want(self, name: str, page: str) -> None:
        self.wanted.append((name, page))

    def open(self, name: str, **changes: Any) -> InsideSheet:
        """The sheet with what is in a folder."""
        self.sheet.open_for(name, "gan", is_here=False)
        self.sheet.show_over(self.window)
        self.answer(**changes)
        return self.sheet

    def answer(self, **changes: Any) -> None:
        self.sheet.show_event(inspected(api.InspectRequest(self.looked[-1]), **changes))


@pytest.fixture
def desk(qtbot: Any) -> Desk:
    made = Desk()
    qtbot.addWidget(made.window)
    return made


def choose(picker: Any, value: Any) -> None:
    """As the mouse does."""
    picker.set_value(value)
    picker.chosen.emit(value)


def test_nothing_can_be_trained_before_it_is_read(desk: Desk) -> None:
    sheet = desk.sheet
    sheet.open_for("/x/photos.zip", "gan", is_here=False)
    sheet.show_over(desk.window)
    assert desk.looked == ["/x/photos.zip"] and not any(button.isEnabled() for button in sheet.train.values())
    assert sheet.preview._label.text() == "Looking into photos.zip …" and sheet.stop.isVisible()
    sheet.show_progress(api.ProgressEvent("Reading photos.zip", 30, 100))
    assert (sheet.progress.value(), sheet.progress.maximum()) == (30, 100)
    desk.answer()
    assert all(button.isEnabled() for button in sheet.train.values()) and not sheet.stop.isVisible()
    assert sheet.facts.text().startswith("18 pictures to train on, 2 held out, in 2 classes")


def test_the_button_of_a_network_leads_to_its_page(desk: Desk) -> None:
    sheet = desk.open("/x/photos.zip#size=28")
    assert [button.property("role") for button in sheet.train.values()] == ["", "primary", ""]
    sheet.train["denoising-train"].click()
    assert desk.wanted == [("/x/photos.zip#size=28", "denoising-train")] and not sheet.isVisible()


def test_a_choice_has_it_read_again_and_is_part_of_what_is_trained_on(desk: Desk) -> None:
    sheet = desk.open("/x/photos")
    choose(sheet.rows.size_choice, 64)
    assert desk.looked[-1] == "/x/photos#size=64" and not sheet.train["gan"].isEnabled()
    assert sheet.preview.pictures() is not None, "the pictures before stay until others come"
    desk.answer()
    choose(sheet.rows.fit, "pad")
    choose(sheet.rows.test, "20")
    choose(sheet.rows.colour, "grey")
    desk.answer()
    sheet.train["gan"].click()
    assert desk.wanted == [("/x/photos#size=64,colour=grey,fit=pad,test=20", "gan")]


def test_what_comes_late_of_another_choice_is_not_shown(desk: Desk) -> None:
    sheet = desk.open("/x/photos")
    choose(sheet.rows.size_choice, 28)
    sheet.show_event(inspected(api.InspectRequest("/x/photos"), counts=(1, 1)))
    assert not sheet.train["gan"].isEnabled(), "it is still waiting for its own"


def test_the_choices_in_the_name_are_those_of_the_rows_and_can_be_reset(desk: Desk) -> None:
    sheet = desk.open("/x/photos#size=20,test=33", has_parts=True)
    assert sheet.rows.taking() == Taking(20, test="33")
    assert sheet.rows.size_choice.currentText() == "20 px" and sheet.rows.test.currentText() == "33 %"
    assert sheet.rows.test.itemText(0) == "Its test folder"
    sheet.rows._rows["size"].reset.click()
    assert desk.looked[-1] == "/x/photos#test=33"


def test_a_failure_is_a_sentence_in_the_place_of_the_pictures_and_can_be_tried_again(desk: Desk) -> None:
    sheet = desk.open("/x/photos")
    sheet.show_failure("There is no picture in /x/photos.")
    assert sheet.preview._label.text() == "There is no picture in /x/photos." and sheet.again.isVisible()
    assert not sheet.train["gan"].isEnabled() and not sheet.facts.text()
    sheet.again.click()
    assert desk.looked == ["/x/photos"] * 2


def test_notes_and_classes_are_seen(desk: Desk) -> None:
    sheet = desk.open("/x/p", others=("a.txt",), twins=api.Twins(3, 1, 0, 0, (("b.png", "a.png"),)))
    assert (
        "1 other file is left alone: a.txt." in sheet.notes.text()
        and "3 pictures are there already" in sheet.notes.text()
    )
    assert sheet.bars._rows == [("one", 9, 1), ("two", 9, 1)]
    assert words_of("one", 9, 1) == "one: 9 pictures to train on, 1 held out"
    sheet = desk.open("/x/q", info=api.DatasetInfo("q", "q", 1, 32, (), 18, True), counts=(18,), held_out=(0,))
    assert sheet.bars._rows == [] and "no classes" in sheet.bars_title.text()


def test_the_pictures_of_a_class_are_a_row(qapp: Any) -> None:
    images = np.arange(5, dtype=np.uint8).repeat(16).reshape(5, 4, 4, 1)
    rows, columns = in_rows(images, (3, 3, 3, 7, 7), theme_ground())
    ground = theme_ground().red()
    assert columns == 3 and rows.shape[3] == 3 and rows[:, 0, 0, 0].tolist() == [0, 1, 2, 3, 4, ground]


def theme_ground() -> Any:
    from PySide6.QtGui import QColor

    return QColor(theme().colors.stage)


def test_bars_are_as_high_as_their_classes(qtbot: Any) -> None:
    bars = ClassBars()
    qtbot.addWidget(bars)
    bars.set_counts(("a", "b"), (3, 0), (1, 0))
    high = bars.sizeHint().height()
    bars.set_counts([str(k) for k in range(20)], list(range(20)), [1] * 20)
    assert bars.sizeHint().height() == 10 * high
    bars.resize(280, 400)
    assert not bars.grab().isNull()


# ---- in the window -----------------------------------------------------------------------------------


@pytest.fixture
def session() -> FakeSession:
    """What answers on every lane."""
    return FakeSession()


@pytest.fixture
def window(qtbot: Any, session: FakeSession) -> Iterator[MainWindow]:
    """A window on the screen whose first pictures have come."""
    with opened(qtbot, session) as made:
        yield made


def test_a_dropped_folder_is_looked_into_and_two_clicks_lead_to_a_page(
    qtbot: Any, window: MainWindow, tmp_path: Path
) -> None:
    assert window.desk.take(drop_of(tmp_path))
    sheet = window.own.inside
    qtbot.waitUntil(sheet.isVisible)
    assert list(sheet.train) == ["gan"], "the pages that this window has"
    qtbot.waitUntil(sheet.train["gan"].isEnabled)
    QTest.mouseClick(sheet.train["gan"], Qt.MouseButton.LeftButton)
    page = window.page("gan")
    assert window.current_page() is page and ("dataset", str(tmp_path)) in page.notes
    assert not sheet.isVisible()


def test_escape_closes_it_and_stops_the_reading(
    qtbot: Any, window: MainWindow, session: FakeSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def for_ever(request: Any) -> Iterator[Any]:
        while True:
            yield api.ProgressEvent("Reading", 1, 10)

    monkeypatch.setattr(session, "stream", for_ever)
    before = window.focusWidget()
    window.look_into(str(tmp_path))
    sheet = window.own.inside
    qtbot.waitUntil(lambda: sheet.progress.value() == 1)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible() and window.focusWidget() is before
    window.look_into(str(tmp_path))
    sheet.stop.click()
    assert sheet.preview._label.text() == STOPPED and sheet.again.isVisible()
    sheet.dismiss()


def test_it_stays_in_the_middle_of_the_window(window: MainWindow, tmp_path: Path) -> None:
    window.look_into(str(tmp_path))
    sheet = window.own.inside
    for size in ((1440, 900), (1024, 768)):
        window.resize(*size)
        assert abs(sheet.geometry().center().x() - window.body.rect().center().x()) <= 1
        assert window.body.rect().contains(sheet.geometry())


@pytest.mark.parametrize("trainer", [name for name, _, _ in TRAINERS])
def test_two_clicks_train_a_network_on_a_folder_as_it_is_to_be_taken(
    qtbot: Any, session: FakeSession, tmp_path: Path, trainer: str
) -> None:
    window = MainWindow(Bridge(makers(session)))
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(window.first_picture):
        window.begin()
    window.keep_no_runs()
    window.look_into(f"{tmp_path}#size=28,test=20")
    sheet = window.own.inside
    qtbot.waitUntil(sheet.train[trainer].isEnabled)
    QTest.mouseClick(sheet.train[trainer], Qt.MouseButton.LeftButton)
    page = window.current_page()
    assert page.name == trainer and page.data.name() == f"{tmp_path}#size=28,test=20"
    assert page.data.picker.currentText() == f"{tmp_path.name} (28 px, 20 % held out)"
    qtbot.waitUntil(lambda: page.stage._button.isVisible() and page.data.preview.pictures() is not None)
    QTest.mouseClick(page.stage._button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: [run.dataset for run in session.runs.values()] == [f"{tmp_path}#size=28,test=20"])
    window.close()


def test_the_picker_leads_to_the_sheet_and_to_the_pad(
    qtbot: Any, session: FakeSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = MainWindow(Bridge(makers(session)))
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(window.first_picture):
        window.begin()
    window.go_to("latent-train")
    page: Any = window.current_page()
    monkeypatch.setattr(data_chooser.QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    choose(page.data.picker, data_chooser.FOLDER)
    assert window.own.inside.isVisible() and window.own.inside.name() == str(tmp_path)
    assert page.data.name() == page.data.picker.value() == "strokes", "nothing is chosen yet"
    window.own.inside.dismiss()
    choose(page.data.picker, data_chooser.DRAW)
    assert window.own.drawing.isVisible()
    window.own.drawing.dismiss()
    page.offer_dataset(f"{tmp_path}#size=28")
    qtbot.waitUntil(page.data.inside_button.isVisible)
    page.data.inside_button.click()
    assert window.own.inside.name() == f"{tmp_path}#size=28"
    window.close()


def test_a_race_of_pictures_can_have_the_folder_too(
    qtbot: Any, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.look_into(str(tmp_path))
    assert not window.own.inside.here.isVisible()
    page = window.page("vae")
    monkeypatch.setattr(page, "can_learn", lambda: True)
    monkeypatch.setattr(page, "offer_dataset", page.notes.append)
    window.look_into(str(tmp_path))
    here = window.own.inside.here
    qtbot.waitUntil(here.isEnabled)
    here.click()
    assert window.current_page() is page and page.notes[-1] == str(tmp_path)
