"""The matrix: what its rows are called on a branch, which rows have no room, and what is still to come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from diffusion_desk import paused, played
from fakes import CLASSES, FakeSession
from page_desk import Desk, on_desk

from genstudio import api
from genstudio.ui.diffusion import words
from genstudio.ui.diffusion.page import DiffusionTab
from genstudio.ui.theme import theme
from genstudio.ui.widgets.nothing import blank


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    with on_desk(qtbot, DiffusionTab, FakeSession()) as made:
        yield made


def rows(page: DiffusionTab) -> list[str]:
    return page.stage._row_titles


def test_on_a_branch_a_row_is_called_by_what_was_asked_for_at_the_noise_and_in_the_end(desk: Desk, qtbot: Any) -> None:
    page = paused(desk, qtbot)
    page.show_view("matrix")
    assert rows(page) == list(CLASSES[: len(rows(page))]) and len(rows(page)) > 1
    page._scrubbed(2)
    page.controls.label.set_value(8)
    page.controls.label.chosen.emit(8)
    played(page, qtbot)
    told = [name if name == "8" else f"{name} → 8" for name in CLASSES[: len(rows(page))]]
    assert rows(page) == told
    page._scrubbed(1)
    assert rows(page) == told, "a row is one way, wherever on it one is"


def test_with_guidance_0_nobody_asks_for_a_class_and_none_is_said(desk: Desk, qtbot: Any) -> None:
    page = paused(desk, qtbot)
    page.show_view("matrix")
    assert rows(page)
    page.controls.guidance.setValue(0.0)
    played(page, qtbot)
    assert rows(page) == [] and words.UNASKED in page.caption.markup()
    assert set(page._kinds(page._info)) == {api.NO_CLASS}, "nor do the ways on the map have its colour"


def test_pictures_that_have_no_room_are_counted_in_the_caption(desk: Desk, qtbot: Any) -> None:
    page = paused(desk, qtbot)
    page.controls.count.setValue(64)
    played(page, qtbot)
    assert "have room" not in page.caption.markup()
    for view in ("matrix", "path"):
        page.show_view(view)
        shown = len(page.stage.pictures()) // page.stage.columns()
        assert 0 < shown < 64 and f"Of 64 pictures the first <b>{shown}</b> have room here." in page.caption.markup()
    page.controls.count.setValue(2)
    played(page, qtbot)
    assert "have room" not in page.caption.markup(), "all of them are there"


def test_a_step_that_is_still_to_come_has_no_picture_in_either_theme(desk: Desk, qtbot: Any) -> None:
    page = paused(desk, qtbot)
    page.player.set_speed(0.001)
    page.show_view("matrix")
    page.controls.steps.setValue(20)
    qtbot.waitUntil(lambda: len(page.steps) > 0)
    page.toggle_play()
    for mode in ("light", "dark"):
        theme().set_mode(mode)
        last = page.stage.pictures()[page.stage.columns() - 1]
        assert np.array_equal(last, blank(last)), "as empty as the stage"
    assert page.stage.pictures()[0].any()
