"""What goes there and back on the inversion page: drawn, dropped and numbered pictures, and models."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import CATALOG, FakeSession, sample, with_catalog
from invert_desk import film, invert_desk, request_of, standing
from page_desk import Desk, asked, settle
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.settings import ConsistencySettings
from genstudio.ui.diffusion.invert import InvertPage
from genstudio.ui.diffusion.invert_state import AUTO
from genstudio.ui.diffusion.picture_origin import OWN
from genstudio.ui.tabs.run_words import gone, moved_on

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    yield from invert_desk(qtbot)


@pytest.fixture
def page(desk: Desk, qtbot: Any) -> InvertPage:
    return standing(desk, qtbot)


def test_another_class_is_told_and_none_where_the_dataset_says_nothing(page: InvertPage, qtbot: Any) -> None:
    assert page.controls.label.value() == AUTO
    page.controls.label.set_value(4)
    page.controls.label.chosen.emit(4)
    qtbot.waitUntil(lambda: request_of(page).label == 4 and page.player.is_complete)
    page.controls.label.set_value(AUTO)
    page.controls.label.chosen.emit(AUTO)
    page.clear()
    qtbot.waitUntil(lambda: request_of(page).label == api.NO_CLASS and page.player.is_complete)


def test_ones_own_picture_is_compared_with_those_from_which_the_model_learned(page: InvertPage) -> None:
    page.infos[page._state.model] = dataclasses.replace(page.info, dataset="strokes")
    assert page.originals.like() == "strokes"
    page.infos.clear()
    assert page.originals.like() == ""


def test_what_is_drawn_goes_its_ways_when_the_pen_is_lifted(desk: Desk, page: InvertPage, qtbot: Any) -> None:
    before = len(asked(desk, api.InvertRequest))
    box = page.canvas.cell_rect(0)
    a, b = (QPoint(round(box.left() + x * box.width()), round(box.top() + 0.9 * box.height())) for x in (0.2, 0.8))
    QTest.mousePress(page.canvas, LEFT, pos=a)
    QTest.mouseMove(page.canvas, b)
    assert page.canvas.pictures()[0].any() and not page.canvas.pictures()[1].any()
    QTest.mouseRelease(page.canvas, LEFT, pos=b)
    qtbot.waitUntil(lambda: page.player.is_complete)
    assert len(asked(desk, api.InvertRequest)) == before + 1
    assert request_of(page).picture == api.pack(page.canvas.picture()) and page._state.a.number == OWN
    assert page.controls.picture.origin.text() == "Your own picture."
    page.undo()
    qtbot.waitUntil(lambda: request_of(page).picture == api.pack(sample(0, 0, 0)))


def test_a_stroke_goes_on_when_models_come(page: InvertPage, qtbot: Any) -> None:
    box = page.canvas.cell_rect(0)
    y = round(box.top() + 0.9 * box.height())
    spots = [QPoint(round(box.left() + x * box.width()), y) for x in (0.2, 0.5, 0.8)]
    QTest.mousePress(page.canvas, LEFT, pos=spots[0])
    QTest.mouseMove(page.canvas, spots[1])
    page.set_catalog(CATALOG)  # as after a file was kept
    QTest.mouseMove(page.canvas, spots[2])
    QTest.mouseRelease(page.canvas, LEFT, pos=spots[2])
    row = page.canvas.picture()[round(0.9 * 28) - 1 : round(0.9 * 28) + 2, :, 0].max(0)
    assert page._state.a.number == OWN and row[7:21].min() > 100, "all of it is there"


def test_dropped_pictures_are_brought_to_the_models_size(desk: Desk, page: InvertPage, qtbot: Any) -> None:
    assert page.takes_pictures
    page.offer_picture(np.random.default_rng(0).integers(0, 256, (200, 90, 3), np.uint8))
    qtbot.waitUntil(lambda: page._state.a.number == OWN)
    fit = asked(desk, api.FitRequest)[-1]
    assert (fit.size, fit.channels) == (28, 1) and "resized" in page.controls.picture.origin.text()
    qtbot.waitUntil(lambda: request_of(page).picture == page._state.a.picture)


def test_a_dropped_picture_that_comes_late_is_not_that_of_another_end(qtbot: Any) -> None:
    gate = threading.Event()

    class Slow(FakeSession):
        def handle(self, request: Any) -> Any:
            if isinstance(request, api.FitRequest):
                gate.wait(60)
            return super().handle(request)

    desk = Desk(InvertPage, Slow())
    qtbot.addWidget(desk.page)
    page = desk.open()
    qtbot.waitUntil(lambda: page.player.is_complete)
    film(page, qtbot)
    page.offer_picture(np.full((200, 90, 3), 77, np.uint8))  # for A, which is chosen
    page.controls.sides.button("b").click()
    page.controls.picture.number.setValue(7)
    qtbot.waitUntil(lambda: page._state.b.number == 7)
    gate.set()
    settle(desk, qtbot, "play")
    assert page._state.b.number == 7 and page._state.b.picture == api.pack(sample(0, 7, 7))
    desk.close()


def test_what_is_lacking_does_not_take_the_place_of_what_was_dropped(page: InvertPage, qtbot: Any) -> None:
    assert page._state.lacking() == "" and not page._state.b.picture
    page.offer_picture(np.full((200, 90, 3), 77, np.uint8))
    page.controls.views.button("between").click()  # which needs a picture for B
    qtbot.waitUntil(lambda: isinstance(request_of(page), api.SlerpRequest) and page.player.is_complete)
    assert page._state.a.number == OWN and page._state.b.picture == api.pack(sample(0, 1, 1))


def test_pictures_come_by_number_and_at_random(
    desk: Desk, page: InvertPage, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.controls.picture.number.setValue(7)
    qtbot.waitUntil(lambda: page._state.a.number == 7)
    assert page._state.a.label == "7" and np.array_equal(page.canvas.picture(), sample(0, 7, 7))
    monkeypatch.setattr("random.randrange", lambda count: count - 1)
    page.random()
    qtbot.waitUntil(lambda: page._state.a.number == 499)
    page.picker.chosen.emit("strokes")
    qtbot.waitUntil(lambda: page._state.a.dataset == "strokes")


def test_a_failure_is_told_with_a_button_that_tries_again(page: InvertPage, qtbot: Any) -> None:
    broken = dataclasses.replace(CATALOG.models_of("ddpm")[0], name="broken")
    page.set_catalog(with_catalog(models=(*CATALOG.models, broken)))
    page.models.chosen.emit("broken")
    qtbot.waitUntil(lambda: page.player.error is not None)
    assert "cut short" in page.canvas._label.text() and page.canvas._button.text() == "Try again"
    assert not page.tempo.export.isEnabled() and page.is_settled()
    page.models.chosen.emit("mnist-ddpm")
    qtbot.waitUntil(lambda: page.player.is_complete)
    assert page.canvas._label.isHidden()


def test_without_a_model_it_says_what_to_do(desk: Desk, qtbot: Any) -> None:
    student = dataclasses.replace(
        CATALOG.models_of("ddpm")[0], name="jumps", family="consistency", settings=ConsistencySettings()
    )
    page = desk.open(with_catalog(models=(*CATALOG.models[:3], student)))
    assert "There is no diffusion model here yet" in page.canvas._label.text() and page.models.count() == 0
    picture = page.controls.picture
    assert not any(widget.isEnabled() for widget in (page.picker, picture.number, picture.other, picture.clear))
    with qtbot.waitSignal(page.mode_wanted) as wanted:
        page.canvas._button.click()
    assert wanted.args == ["denoising-train"]
    page.set_catalog(CATALOG)
    qtbot.waitUntil(lambda: page.player.is_complete)
    assert page.picker.isEnabled() and picture.number.isEnabled() and picture.clear.isEnabled()


def test_a_model_of_another_size_gets_pictures_of_its_size(page: InvertPage, desk: Desk, qtbot: Any) -> None:
    large = dataclasses.replace(CATALOG.models_of("ddpm")[0], name="shapes-ddpm", size=32, channels=3)
    page.set_catalog(with_catalog(models=(*CATALOG.models, large)))
    page.models.chosen.emit("shapes-ddpm")
    qtbot.waitUntil(lambda: request_of(page).model == "shapes-ddpm" and page.player.is_complete)
    assert api.packed_shape(request_of(page).picture) == (32, 32, 3)
    assert (asked(desk, api.FitRequest)[-1].size, asked(desk, api.FitRequest)[-1].channels) == (32, 3)
    assert page._state.a.number == 0 and "It was resized" in page.controls.picture.origin.text()


def test_a_kept_run_that_goes_on_is_followed_into_its_later_file(page: InvertPage, desk: Desk, qtbot: Any) -> None:
    runs = [
        dataclasses.replace(CATALOG.models_of("ddpm")[0], name=f"last run (mnist, {at})", sha256=str(at), iteration=at)
        for at in (100, 200)
    ]
    page.set_catalog(with_catalog(models=(*CATALOG.models, runs[0])))
    page.models.chosen.emit(runs[0].name)
    qtbot.waitUntil(lambda: request_of(page).model == runs[0].name and page.player.is_complete)
    page.set_catalog(with_catalog(models=(*CATALOG.models, runs[1])))
    qtbot.waitUntil(lambda: request_of(page).model == runs[1].name and page.player.is_complete)
    page.undo()
    assert page._state.model == "mnist-ddpm", "what no hand has changed is no step of undo"
    page.redo()
    qtbot.waitUntil(lambda: request_of(page).model == runs[1].name and page.player.is_complete)
    assert page.models.value() == runs[1].name and desk.messages == [moved_on(runs[0].name, runs[1].name)]
    page.set_catalog(CATALOG)
    qtbot.waitUntil(lambda: request_of(page).model == "mnist-ddpm" and page.player.is_complete)
    assert desk.messages[-1] == gone(runs[1].name, "mnist-ddpm")
