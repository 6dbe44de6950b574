"""Two training runs that go on together: what can be asked, and how far both are."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from genstudio.api.events import TrainEvent
from genstudio.api.training import TrainRequest


@dataclass(frozen=True)
class RaceRequest:
    """Two runs, one iteration of each in turn, in two of a session's places; a stream.

    Each is the run it would be alone, bit for bit; both have the same number of threads. Neither goes on from a file.
    """

    left: TrainRequest
    right: TrainRequest
    places: tuple[int, int] = (6, 7)


@dataclass(frozen=True, eq=False)
class RaceEvent:
    """Progress of both, which is that of the same iterations, with pictures of the same moments.

    A side that broke stays where it was told of last, without rows, and a sentence in `troubles` says why.
    """

    left: TrainEvent
    right: TrainEvent
    troubles: tuple[str, str] = ("", "")

    @property
    def iteration(self) -> int:
        """Of the side that is further: the other may have broken."""
        return max(self.left.iteration, self.right.iteration)

    def merge(self, newer: RaceEvent) -> RaceEvent:
        """Nothing is lost of either side."""
        return dataclasses.replace(newer, left=self.left.merge(newer.left), right=self.right.merge(newer.right))
