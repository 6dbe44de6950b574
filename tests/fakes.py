"""A deterministic session without torch, for tests of the window: the same requests, numpy pictures."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import copied_fake
import invert_fake
import numpy as np
import triptych_fake

from genstudio import api
from genstudio.api.own_pictures import taking_of
from genstudio.engine import Engine
from genstudio.errors import NoReceipt
from genstudio.settings import DiffusionSettings, GANSettings, VAESettings

SEGMENTS = {  # x0, y0, x1, y1 in a unit box, y down
    "a": (0, 0, 1, 0), "b": (1, 0, 1, 0.5), "c": (1, 0.5, 1, 1), "d": (0, 1, 1, 1),
    "e": (0, 0.5, 0, 1), "f": (0, 0, 0, 0.5), "g": (0, 0.5, 1, 0.5),
}  # fmt: skip
DIGITS = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "gfabcd")
CLASSES = tuple("0123456789")
ALPHAS = (np.cos(np.linspace(0, np.pi / 2, 1002)[1:-1]) ** 2).astype(np.float32)


def model(name: str, family: str, settings: Any, classes: tuple[str, ...] = ()) -> api.ModelInfo:
    """A catalog entry."""
    return api.ModelInfo(
        name, family, f"{name}.safetensors", "mnist", 1, 28, classes, settings, 20000, "0" * 64, 4_000_000,
        {"frechet": 9.1, "floor": 0.9}, pretrained=True,
    )  # fmt: skip


MODELS = (
    model("mnist-vae-2", "vae", VAESettings(latent_dim=2)),
    model("mnist-vae-16", "vae", VAESettings(latent_dim=16)),
    model("mnist-dcgan", "gan", GANSettings()),
    model("mnist-ddpm", "ddpm", DiffusionSettings(), CLASSES),
)
DATASETS = (
    api.DatasetInfo(
        *("strokes", "Strokes", 1, 28, CLASSES, 60000, True, 0, "Handwriting-like digits, made offline."),
        factors=("style", "slant_deg"),
    ),
    api.DatasetInfo(
        *("shapes", "Shapes", 3, 32, ("square", "disc", "heart"), 30000, True, 0, "Sprites, made offline."),
        factors=("shape", "scale", "rotation_deg", "x_px", "y_px"),
    ),
    api.DatasetInfo("mnist", "MNIST", 1, 28, CLASSES, 60000, True, 12, "Handwritten digits."),
    api.DatasetInfo("cifar10", "CIFAR-10", 3, 32, CLASSES, 50000, False, 170, "Small photographs."),
)
SAMPLERS = (
    api.SamplerInfo("ddim", "DDIM", "Few large steps; deterministic at η = 0.", True),
    api.SamplerInfo("ddpm", "DDPM", "Every step adds fresh noise.", False),
)
CATALOG = api.Catalog(MODELS, DATASETS, SAMPLERS, "data", "CPU", "bf16")

PLANE = api.ComponentPlane(*(np.zeros(shape, np.float32) for shape in (3, (2, 3))), np.array([0.1, 0.08], np.float32))


def digit(weights: np.ndarray, slant: float = 0.0, thickness: float = 1.6) -> np.ndarray:
    """A 28x28 picture of seven-segment strokes, each as strong as `weights` (7,) says."""
    y, x = np.mgrid[0:28, 0:28].astype(np.float32)
    x = x + slant * (y - 14) * 0.3
    picture = np.zeros((28, 28), np.float32)
    for weight, (x0, y0, x1, y1) in zip(weights, SEGMENTS.values(), strict=True):
        ax, ay, bx, by = 9 + 10 * x0, 5 + 18 * y0, 9 + 10 * x1, 5 + 18 * y1
        dx, dy = bx - ax, by - ay
        along = np.clip(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0, 1)
        distance = np.hypot(x - ax - along * dx, y - ay - along * dy)
        picture = np.maximum(picture, weight * np.clip(thickness + 0.5 - distance, 0, 1))
    return (picture * 255).astype(np.uint8)[..., None]


def strokes_of(label: int) -> np.ndarray:
    """The seven weights of a digit."""
    return np.array([float(s in DIGITS[label % 10]) for s in SEGMENTS], np.float32)


def decode(z: tuple[float, ...]) -> np.ndarray:
    """A picture that follows z smoothly."""
    z0, z1 = z[0], z[1] if len(z) > 1 else 0.0
    place = np.clip((z0 + 3) / 6, 0, 1) * 9
    low, share = int(place), place - int(place)
    weights = strokes_of(low) * (1 - share) + strokes_of(min(low + 1, 9)) * share
    return digit(weights, 0.3 * z1 + 0.1 * sum(z[2:]), 1.6 + 0.25 * float(np.tanh(z1)))


def sample(seed: int, index: int, label: int) -> np.ndarray:
    """Picture `index` of a seed, of class `label`."""
    noise = api.noise(seed, index, (3,))
    return digit(strokes_of(label if label >= 0 else index), 0.4 * float(noise[0]), 1.5 + 0.4 * abs(float(noise[1])))


def falling(top: int, steps: int) -> list[int]:
    """So many steps from a level to the clean picture."""
    return [round(top * (1 - k / steps)) for k in range(steps + 1)]


class FakeSession:
    """Answers every request of the contract; remembers them in `requests`, in order.

    Raises ValueError for a model or dataset named "broken" and RestoreRequests of files without "receipt".
    """

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.runs: dict[int, api.TrainRequest] = {}  # by their places
        self.drawings: dict[str, dict[tuple[str, int], api.Drawing]] = {}  # by folder
        self.played: dict[api.DenoiseRequest, set[int]] = {}  # steps of processes

    def handle(self, request: Any) -> Any:
        """One event."""
        self.requests.append(request)
        check(request)
        match request:
            case api.CatalogRequest():
                return api.CatalogEvent(CATALOG)
            case api.LoadRequest():
                info = next((m for m in MODELS if m.name == request.model), None)
                if info is None:
                    raise ValueError(
                        f"there is no model {request.model!r}; there are: {', '.join(m.name for m in MODELS)}"
                    )
                return (
                    api.ModelEvent(info, ALPHAS**0.5, (1 - ALPHAS) ** 0.5)
                    if info.family == "ddpm"
                    else api.ModelEvent(info)
                )
            case api.TracksRequest():
                return self._tracks(request)
            case api.ScheduleRequest():
                alphas = np.cos(np.linspace(0, np.pi / 2, request.timesteps + 2)[1:-1]) ** (len(request.schedule) / 3)
                betas = 1 - alphas / np.concatenate([[1.0], alphas[:-1]])
                return api.ScheduleEvent(
                    request, *(x.astype(np.float32) for x in (alphas**0.5, (1 - alphas) ** 0.5, betas))
                )
            case api.FitRequest():
                picture = np.resize(request.picture, (request.size, request.size, request.channels))
                return api.FittedEvent(request, picture, "resized from 5×5 px")
            case api.GuessRequest():
                return api.GuessEvent(request)
            case api.SaveRequest():
                return api.SavedEvent(request.path, 4_000_000)
            case api.PeekRequest():
                images = np.stack([decode(z) for z in request.z])
                return api.PeekedEvent(request, images, 0.4, max(request.iteration, 0))
            case api.StandRequest():
                return None  # it tells of every iteration
            case api.TurnRequest():
                return api.TurnEvent(request.learner, request.place)
            case api.MeterRequest():
                return api.MeterEvent(request.place, 0, reason="Nothing measures here.")
            case api.DrawingsRequest():
                kept = self.drawings.setdefault(request.folder, {})
                kept.update({(one.label, one.number): one for one in request.changes})
                left = (one for _, one in sorted(kept.items()) if one.picture is not None)
                others = [Path(folder).name for folder in self.drawings if folder != request.folder]
                return api.DrawingsEvent(request, tuple(left), others=tuple(sorted(others)))
            case api.KindRequest():
                return api.kind_of(request)  # folders are those of the test
            case api.LookRequest():
                from genstudio.export.looking import look  # brings Pillow, which the start does not need

                return look(request)  # files are those of the test
            case api.KeepRequest():
                return api.SavedEvent("models/last run (strokes, 812).safetensors", 4_000_000)
        return api.PicturesEvent(request, self.pictures(request), 0.4)

    def pictures(self, request: Any) -> np.ndarray:
        """(N, H, W, C) of a request."""
        match request:
            case api.DecodeRequest():
                return np.stack([decode(z) for z in request.z])
            case api.MapRequest():
                ends = np.linspace(-1, 1, request.cells * 2 + 1)[1::2] * request.extent
                return np.stack([decode((float(x), float(-y))) for y in ends for x in ends])
            case api.InterpolateRequest():
                a, b = np.array(request.a), np.array(request.b)
                return np.stack([decode(tuple(a + (b - a) * s)) for s in np.linspace(0, 1, request.steps)])
            case api.SampleRequest() | api.DenoiseRequest() | api.CopiedRequest():
                return np.stack([sample(request.seed, k, _label(request.label, k)) for k in range(request.count)])
            case api.PanelRequest():
                return triptych_fake.pictures(request, decode)
        raise ValueError(f"no pictures for {type(request).__name__}")

    def stream(self, request: Any) -> Iterator[Any]:
        """Events one by one."""
        if isinstance(request, api.RunRequest):
            self.runs[request.place] = request.train
            request = request.train
        self.requests.append(request)
        check(request)
        match request:
            case api.DatasetRequest():
                yield from self._look(request)
            case api.InspectRequest():
                yield api.ProgressEvent(f"Reading {Path(request.dataset).name}", 0, 2)
                yield inspected(request)
            case api.OriginalRequest():
                yield api.OriginalEvent(
                    request, sample(0, request.number, request.number), str(request.number % 10), 500, 0.0
                )
            case api.InvertRequest():
                yield from invert_fake.invert(request)
            case api.SlerpRequest():
                yield from invert_fake.slerp(request)
            case api.WalkRequest():
                yield from self._walk(request)
            case api.DenoiseRequest():
                yield from self._denoise(request)
            case api.BranchRequest():
                for event in self._denoise(request.process):
                    index = event.steps[0].index
                    yield event if index >= request.first else api.ProgressEvent("Going there", index, request.first)
            case api.ScatterRequest():
                labels = np.arange(100) % 10
                places = np.stack([8 * np.cos(labels), 6 * np.sin(labels)], 1) + np.arange(200).reshape(100, 2) % 7 / 5
                yield api.ScatterEvent(request, api.Scatter(PLANE, places.astype(np.float32), labels, "mnist"))
            case api.CompareSamplersRequest():
                yield from self._compare(request)
            case api.CopiedRequest():
                yield from copied_fake.find(request, self.pictures(request))
            case api.ProjectRequest():
                yield from triptych_fake.project(request)
            case api.PanelRequest():
                yield from triptych_fake.denoise(request, decode)
            case api.TrainRequest():
                yield from self._train(request)
            case api.GoOnRequest():
                ended = self.runs[request.place]
                self.runs[request.place] = dataclasses.replace(ended, iterations=0)
                yield from self._train(self.runs[request.place], ended.iterations)
            case api.RewindRequest():
                self.runs[request.place] = self.runs[request.left]
                yield from self._train(self.runs[request.left], request.iteration)
            case api.DownloadRequest():
                for done in range(5):
                    yield api.ProgressEvent(f"Downloading {request.dataset}", done, 4)
                yield from self._look(api.DatasetRequest(request.dataset))
            case api.RestoreRequest():
                if "receipt" not in request.path:
                    raise NoReceipt("this picture carries no receipt of GenStudio, so there is nothing to restore")
                source = api.SampleRequest("mnist-ddpm", seed=7, count=16)
                yield api.RestoredEvent(request.path, source, api.GridLayout(), True, "The picture is identical.")
            case _:
                if "unwritable" in request.path:
                    raise PermissionError(13, "Permission denied", request.path)
                for done in range(5):
                    yield api.ProgressEvent("Writing the film", done, 4)
                yield api.SavedEvent(request.path, 12_345)

    def _look(self, request: api.DatasetRequest) -> Iterator[Any]:
        info = next((d for d in DATASETS if d.name == request.dataset), None)
        if info is None:
            yield api.ProgressEvent(f"Reading {request.dataset}", 0, 2)
            yield api.ProgressEvent(f"Reading {request.dataset}", 2, 2)
        preview = np.stack([sample(0, k, k) for k in range(64)])
        yield api.DatasetEvent(info or DATASETS[0], preview, (6000,) * 10, ())

    def _walk(self, request: api.WalkRequest) -> Iterator[api.PicturesEvent]:
        step = 0
        while True:
            phase = 2 * np.pi * step / request.leg / 4
            pictures = [decode((3 * np.sin(phase + k), np.cos(phase * 0.7 + k))) for k in range(request.count)]
            yield api.PicturesEvent(request, np.stack(pictures), 1.5)
            step += 1

    def _denoise(self, request: api.DenoiseRequest) -> Iterator[api.DenoiseEvent]:
        clean = self.pictures(request)
        noise = np.stack([api.noise(request.seed, k, clean.shape[1:]) for k in range(request.count)])
        eps = np.clip(noise * 42 + 128, 0, 255).astype(np.uint8)
        levels = falling(len(ALPHAS) - 1, request.steps)
        for change in request.changes:
            first, value = change.iteration, change.value
            if change.name == "steps":
                levels = [*levels[:first], *falling(levels[first], int(value))]
            if change.name == "noise":
                above = sorted({t for t in levels[:first] if t > levels[first]})[: int(value)]
                levels = [*levels[:first], *reversed(above), *levels[first:]]
        count = len(levels) - 1
        for index, t in enumerate(levels):
            for change in request.changes:  # each makes the picture another one from its step on
                if change.iteration == index:
                    clean = np.roll(clean, 1 + zlib.crc32(repr(change).encode()) % 9, axis=1 + len(change.name) % 2)
            a = float(ALPHAS[t]) if t else 1.0
            x_t = np.clip((clean / 127.5 - 1) * a**0.5 + noise * (1 - a) ** 0.5, -1, 1)
            layers: dict[api.Layer, Any] = {
                "x_t": ((x_t + 1) * 127.5).astype(np.uint8),
                "x0_hat": (clean * min(1.0, 0.3 + a)).astype(np.uint8),
                "eps_hat": eps,
                "change": (255 - eps + index % 256).astype(np.uint8),
            }
            terms = (("x", 1.013), ("eps", -0.041))
            self.played.setdefault(request, set()).add(index)
            calls = index if request.guidance in (0, 1) or request.label == api.NO_CLASS else 2 * index
            more = len({earlier for earlier in levels[:index] if earlier > t})
            step = api.Step(index, t, layers, calls, 16.0, a**0.5, (1 - a) ** 0.5, terms, above=more)
            yield api.DenoiseEvent(request, (step,), count)

    def _tracks(self, request: api.TracksRequest) -> api.TracksEvent:
        """Pictures go in straight lines from the middle; each change and the layer bring a place of their own."""
        tracks = []
        for part in request.sections:
            from_here = max(part.first, part.after + 1)
            indices = np.array(sorted(k for k in self.played.get(part.process, ()) if k >= from_here), np.int64)
            angle = np.arange(part.process.count) + 0.3 * len(part.process.changes)
            ends = np.stack([np.cos(angle), np.sin(angle)], 1) * (7 if request.layer == "x_t" else 8)
            places = (indices / part.process.steps)[:, None, None] * ends
            tracks.append(api.Track(indices, places.astype(np.float32)))
        own = None
        if request.plane is None:
            own = api.Scatter(PLANE, tracks[0].places[-1], np.full(tracks[0].places.shape[1], -1))
        return api.TracksEvent(request, tuple(tracks), own)

    def _compare(self, request: api.CompareSamplersRequest) -> Iterator[api.CompareSamplersEvent]:
        ways = api.columns_of(request)
        failed = tuple((k, "There is no such model.") for k, way in enumerate(ways) if way.model == "gone")
        levels = tuple(
            () if way.model == "gone" else tuple(1 - k / way.steps for k in range(way.steps + 1)) for way in ways
        )
        yield api.CompareSamplersEvent(request, levels=levels, failed=failed)
        order = sorted((-level, k, index) for k, column in enumerate(levels) for index, level in enumerate(column))
        columns = [self._denoise(way) for way in ways]
        for _, k, _ in order:
            yield api.CompareSamplersEvent(request, tuple((k, step) for step in next(columns[k]).steps))

    def _train(self, request: api.TrainRequest, first: int = 0) -> Iterator[api.TrainEvent | None]:
        names = {
            "vae": ("recon_loss", "kl_loss"),
            "gan": ("d_loss", "g_loss", "d_real", "d_fake"),
        }.get(request.family, ("loss",))
        iteration = first
        if first:  # it goes on from there
            past = np.stack([[k, *_losses(request, names, k)] for k in range(1, first + 1)]).astype(np.float32)
            rewinds = tuple(range(1, first + 1, 10))
            samples = ((first, _samples(request, first)),)
            yield api.TrainEvent(request, first, names, past[:0, 1:], samples, 0.0, past=past, rewinds=rewinds)
        while not request.iterations or iteration < request.iterations:
            iteration += 1
            row = _losses(request, names, iteration)[None]
            samples = ((iteration, _samples(request, iteration)),) if iteration % 10 == 1 else ()
            rewinds = tuple(range(1, iteration + 1, 10))
            yield api.TrainEvent(request, iteration, names, row, samples, 41.0, rewinds=rewinds)


def _losses(request: api.TrainRequest, names: tuple[str, ...], iteration: int) -> np.ndarray:
    wobble = api.noise(request.settings.seed, iteration, (len(names),)) * 0.03
    base = {"d_loss": 0.9, "g_loss": 1.4, "d_real": 0.75, "d_fake": 0.25}
    return np.array([base.get(n, 100 / (1 + iteration / 50)) for n in names], np.float32) + wobble


def _samples(request: api.TrainRequest, iteration: int) -> np.ndarray:
    blur = max(0.0, 1 - iteration / 400)
    clean = np.stack([sample(request.settings.seed, k, k) for k in range(request.preview)])
    noise = api.noise(1, 0, clean.shape) * 60 + 90
    return np.clip(clean * (1 - blur) + noise * blur, 0, 255).astype(np.uint8)


def inspected(request: api.InspectRequest, **changes: Any) -> api.InspectedEvent:
    """Twenty pictures of two classes, of which two are held out."""
    taking, labels = taking_of(request.dataset), (0,) * 8 + (1,) * 8
    info = api.DatasetInfo(
        request.dataset, Path(request.dataset).name, 1, taking.size, ("one", "two"), 18, True, held_out=2
    )
    preview = np.stack(
        [np.resize(sample(0, k, label + 1), (taking.size, taking.size, 1)) for k, label in enumerate(labels)]
    )
    event = api.InspectedEvent(
        request, info, (9, 9), (1, 1), preview, labels, (), (), (), ((28, 28),), False, api.Twins(0, 0, 0, 0, ())
    )
    return dataclasses.replace(event, **changes)


def check(request: Any) -> None:
    """Raise ValueError if a request is of the model or dataset "broken"."""
    if "broken" in (getattr(request, "model", ""), Path(getattr(request, "dataset", "")).name):
        raise ValueError("broken cannot be read: it was cut short")


def _label(label: int, index: int) -> int:
    return index % 10 if label == api.ALL_CLASSES else label


def same(session: FakeSession) -> FakeSession:
    """What an engine calls on its thread to get its handler."""
    return session


def makers(session: FakeSession | None = None) -> dict[str, Any]:
    """Real engines with a fake session on every lane, for Bridge; one session shared if given."""

    def make(on_wake: Any, lane: str) -> Engine:
        return Engine(partial(same, session or FakeSession()), on_wake, name=lane)

    return {lane: partial(make, lane=lane) for lane in ("play", "train", "io")}


def with_catalog(**changes: Any) -> api.Catalog:
    """The fake catalog with some fields replaced."""
    return dataclasses.replace(CATALOG, **changes)


def study_of(model: str, latents: int, kl: float = 1.0) -> api.StudyEvent:
    """What is known of a model's codes; every other latent is dead, unless `kl` is 0 and none has any."""
    rng = np.random.default_rng(latents)
    units, _ = np.linalg.qr(rng.normal(size=(latents, latents)))
    count, names = min(latents, 16), ("slant", "stroke width", "ink")
    alive = rng.permutation(np.arange(latents) % 2 == 0)
    codes = rng.normal(size=(50, latents)) * np.where(alive, 1.0, 0.05)
    toward = rng.normal(size=(3, latents))
    toward /= np.linalg.norm(toward, axis=1, keepdims=True)
    principal = api.Axes(
        tuple(f"PC {k + 1}" for k in range(count)), units[:count].astype(np.float32),
        np.linspace(1.2, 0.05, count, dtype=np.float32), np.linspace(0.3, 0.001, count, dtype=np.float32),
        np.zeros(count, np.float32), np.ones(count, np.float32), ("",) * count,
        units[:count].T.astype(np.float32), ("of the variance",) * count,
    )  # fmt: skip
    std = np.array([10.0, 0.4, 0.03], np.float32)
    measured = api.Axes(
        names, toward.astype(np.float32), np.full(3, 0.8, np.float32), np.array([0.93, 0.7, 0.12], np.float32),
        np.array([2.0, 2.5, 0.13], np.float32), std, ("°", "px", ""), (toward.T * std).astype(np.float32),
        ("How far the strokes lean.", "How wide the pen was.", "The mean grey level."),
    )  # fmt: skip
    mean = rng.normal(size=latents) * 0.1
    return api.StudyEvent(
        api.StudyRequest(model, count=10_000), "mnist", CLASSES, 10_000, mean.astype(np.float32),
        np.ones(latents, np.float32), (kl * np.where(alive, rng.uniform(0.5, 3, latents), 0.003)).astype(np.float32),
        principal, measured, np.zeros((10, latents), np.float32), codes.astype(np.float32),
        np.arange(50, dtype=np.float32) % 10, np.linspace(60, 160, 50, dtype=np.float32), "nats",
    )  # fmt: skip
