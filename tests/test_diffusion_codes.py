"""Latent diffusion in Reverse: at every step the code and, beside it, the picture that it decodes to."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from diffusion_desk import paused
from fakes import CATALOG, CLASSES, FakeSession, model
from page_desk import Desk

from genstudio import api
from genstudio.api.differences import BRIGHTER, DARKER
from genstudio.settings import LatentDiffusionSettings
from genstudio.ui.diffusion.codes import EDGE, GAP, NOUGHT, beside, colors, tiles
from genstudio.ui.diffusion.page import DiffusionTab

LATENT = model("mnist-ddpm", "latent-ddpm", LatentDiffusionSettings(latent_dim=16), CLASSES)
NUMBERS = 16


class LatentFake(FakeSession):
    """Its mnist-ddpm takes noise away from codes of 16 numbers."""

    def handle(self, request: Any) -> Any:
        event = super().handle(request)
        is_ours = isinstance(event, api.ModelEvent) and event.info.name == LATENT.name
        return dataclasses.replace(event, info=LATENT) if is_ours else event

    def _denoise(self, request: api.DenoiseRequest) -> Iterator[api.DenoiseEvent]:
        for event in super()._denoise(request):
            (step,) = event.steps
            codes = np.linspace(-4, 4, request.count * NUMBERS, dtype=np.float32).reshape(request.count, NUMBERS)
            codes = codes + len(request.changes)
            told = dataclasses.replace(step, codes={"x_t": codes * step.noise, "x0_hat": codes})
            yield dataclasses.replace(event, steps=(told,))


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = Desk(DiffusionTab, LatentFake())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def opened(desk: Desk, qtbot: Any, steps: int = 6) -> DiffusionTab:
    models = tuple(LATENT if info.name == LATENT.name else info for info in CATALOG.models)
    open_as_usual, desk.open = desk.open, lambda: open_as_usual(dataclasses.replace(CATALOG, models=models))
    return paused(desk, qtbot, steps)


# ---- the tiles --------------------------------------------------------------------------------------------


def test_each_number_is_a_tile_in_its_place():
    seen = tiles(np.array([[0.0, 3.0, -9.0, 1.5]], np.float32), 28)
    assert seen.shape == (1, 28, 27, 3)
    corners = [seen[0, y, x].tolist() for y in (3, 20) for x in (3, 20)]
    assert corners[:3] == [list(NOUGHT), list(BRIGHTER), list(DARKER)]
    assert corners[3] == [round((a + b) / 2) for a, b in zip(NOUGHT, BRIGHTER, strict=True)]
    assert not seen[0, 13].any() and not seen[0, :, 13].any(), "a line between them"


@pytest.mark.parametrize(("numbers", "height"), [(1, 28), (5, 28), (32, 28), (128, 28), (300, 28), (16, 3), (16, 32)])
def test_all_numbers_have_room(numbers, height):
    codes = np.full((2, numbers), 3.0, np.float32)
    seen = tiles(codes, height)
    assert seen.shape[:2] == (2, height)
    side = 1 if (seen == BRIGHTER).all(-1).sum() == 2 * numbers else 2
    assert (seen == BRIGHTER).all(-1).sum() >= 2 * numbers * side**2


def test_colours_keep_the_order_and_the_sign():
    found = colors(np.array([-6, -3, -1, 0, 1, 3], np.float32)).astype(int)
    assert (found[0] == found[1]).all() and tuple(found[3]) == NOUGHT
    assert (np.diff(found[1:, 0] - found[1:, 2]) > 0).all(), "from blue to orange"


def test_the_picture_stays_as_it_is():
    pictures = np.arange(2 * 8 * 8, dtype=np.uint8).reshape(2, 8, 8, 1)
    both = beside(pictures, np.zeros((2, 4), np.float32))
    assert (both[:, :, :8] == pictures).all() and not both[:, :, 8 : 8 + GAP].any()
    assert both.shape[0] == 2 and both.shape[3] == 3 and both.shape[2] > 8 + GAP


# ---- the page ---------------------------------------------------------------------------------------------


def shown_beside(page: DiffusionTab) -> np.ndarray:
    step, layer = page.steps.shown(), page.view.layer
    return beside(step.layers[layer], step.codes[layer])


def test_both_are_seen_at_every_step(desk, qtbot):
    page = opened(desk, qtbot)
    assert page.controls.codes.isVisible() and page.controls.codes.isChecked()
    for index in (0, 3, 6):
        page._scrubbed(index)
        assert np.array_equal(page.stage.pictures(), shown_beside(page))
    assert "<latent>code</latent> of 16 numbers" in page.caption.markup()
    page.show_layer("x0_hat")
    assert np.array_equal(page.stage.pictures(), shown_beside(page))
    page.show_layer("eps_hat")
    assert np.array_equal(page.stage.pictures(), page.steps.shown().layers["eps_hat"]), "it is the code's own"
    assert "numbers" not in page.caption.markup()


def test_the_code_can_be_left_out_and_that_is_remembered(desk, qtbot):
    page = opened(desk, qtbot)
    with_codes = page.parameters()
    page.controls.codes.click()
    assert np.array_equal(page.stage.pictures(), page.steps.shown().layers["x_t"])
    without = page.parameters()
    page.set_parameters(with_codes)
    assert page.controls.codes.isChecked() and page.stage.pictures().shape[-1] == 3
    page.set_parameters(without)
    assert not page.controls.codes.isChecked() and page.stage.pictures().shape[-1] == 1
    qtbot.keyClicks(page, "k")
    assert page.view.shows_codes and page.stage.pictures().shape[-1] == 3


@pytest.mark.parametrize("view", ["path", "matrix"])
def test_along_the_way_each_step_has_its_code(desk, qtbot, view):
    page = opened(desk, qtbot)
    page.show_view(view)
    columns = page.stage.columns()
    cells = page.stage.pictures()
    first, last = page.steps[0], page.steps[len(page.steps) - 1]
    assert np.array_equal(cells[0], beside(first.layers["x_t"], first.codes["x_t"])[0])
    assert np.array_equal(cells[columns - 1], beside(last.layers["x_t"], last.codes["x_t"])[0])


def test_one_alone_and_a_branch_against_its_trunk(desk, qtbot):
    page = opened(desk, qtbot)
    page.view.enlarge(2)
    assert np.array_equal(page.stage.pictures(), shown_beside(page)[2:3])
    page.view.enlarge(-1)
    page._scrubbed(3)
    page.controls.guidance.setValue(4.0)
    qtbot.waitUntil(lambda: page.player.is_at_end and not page.player.is_playing)
    page.show_layer("x0_hat")
    qtbot.waitUntil(lambda: "differ" in page.caption.markup())
    page.show_beside(True)
    many = page.stage.columns()
    rows = page.stage.pictures()
    assert len(rows) == 3 * many and np.array_equal(rows[:many], shown_beside(page)[:many])
    step, trunk = page.steps.shown(), page.view.trunk
    gap = step.codes["x0_hat"] - trunk.codes["x0_hat"]
    assert np.array_equal(rows[2 * many :, :, 28 + GAP : -EDGE], tiles(gap, 28)[:many]), "one more in each number"


def test_other_models_have_no_code(qtbot):
    desk = Desk(DiffusionTab, FakeSession())
    qtbot.addWidget(desk.page)
    page = paused(desk, qtbot)
    assert not page.controls.codes.isVisible()
    assert np.array_equal(page.stage.pictures(), page.steps.shown().layers["x_t"])
    assert "numbers" not in page.caption.markup()
    qtbot.keyClicks(page, "k")
    assert page.view.shows_codes, "the key does nothing here"
    desk.close()
