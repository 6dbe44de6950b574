"""Models of a ladder, and a session that knows what their codes carry."""

from __future__ import annotations

import dataclasses

import numpy as np
from fakes import MODELS, with_catalog
from latent_desk import LatentFake

from genstudio import api
from genstudio.settings import VAESettings

NATS = {2: (6.7, 137.3), 4: (11.0, 110.0), 16: (21.5, 72.4), 32: (21.8, 72.6)}


def vae(latents: int, **changes: object) -> api.ModelInfo:
    """A model of the ladder, of which the file says what was measured."""
    rate, distortion = NATS[latents]
    info = dataclasses.replace(
        MODELS[0], name=f"vae-{latents}", settings=VAESettings(latent_dim=latents), sha256=f"{latents:064}",
        quality={"rate": rate, "distortion": distortion, "frechet": 30.0},
    )  # fmt: skip
    return dataclasses.replace(info, **changes)  # type: ignore[arg-type]


RUNGS = tuple(vae(latents) for latents in NATS)
LADDER = with_catalog(models=(*RUNGS, MODELS[2]))
UNMEASURED = with_catalog(models=(RUNGS[0], vae(4, quality={})))


class LadderFake(LatentFake):
    """Knows these models, and what their codes carry."""

    def handle(self, request):
        if isinstance(request, api.EncodeRequest) and request.model != "broken":
            self.requests.append(request)
            count, latents = len(request.images), int(request.model.partition("-")[2])
            mu = np.zeros((count, latents), np.float32)
            mu[:, :13] = np.linspace(-1, 1, count)[:, None]
            sigma = np.where(mu != 0, 0.1, 1).astype(np.float32)
            faded = (request.images * (latents / 40)).astype(np.uint8)
            return api.EncodedEvent(
                request, mu, sigma, request.images, faded, np.ones(count, np.float32), "nats", "", 1.0
            )
        return super().handle(request)

    def stream(self, request):
        if isinstance(request, api.RateRequest):
            self.requests.append(request)
            yield api.ProgressEvent("Measuring the rate", 0, 1)
            yield api.RateEvent(request, *NATS[int(request.model.partition("-")[2])], request.count)
        elif isinstance(request, api.PickRequest) and request.dataset == "unreadable":
            self.requests.append(request)
            raise ValueError("unreadable is not here")
        elif isinstance(request, api.PickRequest) and request.model == "broken":
            self.requests.append(request)
            raise ValueError("broken is cut short")
        else:
            yield from super().stream(request)
