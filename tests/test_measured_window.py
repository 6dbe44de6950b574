"""The page of measurements in the window: how one comes there, and what its neighbours tell it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from comparison_facts import DDPM, GAN, NAMES, evaluation
from fakes import makers
from measured_desk import ALL, FOUND, Measuring
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import MainWindow


class WithCards(Measuring):
    """Knows the models of the page, and has no card to show."""

    def handle(self, request: Any) -> Any:
        return api.CatalogEvent(ALL) if isinstance(request, api.CatalogRequest) else super().handle(request)

    def stream(self, request: Any) -> Iterator[Any]:
        if not isinstance(request, api.CardRequest):
            yield from super().stream(request)
        else:
            self.requests.append(request)


@pytest.fixture
def session() -> WithCards:
    made = WithCards()
    made.known = {model: (one,) for model, one in FOUND.items()}
    return made


@pytest.fixture
def window(qtbot: Any, session: WithCards) -> Iterator[MainWindow]:
    """On the page, with a number in every cell that can have one."""
    made = MainWindow(Bridge(makers(session)))
    qtbot.addWidget(made)
    made.page("measured").set_parameters({"models": list(NAMES)})
    made.show()
    made.begin()
    made.spare_time.stop()
    qtbot.waitUntil(lambda: made.catalog is not None)
    made.spare_time.stop()
    made.go_to("measured")
    qtbot.waitUntil(made.page("measured").is_settled)
    yield made
    made.close()


def test_keys_lead_there_and_the_table_has_the_keyboard(window: MainWindow, qtbot: Any) -> None:
    window.go_to("triptych")
    window.shortcuts["Alt+3"].activated.emit()
    page: Any = window.current_page()
    assert page.name == "measured" and window.top.tabs.tabText(window.top.tabs.currentIndex()) == "Side by side"
    window.focus_stage()
    qtbot.waitUntil(lambda: window.focusWidget() is page.stage.table)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Down)
    assert page.cell == ("frechet", 0)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert page.cell == ("", -1)


def test_the_button_opens_the_card_of_the_cell(window: MainWindow, session: WithCards, qtbot: Any) -> None:
    page: Any = window.current_page()
    page.stage.table.cell_chosen.emit("frechet", 2)
    page.controls.panel.card.click()
    assert window.card_sheet.isVisible()
    qtbot.waitUntil(
        lambda: any(isinstance(one, api.CardRequest) and one.model == DDPM.name for one in session.requests)
    )
    window.card_sheet.dismiss()
    assert page.model_shown() == DDPM.name


def test_what_is_measured_on_a_card_comes_into_the_table(window: MainWindow) -> None:
    page: Any = window.current_page()
    request = api.EvaluateRequest(api.SampleRequest(GAN.path, 7, 1000), notes=True)
    window.route("app.measure", api.EvaluationEvent(request, evaluation(1.25, 0.1)))
    line = page.stage.table.table.line("frechet")
    assert line.cells[1].band == api.Band(1.25, 0.1) and line.best == {1}


def test_a_dropped_comparison_leads_here(window: MainWindow) -> None:
    window.go_to("triptych")
    source = api.ComparisonRequest((DDPM.name, GAN.name), 1000)
    window.route("app.restore", api.RestoredEvent("a.csv", source, api.GridLayout(), None, "Shown.", model=DDPM))
    page: Any = window.current_page()
    assert page.name == "measured" and page.state.models == (DDPM.name, GAN.name)
