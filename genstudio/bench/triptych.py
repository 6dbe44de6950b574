"""Row triptych: from a move of the one control to the painted pictures of each of the three models."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.result import Result, percentile

CHANGES, RESTS = 300, 7
TARGET_MS = 33.0
QUICK = {"vae": "VAE", "gan": "GAN"}


def measure() -> Iterator[Result]:
    """p50 and p95 of the models that answer at once, then the first answer of the diffusion model, and its last."""
    with bare_environment() as environment:
        answer = once(__name__, environment=environment)
    for column, title in QUICK.items():
        yield Result("triptych", f"{title}, p50", percentile(answer[column], 50), "ms")
        yield Result("triptych", f"{title}, p95", percentile(answer[column], 95), "ms", "<", TARGET_MS)
    yield Result("triptych", "diffusion model, first answer, p50", percentile(answer["draft"], 50), "ms")
    yield Result(
        "triptych", "diffusion model, all steps after the hand rests, p50", percentile(answer["whole"], 50), "ms"
    )


def main(changes: int = CHANGES, rests: int = RESTS) -> None:
    """Be the process: drag, and look at one column after the other; then let go, and wait for all steps."""
    from genstudio.bench.desk import Desk
    from genstudio.bench.hand import Hand, ScrubGrip
    from genstudio.ui.triptych.state import PLACES

    desk = Desk()
    page: Any = desk.window.page("triptych")
    desk.show_tab("triptych")
    desk.application.show()
    desk.wait_for("triptych.vae PicturesEvent", 5)
    desk.settle()
    page.play(False)
    times: dict[str, list[float]] = {}
    for k, verb in enumerate((*QUICK, "draft")):
        hand = Hand(desk, ScrubGrip(page.tempo.scrubber, page.columns.columns[k].stage, page.slot(verb), PLACES))
        hand.drag(30)
        desk.live(0.5)
        times[verb] = hand.drag(changes)
    whole = []
    for k in range(rests):
        start = time.perf_counter()
        page.tempo.scrubber.moved.emit(k * PLACES // rests)
        desk.wait_until(lambda: page.asker.is_whole)
        whole.append(1000 * (time.perf_counter() - start))
    tell(**times, whole=whole)
    desk.close()


if __name__ == "__main__":
    main()
