"""What the page of factors shows, as one value, and what follows from the numbers measured. No Qt."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from genstudio.api import FactorsEvent, FactorSheetRequest, Floats, TraverseRequest
from genstudio.ui.latent.around import AroundCode
from genstudio.ui.latent.axes import DEAD
from genstudio.ui.tabs.vae_state import random_code

COUNT = 10_000  # pictures that are measured
Unit = Literal["share", "nats"]
Cell = tuple[int, int]  # a factor and a latent
COLUMNS = 7
VALUES = tuple(round(float(x), 4) for x in np.linspace(-3, 3, COLUMNS))  # of a row of pictures, in sigma


@dataclass(frozen=True)
class FactorsState(AroundCode):
    """Around which code the latents are moved, which cell is looked at, and what its number means."""

    cell: Cell | None = None
    unit: Unit = "share"

    @staticmethod
    def first(latents: int) -> FactorsState:
        """How a model is shown first."""
        return FactorsState(random_code(0, 0, latents), drawn=1)

    def traverse(self, model: str, found: FactorsEvent) -> TraverseRequest:
        """A row for each factor: its best latent moves, or the one of the cell looked at."""
        return TraverseRequest(model, self.z, self.dims(found), VALUES)

    def sheet(self, model: str, found: FactorsEvent) -> FactorSheetRequest:
        """The matrix as it stands, and the same rows of pictures."""
        asked = found.request
        return FactorSheetRequest(
            model, asked.dataset, asked.count, self.z, columns_of(found), self.dims(found), VALUES
        )

    def restored(self, found: FactorsEvent, dims: tuple[int, ...]) -> FactorsState:
        """The same with the cell that a sheet of these rows was made with."""
        others = [(row, k) for row, (k, best) in enumerate(zip(dims, found.information.argmax(1), strict=False))
                  if k != best]  # fmt: skip
        return dataclasses.replace(self, cell=others[0] if others else None)

    def dims(self, found: FactorsEvent) -> tuple[int, ...]:
        """The latent of each row."""
        dims = [int(k) for k in found.information.argmax(1)]
        if self.cell is not None:
            dims[self.cell[0]] = self.cell[1]
        return tuple(dims)

    def chosen(self, found: FactorsEvent) -> Cell:
        """The cell looked at; before one is chosen, that of the factor whose gap is widest."""
        if self.cell is not None:
            return self.cell
        factor = int(found.gaps().argmax())
        return factor, int(found.information[factor].argmax())

    def moved(self, found: FactorsEvent, down: int, right: int) -> FactorsState:
        """The cell beside the one looked at, as the matrix stands."""
        order = columns_of(found)
        factor, latent = self.chosen(found)
        row = min(max(factor + down, 0), len(found.factors) - 1)
        place = min(max(order.index(latent) + right, 0), len(order) - 1)
        return dataclasses.replace(self, cell=(row, order[place]))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**dataclasses.asdict(self), "z": list(self.z), "cell": list(self.cell) if self.cell else None}

    @staticmethod
    def from_dict(values: Any, latents: int) -> FactorsState:
        """Such a state of a model with so many latents; what does not fit is as it is first."""
        state, given = FactorsState.first(latents), dict(values)
        z, cell, drawn = (given.get(name) for name in ("z", "cell", "drawn"))
        if isinstance(z, (list, tuple)) and len(z) == latents and all(map(_is_number, z)):
            state = state.at(z)
        if isinstance(cell, (list, tuple)) and len(cell) == 2 and all(map(_is_index, cell)) and cell[1] < latents:
            state = dataclasses.replace(state, cell=(cell[0], cell[1]))
        if given.get("unit") in get_args(Unit):
            state = dataclasses.replace(state, unit=given["unit"])
        return dataclasses.replace(state, drawn=given["drawn"]) if _is_index(drawn) else state

    def within(self, factors: int) -> FactorsState:
        """The same, without a cell that the matrix of so many factors does not have."""
        return self if self.cell is None or self.cell[0] < factors else dataclasses.replace(self, cell=None)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)


def _is_index(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def dead(found: FactorsEvent) -> tuple[bool, ...]:
    """Which latents the decoder has learned to ignore; none where codes are points."""
    if not float(found.kl.sum()) > 0:
        return (False,) * found.information.shape[1]
    return tuple(bool(kl < DEAD) for kl in found.kl)


def columns_of(found: FactorsEvent) -> tuple[int, ...]:
    """All latents, so that the matrix is as diagonal as can be: first one for each factor, so that together they tell
    the most, then the others by what they tell, the dead ones last."""
    told = found.shares()
    assigned = diagonal(told)
    is_dead = dead(found)
    rest = [k for k in range(told.shape[1]) if k not in assigned]
    rest.sort(key=lambda k: (is_dead[k], -float(told[:, k].max())))
    return (*assigned, *rest)


def diagonal(told: Floats) -> tuple[int, ...]:
    """A column for each row, all different, with the largest sum; fewer where there are fewer columns."""
    rows = len(told)
    candidates = sorted({int(k) for row in told for k in np.argsort(-row, kind="stable")[:rows]})
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, (-1,) * rows)}  # by the set of rows that have a column
    for column in candidates:
        for taken, (total, chosen) in list(best.items()):
            for row in range(rows):
                if not taken >> row & 1:
                    wider, sum_ = taken | 1 << row, total + float(told[row, column])
                    if wider not in best or sum_ > best[wider][0] + 1e-9:
                        best[wider] = (sum_, (*chosen[:row], column, *chosen[row + 1 :]))
    fullest = max(best, key=lambda taken: (taken.bit_count(), best[taken][0]))
    return tuple(column for column in best[fullest][1] if column >= 0)
