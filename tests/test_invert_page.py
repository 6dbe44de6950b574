"""The inversion page with real engines and a deterministic session: there and back, scrub, from A to B, files."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import CATALOG, FakeSession, sample
from invert_desk import film, invert_desk, request_of, standing
from invert_fake import error_of
from page_desk import Desk, asked, settle
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.api.differences import difference
from genstudio.api.inversion import TIMES
from genstudio.ui.diffusion import invert_words as words
from genstudio.ui.diffusion.invert import InvertPage
from genstudio.ui.diffusion.invert_state import InvertState
from genstudio.ui.diffusion.picture_origin import OWN
from genstudio.ui.widgets.nothing import blank

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    yield from invert_desk(qtbot)


@pytest.fixture
def page(desk: Desk, qtbot: Any) -> InvertPage:
    return standing(desk, qtbot)


def shows(page: InvertPage, level: int, is_back: bool) -> bool:
    """Pictures, strips, plot and scrubber all stand at a level of one of the ways."""
    track, steps = page.player.ways, page._state.steps
    up, back = track.up[level].picture, track.back[steps - level].picture
    differ = difference(back[None], up[None], "signed", TIMES)[0]
    parts = [np.broadcast_to(part, (28, 28, 3)) for part in (page.canvas.picture(), up, back, differ)]
    place = 2 * steps - level if is_back else level
    return (
        np.array_equal(page.canvas.pictures(), np.stack(parts))
        and page.up.position() == page.back.position() == level / steps
        and page.plot.panel.cursor_x() == track.up[level].share
        and page.tempo.position() == place
        and page.tempo.label.text() == words.place(place, steps)
    )


def test_it_opens_on_a_digit_that_goes_there_and_back(desk: Desk, qtbot: Any) -> None:
    page = desk.open()
    qtbot.waitUntil(lambda: page.player.ways is not None)
    assert page.tempo.is_playing()
    qtbot.waitUntil(lambda: page.player.is_complete)
    picture = api.pack(sample(0, 0, 0))
    assert asked(desk, api.InvertRequest) == [api.InvertRequest("mnist-ddpm", picture, 0, 100)]  # its own class
    page.player._tick(60)
    qtbot.waitUntil(page.is_settled)
    assert shows(page, 0, is_back=True) and not page.tempo.is_playing()
    error = words.number(error_of(request_of(page), 0))
    assert page.plot.result.text() == error == "0.0010" and error in page.caption.markup()


def test_the_plot_has_the_errors_of_the_way_back(page: InvertPage) -> None:
    x, y = page.plot.panel.lines[0].getData()
    shares = [level / 100 * 0.98 for level in range(99, -1, -1)]
    assert np.allclose(x, shares) and np.allclose(10**y, [error_of(request_of(page), k) for k in range(99, -1, -1)])
    page.share_picked.emit(0.49)
    assert shows(page, 50, is_back=True) and "Way back, step 50 of 100" in page.caption.markup()


def test_every_hand_on_the_way_shows_both_ways_at_the_same_noise(page: InvertPage) -> None:
    page.tempo.scrubber.set_value(30)
    page.tempo.scrubber.moved.emit(30)
    assert shows(page, 30, is_back=False)
    for strip, is_back in ((page.up, False), (page.back, True)):
        QTest.mouseClick(strip, LEFT, pos=strip.cell(2).center().toPoint())
        level = round(2 / (strip.count() - 1) * 100)
        assert shows(page, level, is_back), is_back
    page.go_to_place(100)
    assert shows(page, 100, is_back=False) and "The noise of this picture" in page.caption.markup()
    page.step(1)
    assert shows(page, 99, is_back=True)
    page.step(-1)
    page.step(-1)
    assert shows(page, 99, is_back=False)


def test_strips_show_both_ways_level_by_level(page: InvertPage) -> None:
    count = page.up.count()
    levels = np.unique(np.linspace(0, 100, count).round().astype(int))
    for strip, pictures in ((page.up, page.player.ways.up), (page.back, page.player.ways.back[::-1])):
        assert strip.count() == len(levels) >= 7
        for image, level in zip(strip._images, levels, strict=True):
            assert image.pixelColor(3, 9).red() == int(pictures[level].picture[9, 3, 0])


def test_strips_give_way_where_the_page_is_low(page: InvertPage, qtbot: Any) -> None:
    assert page.up.isVisible() and page.back.isVisible()
    page.resize(1000, 420)
    qtbot.waitUntil(lambda: not page.up.isVisible() and not page.back.isVisible())
    assert page.canvas.isVisible()
    page.resize(1400, 800)
    qtbot.waitUntil(lambda: page.up.isVisible() and page.back.isVisible())
    assert page.up.count() == page.back.count() == 14


def test_fewer_steps_are_compared_with_what_it_was_before(desk: Desk, page: InvertPage, qtbot: Any) -> None:
    page.go_to_place(200)
    page.controls.steps.setValue(20)
    qtbot.waitUntil(lambda: request_of(page).steps == 20 and page.player.is_complete)
    assert shows(page, 0, is_back=True)  # it stays at the end
    assert page.plot.result.text() == "0.0050" and "With 100 steps it was" in page.caption.markup()
    assert len(page.plot.panel.lines[1].getData()[0]) == 100
    page.controls.corrections.setValue(1)
    qtbot.waitUntil(lambda: request_of(page).corrections == 1 and page.player.is_complete)
    assert page.plot.result.text() == "0.00050" and "With no corrections it was" in page.caption.markup()
    page.undo()
    qtbot.waitUntil(lambda: request_of(page).corrections == 0 and page.player.is_complete)
    page.controls.rows["steps"].reset.click()
    qtbot.waitUntil(lambda: request_of(page).steps == 100)


def test_play_stops_computing_and_goes_on(desk: Desk, qtbot: Any) -> None:
    page = desk.open()
    qtbot.waitUntil(lambda: page.player.ways is not None and page.player.ways.newest >= 0)
    page.controls.steps.setValue(250)
    page.toggle_play()
    assert not page.tempo.is_playing()
    page.toggle_play()
    assert page.tempo.is_playing()
    qtbot.waitUntil(lambda: request_of(page).steps == 250 and page.player.is_complete)
    page.player._tick(60)
    assert not page.tempo.is_playing() and shows(page, 0, is_back=True)
    page.toggle_play()  # again from the picture
    page.player._tick(0.1)
    assert 0 < page._state.moment < 60


class Gated(FakeSession):
    """Goes a step of an inversion only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Semaphore(0)

    def stream(self, request: Any) -> Iterator[Any]:
        for event in super().stream(request):
            if isinstance(event, api.InvertEvent):
                self.gate.acquire()
            yield event


def test_pausing_stops_the_computing_and_a_step_computes_one(qtbot: Any) -> None:
    session = Gated()
    desk = Desk(InvertPage, session)
    qtbot.addWidget(desk.page)
    page = desk.open()
    session.gate.release(5)
    qtbot.waitUntil(lambda: page.player.newest == 4 and page.canvas.pictures() is not None)
    page.toggle_play()
    page.deactivate()
    page.activate()
    session.gate.release(3)  # one of them for the step that had begun
    settle(desk, qtbot, "play")
    assert page.player.newest == 5 and not page.tempo.is_playing()
    page.go_to_place(5)
    assert "Way up, step 5 of 100" in page.caption.markup()
    assert np.array_equal(page.canvas.pictures()[2], blank(page.canvas.picture()))  # nothing has come back
    page.step(1)
    qtbot.waitUntil(lambda: page.player.newest == 6)
    settle(desk, qtbot, "play")
    assert page.player.newest == 6 and page.tempo.position() == 6 and page.plot.result.text() == "–"
    session.gate.release(1000)
    page.toggle_play()
    qtbot.waitUntil(lambda: page.player.is_complete)
    desk.close()


def test_nothing_is_computed_while_nobody_looks(desk: Desk, page: InvertPage, qtbot: Any) -> None:
    page.deactivate()
    page.controls.steps.setValue(10)  # asked for when somebody looks again
    assert request_of(page).steps == 100
    page.activate()
    qtbot.waitUntil(lambda: request_of(page).steps == 10 and page.player.is_complete)
    assert len(page.player.ways.back) == 11 and not page.tempo.is_playing()
    page.toggle_play()
    page.deactivate()
    assert not page.player.is_playing
    page.activate()
    assert page.tempo.is_playing()


def test_a_film_goes_from_a_to_b(desk: Desk, page: InvertPage, qtbot: Any) -> None:
    film(page, qtbot)
    a, b = (api.pack(sample(0, k, k)) for k in (0, 1))
    assert request_of(page) == api.SlerpRequest("mnist-ddpm", a, b, 7, 8, api.NO_CLASS, 100)  # the classes differ
    assert page.stage.isVisible() and not page.canvas.isVisible() and not page.up.isVisible()
    images = page.player.arc.images
    page.go_to_place(6)
    assert np.array_equal(page.stage.pictures(), images[[0, 6, 15]]) and page.film.position() == 6 / 15
    assert page.tempo.label.text() == "picture 7 of 16" and "40 % of the way" in page.caption.markup()
    assert page.stage.selected() == 0
    QTest.mouseClick(page.stage, LEFT, pos=page.stage.cell_rect(2).center())
    assert page.stage.selected() == 2 and page._state.side == "b" == page.controls.sides.value()
    page.film.changed.emit(1.0)
    assert np.array_equal(page.stage.pictures()[1], images[-1]) and "<b>B</b>" in page.caption.markup()
    page.toggle_play()
    page.player._tick(60)
    assert page._state.frame == 15 and not page.tempo.is_playing()


def test_words_are_never_those_of_the_other_view(page: InvertPage, qtbot: Any) -> None:
    page.toggle_play()
    qtbot.waitUntil(lambda: "Way up" in page.caption.markup())
    page.controls.views.button("between").click()
    qtbot.waitUntil(lambda: isinstance(request_of(page), api.SlerpRequest) and page.player.is_complete)
    assert page.tempo.is_playing() and "Way up" not in page.caption.markup()
    page.player._tick(0.5)
    page.controls.views.button("ways").click()
    assert "<b>The picture</b>" in page.caption.markup()


def test_an_end_may_be_the_noise_of_a_seed(page: InvertPage, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    film(page, qtbot)
    controls = page.controls
    assert not controls.seed.isVisible() and controls.picture.number.isVisible()
    controls.sides.button("b").click()
    controls.kinds.button("noise").click()
    qtbot.waitUntil(lambda: request_of(page).picture_b == "" and page.player.is_complete)
    assert controls.seed.isVisible() and not controls.picture.number.isVisible()
    assert request_of(page).label == 0  # that of the one picture
    controls.seed.setValue(12)
    qtbot.waitUntil(lambda: request_of(page).seed_b == 12)
    monkeypatch.setattr("random.randrange", lambda count: 4321)
    page.random()
    qtbot.waitUntil(lambda: request_of(page).seed_b == 4321)
    controls.frames.setValue(5)
    qtbot.waitUntil(lambda: request_of(page).count == 5 and page.player.is_complete)
    controls.views.button("ways").click()  # the picture of B, whose noise was chosen
    qtbot.waitUntil(lambda: isinstance(request_of(page), api.InvertRequest) and page.player.is_complete)
    assert request_of(page).picture == api.pack(sample(0, 1, 1))


def test_cancelling_leaves_a_page_that_can_begin_again(page: InvertPage, qtbot: Any) -> None:
    film(page, qtbot)
    page.controls.steps.setValue(30)
    page.stop("between")
    assert not page.tempo.is_playing() and page.player.is_stopped and words.STOPPED in page.caption.markup()
    page.toggle_play()
    qtbot.waitUntil(lambda: page.player.is_complete)
    assert not page.player.is_stopped and words.STOPPED not in page.caption.markup()


def test_both_views_are_exported_as_they_are_seen(page: InvertPage, qtbot: Any) -> None:
    assert page.export_source() == page.export_film_source() == request_of(page)
    assert page.tempo.grid_action.isEnabled() and page.tempo.film_action.isEnabled()
    film(page, qtbot)
    assert page.export_source() == page.export_film_source() == request_of(page)
    page.controls.steps.setValue(40)
    assert page.export_source() is None or request_of(page).steps == 40


def test_dropped_files_are_shown_again(page: InvertPage, qtbot: Any) -> None:
    picture = api.pack(sample(1, 5, 5))
    one = api.InvertRequest("mnist-ddpm", picture, 5, 40, 2)
    two = api.SlerpRequest("mnist-ddpm", "", picture, 3, 0, api.NO_CLASS, 30, 1, 9)
    for source in (one, two):
        assert page.restores(source)
        page.restore(api.RestoredEvent("a.png", source, api.GridLayout(), True, "The same."))
        qtbot.waitUntil(lambda source=source: request_of(page) == source and page.player.is_complete)
    assert page.controls.frames.value() == 9 and page.controls.seed.value() == 3


def test_what_was_shown_is_remembered(desk: Desk, page: InvertPage, qtbot: Any) -> None:
    page.controls.corrections.setValue(2)
    page.go_to_place(33)
    kept = json.loads(json.dumps(page.parameters()))
    other = Desk(InvertPage, FakeSession())
    qtbot.addWidget(other.page)
    other.page.set_parameters(kept)
    opened = other.open()
    qtbot.waitUntil(lambda: opened.player.is_complete)
    assert request_of(opened) == request_of(page) and not asked(other, api.OriginalRequest)
    other.close()


@pytest.mark.parametrize(
    "change", [{"steps": 9}, {"view": "up"}, {"moment": 500}, {"a": {"seed": -1}}, {"a": 3}, {"brush": "x"}, {"z": 1}]
)
def test_foreign_parameters_are_no_state(change: dict[str, Any]) -> None:
    values = InvertState().to_dict()
    assert InvertState.from_dict(values) == InvertState()
    bad = {**values["a"], **change["a"]} if isinstance(change.get("a"), dict) else change.get("a", values["a"])
    assert InvertState.from_dict({**values, **change, "a": bad}) is None
    assert InvertState.from_dict({}) is None


@pytest.mark.parametrize(
    ("error", "text"),
    [(0.123, "0.12"), (0.0123, "0.012"), (0.00015, "0.00015"), (0.0000304, "0.000030"), (2.6e-8, "3·10⁻⁸"), (0, "0")],
)
def test_errors_are_written_in_two_digits(error: float, text: str) -> None:
    assert words.number(error) == text


def test_where_a_picture_of_no_dataset_is_seen_a_new_model_changes_no_dataset(desk: Desk, page: InvertPage) -> None:
    page.picker.set_value("mnist")
    page.clear()
    page._state = page._state.with_end("a", dataset="")  # it was the first picture of all
    page.set_catalog(CATALOG)
    assert page.picker.value() == "mnist" and page._state.a.number == OWN
