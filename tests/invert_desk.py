"""The inversion page on a desk, with a deterministic session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fakes import FakeSession
from page_desk import Desk

from genstudio import api
from genstudio.ui.diffusion.invert import InvertPage


def invert_desk(qtbot: Any) -> Iterator[Desk]:
    """The page, not opened yet; the desk is closed at the end."""
    made = Desk(InvertPage, FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def standing(desk: Desk, qtbot: Any) -> InvertPage:
    """Open, both ways computed, standing still at the picture."""
    page: InvertPage = desk.open()
    qtbot.waitUntil(lambda: page.player.is_complete)
    page.go_to_place(0)
    return page


def request_of(page: InvertPage) -> Any:
    """What is shown."""
    return page.player.shown().request


def film(page: InvertPage, qtbot: Any) -> InvertPage:
    """Its other view, with its pictures drawn."""
    page.controls.views.button("between").click()
    qtbot.waitUntil(lambda: isinstance(request_of(page), api.SlerpRequest) and page.player.is_complete)
    return page
