"""Row slider: from a change of a latent slider to its painted picture, idle and beside a training run."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from typing import Any

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.result import Result

MODEL = "mnist-vae-16"
CHANGES = 300
SHARES = (50, 95, 99)
TARGETS = {"idle": 8.0, "while the GAN trains": 12.0}  # ms, p95


def measure() -> Iterator[Result]:
    """p50, p95 and p99 of both situations, and the bare decoder forward beside them."""
    with bare_environment() as environment:
        answer = once(__name__, environment=environment)
    for situation, target in TARGETS.items():
        for share in SHARES:
            value = percentile(answer[situation], share)
            yield Result("slider", f"{situation}, p{share}", value, "ms", "<", target if share == 95 else None)
    bare_ms = percentile(answer["bare"], 50)
    yield Result("slider", "bare decoder forward, p50", bare_ms, "ms")
    yield Result("slider", "idle p50 over the bare forward", percentile(answer["idle"], 50) / bare_ms, "x")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` percent of all do not exceed."""
    return sorted(values)[max(math.ceil(len(values) * share / 100) - 1, 0)]


def bare_forward_ms(model: str, count: int) -> list[float]:
    """Times of the decoder alone on one code, ms."""
    import torch

    from genstudio import api
    from genstudio.session import Session

    session = Session("play")
    loaded = session.models.get(model)
    network: Any = loaded.latent_network()
    times = []
    with torch.inference_mode():
        for index in range(count + 10):
            z = torch.from_numpy(api.noise(0, index, (1, loaded.info.latent_dim))).to(loaded.compute.device)
            start = time.perf_counter()
            network.decode(z).cpu()
            times.append(1000 * (time.perf_counter() - start))
    return times[10:]


def main(changes: int = CHANGES) -> None:
    """Be the process: drag, drag again while a GAN trains, then time the decoder alone."""
    from genstudio.bench.desk import Desk, Hand

    desk = Desk()
    page: Any = desk.window.page("gan")
    desk.show_tab("vae")
    desk.application.show()
    desk.wait_for("vae.decode PicturesEvent", 20)
    hand = Hand(desk)
    hand.drag(30)
    desk.live(0.5)
    idle = hand.drag(changes)
    page.start_run()
    desk.wait_for("gan.train TrainEvent", 5)
    before = desk.iteration
    training = hand.drag(changes)
    assert desk.iteration > before, "the run did not go on beside the slider"
    page.reset()
    desk.live(0.5)
    tell(**{"idle": idle, "while the GAN trains": training, "bare": bare_forward_ms(MODEL, changes)})
    desk.close()


if __name__ == "__main__":
    main()
