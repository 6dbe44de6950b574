"""Row scrub: from a move of the scrubber to what is painted of a paused run: its samples, and the code explored."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.result import Result, percentile

CHANGES = 200
MOMENTS = 5  # of the run, before it is paused
WHAT = {
    "samples": "60 samples and curves",
    "explore": "the same with the code explored, from cache",
    "codes": "and with another code each time",
}
TARGET_MS = {"samples": 16.0, "explore": 16.0}  # p95, from cache


def measure() -> Iterator[Result]:
    """p50 and p95 of each."""
    with bare_environment() as environment:
        answer = once(__name__, environment=environment)
    for what, title in WHAT.items():
        for share in (50, 95):
            target = TARGET_MS.get(what) if share == 95 else None
            yield Result("scrub", f"{title}, p{share}", percentile(answer[what], share), "ms", "<", target)


def main(changes: int = CHANGES) -> None:
    """Be the process: train for some moments, pause, and go to and fro in them."""
    from genstudio.bench.desk import Desk
    from genstudio.ui.game.explore import Explorer

    desk = Desk()
    page: Any = desk.window.page("gan")
    desk.show_tab("gan")
    desk.application.show()
    desk.settle()
    page.start_run()
    desk.wait_until(lambda: len(page.run.history) >= MOMENTS)
    page.run_pressed()
    desk.live(1.0)
    times = {"samples": _scrub(desk, page, changes, [page.stage, page.plots])}
    page.views.segments.button("explore").click()
    desk.wait_for("gan.peek PeekedEvent")
    desk.live(1.0)
    explorer = page.findChild(Explorer)
    painted = [explorer.view.stage, page.plots]
    times["explore"] = _scrub(desk, page, changes, painted, explorer.is_drawn)

    def another_code() -> None:
        explorer.random()
        desk.wait_until(explorer.is_drawn)
        desk.live(0.05)  # until the strip is drawn, too

    times["codes"] = _scrub(desk, page, changes, painted, explorer.is_drawn, another_code)
    tell(**times)
    page.reset()
    desk.close()


def _scrub(
    desk: Any,
    page: Any,
    changes: int,
    painted: list[Any],
    is_there: Callable[[], bool] = lambda: True,
    first: Callable[[], None] = lambda: None,
) -> list[float]:
    """Latencies of moves to and fro, ms; each waits until what it shows is there, and for its painting.

    Args:
        first: What is done before each move, untimed.
    """
    times, last = [], len(page.run.history) - 1
    for k in range(changes):
        place = abs((k + last) % (2 * last) - last)  # never twice the same in a row
        first()
        start = time.perf_counter()
        page.tempo.scrubber.set_value(place)
        page.tempo.scrubber.moved.emit(place)
        desk.wait_until(is_there)
        for widget in painted:
            widget.repaint()
        times.append(1000 * (time.perf_counter() - start))
    return times


if __name__ == "__main__":
    main()
