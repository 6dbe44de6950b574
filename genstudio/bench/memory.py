"""Row memory: whether a game that runs for long takes more and more of it. Half an hour, so only on demand."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from genstudio.bench.child import Child, bare_environment, serve
from genstudio.bench.result import Result

EVERY_S = 5.0
ARENAS = {"gan": "Pictures with meters", "points": "Points"}
TARGET = 0.5  # MB a minute


def measure(minutes: float) -> Iterator[Result]:
    """Slope of the resident set over the second half of the time, of either arena; both run at once."""
    with bare_environment() as environment, contextlib.ExitStack() as stack:
        children = {arena: Child(__name__, arena, environment=environment) for arena in ARENAS}
        for child in children.values():
            stack.enter_context(contextlib.closing(child))
        for child in children.values():
            child.answer()
        readings = _watch(children, 60 * minutes)
    for arena, title in ARENAS.items():
        yield from results(title, readings[arena])


def results(title: str, readings: Sequence[dict[str, Any]]) -> Iterator[Result]:
    """What readings of "minutes", "mb" and "filled" say of an arena."""
    half = [reading for reading in readings if reading["minutes"] >= readings[-1]["minutes"] / 2]
    rise = slope([reading["minutes"] for reading in half], [reading["mb"] for reading in half])
    yield Result("memory", f"{title}: grows by", rise, "MB/min", "<", TARGET)
    yield Result("memory", f"{title}: at the end", readings[-1]["mb"], "MB")
    yield Result("memory", f"{title}: history filled before the second half", half[0]["filled"], "x", "≥", 1)


def slope(x: Sequence[float], y: Sequence[float]) -> float:
    """Of the straight line with the least squares; 0 of a single point."""
    x_mean, y_mean = sum(x) / len(x), sum(y) / len(y)
    spread = sum((a - x_mean) ** 2 for a in x)
    return sum((a - x_mean) * (b - y_mean) for a, b in zip(x, y, strict=True)) / spread if spread else 0.0


def resident_mb() -> float:
    """What this process has in memory now.

    Raises:
        RuntimeError: where there is no way to know.
    """
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    if shutil.which("ps"):
        said = subprocess.run(["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True, text=True, check=True)
        return int(said.stdout) * 1024 / 1e6
    raise RuntimeError("memory is measured on Linux and macOS only")


def _watch(children: dict[str, Child], seconds: float) -> dict[str, list[dict[str, Any]]]:
    """Readings of all children, which live at the same time."""
    found: dict[str, list[dict[str, Any]]] = {arena: [] for arena in children}
    start = time.monotonic()
    with ThreadPoolExecutor(len(children)) as pool:
        while (spent := time.monotonic() - start) < seconds or not all(found.values()):
            wait_s = min(EVERY_S, max(seconds - spent, 0.1))
            for arena, reading in zip(children, pool.map(partial(_read, wait_s), children.values()), strict=True):
                found[arena].append({**reading, "minutes": (time.monotonic() - start) / 60})
            _tell(start, seconds, found)
    sys.stderr.write("\n")
    return found


def _read(seconds: float, child: Child) -> dict[str, Any]:
    return child.ask(seconds=seconds)


def _tell(start: float, seconds: float, found: dict[str, list[dict[str, Any]]]) -> None:
    sizes = ", ".join(f"{ARENAS[arena]} {readings[-1]['mb']:.0f} MB" for arena, readings in found.items())
    line = f"  {(time.monotonic() - start) / 60:.1f} of {seconds / 60:g} minutes: {sizes}"
    sys.stderr.write(f"\r\033[K{line}" if sys.stderr.isatty() else "")
    sys.stderr.flush()


def main(arena: str) -> None:
    """Be the process: play a game with all of it open for as long as asked, and tell what it takes."""
    from genstudio.bench.arena import open_game, set_meters
    from genstudio.bench.desk import Desk
    from genstudio.ui.history import BUDGET_BYTES

    desk = Desk()
    page = open_game(desk, arena)
    if arena == "gan":
        set_meters(desk, page, True)

    def answer(question: dict[str, Any]) -> dict[str, Any]:
        desk.live(question["seconds"])
        history = page.run.history
        filled = 1.0 if history.stride > 1 else history.bytes / BUDGET_BYTES
        return {"mb": resident_mb(), "filled": filled, "iteration": desk.iteration}

    serve(answer)
    page.reset()
    desk.close()


if __name__ == "__main__":
    main(sys.argv[1])
