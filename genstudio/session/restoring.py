"""From an exported file back to the state that made it, with a check that the pictures are the same."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from genstudio import api, export, store
from genstudio.errors import about
from genstudio.export.letters import Tiles
from genstudio.session import comparison_files, repeating
from genstudio.session.exporting import Drawn, render
from genstudio.session.models import ModelShelf
from genstudio.session.study import StudyShelf
from genstudio.steps import mapped

BY_STEPS = (  # sources that a page shows while they come, and that may take minutes
    api.DenoiseRequest,
    api.SampleRequest,
    api.ClassGridRequest,
    api.SamplersSheetRequest,
    api.TriptychRequest,
    api.OnePictureRequest,
    api.InvertRequest,
    api.SlerpRequest,
)
IN_PHASES = (api.OnePictureRequest, api.SlerpRequest)  # of them, whose progress begins anew with each model or end
TRIED_S, PATIENCE_S = 2.0, 15.0  # after how long one knows what it takes, and how much more nobody is asked to wait
MOST_S = 2 * PATIENCE_S  # that it may take in all before somebody is asked
Told = api.ProgressEvent | api.CheckEvent | api.RestoredEvent


def restore(models: ModelShelf, studies: StudyShelf, request: api.RestoreRequest) -> Iterator[Told]:
    """Read the receipt, compute the pictures again and compare every pixel, unless that takes long and nobody waits.

    Raises:
        ValueError: if the file has no receipt of ours or a damaged one, or its model is not here.
    """
    path = Path(request.path)
    receipt = export.read_receipt(path)
    source = api.without_paths(api.request_from_dict(receipt.get("request")))  # no path out of a file is opened
    if isinstance(source, api.TrainRequest):
        yield repeating.read(path, receipt, source, models.compute)
        return
    if isinstance(source, api.ComparisonRequest):
        source, model, _ = _with_models(models, source, receipt, request.opened, path.name)
        yield comparison_files.restored(path, source, model)
        return
    layout = export.layout_from(receipt.get("layout"))
    picture = export.read_picture(path)
    layer, frame = receipt.get("layer", "x0_hat"), receipt.get("frame", -1)
    if layer not in api.LAYERS or type(frame) is not int:
        raise ValueError(f"the receipt of {path.name} is damaged: it names no layer or frame of a film")
    source, model, same_weights = _with_models(models, source, receipt, request.opened, path.name)
    found = api.RestoredEvent(
        str(path), source, layout, None, f"{path.name} is restored.", 0, picture, layer, frame, model
    )
    if path.suffix.lower() != ".png" or export.is_film(path):
        yield dataclasses.replace(found, message=f"{path.name} is a film; its settings are restored.")
        return
    try:
        images = yield from _drawn_again(render(models, studies, source, layer, frame), found, request.waits)
    except TooLong as long:
        takes = f"{about(long.seconds)}{'' if long.is_all else ' or more'}"
        message = f"{path.name} is restored. To draw it again and compare the pixels takes {takes}."
        yield dataclasses.replace(found, message=message, takes_s=long.seconds)
        return
    again = export.grid_like(images, layout, picture)
    identical = again.shape == picture.shape and bool((again == picture).all())
    message = _verdict(path.name, again, picture, same_weights)
    yield dataclasses.replace(found, identical=identical, message=message)


class TooLong(Exception):
    """Nobody waits so many seconds; `is_all` is whether that is all that it takes."""

    def __init__(self, seconds: float, is_all: bool) -> None:
        super().__init__(seconds)
        self.seconds, self.is_all = seconds, is_all


class Clock:
    """How long work goes on that tells how far it is, in one phase after another.

    Attributes:
        gone_s: Since the first progress, in all.
        tried_s, left_s: Of the phase that goes on: since it began, and until it ends, 0 if nobody knows.
    """

    def __init__(self) -> None:
        self.gone_s = self.tried_s = self.left_s = 0.0
        self._begun = self._since = 0.0  # the first progress, and that of this phase, in seconds of `note`
        self._first: api.ProgressEvent | None = None  # of this phase
        self._done = 0

    def note(self, event: api.ProgressEvent, now_s: float) -> None:
        """It is so far at a time."""
        if self._first is None:
            self._begun = now_s
        if self._first is None or event.what != self._first.what or event.done < self._done:
            self._first, self._since = event, now_s
        self._done = event.done
        self.gone_s, self.tried_s = now_s - self._begun, now_s - self._since
        gone = event.done - self._first.done
        self.left_s = self.tried_s * (event.total - event.done) / gone if gone > 0 else 0.0


def _drawn_again(work: Drawn, found: api.RestoredEvent, waits: bool) -> Generator[Told, None, Tiles]:
    """The pictures. With the first progress it is known that the source can be computed, so it can be shown meanwhile.

    Raises:
        TooLong: if that is too long to wait for.
    """
    clock, has_phases = Clock(), isinstance(found.source, IN_PHASES)

    def told(event: api.ProgressEvent) -> Told:
        if not isinstance(found.source, BY_STEPS):
            return event
        clock.note(event, time.perf_counter())
        is_slow = clock.tried_s >= TRIED_S and clock.left_s > PATIENCE_S
        if not waits and (is_slow or clock.gone_s > MOST_S):
            raise TooLong(clock.gone_s + clock.left_s, not has_phases)
        return api.CheckEvent(found, event.done, event.total, 0.0 if has_phases else clock.left_s)

    return (yield from mapped(work, told))


def _with_models(
    models: ModelShelf, source: Any, receipt: Mapping[str, object], opened: Sequence[str], file: str
) -> tuple[Any, api.ModelInfo | None, bool]:
    """A source that calls its models as this session does, the first of them, and whether all have the same weights.

    A forward process has no model.

    Raises:
        ValueError: if one of them is not here.
    """
    if isinstance(source, api.ForwardRequest):
        return source, None, True
    if not isinstance(source, api.SEVERAL):
        sha256 = receipt.get("model_sha256")
        called, model = _find_model(models, source.model, sha256, opened, file)
        return dataclasses.replace(source, model=called), model, model.sha256 == sha256
    hashes = receipt.get("models_sha256")
    known = dict(zip(source.models, hashes if isinstance(hashes, list) else (), strict=False))
    found = [_find_model(models, name, known.get(name), opened, file) for name in source.models]
    if not found:
        raise ValueError(f"the receipt of {file} names no model")
    source = source.with_models([called for called, _ in found])
    return source, found[0][1], [info.sha256 for _, info in found] == hashes


def _find_model(
    models: ModelShelf, name: str, sha256: object, opened: Sequence[str], file: str
) -> tuple[str, api.ModelInfo]:
    """What this session calls the model of a receipt, and the model: the file of that hash, else of that name.

    Raises:
        ValueError: if it is not here, saying which file is needed.
    """
    known = {info.name: info for info in store.list_models(models.folders)}
    for path in opened:
        try:
            known[path] = store.model_info(Path(path))
        except (OSError, ValueError):
            continue  # gone, or no model
    right = [(called, info) for called, info in known.items() if info.sha256 == sha256 or info.name == name]
    if not right:
        raise ValueError(
            f"{file} was made with the model file {name}.safetensors, which is not here; "
            f"drop that file on the window first, then {file} again."
        )
    return max(right, key=lambda pair: (pair[1].sha256 == sha256, pair[1].name == name))


def _verdict(name: str, again: np.ndarray, picture: np.ndarray, same_weights: bool) -> str:
    if again.shape == picture.shape:
        difference = int(np.abs(again.astype(int) - picture.astype(int)).max())
        if difference == 0:
            return f"{name} is restored; drawn again, it is identical to the last pixel."
    else:
        difference = 255
    reason = "another device or version of torch rounds differently" if same_weights else "the model's weights differ"
    return f"{name} is restored; drawn again, it differs by up to {difference} of 255 grey levels: {reason}."
