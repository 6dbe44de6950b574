"""One picture found again in models of several kinds: the descent through a GAN's codes, and the sheet of all."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from genstudio.api.pictures import NO_CLASS, Pictures

STARTS, DESCENT = (1, 64), (10, 500)  # codes that descend side by side, and updates of each
ROWS = 3  # of a sheet: names, pictures, differences
MOMENTS = 81  # of a film
TIMES = 4  # how much stronger differences are shown than they are


@dataclass(frozen=True)
class ProjectRequest:
    """The code of a GAN whose picture is nearest to a given one, by descent from random codes; a stream.

    `picture` is a text of `pack`, of the model's size and channels. Of a model that knows classes the starts are of
    all classes in turn.
    """

    model: str
    picture: str
    seed: int = 0
    starts: int = 20
    steps: int = 150


@dataclass(frozen=True, eq=False)
class ProjectStep:
    """The nearest picture that was found in so many updates of all codes."""

    step: int
    picture: Pictures  # (H, W, C)
    error: float  # mean squared difference of grey levels from 0 to 1
    label: int  # the class it was asked for; -1 where the model knows none
    compute_ms: float  # until here


@dataclass(frozen=True, eq=False)
class ProjectEvent:
    """New steps of a ProjectRequest in their order; unread events join by appending."""

    request: ProjectRequest
    steps: tuple[ProjectStep, ...]

    def merge(self, newer: ProjectEvent) -> ProjectEvent:
        """This event with the steps of a newer one."""
        return ProjectEvent(newer.request, self.steps + newer.steps)


@dataclass(frozen=True)
class PictureOrigin:
    """Which held-out picture of which dataset a picture is, its class there, and what was done to it, in words."""

    dataset: str
    number: int
    label: str = ""
    converted: str = ""


@dataclass(frozen=True)
class OnePictureRequest:
    """A picture, what models of different kinds give back of it, and how that differs, as a sheet with headings.

    A film shows how they come there: the descent and the ways from their beginning to their end, all in step.

    Args:
        picture: A text of `pack`, of the models' size and channels.
        seed, starts, descent: Of the descent through a GAN's codes.
        label, steps, corrections: Of the ways of a diffusion model, as an InvertRequest has them.
        origin: Where the picture is from; None for one that was drawn, dropped or pasted. It changes nothing.
    """

    models: tuple[str, ...]
    picture: str
    seed: int = 0
    starts: int = 20
    descent: int = 150
    label: int = NO_CLASS
    steps: int = 50
    corrections: int = 0
    origin: PictureOrigin | None = None

    @property
    def model(self) -> str:
        """The first of them."""
        return self.models[0] if self.models else ""

    def with_models(self, models: Sequence[str]) -> OnePictureRequest:
        """The same with other names of the models."""
        return dataclasses.replace(self, models=tuple(models))

    def columns(self) -> int:
        """Of the sheet: the picture, then the models."""
        return 1 + len(self.models)
