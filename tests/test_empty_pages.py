"""What no page can do, it does not offer: nothing to export, nothing that plays, no models."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes import CATALOG, makers
from latent_desk import LatentFake

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.compare import ComparePage
from genstudio.ui.main_window import MainWindow
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.widgets.tempo import NOTHING

NO_MODELS = api.Catalog((), CATALOG.datasets, CATALOG.samplers, CATALOG.data_dir, CATALOG.device, CATALOG.precision)
STILL = {"compare", "copied", "factors", "measured"}  # pages on which nothing plays


class Bare(LatentFake):
    """A session that knows no models."""

    def handle(self, request: api.CatalogRequest) -> object:
        return api.CatalogEvent(NO_MODELS) if isinstance(request, api.CatalogRequest) else super().handle(request)


@pytest.fixture(params=[Bare, LatentFake])
def window(request: pytest.FixtureRequest, qtbot) -> Iterator[MainWindow]:
    made = MainWindow(Bridge(makers(request.param())))
    qtbot.addWidget(made)
    made.show()
    made.begin()
    qtbot.waitUntil(lambda: made.catalog is not None, timeout=30_000)
    yield made
    made.close()


def has_something(page: TabPage) -> bool:
    return page.export_source() is not None or page.export_film_source() is not None


def test_export_is_disabled_and_says_why_where_there_is_nothing(window: MainWindow, qtbot) -> None:
    has_models = bool(window.catalog and window.catalog.models)
    for index, page in enumerate(window.pages):
        window.show_page(index)
        if has_models and page.name in ("vae", "map", "path", "traverse", "compare", "gan", "diffusion"):
            qtbot.waitUntil(page.tempo.export.isEnabled, timeout=30_000)
        elif not has_models:
            assert not has_something(page) and page.tempo.export.toolTip().startswith("There "), page.name
        export = page.tempo.export
        qtbot.waitUntil(lambda page=page, export=export: has_something(page) == export.isEnabled(), timeout=30_000)
        assert (export.toolTip() == NOTHING or "no models" in export.toolTip()) != export.isEnabled(), page.name


def test_the_hint_promises_only_keys_that_do_something(window: MainWindow) -> None:
    for index, page in enumerate(window.pages):
        window.show_page(index)
        window.bar.clear()
        assert ("Space plays" in window.bar.label.text()) == (page.name not in STILL), page.name
        assert page.tempo.play.isHidden() == (page.name in STILL), page.name


def test_nothing_can_be_compared_without_models(window: MainWindow) -> None:
    page = window.page("compare")
    assert isinstance(page, ComparePage) and window.catalog is not None
    window.show_page(window.pages.index(page))
    for button in (page.kinds, page.others):
        assert button.isEnabled() == bool(window.catalog.models)
        assert button.toolTip().startswith("There are no models to compare.") != button.isEnabled()


def test_nothing_is_said_of_a_picture_or_offered_for_a_branch_that_is_not_there(window: MainWindow, qtbot) -> None:
    has_models = bool(window.catalog and window.catalog.models)
    denoising, one = window.page("diffusion"), window.page("one-picture")
    for page in (denoising, one):
        window.show_page(window.pages.index(page))
    if has_models:
        return
    assert not denoising.branching.remove.isEnabled() and not denoising.branching.put_back.isEnabled()
    assert one.controls.picture.origin.text() == "" and not one.controls.picture.other.isEnabled()
    assert [number.value.text() for number in one.columns.numbers] == ["", "", ""], "nothing is waited for"
