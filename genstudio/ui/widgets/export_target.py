"""What an export writes: how many pictures and frames a request has, which columns suit it, its file's name."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from genstudio import api
from genstudio.api.own_pictures import path_of
from genstudio.errors import counted
from genstudio.settings.schedules import PEN
from genstudio.ui.widgets.figure import SHARPNESS, Figure, sheet_size

STILL = {"PNG": ".png"}
CURVES = {"PNG": ".png", "SVG": ".svg", "CSV": ".csv"}
RUN = {"JSON": ".json"}
TABLE = {"PNG": ".png", "CSV": ".csv", "Markdown": ".md"}
FORMATS = {"WebP": ".webp", "APNG": ".png", "GIF": ".gif", "MP4": ".mp4"}
TABLES = (api.ClassGridRequest, api.WritePicturesRequest)  # whose rows are classes, where they have headings
MAX_SIDE = 16384  # px of an exported picture
FILM_S = 4.0  # seconds of a film, where it has frames for them
MANY_STEPS = 200  # that take a moment
RATES = (4.0, 20.0)  # frames a second that a film is offered with


@dataclass(frozen=True, eq=False)
class CurvesTarget:
    """The curves of a run, or of a race with `beside` as its right side, to be drawn when it is known as what."""

    source: api.TrainRequest
    iteration: int
    figure: Figure
    beside: api.TrainRequest | None = None


@dataclass(frozen=True, eq=False)
class TableTarget:
    """A comparison of models: its texts, and its picture, which is taken when it is known that one is wanted."""

    source: api.ComparisonRequest
    csv: str
    markdown: str
    draw: Callable[[], api.Pictures]
    measures: int = 0  # lines of the table


def is_of_run(target: Any) -> bool:
    """Whether it has no pictures to lay out: curves, the run itself, or a table."""
    return isinstance(target, (CurvesTarget, TableTarget, api.WriteRunRequest))


def is_drawn(target: Any) -> bool:
    """Whether its pictures are as fine as they can be already: enlarged they would only be coarse."""
    return isinstance(target, api.WritePicturesRequest) and target.samples is not None


def is_table(target: Any) -> bool:
    """Whether it is a row for each class, after its name."""
    return isinstance(source_of(target), TABLES) and api.has_headings(source_of(target))


def has_own_columns(target: Any, film: bool) -> bool:
    """Whether other columns would part its pictures from their headings, or from the names before its rows."""
    source = source_of(target)
    return api.has_headings(source) or (isinstance(source, api.InvertRequest) and not film)


def formats_of(target: Any, film: bool) -> dict[str, str]:
    """The kinds of file that it can be written as, with their endings."""
    if isinstance(target, CurvesTarget):
        return CURVES
    if isinstance(target, TableTarget):
        return TABLE
    return RUN if isinstance(target, api.WriteRunRequest) else FORMATS if film else STILL


def title_of(target: Any, film: bool) -> str:
    """What is exported."""
    if isinstance(target, CurvesTarget):
        return "Export curves"
    if isinstance(target, api.WriteRunRequest):
        return "Export the run"
    if isinstance(target, TableTarget):
        return "Export comparison"
    return "Export film" if film else "Export class grid" if is_table(target) else "Export picture"


def facts_of(target: Any, ending: str) -> str:
    """What the file of curves or of a run will hold, in a line."""
    if isinstance(target, api.WriteRunRequest):
        changes = sum(change.name != api.THREADS for change in target.source.changes)
        return (
            f"{counted(target.iteration, 'iteration')} · {counted(changes, 'change')} on the way · drop it on the "
            "window, or run genstudio replay, and the run is repeated and compared"
        )
    if isinstance(target, TableTarget):
        what = f"{counted(len(target.source.models), 'model')} · {counted(target.measures, 'measure')}"
        return what if ending == ".md" else f"{what} · drop the file on the window, and these models are compared again"
    figure: Figure = target.figure
    if ending == ".csv":
        rows = len(np.unique(np.concatenate([np.empty(0), *(series.x for series in figure.series())])))
        what = f"{len(figure.series())} series · {rows:,} rows"
    else:
        width, height = sheet_size(figure)
        size = f"{width} × {height}" if ending == ".svg" else f"{SHARPNESS * width:,} × {SHARPNESS * height:,} px"
        what = f"{size} · {counted(len(figure.plots), 'plot')}, dark on white"
    return f"{what} · the file says how to repeat the run"


def source_of(target: Any) -> Any:
    """The request inside an export request, or the request itself."""
    return target if isinstance(target, api.WritePicturesRequest) else getattr(target, "source", target)


def count_of(target: Any, film: bool = False) -> int:
    """How many pictures one grid of it has, or one frame of a film."""
    return (api.frame_count if film else api.picture_count)(source_of(target))


def seen_on(target: Any) -> tuple[int, int] | None:
    """Pictures and their rows on a sheet that has more tiles than those; None of what has not."""
    found = api.pictures_on(source_of(target))
    return found if found[0] else None


def made_of(target: Any) -> str:
    """How its file is made, now and another time."""
    steps = api.steps_again(source_of(target))
    now = f" · all {steps:,} steps are computed again" if steps >= MANY_STEPS else ""
    return f"the file says how to make it again{now}"


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
    if (not film or api.has_headings(source)) and (columns := api.natural_columns(source)):
        return columns
    count = count_of(target, film)
    side = max(round(count**0.5), 1)
    return min(range(side, 2 * side), key=lambda columns: count % columns > 0)


def can_redraw(target: Any) -> bool:
    """Whether another number of pictures can be drawn than the page shows."""
    return isinstance(source_of(target), (api.SampleRequest, api.DenoiseRequest, api.InterpolateRequest))


def name_of(target: Any) -> str:
    """A file name that says what is in it: mnist-ddpm-denoise-seed7, triptych-mnist-vae-mnist-gan-mnist-ddpm."""
    source = source_of(target)
    if isinstance(target, (api.WritePicturesRequest, CurvesTarget, api.WriteRunRequest)):
        what = "-curves" if isinstance(target, CurvesTarget) else "-run" if is_of_run(target) else ""
        what = "-classes" if api.has_headings(target) else what
        dataset = Path(api.called(path_of(target.source.dataset)).lower()).stem
        return _plain(f"{dataset}-{target.source.family}{what}-iteration{target.iteration}")
    verb = type(source).__name__.removesuffix("Request").lower()
    seed = f"-seed{source.seed}" if hasattr(source, "seed") else ""
    models = dict.fromkeys(getattr(source, "models", ()))
    if len(models) > 1:  # what it is first, for many names may be cut
        return _plain(f"{verb}-{'-'.join(Path(model).stem for model in models)}{seed}")
    of = _noised(source) if isinstance(source, api.ForwardRequest) else Path(source.model).stem
    return _plain(f"{of}-{verb}{seed}")


def _noised(source: api.ForwardRequest) -> str:
    """Whose picture, and by which schedule: mnist-12-cosine-T1000."""
    origin, schedule = source.origin, "drawn" if source.schedule.startswith(PEN) else source.schedule
    of = f"{Path(api.called(path_of(origin.dataset)).lower()).stem}-{origin.number}" if origin is not None else "own"
    return f"{of}-{schedule}-T{source.timesteps}"


def problem_of(path: Path, side_px: int, ends: tuple[str, ...]) -> str:
    """Why a file of that size and one of these endings cannot be written there, as one sentence; "" if it can."""
    if side_px > MAX_SIDE:
        return f"Larger than {MAX_SIDE:,} px; choose a smaller scale."
    if not path.name or path.is_dir():
        return "Give the file a name."
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}."
    return "" if path.suffix.lower() in ends else f"The name must end in {' or '.join(ends)}."


def filled(target: Any, film: bool, layout: api.GridLayout, path: str, fps: float, count: int = 0) -> Any:
    """The request that writes `target` with this layout to this path; `count` changes how many are drawn."""
    if isinstance(target, CurvesTarget):
        return _drawn(target, path)
    if isinstance(target, TableTarget):
        ending, source = Path(path).suffix.lower(), target.source
        if ending == ".png":
            return api.WriteComparisonRequest(source, path, picture=target.draw())
        return api.WriteComparisonRequest(source, path, target.csv if ending == ".csv" else target.markdown)
    if isinstance(target, api.WriteRunRequest):
        return dataclasses.replace(target, path=path)
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


def _drawn(target: CurvesTarget, path: str) -> api.WriteCurvesRequest:
    """Curves as the ending of the file wants them."""
    from genstudio.ui.widgets import figure_painter

    series = target.figure.series()
    request = api.WriteCurvesRequest(target.source, target.iteration, series, path, beside=target.beside)
    ending = Path(path).suffix.lower()
    if ending == ".png":
        return dataclasses.replace(request, picture=figure_painter.as_picture(target.figure))
    return dataclasses.replace(request, drawing=figure_painter.as_svg(target.figure)) if ending == ".svg" else request


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._]+", "-", name).strip("-.")[:120] or "genstudio"
