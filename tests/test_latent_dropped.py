"""A model's file that is dropped on a mode of the latent-space tab: one of the catalog comes no second time."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from capacity_desk import LADDER, RUNGS, LadderFake
from fakes import CATALOG, MODELS
from latent_desk import LatentFake
from page_desk import Desk

from genstudio import api
from genstudio.ui.latent.capacity import CapacityPage
from genstudio.ui.latent.compare import ComparePage
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.map import MapPage
from genstudio.ui.tabs.vae import VAETab

OTHER = dataclasses.replace(MODELS[0], name="mine", path="/elsewhere/mine.safetensors", sha256="1" * 64)


@pytest.fixture(params=[VAETab, MapPage, ComparePage], ids=lambda kind: kind.__name__)
def desk(qtbot: Any, request: pytest.FixtureRequest) -> Iterator[Desk]:
    made = Desk(partial(request.param, desk=LatentDesk()), LatentFake())
    qtbot.addWidget(made.page)
    page = made.open(CATALOG)
    qtbot.waitUntil(page.is_settled)
    yield made
    made.close()


def dropped(page: Any, info: api.ModelInfo) -> None:
    """The file that was dropped has been read."""
    page.handle("open", api.ModelEvent(info))


def shown(page: Any) -> tuple[str, ...]:
    """The models on a page, by what requests call them."""
    return page._state.models if isinstance(page, ComparePage) else (page.picker.value(),)


def offered(page: Any) -> list[str]:
    """Those that may be chosen."""
    if isinstance(page, ComparePage):
        return list(page.infos)
    return [page.picker.itemData(k) for k in range(page.picker.count())]


def test_a_file_of_the_catalog_is_the_model_that_is_known(desk: Desk) -> None:
    page = desk.page
    before = offered(page)
    dropped(page, MODELS[0])
    assert MODELS[0].name in shown(page) and MODELS[0].path not in shown(page)
    assert offered(page) == before and not page.desk.dropped


def test_a_file_from_elsewhere_is_offered_on_all_modes(desk: Desk) -> None:
    page = desk.page
    before = offered(page)
    for _ in range(2):
        dropped(page, OTHER)
        assert OTHER.path in shown(page) and offered(page) == [*before, OTHER.path]
    assert page.desk.dropped == {OTHER.path: OTHER}


def test_on_a_ladder_a_file_of_the_catalog_is_the_rung_that_is_there(qtbot: Any) -> None:
    rungs = tuple(dataclasses.replace(info, path=f"/models/{info.name}.safetensors") for info in RUNGS)
    made = Desk(partial(CapacityPage, desk=LatentDesk()), LadderFake())
    qtbot.addWidget(made.page)
    page = made.open(dataclasses.replace(LADDER, models=rungs))
    qtbot.waitUntil(page.is_settled)
    page.go(0)
    dropped(page, rungs[2])
    assert len(page.ladder().rungs) == len(rungs) and page._state.model == rungs[2].name and not page.desk.dropped
    made.close()
