"""The steps of each column as far as they are computed, and which of them belong to one moment. No Qt."""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from genstudio import api
from genstudio.ui.diffusion.compare_state import SHOWN
from genstudio.ui.history import History

BUDGET_BYTES = 16_000_000  # of one column
MOST_KEPT = 10  # finished columns
Apart = Literal["", "earlier", "later"]


@dataclass(frozen=True, eq=False)
class Moment:
    """A step, and what the column has taken until then."""

    step: api.Step
    ms: float


class Track:
    """One column: `levels` is the share of noise of each of its states, empty until it is known.

    Args:
        run: Number of the stream that computes it: times of different ones are not compared.
    """

    def __init__(self, request: api.DenoiseRequest, run: int = 0) -> None:
        self.request, self.run = request, run
        self.levels: tuple[float, ...] = ()
        self.error = ""
        self.kept: History[Moment] = History(BUDGET_BYTES)
        self._places: dict[api.By, list[float]] = {}

    @property
    def is_complete(self) -> bool:
        """Whether its clean pictures are there."""
        return self.newest == len(self.levels) - 1 >= 0

    @property
    def newest(self) -> int:
        """Index of the newest step, -1 without any."""
        return self.kept[-1].step.index if len(self.kept) else -1

    def tell(self, levels: tuple[float, ...]) -> None:
        """It is known how noisy its states will be."""
        self.levels, self._places = levels, {}

    def add(self, step: api.Step) -> None:
        """One step more, of which the layers that are compared are kept."""
        before = self.kept[-1].ms if len(self.kept) else 0.0
        layers = {layer: step.layers[layer] for layer in SHOWN}
        moment = Moment(dataclasses.replace(step, layers=layers), before + step.compute_ms)
        self.kept.append(moment, sum(pictures.nbytes for pictures in layers.values()))

    def places(self, by: api.By) -> list[float]:
        """Where its states are, 0 to 1."""
        if by not in self._places:
            self._places[by] = api.places_of(self.levels, by)
        return self._places[by]

    def at(self, place: float, by: api.By) -> Moment | None:
        """What is to be seen of it at a place; of a long way the nearest step before that is kept."""
        if not len(self.kept):
            return None
        return self.kept[self.kept.position_of(api.step_at(self.places(by), place))]

    def known_until(self, by: api.By) -> float:
        """The place of the state that is to come next; beyond the end if there is none."""
        if self.error or self.is_complete:
            return 2.0
        return self.places(by)[self.newest + 1] if self.levels else 0.0


class Tracks:
    """The columns of a request, and those that were finished before, which are not computed again."""

    def __init__(self) -> None:
        self.shown: list[Track] = []
        self.asked: api.CompareSamplersRequest | None = None  # of the stream: only what is not there
        self._finished: OrderedDict[api.DenoiseRequest, Track] = OrderedDict()
        self._run = 0  # of the newest stream

    def begin(self, request: api.CompareSamplersRequest) -> api.CompareSamplersRequest | None:
        """Take up a request; what is still to be computed of it, None if nothing is."""
        fresh: dict[api.DenoiseRequest, Track] = {}
        self._run += 1
        ways = api.columns_of(request)
        self.shown = [self._finished.get(way) or fresh.setdefault(way, Track(way, self._run)) for way in ways]
        missing = (way for way, track in zip(request.ways, self.shown, strict=True) if not track.is_complete)
        to_do = tuple(dict.fromkeys(missing))
        self.asked = api.CompareSamplersRequest(to_do, request.seed, request.count, request.label) if to_do else None
        return self.asked

    def take(self, event: api.CompareSamplersEvent) -> bool:
        """Note an event; False if it is of another request."""
        if self.asked is None or event.request != self.asked:
            return False
        by_way = {track.request: track for track in self.shown}
        asked = [by_way[way] for way in api.columns_of(self.asked)]
        for track, levels in zip(asked, event.levels, strict=False):
            track.tell(levels)
        for column, why in event.failed:
            asked[column].error = why
        for column, step in event.steps:
            asked[column].add(step)
        for track in asked:
            if track.is_complete:
                self._finished[track.request] = track
                self._finished.move_to_end(track.request)
        while len(self._finished) > MOST_KEPT:
            self._finished.popitem(last=False)
        return True

    def forget(self) -> None:
        """No column that was finished before counts: a model file has changed."""
        self._finished.clear()

    def moments(self, by: api.By) -> list[float]:
        """All places where a column shows another step."""
        return sorted({round(place, 9) for track in self.shown for place in track.places(by)})

    def known(self, moments: Sequence[float], by: api.By) -> int:
        """The last of these moments for which all columns have their step."""
        if not self.shown:
            return 0
        return max(bisect_left(moments, round(min(track.known_until(by) for track in self.shown), 9)) - 1, 0)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is to come."""
        return bool(self.shown) and all(track.is_complete or track.error for track in self.shown)


def apart(tracks: Sequence[Track]) -> list[Apart]:
    """Of each column whether it was timed with most of the others, and if not, when: a computer is not always as fast.

    Of as many and as many the newest count as most.
    """
    runs = Counter(track.run for track in tracks)
    common = max(runs, key=lambda run: (runs[run], run), default=0)
    return ["" if track.run == common else "earlier" if track.run < common else "later" for track in tracks]
