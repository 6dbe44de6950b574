"""Training in a session: rows, samples, going on from a file, two runs in their places."""

from __future__ import annotations

import dataclasses
import math
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from session_desk import RUNS, last, new_session, train_runs
from torch.distributions import Normal, kl_divergence

from genstudio import api, store
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session, stages, training
from genstudio.settings import FlowSettings, GANSettings


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three models trained for three iterations."""
    return train_runs(tmp_path_factory.mktemp("models"))


@pytest.fixture
def session(folder):
    return new_session(folder)


def test_training_tells_every_row_and_the_samples(session):
    events = [e for e in session.stream(dataclasses.replace(RUNS["tiny-gan"], iterations=5)) if e]
    assert events[0].iteration == 0 and events[0].samples[0][0] == 0
    assert events[-1].iteration == 5 and events[-1].samples[-1][0] == 5
    assert np.concatenate([e.rows for e in events]).shape == (5, 4)
    joined = events[0]
    for event in events[1:]:
        joined = joined.merge(event)
    assert joined.rows.shape == (5, 4) and joined.iteration == 5


@pytest.mark.parametrize("model", RUNS)
def test_resume_from_a_file_repeats_the_whole_run(session, folder, tmp_path, model):
    whole = dataclasses.replace(RUNS[model], iterations=6)
    expected = last(session.stream(whole))
    resumed = last(session.stream(dataclasses.replace(whole, resume=str(folder / f"{model}.safetensors"))))
    assert np.array_equal(resumed.rows[-1], expected.rows[-1])
    assert np.array_equal(resumed.samples[-1][1], expected.samples[-1][1])


def test_a_run_that_goes_on_knows_its_kl_at_once(session, folder):
    whole = dataclasses.replace(RUNS["tiny-vae"], iterations=9)
    assert not next(session.stream(whole)).numbers["kl_per_latent"].any(), "before the first batch"
    events = session.stream(dataclasses.replace(whole, resume=str(folder / "tiny-vae.safetensors")))
    first, trainer = next(events), session.runs[0].trainer
    x, _ = trainer.data.batch(2, whole.settings.batch_size, whole.settings.seed)
    with torch.no_grad():
        mu, log_var = trainer.net.encode(x)
    expected = kl_divergence(Normal(mu, torch.exp(log_var / 2)), Normal(0.0, 1.0)).mean(0)
    kl = first.numbers["kl_per_latent"]
    assert first.iteration == 3 and kl.all() and np.allclose(kl, expected, atol=1e-5)


def test_a_run_that_waits_in_its_place_goes_on_bit_for_bit_beside_another(folder, tmp_path):
    whole = dataclasses.replace(RUNS["tiny-gan"], iterations=4)
    lane = Session("play", data_dir=folder, model_dirs=(folder, tmp_path / "own"), compute=FLOAT32_CPU)
    expected = last(lane.stream(whole))
    first = lane.stream(api.RunRequest(whole, place=0))
    [next(first) for _ in range(3)]
    other = last(lane.stream(api.RunRequest(RUNS["tiny-vae"], place=1)))
    assert other.iteration == 3
    kept = Path(lane.handle(api.KeepRequest(place=0)).path)
    assert kept.name == "last run (strokes, 2).safetensors" and store.read_header(kept).training
    end = last(first)
    assert np.array_equal(end.rows[-1], expected.rows[-1])
    assert np.array_equal(end.samples[-1][1], expected.samples[-1][1])
    resumed = last(lane.stream(dataclasses.replace(whole, resume=str(kept))))
    assert np.array_equal(resumed.samples[-1][1], expected.samples[-1][1])
    for age in range(1, 8):  # the user's own file has a name that is nearly one of ours
        name = "last run (of the term)" if age == 4 else f"last run (strokes, {age}00)"
        shutil.copy(kept, tmp_path / "own" / f"{name}.safetensors")
        os.utime(tmp_path / "own" / f"{name}.safetensors", (1e9 - age, 1e9 - age))
    lane.handle(api.KeepRequest(place=1, spare=(str(tmp_path / "own" / "last run (strokes, 300).safetensors"),)))
    left = sorted(path.stem.removeprefix("last run ") for path in (tmp_path / "own").glob("*.safetensors"))
    spared = ["(of the term)", "(strokes, 2)", "(strokes, 300)"]  # of the user, of a run at hand, as was asked
    assert left == sorted([*spared, "(strokes, 3)", *(f"(strokes, {age}00)" for age in (1, 2, 5, 6))])
    (info,) = [m for m in lane.handle(api.CatalogRequest()).catalog.models if m.name == "last run (strokes, 3)"]
    assert info.family == "vae" and info.resumable


def test_a_kept_run_is_named_by_its_family_unless_that_is_the_usual_one(folder, tmp_path):
    lane = Session("play", data_dir=folder, model_dirs=(folder, tmp_path / "own"), compute=FLOAT32_CPU)
    flow = dataclasses.replace(RUNS["tiny-ddpm"], family="flow", settings=FlowSettings(width=8, batch_size=8))
    names = []
    for place, request in enumerate((RUNS["tiny-ddpm"], flow)):
        last(lane.stream(api.RunRequest(request, place=place)))
        names.append(Path(lane.handle(api.KeepRequest(place=place)).path).stem)
    assert names == ["last run (strokes, 3)", "last run (strokes flow, 3)"]


def test_a_run_that_could_not_begin_takes_nobodys_place(session, tmp_path):
    last(session.stream(api.RunRequest(RUNS["tiny-gan"], place=1)))
    impossible = dataclasses.replace(RUNS["tiny-gan"], settings=GANSettings(batch_size=0))
    with pytest.raises(ValueError, match="batch_size is 0"):
        next(session.stream(api.RunRequest(impossible, place=1)))
    session.handle(api.SaveRequest(str(tmp_path / "x.safetensors"), place=1))
    assert store.read_header(tmp_path / "x.safetensors").iteration == 3


@pytest.mark.parametrize(("name", "value", "was"), [("lr", 0.01, "0.001"), ("width", 8, "4")])
def test_resume_with_another_setting_is_refused_by_its_name(session, folder, name, value, was):
    settings = dataclasses.replace(RUNS["tiny-vae"].settings, **{name: value})
    path = str(folder / "tiny-vae.safetensors")
    with pytest.raises(ValueError, match=rf"trained with {name} {was}, not {value};"):
        next(session.stream(dataclasses.replace(RUNS["tiny-vae"], settings=settings, iterations=9, resume=path)))


def test_a_loss_that_is_not_a_number_stops_the_run_with_a_sentence(session):
    settings = GANSettings(latent_dim=6, width=8, batch_size=8, lr_d=0.1, lr_g=0.1)
    stream = session.stream(api.TrainRequest("gan", "strokes", settings, 50, preview=0))
    next(stream)
    for parameter in session.runs[0].trainer.g.parameters():
        parameter.data.fill_(float("nan"))
    with pytest.raises(FloatingPointError, match="iteration 1;"):
        list(stream)


@pytest.mark.parametrize("bad", [{"batch_size": 0}, {"lr_g": float("inf")}, {"width": 100_000}])
def test_bad_settings_get_one_sentence(session, bad):
    with pytest.raises(ValueError, match="allowed"):
        next(session.stream(api.TrainRequest("gan", "strokes", GANSettings(**bad))))


@pytest.mark.parametrize("bad", [{"iterations": -1}, {"preview": 10**9}])
def test_a_run_out_of_all_measure_is_refused(session, bad):
    with pytest.raises(ValueError, match=f"{next(iter(bad))} is "):
        next(session.stream(dataclasses.replace(RUNS["tiny-gan"], **bad)))


def test_a_checkpoint_names_the_command_that_makes_the_same_weights(folder, tmp_path):
    path = str(folder / "tiny-gan.safetensors")
    words = shlex.split(store.read_header(path).reproduce)
    variables = dict(word.split("=") for word in words[: words.index("genstudio")])
    assert variables["GENSTUDIO_PRECISION"] == "float32" and int(variables["OMP_NUM_THREADS"]) >= 1
    out = str(tmp_path / words[-1])
    command = [sys.executable, "-m", *words[words.index("genstudio") : -1], out]
    subprocess.run(command, env={**os.environ, **variables}, check=True, capture_output=True, timeout=120)
    again, first = load_file(out), load_file(path)
    assert all(np.array_equal(again[name], first[name]) for name in first)


def test_the_rate_does_not_count_pauses(session, monkeypatch):
    """A reader that stops between two iterations, as a paused window does, sees the speed of the work alone."""
    now_s = [0.0]
    for module in (training, stages):  # the one that tells, and the one that measures
        monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: now_s[0]))
    stream = session.stream(dataclasses.replace(RUNS["tiny-vae"], iterations=0))
    next(stream)
    trainer = session.runs[0].trainer
    iterate = trainer.run_iteration

    def take_a_twentieth() -> None:
        iterate()
        now_s[0] += 0.05

    monkeypatch.setattr(trainer, "run_iteration", take_a_twentieth)
    for _ in range(3):
        event = next(stream)
        now_s[0] += 10.0  # the pause
    stream.close()
    assert event.iterations_per_s == pytest.approx(20)


def test_an_iteration_that_is_asked_for_by_itself_is_told_at_once(session, monkeypatch):
    monkeypatch.setattr(training, "ROWS_EVERY_S", math.inf)
    stream = session.stream(dataclasses.replace(RUNS["tiny-gan"], iterations=0, preview=0))
    next(stream)
    assert next(stream) is None
    event = stream.send(True)
    assert event.iteration == 2 and len(event.rows) == 2
    assert next(stream) is None and stream.send(True).iteration == 4


def test_a_run_without_pictures_tells_its_losses_no_more_often(session, monkeypatch):
    now_s = [0.0]
    for module in (training, stages):
        monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: now_s[0]))
    told = []
    for event in session.stream(dataclasses.replace(RUNS["tiny-gan"], iterations=20, preview=0)):
        now_s[0] += training.ROWS_EVERY_S / 3.5  # due at every fourth
        told += [event.iteration] if event is not None else []
    assert told == [0, 4, 8, 12, 16, 20]


def test_a_cold_first_preview_does_not_delay_the_others(monkeypatch):
    now = iter([0.0, 2.0, 2.3, 2.4, 2.7, 5.5])
    monkeypatch.setattr(training.time, "perf_counter", lambda: next(now))
    clock = training.Clock(0.25, 0.03)
    clock.preview_drawn(2.0)
    assert clock.preview_due()
    clock.preview_drawn(0.09)
    assert not clock.preview_due() and clock.preview_due(), "a warm one takes its share: 3 s for 0.09 s"
