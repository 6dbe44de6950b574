"""A comparison of samplers on a desk: short columns, each of which ends at pictures of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from fakes import FakeSession
from page_desk import Desk, asked

from genstudio import api
from genstudio.ui.diffusion.compare_page import SamplersPage
from genstudio.ui.diffusion.compare_state import CompareState

MODEL = "mnist-ddpm"
SHORT = CompareState((api.Way(MODEL, "ddpm", 12), api.Way(MODEL, "ddim", 6), api.Way(MODEL, "ddim", 4)))


class Wanderer(FakeSession):
    """Every sampler, and every number of steps, ends at pictures of its own."""

    def pictures(self, request: Any) -> np.ndarray:
        made = super().pictures(request)
        if isinstance(request, api.DenoiseRequest):
            made = np.roll(made, request.steps % 5, axis=2)
        return made


def samplers_desk(qtbot: Any, remembered: CompareState | None = None) -> Iterator[Desk]:
    """The page, of which so much is remembered; the desk is closed at the end."""
    made = Desk(SamplersPage, Wanderer())
    if remembered is not None:
        made.page.set_parameters(remembered.to_dict())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def ended(desk: Desk, qtbot: Any) -> SamplersPage:
    """Short columns, played to their end."""
    page = desk.open()
    rest(page, qtbot)
    return page


def rest(page: SamplersPage, qtbot: Any) -> None:
    """Played to the end, fast."""
    page.player.set_speed(50)
    page.player.set_playing(True)
    qtbot.waitUntil(lambda: page.player.tracks.is_complete)
    page.player.look(len(page.player.moments))
    assert page.player.is_at_end


def steps(page: SamplersPage) -> list[int]:
    """The index of the step that each column shows."""
    return [moment.step.index for moment in page.player.shown()]


def streams(desk: Desk) -> list[list[tuple[str, int]]]:
    """What was computed: sampler and steps of each column of each request."""
    return [[(w.sampler, w.steps) for w in r.ways] for r in asked(desk, api.CompareSamplersRequest)]
