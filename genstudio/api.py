"""Everything that crosses a thread: requests, events and the catalog. Numpy only.

A request fully determines a result: it is the message to a compute thread, the receipt inside an
exported picture, the undo entry and the test's input. Pictures are uint8, (N, H, W, C), C = 1 or 3.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, get_args, get_type_hints

import numpy as np
import numpy.typing as npt

from genstudio.settings import SETTINGS, Settings, settings_from

Pictures = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Layer = Literal["x_t", "x0_hat", "eps_hat"]
LAYERS: tuple[Layer, ...] = get_args(Layer)
ALL_CLASSES = -1  # label of a request: the classes in turn, picture k has class k mod n
NO_CLASS = -2  # label of a request: the network's "no class" embedding


def noise(seed: int, index: int, shape: tuple[int, ...]) -> Floats:
    """Standard normal numbers of picture `index`: they do not depend on how many are drawn beside it."""
    return np.random.default_rng((seed, index)).standard_normal(shape, dtype=np.float32)


# ---- requests -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CatalogRequest:
    """What models, datasets and samplers are there, and on what device they run."""


@dataclass(frozen=True)
class LoadRequest:
    """Load a model by its name in the catalog or by the path of a checkpoint."""

    model: str


@dataclass(frozen=True)
class DecodeRequest:
    """Pictures of codes z through a VAE's decoder or a GAN's generator."""

    model: str
    z: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class MapRequest:
    """The decoded plane of a two-latent VAE: `cells` x `cells` pictures over [-extent, extent]^2.

    Row 0 is the top (z2 = +extent), column 0 the left (z1 = -extent); the codes are cell centres.
    """

    model: str
    cells: int = 20
    extent: float = 3.0


@dataclass(frozen=True)
class InterpolateRequest:
    """Pictures along a path from code `a` to code `b`, both ends included."""

    model: str
    a: tuple[float, ...]
    b: tuple[float, ...]
    steps: int = 13
    path: Literal["lerp", "slerp"] = "slerp"


@dataclass(frozen=True)
class SampleRequest:
    """`count` new pictures of any model. Picture k depends on the seed and k alone.

    `label` is a class, ALL_CLASSES or NO_CLASS; models without classes ignore it. The last four
    fields matter to diffusion models only.
    """

    model: str
    seed: int = 0
    count: int = 64
    label: int = ALL_CLASSES
    sampler: str = "ddpm"
    steps: int = 50
    guidance: float = 1.0
    eta: float = 0.0


@dataclass(frozen=True)
class DenoiseRequest:
    """The reverse process of `count` pictures, every step kept. Same fields as SampleRequest."""

    model: str
    seed: int = 0
    count: int = 16
    label: int = ALL_CLASSES
    sampler: str = "ddim"
    steps: int = 50
    guidance: float = 1.0
    eta: float = 0.0


@dataclass(frozen=True)
class WalkRequest:
    """An endless walk of `count` codes through the latent space of a GAN (or VAE), seed to seed.

    One picture batch per `next()`; `leg` is the number of steps between two random codes, `first` the
    step at which it begins.
    """

    model: str
    seed: int = 0
    count: int = 64
    leg: int = 48
    first: int = 0


@dataclass(frozen=True)
class WalkFilmRequest:
    """`steps` moments of such a walk from its step `first` on; of all its pictures, or of one of them."""

    model: str
    seed: int
    count: int
    leg: int
    first: int
    steps: int
    picture: int = -1  # -1: all


@dataclass(frozen=True)
class TrainRequest:
    """Train a family on a dataset (a catalog name, or the path of a folder or zip of pictures).

    `iterations` is the number at which the run ends, counted from the very first; 0 means until
    stopped. `resume` is the path of a training checkpoint to go on from. `preview` is the number of
    fixed-z samples drawn while it learns.
    """

    family: str
    dataset: str
    settings: Settings
    iterations: int = 0
    resume: str = ""
    preview: int = 64


@dataclass(frozen=True)
class RunRequest:
    """The same in one of a session's places, each of which holds a run: one may wait while another goes on."""

    train: TrainRequest
    place: int = 0


@dataclass(frozen=True)
class DatasetRequest:
    """Look at a dataset: counts, a preview and what had to be skipped."""

    dataset: str


@dataclass(frozen=True)
class DownloadRequest:
    """Fetch a dataset into the data folder; a stream with progress that can be cancelled."""

    dataset: str


@dataclass(frozen=True)
class GridLayout:
    """How pictures are laid out in one file; `columns` 0 chooses a near-square grid."""

    columns: int = 0
    gap: int = 2  # px before scaling
    scale: int = 4  # integer zoom


@dataclass(frozen=True)
class ExportGridRequest:
    """Compute `source` again and write its pictures as one PNG with a receipt."""

    source: SampleRequest | DecodeRequest | MapRequest | InterpolateRequest | DenoiseRequest
    layout: GridLayout
    path: str
    layer: Layer = "x0_hat"  # of a DenoiseRequest
    frame: int = -1  # of a DenoiseRequest: which step, -1 the last


@dataclass(frozen=True)
class ExportFilmRequest:
    """Write a film as .png (APNG), .webp, .gif or .mp4; a stream with progress that can be cancelled.

    Each film frame is the grid of the pictures at that moment.
    """

    source: InterpolateRequest | DenoiseRequest | WalkFilmRequest
    layout: GridLayout
    path: str
    fps: float = 20.0
    layer: Layer = "x_t"


@dataclass(frozen=True, eq=False)
class WritePicturesRequest:
    """Write pictures that the window already has (live training samples) as one PNG or a film.

    `films` is (T, N, H, W, C); with T = 1 a grid PNG is written. `source` and `iteration` make the receipt.
    """

    films: Pictures
    source: TrainRequest
    iteration: int
    layout: GridLayout
    path: str
    fps: float = 20.0


@dataclass(frozen=True)
class SaveRequest:
    """Write the model that trains in a place as a checkpoint that can be resumed."""

    path: str
    place: int = 0


@dataclass(frozen=True)
class KeepRequest:
    """The same into the user's models folder as the last run, in place of the last run that was kept before."""

    place: int = 0


@dataclass(frozen=True)
class RestoreRequest:
    """Read the receipt of an exported file, compute its source again and compare the pixels.

    A receipt names its model by name and hash, never by a path; `opened` are the paths of model files
    outside the catalog among which it may be, too.
    """

    path: str
    opened: tuple[str, ...] = ()


Source = (
    SampleRequest | DecodeRequest | MapRequest | InterpolateRequest | DenoiseRequest | WalkFilmRequest | TrainRequest
)
SOURCES: dict[str, type] = {cls.__name__: cls for cls in get_args(Source)}


def request_to_dict(request: Source) -> dict[str, Any]:
    """A request as plain JSON values under its class name, for receipts."""
    return {"kind": type(request).__name__, **dataclasses.asdict(request)}


def without_paths(request: Source) -> Source:
    """The request as a file may carry it: models and datasets by their names, no path of anybody's machine.

    A training run is told from its very first iteration, whichever checkpoint it went on from: that is the same run.
    """
    if isinstance(request, TrainRequest):
        return dataclasses.replace(request, dataset=last_part(request.dataset), resume="")
    return dataclasses.replace(request, model=last_part(request.model).removesuffix(".safetensors"))


def last_part(path: str) -> str:
    """The name of a file or folder, by whichever system's rules its path was written; a plain name stays as it is."""
    return re.split(r"[\\/]", path.rstrip("\\/"))[-1]


def request_from_dict(values: Any) -> Source:
    """The request of a receipt, with exact fields and types.

    Raises:
        ValueError: if the dictionary is not a request of this version.
    """
    kind = values.get("kind") if isinstance(values, dict) else None
    if not isinstance(kind, str) or kind not in SOURCES:
        raise ValueError("the receipt does not name a known kind of request")
    cls = SOURCES[kind]
    hints = get_type_hints(cls)
    rest = {name: value for name, value in values.items() if name != "kind"}
    if set(rest) != set(hints):
        raise ValueError(f"the receipt's {cls.__name__} has other fields than this version's")
    if cls is TrainRequest:
        family = rest["family"]
        if not isinstance(family, str) or family not in SETTINGS or not isinstance(rest["settings"], dict):
            raise ValueError("the receipt does not name a known family")
        settings = settings_from(SETTINGS[family], rest.pop("settings"))
        fields = {n: _typed(n, v, hints[n]) for n, v in rest.items()}
        return TrainRequest(settings=settings, **fields)
    checked: Source = cls(**{name: _typed(name, value, hints[name]) for name, value in rest.items()})
    return checked


def _typed(name: str, value: Any, hint: Any) -> Any:
    origin, args = getattr(hint, "__origin__", None), get_args(hint)
    if origin is Literal:
        if value in args:
            return value
    elif origin is tuple:
        if isinstance(value, (list, tuple)) and len(value) <= 4096:
            return tuple(_typed(name, item, args[0]) for item in value)
    elif hint is float and type(value) in (int, float) and np.isfinite(value):
        return float(value)
    elif type(value) is hint and not (hint is str and len(value) > 4096):
        return value
    raise ValueError(f"the receipt's {name} is not what this version writes")


# ---- catalog --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ModelInfo:
    """One model file, as read from its header without loading the weights."""

    name: str
    family: str  # a key of settings.SETTINGS
    path: str
    dataset: str
    channels: int
    size: int  # px, square
    classes: tuple[str, ...]  # names; empty if the model is not class-conditional
    settings: Settings
    iteration: int
    sha256: str
    bytes: int
    quality: dict[str, float] = field(default_factory=dict)
    pretrained: bool = False
    resumable: bool = False  # holds the trainer's state, so that its run can go on

    @property
    def latent_dim(self) -> int:
        """Size of z; 0 for a diffusion model, whose latent is the picture itself."""
        return int(getattr(self.settings, "latent_dim", 0))


@dataclass(frozen=True)
class DatasetInfo:
    """One dataset a picker offers; `available` is False until it has been downloaded."""

    name: str
    title: str
    channels: int
    size: int
    classes: tuple[str, ...]
    count: int  # training pictures; 0 if unknown before it is read
    available: bool
    download_mb: int = 0
    note: str = ""


@dataclass(frozen=True)
class SamplerInfo:
    """One sampler of diffusion models and whether it listens to eta."""

    name: str
    title: str
    help: str
    uses_eta: bool


@dataclass(frozen=True)
class Catalog:
    """What the pickers offer."""

    models: tuple[ModelInfo, ...]
    datasets: tuple[DatasetInfo, ...]
    samplers: tuple[SamplerInfo, ...]
    data_dir: str
    device: str  # "CPU", "NVIDIA H200", ...
    precision: str  # "bf16" or "float32": what training uses
    models_dir: str = ""  # where own models are saved, so that the catalog lists them

    def models_of(self, *families: str) -> tuple[ModelInfo, ...]:
        """The models of some families, pretrained ones first."""
        return tuple(m for m in self.models if m.family in families)


# ---- events ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CatalogEvent:
    """Answer to CatalogRequest."""

    catalog: Catalog


@dataclass(frozen=True, eq=False)
class ModelEvent:
    """A model is loaded and answers from now on. `alphas_cumprod` (T,) is empty but for diffusion."""

    info: ModelInfo
    alphas_cumprod: Floats


@dataclass(frozen=True, eq=False)
class PicturesEvent:
    """Pictures of a decode, sample, map, walk or interpolation request, in the request's order."""

    request: Any
    images: Pictures  # (N, H, W, C)
    compute_ms: float


@dataclass(frozen=True, eq=False)
class Step:
    """One step of a reverse process: after `calls` network calls the pictures are at noise level `t`.

    Step 0 is the pure noise, before any call; its estimates are those the first call makes.
    """

    index: int
    t: int  # the noise level of x_t; 0 means clean
    layers: dict[Layer, Pictures]  # each (N, H, W, C)
    calls: int
    compute_ms: float
    coefficients: tuple[float, float, float] = (0.0, 0.0, 0.0)  # x_prev = a x_t + b eps_hat + c noise


@dataclass(frozen=True, eq=False)
class DenoiseEvent:
    """New steps of a DenoiseRequest; unread events join by appending."""

    request: DenoiseRequest
    steps: tuple[Step, ...]

    def merge(self, newer: DenoiseEvent) -> DenoiseEvent:
        """This event with the steps of a newer one."""
        return DenoiseEvent(newer.request, self.steps + newer.steps)


@dataclass(frozen=True, eq=False)
class TrainEvent:
    """Progress of a run: every loss row since the last event, and the newest fixed-z samples."""

    request: TrainRequest
    iteration: int
    names: tuple[str, ...]  # columns of rows, e.g. d_loss, g_loss, d_real, d_fake
    rows: Floats  # (n, len(names)); the last row belongs to `iteration`
    samples: tuple[tuple[int, Pictures], ...]  # (iteration, (N, H, W, C)); usually none or one
    iterations_per_s: float

    def merge(self, newer: TrainEvent) -> TrainEvent:
        """Nothing is lost: rows and samples are appended, the rest is the newer one's."""
        rows = np.concatenate([self.rows, newer.rows])
        return dataclasses.replace(newer, rows=rows, samples=self.samples + newer.samples)


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
class SavedEvent:
    """A file was written, whole."""

    path: str
    bytes: int


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
