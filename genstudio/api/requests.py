"""What can be asked of a session. A request fully determines its result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from genstudio.api.classes import ClassGridRequest
from genstudio.api.compare import CompareRequest
from genstudio.api.comparison_files import ComparisonRequest
from genstudio.api.copied import CopiedRequest
from genstudio.api.forward import ForwardRequest
from genstudio.api.inversion import InvertRequest, SlerpRequest
from genstudio.api.one_picture import OnePictureRequest
from genstudio.api.pictures import Film, Layer, Pictures
from genstudio.api.samplers import SamplersSheetRequest
from genstudio.api.sampling import DenoiseRequest, SampleRequest
from genstudio.api.study import FactorSheetRequest, PathRequest, PlaneRequest, TraverseRequest
from genstudio.api.training import TrainRequest
from genstudio.api.triptych import TriptychRequest
from genstudio.api.ways import PathSheetRequest


@dataclass(frozen=True)
class CatalogRequest:
    """What models, datasets and samplers are there, and on what device they run.

    Args:
        opened: Files elsewhere that were open before, by their paths.
    """

    opened: tuple[str, ...] = ()


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


Drawn = (
    SampleRequest
    | DecodeRequest
    | MapRequest
    | PlaneRequest
    | TraverseRequest
    | InterpolateRequest
    | PathRequest
    | PathSheetRequest
    | DenoiseRequest
    | FactorSheetRequest
    | CompareRequest
    | ClassGridRequest
    | ForwardRequest
    | SamplersSheetRequest
    | InvertRequest
    | SlerpRequest
    | TriptychRequest
    | OnePictureRequest
    | CopiedRequest
)
Filmed = (
    InterpolateRequest
    | PathRequest
    | TraverseRequest
    | DenoiseRequest
    | WalkFilmRequest
    | ForwardRequest
    | SamplersSheetRequest
    | InvertRequest
    | SlerpRequest
    | TriptychRequest
    | OnePictureRequest
)
SEVERAL = (  # of several models
    CompareRequest,
    ComparisonRequest,
    OnePictureRequest,
    SamplersSheetRequest,
    TriptychRequest,
)


@dataclass(frozen=True)
class ExportGridRequest:
    """Compute `source` again and write its pictures as one PNG with a receipt."""

    source: Drawn
    layout: GridLayout
    path: str
    layer: Layer = "x0_hat"  # of a DenoiseRequest
    frame: int = -1  # of a DenoiseRequest: which step, -1 the last


@dataclass(frozen=True)
class ExportFilmRequest:
    """Write a film as .png (APNG), .webp, .gif or .mp4; a stream with progress that can be cancelled.

    Each film frame is the grid of the pictures at that moment.

    Args:
        known: What the window has of a OnePictureRequest already: all that each of its models went through,
            (T, H, W, C) each. It is written as it was seen, and not computed again.
    """

    source: Filmed
    layout: GridLayout
    path: str
    fps: float = 20.0
    layer: Layer = "x_t"
    known: tuple[Pictures, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, eq=False)
class WritePicturesRequest:
    """Write pictures that the window already has (live training samples) as one PNG or a film.

    `films` is (T, N, H, W, C); with T = 1 a grid PNG is written. `source` and `iteration` make the receipt. With the
    names of `classes`, which the pictures are of in turn, each class gets a row, after its name. Of a race `beside` is
    the right side, `source` the left. Where the pictures only show what the run drew, `samples` (N, H, W, C) are what
    it drew at `iteration`: by them, not by its pixels, the file tells later whether the run is the same again.
    """

    films: Pictures | Film
    source: TrainRequest
    iteration: int
    layout: GridLayout
    path: str
    fps: float = 20.0
    classes: tuple[str, ...] = ()
    beside: TrainRequest | None = None
    samples: Pictures | None = None


@dataclass(frozen=True)
class RestoreRequest:
    """Read the receipt of an exported file, compute its source again and compare the pixels.

    A receipt names its model by name and hash, never by a path; `opened` are the paths of model files
    outside the catalog among which it may be, too. What takes long to compute is compared only if one `waits`.
    """

    path: str
    opened: tuple[str, ...] = ()
    waits: bool = False


Source = Drawn | WalkFilmRequest | TrainRequest | ComparisonRequest
SOURCES: dict[str, type] = {cls.__name__: cls for cls in get_args(Source)}
