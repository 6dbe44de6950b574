"""What requests were asked of: their model and their codes. No Qt."""

from __future__ import annotations

from typing import Any

from genstudio import api


def codes_of(source: Any) -> tuple[tuple[float, ...], ...]:
    """The codes that a request is of, as far as it has any."""
    match source:
        case api.PathRequest(keys=codes) | api.PathSheetRequest(keys=codes) | api.DecodeRequest(z=codes):
            return codes
        case api.TraverseRequest(z=z):
            return (z,)
        case api.PlaneRequest(z=z, u=u, v=v):
            return z, u, v
    return ()


def model_of(request: Any) -> str:
    """What a request calls its model; "" if it has none."""
    return str(getattr(getattr(request, "plane", request), "model", ""))
