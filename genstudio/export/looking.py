"""What a dropped file says of itself. Its receipt and its pixels are read, and nothing is computed."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from genstudio import api, export
from genstudio.api import Pictures
from genstudio.errors import sentence


def look(request: api.LookRequest) -> api.LookedEvent:
    """Answer what the file was made from, and with its picture if that is wanted; a damaged file says nothing."""
    path = Path(request.path)
    event = api.LookedEvent(request, made_from(path), _is_film(path))
    if not request.pixels:
        return event
    try:
        picture = export.read_picture(path)
    except (ValueError, OSError) as error:
        return dataclasses.replace(event, trouble=sentence(error))
    height, width = picture.shape[:2]
    small = within(picture, request.largest) if request.largest else picture
    return dataclasses.replace(event, picture=small, width=width, height=height)


def made_from(path: Path) -> Any:
    """The request that a file was made from; None if it does not say."""
    try:
        return api.request_from_dict(export.read_receipt(path).get("request"))
    except (ValueError, OSError):
        return None


def within(picture: Pictures, side: int) -> Pictures:
    """A picture (H, W, C) that is no longer than `side` px, made smaller where it is."""
    longest = max(picture.shape[:2])
    if longest <= side:
        return picture
    height, width = (max(1, round(length * side / longest)) for length in picture.shape[:2])
    image = Image.fromarray(picture[..., 0] if picture.shape[2] == 1 else picture)
    return np.array(image.resize((width, height), Image.Resampling.BOX)).reshape(height, width, -1)


def _is_film(path: Path) -> bool:
    try:
        return export.is_film(path)
    except OSError:
        return False
