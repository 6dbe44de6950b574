"""Row encode: from a move of the pen to the painted reconstruction of what has been drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.result import Result, percentile

MODEL = "mnist-vae-16"
CHANGES = 300
TARGET_MS = 16.0  # p95


def measure() -> Iterator[Result]:
    """p50 and p95."""
    with bare_environment() as environment:
        answer = once(__name__, environment=environment)
    for share in (50, 95):
        value = percentile(answer["drawing"], share)
        yield Result("encode", f"while drawing, p{share}", value, "ms", "<", TARGET_MS if share == 95 else None)


def main(changes: int = CHANGES) -> None:
    """Be the process: draw on the Picture page."""
    from genstudio.bench.desk import Desk
    from genstudio.bench.hand import Hand, PenGrip

    desk = Desk()
    page: Any = desk.window.page("picture")
    page.set_parameters({"model": MODEL})
    desk.show_tab("picture")
    desk.application.show()
    desk.wait_until(page.canvas.has_canvas)
    desk.settle()
    hand = Hand(desk, PenGrip(page.canvas, page.seen))
    hand.drag(30)
    page.clear()
    desk.live(0.5)
    tell(drawing=hand.drag(changes))
    desk.close()


if __name__ == "__main__":
    main()
