"""A page is made when it is wanted first, or in spare time; nothing tells it from one that was always there."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fakes import CATALOG, MODELS, FakeSession, makers
from latent_desk import LatentFake
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from window_desk import SmallPage, build, opened

from genstudio import api
from genstudio.settings import PointGANSettings
from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import MainWindow
from genstudio.ui.page_place import TABLE
from genstudio.ui.spare_time import SpareTime

LATER = dataclasses.replace(CATALOG, models=MODELS[:1])
FIRST = ("vae", "gan", "diffusion", "triptych")  # what each tab opens on


class CatalogPage(SmallPage):
    """Notes the catalogs, too."""

    def set_catalog(self, catalog: api.Catalog) -> None:
        super().set_catalog(catalog)
        self.notes.append(catalog)


@pytest.fixture
def window(qtbot: Any) -> Iterator[MainWindow]:
    """The real pages, and no catalog yet."""
    made = MainWindow(Bridge(makers(LatentFake())))
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


@pytest.fixture
def small(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """Small pages that note their catalogs; no spare time."""
    monkeypatch.setattr("window_desk.SmallPage", CatalogPage)
    made = build(FakeSession())
    made.spare_time.stop()
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def names(window: MainWindow) -> tuple[str, ...]:
    """The pages that are made."""
    return tuple(page.name for page in window.made_pages())


# ---- when ---------------------------------------------------------------------------------------


def test_only_the_page_that_opens_is_made_before_the_window_is_shown(window: MainWindow) -> None:
    assert names(window) == ("vae",) and window.current_page().name == "vae"


def test_the_page_seen_last_opens_and_no_other_is_made_for_it(qtbot: Any) -> None:
    QSettings().setValue("window/tab", "map")
    made = MainWindow(Bridge(makers(LatentFake())))
    qtbot.addWidget(made)
    made.show()
    assert names(made) == ("map",) and made.top.tabs.currentIndex() == 0
    made.close()


def test_the_others_are_made_in_spare_time_those_first_on_which_tabs_open(window: MainWindow, qtbot: Any) -> None:
    seen: list[tuple[str, ...]] = []
    adopt = window.adopt
    window.adopt = lambda number, page: (adopt(number, page), seen.append(names(window)))  # type: ignore[method-assign]
    window.begin()
    qtbot.waitUntil(window.has_all_pages)
    assert seen[: len(FIRST) - 1] == [FIRST[:2], FIRST[:3], FIRST]
    assert names(window) == tuple(line[0] for line in TABLE) and window.current_page().name == "vae"
    assert all(page.catalog is window.catalog for page in window.made_pages())
    assert [page.isVisible() for page in window.made_pages()].count(True) == 1


@pytest.mark.parametrize("key", ["Ctrl+2", "Alt+3"])
def test_a_key_leads_to_a_page_that_is_not_there_yet(window: MainWindow, key: str) -> None:
    window.shortcuts[key].activated.emit()
    wanted = {"Ctrl+2": "gan", "Alt+3": "map"}[key]
    assert window.current_page().name == wanted and names(window) == ("vae", wanted)


def test_an_opened_network_leads_to_a_page_that_is_not_there_yet(window: MainWindow) -> None:
    window.route("app.catalog", api.CatalogEvent(CATALOG))
    window.spare_time.stop()
    gan = next(info for info in MODELS if info.family == "gan")
    window.route("app.open", api.ModelEvent(gan))
    assert window.current_page().name == "gan" and names(window) == ("vae", "gan")
    assert window.current_page().catalog is CATALOG


def test_a_dropped_file_is_shown_by_the_page_that_knows_its_kind(window: MainWindow) -> None:
    window.route("app.catalog", api.CatalogEvent(CATALOG))
    window.spare_time.stop()
    source = api.TraverseRequest("mnist-vae-2", (0.0, 0.0), (0, 1))
    window.route("app.restore", api.RestoredEvent("a.png", source, api.GridLayout(), True, "Identical."))
    assert window.current_page().name == "traverse"


def test_a_dropped_race_makes_no_page_but_its_own(window: MainWindow) -> None:
    window.route("app.catalog", api.CatalogEvent(CATALOG))
    window.spare_time.stop()
    left = api.TrainRequest("point-gan", "ring", PointGANSettings())
    event = api.RestoredEvent("a.png", left, api.GridLayout(), None, "Restored.", 9, beside=left)
    window.route("app.restore", event)
    assert window.current_page().name == "race" and names(window) == ("vae", "race")
    window.page("race").player.put_away()


def test_closing_ends_the_making(window: MainWindow, qtbot: Any) -> None:
    window.begin()
    qtbot.waitUntil(lambda: len(window.made_pages()) > 1)
    window.close()
    before = names(window)
    for _ in range(20):
        QApplication.processEvents()
    assert names(window) == before and not window.spare_time.is_busy()


# ---- as if it had always been there -------------------------------------------------------------


def test_what_a_page_remembers_is_not_lost_when_nobody_visits_it(small: MainWindow, qtbot: Any) -> None:
    QSettings().setValue("pages/gan", json.dumps({"seed": 42}))
    QSettings().setValue("inspector/gan", False)
    small.close()
    assert names(small) == ("vae",)
    again = build(FakeSession())
    qtbot.addWidget(again)
    again.show()
    again.go_to("gan")
    page: Any = again.current_page()
    assert page.seed.value() == 42 and not page.wants_controls()
    again.close()


def test_a_page_that_is_made_late_lives_through_all_catalogs_and_undo_leads_to_the_first(small: MainWindow) -> None:
    QSettings().setValue("pages/gan", json.dumps({"seed": 42}))
    for catalog in (CATALOG, LATER):
        small.route("app.catalog", api.CatalogEvent(catalog))
    page: Any = small.page("gan")
    assert page.notes == [CATALOG, LATER] and page.seed.value() == 42 and not page.can_undo()
    page.seed.setValue(7)
    assert page.undo() and page.seed.value() == 42


def test_a_page_that_is_made_late_knows_what_the_window_is_like(small: MainWindow, qtbot: Any) -> None:
    small.keep_no_runs()
    small.showFullScreen()
    qtbot.waitUntil(small.isFullScreen)
    small.go_to("gan")
    page = small.current_page()
    assert not page.keeps_runs and not page.header_row.isVisible()
    small.showNormal()
    qtbot.waitUntil(page.header_row.isVisible)


def test_an_event_makes_no_page(qtbot: Any) -> None:
    with opened(qtbot, FakeSession()) as window:
        window.spare_time.stop()
        window.route("gan.look", api.ProgressEvent("Reading holiday.zip", 30, 120))
        assert "gan" not in names(window)


# ---- spare time ---------------------------------------------------------------------------------


def test_tasks_are_done_one_after_the_other_and_none_while_a_button_is_down(qtbot: Any, qapp: Any, monkeypatch) -> None:
    done: list[int] = []
    spare = SpareTime([lambda k=k: done.append(k) for k in range(3)], qapp)  # type: ignore[misc]
    looks: list[int] = []

    def down() -> Qt.MouseButton:
        looks.append(len(done))
        return Qt.MouseButton.LeftButton

    monkeypatch.setattr(QApplication, "mouseButtons", down)
    spare.begin()
    qtbot.waitUntil(lambda: len(looks) > 2)
    assert done == []
    monkeypatch.undo()
    qtbot.waitUntil(lambda: done == [0, 1, 2])
    assert not spare.is_busy()


def test_a_task_that_fails_does_not_hold_up_the_others(qtbot: Any, qapp: Any) -> None:
    done: list[int] = []
    spare = SpareTime([lambda: 1 // 0, lambda: done.append(1)], qapp)
    with qtbot.captureExceptions() as errors:
        spare.begin()
        qtbot.waitUntil(lambda: done == [1])
    assert [kind for kind, *_ in errors] == [ZeroDivisionError]
