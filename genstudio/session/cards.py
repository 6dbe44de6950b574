"""The card of a model, with pictures that it draws."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from genstudio import api, store
from genstudio.api.model_card import SHOWN, with_place
from genstudio.core import datasets
from genstudio.session.exporting import sampled
from genstudio.session.models import ModelShelf
from genstudio.steps import mapped

SEED = 7


def card(models: ModelShelf, request: api.CardRequest, data_dir: Path) -> Iterator[api.CardEvent]:
    """All that is known of a model, at once; then its pictures are drawn, which may take long.

    Raises:
        ValueError, FileNotFoundError: if the model is no longer there, or draws no pictures.
    """
    try:
        path = store.find_model(request.model, models.folders)
    except FileNotFoundError:
        name = Path(request.model).stem
        raise FileNotFoundError(f"The file of {name} is gone; it was moved, renamed or deleted.") from None
    info, header = store.model_info(path), store.read_header(path)
    again = with_place(header.reproduce, header.dataset, datasets.find(header.dataset, data_dir))
    known = api.CardEvent(
        request, info, datasets.licence(info.dataset), again, store.training_time(info),
        store.evaluations(info), api.NO_PICTURES, 0.0, header.origin, store.siblings(info),
    )  # fmt: skip
    yield known
    work = sampled(models.get(request.model), _asked(request.model, info))
    samples = yield from mapped(work, lambda step: dataclasses.replace(known, share=step.done / step.total))
    yield dataclasses.replace(known, samples=samples, share=1.0)


def _asked(model: str, info: api.ModelInfo) -> api.SampleRequest:
    return api.SampleRequest(model, SEED, SHOWN, **api.usual_way(info.family, info.settings)._asdict())
