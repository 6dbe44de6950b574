"""Both ways of a picture, and the pictures of an arc, as far as they are computed. No Qt."""

from __future__ import annotations

import math
from collections.abc import Iterable

from genstudio.api import InvertEvent, InvertRequest, InvertStep, Pictures, SlerpEvent, SlerpRequest


class Ways:
    """The states of an InvertRequest: `up` from the picture to the noise, `back` from there to what comes out."""

    def __init__(self, request: InvertRequest) -> None:
        self.request = request
        self.up: list[InvertStep] = []
        self.back: list[InvertStep] = []

    @property
    def is_complete(self) -> bool:
        """Whether the picture has come back."""
        return len(self.back) == self.request.steps + 1

    @property
    def newest(self) -> int:
        """The last moment there is, -1 without any: a moment is a step of the way up, or after it one of the way back.

        The noise is one moment, and belongs to both.
        """
        return len(self.up) - 1 + max(len(self.back) - 1, 0)

    @property
    def error(self) -> float:
        """The mean squared difference of what came back to the picture; NaN before that."""
        return self.back[-1].error if self.is_complete else math.nan

    def take(self, event: InvertEvent) -> bool:
        """Note new steps; False if they are of another request."""
        if event.request != self.request:
            return False
        for step in event.steps:
            (self.back if step.is_back else self.up).append(step)
        return True

    def there(self, level: int) -> InvertStep | None:
        """The state of the way up at a level."""
        return self.up[level] if 0 <= level < len(self.up) else None

    def returned(self, level: int) -> InvertStep | None:
        """The state of the way back at a level."""
        number = self.request.steps - level
        return self.back[number] if 0 <= number < len(self.back) else None

    def errors(self) -> tuple[list[float], list[float]]:
        """The shares of noise on the way back, and the errors there; the noise itself, which has none, is left out."""
        return [step.share for step in self.back[1:]], [step.error for step in self.back[1:]]

    def nearest(self, share: float) -> int:
        """The level with such a share of noise."""
        return _nearest([step.share for step in self.up], share)


class Arc:
    """The pictures of a SlerpRequest after the steps that were gone."""

    def __init__(self, request: SlerpRequest) -> None:
        self.request = request
        self.images: Pictures | None = None
        self.step = 0

    @property
    def is_complete(self) -> bool:
        """Whether they are clean."""
        return self.images is not None and self.step == self.request.steps

    def take(self, event: SlerpEvent) -> bool:
        """Note pictures; False if they are of another request."""
        if event.request != self.request:
            return False
        self.images, self.step = event.images, event.step
        return True


def _nearest(values: Iterable[float], wanted: float) -> int:
    distances = [abs(value - wanted) for value in values]
    return distances.index(min(distances)) if distances else 0
