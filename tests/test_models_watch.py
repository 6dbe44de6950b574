"""Models that another program writes or removes while the window is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import MODELS, FakeSession, model, with_catalog
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from window_desk import opened

from genstudio import api
from genstudio.settings import VAESettings
from genstudio.ui.main_window import MainWindow


class Looking(FakeSession):
    """Has, besides its own models, one for each file of a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def handle(self, request: Any) -> Any:
        if not isinstance(request, api.CatalogRequest):
            return super().handle(request)
        own = (model(path.stem, "vae", VAESettings()) for path in sorted(self.folder.glob("*.safetensors")))
        return api.CatalogEvent(with_catalog(models=(*MODELS, *own), models_dir=str(self.folder)))


@pytest.fixture
def session(tmp_path: Path) -> Looking:
    return Looking(tmp_path)


@pytest.fixture
def window(qtbot, session: Looking) -> Iterator[MainWindow]:
    with opened(qtbot, session) as made:
        yield made


def names(window: MainWindow) -> list[str]:
    """Of all models but those that were there from the beginning, as the page on top knows them."""
    catalog = window.current_page().catalog
    assert catalog is not None and catalog == window.catalog
    return [one.name for one in catalog.models[len(MODELS) :]]


def come_back() -> None:
    """Look at another program and at this one again."""
    app = QGuiApplication.instance()
    for state in (Qt.ApplicationState.ApplicationInactive, Qt.ApplicationState.ApplicationActive):
        app.applicationStateChanged.emit(state)


def test_a_model_that_comes_into_the_folder_is_offered_and_one_that_goes_is_not(
    qtbot, window: MainWindow, tmp_path: Path
) -> None:
    assert names(window) == []
    (tmp_path / "back.safetensors").touch()
    qtbot.waitUntil(lambda: names(window) == ["back"])
    (tmp_path / "back.safetensors").unlink()
    qtbot.waitUntil(lambda: names(window) == [])


def test_it_is_looked_for_on_the_lane_for_files(qtbot, window: MainWindow, tmp_path: Path, monkeypatch: Any) -> None:
    asked: list[tuple[str, str]] = []
    submit = window.bridge.submit
    monkeypatch.setattr(window.bridge, "submit", lambda *told: (asked.append(told[:2]), submit(*told))[1])
    (tmp_path / "back.safetensors").touch()
    qtbot.waitUntil(lambda: names(window) == ["back"])
    assert ("io", "app.models") in asked and ("play", "app.catalog") not in asked


def test_who_comes_back_to_the_program_finds_what_no_watch_has_told(
    qtbot, window: MainWindow, session: Looking, tmp_path: Path
) -> None:
    window.models_watch.set_folder("")
    (tmp_path / "back.safetensors").touch()
    come_back()
    qtbot.waitUntil(lambda: names(window) == ["back"])


def test_where_nothing_has_come_the_pages_are_left_alone(
    qtbot, window: MainWindow, session: Looking, monkeypatch: Any
) -> None:
    told: list[api.Catalog] = []
    monkeypatch.setattr(window, "_set_catalog", told.append)
    window.refresh_catalog()
    qtbot.waitUntil(lambda: len(told) == 1)
    with qtbot.waitSignal(window.bridge.event, check_params_cb=lambda slot, _: slot == "app.models"):
        come_back()
    assert len(told) == 1


def test_a_folder_that_cannot_be_read_then_is_no_error_to_tell(
    qtbot, window: MainWindow, session: Looking, monkeypatch: Any
) -> None:
    def broken(request: Any) -> Any:
        raise PermissionError(13, "Permission denied", "models")

    monkeypatch.setattr(session, "handle", broken)
    before, catalog = window.bar.text(), window.catalog
    with qtbot.waitSignal(window.bridge.event, check_params_cb=lambda slot, _: slot == "app.models"):
        come_back()
    assert window.bar.text() == before and window.catalog is catalog
