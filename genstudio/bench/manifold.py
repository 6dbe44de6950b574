"""Row map: from the wish for a new map of two latents to its painted 20 x 20 pictures, on Explore and in Map."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.result import Result, percentile

if TYPE_CHECKING:
    from genstudio.bench.desk import Desk

MODEL = "mnist-vae-2"
CELLS = 20
ROUNDS, WARM = 40, 5
TARGET_MS = 60.0  # p95


def measure() -> Iterator[Result]:
    """p50 and p95 on each page."""
    with bare_environment() as environment:
        answer = once(__name__, environment=environment)
    for page, title in (("vae", "Explore"), ("map", "Map")):
        for share in (50, 95):
            name, target = f"{title}, {CELLS}x{CELLS} pictures, p{share}", TARGET_MS if share == 95 else None
            yield Result("map", name, percentile(answer[page], share), "ms", "<", target)


def main(rounds: int = ROUNDS) -> None:
    """Be the process: ask for maps of more and more of the plane, one after the other, on either page."""
    from genstudio import api
    from genstudio.bench.desk import Desk

    def explore(extent: float) -> object:
        return api.MapRequest(MODEL, CELLS, extent)

    def plane(extent: float) -> object:
        return api.PlaneRequest(MODEL, (0.0, 0.0), (1.0, 0.0), (0.0, 1.0), CELLS, extent)

    desk = Desk()
    for name in ("vae", "map"):
        desk.window.page(name).set_parameters({"model": MODEL})
    desk.show_tab("vae")
    desk.application.show()
    desk.settle()
    found = {"vae": redraws(desk, "vae", "vae.map", explore, rounds)}
    desk.show_tab("map")
    found["map"] = redraws(desk, "map", "map.plane", plane, rounds)
    tell(**found)
    desk.close()


def redraws(desk: Desk, name: str, slot: str, wish: Callable[[float], object], rounds: int) -> list[float]:
    """How long the maps of a page took to be painted, ms, after the first few."""
    page: Any = desk.window.page(name)
    kind = f"{slot} PicturesEvent"
    desk.wait_for(kind)
    desk.wait_until(page.is_settled, f"first picture of {name}")
    desk.live(0.5)
    times = []
    for k in range(rounds + WARM):
        count = desk.came[kind]
        start = time.perf_counter()
        desk.application.bridge.submit("play", slot, wish(2 + k / rounds))
        desk.wait_for(kind, count + 1)
        page.map.repaint()
        times.append(1000 * (time.perf_counter() - start))
        desk.live(0.05)
    return times[WARM:]


if __name__ == "__main__":
    main()
