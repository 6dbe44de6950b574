"""Codes of pictures, and what comes back through them."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import TypeVar

import torch
from torch import Tensor

from genstudio import api
from genstudio.core.families.latent import LatentModel
from genstudio.core.families.vae import VAE
from genstudio.core.fitting import fit_pictures
from genstudio.core.images import to_float, to_uint8
from genstudio.core.parts import by_parts
from genstudio.session.models import Loaded, ModelShelf

MOST_PICTURES = 1024
BATCH = 500  # pictures of a dataset from one word of progress to the next
Part = TypeVar("Part")


def encoder_of(loaded: Loaded) -> LatentModel:
    """The network with its encoder.

    Raises:
        ValueError: if the model cannot find the code of a picture.
    """
    if not isinstance(loaded.network, LatentModel):
        raise ValueError(f"{loaded.info.name} has no encoder; an autoencoder, a VAE or PCA is needed to find codes")
    return loaded.network


def encode(models: ModelShelf, request: api.EncodeRequest) -> api.EncodedEvent:
    """Mean codes and reconstructions; never a sample of the posterior, so the same picture has the same code."""
    loaded = models.get(request.model)
    start = time.perf_counter()
    network, info = encoder_of(loaded), loaded.info
    if not 1 <= len(request.images) <= MOST_PICTURES:
        raise ValueError(f"{len(request.images)} pictures at once; 1 to {MOST_PICTURES} are allowed")
    rim = loaded.rim if request.invert is None else None
    fitted = fit_pictures(request.images, info.channels, info.size, rim=rim, invert=request.invert)
    parts = by_parts(network.through, pictures_to(fitted.images, loaded))
    mu, log_var, pictures, errors = (torch.cat(tensors).cpu() for tensors in zip(*parts, strict=True))
    return api.EncodedEvent(
        request,
        mu.numpy(),
        torch.exp(0.5 * log_var).numpy(),
        fitted.images,
        to_uint8(pictures).numpy(),
        errors.float().numpy(),
        unit_of(network),
        fitted.done,
        1000 * (time.perf_counter() - start),
    )


def codes_of(
    loaded: Loaded, images: api.Pictures, name: str
) -> Generator[api.ProgressEvent, None, tuple[Tensor, Tensor]]:
    """mu and log_var, each (N, D) float32 on the CPU, of pictures (N, H, W, C) of a dataset."""
    found = yield from _in_batches(encoder_of(loaded).encode, loaded, images, f"Encoding {name}")
    mu, log_var = (torch.cat(tensors).cpu().float() for tensors in zip(*found, strict=True))
    return mu, log_var


def judged(
    loaded: Loaded, images: api.Pictures, name: str
) -> Generator[api.ProgressEvent, None, tuple[Tensor, Tensor]]:
    """How badly pictures (N, H, W, C) of a dataset come back, and how far from 0 their codes lie; each (N,) float32."""
    found = yield from _in_batches(encoder_of(loaded).through, loaded, images, f"Measuring pictures of {name}")
    errors, mu = (torch.cat(parts).cpu().float() for parts in ([p.errors for p in found], [p.mu for p in found]))
    return errors, mu.norm(dim=1)


def _in_batches(
    function: Callable[[Tensor], Part], loaded: Loaded, images: api.Pictures, what: str
) -> Generator[api.ProgressEvent, None, list[Part]]:
    """What `function` makes of pictures (N, H, W, C), in parts."""
    found: list[Part] = []
    for start in range(0, len(images), BATCH):
        yield api.ProgressEvent(what, start, len(images))
        found += by_parts(function, pictures_to(images[start : start + BATCH], loaded))
    return found


def pictures_to(images: api.Pictures, loaded: Loaded) -> Tensor:
    """(N, H, W, C) uint8 as the network takes them, (N, C, H, W) in [-1, 1]."""
    own = images if images.flags.writeable else images.copy()  # torch warns of arrays that datasets keep read-only
    return to_float(torch.from_numpy(own).permute(0, 3, 1, 2).contiguous()).to(loaded.compute.device)


def unit_of(network: LatentModel) -> str:
    """What its reconstruction error is counted in."""
    return "nats" if isinstance(network, VAE) else "squared error"
