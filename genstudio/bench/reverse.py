"""Row reverse: the window's timer while it denoises, and from a move of the scrubber to a painted step of the past."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.heartbeat import P95_MS
from genstudio.bench.result import Result, percentile

STEPS, PICTURES = 250, 64
CHANGES = 300
STRIDE = 37  # steps from one move to the next: shares no factor with their number
SCRUB_MS = 16.0


def measure() -> Iterator[Result]:
    """p50 and p95 of each, and the worst beat."""
    with bare_environment() as environment:
        answer = once(__name__, environment=environment)
    beats, moves = f"{PICTURES} pictures come out of noise, late by", f"scrub {STEPS} steps of {PICTURES} pictures,"
    yield Result("reverse", f"{beats} p50", percentile(answer["late_ms"], 50), "ms")
    yield Result("reverse", f"{beats} p95", percentile(answer["late_ms"], 95), "ms", "<", P95_MS)
    yield Result("reverse", f"{beats} at most", max(answer["late_ms"]), "ms")
    yield Result("reverse", f"{moves} p50", percentile(answer["scrub_ms"], 50), "ms")
    yield Result("reverse", f"{moves} p95", percentile(answer["scrub_ms"], 95), "ms", "<", SCRUB_MS)


def main(steps: int = STEPS, pictures: int = PICTURES, changes: int = CHANGES) -> None:
    """Be the process: play a long process to its end, then go to and fro in it."""
    from PySide6.QtWidgets import QApplication

    from genstudio.bench.desk import Desk
    from genstudio.bench.pulse import Pulse

    desk = Desk()
    page: Any = desk.window.page("diffusion")
    desk.show_tab("diffusion")
    desk.application.show()
    desk.wait_for("diffusion.denoise DenoiseEvent", 3)
    desk.settle()
    pulse = Pulse()
    pulse.start()
    page.set_parameters({"sampler": "ddim", "count": pictures, "steps": steps, "guidance": 1.0})
    desk.wait_until(lambda: page.player.is_complete)
    pulse.stop()
    page.player.set_playing(False)
    desk.live(1.0)
    times = []
    for k in range(changes):
        start = time.perf_counter()
        page.tempo.scrubber.moved.emit(k * STRIDE % steps)
        QApplication.processEvents()  # paints all that has changed
        times.append(1000 * (time.perf_counter() - start))
    tell(late_ms=pulse.late_ms, scrub_ms=times)
    desk.close()


if __name__ == "__main__":
    main()
