"""Requests as plain values and back: what an exported picture carries."""

from __future__ import annotations

import dataclasses
import re
from types import UnionType
from typing import Any, Literal, get_args, get_type_hints

import numpy as np

from genstudio.api.changes import Change
from genstudio.api.copied import CopiedRequest
from genstudio.api.forward import ForwardRequest
from genstudio.api.one_picture import OnePictureRequest, PictureOrigin
from genstudio.api.own_pictures import choices_of, in_words, named, path_of
from genstudio.api.pictures import MOST_TEXT
from genstudio.api.requests import SEVERAL, SOURCES, Source
from genstudio.api.samplers import CompareSamplersRequest, Way
from genstudio.api.start import Start
from genstudio.api.training import TrainRequest
from genstudio.api.triptych import Panel
from genstudio.settings import SETTINGS, settings_from
from genstudio.settings.drawings import MOST_NAME, PEN

LONGEST = dict.fromkeys(("picture", "picture_a", "picture_b"), MOST_TEXT) | {
    "dataset": MOST_NAME
}  # characters of a text; others have 4096 at most
NESTED = (Change, CompareSamplersRequest, Panel, PictureOrigin, Start, Way)  # the dataclasses inside requests
LATER: dict[str, Any] = {  # what fields were that older files lack
    "changes": [], "spacing": "uniform", "start": None, "origin": None, "told": False,
}  # fmt: skip
PROPER = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST", "kmnist": "Kuzushiji-MNIST", "cifar10": "CIFAR-10"}


def request_to_dict(request: Source) -> dict[str, Any]:
    """A request as plain JSON values under its class name, for receipts."""
    return {"kind": type(request).__name__, **dataclasses.asdict(request)}


def request_entry(request: Source) -> dict[str, Any]:
    """The request as a receipt has it."""
    return request_to_dict(without_paths(request))


def without_paths(request: Source) -> Source:
    """The request as a file may carry it: models and datasets by their names, no path of anybody's machine.

    A training run is told from its very first iteration, whichever checkpoint it went on from: that is the same run.
    """
    if isinstance(request, TrainRequest):
        return dataclasses.replace(request, dataset=data_name(request.dataset), resume="")
    if isinstance(request, (ForwardRequest, OnePictureRequest)) and (origin := request.origin) is not None:
        origin = dataclasses.replace(origin, dataset=data_name(origin.dataset))
        request = dataclasses.replace(request, origin=origin)
    if isinstance(request, ForwardRequest):
        return request
    if isinstance(request, SEVERAL):
        return request.with_models([_model_name(model) for model in request.models])
    if isinstance(request, CopiedRequest):
        request = dataclasses.replace(request, dataset=data_name(request.dataset))
    return dataclasses.replace(request, model=_model_name(request.model))


def _model_name(model: str) -> str:
    return last_part(model).removesuffix(".safetensors")


def last_part(path: str) -> str:
    """The name of a file or folder, by whichever system's rules its path was written; a plain name stays as it is."""
    return re.split(r"[\\/]", path.rstrip("\\/"))[-1]


def data_name(dataset: str) -> str:
    """A dataset as a file names it: a folder or zip without where it is, but with how its pictures are taken."""
    return named(last_part(path_of(dataset)), choices_of(dataset))


def called(dataset: str) -> str:
    """A dataset as a sentence calls it: mnist is MNIST, a folder goes by the last part of its path."""
    if dataset.startswith(PEN):  # points, with the strokes that drew them
        return "drawn points"
    words = in_words(dataset)
    return PROPER.get(dataset, last_part(path_of(dataset)) + (f" ({words})" if words else ""))


def request_from_dict(values: Any) -> Source:
    """The request of a receipt, with exact fields and types.

    Raises:
        ValueError: if the dictionary is not a request of this version.
    """
    kind = values.get("kind") if isinstance(values, dict) else None
    if not isinstance(kind, str) or kind not in SOURCES:
        raise ValueError("the receipt does not name a known kind of request")
    cls = SOURCES[kind]
    hints = get_type_hints(cls)
    rest = {name: value for name, value in values.items() if name != "kind"}
    for name, value in LATER.items():
        if name in hints:
            rest.setdefault(name, value)
    if set(rest) != set(hints):
        raise ValueError(f"the receipt's {cls.__name__} has other fields than this version's")
    if cls is TrainRequest:
        family = rest["family"]
        if not isinstance(family, str) or family not in SETTINGS or not isinstance(rest["settings"], dict):
            raise ValueError("the receipt does not name a known family")
        settings = settings_from(SETTINGS[family], rest.pop("settings"))
        fields = {n: _typed(n, v, hints[n]) for n, v in rest.items()}
        return TrainRequest(settings=settings, **fields)
    checked: Source = cls(**{name: _typed(name, value, hints[name]) for name, value in rest.items()})
    return checked


def _typed(name: str, value: Any, hint: Any, outer: str = "") -> Any:
    """A value as its hint has it; an error names it, and the field of the request, `outer`, that it is in."""
    origin, args = getattr(hint, "__origin__", None), get_args(hint)
    if origin is Literal:
        if value in args:
            return value
    elif origin is tuple:
        if isinstance(value, (list, tuple)) and len(value) <= 4096:
            return tuple(_typed(name, item, args[0], outer) for item in value)
    elif isinstance(hint, UnionType):  # of a Change: a number or a word; of a process: a start or none
        kind = args[0] if type(None) in args else str if isinstance(value, str) else float
        return None if value is None and type(None) in args else _typed(name, value, kind, outer)
    elif hint in NESTED:
        if isinstance(value, dict) and set(value) == (hints := get_type_hints(hint)).keys():
            return hint(**{key: _typed(key, item, hints[key], outer or name) for key, item in value.items()})
    elif hint is float and type(value) in (int, float) and np.isfinite(value):
        return float(value)
    elif type(value) is hint and not (hint is str and len(value) > LONGEST.get(name, 4096)):
        return value
    told = (
        f"{outer} is not what this version writes: its {name}" if outer else f"{name} is not what this version writes"
    )
    raise ValueError(f"the receipt's {told}")
