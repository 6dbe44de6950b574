"""A file that lies under the mouse or was dropped: what it says of itself, and its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from genstudio.api.pictures import Pictures


@dataclass(frozen=True)
class LookRequest:
    """Read what a file was made from, and nothing is computed.

    Args:
        pixels: Whether its picture is wanted, too.
        largest: Longest side of that, px: a larger one is made smaller; 0 is as it is.
    """

    path: str
    pixels: bool = False
    largest: int = 0


@dataclass(frozen=True, eq=False)
class LookedEvent:
    """Answer to LookRequest.

    Args:
        source: The request that the file was made from; None if it does not say.
        is_film: Whether it moves.
        picture: (H, W, C), or the first of a film; None if it was not wanted or cannot be read.
        width, height: Of the picture in the file, px.
        trouble: Why the picture that was wanted cannot be read, a sentence; "" if it can.
    """

    request: LookRequest
    source: Any = None
    is_film: bool = False
    picture: Pictures | None = None
    width: int = 0
    height: int = 0
    trouble: str = ""
