"""Codes of pictures, and what comes back through them."""

from __future__ import annotations

import time

import torch
from torch import Tensor

from genstudio import api
from genstudio.core.families.latent import LatentModel
from genstudio.core.families.vae import VAE
from genstudio.core.fitting import fit_pictures
from genstudio.core.images import to_float, to_uint8
from genstudio.core.threads import THREADS, use_threads
from genstudio.session.models import Loaded, ModelShelf

MOST_PICTURES = 1024
FEW = 4  # pictures that one thread encodes as fast as two


def encoder_of(loaded: Loaded) -> LatentModel:
    """The network with its encoder.

    Raises:
        ValueError: if the model cannot find the code of a picture.
    """
    if not isinstance(loaded.network, LatentModel):
        raise ValueError(f"{loaded.info.name} has no encoder; an autoencoder, a VAE or PCA is needed to find codes")
    return loaded.network


@torch.inference_mode()
def encode(models: ModelShelf, request: api.EncodeRequest) -> api.EncodedEvent:
    """Mean codes and reconstructions; never a sample of the posterior, so the same picture has the same code."""
    start = time.perf_counter()
    loaded = models.get(request.model)
    network, info = encoder_of(loaded), loaded.info
    if not 1 <= len(request.images) <= MOST_PICTURES:
        raise ValueError(f"{len(request.images)} pictures at once; 1 to {MOST_PICTURES} are allowed")
    use_threads(1 if len(request.images) <= FEW else THREADS)
    rim = loaded.rim if request.invert is None else None
    fitted = fit_pictures(request.images, info.channels, info.size, rim=rim, invert=request.invert)
    back = network.through(pictures_to(fitted.images, loaded))
    return api.EncodedEvent(
        request,
        back.mu.cpu().numpy(),
        torch.exp(0.5 * back.log_var).cpu().numpy(),
        fitted.images,
        to_uint8(back.pictures).cpu().numpy(),
        back.errors.float().cpu().numpy(),
        unit_of(network),
        fitted.done,
        1000 * (time.perf_counter() - start),
    )


def pictures_to(images: api.Pictures, loaded: Loaded) -> Tensor:
    """(N, H, W, C) uint8 as the network takes them, (N, C, H, W) in [-1, 1]."""
    own = images if images.flags.writeable else images.copy()  # torch warns of arrays that datasets keep read-only
    return to_float(torch.from_numpy(own).permute(0, 3, 1, 2).contiguous()).to(loaded.compute.device)


def unit_of(network: LatentModel) -> str:
    """What its reconstruction error is counted in."""
    return "nats" if isinstance(network, VAE) else "squared error"
