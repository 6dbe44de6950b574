"""A kept run is looked at while Train goes on: its file is replaced, makes room, is renamed or is gone."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import CATALOG, MODELS, makers
from latent_desk import LatentFake

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import MainWindow
from genstudio.ui.tabs.page import TabPage

NOTHING = np.empty(0, np.float32)
PAGES = ("vae", "picture", "map")  # the other modes do as the map


def run(iteration: int, **changes: Any) -> api.ModelInfo:
    """A kept run of 16 latents."""
    info = dataclasses.replace(
        MODELS[1], name=f"last run (mnist, {iteration})", iteration=iteration, sha256=f"{iteration:064}"
    )
    return dataclasses.replace(info, **changes)


class Folder(LatentFake):
    """Knows the models of its catalog, and files by their paths; anything else is gone."""

    def __init__(self, models_dir: Path) -> None:
        super().__init__()
        self.models_dir, self.kept = models_dir, (run(1000),)

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.CatalogRequest):
            models = (*CATALOG.models, *self.kept)
            return api.CatalogEvent(dataclasses.replace(CATALOG, models=models, models_dir=str(self.models_dir)))
        self.check(request)
        if isinstance(request, api.LoadRequest):
            return api.ModelEvent(MODELS[1])
        if isinstance(request, api.EncodeRequest):
            event = super().handle(dataclasses.replace(request, model=MODELS[1].name))
            return dataclasses.replace(event, request=request)
        return super().handle(request)

    def stream(self, request: Any) -> Iterator[Any]:
        self.check(request)
        yield from super().stream(request)

    def check(self, request: Any) -> None:
        model = str(getattr(request, "model", ""))
        if "last run" in model and not Path(model).exists() and model not in {info.name for info in self.kept}:
            raise FileNotFoundError(f"There is no model {model!r}")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def window(folder: Folder, qtbot) -> Iterator[MainWindow]:
    made = MainWindow(Bridge(makers(folder)))
    qtbot.addWidget(made)
    made.resize(1400, 850)
    made.show()
    made.begin()
    qtbot.waitUntil(lambda: made.catalog is not None, timeout=30_000)
    yield made
    made.close()


def look_at(window: MainWindow, qtbot, name: str) -> TabPage:
    page = window.page(name)
    window.show_page(window.pages.index(page))
    qtbot.waitUntil(lambda: shown(page) == "mnist-vae-16", timeout=30_000)
    page.picker.set_value("last run (mnist, 1000)")
    page.picker.chosen.emit("last run (mnist, 1000)")
    qtbot.waitUntil(lambda: shown(page) == "last run (mnist, 1000)" and page._is_ready, timeout=30_000)
    if name == "picture":  # its first one comes by itself
        qtbot.waitUntil(page.is_settled, timeout=30_000)
    return page


def shown(page: TabPage) -> str:
    return str(page.parameters().get("model", ""))


def renew(window: MainWindow, qtbot) -> None:
    """Train has written a file, and the window has the new catalog."""
    before = window.catalog
    window.refresh_catalog()
    qtbot.waitUntil(lambda: window.catalog is not before, timeout=30_000)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("is_on_top", [True, False])
def test_the_page_moves_on_with_the_run(window: MainWindow, folder: Folder, qtbot, name: str, is_on_top: bool) -> None:
    page = look_at(window, qtbot, name)
    before = page.parameters()
    if not is_on_top:
        window.show_page(window.pages.index(window.page("latent-train")))
    folder.kept = (run(2000),)
    renew(window, qtbot)
    if not is_on_top:
        folder.kept = (run(3000),)
        renew(window, qtbot)
        window.show_page(window.pages.index(page))
    now = folder.kept[0].name
    qtbot.waitUntil(lambda: shown(page) == now and page._is_ready, timeout=30_000)
    later = "2,000" if is_on_top else "3,000"
    told = f"The run has gone on: “mnist at 1,000 (last run)” is now “mnist at {later} (last run)”."
    assert window.bar.text() == told and page.picker.value() == now and not window.bar.is_error()
    moving = {"model", "z", "position", "a", "b", "drawn", "seed"} if name == "vae" else {"model", "way_of"}
    after = page.parameters()
    assert {k: v for k, v in after.items() if k not in moving} == {k: v for k, v in before.items() if k not in moving}


def test_a_file_that_made_room_is_used_where_it_lies(window: MainWindow, folder: Folder, qtbot) -> None:
    page = look_at(window, qtbot, "traverse")
    room = folder.models_dir / "made room" / "last run (mnist, 1000).safetensors"
    room.parent.mkdir()
    room.touch()
    folder.kept = (run(50, name="last run (strokes, 50)"),)
    renew(window, qtbot)
    qtbot.waitUntil(lambda: shown(page) == str(room) and page._is_ready, timeout=30_000)
    assert page.picker.currentText() == "mnist at 1,000 (last run)" and not window.bar.is_error()


def test_a_file_that_was_given_a_name_is_the_same_model(window: MainWindow, folder: Folder, qtbot) -> None:
    page = look_at(window, qtbot, "map")
    folder.kept = (run(1000, name="mine"), run(2000))
    renew(window, qtbot)
    qtbot.waitUntil(lambda: shown(page) == "mine" and page._is_ready, timeout=30_000)


@pytest.mark.parametrize("name", ["vae", "picture", "path"])
def test_a_file_that_is_gone_is_told_with_what_is_shown_instead(
    window: MainWindow, folder: Folder, qtbot, name: str
) -> None:
    page = look_at(window, qtbot, name)
    folder.kept = ()
    renew(window, qtbot)
    qtbot.waitUntil(lambda: shown(page) == "mnist-vae-16" and page._is_ready, timeout=30_000)
    assert window.bar.text() == "“mnist at 1,000 (last run)” is no longer here; this is mnist-vae-16."
