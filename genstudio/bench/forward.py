"""Row forward: from a move of the slider over t to the painted x_t, its place on the strip, histogram and cursors."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.result import Result, percentile

CHANGES = 300
PERIOD = 97  # moves until the hand is back
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
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    from genstudio.bench.desk import Desk

    desk = Desk()
    page: Any = desk.window.page("forward")
    page.set_parameters({"dataset": "strokes"})
    desk.show_tab("forward")
    desk.application.show()
    desk.wait_until(page.is_settled)
    desk.settle()

    def timed(change: Callable[[], None]) -> float:
        start = time.perf_counter()
        change()
        QApplication.processEvents()  # paints all that has changed
        return 1000 * (time.perf_counter() - start)

    scrubber, left, none = page.tempo.scrubber, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier

    def mouse(kind: QEvent.Type, turn: float) -> None:
        spot = QPointF(scrubber.width() * (0.5 - 0.45 * math.cos(2 * math.pi * turn)), scrubber.height() / 2)
        QApplication.sendEvent(scrubber, QMouseEvent(kind, spot, scrubber.mapToGlobal(spot), left, left, none))

    mouse(QEvent.Type.MouseButtonPress, 0)
    times = [timed(partial(mouse, QEvent.Type.MouseMove, k / PERIOD)) for k in range(1, changes + 1)]
    mouse(QEvent.Type.MouseButtonRelease, 0)
    desk.live(0.5)
    seeds = [timed(partial(page.controls.seed.setValue, k)) for k in range(100, 100 + changes // 3)]
    tell(sum=times, seed=seeds)
    desk.close()


if __name__ == "__main__":
    main()
