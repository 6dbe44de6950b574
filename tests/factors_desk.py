"""What is measured of a model on pictures of known factors, as a test knows it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
from fakes import MODELS
from latent_desk import LatentFake

from genstudio import api

SHAPES = dataclasses.replace(MODELS[1], name="shapes-vae", dataset="shapes")
OTHER = dataclasses.replace(MODELS[1], name="strokes-vae", dataset="strokes", sha256="1" * 64)
MNIST = MODELS[1]
FACTORS = ("shape", "scale", "rotation_deg", "x_px", "y_px")


def told(latents: int = 16) -> api.FactorsEvent:
    """Scale in z6, x in z3 alone, y in z2 and z10 alike, the rest in none; z16 is dead."""
    information = np.full((5, latents), 0.02, np.float32)
    information[1, 5], information[3, 2] = 1.2, 3.0
    information[4, 1] = information[4, 9] = 1.0
    information[0, 0] = 0.2
    entropy = np.log(np.array([3, 6, 40, 32, 32], np.float32))
    kl = np.ones(latents, np.float32)
    kl[-1] = 0.001
    return api.FactorsEvent(api.FactorsRequest("shapes-vae"), FACTORS, information, entropy, 0.31, kl)


class FactorsFake(LatentFake):
    """It measures models of shapes at once; of strokes it cannot."""

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.LoadRequest) and (info := {m.name: m for m in (SHAPES, OTHER)}.get(request.model)):
            self.requests.append(request)
            return api.ModelEvent(info)
        return super().handle(request)

    def stream(self, request: Any) -> Iterator[Any]:
        if not isinstance(request, api.FactorsRequest):
            yield from super().stream(request)
            return
        self.requests.append(request)
        yield api.ProgressEvent("Encoding shapes", 0, 1)
        if request.dataset == "strokes":
            raise ValueError("the disk is gone")
        yield dataclasses.replace(told(), request=request)
