"""Where a picture is from, in fields and in words, and the brush that changes it. No Qt."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from genstudio.api import Pictures, called, pack, picture_of

Tool = Literal["draw", "erase"]
OWN = -1  # the number of a picture that is drawn, dropped or pasted
BRUSH = (0.5, 10.0)  # narrowest and widest, in pixels of a picture of 28
BRUSH_REST = 2.5


def own(picture: Pictures) -> dict[str, Any]:
    """The fields of a picture that is of no dataset."""
    return {"picture": pack(picture), "number": OWN, "label": "", "converted": ""}


def paper(picture: Pictures) -> int:
    """The grey level of what is drawn on: black or white, whichever the picture's rim is nearer to."""
    rim = (picture[0], picture[-1], picture[:, 0], picture[:, -1])
    return 255 if float(np.median(np.concatenate([edge.ravel() for edge in rim]))) > 127.5 else 0


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
