"""A race as the window knows it: how far both sides are, their moments and curves."""

from __future__ import annotations

import dataclasses
import math
from typing import Any, NamedTuple

import numpy as np

from genstudio.api import Floats, RaceEvent, RaceRequest, TrainEvent
from genstudio.settings import PLANAR
from genstudio.settings.adversarial import LOG_LOSSES
from genstudio.ui.history import Reel
from genstudio.ui.race.contest import PLACES
from genstudio.ui.tabs.training_run import Moment, RunState, TrainingRun
from genstudio.ui.widgets.curves import CurveBuffer, trend_window
from genstudio.ui.widgets.curves import Floats as Curve

LOSSES, SCORES = ("d_loss", "g_loss"), ("d_real", "d_fake")
CURVES = {"losses": 4, "verdict": 2, "distance": 2, "scores": 4}  # columns: left and right of each quantity in turn


class Pair(NamedTuple):
    """Both sides at one iteration; a side that broke shows its last good moment."""

    iteration: int
    left: Moment
    right: Moment

    @property
    def sides(self) -> tuple[Moment, Moment]:
        """Left and right."""
        return self.left, self.right


class RaceRun:
    """What the page shows of a race: `history` holds its moments and where one looks."""

    def __init__(self) -> None:
        self.request: RaceRequest | None = None
        self.names = ("", "")  # of the sides
        self.sides = tuple(TrainingRun(place) for place in PLACES)
        self.state: RunState = "none"
        self.troubles = ("", "")
        self.iteration = 0
        self.history: Reel[Pair] = Reel()
        self.curves = {name: CurveBuffer(columns) for name, columns in CURVES.items()}
        self._apart: tuple[int, Curve] | None = None  # iteration and distances of both, when they were told last
        self._measured = 0  # measurements in the curves

    def begin(self, request: RaceRequest, names: tuple[str, str]) -> None:
        """From now on it goes on."""
        self.request, self.names = request, names
        for side, train in zip(self.sides, (request.left, request.right), strict=True):
            side.begin(train)
        self.set_state("running")

    @property
    def stands(self) -> RunState:
        """Its state; a race has no goal beyond which it could go."""
        return self.state

    def set_state(self, state: RunState) -> None:
        """Note the state and the time spent racing."""
        self.state = state
        for side, trouble in zip(self.sides, self.troubles, strict=True):
            side.set_state("failed" if trouble else state)

    @property
    def is_alive(self) -> bool:
        """Whether it can go on."""
        return self.state in ("running", "paused")

    @property
    def iterations_per_s(self) -> float:
        """Of both together; 0 before the first."""
        rates = [side.iterations_per_s for side, trouble in zip(self.sides, self.troubles, strict=True) if not trouble]
        return 1 / sum(1 / rate for rate in rates) if rates and all(rates) else 0.0

    def seconds(self) -> float:
        """Time spent racing."""
        return max(side.seconds() for side in self.sides)

    def is_of_points(self, side: int) -> bool:
        """Whether a side learns points."""
        return self._train(side).family in PLANAR

    def is_critic(self, side: int) -> bool:
        """Whether D of a side gives scores instead of probabilities."""
        return self._train(side).settings.loss not in LOG_LOSSES

    def _train(self, side: int) -> Any:
        assert self.request is not None
        return (self.request.left, self.request.right)[side]

    def take(self, event: RaceEvent) -> None:
        """Note how far both are, their losses, and the newest moment."""
        told = event.left, event.right
        self.troubles, self.iteration = event.troubles, event.iteration
        for side, news in zip(self.sides, told, strict=True):
            side.take(dataclasses.replace(news, samples=()))
        self.set_state(self.state)
        self._take_rows(told)
        before = self.history[-1].sides if len(self.history) else (None, None)
        moments = [_moment(news) or old for news, old in zip(told, before, strict=True)]
        left, right = moments
        if any(news.samples for news in told) and left is not None and right is not None:
            pair = Pair(max(left.iteration, right.iteration), left, right)
            self.history.append(pair, _bytes(left) + _bytes(right))
            if self.is_of_points(0):
                self._take_distances(pair)
        if not self.is_of_points(0):
            self._take_measured()

    def scores_at(self, iteration: int | None = None) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """D(real) and D(fake) of both as the curves have them, at their end or at an iteration; None before any.

        A side that has stopped stays at its last ones; curves that run on with the other would blur them.
        """
        buffer = self.curves["scores"]
        x = buffer.x()
        if not len(x):
            return None
        nearest = -1 if iteration is None else int(np.abs(x - iteration).argmin())
        newest = buffer.last()
        stopped = [self._has_stopped(side, iteration) for side in (0, 1)] * 2
        means = (buffer.mean(k, trend_window(x)) for k in range(4))
        values = [float(newest[k]) if stopped[k] else _last(mean, nearest) for k, mean in enumerate(means)]
        return (values[0], values[2]), (values[1], values[3])

    def _has_stopped(self, side: int, iteration: int | None) -> bool:
        """Whether a side had broken at an iteration, or by now."""
        return bool(self.troubles[side]) and (iteration is None or iteration >= self.sides[side].iteration)

    def _take_rows(self, told: tuple[TrainEvent, TrainEvent]) -> None:
        count = max(len(news.rows) for news in told)
        if not count:
            return
        columns = {name: [_column(news, name, count) for news in told] for name in (*LOSSES, *SCORES)}
        real, fake = (np.stack(columns[name], 1) for name in SCORES)
        self.curves["losses"].extend(np.concatenate([np.stack(columns[name], 1) for name in LOSSES], 1))
        self.curves["scores"].extend(np.concatenate([real, fake], 1))
        self.curves["verdict"].extend(real - fake)

    def _take_distances(self, pair: Pair) -> None:
        """A straight line from what was told last."""
        now = np.array([_distance(moment, pair.iteration) for moment in pair.sides], np.float64)
        if self._apart is not None and (count := pair.iteration - self._apart[0]) > 0:
            share = np.arange(1, count + 1)[:, None] / count
            self.curves["distance"].extend(self._apart[1] + share * (now - self._apart[1]))
        self._apart = pair.iteration, now

    def _take_measured(self) -> None:
        """Straight lines between what the meters have found, as far as both have been measured."""
        found = [side.signs.measured.values() for side in self.sides]
        count = sum(map(len, found))
        if not all(found) or count == self._measured:
            return
        self._measured = count
        at = [[one.iteration for one in one_side] for one_side in found]
        first, last = max(x[0] for x in at), min(x[-1] for x in at)
        x = np.array(sorted({place for places in at for place in places if first <= place <= last}), np.float64)
        values = [[one.meters.frechet.value for one in one_side] for one_side in found]
        if len(x) > 1:
            rows = np.stack([np.interp(x, *known) for known in zip(at, values, strict=True)], 1)
            self.curves["distance"].begin_with(x, rows, last)


def _moment(news: TrainEvent) -> Moment | None:
    return Moment(*news.samples[-1], news.views, news.numbers) if news.samples else None


def _bytes(moment: Moment) -> int:
    views, numbers = moment.views.values(), moment.numbers.values()
    return moment.samples.nbytes + sum(view.nbytes for view in views) + sum(array.nbytes for array in numbers)


def _distance(moment: Moment, iteration: int) -> float:
    """What a moment tells of how far it is from real points; NaN where it does not, or belongs to another iteration."""
    known = moment.numbers.get("wasserstein") if moment.iteration == iteration else None
    return float(known[0]) if known is not None else math.nan


def _column(news: TrainEvent, name: str, count: int) -> Floats:
    """A side's numbers of the newest iterations; NaN where it has stopped."""
    values = np.full(count, np.nan, np.float32)
    if name in news.names and len(news.rows):
        values[: len(news.rows)] = news.rows[:, news.names.index(name)]
    return values


def _last(values: Curve, place: int) -> float:
    """The number at a place; at the end, and where there is none, the newest."""
    known = values[np.isfinite(values)]
    if place == -1 or not math.isfinite(values[place]):
        return float(known[-1]) if len(known) else math.nan
    return float(values[place])
