"""Ctrl+S: where something was trained it is saved, elsewhere the window says that there is nothing."""

from __future__ import annotations

from typing import Any

import pytest
from fakes import FakeSession, makers
from window_desk import placed

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.page import DiffusionTab
from genstudio.ui.game.page import GANTab
from genstudio.ui.key_table import KEYS
from genstudio.ui.main_window import MainWindow


@pytest.fixture
def session():
    """What answers on every lane."""
    return FakeSession()


@pytest.fixture
def window(qtbot, session):
    """A window of two pages, one of which trains."""
    bridge = Bridge(makers(session))
    made = MainWindow(bridge, placed(GANTab(bridge), DiffusionTab(bridge)))
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(made.first_picture, timeout=30_000):
        made.begin()
    yield made
    made.close()


def test_ctrl_s_saves_what_trains(window: MainWindow, session: FakeSession, qtbot, tmp_path, monkeypatch) -> None:
    place = str(tmp_path / "mine.safetensors")
    monkeypatch.setattr("genstudio.ui.tabs.run_keeping.QFileDialog.getSaveFileName", lambda *words: (place, ""))
    key, page = window.shortcuts["Ctrl+S"], window.page("gan")
    key.activated.emit()
    assert "nothing to save" in window.bar.text(), "nothing was trained"
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration > 0)
    key.activated.emit()
    qtbot.waitUntil(lambda: window.bar.text().startswith("Saved mine.safetensors"))
    assert api.SaveRequest(place) in session.requests
    window.show_page(1)
    key.activated.emit()
    assert "nothing to save" in window.bar.text(), "this page trains nothing"


def test_the_key_is_named_where_one_looks_for_it(window: MainWindow) -> None:
    assert "(Ctrl+S)" in window.page("gan").controls.save.toolTip()
    named: set[Any] = {key for _, lines in KEYS for line in lines for key in line.keys}
    assert "Ctrl+S" in named
