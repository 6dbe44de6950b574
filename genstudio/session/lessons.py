"""Runs that build on a model: a student with its teacher, latent diffusion with its VAE."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from genstudio.core.families.consistency import Lessons
from genstudio.core.families.latent_ddpm import Codes
from genstudio.core.families.vae import VAE
from genstudio.core.training import TrainingData
from genstudio.core.unet import UNet
from genstudio.session.models import Loaded, ModelShelf
from genstudio.settings import (
    ConsistencySettings,
    DiffusionSettings,
    LatentDiffusionSettings,
    UNet2DSettings,
    VAESettings,
)


def with_model(data: TrainingData, settings: Any, models: ModelShelf) -> TrainingData:
    """The pictures with the model that the settings name, if they do.

    Raises:
        ValueError, FileNotFoundError: if there is none such, or it does not fit.
    """
    if isinstance(settings, ConsistencySettings):
        return _with_teacher(data, settings, models.get(settings.teacher))
    if isinstance(settings, LatentDiffusionSettings):
        return _with_autoencoder(data, settings, models.get(settings.autoencoder))
    return data


def _with_teacher(data: TrainingData, settings: ConsistencySettings, teacher: Loaded) -> Lessons:
    info, taught = teacher.info, teacher.info.settings
    if isinstance(taught, UNet2DSettings):
        raise ValueError(
            f"{info.name} was trained elsewhere, on a network of another kind; a DDPM of GenStudio can teach"
        )
    if not isinstance(taught, DiffusionSettings):
        raise ValueError(f"{info.name} is no diffusion model; only such a one can teach")
    needed = (
        ("learnt pictures of {} channels", info.channels, data.channels),
        ("learnt pictures of {} pixels a side", info.size, data.size),
        ("knows {} classes", len(info.classes), data.classes),
        ("has the schedule {}", taught.schedule, settings.schedule),
        ("has {} noise levels", taught.timesteps, settings.timesteps),
    )
    _check(f"The teacher {info.name}", "its student", needed)
    if settings.class_dropout > 0 and not info.knows_no_class:
        raise ValueError(f"The teacher {info.name} draws nothing without a class; let its student lose none (0).")
    return Lessons(data, cast(UNet, teacher.network), taught.objective)


def _with_autoencoder(data: TrainingData, settings: LatentDiffusionSettings, vae: Loaded) -> Codes:
    info, coded = vae.info, vae.info.settings
    if not isinstance(coded, VAESettings):
        raise ValueError(f"{info.name} is no convolutional VAE; only in the codes of one can be diffused")
    needed = (
        ("learnt pictures of {} channels", info.channels, data.channels),
        ("learnt pictures of {} pixels a side", info.size, data.size),
        ("has {} latents", coded.latent_dim, settings.latent_dim),
        ("has width {}", coded.width, settings.vae_width),
        ("has {} blocks", coded.blocks, settings.blocks),
    )
    _check(f"The VAE {info.name}", "the diffusion", needed)
    return Codes(data, cast(VAE, vae.network))


def _check(who: str, other: str, needed: Iterable[tuple[str, object, object]]) -> None:
    for what, has, needs in needed:
        if has != needs:
            raise ValueError(f"{who} {what.format(has)}, {other} is to have {needs}.")
