"""From an exported file back to the state that made it, with a check that the pictures are the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from genstudio import api, export, store
from genstudio.session import comparison_files, repeating
from genstudio.session.exporting import render
from genstudio.session.models import ModelShelf
from genstudio.session.study import StudyShelf


def restore(
    models: ModelShelf, studies: StudyShelf, request: api.RestoreRequest
) -> Iterator[api.ProgressEvent | api.RestoredEvent]:
    """Read the receipt, compute the pictures again and compare every pixel.

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
    if path.suffix.lower() != ".png" or export.is_film(path):
        identical, message = None, f"{path.name} is a film; its settings are restored."
    else:
        images = yield from render(models, studies, source, layer, frame)
        again = export.grid_like(images, layout, picture)
        identical = again.shape == picture.shape and bool((again == picture).all())
        message = _verdict(path.name, again, picture, same_weights)
    yield api.RestoredEvent(str(path), source, layout, identical, message, 0, picture, layer, frame, model)


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
