"""`genstudio sample`, `interpolate` and `denoise`: pictures and films as files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cli_desk import FEW_STEPS, TINY, draw_pictures, train_tiny
from PIL import Image

from genstudio import api
from genstudio.cli import main
from genstudio.export import read_receipt


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty grey pictures of two classes."""
    return draw_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def models(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One trained model of each family."""
    return train_tiny(dataset, tmp_path_factory.mktemp("models"))


@pytest.mark.parametrize("family", TINY)
def test_the_same_seed_gives_the_same_bytes(family: str, models: dict[str, str], tmp_path: Path) -> None:
    words = ["sample", models[family], "--seed", "7", "--rows", "2", "--cols", "2", *FEW_STEPS.get(family, [])]
    for name in ("one.png", "two.png"):
        assert main([*words, "--out", str(tmp_path / name)]) == 0
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


@pytest.mark.parametrize("family", TINY)
def test_a_wider_grid_begins_with_the_same_pictures(family: str, models: dict[str, str], tmp_path: Path) -> None:
    words = ["sample", models[family], "--seed", "7", "--gap", "0", "--scale", "1", *FEW_STEPS.get(family, [])]
    assert main([*words, "--rows", "1", "--cols", "8", "--out", str(tmp_path / "wide.png")]) == 0
    assert main([*words, "--rows", "2", "--cols", "4", "--out", str(tmp_path / "high.png")]) == 0
    wide, high = (np.asarray(Image.open(tmp_path / f"{name}.png")) for name in ("wide", "high"))
    assert np.array_equal(wide, np.concatenate([high[:32], high[32:]], axis=1))


def test_arrays_hold_pictures_and_their_classes(models: dict[str, str], tmp_path: Path) -> None:
    for family, keys in (("vae", {"images"}), ("ddpm", {"images", "labels"})):
        out = tmp_path / f"{family}.npz"
        assert main(["sample", models[family], "--count", "5", *FEW_STEPS.get(family, []), "--out", str(out)]) == 0
        arrays = np.load(out)
        assert set(arrays) == keys
        assert arrays["images"].shape == (5, 32, 32, 1) and arrays["images"].dtype == np.uint8
    assert arrays["labels"].tolist() == [0, 1, 0, 1, 0]
    again = tmp_path / "again.npz"
    assert main(["sample", models["ddpm"], "--count", "5", *FEW_STEPS["ddpm"], "--out", str(again)]) == 0
    assert again.read_bytes() == out.read_bytes()


def test_a_class_goes_by_name_or_number(models: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "x.npz"
    for word in ("b", "1"):
        assert main(["sample", models["ddpm"], "--class", word, "--count", "2", "--steps", "2", "--out", str(out)]) == 0
        assert np.load(out)["labels"].tolist() == [1, 1]


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


def test_a_film_may_begin_with_a_picture(models: dict[str, str], tmp_path: Path) -> None:
    picture, out = tmp_path / "bar.png", tmp_path / "film.png"
    bar = np.zeros((60, 60, 3), np.uint8)
    bar[10:50, 25:35] = 255
    Image.fromarray(bar).save(picture)
    words = ["denoise", models["ddpm"], "--from", str(picture), "--gap", "0", "--scale", "1", "--out", str(out)]
    assert main([*words, "--steps", "1", "--count", "1", "--strength", "0.01"]) == 0
    start = api.request_from_dict(read_receipt(out)["request"]).start
    with Image.open(out) as film:
        film.seek(1)
        end = np.asarray(film.convert("L")).astype(int)
    assert start.strength == 0.01 and api.packed_shape(start.picture)[:2] == end.shape
    known = api.unpack(start.picture, api.packed_shape(start.picture))
    assert np.abs(end - known.mean(2)).mean() < 15
