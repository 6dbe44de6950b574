"""`genstudio train`: metrics, checkpoints, Ctrl-C, and runs that cannot begin."""

from __future__ import annotations

import dataclasses
import errno
import json
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cli_desk import TINY, at, draw_pictures, sentence_of, train, weights

from genstudio import api
from genstudio.cli import main
from genstudio.cli.headless.course import Keeper
from genstudio.cli.headless.terminal import ProgressLine, without_progress
from genstudio.cli.headless.train import _checksum
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.launch import Launch
from genstudio.core.training import TrainingData
from genstudio.session import Session
from genstudio.settings import VAESettings
from genstudio.store import read_header


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty grey pictures of two classes."""
    return draw_pictures(tmp_path_factory.mktemp("pictures"))


def test_metrics_have_one_line_per_iteration(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train("gan", dataset, tmp_path / "x.safetensors", iterations=5) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["iteration"] for row in rows] == [1, 2, 3, 4, 5]
    assert all(set(row) == {"iteration", "d_loss", "g_loss", "d_real", "d_fake"} for row in rows)


def test_a_model_that_is_found_in_one_step_is_at_its_end_then(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(ProgressLine, "show", lambda self, text: told.append(text))
    words = ["train", "pca", *at(dataset), "--latent-dim", "3", "--iterations", "900"]
    assert main([*words, "--out", str(tmp_path / "x.safetensors")]) == 0
    assert told[-1].startswith("1/1 ") and told[-1].endswith(" 0:00 left")
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_ctrl_c_saves_and_stops(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.safetensors"
    command = [sys.executable, "-m", "genstudio", "train", "vae", "--dataset", str(dataset), "--out", str(out)]
    process = subprocess.Popen(
        [*command, "--iterations", "0", *TINY["vae"]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    last = json.loads(rest.splitlines()[-1]) if rest else first
    assert f"Stopped at iteration {last['iteration']}" in errors
    end = str(last["iteration"] + 1)
    assert main(["train", "vae", *at(dataset), "--resume", str(out), "--iterations", end, "--out", str(out)]) == 0


def test_a_checkpoint_that_cannot_be_written_on_the_way_does_not_end_the_run() -> None:
    def save() -> None:
        saved.append(1)
        raise OSError(errno.ENOSPC, "No space left on device")

    saved: list[int] = []
    full = "The disk is full; nothing was changed. The run goes on."
    keeper = Keeper(save, every=10, start=7, end=40)
    said = [keeper.reach(iteration) for iteration in (9, 12, 19, 20, 40)]
    assert said == ["", full, "", full, ""] and len(saved) == 2
    assert not any(Keeper(save, 0, 0, 0).reach(iteration) for iteration in range(5))


def test_what_was_learnt_is_saved_when_nobody_reads_the_metrics(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.safetensors"
    command = [sys.executable, "-m", "genstudio", "train", "vae", "--dataset", str(dataset), "--out", str(out)]
    process = subprocess.Popen(
        [*command, "--iterations", "0", *TINY["vae"]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0, errors
    assert weights(out)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_what_was_learnt_is_saved_when_the_metrics_fill_the_disk(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.safetensors"
    assert train("vae", dataset, out, "--metrics", "/dev/full") == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-2].startswith("Wrote") and said[-1] == "The disk is full; nothing was changed."
    assert weights(out)


def test_a_run_on_own_pictures_says_how_many_are_held_out(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train("vae", dataset, tmp_path / "x.safetensors", iterations=1) == 0
    assert f"{dataset}: 18 pictures to train on, 2 held out." in capsys.readouterr().err.splitlines()


def test_settings_out_of_range_are_refused(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "x.safetensors"
    assert main(["train", "vae", "--dataset", str(dataset), "--out", str(out), "--latent-dim", "0"]) == 1
    assert "--latent-dim is 0" in sentence_of(capsys)
    assert not out.exists()


def test_processes_that_would_learn_otherwise_are_told_apart(dataset: Path) -> None:
    """By their line and their pictures, and by the classes of those."""
    session = Session("train", compute=FLOAT32_CPU)
    next(without_progress(session.stream(api.TrainRequest("vae", str(dataset), VAESettings(latent_dim=2, width=4), 3))))
    run = session.runs[0]
    seen = [_checksum(run), _checksum(run)]
    assert seen[0] == seen[1]
    run.told_every = (500, 0)
    seen.append(_checksum(run))
    data = run.trainer.data
    assert isinstance(data, TrainingData)
    data.labels[0] += 1
    seen.append(_checksum(run))
    data.images[0] += 1
    seen.append(_checksum(run))
    run.request = dataclasses.replace(run.request, settings=dataclasses.replace(run.request.settings, lr=0.5))
    seen.append(_checksum(run))
    assert len(set(seen)) == 5


class Scripted:
    """A chooser whose counts are known beforehand."""

    is_trying, count = False, 1

    def __init__(self, most: int) -> None:
        self._counts = iter((2, 2, 1, 1))

    def after(self, seconds: float) -> int:
        return next(self._counts)


def test_a_run_that_adapts_its_threads_notes_them_and_is_repeated_by_its_command(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genstudio.session.run.ThreadChooser", Scripted)
    adapted, repeated, plain = (tmp_path / f"{name}.safetensors" for name in ("adapted", "repeated", "plain"))
    assert train("gan", dataset, adapted, "--adapt-threads") == 0
    noted = [(change.iteration, change.value) for change in read_header(adapted).changes if change.name == "threads"]
    assert noted == [(0, 1.0), (1, 2.0), (3, 1.0)]
    words = shlex.split(read_header(adapted).reproduce)
    assert "OMP_NUM_THREADS=1" in words
    assert (changes := words[words.index("--changes") + 1]) == "1:threads=2,3:threads=1"
    assert train("gan", dataset, repeated, "--adapt-threads", "--changes", f"0:threads=1,{changes}") == 0
    assert read_header(repeated).changes == read_header(adapted).changes, "planned threads are not chosen anew"
    ours, theirs = weights(adapted), weights(repeated)
    assert all(np.array_equal(ours[name], theirs[name]) for name in ours)
    assert train("gan", dataset, plain) == 0
    assert len(read_header(plain).changes) == 1, "without being told to, a run has the threads with which it begins"


def test_processes_that_train_together_do_not_adapt_their_threads(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("genstudio.core.launch.launch_of", lambda: Launch(size=2))
    assert train("gan", dataset, tmp_path / "x.safetensors", "--adapt-threads") == 1
    assert "leave --adapt-threads out" in sentence_of(capsys)
