"""`genstudio bench`: what GenStudio promises about speed, measured on this machine.

Every row runs in processes of its own, and what is compared takes turns within one run, because
times taken minutes apart differ by tens of percent on a shared machine. Stdlib only here.
"""

from __future__ import annotations

import importlib
import json as json_module
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from genstudio.bench.result import Result, table

ROWS = {
    "start": "genstudio.bench.start",
    "slider": "genstudio.bench.slider",
    "map": "genstudio.bench.manifold",
    "encode": "genstudio.bench.draw",
    "neighbours": "genstudio.bench.neighbours",
    "train": "genstudio.bench.train",
    "points": "genstudio.bench.points",
    "scrub": "genstudio.bench.scrub",
    "forward": "genstudio.bench.forward",
    "heartbeat": "genstudio.bench.heartbeat",
    "reverse": "genstudio.bench.reverse",
    "denoise": "genstudio.bench.denoise",
    "samplers": "genstudio.bench.samplers",
    "evaluate": "genstudio.bench.evaluate",
    "triptych": "genstudio.bench.triptych",
    "memory": "genstudio.bench.memory",
}
LONG = ("memory",)  # takes as many minutes as asked for, so only on demand
USUAL = tuple(row for row in ROWS if row not in LONG)
MINUTES = 30.0


def run(only: Sequence[str] = USUAL, json: Path | None = None, minutes: float = MINUTES) -> int:
    """Measure the rows, print a table, write the list of results if asked to.

    Args:
        minutes: How long the long rows take.

    Raises:
        ValueError: for an unknown row.
        RuntimeError: if a measuring process fails.
    """
    results = []
    for result in measure(only, minutes):
        results.append(result)
        print(f"  {result.name}: {result.value:.4g} {result.unit}", file=sys.stderr)
    print(table(results))
    if json is not None:
        from genstudio.files import atomic_write

        with atomic_write(json) as file:
            text = json_module.dumps([result.to_dict() for result in results], indent=2, ensure_ascii=False)
            file.write(text.encode() + b"\n")
    return 0


def measure(only: Sequence[str], minutes: float = MINUTES) -> Iterator[Result]:
    """The results of some rows, one by one.

    Raises:
        ValueError: for an unknown row.
    """
    if unknown := [name for name in only if name not in ROWS]:
        raise ValueError(f"there is no row {unknown[0]!r}; there are {', '.join(ROWS)}")
    for name in only:
        print(f"Measuring {name} ...", file=sys.stderr)
        row = importlib.import_module(ROWS[name])
        yield from row.measure(minutes) if name in LONG else row.measure()
