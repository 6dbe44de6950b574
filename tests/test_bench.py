"""The benchmark's machinery on tiny sizes; no test asserts a time."""

from __future__ import annotations

import contextlib
import math
import mmap
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from genstudio import bench
from genstudio.bench import (
    forward,
    heartbeat,
    loops,
    manifold,
    memory,
    points,
    reverse,
    scrub,
    train,
    triptych,
)
from genstudio.bench.child import Child
from genstudio.bench.clock import Clock
from genstudio.bench.result import Result, percentile, table
from genstudio.settings import DiffusionSettings, GANSettings, MLPVAESettings, VAESettings

TINY = {
    "vae": ("vae", VAESettings(width=4, batch_size=4)),
    "mlp": ("mlp-vae", MLPVAESettings(batch_size=4)),
    "gan": ("gan", GANSettings(width=8, batch_size=4)),
    "ddpm": ("ddpm", DiffusionSettings(width=8, batch_size=4)),
}


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "MODELS", TINY)


def test_a_target_is_met_on_the_right_side() -> None:
    assert Result("r", "n", 7.9, "ms", "<", 8).met is True
    assert Result("r", "n", 8.0, "ms", "<", 8).met is False
    assert Result("r", "n", 2.0, "x", "≥", 2).met is True
    assert Result("r", "n", 1.9, "x", "≥", 2).met is False
    assert Result("r", "n", 1.9, "x").met is None


def test_results_are_written_with_the_promised_keys() -> None:
    result = Result("slider", "idle, p95", 4.5, "ms", "<", 8)
    assert result.to_dict() == {
        "row": "slider", "name": "idle, p95", "value": 4.5, "unit": "ms", "target": 8, "met": True,
    }  # fmt: skip
    assert table([result]).splitlines()[-1] == "| slider | idle, p95 | 4.5 ms | < 8 ms | yes |"


def test_percentiles_are_values_that_occurred() -> None:
    values = [float(k) for k in range(1, 101)]
    assert [percentile(values, share) for share in (50, 95, 99)] == [50, 95, 99]
    assert percentile([3.0], 99) == 3.0


def test_a_ratio_is_of_the_mean_speeds() -> None:
    assert train.ratio([10.0, 14.0], [4.0, 4.0, 4.0]) == 3.0


@pytest.mark.parametrize("model", TINY)
@pytest.mark.usefixtures("tiny")
def test_the_textbook_learns_with_finite_losses(model: str) -> None:
    loop = loops.textbook_loop(model, count=16)
    losses = [next(loop) for _ in range(6)]
    assert all(math.isfinite(value) for step in losses for value in step.values())


@pytest.mark.parametrize("model", TINY)
@pytest.mark.usefixtures("tiny")
def test_our_loop_does_an_iteration_per_next(model: str) -> None:
    loop = loops.our_loop(model, count=16)
    first = next(loop)
    assert first.iteration == 0
    found = loops.advance(loop, 0.0, torch.device("cpu"))
    assert found["iterations"] == 2


def test_a_child_answers_in_turn_and_its_end_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "from genstudio.bench.child import serve; print('noise'); serve(lambda q: {'twice': 2 * q['n']})"
    (tmp_path / "echo_child.py").write_text(script, encoding="utf-8")
    with contextlib.closing(Child("echo_child", environment={"PYTHONPATH": str(tmp_path)})) as child:
        assert child.answer() == {"ready": True}
        assert [child.ask(n=n)["twice"] for n in (1, 2, 3)] == [2, 4, 6]
    (tmp_path / "dead_child.py").write_text("raise SystemExit(3)", encoding="utf-8")
    child = Child("dead_child", environment={"PYTHONPATH": str(tmp_path)})
    with contextlib.closing(child), pytest.raises(RuntimeError, match="code 3"):
        child.answer()


def test_the_row_of_the_map_measures_explore_and_map_with_one_target(monkeypatch: pytest.MonkeyPatch) -> None:
    times = {"vae": [20.0, 30.0], "map": [40.0, 70.0]}
    monkeypatch.setattr(manifold, "once", lambda *_, **__: times)
    found = {result.name: (result.value, result.met) for result in manifold.measure()}
    assert found == {
        "Explore, 20x20 pictures, p50": (20.0, None), "Explore, 20x20 pictures, p95": (30.0, True),
        "Map, 20x20 pictures, p50": (40.0, None), "Map, 20x20 pictures, p95": (70.0, False),
    }  # fmt: skip


def test_the_row_of_the_scrubber_measures_samples_and_the_explored_code(monkeypatch: pytest.MonkeyPatch) -> None:
    times = {"samples": [2.0, 4.0], "explore": [9.0, 17.0], "codes": [9.0, 18.0]}
    monkeypatch.setattr(scrub, "once", lambda *_, **__: times)
    found = {result.name: (result.value, result.met) for result in scrub.measure()}
    assert found == {
        "60 samples and curves, p50": (2.0, None), "60 samples and curves, p95": (4.0, True),
        "the same with the code explored, from cache, p50": (9.0, None),
        "the same with the code explored, from cache, p95": (17.0, False),
        "and with another code each time, p50": (9.0, None), "and with another code each time, p95": (18.0, None),
    }  # fmt: skip


def test_the_row_of_the_forward_process_measures_the_slider_and_the_strip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forward, "once", lambda *_, **__: {"sum": [4.0, 9.0], "seed": [8.0, 17.0]})
    found = {result.name: (result.value, result.met) for result in forward.measure()}
    assert found == {
        "picture, noise and sum with histogram, p50": (4.0, None),
        "picture, noise and sum with histogram, p95": (9.0, True),
        "other noise: the whole strip anew, p50": (8.0, None),
        "other noise: the whole strip anew, p95": (17.0, False),
    }


def test_the_row_of_the_triptych_has_a_target_for_those_that_answer_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    times = {"vae": [6.0, 20.0], "gan": [9.0, 40.0], "draft": [90.0], "whole": [600.0]}
    monkeypatch.setattr(triptych, "once", lambda *_, **__: times)
    found = {result.name: (result.value, result.met) for result in triptych.measure()}
    assert found == {
        "VAE, p50": (6.0, None), "VAE, p95": (20.0, True), "GAN, p50": (9.0, None), "GAN, p95": (40.0, False),
        "diffusion model, first answer, p50": (90.0, None),
        "diffusion model, all steps after the hand rests, p50": (600.0, None),
    }  # fmt: skip


def test_an_unknown_row_is_refused() -> None:
    with pytest.raises(ValueError, match="no row 'magic'"):
        next(bench.measure(["magic"]))


def test_a_clock_tells_the_calls_of_a_network_inside_of_what_goes_on() -> None:
    network = torch.nn.Linear(2, 2)
    clock = Clock(network)
    steps = (network(torch.zeros(1, 2)) for _ in range(7))
    seconds, inside_s = clock.of(lambda: [next(steps) for _ in range(5)])
    assert len(inside_s) == 5 and 0 < sum(inside_s) < seconds
    assert len(clock.of(lambda: list(steps))[1]) == 2
    assert len(inside_s) == 5  # what was told stays


def test_our_loop_is_the_sessions_own_training() -> None:
    from genstudio.bench.loops import our_loop

    loop = our_loop("vae", count=256)
    events = [event for event in (next(loop) for _ in range(4)) if event is not None]
    assert events[0].iteration == 0 and events[0].names == ("recon_loss", "kl_loss")


def test_what_takes_half_an_hour_is_measured_on_demand_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(bench.ROWS) - set(bench.USUAL) == {"memory"}
    asked = []
    monkeypatch.setattr(memory, "measure", lambda minutes: asked.append(minutes) or iter(()))
    assert list(bench.measure(["memory"], 2.0)) == [] and asked == [2.0]


def test_the_slope_of_memory_is_that_of_the_second_half() -> None:
    """It grows until the history is full, and by 2 MB a minute from then on."""
    readings = [{"minutes": m, "mb": 500 + 50 * min(m, 4) + 2 * m, "filled": min(m / 4, 1.0)} for m in range(11)]
    found = {result.name: (round(result.value, 6), result.met) for result in memory.results("Game", readings)}
    assert found == {
        "Game: grows by": (2.0, False), "Game: at the end": (720.0, None),
        "Game: history filled before the second half": (1.0, True),
    }  # fmt: skip
    steady = [{"minutes": m, "mb": 500.0 + m % 2, "filled": 0.5} for m in range(11)]
    assert [result.met for result in memory.results("Game", steady)] == [True, None, False]
    assert memory.slope([1.0], [5.0]) == 0


def test_memory_is_read_while_both_arenas_live(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short, with stand-ins: at least one reading of each, more the longer it takes."""

    class StandIn:
        def __init__(self, module: str, arena: str, environment: object) -> None:
            self.mb = {"gan": 700.0, "points": 600.0}[arena]

        def answer(self) -> dict[str, bool]:
            return {"ready": True}

        def ask(self, seconds: float) -> dict[str, float]:
            return {"mb": self.mb, "filled": 1.0, "iteration": 5}

        def close(self) -> None:
            self.mb = 0.0

    monkeypatch.setattr(memory, "Child", StandIn)
    found = {result.name: result.value for result in memory.measure(1e-6)}
    assert found["Pictures with meters: at the end"] == 700 and found["Points: at the end"] == 600
    assert found["Points: grows by"] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such reading there")
def test_a_process_knows_what_it_takes() -> None:
    before = memory.resident_mb()
    with mmap.mmap(-1, 64_000_000) as held:  # new pages for sure, whatever the allocator has in stock
        for _ in range(64):  # in parts, for what they take may stay with the allocator
            held.write(b"1" * 1_000_000)
        assert 48 < memory.resident_mb() - before < 96


def test_the_row_of_points_has_iterations_and_repaints(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = {"iterations": 3500, "repaints": 280, "seconds": 10.0}
    monkeypatch.setattr(points, "once", lambda *_, **__: counted)
    found = {result.name: (result.value, result.unit, result.met) for result in points.measure()}
    assert found == {
        "ring of 8, shown as it moves": (350.0, "iterations/s", True),
        "ring of 8: the plane is painted": (28.0, "times/s", None),
        "ring of 8 with the R1 penalty, shown as it moves": (350.0, "iterations/s", None),
        "ring of 8 with the R1 penalty: the plane is painted": (28.0, "times/s", None),
    }


def test_the_heartbeat_is_judged_in_both_arenas(monkeypatch: pytest.MonkeyPatch) -> None:
    late = {"gan": [1.0] * 95 + [40.0] * 5, "points": [1.0] * 94 + [40.0] * 5 + [200.0]}
    monkeypatch.setattr(heartbeat, "once", lambda _, arena, **__: {"late_ms": late[arena]})
    met = {result.name: result.met for result in heartbeat.measure()}
    assert met == {
        "Pictures with meters, late by p50": None, "Pictures with meters, late by p95": True,
        "Pictures with meters, worst": True, "Points, late by p50": None, "Points, late by p95": False,
        "Points, worst": False,
    }  # fmt: skip


def test_a_pulse_tells_how_late_each_beat_was(qtbot: Any) -> None:
    from genstudio.bench.pulse import Pulse

    pulse = Pulse()
    pulse.start()
    qtbot.waitUntil(lambda: len(pulse.late_ms) >= 3)
    pulse.stop()
    assert all(late >= 0 for late in pulse.late_ms)


def test_repaints_of_a_widget_are_counted(qtbot: Any) -> None:
    from PySide6.QtWidgets import QWidget

    from genstudio.bench.pulse import Paints

    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    paints = Paints(widget)
    for count in (1, 2):
        widget.update()
        qtbot.waitUntil(lambda count=count: paints.count >= count)


def test_beside_the_window_every_way_to_watch_has_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half as fast while it is measured: that row alone is not met."""
    speeds = {"plot": 95, "meters": 50, "drag": 85}

    class StandIn:
        def __init__(self, *args: object, environment: object = None) -> None:
            self.asked: list[str] = []

        def answer(self) -> dict[str, bool]:
            return {"ready": True}

        def ask(self, seconds: float, mode: str = "") -> dict[str, float]:
            return {"iterations": speeds.get(mode, 100), "seconds": 1.0}

        def close(self) -> None:
            self.asked.clear()

    monkeypatch.setattr(train, "Child", StandIn)
    found = [(result.value, result.met) for result in train._beside_the_window({})]
    assert found == [(0.95, True), (0.5, False), (0.85, True)]


def test_the_row_of_the_reverse_process_has_beats_and_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reverse, "once", lambda *_, **__: {"late_ms": [1.0, 34.0], "scrub_ms": [4.0, 9.0]})
    found = {result.name: (result.value, result.met) for result in reverse.measure()}
    assert found == {
        "64 pictures come out of noise, late by p50": (1.0, None),
        "64 pictures come out of noise, late by p95": (34.0, False),
        "64 pictures come out of noise, late by at most": (34.0, None),
        "scrub 250 steps of 64 pictures, p50": (4.0, None),
        "scrub 250 steps of 64 pictures, p95": (9.0, True),
    }
