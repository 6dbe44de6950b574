"""The rows of a file: seen as they are in it, and then the user's own number of rows again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from latent_desk import LatentFake
from page_desk import Desk

from genstudio import api
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.traverse import TraversePage


@pytest.fixture
def page(qtbot) -> Iterator[TraversePage]:
    desk = Desk(partial(TraversePage, desk=LatentDesk()), LatentFake())
    qtbot.addWidget(desk.page)
    page = desk.open()
    qtbot.waitUntil(lambda: page.stage.pictures() is not None, timeout=30_000)
    page._setting_changed("rows", 5)
    yield page
    desk.close()


def restore(page: TraversePage, dims: tuple[int, ...]) -> api.TraverseRequest:
    source = api.TraverseRequest("mnist-vae-16", page.code(), dims, page._state.values())
    page.restore(api.RestoredEvent("x.png", source, api.GridLayout(), True, ""))
    assert page.export_source() == source
    return source


@pytest.mark.parametrize("dims", [(0, 1, 2), (4, 0, 9)])
def test_a_files_number_of_rows_is_seen_and_the_users_own_comes_back(page: TraversePage, dims) -> None:
    controls = page.controls
    restore(page, dims)
    assert controls.rows.value() == 3
    controls._rows_row.reset.click()
    assert controls.rows.value() == 5 and page.export_source().dims == tuple(range(5))
    for forget in (page.random, page.to_centre):
        restore(page, dims)
        forget()
        assert controls.rows.value() == 5 and page.export_source().dims == tuple(range(5))
    restore(page, dims)
    assert page.undo() and controls.rows.value() == 5


def test_a_page_of_as_many_rows_is_a_page(page: TraversePage) -> None:
    restore(page, tuple(range(5, 10)))
    assert page._state.page == 1 and not page._state.only
    page.turn(-1)
    assert page.export_source().dims == tuple(range(5))
