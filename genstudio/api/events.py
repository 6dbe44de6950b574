"""What a session answers: numpy only, never a tensor."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from genstudio.api.catalog import Catalog, DatasetInfo, ModelInfo
from genstudio.api.changes import Change
from genstudio.api.pictures import Floats, Layer, Pictures
from genstudio.api.quality import Measured
from genstudio.api.requests import GridLayout, Source
from genstudio.api.sampling import DenoiseRequest
from genstudio.api.stages import StageEvent
from genstudio.api.training import TrainRequest


@dataclass(frozen=True)
class CatalogEvent:
    """Answer to CatalogRequest."""

    catalog: Catalog


@dataclass(frozen=True, eq=False)
class ModelEvent:
    """A model is loaded and answers from now on.

    `signal` and `noise` (T,) are the shares of the amplitude of picture and noise at each level, the least noisy one
    first: x_t = signal x0 + noise eps; empty but for models that take noise away.
    """

    info: ModelInfo
    signal: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    noise: Floats = field(default_factory=lambda: np.zeros(0, np.float32))


@dataclass(frozen=True, eq=False)
class PicturesEvent:
    """Pictures of a decode, sample, map, walk or interpolation request, in the request's order."""

    request: Any
    images: Pictures  # (N, H, W, C)
    compute_ms: float


@dataclass(frozen=True, eq=False)
class Step:
    """One step of a reverse process: after `calls` network calls the pictures are at noise level `t`.

    Step 0 is the pure noise, before any call; its estimates are those the first call makes. Where a class is guided
    an answer takes two calls, see `api.guidance.calls_each`.
    """

    index: int
    t: float  # the noise level of x_t, perhaps between two; 0 means clean
    layers: dict[Layer, Pictures]  # each (N, H, W, C)
    calls: int
    compute_ms: float
    signal: float = 1.0  # x_t = signal x0 + noise eps
    noise: float = 0.0
    terms: tuple[tuple[str, float], ...] = ()  # next x_t: the sum of parts times numbers, see core.samplers.Step
    codes: Mapping[Layer, Floats] = field(default_factory=dict)  # (N, D), where layers are the pictures of codes
    above: int = 0  # levels on the way until here with more noise: for so many steps noise can be put back


@dataclass(frozen=True, eq=False)
class DenoiseEvent:
    """New steps of a DenoiseRequest; unread events join by appending. `count` is the number of its last step."""

    request: DenoiseRequest
    steps: tuple[Step, ...]
    count: int = 0

    def merge(self, newer: DenoiseEvent) -> DenoiseEvent:
        """This event with the steps of a newer one."""
        return DenoiseEvent(newer.request, self.steps + newer.steps, newer.count)


def _no_past() -> Floats:
    return np.zeros((0, 0), np.float32)


@dataclass(frozen=True, eq=False)
class TrainEvent:
    """Progress of a run: every loss row since the last event, and the newest fixed-z samples."""

    request: TrainRequest
    iteration: int
    names: tuple[str, ...]  # columns of rows, e.g. d_loss, g_loss, d_real, d_fake
    rows: Floats  # (n, len(names)); the last row belongs to `iteration`
    samples: tuple[tuple[int, Pictures], ...]  # (iteration, (N, H, W, C)); usually none or one
    iterations_per_s: float
    changes: tuple[Change, ...] = ()  # all of the run so far
    numbers: dict[str, Floats] = field(default_factory=dict)  # with the samples; "kl_per_latent" (D,) in nats
    views: dict[str, Pictures] = field(default_factory=dict)  # with the samples: see Trainer.views
    past: Floats = field(default_factory=_no_past)  # before this event, of a run that goes on: (n, 1 + len(names))
    rewinds: tuple[int, ...] = ()  # iterations to which a RewindRequest can go back, the first one first
    meter_seen: tuple[int, int] = (0, 0)  # pictures of the measurement that is under way, and how many there will be
    meter_trouble: str = ""  # why the meters have stopped by themselves, a sentence
    stages: tuple[StageEvent, ...] = ()  # since the last event, of a run that goes stage by stage
    measured: tuple[Measured, ...] = ()  # what the meters have found since the last event; at first, all before
    real: Pictures | None = None  # with the first event of a game: real pictures to show beside the samples
    classes: tuple[str, ...] = ()  # of a network that draws classes: those that the samples are of in turn
    loss_by_t: tuple[tuple[int, Floats], ...] = ()  # of what takes noise away: iteration, and lately from t = 0 to T

    def merge(self, newer: TrainEvent) -> TrainEvent:
        """Nothing is lost: rows, samples, stages, losses by t and what was measured are appended, numbers and views the
        newest, past the older one's."""
        rows = np.concatenate([self.rows, newer.rows])
        return dataclasses.replace(
            newer,
            rows=rows,
            samples=self.samples + newer.samples,
            numbers=newer.numbers or self.numbers,
            views=newer.views or self.views,
            past=self.past,
            real=newer.real if self.real is None else self.real,
            stages=self.stages + newer.stages,
            measured=self.measured + newer.measured,
            loss_by_t=self.loss_by_t + newer.loss_by_t,
            meter_trouble=newer.meter_trouble or self.meter_trouble,
        )


@dataclass(frozen=True, eq=False)
class DatasetEvent:
    """Answer to DatasetRequest: facts, up to 64 pictures, and files that could not be read."""

    info: DatasetInfo
    preview: Pictures
    counts: tuple[int, ...]  # per class
    skipped: tuple[str, ...]


@dataclass(frozen=True)
class ProgressEvent:
    """How far a download, an export or the reading of a dataset is; newer replaces older. `total` 0 means unknown."""

    prepares: ClassVar[bool] = True  # a stream in steps goes on after it, see engine
    what: str
    done: int
    total: int


@dataclass(frozen=True)
class TunedEvent:
    """Answer to TuneRequest: the changes it made, none if the settings were the same.

    Of a diffusion of points with what there is to see after them, as a TrainEvent tells it: particles go another way.
    """

    changes: tuple[Change, ...]
    samples: tuple[tuple[int, Pictures], ...] = ()
    numbers: dict[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class SavedEvent:
    """A file was written, whole."""

    path: str
    bytes: int
    progress: TrainEvent | None = None  # of a model's file: how far its run is in it; its rows come again
    made_room: tuple[str, ...] = ()  # runs that were kept before and no longer are: where their files lie for now


@dataclass(frozen=True, eq=False)
class RestoredEvent:
    """A receipt was read: show `source` again. `identical` is None where nothing could be compared.

    `source.model` is what the session calls the model now: a name of the catalog or the path of an opened file.
    """

    path: str
    source: Source
    layout: GridLayout
    identical: bool | None
    message: str
    iteration: int = 0  # of a TrainRequest
    pictures: Pictures | None = None  # what the file shows, (H, W, C)
    layer: Layer = "x0_hat"  # of a DenoiseRequest
    frame: int = -1  # of a DenoiseRequest: which step, -1 the last
    model: ModelInfo | None = None  # what made it; None of a TrainRequest
    classes: tuple[str, ...] = ()  # of a TrainRequest: the rows of its table, by name
    samples_sha256: str = ""  # of a TrainRequest: the hash of its samples then, if its pixels do not tell
    beside: TrainRequest | None = None  # of a race: its right side, whose left one is `source`
    takes_s: float = 0.0  # what comparing the pixels would take, where that was left because it is long


@dataclass(frozen=True, eq=False)
class CheckEvent:
    """What a receipt tells can be shown, and is being drawn again to compare the pixels: how far that is."""

    restored: RestoredEvent
    done: int
    total: int
    left_s: float = 0.0  # how long it goes on, 0 if nobody knows
