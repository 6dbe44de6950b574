"""Plots of a run stand beside the stage where there is room, else side by side under it, also from the beginning."""

from __future__ import annotations

from typing import Any

import pytest
from fakes import FakeSession
from page_desk import Desk
from PySide6.QtWidgets import QBoxLayout

from genstudio.ui.diffusion.field import FieldPage
from genstudio.ui.game.page import GANTab
from genstudio.ui.points.page import PointsPage


@pytest.mark.parametrize("make", [PointsPage, FieldPage, GANTab])
def test_plots_stand_where_there_is_room(qtbot: Any, make: type) -> None:
    desk = Desk(make, FakeSession())
    page = desk.page
    qtbot.addWidget(page)
    for width, area, direction in (
        (1024, page.plot_area, QBoxLayout.Direction.LeftToRight),
        (1400, page.stage_area, QBoxLayout.Direction.TopToBottom),
        (1024, page.plot_area, QBoxLayout.Direction.LeftToRight),
    ):
        page.resize(width, 690)
        page.plots.place(page, True)
        assert area.indexOf(page.plots) >= 0 and page.plots._box.direction() == direction, width
    desk.close()
