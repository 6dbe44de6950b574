"""Three kinds of models side by side at one place between two seeds: what is asked of each, and the sheet of all."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

from genstudio.api.pictures import ALL_CLASSES, Pictures

MOST_PANELS = 3
MOST_EACH = 16  # pictures of each model
MOMENTS = 25  # of a film from A to B
FEW = 8  # steps of a preview at most, which a CPU draws a few pictures at a time
NO_CLASSES = "knows no classes"  # of a model beside others that are told one


@dataclass(frozen=True)
class Panel:
    """A model and how it is asked; the last four fields matter to diffusion models only.

    `label` is a class or ALL_CLASSES; models without classes ignore it.
    """

    model: str
    label: int = ALL_CLASSES
    sampler: str = "ddim"
    steps: int = 50
    guidance: float = 1.0
    spacing: str = "karras"


@dataclass(frozen=True)
class PanelRequest:
    """`count` pictures of a model, from noise on the arc (slerp) between that of seed A, at 0, and of seed B, at 1.

    Picture k begins with noise k of both seeds. At once of a VAE or a GAN; of a diffusion model a stream.
    """

    panel: Panel
    seed_a: int = 0
    seed_b: int = 1
    position: float = 0.0
    count: int = 4

    @property
    def model(self) -> str:
        """That of the panel."""
        return self.panel.model


@dataclass(frozen=True, eq=False)
class PanelEvent:
    """One step of a diffusion model's PanelRequest; a newer one replaces it."""

    request: PanelRequest
    images: Pictures  # (N, H, W, C) after the last step, none before
    step: int
    count: int  # the number of the last step
    compute_ms: float  # of all steps until here


@dataclass(frozen=True)
class TriptychRequest:
    """The pictures of some models at one place as a sheet with headings; a film goes from seed A to seed B.

    Args:
        ms: What a picture of each model took, as measured when it was made.
    """

    panels: tuple[Panel, ...]
    seed_a: int = 0
    seed_b: int = 1
    position: float = 0.0
    count: int = 4
    ms: tuple[float, ...] = ()

    @property
    def model(self) -> str:
        """That of the first panel."""
        return self.models[0] if self.panels else ""

    @property
    def models(self) -> tuple[str, ...]:
        """That of each panel."""
        return tuple(panel.model for panel in self.panels)

    @property
    def seed(self) -> int:
        """That of the end that is nearer."""
        return self.seed_a if self.position < 0.5 else self.seed_b

    def with_models(self, models: Sequence[str]) -> TriptychRequest:
        """The same with other names of the models."""
        panels = tuple(dataclasses.replace(panel, model=m) for panel, m in zip(self.panels, models, strict=True))
        return dataclasses.replace(self, panels=panels)

    def asked(self, position: float) -> tuple[PanelRequest, ...]:
        """What is asked of each model at a place."""
        return tuple(PanelRequest(panel, self.seed_a, self.seed_b, position, self.count) for panel in self.panels)

    def wide(self) -> int:
        """Pictures beside each other of a model."""
        return math.ceil(math.sqrt(max(self.count, 1)))

    def high(self) -> int:
        """Pictures below each other."""
        return math.ceil(max(self.count, 1) / self.wide())

    def columns(self) -> int:
        """Tiles beside each other; between two models one is empty."""
        return max(len(self.panels), 1) * (self.wide() + 1) - 1

    def rows(self) -> int:
        """Tiles below each other, with that of the headings."""
        return 1 + self.high()
