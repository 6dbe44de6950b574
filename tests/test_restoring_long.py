"""A file whose source takes steps is shown at once; comparing its pixels goes on, and is left where it takes long."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FakeSession
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from session_desk import last, new_session, train_runs
from window_desk import drop_of, opened, settled

from genstudio import api, export
from genstudio.errors import about
from genstudio.session import Session, restoring
from genstudio.ui.main_window import MainWindow

PROCESS = api.DenoiseRequest("tiny-ddpm", seed=3, count=2, sampler="ddim", steps=6)


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "1 s"), (7.4, "7 s"), (44, "40 s"), (89, "90 s"), (150, "2 min")])
def test_times_are_said_roundly(seconds: float, said: str) -> None:
    assert about(seconds) == f"about {said}"


# ---- the session ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_runs(tmp_path_factory.mktemp("models"))


@pytest.fixture
def session(folder: Path) -> Session:
    return new_session(folder)


@pytest.fixture
def sheet(session: Session, tmp_path: Path) -> Path:
    """The last step of a process, in a file."""
    path = tmp_path / "sheet.png"
    last(session.stream(api.ExportGridRequest(PROCESS, api.GridLayout(), str(path), "x_t", 6)))
    return path


def test_it_can_be_shown_before_its_pictures_are_drawn_again(session: Session, sheet: Path) -> None:
    *before, end = session.stream(api.RestoreRequest(str(sheet)))
    assert before and all(isinstance(event, api.CheckEvent) for event in before)
    first = before[0].restored
    assert (first.source, first.layer, first.frame, first.identical) == (PROCESS, "x_t", 6, None)
    assert [event.done for event in before] == list(range(7)) and before[-1].total == 6
    assert end.source == PROCESS and end.identical and "identical to the last pixel" in end.message


def test_a_grid_of_classes_is_shown_before_it_is_drawn_again_too(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, path = api.ClassGridRequest("tiny-ddpm", (1, 4), columns=2, steps=6), tmp_path / "classes.png"
    last(session.stream(api.ExportGridRequest(source, api.GridLayout(), str(path))))
    *before, end = session.stream(api.RestoreRequest(str(path)))
    assert before and all(isinstance(event, api.CheckEvent) for event in before) and before[-1].total == 4
    assert end.source == source and end.identical
    monkeypatch.setattr(restoring, "MOST_S", 0.0)
    *_, end = session.stream(api.RestoreRequest(str(path)))
    assert end.identical is None and end.takes_s > 0


def test_what_takes_long_is_compared_only_if_somebody_waits(
    session: Session, sheet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "TRIED_S", 0.0)
    monkeypatch.setattr(restoring, "PATIENCE_S", 0.0)
    *before, end = session.stream(api.RestoreRequest(str(sheet)))
    assert len(before) < 6 and end.source == PROCESS and end.identical is None and end.takes_s > 0
    assert end.message == f"sheet.png is restored. To draw it again and compare the pixels takes {about(end.takes_s)}."
    assert last(session.stream(api.RestoreRequest(str(sheet), waits=True))).identical


def test_a_clock_knows_its_phase_and_all_that_has_gone() -> None:
    clock = restoring.Clock()
    for what, done, now_s, told in (
        ("Inverting", 0, 100.0, (0.0, 0.0, 0.0)),
        ("Inverting", 2, 104.0, (4.0, 4.0, 16.0)),
        ("Inverting", 10, 120.0, (20.0, 20.0, 0.0)),
        ("Inverting", 0, 121.0, (21.0, 0.0, 0.0)),  # of the next model
        ("Inverting", 5, 126.0, (26.0, 5.0, 5.0)),
        ("Descending", 5, 130.0, (30.0, 0.0, 0.0)),
        ("Descending", 6, 131.0, (31.0, 1.0, 4.0)),
    ):
        clock.note(api.ProgressEvent(what, done, 10), now_s)
        assert (clock.gone_s, clock.tried_s, clock.left_s) == told


def test_of_one_model_after_the_other_the_time_of_all_counts(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = api.pack(np.full((28, 28, 1), 40, np.uint8))
    sheet = api.OnePictureRequest(("tiny-ddpm", "tiny-gan"), picture, starts=2, descent=10, steps=10)
    path = tmp_path / "one.png"
    last(session.stream(api.ExportGridRequest(sheet, api.GridLayout(), str(path))))
    *before, end = session.stream(api.RestoreRequest(str(path)))
    assert end.identical and {event.left_s for event in before} == {0.0}, "of the phases to come nobody knows"
    monkeypatch.setattr(restoring, "MOST_S", 0.0)  # each phase for itself is short
    *_, end = session.stream(api.RestoreRequest(str(path)))
    assert end.identical is None and end.source == sheet and end.message.endswith(" or more.")
    assert last(session.stream(api.RestoreRequest(str(path), waits=True))).identical


def test_what_cannot_be_computed_is_not_shown(session: Session, sheet: Path) -> None:
    receipt = export.read_receipt(sheet)
    receipt["request"]["steps"] = 10**6
    export.write_png(sheet, export.read_picture(sheet), json.loads(json.dumps(receipt)))
    told: list[Any] = []
    with pytest.raises(ValueError, match="steps"):
        told.extend(session.stream(api.RestoreRequest(str(sheet))))
    assert not told


# ---- the window -----------------------------------------------------------------------------------------------


class Slow(FakeSession):
    """Compares a file step by step, and waits at the last one until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.takes_s = threading.Event(), 0.0

    def stream(self, request: Any) -> Iterator[Any]:
        if not isinstance(request, api.RestoreRequest):
            yield from super().stream(request)
            return
        self.requests.append(request)
        source = api.DenoiseRequest("mnist-ddpm", count=2)
        found = api.RestoredEvent(request.path, source, api.GridLayout(), None, "receipt.png is restored.")
        yield api.CheckEvent(found, 20, 100, 40.0)
        while not self.gate.wait(0.005):
            yield None
        if self.takes_s and not request.waits:
            yield dataclasses.replace(found, message="To compare it takes about 2 min.", takes_s=self.takes_s)
        else:
            yield dataclasses.replace(found, identical=True, message="receipt.png is identical.")


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def window(qtbot: Any, slow: Slow) -> Iterator[MainWindow]:
    with opened(qtbot, slow) as made:
        yield made
        slow.gate.set()


def shown(window: MainWindow) -> list[Any]:
    """What the page of denoising was asked to show."""
    notes = [note for note in window.page("diffusion").notes if isinstance(note, tuple)]
    return [source for verb, source in notes if verb == "restore"]


def test_the_page_shows_it_while_it_is_compared(qtbot: Any, window: MainWindow, slow: Slow) -> None:
    window.desk.take(drop_of("some/receipt.png"))
    qtbot.waitUntil(lambda: len(shown(window)) == 1)
    assert window.current_page() is window.page("diffusion")
    qtbot.waitUntil(lambda: "drawn again to be compared, about 40 s left" in window.bar.text())
    assert window.bar.is_busy() and window.bar.cancel.isVisible()
    slow.gate.set()
    settled(qtbot, window, "identical")
    assert len(shown(window)) == 1, "it is not restored twice"


def test_stopping_leaves_what_is_shown(qtbot: Any, window: MainWindow) -> None:
    window.desk.take(drop_of("some/receipt.png"))
    qtbot.waitUntil(lambda: len(shown(window)) == 1 and "compared" in window.bar.text())
    QTest.mouseClick(window.bar.cancel, Qt.MouseButton.LeftButton)
    assert window.bar.text() == "receipt.png stays restored; it was not compared to the end."


def test_what_takes_long_is_offered(qtbot: Any, window: MainWindow, slow: Slow) -> None:
    slow.takes_s = 120.0
    slow.gate.set()
    window.desk.take(drop_of("some/receipt.png"))
    settled(qtbot, window, "about 2 min")
    assert len(shown(window)) == 1 and window.bar.action.text() == "Compare"
    QTest.mouseClick(window.bar.action, Qt.MouseButton.LeftButton)
    settled(qtbot, window, "identical")
    assert len(shown(window)) == 1
    waits = [request.waits for request in slow.requests if isinstance(request, api.RestoreRequest)]
    assert waits == [False, True]


def test_the_next_file_is_shown_again(qtbot: Any, window: MainWindow, slow: Slow) -> None:
    slow.gate.set()
    for count in (1, 2):
        window.desk.take(drop_of("some/receipt.png"))
        qtbot.waitUntil(lambda count=count: len(shown(window)) == count)
        settled(qtbot, window, "identical")
    assert len(shown(window)) == 2
