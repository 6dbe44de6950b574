"""A game in the real window: started as a user starts it, with all that can be watched of it open."""

from __future__ import annotations

from typing import Any

from genstudio import api
from genstudio.bench.desk import Desk
from genstudio.settings.games import GAMES

POINTS = "points"  # the page of that arena; the other is "gan"
MEASURED = 500  # pictures of the meters
FIRST_EVENTS = 5


def open_game(desk: Desk, arena: str) -> Any:
    """The page of an arena, on the screen, once its game has begun; the ring of points, or new networks on pictures.

    Raises:
        TimeoutError: if it does not begin.
    """
    page: Any = desk.window.page(arena)
    desk.show_tab(arena)
    desk.application.show()
    desk.wait_for("app.catalog CatalogEvent")
    desk.live(0.5)
    if arena == POINTS:
        page.play(GAMES["ring"])
    else:
        page.start_run()
    desk.wait_for(f"{arena}.train TrainEvent", FIRST_EVENTS)
    return page


def set_meters(desk: Desk, page: Any, count: int) -> None:
    """Measure the quality of the page's run by so many pictures again and again; 0 stops it.

    Raises:
        TimeoutError: if nobody answers.
    """
    slot = f"{page.name}.meter"
    answers = desk.came.get(f"{slot} MeterEvent", 0)
    desk.application.bridge.submit("train", slot, api.MeterRequest(page.run.place, count))
    desk.wait_for(f"{slot} MeterEvent", answers + 1)
