"""Where models stand on a radar of the aspects: from the worst of them to the best."""

from __future__ import annotations

import math
from dataclasses import dataclass

from genstudio.api.aspects import ASPECTS, MEASURES, RATIOS, AspectName
from genstudio.api.comparison import Line, Table

SCALING = (
    "On each axis the worst of these models is on the inner ring and the best on the outer one; distances, times and "
    "sizes go by their logarithm. All stand outside where none surely differs; a gap is no number."
)


@dataclass(frozen=True)
class Axis:
    """An aspect by one of its measures.

    Args:
        name: Of MEASURES; "" where no measure of the aspect can be compared.
        places: Of each model from 0, the worst, to 1, the best; None where there is no number.
    """

    aspect: AspectName
    name: str
    places: tuple[float | None, ...]


def axes_of(table: Table) -> tuple[Axis, ...]:
    """One axis for each aspect, by the first of its measures of which two models have comparable numbers."""
    axes = []
    for aspect in ASPECTS:
        lines = [line for line in table.lines if line.aspect == aspect]
        line = next((line for line in lines if _can_compare(line)), None)
        if line is None:
            axes.append(Axis(aspect, "", (None,) * len(table.models)))
        else:
            axes.append(Axis(aspect, line.name, _places(line)))
    return tuple(axes)


def _can_compare(line: Line) -> bool:
    return bool(line.compared())


def _places(line: Line) -> tuple[float | None, ...]:
    bands = [cell.ranked() if k in line.compared() else None for k, cell in enumerate(line.cells)]
    values = [None if band is None else band.value for band in bands]
    known = [value for value in values if value is not None]
    if not line.best:
        return tuple(None if value is None else 1.0 for value in values)
    is_ratio = line.name in RATIOS and min(known) > 0
    scaled = [None if value is None else math.log(value) if is_ratio else value for value in values]
    found = [value for value in scaled if value is not None]
    best, worst = (min, max) if MEASURES[line.name].better == "less" else (max, min)
    span = best(found) - worst(found)
    return tuple(None if value is None else (value - worst(found)) / span for value in scaled)
