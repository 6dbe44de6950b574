"""A sheet whose model is in a file somewhere else: it is asked for, and shown when that has been read, or forgotten."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import MODELS
from latent_desk import LatentFake
from page_desk import Desk, asked
from triptych_desk import ALL

from genstudio import api
from genstudio.ui.copied.page import CopiedPage
from genstudio.ui.diffusion.compare_page import SamplersPage
from genstudio.ui.diffusion.invert import InvertPage
from genstudio.ui.diffusion.page import DiffusionTab
from genstudio.ui.measured.page import MeasuredPage
from genstudio.ui.one_picture.page import OnePicturePage
from genstudio.ui.triptych.page import TriptychPage

PICTURE = api.pack(np.zeros((28, 28, 1), np.uint8))
PAGES: dict[Any, Any] = {
    TriptychPage: api.TriptychRequest((api.Panel("gone"),), count=1, ms=(1.0,)),
    OnePicturePage: api.OnePictureRequest(("gone",), PICTURE),
    SamplersPage: api.SamplersSheetRequest(
        api.CompareSamplersRequest((api.Way("gone"), api.Way("gone", steps=5)), 1, 1),
        "x_t",
        1.0,
        "share",
        "",
        (0.0, 0.0),
    ),
    InvertPage: api.InvertRequest("gone", PICTURE),
    CopiedPage: api.CopiedRequest("gone"),
    MeasuredPage: api.ComparisonRequest(("gone", "mnist-ddpm")),
    DiffusionTab: api.DenoiseRequest("gone"),
}


class Elsewhere(LatentFake):
    """Knows a model that is in no catalog, if `has_it`, of a family."""

    has_it, family = False, MODELS[3].family

    def handle(self, request: Any) -> Any:
        if self.has_it and request == api.LoadRequest("gone"):
            there = dataclasses.replace(MODELS[3], name="gone", path="gone", family=self.family, sha256="1" * 64)
            return dataclasses.replace(super().handle(api.LoadRequest(MODELS[3].name)), info=there)
        return super().handle(request)


@pytest.fixture(params=list(PAGES), ids=lambda kind: kind.__name__)
def desk(qtbot: Any, request: pytest.FixtureRequest) -> Iterator[Desk]:
    made = Desk(request.param, Elsewhere())
    qtbot.addWidget(made.page)
    made.open(ALL)
    yield made
    made.close()


def dropped(desk: Desk) -> api.RestoredEvent:
    """A sheet of the page, whose model is in no catalog."""
    event = api.RestoredEvent("sheet.png", PAGES[type(desk.page)], api.GridLayout(), True, "")
    desk.page.restore(event)
    assert desk.page.dropped.waits()
    return event


def test_a_sheet_is_shown_when_its_model_has_come(desk: Desk, qtbot: Any) -> None:
    desk.session.has_it = True
    again: list[Any] = []
    event = dropped(desk)
    desk.page.restore = again.append
    qtbot.waitUntil(lambda: again == [event])
    assert not desk.page.dropped.waits() and any(info.path == "gone" for info in known(desk.page))


def known(page: Any) -> tuple[api.ModelInfo, ...]:
    """The dropped files that a page knows."""
    return page._loaded if isinstance(page, DiffusionTab) else tuple(page.dropped.infos.values())


def test_a_file_that_is_no_model_for_the_page_is_not_waited_for(desk: Desk, qtbot: Any) -> None:
    desk.session.has_it, desk.session.family = True, "classifier"
    dropped(desk)
    qtbot.waitUntil(lambda: not desk.page.dropped.waits())
    desk.page.restore = pytest.fail
    desk.session.family = MODELS[3].family
    assert desk.page.offer_model("gone")
    qtbot.waitUntil(lambda: any(info.family == desk.session.family for info in known(desk.page)))


def test_a_model_that_cannot_be_read_is_not_waited_for(desk: Desk, qtbot: Any) -> None:
    dropped(desk)
    qtbot.waitUntil(lambda: not desk.page.dropped.waits())
    assert api.LoadRequest("gone") in asked(desk, api.LoadRequest) and not desk.page.dropped.infos


def test_no_sheet_waits_any_more_when_a_model_comes_that_the_page_has_no_use_for(desk: Desk) -> None:
    dropped(desk)
    messages = len(desk.messages)
    desk.page.handle("load", api.ModelEvent(dataclasses.replace(MODELS[3], family="classifier", path="c")))
    assert len(desk.messages) == messages + 1 and not desk.page.dropped.waits()


def test_another_model_that_is_dropped_meanwhile_is_taken(desk: Desk) -> None:
    dropped(desk)
    again: list[Any] = []
    desk.page.restore = again.append
    mine = dataclasses.replace(MODELS[3], name="mine", path="mine.safetensors", sha256="2" * 64)
    known_one = desk.session.handle(api.LoadRequest(MODELS[3].name))
    desk.page.handle("load", dataclasses.replace(known_one, info=mine))
    assert not again and not desk.page.dropped.waits()
    assert desk.page.model_shown() == "mine.safetensors" or "mine.safetensors" in str(desk.page.parameters())


def test_the_page_s_own_model_that_comes_late_takes_no_sheet_away(qtbot: Any) -> None:
    made = Desk(DiffusionTab, Elsewhere())
    qtbot.addWidget(made.page)
    made.open(ALL)
    own = api.LoadRequest(made.page.model_shown())
    qtbot.waitUntil(lambda: made.page.steps.position >= 1)
    dropped(made)
    made.page.handle("load", made.session.handle(own))
    assert made.page.dropped.waits()
    made.close()
