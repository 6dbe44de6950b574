"""With another model the picture that a process begins with is taken anew, at its size, and asked for as its class."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from diffusion_desk import paused
from fakes import ALPHAS, CATALOG, CLASSES, MODELS, FakeSession, sample, with_catalog
from page_desk import Desk, asked, on_desk, settle

from genstudio import api
from genstudio.ui.diffusion.page import DiffusionTab

KINDS = ("frog", "cat", "dog")
PHOTOS = dataclasses.replace(
    MODELS[3], name="photos", channels=3, size=32, classes=KINDS, dataset="cifar10", sha256="3" * 64
)
WITH_PHOTOS = with_catalog(models=(MODELS[3], PHOTOS))
ZERO, SEVEN = (api.pack(sample(0, k, k)) for k in (0, 7))
DROPPED = np.full((200, 90, 1), 77, np.uint8)


class Photos(FakeSession):
    """Has a model of photographs too; sees a 7 in every grey picture."""

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.LoadRequest) and request.model == "photos":
            self.requests.append(request)
            return api.ModelEvent(PHOTOS, ALPHAS**0.5, (1 - ALPHAS) ** 0.5)
        if isinstance(request, api.GuessRequest) and request.dataset == "mnist":
            self.requests.append(request)
            return api.GuessEvent(request, CLASSES, np.eye(10, dtype=np.float32)[7])
        return super().handle(request)


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    with on_desk(qtbot, DiffusionTab, Photos()) as made:
        yield made


def shape_of(page: DiffusionTab) -> tuple[int, ...]:
    start = page.player.request.start
    return () if start is None else api.picture_of(start.picture).shape


def go_to(page: DiffusionTab, qtbot: Any, model: str) -> None:
    """Choose a model; the process begins with a picture of its size."""
    size, channels = (32, 3) if model == "photos" else (28, 1)
    page.picker.set_value(model)
    page.picker.chosen.emit(model)
    qtbot.waitUntil(lambda: shape_of(page) == (size, size, channels))
    qtbot.waitUntil(lambda: not page.originals.is_busy and not page.guess.is_busy)


def photographed(desk: Desk, qtbot: Any) -> DiffusionTab:
    """With the model of photographs, picture 0 of MNIST to begin with."""
    page = desk.open(WITH_PHOTOS)
    page.controls.steps.setValue(5)
    qtbot.waitUntil(lambda: page.player.is_at_end and not page.player.is_playing)
    page.picker.chosen.emit("photos")
    page.remember()
    page.originals.ask("mnist", 0)
    page.starting.kinds.button("picture").click()
    qtbot.waitUntil(lambda: shape_of(page) == (32, 32, 3))
    return page


def test_the_picture_of_a_dataset_comes_anew_and_its_class_is_asked_for(desk: Desk, qtbot: Any) -> None:
    page = photographed(desk, qtbot)
    assert page.player.request.label == api.ALL_CLASSES, "it has no frog"
    assert "resized" in page.starting.picture.origin.text()
    go_to(page, qtbot, "mnist-ddpm")
    assert page.player.request.start.picture == ZERO and page.player.request.label == 0
    assert page.starting.picture.origin.text() == "Picture 0 of 500 held out of MNIST. It is of the class 0."
    assert page.starting.picture.number.maximum() == 499
    qtbot.waitUntil(lambda: page.player.is_at_end)
    assert "The class asked for is <b>0</b>, that of the picture." in page.caption.markup()
    page.starting.picture.number.setValue(7)
    qtbot.waitUntil(lambda: page.player.request.label == 7)
    assert page.player.request.start.picture == SEVEN


def test_model_picture_and_class_are_one_step_of_undo(desk: Desk, qtbot: Any) -> None:
    page = photographed(desk, qtbot)
    go_to(page, qtbot, "mnist-ddpm")
    assert page.undo()
    assert page._info == PHOTOS and shape_of(page) == (32, 32, 3)
    assert page.redo()
    assert page._info == MODELS[3] and page.player.request.start.picture == ZERO and page.player.request.label == 0


def test_undone_before_the_picture_has_come_nothing_of_it_is_left(desk: Desk, qtbot: Any) -> None:
    page = photographed(desk, qtbot)
    before = page.parameters()
    page.picker.chosen.emit("mnist-ddpm")
    assert page.originals.is_busy and page.undo()
    assert page.parameters() == before
    settle(desk, qtbot, "io")
    assert page.parameters() == before and not page.originals.is_busy
    assert page.redo()
    qtbot.waitUntil(lambda: page.player.request.start.picture == ZERO and page.player.request.label == 0)
    assert page.undo() and page.parameters() == before


def test_a_class_chosen_by_hand_is_asked_of_the_other_model_too(desk: Desk, qtbot: Any) -> None:
    page = photographed(desk, qtbot)
    page.controls.label.set_value(2)
    page.controls.label.chosen.emit(2)
    go_to(page, qtbot, "mnist-ddpm")
    assert page.player.request.label == 2


def test_a_dropped_picture_is_made_from_what_was_dropped_and_looked_at_again(desk: Desk, qtbot: Any) -> None:
    page = photographed(desk, qtbot)
    page.offer_picture(DROPPED)
    qtbot.waitUntil(lambda: page.begin.number == -1 and not page.guess.is_busy)
    go_to(page, qtbot, "mnist-ddpm")
    fitted = asked(desk, api.FitRequest)[-1]
    assert fitted.picture.shape == DROPPED.shape and (fitted.size, fitted.channels) == (28, 1)
    assert page.player.request.label == 7 and page.begin.seen == "7"
    assert page.starting.picture.origin.text().startswith("Your own picture")
    go_to(page, qtbot, "photos")
    assert page.player.request.label == api.ALL_CLASSES and page.begin.seen == ""


def test_a_picture_that_was_inverted_stays_so_with_another_model(desk: Desk, qtbot: Any) -> None:
    page = photographed(desk, qtbot)
    go_to(page, qtbot, "mnist-ddpm")
    ink = np.full((90, 90, 1), 255, np.uint8)
    ink[30:60, 42:48] = 0
    page.offer_picture(ink)
    qtbot.waitUntil(lambda: bool(desk.offers))
    qtbot.waitUntil(lambda: page.begin.number == -1 and not page.guess.is_busy)
    desk.offers[0]()
    qtbot.waitUntil(lambda: "inverted" in page.begin.converted and not page.guess.is_busy)
    go_to(page, qtbot, "photos")
    assert np.array_equal(asked(desk, api.FitRequest)[-1].picture, 255 - ink), "what was dropped, inverted"
    go_to(page, qtbot, "mnist-ddpm")
    assert np.array_equal(asked(desk, api.FitRequest)[-1].picture, 255 - ink)
    assert len(desk.offers) == 1, "nothing is offered of what is the right way round"


def test_a_picture_that_was_put_aside_comes_anew_when_it_is_wanted_again(desk: Desk, qtbot: Any) -> None:
    page = photographed(desk, qtbot)
    page.starting.kinds.button("noise").click()
    page.picker.chosen.emit("mnist-ddpm")
    assert page.player.request.start is None
    page.starting.kinds.button("picture").click()
    qtbot.waitUntil(lambda: page.player.request.start.picture == ZERO)
    assert page.player.request.label == 0 and page.starting.picture.number.maximum() == 499


def test_of_a_dataset_that_is_gone_the_picture_is_made_from_the_former_one(desk: Desk, qtbot: Any) -> None:
    page = photographed(desk, qtbot)
    page.originals._there = []
    go_to(page, qtbot, "mnist-ddpm")
    assert asked(desk, api.FitRequest)[-1].picture.shape == (32, 32, 3)
    assert page.begin.number == 0 and page.begin.label == "0" and page.player.request.label == 0


def test_what_was_remembered_with_a_model_that_is_gone_is_as_on_a_fresh_start(desk: Desk, qtbot: Any) -> None:
    saved = json.loads(json.dumps(photographed(desk, qtbot).parameters()))
    other = Desk(DiffusionTab, Photos())
    qtbot.addWidget(other.page)
    other.page.set_parameters(saved)
    page = other.open()
    qtbot.waitUntil(lambda: page.player.request.start.picture == ZERO)
    assert page.player.request.label == 0 and page.starting.picture.number.maximum() == 499
    other.close()


def test_after_a_start_it_is_known_of_how_many_the_picture_is_one(desk: Desk, qtbot: Any) -> None:
    page = paused(desk, qtbot)
    page.starting.kinds.button("picture").click()
    qtbot.waitUntil(lambda: page.begin.number == 0)
    other = Desk(DiffusionTab, Photos())
    qtbot.addWidget(other.page)
    other.page.set_parameters(page.parameters())
    again = other.open(CATALOG)
    assert "of 1 " not in again.starting.picture.origin.text()
    qtbot.waitUntil(lambda: "Picture 0 of 500" in again.starting.picture.origin.text())
    assert again.starting.picture.number.maximum() == 499 and not again.can_undo()
    other.close()
