"""Row points: how fast the game on points goes on while the window of 1440 x 900 shows it moving."""

from __future__ import annotations

import dataclasses
import sys
import time
from collections.abc import Iterator

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.result import Result

SECONDS = 10.0
TARGET = 300.0  # iterations a second, beside up to 30 repaints
PLAIN, RING = "plain", "ring"  # the settings one begins with, and the preset whose penalty takes a second derivative


def measure() -> Iterator[Result]:
    """Iterations and repaints a second of the ring of eight."""
    for game, name, target in ((PLAIN, "ring of 8", TARGET), (RING, "ring of 8 with the R1 penalty", None)):
        with bare_environment() as environment:
            answer = once(__name__, game, environment=environment)
        speed, repaints = (answer[what] / answer["seconds"] for what in ("iterations", "repaints"))
        yield Result("points", f"{name}, shown as it moves", speed, "iterations/s", "≥", target)
        yield Result("points", f"{name}: the plane is painted", repaints, "times/s")


def main(game: str, seconds: float = SECONDS) -> None:
    """Be the process: play the ring in the window."""
    from genstudio.bench.arena import open_game
    from genstudio.bench.desk import Desk
    from genstudio.bench.pulse import Paints
    from genstudio.settings import PointGANSettings
    from genstudio.settings.games import GAMES

    desk, ring = Desk(), GAMES["ring"]
    page = open_game(desk, "points", ring if game == RING else dataclasses.replace(ring, settings=PointGANSettings()))
    desk.settle()
    desk.live(seconds / 4)  # the number of threads has been chosen, the curves are there
    paints = Paints(page.canvas)
    start = time.perf_counter()
    found = desk.iterations_in(seconds)
    tell(iterations=found["iterations"], repaints=paints.count, seconds=time.perf_counter() - start)
    page.reset()
    desk.close()


if __name__ == "__main__":
    main(sys.argv[1])
