"""What a dropped file of a picture says of itself. Its receipt is read and nothing is computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from genstudio import api


def made_from(path: Path) -> Any:
    """The request that a file was made from; None if it does not say."""
    from genstudio import export

    try:
        return api.request_from_dict(export.read_receipt(path).get("request"))
    except (ValueError, OSError):
        return None


def is_film(path: Path) -> bool:
    """Whether it moves."""
    from genstudio import export

    try:
        return export.is_film(path)
    except OSError:
        return False


def is_sheet(source: Any) -> bool:
    """Whether a file that was made from such a request shows more than one picture, or none that a model drew."""
    if isinstance(source, api.ComparisonRequest):
        return True
    return max(api.picture_count(source), getattr(source, "preview", 1)) > 1  # of a run its samples
