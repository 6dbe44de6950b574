"""What the pickers offer."""

from __future__ import annotations

from pathlib import Path

from genstudio import api, store
from genstudio.core import datasets
from genstudio.core.compute import Compute
from genstudio.core.samplers import SAMPLERS
from genstudio.errors import sentence, whole
from genstudio.session.models import ModelShelf


def catalog(models: ModelShelf, data_dir: Path, compute: Compute, request: api.CatalogRequest) -> api.CatalogEvent:
    """Models on disk, datasets, samplers and the device."""
    opened, lost = [], []
    for path in request.opened:
        try:
            opened.append(store.model_info(Path(path)))
        except (OSError, ValueError) as error:
            lost.append((path, whole(sentence(error))))
    samplers = tuple(api.SamplerInfo(name, s.title, s.help, s.uses_eta) for name, s in SAMPLERS.items())
    return api.CatalogEvent(
        api.Catalog(
            models=store.list_models(models.folders),
            datasets=(*datasets.infos(data_dir), *datasets.drawn(data_dir)),
            samplers=samplers,
            data_dir=str(data_dir),
            device=compute.title,
            precision=compute.precision,
            models_dir=str(models.folders[-1]) if models.folders else "",
            opened=tuple(opened),
            lost=tuple(lost),
        )
    )
