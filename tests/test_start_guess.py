"""A process that begins with a picture is asked for the class of it: the dataset's, or what the classifier sees."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from diffusion_desk import LEFT, drag, paused
from fakes import CLASSES, FakeSession, sample
from page_desk import Desk, asked, settle
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session, guessing
from genstudio.ui.diffusion.page import DiffusionTab
from genstudio.ui.diffusion.start_state import StartState

PICTURE = np.full((28, 28, 3), 77, np.uint8)


# ---- the classifier -------------------------------------------------------------------------------------------


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session("play", data_dir=tmp_path, compute=FLOAT32_CPU)


def original(session: Session, number: int) -> api.OriginalEvent:
    """A held-out picture of Strokes."""
    *_, event = session.stream(api.OriginalRequest("strokes", number))
    assert isinstance(event, api.OriginalEvent)
    return event


def test_digits_are_recognised_on_black_and_on_white(session: Session) -> None:
    right = [0, 0]
    for number in range(20):
        event = original(session, number)
        for k, picture in enumerate((event.picture, 255 - event.picture)):
            guess = session.handle(api.GuessRequest(picture, "mnist"))
            assert guess.classes == CLASSES and float(guess.shares.sum()) == pytest.approx(1, abs=1e-5)
            right[k] += guess.best()[0] == event.label
    assert min(right) >= 18


def test_of_a_blank_picture_and_of_what_is_no_digit_nothing_is_said(session: Session) -> None:
    picture = original(session, 0).picture
    for request in (
        api.GuessRequest(np.full((28, 28, 1), 9, np.uint8), "mnist"),
        api.GuessRequest(picture, "shapes"),
        api.GuessRequest(np.zeros((32, 32, 3), np.uint8), "mnist"),
    ):
        assert session.handle(request).best() == ("", 0.0)


@pytest.mark.parametrize(
    "error", [FileNotFoundError("it is not here"), PermissionError("not yours"), ValueError("bad")]
)
def test_without_the_classifier_nothing_is_said(
    session: Session, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def missing() -> Any:
        raise error

    monkeypatch.setattr(guessing, "load_classifier", missing)
    assert session.handle(api.GuessRequest(original(session, 0).picture, "mnist")).best() == ("", 0.0)


def test_where_there_is_no_memory_for_it_nothing_is_said(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(x: Any) -> Any:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(guessing, "load_classifier", lambda: full)
    assert session.handle(api.GuessRequest(original(session, 0).picture, "mnist")).best() == ("", 0.0)


# ---- the page -------------------------------------------------------------------------------------------------


class Seeing(FakeSession):
    """Sees a 7 in every picture, as likely as `certainty` says.

    Where a gate is closed, what it sees, or a picture of a dataset, waits.
    """

    certainty = 0.93

    def __init__(self) -> None:
        super().__init__()
        self.seeing, self.reading = threading.Event(), threading.Event()
        self.seeing.set()
        self.reading.set()

    def stream(self, request: Any) -> Iterator[Any]:
        if isinstance(request, api.OriginalRequest):
            while not self.reading.wait(0.005):
                yield None
        yield from super().stream(request)

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.GuessRequest):
            self.requests.append(request)
            assert self.seeing.wait(60)
            if self.certainty < 0:
                raise ValueError("the classifier cannot be read")
            shares = np.full(10, (1 - self.certainty) / 9, np.float32)
            shares[7] = self.certainty
            return api.GuessEvent(request, CLASSES, shares)
        return super().handle(request)


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = Desk(DiffusionTab, Seeing())
    qtbot.addWidget(made.page)
    yield made
    made.session.seeing.set()
    made.session.reading.set()
    made.close()


def dropped(desk: Desk, qtbot: Any) -> DiffusionTab:
    """A process that begins with a picture of one's own, played to its end."""
    page = paused(desk, qtbot)
    page.remember()
    page.offer_picture(PICTURE)
    ended(page, qtbot)
    return page


def ended(page: DiffusionTab, qtbot: Any) -> None:
    """It begins with a picture, and its last step is there."""
    qtbot.waitUntil(lambda: page.player.request.start is not None)
    qtbot.waitUntil(lambda: page.player.is_at_end and not page.player.is_playing)


def test_a_picture_of_ones_own_is_asked_for_as_what_it_is_seen_to_be(desk: Desk, qtbot: Any) -> None:
    page = dropped(desk, qtbot)
    assert asked(desk, api.GuessRequest)[-1].dataset == "mnist"
    assert page.player.request.label == 7 and page.controls.label.value() == 7
    said = "The class asked for is <b>7</b>: that is what the classifier sees in it (93 % sure)."
    assert said in page.caption.markup()
    page._scrubbed(2)
    assert "classifier" not in page.caption.markup(), "on the way the step has the word"


def test_picture_and_class_are_one_step_of_undo(desk: Desk, qtbot: Any) -> None:
    page = dropped(desk, qtbot)
    assert page.undo()
    assert page.player.request.start is None and page.player.request.label == api.ALL_CLASSES
    assert page.redo()
    assert page.player.request.start is not None and page.player.request.label == 7


def test_a_class_chosen_by_hand_stays(desk: Desk, qtbot: Any) -> None:
    page = paused(desk, qtbot)
    page.controls.label.set_value(3)
    page.controls.changed.emit()
    page.offer_picture(PICTURE)
    ended(page, qtbot)
    assert page.player.request.label == 3 and "classifier" not in page.caption.markup()


def test_noise_is_asked_for_all_classes_again(desk: Desk, qtbot: Any) -> None:
    page = dropped(desk, qtbot)
    page.starting.kinds.button("noise").click()
    assert page.player.request.start is None and page.player.request.label == api.ALL_CLASSES
    page.starting.kinds.button("picture").click()
    assert page.player.request.start is not None and page.player.request.label == 7


def test_the_class_of_a_datasets_picture_is_known(desk: Desk, qtbot: Any) -> None:
    page = paused(desk, qtbot)
    page.starting.kinds.button("picture").click()
    ended(page, qtbot)
    assert page.player.request.label == 0 and not asked(desk, api.GuessRequest)
    assert "The class asked for is <b>0</b>, that of the picture." in page.caption.markup()
    page.starting.picture.number.setValue(4)
    qtbot.waitUntil(lambda: page.begin.number == 4)
    assert page.player.request.label == 4


def test_inside_a_branch_another_picture_begins_from_the_noise_with_its_class(desk: Desk, qtbot: Any) -> None:
    page = paused(desk, qtbot)
    page._scrubbed(2)
    page.offer_picture(PICTURE)
    ended(page, qtbot)
    assert page.player.request.label == 7 and page.player.request.changes == () and page.player.request.steps == 5


@pytest.mark.parametrize("certainty", [0.3, -1], ids=["unsure", "no answer"])
def test_what_nobody_recognises_comes_without_a_class(desk: Desk, qtbot: Any, certainty: float) -> None:
    desk.session.certainty = certainty
    page = dropped(desk, qtbot)
    assert page.player.request.label == api.ALL_CLASSES and page.begin.seen == ""
    assert "classifier" not in page.caption.markup()


def test_what_was_seen_is_remembered_and_damage_is_noise() -> None:
    text = api.pack(np.zeros((28, 28, 1), np.uint8))
    state = StartState(kind="picture", picture=text, seen="7", certainty=0.9)
    assert StartState.from_dict(state.to_dict()) == state
    older = {name: value for name, value in state.to_dict().items() if name not in ("seen", "certainty")}
    assert StartState.from_dict(older) == StartState(kind="picture", picture=text)
    for damage in ({"seen": 7}, {"certainty": 2}, {"certainty": "x"}):
        assert StartState.from_dict({**state.to_dict(), **damage}) == StartState()
    assert state.class_in(CLASSES) == 7 and state.class_in(("cat",)) == api.ALL_CLASSES


# ---- while it is being found out ------------------------------------------------------------------------------

SEVEN = sample(0, 0, 0)  # picture 0 of a dataset of the deterministic session
UPPER, LOWER = ((0.2, 0.2), (0.8, 0.2)), ((0.2, 0.8), (0.8, 0.8))


def begun(desk: Desk, qtbot: Any) -> DiffusionTab:
    """A process that begins with a dataset's picture, played to its end."""
    page = paused(desk, qtbot)
    page.remember()
    page.starting.kinds.button("picture").click()
    ended(page, qtbot)
    return page


def draw(page: DiffusionTab, shares: tuple[tuple[float, float], ...], lets_go: bool = True) -> None:
    drag(page.starting.canvas, page.starting.canvas.cell_rect(0), shares, lets_go)


def begins_with(page: DiffusionTab) -> np.ndarray:
    return api.unpack(page.player.request.start.picture, (28, 28, 1))


def test_the_answer_to_a_stroke_leaves_the_next_one_under_the_pen(desk: Desk, qtbot: Any) -> None:
    page = begun(desk, qtbot)
    page.starting.picture.clear.click()
    desk.session.seeing.clear()
    draw(page, UPPER)
    qtbot.waitUntil(lambda: len(asked(desk, api.GuessRequest)) == 1)
    draw(page, LOWER, lets_go=False)
    desk.session.seeing.set()
    qtbot.waitUntil(lambda: page.player.request.label == 7)
    assert not begins_with(page)[18:].any(), "the hand has not let go yet"
    box = page.starting.canvas.cell_rect(0)
    QTest.mouseRelease(page.starting.canvas, LEFT, pos=QPoint(box.right(), box.bottom()))
    qtbot.waitUntil(lambda: begins_with(page)[18:].any())
    assert begins_with(page)[5, 8:20].min() > 200 and begins_with(page)[22, 8:20].min() > 200
    assert page.undo() and begins_with(page)[5].any() and not begins_with(page)[18:].any()


def test_a_drawing_is_newer_than_the_picture_that_was_asked_for_before(desk: Desk, qtbot: Any) -> None:
    page = begun(desk, qtbot)
    desk.session.reading.clear()
    page.starting.picture.number.setValue(4)
    draw(page, UPPER)
    qtbot.waitUntil(lambda: page.player.request.label == 7)
    drawn = page.begin
    desk.session.reading.set()
    settle(desk, qtbot, "io")
    assert page.begin == drawn and drawn.number == -1 and api.pack(page.starting.canvas.picture()) == drawn.picture
    assert page.player.request.start == drawn.start()


def test_undo_takes_back_a_drawing_of_which_nothing_is_known_yet(desk: Desk, qtbot: Any) -> None:
    page = begun(desk, qtbot)
    desk.session.seeing.clear()
    draw(page, UPPER)
    drawn = page.starting.canvas.picture()
    assert page.parameters()["begin"]["picture"] == api.pack(drawn), "it is kept if the window closes now"
    assert page.undo()
    assert np.array_equal(page.starting.canvas.picture(), SEVEN) and np.array_equal(begins_with(page), SEVEN)
    desk.session.seeing.set()
    settle(desk, qtbot, "play")
    assert np.array_equal(begins_with(page), SEVEN) and page.player.request.label == 0
    assert page.redo() and np.array_equal(begins_with(page), drawn)


def test_what_is_changed_meanwhile_begins_with_the_answer(desk: Desk, qtbot: Any) -> None:
    page = begun(desk, qtbot)
    desk.session.seeing.clear()
    draw(page, UPPER)
    page.starting.changed.emit("strength", 0.3, True)
    assert page.starting.strength.value() == 0.3 and page.player.request.start.strength == 0.6
    desk.session.seeing.set()
    qtbot.waitUntil(lambda: page.player.request.label == 7)
    assert page.player.request.start.strength == 0.3 and begins_with(page)[5].any()
