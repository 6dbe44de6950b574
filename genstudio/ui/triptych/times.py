"""What pictures take, said no more surely than what was drawn here allows. No Qt."""

from __future__ import annotations

import math
import statistics
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from genstudio.api.numbers import about_ms

FEWEST, SECOND = 5, 2  # answers at once, and ways of many steps, whose spread says something
MANY, TWICE = 15, 2.0  # answers of each, and how many times as long the slower takes, before two models are ranked
NEAR = 20.0  # times as long as the other: up to here one word is said of both
CAUTION = 0.5  # share of a ratio of too few answers that is said
REMEMBERED = 60  # answers, of whose times the median is told


@dataclass(frozen=True)
class Took:
    """The median of some answers, in ms a picture, and between what most of them lie."""

    value: float
    low: float  # the 16th percentile, or the least of a few
    high: float  # the 84th
    count: int

    @property
    def about(self) -> float:
        """The median in two digits: more of them would change with every answer."""
        return float(f"{self.value:.2g}")


def took(times: Sequence[float]) -> Took | None:
    """What some answers took, in ms a picture; None without any."""
    if not times:
        return None
    value = statistics.median(times)
    if len(times) < FEWEST:
        return Took(value, min(times), max(times), len(times))
    parts = statistics.quantiles(times, n=100, method="inclusive")
    return Took(value, parts[15], parts[83], len(times))


class Times:
    """The newest times of answers, by what was measured; while a hand moves they are asked for more often than told."""

    def __init__(self) -> None:
        self._times: dict[object, deque[float]] = {}  # ms of a picture
        self._took: dict[object, Took | None] = {}  # of those that nothing was added to since

    def add(self, what: object, ms: float) -> None:
        """One more answer took so long, in ms a picture."""
        self._times.setdefault(what, deque(maxlen=REMEMBERED)).append(ms)
        self._took.pop(what, None)

    def took(self, what: object) -> Took | None:
        """What its answers took; None if there were none."""
        if what not in self._took:
            self._took[what] = took(self._times.get(what, ()))
        return self._took[what]

    def clear(self) -> None:
        """None counts any more."""
        self._times.clear()
        self._took.clear()


def differ(a: Took, b: Took) -> bool:
    """Whether one surely takes longer: after many answers of each, most of which lie on different sides."""
    slow, quick = (a, b) if a.value > b.value else (b, a)
    return min(a.count, b.count) >= MANY and quick.high < slow.low and slow.value >= TWICE * quick.value


def written(ms: float) -> str:
    """About 490 ms, about 1.3 s: without digits that mean nothing."""
    return f"about {about_ms(ms)}"


def roughly(ms: float) -> str:
    """Below what it is: under 1, 2, 5, 10 ms and so on, which is true of the number beside it and seldom changes."""
    power = 10.0 ** max(math.floor(math.log10(max(ms, 1.0))), 0)
    return f"under {about_ms(next((step * power for step in (1, 2, 5) if ms < step * power), 10 * power))}"


def of_quick(vae: Took | None, gan: Took | None) -> tuple[str, str]:
    """What is said of two models that take one pass each, "" of one unknown: the same unless they surely differ."""
    if vae is not None and gan is not None and differ(vae, gan):
        return written(vae.about), written(gan.about)
    words = iter(_alike([one.about for one in (vae, gan) if one is not None]))
    first, second = (roughly(next(words)) if one is not None else "" for one in (vae, gan))
    return first, second


def _alike(times: list[float]) -> list[float]:
    """The longest of all, if none is NEAR times as long as another; else as they are."""
    near = bool(times) and max(times) < NEAR * max(min(times), 1e-9)
    return [max(times)] * len(times) if near else times


def on_sheet(vae: Took | None, gan: Took | None, diffusion: Took | None) -> tuple[float, float, float]:
    """The numbers that the window says of each, in ms, 0 of one unknown."""
    vae_ms, gan_ms, slow_ms = (one.about if one is not None else 0.0 for one in (vae, gan, diffusion))
    return vae_ms, gan_ms, slow_ms


def basis(took: Took | None, count: int = 1) -> str:
    """Of what a number is the median, where `count` pictures are drawn at once; "" of none."""
    if took is None:
        return ""
    many = f" {count} pictures were drawn at once, which takes less for each than one alone." if count > 1 else ""
    if took.count == 1:
        return f"Of the one time that it was drawn here: {about_ms(took.value)} a picture.{many}"
    most = "all" if took.count < FEWEST else "most"
    return (
        f"The median of the {took.count} times that it was drawn here is {about_ms(took.value)} a picture; {most} took "
        f"{about_ms(took.low)} to {about_ms(took.high)}.{many}"
    )


def at_least(slow: Took, quick: Took) -> int:
    """How many times as long the slow one surely takes, rounded down to one digit; half of that where few are known."""
    is_known = quick.count >= FEWEST and slow.count >= SECOND
    ratio = slow.low / max(quick.high, 1e-9) * (1.0 if is_known else CAUTION)
    if ratio < 1:
        return 0
    power = 10 ** math.floor(math.log10(ratio) + 1e-9)
    return int(ratio / power + 1e-9) * int(power)
