"""A model that cannot be opened: one sentence, nothing of the model before beside it, and the way back to that."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from fakes import CATALOG, makers, with_catalog
from latent_desk import LatentFake

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import MainWindow
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.widgets.stage import Stage

FIRST = {"gan": "mnist-dcgan", "diffusion": "mnist-ddpm"}
PAGES = ("vae", "picture", "map", "path", "traverse", "arithmetic", "gan", "diffusion")


class Broken(LatentFake):
    """Each family has a model whose file is damaged, so that nothing can be asked of it."""

    damaged = tuple(dataclasses.replace(info, name=f"bad-{info.family}") for info in CATALOG.models[1:])

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.CatalogRequest):
            return api.CatalogEvent(with_catalog(models=(*CATALOG.models, *self.damaged)))
        self.check(request)
        return super().handle(request)

    def stream(self, request: Any) -> Iterator[Any]:
        self.check(request)
        yield from super().stream(request)

    def check(self, request: Any) -> None:
        if str(getattr(request, "model", "")).startswith("bad-"):
            raise ValueError(f"{request.model}.safetensors is cut short; copy or download it again.")


@pytest.fixture
def window(qtbot) -> Iterator[MainWindow]:
    made = MainWindow(Bridge(makers(Broken())))
    qtbot.addWidget(made)
    made.resize(1400, 850)
    made.show()
    made.begin()
    qtbot.waitUntil(lambda: made.catalog is not None, timeout=30_000)
    yield made
    made.close()


def told(page: TabPage) -> Stage | None:
    """The stage that says why there is nothing."""
    stages = [stage for stage in page.findChildren(Stage) if "cut short" in stage._label.text()]
    return next((stage for stage in stages if stage.isVisible()), None)


@pytest.mark.parametrize("name", PAGES)
def test_the_model_before_is_one_press_away(window: MainWindow, qtbot, name: str) -> None:
    page = window.page(name)
    window.show_page(window.pages.index(page))
    first = FIRST.get(name, "mnist-vae-16")
    qtbot.waitUntil(lambda: page.parameters().get("model", page.parameters().get("network")) == first, timeout=30_000)
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    before = page.parameters()
    family = {"gan": "gan", "diffusion": "ddpm"}.get(name, "vae")
    page.picker.set_value(f"bad-{family}")
    page.picker.chosen.emit(f"bad-{family}")
    qtbot.waitUntil(lambda: told(page) is not None, timeout=30_000)
    stage = told(page)
    assert stage is not None
    assert stage._label.text() == (
        f"bad-{family} could not be opened. bad-{family}.safetensors is cut short; copy or download it again."
    )
    assert stage._button.text() == f"Back to {first}"
    assert page.caption.text() == page.tempo.label.text() == "" or name == "map"
    assert page.speed.text() == "CPU · bf16"
    stage._button.click()
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    qtbot.waitUntil(lambda: told(page) is None, timeout=30_000)
    after = page.parameters()
    moving = {"z", "position", "a", "b", "drawn"}  # it plays
    assert {k: v for k, v in after.items() if k not in moving} == {k: v for k, v in before.items() if k not in moving}
    assert page.picker.value() == first


def test_a_diffusion_model_that_failed_is_undone(window: MainWindow, qtbot) -> None:
    page = window.page("diffusion")
    window.show_page(window.pages.index(page))
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    page.picker.set_value("bad-ddpm")
    page.picker.chosen.emit("bad-ddpm")
    qtbot.waitUntil(lambda: told(page) is not None, timeout=30_000)
    assert page.undo()
    qtbot.waitUntil(lambda: page.steps.shown() is not None, timeout=30_000)
    assert page.parameters()["model"] == "mnist-ddpm" and told(page) is None


def test_without_the_dataset_nothing_is_offered_that_needs_it(window: MainWindow, qtbot) -> None:
    page = window.page("picture")
    window.show_page(window.pages.index(page))
    qtbot.waitUntil(lambda: page.controls.others.isEnabled(), timeout=30_000)
    gone = tuple(dataclasses.replace(one, available=one.name != "mnist") for one in CATALOG.datasets)
    page.set_catalog(with_catalog(datasets=gone))
    page.picker.chosen.emit("mnist-vae-2")
    qtbot.waitUntil(lambda: page._is_ready and page.parameters()["model"] == "mnist-vae-2", timeout=30_000)
    for button in (page.controls.others, page.controls.study):
        assert not button.isEnabled()
        assert button.toolTip() == "MNIST, from which the model learned, is not on this computer"
    assert not page.controls.label.isEnabled() and page.controls.clear.isEnabled()


def test_no_posterior_stands_beside_the_sentence(window: MainWindow, qtbot) -> None:
    page = window.page("picture")
    window.show_page(window.pages.index(page))
    qtbot.waitUntil(lambda: bool(page.controls.posterior_words.text()), timeout=30_000)
    page.picker.chosen.emit("bad-vae")
    qtbot.waitUntil(lambda: told(page) is not None, timeout=30_000)
    assert page.controls.posterior_words.text() == ""
