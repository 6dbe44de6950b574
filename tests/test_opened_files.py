"""Checkpoints that were opened from anywhere are open again at the next start, or it is said that they are gone."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from window_desk import drop_of

from genstudio import api, store
from genstudio.app import make_engines
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.ui import memory
from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import MainWindow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Somewhere that no catalog lists, with a checkpoint of each kind."""
    for name in ("mnist-vae-2", "mnist-dcgan", "strokes-ddpm"):
        shutil.copy(store.find_model(name), tmp_path / f"{name}-000400.safetensors")
    return tmp_path


@contextmanager
def started(qtbot) -> Iterator[MainWindow]:
    """The window as it starts, with real lanes; it is closed at the end, and remembers."""
    made = MainWindow(Bridge(make_engines()))
    qtbot.addWidget(made)
    made.show()
    made.begin()
    qtbot.waitUntil(lambda: made.catalog is not None)
    yield made
    made.spare_time.stop()
    made.close()


@pytest.mark.parametrize(
    ("page", "name"), [("vae", "mnist-vae-2"), ("gan", "mnist-dcgan"), ("diffusion", "strokes-ddpm")]
)
def test_a_checkpoint_that_was_opened_is_shown_again_at_the_next_start(
    qtbot, folder: Path, page: str, name: str
) -> None:
    path = str(folder / f"{name}-000400.safetensors")

    def shows(window: MainWindow) -> bool:
        told = window.page(page).parameters()
        return path in (told.get("model"), told.get("network"))

    with started(qtbot) as window:
        window.go_to(page)
        window.desk.take(drop_of(path))
        qtbot.waitUntil(lambda: shows(window))
    assert memory.recalled_files() == (path,)
    with started(qtbot) as window:
        assert window.current_page().name == page
        qtbot.waitUntil(lambda: shows(window))
        assert path in window.desk.files, "files that were made with it can be opened"


def test_with_the_opened_model_the_reverse_page_has_all_that_it_was_asked_for(qtbot, tmp_path: Path) -> None:
    path = str(shutil.copy(store.find_model("mnist-flow"), tmp_path / "mine.safetensors"))
    with started(qtbot) as window:
        window.go_to("diffusion")
        page = window.page("diffusion")
        window.desk.take(drop_of(path))
        qtbot.waitUntil(lambda: page.parameters().get("model") == path)
        page.controls.steps.setValue(4)
        page.controls.count.setValue(2)
        qtbot.waitUntil(lambda: page.player.is_at_end and not page.player.is_playing)
        page._scrubbed(2)
        page.controls.guidance.setValue(4.0)
        asked = json.loads(json.dumps(page.parameters()))
    assert (asked["steps"], asked["branch"], len(asked["branches"])) == (4, 1, 1)
    with started(qtbot) as window:
        page = window.page("diffusion")
        qtbot.waitUntil(lambda: page.parameters().get("model") == path)
        assert json.loads(json.dumps(page.parameters())) == asked


def test_a_page_of_several_models_has_the_opened_one_in_its_column(qtbot, folder: Path) -> None:
    path = str(folder / "strokes-ddpm-000400.safetensors")
    with started(qtbot) as window:
        window.go_to("triptych")
        window.desk.take(drop_of(path))
        qtbot.waitUntil(lambda: path in window.page("triptych").parameters()["models"])
    with started(qtbot) as window:
        qtbot.waitUntil(lambda: path in window.page("triptych").parameters()["models"])


def test_a_checkpoint_that_is_gone_at_the_next_start_is_said_to_be(qtbot, folder: Path) -> None:
    path = folder / "mnist-vae-2-000400.safetensors"
    with started(qtbot) as window:
        window.go_to("vae")
        window.desk.take(drop_of(path))
        qtbot.waitUntil(lambda: window.page("vae").parameters().get("model") == str(path))
    path.unlink()
    with started(qtbot) as window:
        qtbot.waitUntil(lambda: f"cannot be opened any more. There is no file {path}." in window.bar.text())
        qtbot.waitUntil(lambda: window.page("vae").parameters().get("model") == "mnist-vae-16")
    assert memory.recalled_files() == ()


def test_a_file_that_no_page_shows_any_more_is_forgotten(qtbot, folder: Path) -> None:
    path = str(folder / "mnist-vae-2-000400.safetensors")
    with started(qtbot) as window:
        window.go_to("vae")
        window.desk.take(drop_of(path))
        qtbot.waitUntil(lambda: window.page("vae").parameters().get("model") == path)
        window.page("vae").picker.chosen.emit("mnist-vae-16")
        qtbot.waitUntil(lambda: window.page("vae").parameters().get("model") == "mnist-vae-16")
    assert memory.recalled_files() == ()


def test_what_settings_of_another_version_say_is_no_file() -> None:
    for text in ("{", "3", '{"a": 1}', "[1, null]"):
        QSettings().setValue(memory.OPENED, text)
        assert memory.recalled_files() == ()


def test_the_catalog_tells_of_files_elsewhere_and_why_others_cannot_be_opened(folder: Path) -> None:
    (folder / "text.safetensors").write_text("no model")
    paths = tuple(str(folder / f"{name}.safetensors") for name in ("mnist-vae-2-000400", "text", "gone"))
    catalog = Session("play", compute=FLOAT32_CPU).handle(api.CatalogRequest(paths)).catalog
    (info,) = catalog.opened
    assert info.path == paths[0] and [path for path, _ in catalog.lost] == list(paths[1:])
    assert memory.lost_files(catalog.lost[:1]) == (
        "text, which was open here at the end, cannot be opened any more. "
        "text.safetensors is not a safetensors file, the only kind of model file that is read."
    )
    assert (
        dataclasses.replace(catalog, opened=(), lost=())
        == Session("play", compute=FLOAT32_CPU).handle(api.CatalogRequest()).catalog
    )
    assert memory.lost_files(catalog.lost).startswith("2 models that were open here at the end")
