"""The command on pictures of a folder: what to train, and what was said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genstudio.cli import main

FAMILIES = "vae, mlp-vae, ae, mlp-ae, pca, gan, cgan, mlp-gan, ddpm, flow, latent-ddpm or consistency"
TINY = {
    "vae": ["--latent-dim", "3", "--width", "4", "--batch-size", "4"],
    "gan": ["--latent-dim", "3", "--width", "8", "--batch-size", "4"],
    "ddpm": ["--width", "8", "--timesteps", "12", "--batch-size", "4"],
}
FEW_STEPS = {"ddpm": ["--steps", "3"]}  # by family; others draw at once


def train(family: str, dataset: Path, out: Path, *more: str, iterations: int = 4) -> int:
    words = ["train", family, "--dataset", str(dataset), "--iterations", str(iterations), "--out", str(out)]
    return main([*words, *TINY[family], *more])


def draw_pictures(folder: Path) -> Path:
    """The folder with twenty grey pictures of two classes."""
    rng = np.random.default_rng(0)
    for k in range(20):
        (folder / "ab"[k % 2]).mkdir(exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (32, 32), np.uint8)).save(folder / "ab"[k % 2] / f"{k:02}.png")
    return folder


def at(dataset: Path) -> list[str]:
    """Where the pictures are that a checkpoint knows by their name alone."""
    return ["--dataset", str(dataset)]


def train_tiny(dataset: Path, folder: Path) -> dict[str, str]:
    """One trained model of each family, their files in a folder."""
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
