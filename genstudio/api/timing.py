"""What a picture of several models takes, measured in one sitting: in turns, so that a busy machine is so for all."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from genstudio.api.quality import Band
from genstudio.api.sampling import SampleRequest

ROUNDS = 9
TOGETHER = (
    "Measured in one sitting with the others: in turns, round after round, each on one thread, after a round that does "
    "not count. The number is the median of the rounds and ± their spread, which holds what else the machine did."
)


def middle(ms: Sequence[float]) -> Band:
    """The median of some times, and half of what lies between their 16th and 84th percentile, 0 of a single one.

    That is one standard deviation of normal numbers, and one that was interrupted does not move it.
    """
    if len(ms) < 2:
        return Band(ms[0], 0.0)
    parts = statistics.quantiles(ms, n=100, method="inclusive")
    return Band(statistics.median(ms), (parts[83] - parts[15]) / 2)


@dataclass(frozen=True)
class TimesRequest:
    """Time models in turns and note it; a stream with progress.

    Args:
        samples: One for each model: how it is asked; `count` does not matter.
    """

    samples: tuple[SampleRequest, ...]
    rounds: int = ROUNDS

    @property
    def models(self) -> tuple[str, ...]:
        """Those of the samples."""
        return tuple(sample.model for sample in self.samples)


@dataclass(frozen=True)
class Timed:
    """One model of a sitting.

    Args:
        sha256: Of its file.
        way: How it was asked, see `Evaluation.way`.
        ms: What a picture took, round by round.
    """

    sha256: str
    way: str
    ms: tuple[float, ...]

    def band(self) -> Band:
        """The median of the rounds and their spread."""
        return middle(self.ms)


@dataclass(frozen=True)
class Sitting:
    """Models that were timed in turns.

    Args:
        at_once: Pictures that were drawn at once.
        machine: See `Evaluation.machine`.
        when: It ended, as ISO 8601 has it.
    """

    models: tuple[Timed, ...]
    at_once: int
    machine: str
    when: str

    def of(self, sha256: str, way: str) -> Timed | None:
        """What was measured of a file that is asked in such a way."""
        return next((one for one in self.models if (one.sha256, one.way) == (sha256, way)), None)

    def asked(self) -> tuple[object, ...]:
        """What two sittings have in common if the later one is to replace the earlier."""
        return frozenset((one.sha256, one.way) for one in self.models), self.machine


@dataclass(frozen=True)
class TimesEvent:
    """The end of a sitting; `trouble` says in a sentence why it could not be noted."""

    request: TimesRequest
    sitting: Sitting
    trouble: str = ""


def sitting_of(wanted: Mapping[str, tuple[str, str]], sittings: Iterable[Sitting]) -> Sitting | None:
    """The sitting that has most of these models; among equals the newest. None of fewer than two.

    Args:
        wanted: By model the hash of its file and its way.
        sittings: The newest first.
    """

    def covers(sitting: Sitting) -> int:
        return sum(sitting.of(*file) is not None for file in wanted.values())

    best = max(sittings, key=covers, default=None)
    return best if best is not None and covers(best) > 1 else None


def with_newest(one: Sitting, others: Sequence[Sitting]) -> tuple[Sitting, ...]:
    """A new sitting before the others; it replaces the one of the same models."""
    return one, *(other for other in others if other.asked() != one.asked())
