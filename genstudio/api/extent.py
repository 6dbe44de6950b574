"""How many pictures and moments a request has, and in which columns they stand by nature."""

from __future__ import annotations

import math
from typing import Any

from genstudio.api.classes import ClassGridRequest
from genstudio.api.compare import BETWEEN, COLUMNS, HELD_OUT, RANDOM, ROWS, CompareRequest
from genstudio.api.copied import CopiedRequest
from genstudio.api.forward import ForwardRequest
from genstudio.api.inversion import InvertRequest, SlerpRequest
from genstudio.api.one_picture import MOMENTS as FOUND_MOMENTS
from genstudio.api.one_picture import ROWS as FOUND_ROWS
from genstudio.api.one_picture import OnePictureRequest
from genstudio.api.requests import (
    DecodeRequest,
    InterpolateRequest,
    MapRequest,
    WalkFilmRequest,
    WritePicturesRequest,
)
from genstudio.api.samplers import SamplersSheetRequest
from genstudio.api.sampling import DenoiseRequest, SampleRequest
from genstudio.api.study import FactorSheetRequest, PathRequest, PlaneRequest, TraverseRequest
from genstudio.api.triptych import MOMENTS, TriptychRequest
from genstudio.api.ways import ROWS as WAYS
from genstudio.api.ways import PathSheetRequest

SHEETS = (
    ClassGridRequest,
    CompareRequest,
    CopiedRequest,
    FactorSheetRequest,
    OnePictureRequest,
    PathSheetRequest,
    SamplersSheetRequest,
    TriptychRequest,
)


def picture_count(source: Any) -> int:
    """Pictures of one grid of it; 1 for what makes no grid."""
    match source:
        case CompareRequest():
            return source.columns() * ROWS
        case SamplersSheetRequest() | TriptychRequest() | CopiedRequest():
            return source.columns() * source.rows()
        case OnePictureRequest():
            return source.columns() * FOUND_ROWS
        case InvertRequest():
            return 3 * natural_columns(source)
        case SampleRequest(count=count) | DenoiseRequest(count=count) | SlerpRequest(count=count):
            return count
        case DecodeRequest(z=z):
            return len(z)
        case MapRequest(cells=cells) | PlaneRequest(cells=cells):
            return cells * cells
        case ForwardRequest(steps=steps, told=told):  # over them the schedule, below each how much of what it is
            return 3 * steps if told else steps
        case InterpolateRequest(steps=steps) | PathRequest(steps=steps):
            return steps
        case TraverseRequest(dims=dims, values=values):
            return len(dims) * len(values)
        case ClassGridRequest(labels=labels):
            return len(labels) * natural_columns(source)
        case PathSheetRequest():
            return len(WAYS) * natural_columns(source)
        case FactorSheetRequest(dims=dims):
            return (1 + len(dims)) * natural_columns(source)
        case WalkFilmRequest(count=count, picture=picture):
            return count if picture < 0 else 1
        case WritePicturesRequest(films=films, classes=classes):
            return len(classes) * natural_columns(source) if classes else int(films.shape[1])
    return 1


def pictures_on(source: Any) -> tuple[int, int]:
    """Pictures on a sheet, and rows of them, without its headings, its words and what is empty; 0, 0 of what is no such
    sheet."""
    match source:
        case TriptychRequest():
            return len(source.panels) * source.count, source.high()
        case SamplersSheetRequest():
            return len(source.models) * source.asked.count, source.high()
        case CopiedRequest():
            return 2 * source.count, 2 * math.ceil(source.count / source.wide())
        case OnePictureRequest():  # below each that is given back stands the difference
            return 1 + 2 * len(source.models), FOUND_ROWS - 1
        case CompareRequest():  # those held out stand beside what each model gives back of them
            return HELD_OUT + len(source.models) * (each := HELD_OUT + RANDOM + BETWEEN), each // COLUMNS
        case FactorSheetRequest(dims=dims, values=values):
            return len(dims) * len(values), len(dims)
        case ForwardRequest(steps=steps, told=True):
            return steps, 1
        case InvertRequest():
            return 3 * len(source.columns()), 3
        case PathSheetRequest(steps=steps):
            return len(WAYS) * steps, len(WAYS)
    return 0, 0


def moment_count(source: Any) -> int:
    """Frames of a film of it; 1 for what makes no film."""
    match source:
        case InterpolateRequest(steps=steps) | PathRequest(steps=steps) | WalkFilmRequest(steps=steps):
            return steps
        case ForwardRequest(steps=steps) | SlerpRequest(count=steps):
            return steps
        case InvertRequest():
            return len(source.frames())
        case TraverseRequest(values=values):
            return len(values)
        case DenoiseRequest(steps=steps):
            return steps + 1
        case SamplersSheetRequest():
            return source.frames()
        case OnePictureRequest():
            return FOUND_MOMENTS
        case TriptychRequest():
            return MOMENTS
        case WritePicturesRequest(films=films):
            return len(films)
    return 1


def steps_again(source: Any) -> int:
    """Steps of reverse processes that are computed again when it is written; 0 of what has none."""
    match source:
        case SamplersSheetRequest(asked=asked):
            return sum(way.steps for way in asked.ways)
        case DenoiseRequest(steps=steps):
            return steps
    return 0


def frame_count(source: Any) -> int:
    """Pictures of one moment of a film of it."""
    match source:
        case InterpolateRequest() | PathRequest() | ForwardRequest() | SlerpRequest():
            return 1
        case InvertRequest():  # up, back, and their difference
            return 3
        case TraverseRequest(dims=dims):
            return len(dims)
    return picture_count(source)


def natural_columns(source: Any) -> int:
    """Columns of its grid: a map is square, a path one strip, a traversal has a row per dimension; 0 if any will do."""
    match source:
        case MapRequest(cells=cells) | PlaneRequest(cells=cells):
            return cells
        case InterpolateRequest(steps=steps) | PathRequest(steps=steps) | ForwardRequest(steps=steps):
            return steps
        case SlerpRequest(count=count):
            return count
        case InvertRequest():  # before them a name
            return 1 + len(source.columns())
        case CompareRequest() | CopiedRequest() | OnePictureRequest() | SamplersSheetRequest() | TriptychRequest():
            return source.columns()
        case TraverseRequest(values=values):
            return len(values)
        case ClassGridRequest(columns=columns):  # before them a name
            return 1 + columns
        case WritePicturesRequest(films=films, classes=classes) if classes:
            return 1 + int(films.shape[1]) // len(classes)
        case PathSheetRequest(steps=steps):  # before them a name
            return 1 + steps
        case FactorSheetRequest(columns=columns, values=values):  # beside them a name and a gap
            return 1 + len(columns) + 1 + len(values)
    return 0


def has_headings(source: Any) -> bool:
    """Whether its grid is a sheet with headings over its columns or before its rows, which need those columns."""
    if isinstance(source, WritePicturesRequest):
        return bool(source.classes)
    if isinstance(source, ForwardRequest):
        return source.told
    return isinstance(source, SHEETS)
