"""From an exported file back to the state that made it, with a check that the pictures are the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from genstudio import api, export
from genstudio.session.exporting import render
from genstudio.session.models import ModelShelf

LAYOUT_LIMITS = {"columns": (0, 10_000), "gap": (0, 64), "scale": (1, 64)}


def restore(models: ModelShelf, request: api.RestoreRequest) -> Iterator[api.ProgressEvent | api.RestoredEvent]:
    """Read the receipt, compute the pictures again and compare every pixel.

    Raises:
        ValueError: if the file has no receipt of ours, or a damaged one.
    """
    path = Path(request.path)
    receipt = export.read_receipt(path)
    source = api.request_from_dict(receipt.get("request"))
    layout = _layout(receipt.get("layout"))
    picture = export.read_picture(path)
    if isinstance(source, api.TrainRequest):
        iteration = receipt.get("iteration", 0)
        if type(iteration) is not int or iteration < 0:
            raise ValueError(f"the receipt of {path.name} is damaged: its iteration is not a number")
        message = f"{path.name} shows iteration {iteration} of a training run; its settings are restored."
        yield api.RestoredEvent(str(path), source, layout, None, message, iteration, picture)
        return
    layer, frame = receipt.get("layer", "x0_hat"), receipt.get("frame", -1)
    if layer not in api.LAYERS or type(frame) is not int:
        raise ValueError(f"the receipt of {path.name} is damaged: it names no layer or frame of a film")
    if path.suffix.lower() != ".png" or export.is_film(path):
        message = f"{path.name} is a film; its settings are restored."
        yield api.RestoredEvent(str(path), source, layout, None, message, 0, picture, layer, frame)
        return
    images = yield from render(models, source, layer, frame)
    again = export.grid(images, layout)
    model = models.get(source.model).info
    same_weights = model.sha256 == receipt.get("model_sha256")
    identical = again.shape == picture.shape and bool((again == picture).all())
    yield api.RestoredEvent(
        str(path),
        source,
        layout,
        identical,
        _verdict(path.name, again, picture, same_weights),
        0,
        picture,
        layer,
        frame,
    )


def _verdict(name: str, again: np.ndarray, picture: np.ndarray, same_weights: bool) -> str:
    if again.shape == picture.shape:
        difference = int(np.abs(again.astype(int) - picture.astype(int)).max())
        if difference == 0:
            return f"{name} is restored; drawn again, it is identical to the last pixel."
    else:
        difference = 255
    reason = "another device or version of torch rounds differently" if same_weights else "the model's weights differ"
    return f"{name} is restored; drawn again, it differs by up to {difference} of 255 grey levels: {reason}."


def _layout(values: object) -> api.GridLayout:
    if not isinstance(values, dict) or set(values) != set(LAYOUT_LIMITS):
        raise ValueError("the receipt's layout is not what this version writes")
    for name, (low, high) in LAYOUT_LIMITS.items():
        if type(values[name]) is not int or not low <= values[name] <= high:
            raise ValueError(f"the receipt's {name} is {values[name]!r}; allowed: {low} to {high}")
    return api.GridLayout(**values)
