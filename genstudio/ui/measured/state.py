"""What the page of measurements shows, as one value: the undo entry and what is remembered. No Qt."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from genstudio import api
from genstudio.settings import GENERATIVE
from genstudio.ui.triptych.state import choose

FEWEST, MOST = 2, 6  # models
COUNTS = (1000, 10_000)  # pictures of each
View = Literal["both", "table", "radar"]
Models = Mapping[str, api.ModelInfo]


@dataclass(frozen=True)
class MeasuredState:
    """The models, a column each, of how many pictures their numbers are to be, and what is seen of them."""

    models: tuple[str, ...] = ()
    count: int = COUNTS[0]
    view: View = "both"

    def with_model(self, column: int, model: str) -> MeasuredState:
        """Another model in a column, "" takes the column away; one that has a column already changes places."""
        models = list(self.models)
        if not model:
            del models[column]
        elif model in models:
            other = models.index(model)
            models[column], models[other] = models[other], models[column]
        else:
            models[column : column + 1] = [model]
        return dataclasses.replace(self, models=tuple(models[:MOST]))

    def added(self, model: str) -> MeasuredState:
        """With one more column, in the stead of the last one where there are as many as there may be."""
        if model in self.models:
            return self
        return dataclasses.replace(self, models=(*self.models[: MOST - 1], model))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**dataclasses.asdict(self), "models": list(self.models)}

    @staticmethod
    def from_dict(values: Mapping[str, Any], infos: Models) -> MeasuredState:
        """Such a state as far as it makes sense here; with too few of its models those that a new page shows."""
        given = values.get("models")
        models = [one for one in given if one in infos] if isinstance(given, (list, tuple)) else []
        models = list(dict.fromkeys(models))[:MOST]
        known: dict[str, Any] = {"models": tuple(models) if len(models) >= FEWEST else first_models(infos)}
        if values.get("count") in COUNTS:
            known["count"] = int(values["count"])
        if values.get("view") in get_args(View):
            known["view"] = values["view"]
        return MeasuredState(**known)


def first_models(infos: Models) -> tuple[str, ...]:
    """A VAE, a GAN and a diffusion model of the same data; any others where there are fewer than two of these."""
    models = tuple(filter(None, choose(infos)))
    others = (model for model, info in infos.items() if info.family in GENERATIVE and model not in models)
    return models if len(models) >= FEWEST else (*models, *others)[:FEWEST]
