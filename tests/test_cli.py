"""The `genstudio` command, headless: real tiny models from start to file."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tyro
from PIL import Image
from tyro import _errors

from genstudio import store
from genstudio.cli import main
from genstudio.cli.headless.train import _Keeper
from genstudio.cli.usage import Line, in_a_sentence
from genstudio.store import read_header, write_checkpoint
from genstudio.system import missing_libraries

FAMILIES = "vae, mlp-vae, ae, mlp-ae, pca, gan or ddpm"
TINY = {
    "vae": ["--latent-dim", "3", "--width", "4", "--batch-size", "4"],
    "gan": ["--latent-dim", "3", "--width", "8", "--batch-size", "4"],
    "ddpm": ["--width", "8", "--timesteps", "12", "--batch-size", "4"],
}


def train(family: str, dataset: Path, out: Path, *more: str, iterations: int = 4) -> int:
    words = ["train", family, "--dataset", str(dataset), "--iterations", str(iterations), "--out", str(out)]
    return main([*words, *TINY[family], *more])


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty grey pictures of two classes."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    for k in range(20):
        (folder / "ab"[k % 2]).mkdir(exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (32, 32), np.uint8)).save(folder / "ab"[k % 2] / f"{k:02}.png")
    return folder


def at(dataset: Path) -> list[str]:
    """Where the pictures are that a checkpoint knows by their name alone."""
    return ["--dataset", str(dataset)]


@pytest.fixture(scope="module")
def models(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One trained model of each family."""
    folder = tmp_path_factory.mktemp("models")
    paths = {family: folder / f"{family}.safetensors" for family in TINY}
    for family, path in paths.items():
        assert train(family, dataset, path, "--metrics", str(folder / "metrics")) == 0
    return {family: str(path) for family, path in paths.items()}


def weights(path: str | Path) -> dict[str, np.ndarray]:
    from safetensors.numpy import load_file

    return load_file(path)


def sentence_of(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on stderr."""
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    assert "Traceback" not in lines[0]
    return lines[0]


# ---- train ----------------------------------------------------------------------------------------


def test_metrics_have_one_line_per_iteration(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train("gan", dataset, tmp_path / "x.safetensors", iterations=5) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["iteration"] for row in rows] == [1, 2, 3, 4, 5]
    assert all(set(row) == {"iteration", "d_loss", "g_loss", "d_real", "d_fake"} for row in rows)


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


def test_a_checkpoint_that_cannot_be_written_on_the_way_does_not_end_the_run() -> None:
    def save() -> None:
        saved.append(1)
        raise OSError(errno.ENOSPC, "No space left on device")

    saved: list[int] = []
    full = "The disk is full; nothing was changed. The run goes on."
    keeper = _Keeper(save, every=10, start=7, end=40)
    said = [keeper.reach(iteration) for iteration in (9, 12, 19, 20, 40)]
    assert said == ["", full, "", full, ""] and len(saved) == 2
    assert not any(_Keeper(save, 0, 0, 0).reach(iteration) for iteration in range(5))


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


def test_settings_out_of_range_are_refused(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "x.safetensors"
    assert main(["train", "vae", "--dataset", str(dataset), "--out", str(out), "--latent-dim", "0"]) == 1
    assert "--latent-dim is 0" in sentence_of(capsys)
    assert not out.exists()


# ---- sample ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", TINY)
def test_the_same_seed_gives_the_same_bytes(family: str, models: dict[str, str], tmp_path: Path) -> None:
    words = ["sample", models[family], "--seed", "7", "--rows", "2", "--cols", "2", "--steps", "3"]
    for name in ("one.png", "two.png"):
        assert main([*words, "--out", str(tmp_path / name)]) == 0
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


@pytest.mark.parametrize("family", TINY)
def test_a_wider_grid_begins_with_the_same_pictures(family: str, models: dict[str, str], tmp_path: Path) -> None:
    words = ["sample", models[family], "--seed", "7", "--gap", "0", "--scale", "1", "--steps", "3"]
    assert main([*words, "--rows", "1", "--cols", "8", "--out", str(tmp_path / "wide.png")]) == 0
    assert main([*words, "--rows", "2", "--cols", "4", "--out", str(tmp_path / "high.png")]) == 0
    wide, high = (np.asarray(Image.open(tmp_path / f"{name}.png")) for name in ("wide", "high"))
    assert np.array_equal(wide, np.concatenate([high[:32], high[32:]], axis=1))


def test_arrays_hold_pictures_and_their_classes(models: dict[str, str], tmp_path: Path) -> None:
    for family, keys in (("vae", {"images"}), ("ddpm", {"images", "labels"})):
        out = tmp_path / f"{family}.npz"
        assert main(["sample", models[family], "--count", "5", "--steps", "2", "--out", str(out)]) == 0
        arrays = np.load(out)
        assert set(arrays) == keys
        assert arrays["images"].shape == (5, 32, 32, 1) and arrays["images"].dtype == np.uint8
    assert arrays["labels"].tolist() == [0, 1, 0, 1, 0]
    again = tmp_path / "again.npz"
    assert main(["sample", models["ddpm"], "--count", "5", "--steps", "2", "--out", str(again)]) == 0
    assert again.read_bytes() == out.read_bytes()


def test_a_class_goes_by_name_or_number(models: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "x.npz"
    for word in ("b", "1"):
        assert main(["sample", models["ddpm"], "--class", word, "--count", "2", "--steps", "2", "--out", str(out)]) == 0
        assert np.load(out)["labels"].tolist() == [1, 1]


# ---- interpolate and denoise ----------------------------------------------------------------------


def test_a_strip_goes_from_one_seed_to_the_other(models: dict[str, str], tmp_path: Path) -> None:
    plain = ["--gap", "0", "--scale", "1"]
    strip, ends = tmp_path / "strip.png", [tmp_path / "a.png", tmp_path / "b.png"]
    words = ["interpolate", models["gan"], "--seed-a", "1", "--seed-b", "2", "--steps", "5"]
    assert main([*words, *plain, "--out", str(strip)]) == 0
    for seed, end in zip(("1", "2"), ends, strict=True):
        grid = ["--rows", "1", "--cols", "1", "--seed", seed]
        assert main(["sample", models["gan"], *grid, *plain, "--out", str(end)]) == 0
    pictures = np.asarray(Image.open(strip)).reshape(32, 5, 32).swapaxes(0, 1)
    for k, end in ((0, ends[0]), (-1, ends[1])):
        assert np.abs(pictures[k].astype(int) - np.asarray(Image.open(end))).max() <= 1


@pytest.mark.parametrize("suffix", ["webp", "png", "gif"])
def test_a_film_has_a_frame_per_step(suffix: str, models: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / f"film.{suffix}"
    words = ["denoise", models["ddpm"], "--class", "a", "--steps", "6", "--count", "2", "--out", str(out)]
    assert main(words) == 0
    with Image.open(out) as film:
        assert film.n_frames == 7  # the pure noise and six steps


# ---- what is there --------------------------------------------------------------------------------


def test_models_and_datasets_are_listed_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["datasets", "--json", "--data-dir", str(tmp_path)]) == 0
    found = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert found["strokes"]["available"] and not found["mnist"]["available"]
    assert main(["models", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert all({"name", "family", "path", "sha256", "quality"} <= set(entry) for entry in listed)


def test_tables_are_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("models", "datasets"):
        assert main([verb]) == 0
    assert "strokes" in capsys.readouterr().out


def test_what_was_measured_of_the_models_is_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    table = capsys.readouterr().out
    row = next(line for line in table.splitlines() if line.startswith("mnist-vae-2 "))
    quality = store.read_header(store.find_model("mnist-vae-2")).quality
    times = quality["frechet"] / quality["floor"]
    told = f"{quality['frechet']:.1f} ({times:.1f} x floor)  {quality['inception']:.2f}       8 of 10"
    nats = [f"{quality[name]:.1f}" if name in quality else "-" for name in ("rate", "distortion")]
    assert told in row and row.split()[-2:] == nats and "lower is better" in table
    assert "frechet" not in table and "count" not in table


def test_check_tells_device_and_precision(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code = main(["--check", "--data-dir", str(tmp_path)])
    text = capsys.readouterr()
    assert code == (1 if missing_libraries() else 0), text.err
    assert "Device: " in text.out and ("bf16" in text.out or "float32" in text.out)
    assert str(tmp_path) in text.out
    assert not re.search(r"\b1 threads", text.out)


def test_a_screenshot_says_which_file_it_wrote(tmp_path: Path) -> None:
    out, home = tmp_path / "shot.png", tmp_path / "home"
    environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home)}
    command = [sys.executable, "-m", "genstudio", "screenshot", "--size", "900x600", "--out", str(out)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert re.search(rf"^Wrote {re.escape(str(out))} \(\d+ kB\)\.$", done.stderr, re.MULTILINE)
    with Image.open(out) as shot:
        assert shot.size == (900, 600)


# ---- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["sample", "no-such-model", "--out", "x.png"], "no-such-model"),
        (["sample", "VAE", "--out", "x.jpg"], "x.jpg must end in .png or .npz."),
        (["sample", "VAE", "--out", "nowhere/x.png"], "There is no folder"),
        (
            ["sample", "VAE", "--out", "x.png", "--rows", "0"],
            "A grid of 0 x 8 has no pictures; --rows and --cols are at least 1.",
        ),
        (["sample", "VAE", "--out", "x.npz", "--count", "0"], "--count is 0; 1 to 100000 pictures are allowed."),
        (["sample", "DDPM", "--out", "x.png", "--class", "q"], "--class is 'q'; ddpm knows a, b, or none."),
        (["sample", "DDPM", "--out", "x.png", "--sampler", "magic"], "--sampler is 'magic'; choose ddim or ddpm."),
        (["denoise", "DDPM", "--out", "x.png", "--class", "11"], "--class is '11'; ddpm knows a, b, or none."),
        (["denoise", "DDPM", "--out", "x.jpg"], "x.jpg must end in .png, .webp, .gif or .mp4."),
        (["interpolate", "DDPM", "--out", "x.png"], "no codes to walk between; take a VAE or a GAN."),
        (["denoise", "VAE", "--out", "x.webp"], "is not a diffusion model; there is nothing to denoise."),
        (["train", "vae", "--dataset", "no-such-set", "--out", "x.safetensors"], "no-such-set"),
        (["train", "vae", "--resume", "no-such-file", "--out", "x.safetensors"], "no-such-file"),
        (["train", "gan", "--resume", "VAE", "--out", "x.safetensors"], "is a vae model"),
        (["screenshot", "--size", "big", "--out", "x.png"], "--size is 'big'; write it as 1440x900"),
        (["screenshot", "--tab", "gan", "--iterations", "-1", "--out", "x.png"], "--iterations is -1; give 0"),
        (["bench", "--only", "magic"], "--only is 'magic'; choose start, slider, train or denoise."),
        (["bench", "--only", "start,silder"], "--only is 'silder'; did you mean slider?"),
        (["sample", "mnist-dppm", "--out", "x.png"], "no model 'mnist-dppm'; did you mean mnist-ddpm?"),
        (["interpolate", "mnist-vea-16", "--out", "x.png"], "did you mean mnist-vae-16?"),
        (["sample", "DDPM", "--out", "x.png", "--sampler", "dim"], "--sampler is 'dim'; did you mean ddim?"),
        (["denoise", "DDPM", "--out", "x.webp", "--sampler", "DDMP"], "--sampler is 'DDMP'; did you mean ddpm?"),
        (["train", "gan", "--dataset", "stroke", "--out", "x.safetensors"], "did you mean strokes?"),
        (["datasets", "--download", "mnst"], "'mnst' cannot be downloaded; did you mean mnist?"),
        (["train", "vae", "--save-every", "-1", "--out", "x.safetensors"], "--save-every is -1; give 0"),
        (["bench", "--json", "nowhere/x.json"], "There is no folder"),
        (["interpolate", "VAE", "--seed-a", "-1", "--out", "x.png"], "--seed-a is -1; it must not be negative."),
        (["train", "ddpm", "--width", "12", "--out", "x.safetensors"], "--width is 12; allowed: multiples of 8."),
        (["train", "gan", "--lr-g", "5", "--out", "x.safetensors"], "--lr-g is 5.0; allowed: 1e-06 to 0.1."),
        (["train", "vae", "--iterations", "-1", "--out", "x.safetensors"], "--iterations is -1; give 0"),
        (["denoise", "DDPM", "--cols", "-3", "--out", "x.webp"], "--cols is -3; it must be at least 0."),
        (["sample", "VAE", "--class", "a", "--out", "x.png"], "knows no classes; leave --class out."),
        (["sample", "VAE", "--gap", "-1", "--out", "x.png"], "--gap is -1"),
        (["sample", "DDPM", "--eta", "3", "--out", "x.png"], "--eta is 3.0; allowed: 0 to 1."),
        (["sample", "DDPM", "--steps", "0", "--out", "x.png"], "--steps is 0; this model allows 1 to 12."),
    ],
)
def test_an_error_is_one_sentence_and_no_file(
    words: list[str],
    says: str,
    models: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([models.get(word.lower(), word) if word.isupper() else word for word in words]) == 1
    said = sentence_of(capsys)
    assert says in said and said.endswith((".", "?"))
    assert said[0].isupper() or said.startswith(("--", "x.", *models))  # a flag, a file or a model as it is typed
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that even root cannot write")
def test_an_unwritable_folder_is_refused_before_the_work(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "vae", "--iterations", "0", "--out", "/proc/x.safetensors"]) == 1
    assert sentence_of(capsys) == "No permission for /proc/x.safetensors; choose another folder."


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("nonsense", "`genstudio` does not know 'nonsense'; choose window, models, datasets, sample, interpolate,"),
        ("mdels", "`genstudio` does not know 'mdels'; did you mean models? `genstudio --help` tells more."),
        ("models more", "`genstudio models` has no use for 'more'. `genstudio models --help` tells more."),
        ("--verson", "`genstudio` has no --verson; did you mean --version? `genstudio --help` tells more."),
        ("train", f"`genstudio train` needs one more word: {FAMILIES}. `genstudio train --help` tells more."),
        ("train foo", f"`genstudio train` does not know 'foo'; choose {FAMILIES}. `genstudio train --help`"),
        ("train --lr 1 vae", f"`genstudio train` has no --lr; after train comes {FAMILIES}."),
        ("train vae", "`genstudio train vae` needs --out PATH. `genstudio train vae --help` tells more."),
        ("sample", "`genstudio sample` needs MODEL and --out PATH. `genstudio sample --help` tells more."),
        ("sample VAE --ot x.png", "`genstudio sample` has no --ot; did you mean --out?"),
        ("train vae --out x --batch_sise 4", "`genstudio train vae` has no --batch_sise; did you mean --batch-size?"),
        ("train vae --out x --lr fast", "--lr is 'fast'; it takes a number. `genstudio train vae --help` tells more."),
        ("sample VAE --out x --count=1.5", "--count is '1.5'; it takes a whole number."),
        ("train vae --out x --lr", "--lr needs a number after it."),
        ("screenshot --out x --tab y", "--tab is 'y'; choose vae, picture, path, traverse, arithmetic, compare,"),
    ],
)
def test_words_that_are_not_understood_end_in_a_sentence_with_code_two(
    words: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words.split()) == 2
    assert sentence_of(capsys).startswith(says)


def test_help_is_the_long_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["train", "gan", "--help"])
    assert end.value.code == 0
    assert "--save-every" in capsys.readouterr().out


@pytest.mark.parametrize("words", ["window", "datasets", "train gan", "sample", "screenshot", "bench"])
def test_help_names_no_default_that_says_nothing(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*words.split(), "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert not re.search(r"default: *(│ │ *)?(None|False|'')", said)


def test_an_error_that_this_version_of_tyro_tells_in_another_way_is_left_to_tyro() -> None:
    with in_a_sentence(Line([], {}, print)):
        _errors._fire(_errors.ParseErrorEvent("genstudio"))
        _errors._fire(type("MissingArgs", (), {})())


def test_a_tyro_that_has_moved_its_errors_still_parses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(tyro, "_errors")
    monkeypatch.setitem(sys.modules, "tyro._errors", None)
    with in_a_sentence(Line([], {}, print)):
        pass


def test_without_a_screen_the_window_is_refused_in_a_sentence() -> None:
    screens = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in screens}
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux runs without a screen")
    command = [sys.executable, "-m", "genstudio"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "There is no screen here" in done.stderr and "Traceback" not in done.stderr
