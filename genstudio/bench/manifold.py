"""Row map: from the wish for a new map of two latents to its painted 20 x 20 pictures."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.result import Result, percentile

MODEL = "mnist-vae-2"
CELLS = 20
ROUNDS = 40
TARGET_MS = 60.0  # p95


def measure() -> Iterator[Result]:
    """p50 and p95."""
    with bare_environment() as environment:
        answer = once(__name__, environment=environment)
    for share in (50, 95):
        value = percentile(answer["map"], share)
        yield Result("map", f"{CELLS}x{CELLS} pictures, p{share}", value, "ms", "<", TARGET_MS if share == 95 else None)


def main(rounds: int = ROUNDS) -> None:
    """Be the process: ask for maps of more and more of the plane, one after the other."""
    from genstudio import api
    from genstudio.bench.desk import Desk

    desk = Desk()
    page: Any = desk.window.page("vae")
    page.set_parameters({"model": MODEL})
    desk.show_tab("vae")
    desk.application.show()
    desk.wait_for("vae.map PicturesEvent")
    desk.live(0.5)
    times = []
    for k in range(rounds + 5):
        count = desk.came["vae.map PicturesEvent"]
        start = time.perf_counter()
        desk.application.bridge.submit("play", "vae.map", api.MapRequest(MODEL, CELLS, 2 + k / rounds))
        desk.wait_for("vae.map PicturesEvent", count + 1)
        page.map.repaint()
        times.append(1000 * (time.perf_counter() - start))
        desk.live(0.05)
    tell(map=times[5:])
    desk.close()


if __name__ == "__main__":
    main()
