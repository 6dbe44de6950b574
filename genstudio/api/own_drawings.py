"""Pictures that a class draws: a folder of them, which is an ordinary dataset."""

from __future__ import annotations

from dataclasses import dataclass

from genstudio.api.pictures import Pictures


@dataclass(frozen=True, eq=False)
class Drawing:
    """One picture of a set.

    Args:
        label: The name of its class.
        number: Its place among those of the class; none is used twice. Below 0 in a request: the next that is free.
        picture: (H, W, 1); None takes it away.
    """

    label: str
    number: int
    picture: Pictures | None


@dataclass(frozen=True, eq=False)
class DrawingsRequest:
    """Write drawings into a folder, or take some away, in this order; numbered ones twice do no harm."""

    folder: str
    changes: tuple[Drawing, ...] = ()


@dataclass(frozen=True, eq=False)
class DrawingsEvent:
    """Answer to DrawingsRequest: all drawings that are in the folder now, class by class.

    Args:
        refused: Those of the changes that could not be made; all others have been.
        trouble: Why not, a sentence; "" if there are none.
        others: The names of the other sets that are beside this one.
    """

    request: DrawingsRequest
    drawings: tuple[Drawing, ...]
    refused: tuple[Drawing, ...] = ()
    trouble: str = ""
    others: tuple[str, ...] = ()
