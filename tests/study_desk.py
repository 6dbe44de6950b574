"""Desks to test what Explore knows of its codes at: its page with a session that studies at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from fakes import CATALOG, FakeSession, decode, study_of
from page_desk import Desk

from genstudio import api
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.tabs.vae import VAETab
from genstudio.ui.tabs.vae_study import COUNT

KEEP_GOING = 10_000


class Studied(FakeSession):
    """Knows what codes are like; `holds` keeps a study from its end."""

    holds = False

    def stream(self, request):
        if not isinstance(request, api.StudyRequest):
            yield from super().stream(request)
            return
        self.requests.append(request)
        yield api.ProgressEvent("Encoding mnist", 0, COUNT)
        while self.holds:
            yield None
        yield dataclasses.replace(study_of(request.model, 2 if request.model.endswith("2") else 16), request=request)


@contextmanager
def studied_desks(qtbot: Any) -> Iterator[Callable[..., Desk]]:
    """Opens desks that stand still, with a catalog and parameters of their own, and closes them at the end."""
    made: list[Desk] = []

    def make(catalog: api.Catalog = CATALOG, latent_desk: LatentDesk | None = None, **values: Any) -> Desk:
        one = Desk(lambda bridge: VAETab(bridge, latent_desk), Studied())
        qtbot.addWidget(one.page)
        made.append(one)
        one.page.set_parameters(values)
        one.open(catalog)
        qtbot.waitUntil(one.page.is_settled, timeout=KEEP_GOING)
        if one.page.is_playing():
            one.page.toggle_play()
        one.until = lambda condition: qtbot.waitUntil(condition, timeout=KEEP_GOING)
        return one

    yield make
    for one in made:
        one.session.holds = False
        one.close()


def studied(desk: Desk) -> VAETab:
    tab = desk.page
    tab.controls.study.button.click()
    desk.until(lambda: tab.study() is not None and not tab.controls.study.is_busy())
    return tab


def shows(tab: VAETab, z) -> bool:
    pictures = tab.stage.pictures()
    return pictures is not None and len(pictures) == 1 and np.array_equal(pictures[0], decode(tuple(z)))
