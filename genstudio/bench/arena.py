"""A game in the real window: started as a user starts it, with all that can be watched of it open."""

from __future__ import annotations

from typing import Any

from genstudio.bench.desk import Desk
from genstudio.settings.games import GAMES, Game

POINTS = "points"  # the page of that arena; the other is "gan"
MEASURED = 500  # pictures of the meters
FIRST_EVENTS = 5
WATCHED, USUAL = ("histogram", "frechet"), ("losses", "scores")  # plots


def open_game(desk: Desk, arena: str, game: Game = GAMES["ring"]) -> Any:
    """The page of an arena, on the screen, once its game has begun: one of points, or new networks on pictures.

    Raises:
        TimeoutError: if it does not begin.
    """
    page: Any = desk.window.page(arena)
    desk.show_tab(arena)
    desk.application.show()
    desk.wait_for("app.catalog CatalogEvent")
    desk.live(0.5)
    if arena == POINTS:
        page.play(game)
    else:
        page.start_run()
    desk.wait_for(f"{arena}.train TrainEvent", FIRST_EVENTS)
    return page


def set_meters(desk: Desk, page: Any, is_on: bool) -> None:
    """Measure the quality of the page's run all the time, with its curve and the histograms of D open; or neither.

    Raises:
        TimeoutError: if nobody answers.
    """
    part = next(part for part in page.parts if "meter" in part.verbs)
    kind, before = f"{page.name}.meter MeterEvent", page.run.signs.asked
    answers = desk.came.get(kind, 0)
    page.plots.show_kinds(WATCHED if is_on else USUAL)
    part.set_parameters({"meters": MEASURED if is_on else 0, "meter_count": MEASURED})
    if page.run.signs.asked != before:
        desk.wait_for(kind, answers + 1)
