"""One measured number beside its target, and a table of them."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

TESTS = {"<": operator.lt, "≥": operator.ge}


@dataclass(frozen=True)
class Result:
    """A number and, where there is one, what it should be."""

    row: str
    name: str
    value: float
    unit: str
    sense: Literal["<", "≥"] = "<"
    target: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        return None if self.target is None else bool(TESTS[self.sense](self.value, self.target))

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "row": self.row,
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "target": self.target,
            "met": self.met,
        }


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` percent of all do not exceed."""
    return sorted(values)[max(math.ceil(len(values) * share / 100) - 1, 0)]


def table(results: Sequence[Result]) -> str:
    """A Markdown table, as the README shows it."""
    lines = ["| row | what | measured | target | met |", "| --- | --- | ---: | ---: | --- |"]
    for result in results:
        target = "" if result.target is None else f"{result.sense} {result.target:g} {result.unit}"
        met = {True: "yes", False: "**no**", None: ""}[result.met]
        lines.append(f"| {result.row} | {result.name} | {_digits(result.value)} {result.unit} | {target} | {met} |")
    return "\n".join(lines)


def _digits(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
