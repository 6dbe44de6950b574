"""A run goes back to what it was, bit for bit, and on from there as it went or another way."""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from genstudio import api, store
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.session.snapshots import Snapshot, Snapshots
from genstudio.session.spread import Budget
from genstudio.settings import AESettings, DiffusionSettings, GANSettings, MLPAESettings, MLPVAESettings, VAESettings

SETTINGS = {
    "vae": VAESettings(latent_dim=2, width=4, batch_size=8, warmup=6),
    "mlp-vae": MLPVAESettings(latent_dim=2, hidden=8, batch_size=8, likelihood="gaussian"),
    "ae": AESettings(latent_dim=2, width=4, batch_size=8),
    "mlp-ae": MLPAESettings(latent_dim=2, batch_size=8),
    "gan": GANSettings(width=8, latent_dim=4, batch_size=4),
    "ddpm": DiffusionSettings(width=8, timesteps=20, batch_size=4),
}
VAE = api.TrainRequest("vae", "strokes", SETTINGS["vae"], 8, preview=1)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Every iteration is a moment of the history."""
    monkeypatch.setattr("genstudio.session.training.ROWS_EVERY_S", 0.0)
    monkeypatch.setattr("genstudio.core.training.Trainer.preview_every_s", 0.0)
    monkeypatch.setattr("genstudio.core.training.Trainer.preview_share", 1e9)
    monkeypatch.setattr("genstudio.core.families.ddpm.DDPMTrainer.preview_share", 1e9)
    return Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)


def go_on(events: Iterator[Any], iteration: int) -> api.TrainEvent:
    """The event of an iteration."""
    return next(event for event in events if event is not None and event.iteration == iteration)


def weights(session: Session, path: Path, place: int) -> dict[str, np.ndarray]:
    """All that a file of the run has."""
    session.handle(api.SaveRequest(str(path), place))
    return load_file(path)


def same(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> bool:
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


@pytest.mark.parametrize("family", SETTINGS)
def test_a_run_that_was_rewound_and_goes_on_is_the_run_that_was_not(session, tmp_path, family):
    run = api.TrainRequest(family, "strokes", SETTINGS[family], 6, preview=1)
    events = session.stream(api.RunRequest(run, 2))
    then = go_on(events, 3)
    last = list(events)[-1]
    assert last.rewinds == (0, 1, 2, 3, 4, 5, 6)
    whole = weights(session, tmp_path / "whole.safetensors", 2)
    again = list(session.stream(api.RewindRequest(3, 2, 3)))
    assert again[0].iteration == 3 and again[0].rewinds == (0, 1, 2, 3) and again[0].past[:, 0].tolist() == [1, 2, 3]
    assert np.array_equal(again[0].samples[0][1], then.samples[0][1])
    assert all(np.array_equal(again[0].numbers[name], then.numbers[name], equal_nan=True) for name in then.numbers)
    assert same(whole, weights(session, tmp_path / "again.safetensors", 3))
    assert same(whole, weights(session, tmp_path / "left.safetensors", 2)), "the run that was left stays as it was"


def test_a_fork_is_repeated_by_its_own_changes_and_has_none_of_the_run_that_was_left(session, tmp_path):
    beta = dataclasses.replace(VAE.settings, beta=4.0)
    events = session.stream(VAE)
    go_on(events, 2)
    session.handle(api.TuneRequest(beta))
    go_on(events, 5)
    session.handle(api.TuneRequest(dataclasses.replace(beta, lr=1e-5)))
    list(events)
    events = session.stream(api.RewindRequest(4, 0, 1))
    first = next(events)
    assert [(c.iteration, c.name) for c in first.changes if c.name != api.THREADS] == [(2, "beta")]
    session.handle(api.TuneRequest(dataclasses.replace(beta, warmup=0), 1))
    list(events)
    forked = weights(session, tmp_path / "fork.safetensors", 1)
    header = store.read_header(tmp_path / "fork.safetensors")
    assert [c.name for c in header.changes if c.name != api.THREADS] == ["beta", "warmup"]
    assert "2:beta=4,4:warmup=0" in header.reproduce
    list(session.stream(dataclasses.replace(VAE, changes=header.changes)))
    assert same(forked, weights(session, tmp_path / "again.safetensors", 0))


def test_changes_that_were_still_to_come_come_again(session, tmp_path):
    run = dataclasses.replace(VAE, changes=(api.Change(2, "beta", 2.0), api.Change(6, "lr", 1e-5)))
    list(session.stream(run))
    whole = weights(session, tmp_path / "whole.safetensors", 0)
    list(session.stream(api.RewindRequest(4, 0, 1)))
    assert same(whole, weights(session, tmp_path / "again.safetensors", 1))


def test_a_run_that_broke_goes_on_from_before_with_a_smaller_rate(session):
    events = session.stream(VAE)
    go_on(events, 3)
    session.runs[0].trainer.net.encoder[0].weight.data.fill_(torch.nan)
    with pytest.raises(FloatingPointError):
        list(events)
    events = session.stream(api.RewindRequest(7, 0, 1))
    assert next(events).iteration == 3, "a state that is not finite is not kept"
    assert [event.iteration for event in events] == [4, 5, 6, 7, 8]


def test_what_is_not_kept_is_not_gone_back_to(session):
    list(session.stream(dataclasses.replace(VAE, preview=0, iterations=2)))
    list(session.stream(api.RunRequest(VAE, 1)))
    other = session.runs[1]
    with pytest.raises(ValueError, match="Nothing is kept of the run at iteration 1"):
        next(session.stream(api.RewindRequest(1, 0, 1)))
    assert session.runs[1] is other, "nothing has made room"
    with pytest.raises(ValueError, match="Nothing has been trained yet"):
        next(session.stream(api.RewindRequest(1, 5, 1)))


def snapshot(iteration: int, floats: int = 1) -> Snapshot:
    return Snapshot(iteration, {"w": torch.zeros(floats)}, (), (), 1, np.zeros((0, 3), np.float32), {}, {})


def test_snapshots_are_few_and_evenly_spread_over_a_run_of_any_length():
    kept, sizes = Snapshots(), []
    for iteration in range(0, 100_000, 37):
        if kept.is_due(iteration):
            kept.add(snapshot(iteration))
            sizes.append(len(kept))
    at = np.array(kept.iterations())
    assert at[0] == 0 and sizes == [*range(1, Snapshots.MOST), *[Snapshots.MOST] * (len(sizes) - Snapshots.MOST + 1)]
    assert at[-1] > 100_000 * (1 - 2 / len(at)) and np.diff(at).max() < 2.1 * np.diff(at).min()
    assert kept.at(50_000).iteration == max(at[at <= 50_000])
    assert kept.until(50_000).iterations() == tuple(at[at <= 50_000])


def fill(kept: Snapshots, iterations: range, floats: int) -> None:
    for iteration in iterations:
        if kept.is_due(iteration):
            kept.add(snapshot(iteration, floats))


def test_large_states_are_fewer_and_too_large_ones_are_none():
    kept, none = Snapshots(Budget(4_000)), Snapshots(Budget(4_000))
    fill(kept, range(1000), 250)
    fill(none, range(1000), 501)
    assert 2 <= len(kept) <= 4 and len(none) == 0 and not none.is_due(10**9), "nobody copies a state for nothing"


def test_runs_share_one_budget_and_the_largest_makes_room():
    budget = Budget(16_000)
    large, small, late = (Snapshots(budget) for _ in range(3))
    fill(large, range(1000), 250)
    assert len(large) >= 8 and large.iterations()[0] == 0
    fill(small, range(1000), 10)
    assert len(small) >= Snapshots.MOST // 2, "small states need not make room"
    fill(late, range(1000), 500)
    assert len(large) >= 2 and len(late) >= 2 and budget.used_bytes() <= 16_000
    at = np.array(late.iterations())
    assert at[-1] > 1000 * (1 - 2 / len(at)), "also later on"
    del large, late
    gc.collect()
    assert budget.used_bytes() == 40 * len(small), "runs that are gone take no room"


def test_more_runs_than_there_is_room_for_keep_what_they_have():
    budget = Budget(4_000)
    runs = [Snapshots(budget) for _ in range(3)]
    for kept in runs:
        fill(kept, range(1000), 450)
    assert [len(kept) for kept in runs] == [1, 1, 0] and budget.used_bytes() == 3_600


def test_what_two_runs_have_in_common_takes_room_once():
    budget = Budget(16_000)
    kept = Snapshots(budget)
    fill(kept, range(1000), 250)
    used = budget.used_bytes()
    fork = kept.until(500)
    assert len(fork) >= 2 and budget.used_bytes() == used and fork.iterations() == kept.iterations()[: len(fork)]
    assert not fork.is_due(fork.iterations()[-1]) and fork.is_due(1000)


def test_all_places_of_a_session_share_a_budget(session):
    size = None
    for place in range(4):
        list(session.stream(api.RunRequest(VAE, place)))
        size = size or session.runs[0].snapshots.at(0).size_bytes
        session.budget.most_bytes = 12 * size
    assert session.budget.used_bytes() <= 12 * size
    assert all(len(run.snapshots) >= 2 for run in session.runs.values())
    assert [event.iteration for event in session.stream(api.RewindRequest(8, 0, 1))][-1] == 8


def test_a_state_that_comes_from_another_device_is_not_copied_again(session):
    list(session.stream(VAE))
    run, state = session.runs[0], session.runs[0].trainer.state()
    run.trainer.state = lambda: dict(state)
    kept = {}
    for device in ("cpu", "cuda"):
        run.trainer.compute = dataclasses.replace(run.trainer.compute, device=torch.device(device))
        run.snapshots = Snapshots()
        run.snapshot({})
        kept[device] = run.snapshots.at(8).state
    assert not any(kept["cpu"][name] is tensor for name, tensor in state.items())
    assert all((kept["cuda"][name] is tensor) == (tensor.ndim > 0) for name, tensor in state.items())
    assert all(torch.equal(kept["cuda"][name], tensor) for name, tensor in state.items())
