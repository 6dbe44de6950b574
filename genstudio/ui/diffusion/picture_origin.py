"""Where a picture is from, in fields and in words, and the brush that changes it. No Qt."""

from __future__ import annotations

from typing import Any, Literal

from genstudio.api import Pictures, called, pack, picture_of
from genstudio.api.borders import border

Tool = Literal["draw", "erase"]
OWN = -1  # the number of a picture that is drawn, dropped or pasted
BRUSH = (0.5, 10.0)  # narrowest and widest, in pixels of a picture of 28
BRUSH_REST = 2.5


def own(picture: Pictures) -> dict[str, Any]:
    """The fields of a picture that is of no dataset."""
    return {"picture": pack(picture), "number": OWN, "label": "", "converted": ""}


def paper(picture: Pictures) -> int:
    """The grey level of what is drawn on: black or white, whichever the picture's rim is nearer to."""
    return 255 if border(picture[None]) > 0.5 else 0


def other_way_round(dataset: str, usual: float) -> str:
    """That a picture is inverted, in a sentence."""
    light, dark = "light on dark", "dark on light"
    is_dark = usual < 0.5
    return (
        f"Pictures of {called(dataset)} are {light if is_dark else dark}, and this one is {dark if is_dark else light}."
    )


def is_picture(text: str) -> bool:
    """Whether a text carries a picture."""
    return picture_of(text) is not None


def origin(number: int, dataset: str, label: str, converted: str, total: int) -> str:
    """Where a picture is from, in a sentence; `total` pictures are in its dataset."""
    if number == OWN:
        return f"Your own picture{', ' + converted if converted else ''}."
    of = f" It is of the class {label}." if label else ""
    count = f" of {total:,}" if total else ""
    done = f" It was {converted}." if converted else ""
    return f"Picture {number:,}{count} held out of {called(dataset)}.{of}{done}"
