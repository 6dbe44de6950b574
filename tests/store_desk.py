"""A sound checkpoint, and what refusing a bad one looks like."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genstudio import store
from genstudio.errors import sentence
from genstudio.settings import VAESettings
from genstudio.store import Header

HEADER = Header(
    family="vae",
    settings=VAESettings(latent_dim=2),
    dataset="strokes",
    channels=1,
    size=28,
    classes=tuple("0123456789"),
    iteration=1234,
    metrics={"recon_loss": 81.25},
    quality={"frechet": 7.5},
    reproduce="genstudio train vae --dataset strokes",
    training=True,
)
RNG = np.random.default_rng(0)
TENSORS: dict[str, np.ndarray] = {
    "model.a.weight": RNG.standard_normal((3, 4)).astype(np.float32),
    "model.b": RNG.standard_normal(5).astype(np.float16),
    "model.empty": np.zeros((0, 3), np.float32),
    "train.step": np.array(2**40, np.int64),
    "train.rng": RNG.integers(0, 256, 5056, np.uint8),
}
MODEL = {name: array.shape for name, array in TENSORS.items() if name.startswith("model.")}


def expected(header: Header) -> dict[str, tuple[int, ...]]:
    return MODEL


def refusal(path: Path, groups: tuple[str, ...] = ("model",)) -> str:
    """The one sentence with which a file is refused."""
    with pytest.raises((ValueError, FileNotFoundError)) as caught:
        store.read_checkpoint(path, expected, groups)
    words = sentence(caught.value)
    assert words == str(caught.value) and words.endswith(".") and "\n" not in words
    return words
