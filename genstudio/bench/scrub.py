"""Row scrub: from a move of the scrubber to what is painted of a paused run: its samples, and the code explored."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.result import Result, percentile

CHANGES = 200
MOMENTS = 5  # of the run, before it is paused
WHAT = {"samples": "60 samples and curves", "explore": "the same with the code explored"}
TARGET_MS = 16.0  # p95


def measure() -> Iterator[Result]:
    """p50 and p95 of both."""
    with bare_environment() as environment:
        answer = once(__name__, environment=environment)
    for what, title in WHAT.items():
        for share in (50, 95):
            target = TARGET_MS if share == 95 else None
            yield Result("scrub", f"{title}, p{share}", percentile(answer[what], share), "ms", "<", target)


def main(changes: int = CHANGES) -> None:
    """Be the process: train for some moments, pause, and go to and fro in them."""
    from genstudio.bench.desk import Desk
    from genstudio.ui.game.explore_view import ExploreView

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
    view: Any = page.findChild(ExploreView)
    times["explore"] = _scrub(desk, page, changes, [view.stage, page.plots], "gan.peek PeekedEvent")
    tell(**times)
    page.reset()
    desk.close()


def _scrub(desk: Any, page: Any, changes: int, painted: list[Any], answer: str = "") -> list[float]:
    """Latencies of moves to and fro, ms; each waits for an answer, if it has one, and for its painting."""
    times, last = [], len(page.run.history) - 1
    for k in range(changes):
        place = abs((k + last) % (2 * last) - last)  # never twice the same in a row
        before = desk.came.get(answer, 0)
        start = time.perf_counter()
        page.tempo.scrubber.set_value(place)
        page.tempo.scrubber.moved.emit(place)
        if answer:
            desk.wait_until(lambda before=before: desk.came.get(answer, 0) > before, answer)
        for widget in painted:
            widget.repaint()
        times.append(1000 * (time.perf_counter() - start))
    return times


if __name__ == "__main__":
    main()
