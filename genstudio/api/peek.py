"""Looking into a run: pictures of codes of one's own by the very generator that learns, now or as it was."""

from __future__ import annotations

from dataclasses import dataclass

from genstudio.api.events import PicturesEvent

NOW = -1  # as an iteration


@dataclass(frozen=True)
class PeekRequest:
    """Pictures of codes by the averaged generator of the run in a place; the run does not notice.

    `iteration` is NOW, or one of the past: the newest generator that is kept at or before it answers.
    `labels` are the classes of the codes, where the network knows classes; in turn if there are none.
    """

    place: int
    iteration: int
    z: tuple[tuple[float, ...], ...]
    labels: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class PeekedEvent(PicturesEvent):
    """Answer to PeekRequest: the pictures, and at which iteration the generator that drew them was.

    `classes` are the names of those that the generator knows; none if it takes no class.
    """

    iteration: int
    classes: tuple[str, ...] = ()
