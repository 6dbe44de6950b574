"""Row forward: from a move of the slider over t to the painted x_t, its place on the strip, histogram and cursors."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.result import Result, percentile

CHANGES = 300
WHAT = {
    "sum": "picture, noise and sum with histogram",
    "seed": "other noise: the whole strip anew",
}
TARGET_MS = 16.0  # p95


def measure() -> Iterator[Result]:
    """p50 and p95 of each."""
    with bare_environment() as environment:
        answer = once(__name__, environment=environment)
    for what, title in WHAT.items():
        for share in (50, 95):
            value = percentile(answer[what], share)
            yield Result("forward", f"{title}, p{share}", value, "ms", "<", TARGET_MS if share == 95 else None)


def main(changes: int = CHANGES) -> None:
    """Be the process: slide t to and fro, then change the noise."""
    from genstudio.bench.desk import Desk

    desk = Desk()
    page: Any = desk.window.page("forward")
    page.set_parameters({"dataset": "strokes"})
    desk.show_tab("forward")
    desk.application.show()
    desk.wait_until(page.is_settled)
    desk.settle()
    painted = [page.canvas, page.formula, page.strip, page.plots, page.tempo]
    scrubber, last = page.tempo.scrubber, page.tempo.scrubber.high
    times: dict[str, list[float]] = {what: [] for what in WHAT}
    for k in range(changes):
        t = abs((37 * k) % (2 * last) - last)
        start = time.perf_counter()
        scrubber.set_value(t)
        scrubber.moved.emit(t)
        for widget in painted:
            widget.repaint()
        times["sum"].append(1000 * (time.perf_counter() - start))
    desk.live(0.5)
    for k in range(changes // 3):
        start = time.perf_counter()
        page.controls.seed.setValue(k)
        for widget in painted:
            widget.repaint()
        times["seed"].append(1000 * (time.perf_counter() - start))
    tell(**times)
    desk.close()


if __name__ == "__main__":
    main()
