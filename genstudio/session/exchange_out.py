"""Models to diffusers folders: the UNet2DModel that computes what a model of ours does, and its scheduler."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from genstudio import api, store
from genstudio.api.model_card import TITLES
from genstudio.core import doubled
from genstudio.session.exchange_card import card
from genstudio.session.exchange_levels import config_of
from genstudio.session.models import ModelShelf, expected_weights
from genstudio.session.run import Run
from genstudio.session.saving import header_of
from genstudio.settings import DiffusionSettings, UNet2DSettings
from genstudio.settings.unet2d import DEFAULTS, config_from

WRITTEN = ("ddpm", "unet2d")  # the families that a folder can hold


def export(models: ModelShelf, request: api.ExportFolderRequest, run: Run | None = None) -> api.SavedEvent:
    """Write a model, or a run as it is now, as a folder.

    Raises:
        FileNotFoundError, ValueError, OSError: in one sentence.
    """
    path = Path(request.path)
    if run is None:
        file = store.find_model(request.model, models.folders)
        _check_family(file.stem, store.read_header(file).family)
        header, weights = store.read_checkpoint(file, expected_weights)
        state = {key.removeprefix("model."): value for key, value in weights.items()}
    else:
        _check_family("this run", run.request.family)
        header = header_of(run, training=False)
        state = {key: value.detach().cpu().numpy() for key, value in run.trainer.model().state_dict().items()}
    header = dataclasses.replace(header, training=False, history=0)
    unet, tensors = network_of(header, state)
    scheduler = {**config_of(header.settings), "timestep_spacing": "trailing"}
    size = store.write_folder(path, unet, scheduler, tensors, header, card(path.name, header))
    return api.SavedEvent(str(path), size)


def _check_family(name: str, family: str) -> None:
    if family not in WRITTEN:
        raise ValueError(
            f"{name} is no DDPM ({TITLES.get(family, family)}); only a DDPM can be written as a diffusers folder."
        )


def network_of(header: store.Header, state: Mapping[str, np.ndarray]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Configuration and tensors of the UNet2DModel that computes what the model does."""
    settings, classes = header.settings, len(header.classes)
    if isinstance(settings, UNet2DSettings):
        layout, embeddings, side, channels = config_from(settings.layout), classes or None, header.size, header.channels
        tensors = dict(state)
    else:
        assert isinstance(settings, DiffusionSettings)
        layout, embeddings = {**DEFAULTS, **doubled.config_of(settings.width)}, classes + 1
        side, channels = header.size // doubled.PATCH, header.channels * doubled.PATCH**2
        tensors = doubled.written(state)
    pictures = {"sample_size": side, "in_channels": channels, "out_channels": channels, "num_class_embeds": embeddings}
    return {**layout, **pictures}, tensors
