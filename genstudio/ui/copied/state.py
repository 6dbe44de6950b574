"""What the search for copies shows, as one value: the undo entry and what is remembered. No Qt."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genstudio import api
from genstudio.api.copied import ORDERS, SPACES, Order, Space
from genstudio.api.own_pictures import path_of
from genstudio.settings import ADVERSARIAL, DENOISING, LATENT
from genstudio.ui.triptych.state import SEEDS, Models

COUNTS = (24, 48, 96)  # new pictures
FAMILIES = (*ADVERSARIAL, *LATENT, *DENOISING)  # those first that draw at once and sharply
READ = (1, 28)  # channels and side of the pictures that the bundled classifier reads


@dataclass(frozen=True)
class CopiedState:
    """A model, what it draws, and what its pictures are compared with."""

    model: str = ""  # "" where there is none
    seed: int = 7
    count: int = 48
    label: str = ""  # the name of a class; "" all in turn
    data: str = ""  # another dataset than that of the model; "" its own
    space: Space = "pixels"
    order: Order = "seed"

    def request(self, infos: Models) -> api.CopiedRequest | None:
        """What is asked, whatever the order; None without a model."""
        info = infos.get(self.model)
        if info is None:
            return None
        label = info.classes.index(self.label) if self.label in info.classes else api.ALL_CLASSES
        return api.CopiedRequest(
            self.model,
            self.seed,
            self.count,
            label,
            **api.usual_way(info.family)._asdict(),
            dataset=self.data,
            space=self.space if is_read(info) else "pixels",
        )

    def with_model(self, model: str, infos: Models) -> CopiedState:
        """Another model; other data is kept only where both have learnt the same."""
        before, info = infos.get(self.model), infos.get(model)
        is_same = before is not None and info is not None and before.dataset == info.dataset
        label = self.label if info is not None and self.label in info.classes else ""
        return dataclasses.replace(self, model=model, label=label, data=self.data if is_same else "")

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_dict(values: Mapping[str, Any], infos: Models) -> CopiedState:
        """Such a state as far as it makes sense here; a model that is not here is replaced by one that is."""
        model = values.get("model")
        known: dict[str, Any] = {"model": model if isinstance(model, str) and model in infos else first(infos)}
        seed = values.get("seed")
        if type(seed) is int and SEEDS[0] <= seed <= SEEDS[1]:
            known["seed"] = seed
        for name, allowed in (("count", COUNTS), ("space", SPACES), ("order", ORDERS)):
            if values.get(name) in allowed:
                known[name] = values[name]
        info, label, data = infos.get(known["model"]), values.get("label"), values.get("data")
        if info is not None and label in info.classes:
            known["label"] = label
        if isinstance(data, str) and known["model"] == model:
            known["data"] = data
        return CopiedState(**known)


def first(infos: Models) -> str:
    """What the page opens on: the best measured model of the first family there is; "" if there is none."""
    for family in FAMILIES:
        known = [(info.quality.get("frechet", math.inf), key) for key, info in infos.items() if info.family == family]
        if known:
            return min(known, key=lambda pair: pair[0])[1]
    return ""


def is_read(info: api.ModelInfo) -> bool:
    """Whether the bundled classifier can look at the pictures of a model."""
    return (info.channels, info.size) == READ


def is_path(data: str) -> bool:
    """Whether a dataset is a folder or zip that is there."""
    return bool(data) and Path(path_of(data)).exists()


def of_sheet(source: api.CopiedRequest, infos: Models, present: CopiedState) -> CopiedState:
    """The state that a sheet shows, whose model is here; what it does not tell is as at present."""
    info = infos[source.model]
    label = info.classes[source.label] if 0 <= source.label < len(info.classes) else ""
    told = {"model": source.model, "seed": source.seed, "count": source.count, "label": label,
            "data": source.dataset, "space": source.space, "order": source.order}  # fmt: skip
    return CopiedState.from_dict(present.to_dict() | told, infos)
