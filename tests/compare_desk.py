"""Models of several kinds to compare."""

from __future__ import annotations

import dataclasses

from fakes import MODELS

from genstudio import api
from genstudio.settings import AESettings, PCASettings


def known(**families: str) -> dict[str, api.ModelInfo]:
    settings = {"ae": AESettings(), "pca": PCASettings()}
    return {
        name: dataclasses.replace(MODELS[1], name=name, family=f, settings=settings.get(f, MODELS[1].settings))
        for name, f in families.items()
    }


def of(info: api.ModelInfo, **settings: int) -> api.ModelInfo:
    return dataclasses.replace(info, settings=dataclasses.replace(info.settings, **settings))
