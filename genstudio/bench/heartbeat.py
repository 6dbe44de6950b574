"""Row heartbeat: how late a timer of 10 ms is in the window while a game runs in it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.result import Result, percentile

SECONDS = 20.0
ARENAS = {"gan": "Pictures with meters", "points": "Points"}
P95_MS, WORST_MS = 33.0, 150.0


def measure() -> Iterator[Result]:
    """p50, p95 and the worst beat of each arena."""
    for arena, title in ARENAS.items():
        with bare_environment() as environment:
            late_ms = once(__name__, arena, environment=environment)["late_ms"]
        yield Result("heartbeat", f"{title}, late by p50", percentile(late_ms, 50), "ms")
        yield Result("heartbeat", f"{title}, late by p95", percentile(late_ms, 95), "ms", "<", P95_MS)
        yield Result("heartbeat", f"{title}, worst", max(late_ms), "ms", "<", WORST_MS)


def main(arena: str, seconds: float = SECONDS) -> None:
    """Be the process: play a game with all of it open, and count the beats."""
    from genstudio.bench.arena import open_game, set_meters
    from genstudio.bench.desk import Desk
    from genstudio.bench.pulse import Pulse

    desk = Desk()
    page = open_game(desk, arena)
    if arena == "gan":
        set_meters(desk, page, True)
    desk.live(seconds / 10)
    pulse = Pulse()
    pulse.start()
    desk.live(seconds)
    pulse.stop()
    tell(late_ms=pulse.late_ms)
    page.reset()
    desk.close()


if __name__ == "__main__":
    main(sys.argv[1])
