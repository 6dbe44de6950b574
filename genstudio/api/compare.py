"""Models side by side, as one sheet."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS = 3  # pictures beside each other in a model's column
HELD_OUT, RANDOM, BETWEEN = 6, 12, 6  # pictures of each model
ROWS = 1 + (HELD_OUT + RANDOM + BETWEEN) // COLUMNS  # the first has the names


@dataclass(frozen=True)
class CompareRequest:
    """A column of held-out pictures, then one for each model: what it gives back, random codes, what lies between.

    All get the same pictures and the same noise; between are the codes of the first picture and of the first one of
    another class. The data is that of the first model.
    """

    models: tuple[str, ...]
    seed: int = 0

    @property
    def model(self) -> str:
        """The first of them."""
        return self.models[0] if self.models else ""

    def with_models(self, models: Sequence[str]) -> CompareRequest:
        """The same with other names of the models."""
        return dataclasses.replace(self, models=tuple(models))

    def columns(self) -> int:
        """Of the sheet; between two models one is empty."""
        return (COLUMNS + 1) * (1 + len(self.models)) - 1


def ends(labels: Sequence[str]) -> tuple[int, int]:
    """The first picture, and the first of another class."""
    return 0, next((k for k, label in enumerate(labels) if label != labels[0]), 1)
