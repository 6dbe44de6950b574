"""The table of a model that draws classes: a row for each class, a column for each code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClassGridRequest:
    """A row for each class of `labels`, after its name; a column is one z of the seed, the same in every row.

    The row of a class holds the pictures of a SampleRequest of that class. The last five fields matter to diffusion
    models only, whose column is one noise.
    """

    model: str
    labels: tuple[int, ...]
    seed: int = 0
    columns: int = 10
    sampler: str = "ddpm"
    steps: int = 50
    guidance: float = 1.0
    eta: float = 0.0
    spacing: str = "uniform"
