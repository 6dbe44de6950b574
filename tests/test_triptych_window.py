"""The fourth tab in the window: how one comes there, and what is dropped on it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from fakes import MODELS, FakeSession
from window_desk import real

from genstudio import api
from genstudio.ui.main_window import MainWindow

SHEET = api.TriptychRequest((api.Panel("mnist-vae-16"), api.Panel("mnist-ddpm")), 3, 4, 0.5, 1, (0.1, 80.0))


@pytest.fixture
def session() -> FakeSession:
    return FakeSession()


@pytest.fixture
def window(qtbot: Any, session: FakeSession) -> Iterator[MainWindow]:
    with real(qtbot, session) as made:
        yield made


def test_keys_lead_to_the_tab_and_to_its_modes(window: MainWindow, qtbot: Any) -> None:
    assert window.top.tabs.tabText(3) == "Side by side"
    window.shortcuts["Ctrl+4"].activated.emit()
    page = window.current_page()
    assert (page.name, page.title, window.top.tabs.currentIndex()) == ("triptych", "Side by side", 3)
    qtbot.waitUntil(lambda: page.export_source() is not None)
    assert page.tempo.export.isEnabled()
    window.shortcuts["Alt+2"].activated.emit()
    assert window.current_page().name == "one-picture"
    window.shortcuts["Ctrl+1"].activated.emit()
    window.shortcuts["Ctrl+4"].activated.emit()
    assert window.current_page().name == "one-picture", "the mode seen last"


def test_a_dropped_model_of_any_of_the_kinds_stays_here(window: MainWindow, session: FakeSession, qtbot: Any) -> None:
    window.go_to("triptych")
    for info in (MODELS[0], MODELS[2], MODELS[3]):
        path = f"/somewhere/{info.family}.safetensors"
        window.route("app.open", api.ModelEvent(dataclasses.replace(info, name="mine", path=path)))
        assert window.current_page().name == "triptych"
        qtbot.waitUntil(lambda path=path: api.LoadRequest(path) in session.requests)
    window.route("app.open", api.ModelEvent(dataclasses.replace(MODELS[0], name="mine", family="pca")))
    assert window.current_page().name == "vae", "it has no column, so it goes home"


def test_a_dropped_sheet_leads_here_and_shows_its_place(window: MainWindow) -> None:
    event = api.RestoredEvent("a.png", SHEET, api.GridLayout(), True, "Identical.", model=MODELS[1])
    window.route("app.restore", event)
    page: Any = window.current_page()
    assert page.name == "triptych" and page.state.models == ("mnist-vae-16", "mnist-dcgan", "mnist-ddpm")
    assert (page.state.seed_a, page.state.seed_b, page.state.position, page.state.count) == (3, 4, 0.5, 1)
