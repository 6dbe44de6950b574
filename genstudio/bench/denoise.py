"""Row denoise: what a step costs outside the U-Net, what fewer steps save, what a kept film weighs."""

from __future__ import annotations

import itertools
import statistics
from collections import deque
from collections.abc import Iterator
from typing import Any

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.clock import Clock
from genstudio.bench.result import Result

MODEL = "mnist-ddpm"
BATCH, FILM = 16, 64
ROUNDS = 5


def measure() -> Iterator[Result]:
    """Overhead at batch 16, DDIM-50 against all steps, and the bytes the scrubber keeps."""
    with bare_environment() as environment:
        answer = once(__name__, environment=environment)
    name = f"time outside the U-Net over the forward, batch {BATCH}"
    yield Result("denoise", name, answer["overhead_percent"], "%", "<", 3.0)
    yield Result("denoise", f"U-Net forward, batch {BATCH}", answer["forward_ms"], "ms")
    saved = answer["all_s"] / answer["fifty_s"]
    yield Result("denoise", f"{answer['all_steps']} steps over DDIM-50, batch {BATCH}", saved, "x", "≥", 17.0)
    film = f"kept film of {answer['all_steps']} steps, {FILM} pictures"
    yield Result("denoise", film, answer["kept_mb"], "MB", "<", 60.0)


def kept_bytes(steps: int, pictures: int, info: Any) -> int:
    """What the scrubber's history keeps of a film with all its layers."""
    import numpy as np

    from genstudio.api import LAYERS
    from genstudio.ui.history import History

    history: History[np.ndarray] = History()
    shape = (len(LAYERS), pictures, info.size, info.size, info.channels)
    for _ in range(steps + 1):
        layers = np.empty(shape, np.uint8)
        history.append(layers, layers.nbytes)
    return history.bytes


def main() -> None:
    """Be the process."""
    from genstudio import api
    from genstudio.tuning import tune_malloc

    tune_malloc()
    from genstudio.session import Session

    session = Session("play")
    info = session.handle(api.LoadRequest(MODEL)).info
    clock, all_steps = Clock(session.models.get(MODEL).network), info.settings.timesteps

    def run(steps: Iterator[Any], count: int | None = None) -> tuple[float, list[float]]:
        return clock.of(lambda: deque(itertools.islice(steps, count), maxlen=0))

    fifty = api.DenoiseRequest(MODEL, count=BATCH, sampler="ddim", steps=50)
    run(session.stream(fifty))
    long_way = session.stream(api.DenoiseRequest(MODEL, count=BATCH, sampler="ddpm", steps=all_steps))
    overheads, forwards, fifty_s, all_s = [], [], [], 0.0
    for left in reversed(range(ROUNDS)):  # a part of the long way after each of the short ones
        seconds, forward_s = run(session.stream(fifty))
        fifty_s.append(seconds)
        overheads.append(100 * (seconds / sum(forward_s) - 1))
        forwards.append(1000 * statistics.median(forward_s))
        all_s += run(long_way, all_steps // ROUNDS if left else None)[0]
    tell(
        overhead_percent=statistics.median(overheads),
        forward_ms=statistics.median(forwards),
        fifty_s=statistics.mean(fifty_s),
        all_s=all_s,
        all_steps=all_steps,
        kept_mb=kept_bytes(all_steps, FILM, info) / 1e6,
    )


if __name__ == "__main__":
    main()
