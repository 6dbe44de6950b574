"""The card of a model, with pictures that it draws."""

from __future__ import annotations

from pathlib import Path

from genstudio import api, store
from genstudio.api.model_card import SHOWN
from genstudio.core.datasets import licence
from genstudio.session.exporting import sample
from genstudio.session.models import ModelShelf

SEED = 7


def card(models: ModelShelf, request: api.CardRequest) -> api.CardEvent:
    """All that is known of a model.

    Raises:
        ValueError, FileNotFoundError: if there is no such model.
    """
    info = models.get(request.model).info
    header = store.read_header(Path(info.path))
    asked = api.SampleRequest(request.model, SEED, SHOWN, **api.usual_way(info.family, info.settings)._asdict())
    return api.CardEvent(
        info, licence(info.dataset), header.reproduce, header.seconds, header.machine,
        store.evaluations(info), sample(models, asked).images,
    )  # fmt: skip
