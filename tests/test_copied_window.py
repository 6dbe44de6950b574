"""The search for copies in the window: how one comes there, and what is dropped on it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import MODELS, FakeSession
from window_desk import drop_of, real

from genstudio import api
from genstudio.engine import Ended
from genstudio.ui.main_window import MainWindow
from genstudio.ui.widgets.mode_bar import ModeBar


@pytest.fixture
def session() -> FakeSession:
    return FakeSession()


@pytest.fixture
def window(qtbot: Any, session: FakeSession) -> Iterator[MainWindow]:
    with real(qtbot, session) as made:
        yield made


def test_a_dropped_sheet_leads_here_and_escape_back_to_all_pictures(window: MainWindow, qtbot: Any) -> None:
    source = api.CopiedRequest("mnist-vae-16", 3, 24, order="distance")
    window.route(
        "app.restore", api.RestoredEvent("a.png", source, api.GridLayout(), True, "Identical.", model=MODELS[1])
    )
    page: Any = window.current_page()
    assert page.name == "copied"
    qtbot.waitUntil(page.is_settled)
    assert page.export_source() == source and page.tempo.export.isEnabled()
    page.pairs.opened.emit(0)
    assert page.is_large
    window.escape()
    assert not page.is_large


def test_all_modes_of_the_tab_are_in_its_bar_in_a_small_window(window: MainWindow, qtbot: Any) -> None:
    window.resize(1024, 768)
    window.go_to("copied")
    bar = window.current_page().findChild(ModeBar)
    qtbot.waitUntil(lambda: bar.width() == bar.sizeHint().width())
    assert bar.folded() == () and window.width() == 1024


def test_a_model_of_any_family_stays_here(window: MainWindow, session: FakeSession, qtbot: Any) -> None:
    window.go_to("copied")
    for info, family in zip(MODELS, ("vae", "pca", "gan", "ddpm"), strict=True):
        path = f"/somewhere/{family}.safetensors"
        window.route("app.open", api.ModelEvent(dataclasses.replace(info, name="mine", family=family, path=path)))
        assert window.current_page().name == "copied"
        qtbot.waitUntil(lambda path=path: api.LoadRequest(path) in session.requests)


def test_its_progress_can_be_cancelled_in_the_message_bar(window: MainWindow, qtbot: Any) -> None:
    window.go_to("copied")
    page: Any = window.current_page()
    qtbot.waitUntil(page.is_settled)
    page._asked = dataclasses.replace(page._asked, seed=99)  # others are on their way
    window.route("copied.find", api.ProgressEvent("Drawing", 1, 48))
    assert window.bar.is_busy() and "Drawing" in window.bar.text()
    window.bar.cancel.click()
    assert not window.bar.is_busy() and page.pairs._label.text().startswith("It was stopped")


@pytest.mark.parametrize("leave", ["data", "page"])
def test_its_progress_goes_where_nothing_more_comes(window: MainWindow, qtbot: Any, leave: str) -> None:
    """Another model whose data nobody knows was chosen meanwhile, or another page."""
    window.go_to("copied")
    page: Any = window.current_page()
    qtbot.waitUntil(page.is_settled)
    page.infos["mine"] = dataclasses.replace(MODELS[0], name="mine", dataset="drawn faces")
    page._asked = dataclasses.replace(page._asked, seed=99)  # others are on their way
    window.route("copied.find", api.ProgressEvent("Drawing", 1, 48))
    assert window.bar.is_busy()
    if leave == "data":
        page.picker.chosen.emit("mine")
        assert page.pairs._label.text() == "mine has learnt from drawn faces; say where they are."
    else:
        window.go_to("gan")
    assert not window.bar.is_busy()


def test_the_progress_of_a_file_outlives_that_of_the_page(window: MainWindow, qtbot: Any) -> None:
    window.go_to("copied")
    page: Any = window.current_page()
    qtbot.waitUntil(page.is_settled)
    window.route("copied.find", api.ProgressEvent("Drawing", 1, 48))
    window.route("app.export", api.ProgressEvent("Writing sheet.png", 1, 4))
    page.stop_asking()
    assert window.bar.is_busy() and window.bar.text().endswith("sheet.png")
    window.route("app.export", Ended())
    assert not window.bar.is_busy()


def test_the_zip_that_is_asked_for_is_compared_with_where_it_is_dropped(
    window: MainWindow, session: FakeSession, qtbot: Any, tmp_path: Path
) -> None:
    window.go_to("copied")
    page: Any = window.current_page()
    qtbot.waitUntil(page.is_settled)
    page.infos["mine"] = dataclasses.replace(MODELS[0], name="mine", dataset="photos.zip")
    page.picker.chosen.emit("mine")
    photos = tmp_path / "photos.zip"
    photos.touch()
    assert window.desk.hint(drop_of(photos)) == "Let go to compare with photos.zip."
    assert window.desk.take(drop_of(photos))
    qtbot.waitUntil(page.is_settled)
    assert page.found is not None and page.found.dataset == str(photos)
    assert window.desk.hint(drop_of(photos)) == "Let go to look into photos.zip.", "nothing is asked any more"
