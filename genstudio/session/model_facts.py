"""What files and cards say of several models at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from genstudio import api, store
from genstudio.api.model_facts import is_sibling
from genstudio.errors import sentence, whole
from genstudio.session.models import ModelShelf


def facts(models: ModelShelf, request: api.FactsRequest) -> api.FactsEvent:
    """What is known of each model that is here, and why the others are not; nothing is drawn for it."""
    known = store.list_models(models.folders)
    found: dict[str, api.ModelFacts] = {}
    gone: dict[str, str] = {}
    for model in request.models:
        try:
            found[model] = _facts(models, model, known)
        except FileNotFoundError:
            gone[model] = f"The file of {Path(model).stem} is gone; it was moved, renamed or deleted."
        except (OSError, ValueError) as error:
            gone[model] = whole(sentence(error))
    return api.FactsEvent(request, found, gone, store.sittings())


def _facts(models: ModelShelf, model: str, known: Sequence[api.ModelInfo]) -> api.ModelFacts:
    loaded = models.get(model)
    info = loaded.info
    siblings = tuple(
        api.Sibling(other.name, getattr(other.settings, "seed", 0), store.evaluations(other))
        for other in known
        if is_sibling(info, other)
    )
    count = sum(part.numel() for part in loaded.network.parameters())
    return api.ModelFacts(info, count, store.training_time(info), store.evaluations(info), siblings)
