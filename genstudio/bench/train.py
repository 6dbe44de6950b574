"""Row train: our training beside the textbook's, headless beside the window; all take turns in one run."""

from __future__ import annotations

import contextlib
import statistics
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from genstudio.bench.child import Child, bare_environment, once, serve, tell
from genstudio.bench.result import Result

PAIRS = 4  # fresh processes: two threads that wait for each other run up to 1.4 times faster in one than in another
MODELS = {  # key of loops.MODELS: name, seconds of a turn, target where bf16 is native
    "mlp": ("MLP VAE, batch 128", 1.0, 3.0),
    "vae": ("VAE, batch 128", 1.5, None),
    "gan": ("DCGAN 256/128 channels, batch 128", 2.0, 2.0),
    "ddpm": ("DDPM, batch 64", 3.0, 1.8),
}
WINDOW_TARGETS = {
    "plot": ("GAN with the window open and plotting", 0.9),
    "meters": ("the same, meters and histograms open", 0.9),
    "drag": ("plotting, a slider dragged", 0.8),
}
TURN_S = 2.5


def measure() -> Iterator[Result]:
    """Iterations per second over the textbook loop, then the window over headless."""
    with bare_environment() as environment:
        native = once(__name__, "precision", environment=environment)["bf16"]
        for model, (name, seconds, target) in MODELS.items():
            speeds: dict[str, list[float]] = {kind: [] for kind in KINDS}
            for _ in range(PAIRS):
                pair = {kind: Child("genstudio.bench.loops", kind, model, environment=environment) for kind in KINDS}
                with contextlib.closing(pair["ours"]), contextlib.closing(pair["textbook"]):
                    for kind, measured in take_turns(pair, seconds).items():
                        speeds[kind] += measured
            yield Result("train", f"{name}: speed", statistics.mean(speeds["ours"]), "iterations/s")
            gain = ratio(speeds["ours"], speeds["textbook"])
            yield Result("train", f"{name}: over the textbook loop", gain, "x", "≥", target if native else None)
        yield from _beside_the_window(environment)


KINDS = ("ours", "textbook")


def _beside_the_window(environment: dict[str, str]) -> Iterator[Result]:
    speeds: dict[str, list[float]] = {"headless": [], **{mode: [] for mode in WINDOW_TARGETS}}
    for _ in range(PAIRS):
        headless = Child("genstudio.bench.loops", "ours", "gan-usual", environment=environment)
        window = Child(__name__, "window", environment=environment)
        with contextlib.closing(headless), contextlib.closing(window):
            window.answer()
            speeds["headless"] += take_turns({"headless": headless}, TURN_S)["headless"]
            for mode in WINDOW_TARGETS:
                window.ask(mode=mode, seconds=TURN_S)
            for mode in WINDOW_TARGETS:
                speeds[mode].append(speed(window.ask(mode=mode, seconds=TURN_S)))
            speeds["headless"].append(speed(headless.ask(seconds=TURN_S)))
    for mode, (name, target) in WINDOW_TARGETS.items():
        yield Result("train", f"{name}: over headless", ratio(speeds[mode], speeds["headless"]), "x", "≥", target)


def take_turns(children: dict[str, Child], seconds: float) -> dict[str, list[float]]:
    """Iterations per second of each child, after a turn that is not counted."""
    for child in children.values():
        child.answer()
        child.ask(seconds=seconds)
    return {name: [speed(child.ask(seconds=seconds))] for name, child in children.items()}


def speed(answer: dict[str, Any]) -> float:
    """Iterations per second."""
    return float(answer["iterations"] / answer["seconds"])


def ratio(these: Sequence[float], those: Sequence[float]) -> float:
    """Mean of these speeds over the mean of those."""
    return statistics.mean(these) / statistics.mean(those)


def main(what: str) -> None:
    """Be a process: tell the precision, or train the GAN in the window on demand."""
    if what == "precision":
        from genstudio.core.compute import default_compute

        tell(bf16=default_compute().bf16)
        return
    from genstudio.bench.arena import set_meters
    from genstudio.bench.desk import Desk
    from genstudio.bench.hand import Hand, SliderGrip

    desk = Desk()
    page: Any = desk.window.page("gan")
    desk.show_tab("vae")
    desk.application.show()
    desk.wait_for("vae.decode PicturesEvent", 5)
    explore: Any = desk.window.page("vae")
    hand = Hand(desk, SliderGrip(explore.sliders.rows()[0], explore.stage, "vae.decode"))
    hand.drag(5)
    desk.show_tab("gan")
    page.start_run()
    desk.wait_for("gan.train TrainEvent", 20)
    page.run_pressed()

    def answer(question: dict[str, Any]) -> dict[str, Any]:
        mode, seconds = question["mode"], question["seconds"]
        desk.show_tab("vae" if mode == "drag" else "gan")
        set_meters(desk, page, mode == "meters")
        page.player.set_running(True)
        desk.live(0.3)
        found = desk.iterations_in(seconds, hand.drag if mode == "drag" else None)
        page.player.set_running(False)
        desk.live(0.1)
        return found

    serve(answer)
    page.reset()
    desk.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
