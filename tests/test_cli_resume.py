"""`genstudio train --resume`: the same run goes on, and another is refused."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cli_desk import TINY, at, draw_pictures, sentence_of, train, train_tiny, weights

from genstudio.cli import main
from genstudio.store import read_header, write_checkpoint


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty grey pictures of two classes."""
    return draw_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def models(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One trained model of each family."""
    return train_tiny(dataset, tmp_path_factory.mktemp("models"))


@pytest.mark.parametrize("family", TINY)
def test_a_resumed_run_is_the_uninterrupted_one(
    family: str, dataset: Path, models: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half, whole = tmp_path / "half.safetensors", tmp_path / "whole.safetensors"
    assert train(family, dataset, half, iterations=2) == 0
    monkeypatch.chdir(dataset.parent)  # dataset and settings come from the checkpoint
    assert main(["train", family, "--resume", str(half), "--iterations", "4", "--out", str(whole)]) == 0
    resumed, uninterrupted = weights(whole), weights(models[family])
    assert resumed.keys() == uninterrupted.keys()
    assert all(np.array_equal(resumed[name], uninterrupted[name]) for name in resumed)


def test_a_resumed_run_goes_back_into_its_own_file(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.safetensors"
    assert train("vae", dataset, out, iterations=1) == 0
    assert main(["train", "vae", *at(dataset), "--resume", str(out), "--iterations", "2"]) == 0
    assert read_header(out).iteration == 2
    assert list(tmp_path.iterdir()) == [out]


def test_a_killed_run_goes_on_bit_for_bit_from_what_it_saved_on_the_way(dataset: Path, tmp_path: Path) -> None:
    out, whole = tmp_path / "x.safetensors", tmp_path / "whole.safetensors"
    words = ["train", "gan", *at(dataset), "--iterations", "0", "--save-every", "1", "--out", str(out), *TINY["gan"]]
    process = subprocess.Popen([sys.executable, "-m", "genstudio", *words], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    while not out.exists() and process.stdout.readline():  # a row is told before the checkpoint that holds it
        pass
    process.kill()
    process.stdout.close()
    process.wait(timeout=60)
    end = read_header(out).iteration + 2
    assert main(["train", "gan", *at(dataset), "--resume", str(out), "--iterations", str(end)]) == 0
    assert train("gan", dataset, whole, iterations=end) == 0
    resumed, uninterrupted = weights(out), weights(whole)
    assert resumed.keys() == uninterrupted.keys()
    assert all(np.array_equal(resumed[name], uninterrupted[name]) for name in resumed)


def test_metrics_of_a_resumed_run_go_on_in_the_same_file(dataset: Path, tmp_path: Path) -> None:
    out, metrics = str(tmp_path / "x.safetensors"), str(tmp_path / "rows.jsonl")
    assert train("vae", dataset, Path(out), "--metrics", metrics, iterations=2) == 0
    words = ["train", "vae", *at(dataset), "--resume", out, "--iterations", "3", "--metrics", metrics]
    assert main(words) == 0
    rows = [json.loads(line) for line in Path(metrics).read_text().splitlines()]
    assert [row["iteration"] for row in rows] == [1, 2, 3]


def test_rows_that_a_killed_run_told_beyond_its_checkpoint_are_told_once(dataset: Path, tmp_path: Path) -> None:
    out, metrics = str(tmp_path / "x.safetensors"), tmp_path / "rows.jsonl"
    assert train("vae", dataset, Path(out), "--metrics", str(metrics), iterations=2) == 0
    with metrics.open("a") as file:
        file.write('{"iteration": 3, "recon_loss": 0, "kl_loss": 0}\n{"iterat')
    words = ["train", "vae", *at(dataset), "--resume", out, "--iterations", "4", "--metrics", str(metrics)]
    assert main(words) == 0
    rows = [json.loads(line) for line in metrics.read_text().splitlines()]
    assert [row["iteration"] for row in rows] == [1, 2, 3, 4] and rows[2]["recon_loss"] > 0


def test_a_run_that_cannot_begin_leaves_the_metrics_of_the_last_one(dataset: Path, tmp_path: Path) -> None:
    out, metrics, fresh = tmp_path / "x.safetensors", tmp_path / "rows.jsonl", tmp_path / "fresh.jsonl"
    assert train("vae", dataset, out, "--metrics", str(metrics), iterations=3) == 0
    model = {name: array for name, array in weights(out).items() if name.startswith("model.")}
    bare = dataclasses.replace(read_header(out), iteration=1, training=False)
    write_checkpoint(out, bare, model)  # no run can go on from it
    before = metrics.read_bytes()
    words = ["train", "vae", *at(dataset), "--iterations", "9", "--out", str(out), "--metrics"]
    for where in (metrics, fresh):
        assert main([*words, str(where), "--resume", str(out)]) == 1
        assert main([*words, str(where), "--width", "0"]) == 1
    assert metrics.read_bytes() == before and len(before.splitlines()) == 3 and not fresh.exists()
    assert train("vae", dataset, out, "--metrics", str(metrics), iterations=1) == 0
    assert len(metrics.read_text().splitlines()) == 1


def test_a_run_that_has_nothing_left_to_do_says_so(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.safetensors"
    assert train("vae", dataset, out) == 0
    before = out.read_bytes()
    capsys.readouterr()
    assert main(["train", "vae", *at(dataset), "--resume", str(out), "--iterations", "4", "--out", str(out)]) == 1
    assert "at iteration 4 already" in sentence_of(capsys)
    assert out.read_bytes() == before


def test_a_folder_named_like_a_dataset_is_not_taken_for_it_when_its_run_goes_on(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "x.safetensors"
    shutil.copytree(dataset, tmp_path / "strokes")
    monkeypatch.chdir(tmp_path)
    assert train("vae", Path("strokes").absolute(), out, iterations=1) == 0
    assert read_header(out).dataset == "./strokes" and read_header(out).size == 32
    assert "--dataset ./strokes" in read_header(out).reproduce
    assert main(["train", "vae", "--resume", str(out), "--iterations", "2"]) == 0
    capsys.readouterr()
    assert main(["train", "vae", "--resume", str(out), "--iterations", "3", "--dataset", "strokes"]) == 1
    assert "was trained with --dataset ./strokes, not strokes" in sentence_of(capsys)


def test_settings_other_than_the_checkpoints_are_named(
    dataset: Path, models: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train", "vae", *at(dataset), "--resume", models["vae"], "--iterations", "9", "--lr", "0.01"]
    assert main([*words, "--out", str(tmp_path / "x.safetensors")]) == 1
    assert sentence_of(capsys) == "vae.safetensors was trained with --lr 0.001, not 0.01; leave it as it was to go on."


def test_a_checkpoint_holds_no_path_and_goes_on_from_wherever_its_pictures_are(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out, elsewhere = tmp_path / "x.safetensors", tmp_path / "moved" / dataset.name
    assert train("vae", dataset, out, iterations=1) == 0
    assert read_header(out).dataset == dataset.name
    assert str(dataset.parent).encode() not in out.read_bytes()
    capsys.readouterr()
    words = ["train", "vae", "--resume", str(out), "--iterations"]
    assert main([*words, "2"]) == 1
    assert f"learned from {dataset.name}, which is not here" in sentence_of(capsys)
    shutil.copytree(dataset, elsewhere)
    assert main([*words, "2", *at(elsewhere)]) == 0
    monkeypatch.chdir(elsewhere)
    assert main([*words, "3", "--dataset", "."]) == 0
    assert read_header(out).dataset == dataset.name
    capsys.readouterr()
    assert main([*words, "4", "--dataset", "strokes"]) == 1
    assert f"was trained with --dataset {dataset.name}, not strokes" in sentence_of(capsys)


def test_a_checkpoint_that_still_holds_a_path_goes_on(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.safetensors"
    assert train("vae", dataset, out, iterations=1) == 0
    old = dataclasses.replace(read_header(out), dataset=f"C:\\Users\\me\\{dataset.name}")
    write_checkpoint(out, old, weights(out))
    assert main(["train", "vae", *at(dataset), "--resume", str(out), "--iterations", "2"]) == 0
    write_checkpoint(out, dataclasses.replace(read_header(out), dataset=str(dataset)), weights(out))
    assert main(["train", "vae", "--resume", str(out), "--iterations", "3"]) == 0
    assert read_header(out).iteration == 3
