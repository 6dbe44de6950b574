"""Ways from the same noise to pictures, side by side: what is asked for, and its sheet."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from genstudio.api.pictures import ALL_CLASSES, Layer

MOST_WAYS = 5
MOST_BESIDE = 16  # pictures of each way
MOST_FRAMES = 200  # of a film
By = Literal["share", "level"]  # what is the same in all columns: the share of the way gone, or the level of noise
Difference = Literal["", "signed", "absolute"]
DIFFERENCES: tuple[Difference, ...] = get_args(Difference)


@dataclass(frozen=True)
class Way:
    """How one column goes from noise to picture; the fields are those of a DenoiseRequest."""

    model: str
    sampler: str = "ddim"
    steps: int = 50
    guidance: float = 1.0
    eta: float = 0.0
    spacing: str = "uniform"


@dataclass(frozen=True)
class CompareSamplersRequest:
    """The reverse processes of some ways that all begin with the same noise and the same classes.

    They advance together: the next step is always that of the column with the most noise.
    """

    ways: tuple[Way, ...]
    seed: int = 0
    count: int = 4
    label: int = ALL_CLASSES


@dataclass(frozen=True)
class SamplersSheetRequest:
    """One moment of such columns as a sheet with headings; a film has all moments.

    Args:
        place: Where it is, 0 the noise and 1 the clean pictures.
        by: Whether `place` is a share of the way or of the noise gone.
        difference: What stands below the pictures: how they differ from those of the first column.
        ms: What each column took until then, as measured when it was made; for a film, in all. 0 where it was
            not measured together with the others.
    """

    asked: CompareSamplersRequest
    layer: Layer = "x_t"
    place: float = 1.0
    by: By = "share"
    difference: Difference = ""
    ms: tuple[float, ...] = ()

    @property
    def model(self) -> str:
        """That of the first column."""
        return self.models[0] if self.models else ""

    @property
    def models(self) -> tuple[str, ...]:
        """That of each column."""
        return tuple(way.model for way in self.asked.ways)

    @property
    def seed(self) -> int:
        """Of the noise."""
        return self.asked.seed

    def with_models(self, models: Sequence[str]) -> SamplersSheetRequest:
        """The same with other names of the models."""
        ways = tuple(dataclasses.replace(way, model=m) for way, m in zip(self.asked.ways, models, strict=True))
        return dataclasses.replace(self, asked=dataclasses.replace(self.asked, ways=ways))

    def wide(self) -> int:
        """Pictures beside each other in a column."""
        return math.ceil(math.sqrt(max(self.asked.count, 1)))

    def high(self) -> int:
        """Pictures below each other."""
        return math.ceil(max(self.asked.count, 1) / self.wide())

    def columns(self) -> int:
        """Tiles beside each other; between two columns one is empty."""
        return max(len(self.asked.ways), 1) * (self.wide() + 1) - 1

    def rows(self) -> int:
        """Tiles below each other: headings of two tiles, pictures, and the same of the difference with one tile."""
        return (2 if self.wide() == 1 else 1) + self.high() + (1 + self.high() if self.difference else 0)

    def frames(self) -> int:
        """Moments of a film."""
        return min(max((way.steps for way in self.asked.ways), default=0) + 1, MOST_FRAMES)
