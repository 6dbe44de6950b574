"""D's eye on the samples of a run that goes on: who wants it, and what it sees."""

from __future__ import annotations

from dataclasses import dataclass, field

from genstudio.api.pictures import NO_PICTURES, Floats, Pictures


@dataclass(frozen=True)
class WatchRequest:
    """From now on the samples of the runs in a place come with what D makes of them, or no longer do.

    With `TrainEvent.numbers` "sample_outputs" and "example_outputs", what D says of the samples and of the run's real
    pictures, logits or scores, (N,) and (M,), and "sample_slopes" (N,), the steepest of each sample's slopes; and with
    `TrainEvent.views` "sample_slopes" (N, H, W, 1): the slope of D's output by each pixel, summed over the channels,
    128 for none, 255 and 1 for that steepest one up and down. The run stays as it is, bit for bit.
    """

    place: int = 0
    eye: bool = True


@dataclass(frozen=True, eq=False)
class WatchedEvent:
    """Answer to WatchRequest: how the run in the place is now, of which no event may come while it is paused.

    Where nothing can be seen `samples` is empty; `reason` says why if somebody wanted it.
    """

    request: WatchRequest
    iteration: int = 0
    samples: Pictures = field(default_factory=lambda: NO_PICTURES)
    numbers: dict[str, Floats] = field(default_factory=dict)
    views: dict[str, Pictures] = field(default_factory=dict)
    reason: str = ""
