"""What an export writes: how many pictures and frames a request has, which columns suit it, its file's name."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

from genstudio import api

FORMATS = {"WebP": ".webp", "APNG": ".png", "GIF": ".gif", "MP4": ".mp4"}
MAX_SIDE = 16384  # px of an exported picture
FILM_S = 4.0  # seconds of a film, where it has frames for them
RATES = (4.0, 20.0)  # frames a second that a film is offered with


def source_of(target: Any) -> Any:
    """The request inside an export request, or the request itself."""
    return target if isinstance(target, api.WritePicturesRequest) else getattr(target, "source", target)


def count_of(target: Any, film: bool = False) -> int:
    """How many pictures one grid of it has, or one frame of a film."""
    return (api.frame_count if film else api.picture_count)(source_of(target))


def frames_of(target: Any) -> int:
    """How many frames a film of it has."""
    return api.moment_count(source_of(target))


def film_frames(target: Any, fps: float) -> int:
    """How many frames a film is offered with: a way from one code to another lasts FILM_S, whatever its strip shows."""
    frames = frames_of(target)
    return max(frames, round(FILM_S * fps)) if isinstance(source_of(target), api.InterpolateRequest) else frames


def rate_of(target: Any) -> float:
    """The frames a second at which a film of it lasts about FILM_S, within what the eye likes."""
    if isinstance(source_of(target), api.InterpolateRequest):
        return RATES[1]
    return float(min(max(round(frames_of(target) / FILM_S), RATES[0]), RATES[1]))


def can_stretch(target: Any) -> bool:
    """Whether a film of it can have another number of frames than the page shows."""
    return isinstance(source_of(target), (api.InterpolateRequest, api.PathRequest))


def columns_of(target: Any, film: bool) -> int:
    """The columns that suit it: those it comes with; a map is square, an interpolation one strip, the rest near
    square and, if it can be, without empty cells."""
    if isinstance(target, (api.ExportFilmRequest, api.ExportGridRequest)) and target.layout.columns:
        return target.layout.columns
    source = source_of(target)
    if film and api.frame_count(source) == 1:
        return 1
    if not film and (columns := api.natural_columns(source)):
        return columns
    count = count_of(target, film)
    side = max(round(count**0.5), 1)
    return min(range(side, 2 * side), key=lambda columns: count % columns > 0)


def can_redraw(target: Any) -> bool:
    """Whether another number of pictures can be drawn than the page shows."""
    return isinstance(source_of(target), (api.SampleRequest, api.DenoiseRequest, api.InterpolateRequest))


def name_of(target: Any) -> str:
    """A file name that says what is in it: mnist-ddpm-denoise-seed7."""
    source = source_of(target)
    if isinstance(source, api.WritePicturesRequest):
        dataset = Path(source.source.dataset).stem
        return _plain(f"{dataset}-{source.source.family}-iteration{source.iteration}")
    verb = type(source).__name__.removesuffix("Request").lower()
    seed = f"-seed{source.seed}" if hasattr(source, "seed") else ""
    return _plain(f"{Path(source.model).stem}-{verb}{seed}")


def problem_of(path: Path, side_px: int, film: bool) -> str:
    """Why a file of that size cannot be written there, as one sentence; "" if it can."""
    ends = tuple(FORMATS.values()) if film else (".png",)
    if side_px > MAX_SIDE:
        return f"Larger than {MAX_SIDE:,} px; choose a smaller scale."
    if not path.name or path.is_dir():
        return "Give the file a name."
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}."
    return "" if path.suffix.lower() in ends else f"The name must end in {' or '.join(ends)}."


def filled(target: Any, film: bool, layout: api.GridLayout, path: str, fps: float, count: int = 0) -> Any:
    """The request that writes `target` with this layout to this path; `count` changes how many are drawn."""
    source = source_of(target)
    if count and (can_stretch(source) if film else isinstance(source, api.InterpolateRequest)):
        source = dataclasses.replace(source, steps=count)
    elif count and can_redraw(source):
        source = dataclasses.replace(source, count=count)
    if isinstance(target, api.WritePicturesRequest):
        return dataclasses.replace(target, layout=layout, path=path, fps=fps)
    if isinstance(target, api.ExportFilmRequest):
        return dataclasses.replace(target, source=source, layout=layout, path=path, fps=fps)
    if isinstance(target, api.ExportGridRequest):
        return dataclasses.replace(target, source=source, layout=layout, path=path)
    if film:
        return api.ExportFilmRequest(source, layout, path, fps)
    return api.ExportGridRequest(source, layout, path)


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._]+", "-", name).strip("-.")[:120] or "genstudio"
