"""What the pickers offer."""

from __future__ import annotations

import contextlib
from pathlib import Path

from genstudio import api, store
from genstudio.core import datasets
from genstudio.core.compute import Compute
from genstudio.core.samplers import SAMPLERS
from genstudio.session.models import ModelShelf


def catalog(models: ModelShelf, data_dir: Path, compute: Compute, request: api.CatalogRequest) -> api.CatalogEvent:
    """Models on disk, datasets, samplers and the device."""
    opened = []
    for path in request.opened:
        with contextlib.suppress(OSError, ValueError):
            opened.append(store.model_info(Path(path)))
    found = {info.path for info in opened}
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
            lost=tuple(path for path in request.opened if path not in found),
        )
    )
