"""What lies under the mouse or was dropped: what kind of thing it is, what it says of itself, and its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from genstudio.api.pictures import Pictures
from genstudio.api.run_folder import is_run_folder
from genstudio.files import is_diffusers_folder

Kind = Literal["gone", "file", "folder", "diffusers", "run"]  # the last two are folders, too


@dataclass(frozen=True)
class KindRequest:
    """Say what is at a path."""

    path: str


@dataclass(frozen=True)
class KindEvent:
    """Answer to KindRequest; `name` is that of the file or folder itself, also where the path is a link to it."""

    request: KindRequest
    kind: Kind
    name: str


def kind_of(request: KindRequest) -> KindEvent:
    """What is at a path, as far as the names in it say.

    Raises:
        OSError: if nobody may look.
    """
    path = Path(request.path)
    found: Kind = "file" if path.exists() else "gone"
    if path.is_dir():
        found = "diffusers" if is_diffusers_folder(path) else "run" if is_run_folder(path) else "folder"
    return KindEvent(request, found, path.resolve().name)


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
