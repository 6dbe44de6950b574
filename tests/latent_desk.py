"""Numpy answers to the requests of the latent modes, and real ones of a tiny model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from fakes import CLASSES, MODELS, FakeSession, check, decode, digit, sample, strokes_of

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.engine import Engine
from genstudio.session import Session
from genstudio.settings import AESettings, PCASettings, VAESettings


def axes(latents: int) -> api.Axes:
    """The latents in reverse, each twice as long."""
    eye = np.eye(latents, dtype=np.float32)[::-1].copy()
    ones = np.ones(latents, np.float32)
    names = tuple(f"PC{k + 1}" for k in range(latents))
    return api.Axes(names, eye, 2 * ones, ones / latents, 0 * ones, ones, ("",) * latents, eye, ("",) * latents)


def study(request: api.StudyRequest) -> api.StudyEvent:
    """The later a latent, the more it tells; the first tells nothing."""
    latents = next(m.latent_dim for m in MODELS if m.name == request.model)
    rng = np.random.default_rng(0)
    codes = rng.standard_normal((40, latents)).astype(np.float32)
    means = np.linspace(-2, 2, 10)[:, None] * np.ones((10, latents))
    return api.StudyEvent(
        request, "mnist", CLASSES, 10_000, codes.mean(0), codes.std(0), np.arange(latents, dtype=np.float32) / 4,
        axes(latents), axes(latents), means.astype(np.float32), codes, np.arange(40, dtype=np.float32) % 10,
        np.linspace(1, 9, 100).astype(np.float32), "nats",
    )  # fmt: skip


class LatentFake(FakeSession):
    """A FakeSession that knows the requests of the latent modes, too."""

    def handle(self, request: Any) -> Any:
        match request:
            case api.MagnificationRequest(plane=plane):
                self.requests.append(request)
                values = np.linspace(1, 100, plane.cells**2, dtype=np.float32).reshape(plane.cells, plane.cells)
                return api.MagnificationEvent(request, values)
            case api.EncodeRequest():
                self.requests.append(request)
                check(request)
                latents = next(m.latent_dim for m in MODELS if m.name == request.model)
                level = request.images.reshape(len(request.images), -1).mean(1, keepdims=True) / 255
                mu = np.repeat(level, latents, 1).astype(np.float32)
                pictures = np.stack([decode(tuple(map(float, z))) for z in mu])
                return api.EncodedEvent(
                    request, mu, np.full_like(mu, 0.1), pictures, pictures, level[:, 0].astype(np.float32), "nats",
                    "made grey" if request.images.shape[3] == 3 else "", 0.5,
                )  # fmt: skip
            case api.PathRequest(keys=keys, steps=steps):
                self.requests.append(request)
                at, ends = np.linspace(0, len(keys) - 1, steps), np.array(keys)
                codes = np.stack([np.interp(at, range(len(keys)), column) for column in ends.T], 1).astype(np.float32)
                pictures = np.stack([decode(tuple(map(float, z))) for z in codes])
                return api.PathEvent(request, pictures, codes, np.ones(steps - 1, np.float32), 1.0)
        return super().handle(request)

    def pictures(self, request: Any) -> np.ndarray:
        match request:
            case api.TraverseRequest():
                return np.stack([decode(_with(request.z, d, x)) for d in request.dims for x in request.values])
            case api.PlaneRequest():
                ends = np.linspace(-1, 1, request.cells * 2 + 1)[1::2] * request.extent
                z, u, v = (np.array(x) for x in (request.z, request.u, request.v))
                return np.stack([decode(tuple(z + s * u - t * v)) for t in ends for s in ends])
        return super().pictures(request)

    def stream(self, request: Any) -> Iterator[Any]:
        match request:
            case api.StudyRequest():
                self.requests.append(request)
                yield api.ProgressEvent("Encoding mnist", 0, 1)
                yield study(request)
            case api.PickRequest():
                self.requests.append(request)
                labels = [k % 10 for k in range(request.count)]
                images = np.stack([sample(request.seed, k, label) for k, label in enumerate(labels)])
                yield api.PickedEvent(request, images, tuple(str(label) for label in labels))
            case _:
                yield from super().stream(request)


def _with(z: tuple[float, ...], dim: int, value: float) -> tuple[float, ...]:
    return (*z[:dim], value, *z[dim + 1 :])


def picture(label: int) -> np.ndarray:
    """A colour picture (28, 28, 3) of a digit."""
    return np.repeat(digit(strokes_of(label)), 3, 2)


TINY = {
    "tiny-vae": ("vae", VAESettings(latent_dim=4, width=8, batch_size=32), 40),
    "tiny-wide": ("vae", VAESettings(latent_dim=12, width=8, batch_size=32), 40),
    "tiny-ae": ("ae", AESettings(latent_dim=4, width=4, batch_size=32), 40),
    "tiny-pca": ("pca", PCASettings(latent_dim=4), 1),
}


def train_tiny(folder: Path, *names: str) -> None:
    """Real models of strokes, as files in a folder."""
    session = Session("train", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)
    for name in names:
        family, settings, iterations = TINY[name]
        for _ in session.stream(api.TrainRequest(family, "strokes", settings, iterations, preview=0)):
            pass
        session.handle(api.SaveRequest(str(folder / f"{name}.safetensors")))


def real_makers(folder: Path) -> dict[str, Callable[[Any], Engine]]:
    """Engines for Bridge with real sessions that know the models of a folder."""

    def make(on_wake: Any, lane: str) -> Engine:
        session = partial(Session, lane, data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)
        return Engine(session, on_wake, name=lane)

    return {lane: partial(make, lane=lane) for lane in ("play", "io")}
