"""One picture found again in models of several kinds: through an encoder, by descent, by DDIM backwards."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
import torch

from genstudio import api
from genstudio.api.differences import difference, mean_square
from genstudio.api.one_picture import DESCENT, STARTS, TIMES
from genstudio.core.families.gan import Generator as ClassGenerator
from genstudio.core.images import to_uint8
from genstudio.core.projection import project as descend
from genstudio.core.seeding import image_noise
from genstudio.core.threads import THREADS, use_threads
from genstudio.export.labels import label, lines
from genstudio.session import encoding, inversion
from genstudio.session.models import Loaded, ModelShelf
from genstudio.settings import ADVERSARIAL, DENOISING

MOST = 3  # models
Progress = Generator[api.ProgressEvent, None, api.Pictures]


def check(loaded: Loaded, request: api.ProjectRequest) -> None:
    """Refuse what has no code to find.

    Raises:
        ValueError: naming the field, the value and what is allowed.
    """
    if loaded.info.family not in ADVERSARIAL:
        raise ValueError(f"{loaded.info.name} is no GAN; a descent through codes needs a generator")
    for name, (low, high) in {"starts": STARTS, "steps": DESCENT, "seed": (0, 2**63)}.items():
        if not low <= getattr(request, name) <= high:
            raise ValueError(f"{name} is {getattr(request, name)}; allowed: {low} to {high}")


def project(models: ModelShelf, request: api.ProjectRequest) -> Iterator[api.ProjectEvent]:
    """One event for each update of all codes, with the nearest picture found so far.

    Raises:
        ValueError, FileNotFoundError: in one sentence, for what cannot be found.
    """
    loaded = models.get(request.model)
    check(loaded, request)
    network: Any = loaded.latent_network()
    target, device = inversion.state_of(loaded, request.picture), loaded.compute.device
    z = image_noise(request.seed, range(request.starts), (loaded.info.latent_dim,)).to(device)
    known = network.classes if isinstance(network, ClassGenerator) else 0
    labels = torch.arange(request.starts, device=device) % known if known else None
    told = () if labels is None else (labels,)
    best, picture, of, total_ms = float("inf"), np.zeros((0,), np.uint8), -1, 0.0
    places = descend(lambda codes: network.decode(codes, *told), target, z, request.steps)
    while True:
        use_threads(THREADS)  # between two updates this thread may do something else
        start = time.perf_counter()
        if (place := next(places, None)) is None:
            return
        nearest = int(place.errors.argmin())
        if (error := float(place.errors[nearest])) < best:
            best, of = error, -1 if labels is None else int(labels[nearest])
            picture = to_uint8(place.images[nearest][None])[0].cpu().numpy()
        total_ms += 1000 * (time.perf_counter() - start)
        yield api.ProjectEvent(request, (api.ProjectStep(place.index, picture, best, of, total_ms),))


# ---- the sheet ------------------------------------------------------------------------------------------


def sheet(models: ModelShelf, request: api.OnePictureRequest) -> Progress:
    """All tiles row by row, (N, H, W, C): names, then the picture and what comes back of it, then the differences.

    Raises:
        ValueError: if a model cannot find it.
    """
    if not 1 <= len(request.models) <= MOST:
        raise ValueError(f"{len(request.models)} models side by side; 1 to {MOST} are allowed")
    real = api.picture_of(request.picture)
    if real is None:
        raise ValueError("the picture of this sheet cannot be read")
    size, empty = real.shape[0], label("", real.shape[0])
    heads, given, differ = [label("real", size)], [real], [empty]
    for name in request.models:
        back = yield from _returned(models, request, name, real)
        error = mean_square(back[None], real[None])
        heads.append(lines((models.get(name).info.family, "mse", f"{error:.4f}"), size))
        given.append(back)
        differ.append(difference(back[None], real[None], "signed", TIMES)[0])
    return np.stack([np.broadcast_to(tile, (size, size, 3)) for tile in (*heads, *given, *differ)])


def _returned(models: ModelShelf, request: api.OnePictureRequest, name: str, real: api.Pictures) -> Progress:
    """What one model gives back of a picture, each (H, W, C)."""
    family = models.get(name).info.family
    if family in ADVERSARIAL:
        asked = api.ProjectRequest(name, request.picture, request.seed, request.starts, request.descent)
        nearest = np.zeros((0,), np.uint8)
        for found in project(models, asked):
            yield api.ProgressEvent("Descending", found.steps[-1].step, request.descent)
            nearest = found.steps[-1].picture
        return nearest
    if family in DENOISING:
        ways = api.InvertRequest(name, request.picture, request.label, request.steps, request.corrections)
        picture = np.zeros((0,), np.uint8)
        for number, event in enumerate(inversion.invert(models, ways)):
            yield api.ProgressEvent("Inverting", number, 2 * request.steps + 1)
            picture = event.steps[-1].picture
        return picture
    return encoding.encode(models, api.EncodeRequest(name, real[None], invert=False)).reconstructions[0]
