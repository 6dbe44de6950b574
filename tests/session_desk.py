"""A session that knows three tiny models, one of a kind."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import DiffusionSettings, GANSettings, VAESettings

RUNS = {
    "tiny-vae": api.TrainRequest("vae", "strokes", VAESettings(latent_dim=2, width=4, batch_size=8), 3, preview=4),
    "tiny-gan": api.TrainRequest(
        "gan", "strokes", GANSettings(latent_dim=6, width=8, levels=2, batch_size=8), 3, preview=4
    ),
    "tiny-ddpm": api.TrainRequest(
        "ddpm", "strokes", DiffusionSettings(width=8, batch_size=8, timesteps=40), 3, preview=4
    ),
}


def train_runs(folder: Path) -> Path:
    """The folder with the model of each run, of three iterations."""
    session = Session("train", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)
    for name, request in RUNS.items():
        list(session.stream(request))
        session.handle(api.SaveRequest(str(folder / f"{name}.safetensors")))
    return folder


def new_session(folder: Path) -> Session:
    """A session that knows the models of a folder."""
    return Session("play", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)


def last(stream: Iterable[Any]) -> Any:
    """The last event of a stream."""
    *_, event = stream
    return event
