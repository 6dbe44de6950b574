"""The dataset picker: a look with progress that can be stopped, and the way back."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from fakes import CATALOG, FakeSession, makers
from PySide6.QtWidgets import QProgressBar, QWidget

from genstudio import api
from genstudio.engine import Ended
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.data_chooser import DataChooser
from genstudio.ui.tabs.data_words import facts_of, some_of
from genstudio.ui.widgets.inspector import Inspector


class Desk:
    """A chooser in a window of its own, with real engines."""

    def __init__(self) -> None:
        self.window, self.session = QWidget(), FakeSession()
        self.bridge = Bridge(makers(self.session))
        section = Inspector("inspector-x", self.window).add_section("Data")
        self.data = DataChooser(self.bridge, ("x.look", "x.download"), section, self.window)
        self.data.set_catalog(CATALOG)
        self.ended: list[str] = []
        self.bridge.event.connect(self.route)
        self.window.show()

    def route(self, slot: str, event: Any) -> None:
        if isinstance(event, Ended):
            self.ended.append(slot)
        (self.data.handle_look if slot == "x.look" else self.data.handle_download)(event)


@pytest.fixture
def desk(qtbot):
    made = Desk()
    qtbot.addWidget(made.window)
    yield made
    assert made.bridge.close(timeout_s=20)


def test_a_folder_is_read_and_then_shown(desk: Desk, qtbot, tmp_path) -> None:
    desk.data.take(str(tmp_path))
    assert desk.data.facts.text() == f"Reading {tmp_path.name} …"
    qtbot.waitUntil(lambda: desk.data.preview.pictures() is not None)
    assert desk.data.name() == str(tmp_path)
    assert desk.window.findChildren(QProgressBar) == []


def test_where_no_button_is_there_is_no_room_for_one(desk: Desk, qtbot) -> None:
    row = desk.data.look_button.parentWidget()
    assert not row.isHidden()
    desk.data.look()
    assert row.isHidden(), "it is being read"
    qtbot.waitUntil(lambda: desk.data.preview.pictures() is not None)
    assert row.isHidden(), "the examples are there"
    desk.data._picked("cifar10")
    assert not row.isHidden() and not desk.data.download_button.isHidden()


def test_a_long_name_is_whole_in_the_tooltip(desk: Desk, tmp_path) -> None:
    folder = tmp_path / "holiday photographs of the summer"
    folder.mkdir()
    desk.data.select(str(folder))
    assert desk.data.picker.toolTip().startswith(folder.name)


def test_what_a_zip_holds_out_is_told() -> None:
    info = api.DatasetInfo("/x/digits.zip", "digits", 1, 32, (), 18_000, True, held_out=2_000)
    event = api.DatasetEvent(info, np.zeros((4, 32, 32, 1), np.uint8), (18_000,), ())
    assert facts_of(event) == "18,000 pictures to train on, 2,000 held out, 32×32, grey."


def test_a_reading_that_is_stopped_leaves_the_dataset_before(desk: Desk, qtbot, tmp_path) -> None:
    with qtbot.waitSignal(desk.data.chosen):
        desk.data.take(str(tmp_path))
    desk.data.handle_look(api.ProgressEvent("Reading", 30, 100))
    with qtbot.waitSignal(desk.data.chosen):
        desk.bridge.stop("x.look")
    assert desk.ended == ["x.look"], "the window takes its progress away"
    assert desk.data.name() == "strokes" and not desk.data.obstacle()
    assert not desk.data.facts.text().startswith("Reading") and desk.data.picker.value() == "strokes"


def test_a_dataset_is_never_shown_the_pictures_of_another(desk: Desk, qtbot, tmp_path) -> None:
    desk.data.take(str(tmp_path))
    desk.data._picked("cifar10")
    assert not desk.data.download_button.isHidden()
    assert desk.ended == ["x.look"], "the window takes the progress of the folder away"
    with qtbot.waitSignal(desk.bridge.event):  # a download that ends after another choice
        desk.bridge.start("io", "x.download", api.DatasetRequest("strokes"))
    assert desk.data.preview.pictures() is None and desk.data.name() == "cifar10"


def test_the_end_of_a_look_or_a_download_or_a_new_catalog_changes_nothing(desk: Desk, qtbot) -> None:
    desk.data.look()
    qtbot.waitUntil(lambda: desk.data.preview.pictures() is not None)
    facts = desk.data.facts.text()
    desk.data.handle_look(Ended())
    desk.data.handle_download(Ended())
    desk.data.set_catalog(CATALOG)
    assert desk.data.facts.text() == facts and facts.startswith("60,000 pictures")


def test_a_folder_is_found_again_with_the_choices_of_a_file(desk: Desk, tmp_path) -> None:
    desk.data.select(f"{tmp_path}#size=64")
    assert desk.data.name() == f"{tmp_path}#size=64" and desk.data.title() == f"{tmp_path.name} (64 px)"
    assert desk.data.find(f"{tmp_path.name}#size=28,fit=pad") == f"{tmp_path}#size=28,fit=pad"
    assert desk.data.find(tmp_path.name) == str(tmp_path), "taken as usual"
    assert desk.data.find("another#size=28") == "" and desk.data.find("mnist") == "mnist"


def drawn_set(count: int) -> api.DatasetInfo:
    return api.DatasetInfo("/data/drawn/my drawings", "my drawings", 1, 32, ("cat", "dog"), count, True)


def test_a_set_of_drawings_is_offered_and_found_by_the_name_that_files_have(desk: Desk, qtbot) -> None:
    data, drawn = desk.data, drawn_set(9)
    assert data.find("my drawings") == ""
    data.set_catalog(dataclasses.replace(CATALOG, datasets=(*CATALOG.datasets, drawn)))
    assert data.picker.findText("my drawings · 9") >= 0
    assert data.find("my drawings") == drawn.name and data.find("my drawings#size=28") == f"{drawn.name}#size=28"
    data._picked(drawn.name)
    assert data.title() == "my drawings" and not data.obstacle()
    assert [data.picker.itemData(k) for k in range(data.picker.count())].count(drawn.name) == 1
    qtbot.waitUntil(lambda: data.preview.pictures() is not None)
    assert not data.inside_button.isHidden(), "it is a folder that can be looked into"


def test_what_was_seen_of_a_set_is_forgotten_when_more_is_drawn(desk: Desk, qtbot) -> None:
    desk.data.set_catalog(dataclasses.replace(CATALOG, datasets=(*CATALOG.datasets, drawn_set(9))))
    desk.data._picked(drawn_set(9).name)
    qtbot.waitUntil(lambda: desk.data.preview.pictures() is not None)
    desk.data.set_catalog(dataclasses.replace(CATALOG, datasets=(*CATALOG.datasets, drawn_set(19))))
    assert desk.data.preview.pictures() is None and not desk.data.look_button.isHidden()
    assert desk.data.info() == drawn_set(19)


def test_examples_of_a_folder_without_classes_are_spread_over_it(desk: Desk) -> None:
    info = api.DatasetInfo("/x/sorted", "sorted", 1, 32, (), 54, True)
    preview = np.arange(54, dtype=np.uint8)[:, None, None, None].repeat(2, 1).repeat(2, 2)
    seen = some_of(api.DatasetEvent(info, preview, (54,), ()), 24)[:, 0, 0, 0]
    assert len(seen) == 24 and (seen[0], seen[-1]) == (0, 53) and 11 <= (seen >= 27).sum() <= 13
    desk.data.select(info.name)
    desk.data.handle_look(api.DatasetEvent(info, preview, (54,), ()))
    assert desk.data.preview.pictures().max() == 53
    classes = dataclasses.replace(info, classes=("ball", "box"))
    in_turn = some_of(api.DatasetEvent(classes, preview, (27, 27), ()), 24)[:, 0, 0, 0]
    assert in_turn.tolist() == list(range(24)), "they come in turn"


def test_of_few_pictures_it_is_said_that_they_are_learnt_by_heart(desk: Desk, qtbot) -> None:
    data = desk.data
    assert data.few.isHidden() and data.copies_button.parentWidget().isHidden()
    data.set_catalog(dataclasses.replace(CATALOG, datasets=(*CATALOG.datasets, drawn_set(54))))
    data.select(drawn_set(54).name)
    assert data.few.text() == "There are only 54 pictures: a network learns so few by heart."
    assert not data.few.isHidden() and not data.copies_button.parentWidget().isHidden()
    with qtbot.waitSignal(data.copies_wanted):
        data.copies_button.click()
    data.select("strokes")
    assert data.few.isHidden() and data.copies_button.parentWidget().isHidden()
