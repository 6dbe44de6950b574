"""A desk with the page of the game on points and a real session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from page_desk import Desk

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import PointDiffusionSettings
from genstudio.ui.diffusion.field import FieldPage
from genstudio.ui.points.page import PointsPage

SMALL = PointDiffusionSettings("linear", "noise", width=32, depth=2, batch_size=64)


class Noted(Session):
    """A real session that remembers what it was asked."""

    def __init__(self, folder: Path) -> None:
        super().__init__("train", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)
        self.requests: list[Any] = []

    def handle(self, request: Any) -> Any:
        self.requests.append(request)
        return super().handle(request)

    def stream(self, request: Any) -> Iterator[Any]:
        self.requests.append(request)
        return super().stream(request)


def field_desk(qtbot: Any, folder: Path) -> Desk:
    """The page of diffusion on points, open, with a network that learns fast; close the desk at the end."""
    session = Noted(folder)
    made = Desk(FieldPage, session)
    qtbot.addWidget(made.page)
    made.page.controls.form.set_value(SMALL)
    made.open(session.handle(api.CatalogRequest()).catalog)
    return made


def points_desk(qtbot: Any, folder: Path) -> Desk:
    """The page, open; close the desk at the end."""
    session = Noted(folder)
    made = Desk(PointsPage, session)
    qtbot.addWidget(made.page)
    made.open(session.handle(api.CatalogRequest()).catalog)
    return made


def play_until(desk: Desk, qtbot: Any, iteration: int) -> PointsPage:
    """The game goes on at least so far; it begins if there is none."""
    page: PointsPage = desk.page
    if not page.run.is_alive:
        page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration >= iteration and page.run.shown() is not None, timeout=60_000)
    return page
