"""The benchmark's machinery on tiny sizes; no test asserts a time."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path

import pytest
import torch

from genstudio import bench
from genstudio.bench import denoise, loops, manifold, train
from genstudio.bench.child import Child
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


def test_an_unknown_row_is_refused() -> None:
    with pytest.raises(ValueError, match="no row 'magic'"):
        next(bench.measure(["magic"]))


def test_steps_are_counted_with_the_forwards_inside_them() -> None:
    network = torch.nn.Linear(2, 2)
    steps = (network(torch.zeros(1, 2)) for _ in range(7))
    seconds, forward_s = denoise.run_steps(steps, network, 5)
    assert len(forward_s) == 5 and 0 < sum(forward_s) <= seconds
    assert len(denoise.run_steps(steps, network)[1]) == 2
    network(torch.zeros(1, 2))
    assert len(forward_s) == 5  # nothing is watched any more


def test_our_loop_is_the_sessions_own_training() -> None:
    from genstudio.bench.loops import our_loop

    loop = our_loop("vae", count=256)
    events = [event for event in (next(loop) for _ in range(4)) if event is not None]
    assert events[0].iteration == 0 and events[0].names == ("recon_loss", "kl_loss")
