"""Row slider: from a change of a latent slider to its painted pictures, idle and beside a training run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.result import Result, percentile

MODEL, WIDE = "mnist-vae-16", "mnist-vae-32"
CHANGES = 300
SHARES = (50, 95, 99)
SIDE = 8  # pictures a side of the traversal
TARGETS = {  # ms, p95
    "right after the start": None,  # torch prepares its optimisers
    "idle": 8.0,
    "while the GAN trains": 12.0,
    "32 latents": 16.0,
    "32 latents, 64-picture traversal": 16.0,
}


def measure() -> Iterator[Result]:
    """p50, p95 and p99 of all situations, and the bare decoder forward beside them."""
    with bare_environment() as environment:
        answer = once(__name__, environment=environment)
    for situation, target in TARGETS.items():
        for share in SHARES:
            value = percentile(answer[situation], share)
            yield Result("slider", f"{situation}, p{share}", value, "ms", "<", target if share == 95 else None)
    bare_ms = percentile(answer["bare"], 50)
    yield Result("slider", "bare decoder forward, p50", bare_ms, "ms")
    yield Result("slider", "idle p50 over the bare forward", percentile(answer["idle"], 50) / bare_ms, "x")


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
    """Be the process: drag, drag again while a GAN trains, drag wider models, then time the decoder alone."""
    from genstudio.bench.desk import Desk
    from genstudio.bench.hand import Hand, SliderGrip

    desk = Desk()
    explore: Any = desk.window.page("vae")
    run: Any = desk.window.page("gan")
    traverse: Any = desk.window.page("traverse")

    def drag(page: Any, slot: str, sliders: Any) -> list[float]:
        hand = Hand(desk, SliderGrip(sliders.rows()[0], page.stage, slot))
        hand.drag(30)
        desk.live(0.5)
        return hand.drag(changes)

    desk.show_tab("vae")
    desk.application.show()
    desk.wait_for("vae.decode PicturesEvent", 20)
    times = {"right after the start": drag(explore, "vae.decode", explore.sliders)}
    desk.settle()
    times["idle"] = drag(explore, "vae.decode", explore.sliders)
    run.start_run()
    desk.wait_for("gan.train TrainEvent", 5)
    before = desk.iteration
    times["while the GAN trains"] = drag(explore, "vae.decode", explore.sliders)
    assert desk.iteration > before, "the run did not go on beside the slider"
    run.reset()
    desk.live(0.5)
    explore.picker.chosen.emit(WIDE)
    desk.wait_until(lambda: len(explore.sliders.code()) == 32)
    times["32 latents"] = drag(explore, "vae.decode", explore.sliders)
    traverse.set_parameters({"model": WIDE, "view": "rows", "rows": SIDE, "columns": SIDE})
    desk.show_tab("traverse")
    desk.wait_for("traverse.rows PicturesEvent")
    times["32 latents, 64-picture traversal"] = drag(traverse, "traverse.rows", traverse.controls.sliders)
    tell(**times, bare=bare_forward_ms(MODEL, changes))
    desk.close()


if __name__ == "__main__":
    main()
