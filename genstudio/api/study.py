"""Finding codes of pictures and learning what they mean: requests and their answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from genstudio.api.pictures import Floats, Pictures


@dataclass(frozen=True, eq=False)
class EncodeRequest:
    """The codes of pictures of any size, grey or colour; they are made what the model knows first.

    `invert` turns dark and light round; None does it where the pictures' rim is as light as the model's is dark.
    """

    model: str
    images: Pictures  # (N, H, W, C), C = 1 or 3
    invert: bool | None = None


@dataclass(frozen=True, eq=False)
class EncodedEvent:
    """Mean codes, how sure they are, and what comes back through them."""

    request: EncodeRequest
    mu: Floats  # (N, D)
    sigma: Floats  # (N, D), 0 where a code is a point
    inputs: Pictures  # (N, h, w, c) as the model saw them
    reconstructions: Pictures  # (N, h, w, c)
    errors: Floats  # (N,), in `unit`
    unit: str  # "nats" or "squared error"
    converted: str  # what had to be done to the pictures, "" if nothing
    compute_ms: float


@dataclass(frozen=True)
class StudyRequest:
    """Encode a dataset, "" for the one the model learned from; a stream with progress.

    `count` pictures of its training part give the statistics, 2,000 held-out ones the errors.
    """

    model: str
    dataset: str = ""
    count: int = 60_000


@dataclass(frozen=True, eq=False)
class Axes:
    """Directions in a code space: a slider at s moves a code by s * scale * unit.

    For principal axes `score` is the share of the codes' variance along each; for measured ones R^2, how much of
    the measure a linear function of a code of the posterior tells, of pictures it has not seen.
    """

    names: tuple[str, ...]
    units: Floats  # (K, D), each of length 1
    scale: Floats  # (K,)
    score: Floats  # (K,)
    mean: Floats  # (K,): where a slider stands at 0, in `measures`
    std: Floats  # (K,): what one slider unit adds
    measures: tuple[str, ...]  # units of mean and std, "" for codes
    weights: Floats  # (D, K): what the code tells, mean + (z - mean code) weights; the units where nothing was measured
    helps: tuple[str, ...]
    low: Floats | None = None  # (K,): the smallest and the largest measure of the pictures studied,
    high: Floats | None = None  # None where nothing was measured
    answer: Floats | None = None  # (2, K): what decoded pictures made of -1 and of +1, in `std`; -1 and 1 if just that
    spill: Floats | None = None  # (K,): and how far a unit moved the other measures, in their `std`


@dataclass(frozen=True, eq=False)
class StudyEvent:
    """What the codes of a dataset are like. `codes` and `labels` are those of a sample of the pictures."""

    request: StudyRequest
    dataset: str
    classes: tuple[str, ...]
    count: int  # pictures encoded
    mean: Floats  # (D,), of all mean codes
    std: Floats  # (D,)
    kl: Floats  # (D,) nats a picture; 0 for models whose codes are points
    principal: Axes
    measured: Axes
    class_means: Floats  # (classes, D)
    codes: Floats  # (n, D)
    labels: Floats  # (n,) as whole numbers
    errors: Floats  # (m,), rising, of held-out pictures
    unit: str  # of the errors
    radii: Floats = field(default_factory=lambda: np.zeros(0, np.float32))  # (m,), rising: of held-out codes, from 0


@dataclass(frozen=True)
class NearestRequest:
    """The pictures of a studied dataset whose codes are nearest to `z`."""

    model: str
    dataset: str
    z: tuple[float, ...]
    count: int = 8


@dataclass(frozen=True, eq=False)
class NearestEvent:
    """The nearest first: pictures, labels and distances of their codes."""

    request: NearestRequest
    images: Pictures  # (K, h, w, c)
    labels: tuple[str, ...]
    distances: Floats  # (K,)
    compute_ms: float


@dataclass(frozen=True)
class PickRequest:
    """`count` pictures of a dataset drawn by a seed, of one class or (-1) of all; "" is the model's own dataset."""

    model: str
    dataset: str = ""
    seed: int = 0
    count: int = 8
    label: int = -1
    held_out: bool = True


@dataclass(frozen=True, eq=False)
class PickedEvent:
    """Pictures of a dataset and what they are."""

    request: PickRequest
    images: Pictures
    labels: tuple[str, ...]


@dataclass(frozen=True)
class PlaneRequest:
    """Decoded pictures of the plane z + s u + t v, `cells` x `cells`, s and t over [-extent, extent].

    Row 0 is the top (t = +extent), column 0 the left (s = -extent); the codes are cell centres.
    """

    model: str
    z: tuple[float, ...]
    u: tuple[float, ...]
    v: tuple[float, ...]
    cells: int = 20
    extent: float = 3.0


@dataclass(frozen=True)
class MagnificationRequest:
    """How far pictures move apart where codes of a plane do, at `cells` x `cells` places of it."""

    plane: PlaneRequest


@dataclass(frozen=True, eq=False)
class MagnificationEvent:
    """(cells, cells) float32, row 0 the top: area of pictures per area of codes, in squared grey levels [0, 1]."""

    request: MagnificationRequest
    values: Floats


@dataclass(frozen=True)
class TraverseRequest:
    """One row a dimension: z with that number replaced by each of `values`."""

    model: str
    z: tuple[float, ...]
    dims: tuple[int, ...]
    values: tuple[float, ...] = (-3.0, -2.25, -1.5, -0.75, 0.0, 0.75, 1.5, 2.25, 3.0)


PathKind = Literal["lerp", "slerp", "pixels"]


@dataclass(frozen=True)
class PathRequest:
    """`steps` pictures through two to eight key codes, both ends included; a loop comes back to the first.

    "pixels" blends the keys' pictures instead of their codes.
    """

    model: str
    keys: tuple[tuple[float, ...], ...]
    steps: int = 25
    path: PathKind = "slerp"
    loop: bool = False


@dataclass(frozen=True, eq=False)
class PathEvent:
    """The pictures of a path, and how far each is from the one before."""

    request: PathRequest
    images: Pictures  # (steps, h, w, c)
    codes: Floats  # (steps, D); for "pixels" the mean codes of the blends
    distances: Floats  # (steps - 1,): mean squared difference of grey levels in [0, 1]
    compute_ms: float


@dataclass(frozen=True)
class FactorsRequest:
    """Which latent tells which known factor of a generated dataset; a stream with progress."""

    model: str
    dataset: str = "shapes"
    count: int = 10_000


@dataclass(frozen=True, eq=False)
class FactorsEvent:
    """Mutual information in nats of factors (rows) and latents (columns), and its gap (Chen et al. 2018)."""

    request: FactorsRequest
    factors: tuple[str, ...]
    information: Floats  # (K, D)
    entropy: Floats  # (K,)
    gap: float
    kl: Floats  # (D,) nats a picture; 0 for models whose codes are points

    def names(self) -> tuple[str, ...]:
        """The factors as a person calls them: "x_px" is x."""
        return tuple(re.sub("_(deg|px|ratio)$", "", name).replace("_", " ") for name in self.factors)

    def shares(self) -> Floats:
        """How much of each factor each latent tells, (K, D) from 0 to 1; 0 for a factor that never varies."""
        entropy = np.where(self.entropy > 0, self.entropy, np.inf)[:, None]
        told: Floats = np.clip(self.information / entropy, 0, 1).astype(np.float32)
        return told

    def gaps(self) -> Floats:
        """The gap of each factor, (K,): what its best latent tells more than the second best, as a share."""
        best: Floats = np.sort(self.shares(), axis=1)[:, ::-1]
        return best[:, 0] - best[:, 1] if best.shape[1] > 1 else best[:, 0]


@dataclass(frozen=True)
class FactorSheetRequest:
    """What was measured, as a sheet: a heading, and a row for each factor with a cell for each latent and pictures.

    The cells are in the order `columns`; in row k latent dims[k] of the code z goes through `values`.
    """

    model: str
    dataset: str
    count: int
    z: tuple[float, ...]
    columns: tuple[int, ...]
    dims: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True)
class LikelihoodRequest:
    """The ELBO and the importance-weighted bound of held-out pictures; a stream with progress."""

    model: str
    dataset: str = ""
    count: int = 500
    samples: int = 5000
    seed: int = 0


@dataclass(frozen=True)
class LikelihoodEvent:
    """Nats per picture, and the standard error over the pictures."""

    request: LikelihoodRequest
    elbo: float
    elbo_error: float
    weighted: float
    weighted_error: float
    pixels: str  # "grey" or "binary": what the pictures were
    what: str = field(default="")  # the data, in words


@dataclass(frozen=True)
class RateRequest:
    """What a VAE's codes of held-out pictures carry and what they lose; a stream with progress."""

    model: str
    dataset: str = ""
    count: int = 2000
    seed: int = 0


@dataclass(frozen=True)
class RateEvent:
    """Nats per picture: the mean KL(q(z|x) || p(z)) and the mean -log p(x|z), z from q. Minus their sum is the ELBO."""

    request: RateRequest
    rate: float
    distortion: float
    count: int  # pictures
