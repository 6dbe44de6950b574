"""Row samplers: what each costs beside the network, and the same network driven by diffusers' scheduler."""

from __future__ import annotations

import importlib
import importlib.util
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.clock import Clock
from genstudio.bench.result import Result

MODEL = "mnist-ddpm"
BATCH, STEPS, ROUNDS, PAIRS = 16, 20, 5, 20
MOST_PERCENT = 3.0


def measure() -> Iterator[Result]:
    """Overheads in percent of the network's time; how many times faster than diffusers, where that is installed."""
    with bare_environment() as environment:
        answer = once(__name__, environment=environment)
    for name, percent in answer["overheads"].items():
        yield Result("samplers", f"{name}: time outside the U-Net", percent, "%", "<", MOST_PERCENT)
    if answer["against"]:
        yield Result("samplers", f"DDIM-{STEPS} over diffusers' scheduler", answer["against"], "x", "≥", 1.0)
        yield Result("samplers", "the same with a network that takes no time", answer["alone"], "x", "≥", 1.0)


def main() -> None:
    """Be the process: all ways in turns, from the same noise."""
    from genstudio.tuning import tune_malloc

    tune_malloc()
    import torch

    from genstudio import api
    from genstudio.core.levels import uniform
    from genstudio.core.samplers import SAMPLERS
    from genstudio.core.seeding import ImageNoise
    from genstudio.session import Session

    session = Session("play")
    session.handle(api.LoadRequest(MODEL))
    loaded = session.models.get(MODEL)
    labels = torch.arange(BATCH) % len(loaded.info.classes)
    grid = uniform(loaded.schedule(), STEPS)
    clock = Clock(loaded.network)

    def ours(name: str) -> None:
        rng = ImageNoise(0, range(BATCH), loaded.compute.device)
        x = rng.draw(loaded.state_shape())
        for _ in SAMPLERS[name].run(loaded.predict(labels, 1.0), grid, x, rng):
            pass

    ways = {name: lambda name=name: ours(name) for name in SAMPLERS}
    found: dict[str, list[tuple[float, list[float]]]] = {name: [] for name in ways}
    for _ in range(ROUNDS + 1):
        for name, go in ways.items():
            found[name].append(clock.of(go))
    overheads = {
        name: statistics.median(100 * (seconds / sum(inside_s) - 1) for seconds, inside_s in times[1:])
        for name, times in found.items()
    }
    against = alone = 0.0
    if importlib.util.find_spec("diffusers"):
        other = theirs(loaded, labels, grid)
        against = _ratio(other, ways["ddim"])
        answer = torch.zeros(BATCH, *loaded.state_shape())
        loaded.network.forward = lambda *_: answer  # of this process, which ends here
        alone = _ratio(other, ways["ddim"])
    tell(overheads=overheads, against=against, alone=alone)


def _ratio(slow: Callable[[], None], fast: Callable[[], None]) -> float:
    """How many times as long one takes as the other, both in turns."""
    seconds = []
    for _ in range(PAIRS):
        times = [time.perf_counter()]
        for go in (slow, fast):
            go()
            times.append(time.perf_counter())
        seconds.append((times[1] - times[0]) / (times[2] - times[1]))
    return statistics.median(seconds)


def theirs(loaded: Any, labels: Any, grid: Any) -> Any:
    """The same network in the loop of diffusers' documentation, on the same levels."""
    import torch

    settings = loaded.info.settings
    betas = loaded.schedule().betas.float().numpy()
    scheduler: Any = importlib.import_module("diffusers").DDIMScheduler(
        num_train_timesteps=settings.timesteps, trained_betas=betas, clip_sample=True,
        prediction_type={"noise": "epsilon", "v": "v_prediction", "x0": "sample"}[settings.objective],
        timestep_spacing="linspace",
    )  # fmt: skip

    @torch.inference_mode()
    def go() -> None:
        scheduler.set_timesteps(STEPS)
        x = torch.randn(BATCH, *loaded.state_shape(), generator=torch.Generator().manual_seed(0))
        for t in scheduler.timesteps:
            answer = loaded.network(x, t.repeat(BATCH), labels)
            x = scheduler.step(answer, t, x).prev_sample

    return go


if __name__ == "__main__":
    main()
