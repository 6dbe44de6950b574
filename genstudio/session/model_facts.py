"""What files and cards say of several models at once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from genstudio import api, store
from genstudio.api.model_facts import is_sibling
from genstudio.errors import sentence, whole
from genstudio.session.models import ModelShelf


def facts(models: ModelShelf, request: api.FactsRequest) -> api.FactsEvent:
    """What is known of each model that is here, and why the others are not; nothing is drawn for it."""
    here: dict[str, tuple[api.ModelInfo, int]] = {}
    gone: dict[str, str] = {}
    for model in request.models:
        with _noting(model, gone):
            loaded = models.get(model)
            here[model] = loaded.info, sum(part.numel() for part in loaded.network.parameters())
    known = {info.sha256: info for info, _ in here.values()}  # wherever their files are
    known |= {info.sha256: info for info in store.list_models(models.folders)}
    found: dict[str, api.ModelFacts] = {}
    for model, (info, parameters) in here.items():
        with _noting(model, gone):
            found[model] = _facts(info, parameters, known.values())
    return api.FactsEvent(request, found, gone, store.sittings())


@contextlib.contextmanager
def _noting(model: str, gone: dict[str, str]) -> Iterator[None]:
    """Why nothing is known of a model, in a sentence."""
    try:
        yield
    except FileNotFoundError:
        gone[model] = f"The file of {Path(model).stem} is gone; it was moved, renamed or deleted."
    except (OSError, ValueError) as error:
        gone[model] = whole(sentence(error))


def _facts(info: api.ModelInfo, parameters: int, known: Iterable[api.ModelInfo]) -> api.ModelFacts:
    """Of trainings with the same seed those count whose files are here and measured, before those that a card tells."""
    here = [
        api.Sibling(other.name, getattr(other.settings, "seed", 0), store.evaluations(other))
        for other in known
        if is_sibling(info, other)
    ]
    measured = {one.seed for one in here if one.evaluations}
    told = {one.seed: one for one in store.siblings(info) if one.seed not in measured}
    siblings = (*(one for one in here if one.seed not in told), *told.values())
    return api.ModelFacts(info, parameters, store.training_time(info), store.evaluations(info), siblings)
