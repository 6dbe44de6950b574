"""What the comparison of samplers shows, as one value: the undo entry and what is remembered. No Qt."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from genstudio import api
from genstudio.settings import DenoisingSettings
from genstudio.ui.diffusion.spacings import SPACINGS

FEWEST = 2  # columns
SHOWN: tuple[api.Layer, ...] = ("x_t", "x0_hat", "eps_hat")  # the layers that are compared
FRESH = {"ddpm", "ddpm-wide", "euler-a", "consistency"}  # samplers that draw noise on the way
NOTATIONS = {"euler": ("ddim", 0.0), "ddpm": ("ddim", 1.0), "euler-a": ("ddim", 1.0)}  # sampler, and η there
STUDENT = "consistency"  # the family of models that jump
PRESETS: dict[str, tuple[str, str, tuple[dict[str, Any], ...]]] = {
    "steps": (
        "Steps",
        "DDPM with 1000 steps against DDIM with 50, 20 and 10: what few steps cost and lose",
        ({"sampler": "ddpm", "steps": 1000}, *({"sampler": "ddim", "steps": n} for n in (50, 20, 10))),
    ),
    "loss": (
        "DDIM steps",
        "DDIM with 1000 steps against 50, 20 and 10: the same way in fewer steps, so all that differs is lost",
        tuple({"sampler": "ddim", "steps": n} for n in (1000, 50, 20, 10)),
    ),
    "samplers": (
        "10 calls",
        "Five samplers that may ask the network about ten times",
        (
            {"sampler": "ddim", "steps": 10, "spacing": "trailing"},
            {"sampler": "heun", "steps": 6, "spacing": "trailing"},  # one call in its first step and in its last
            {"sampler": "dpm-2m", "steps": 10, "spacing": "trailing"},
            {"sampler": "euler-a", "steps": 10, "spacing": "trailing"},
            {"sampler": "ddpm", "steps": 10, "spacing": "trailing"},
        ),
    ),
    "one": (
        "To one step",
        "DDIM with 1000, 100 and 10 steps, and a consistency model, which has learnt to jump, with 4 and with 1",
        (
            *({"sampler": "ddim", "steps": n} for n in (1000, 100, 10)),
            *({"family": STUDENT, "sampler": "consistency", "steps": n, "spacing": "trailing"} for n in (4, 1)),
        ),
    ),
    "guidance": (
        "Guidance",
        "0, 1, 2 and 5: without the class, as learnt, and beyond it",
        tuple({"sampler": "ddim", "steps": 25, "guidance": g} for g in (0.0, 1.0, 2.0, 5.0)),
    ),
    "eta": (
        "Fresh noise",
        "DDIM with η 0, 0.5 and 1: none, some, and as much as DDPM adds",
        tuple({"sampler": "ddim", "steps": 50, "eta": eta} for eta in (0.0, 0.5, 1.0)),
    ),
    "spacing": (
        "Spacing",
        "Ten steps evenly spaced, and closer together where there is little noise",
        tuple({"sampler": s, "steps": 10, "spacing": p} for s in ("ddim", "dpm-2m") for p in ("uniform", "karras")),
    ),
}
Models = Mapping[str, api.ModelInfo]


@dataclass(frozen=True)
class CompareState:
    """Two to five ways, the noise they begin with, and what is shown of them."""

    ways: tuple[api.Way, ...]
    seed: int = 7
    count: int = 4
    label: int = api.ALL_CLASSES
    layer: api.Layer = "x_t"
    difference: api.Difference = "signed"
    by: api.By = "share"

    def request(self) -> api.CompareSamplersRequest:
        """What it asks for."""
        return api.CompareSamplersRequest(self.ways, self.seed, self.count, self.label)

    def with_way(self, column: int, way: api.Way) -> CompareState:
        """Another way in a column."""
        return dataclasses.replace(self, ways=(*self.ways[:column], way, *self.ways[column + 1 :]))

    def without(self, column: int) -> CompareState:
        """One column fewer."""
        return dataclasses.replace(self, ways=(*self.ways[:column], *self.ways[column + 1 :]))

    def led_by(self, column: int) -> CompareState:
        """The same with that column first."""
        return dataclasses.replace(self, ways=(self.ways[column], *self.without(column).ways))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**dataclasses.asdict(self), "ways": [dataclasses.asdict(way) for way in self.ways]}

    @staticmethod
    def from_dict(values: Mapping[str, Any], models: Models, samplers: Sequence[str]) -> CompareState | None:
        """Such a state as far as its models and samplers are here; None without any two columns of it."""
        given = values.get("ways")
        listed = given if isinstance(given, (list, tuple)) else ()
        ways = [way for entry in listed if (way := way_from(entry, models, samplers)) is not None]
        if len(ways) < FEWEST:
            return None
        state = CompareState(tuple(ways[: api.MOST_WAYS]))
        kinds = {"layer": SHOWN, "difference": api.DIFFERENCES, "by": get_args(api.By)}
        known = {name: values[name] for name, words in kinds.items() if values.get(name) in words}
        limits = {"seed": (0, 2**31 - 1), "count": (1, api.MOST_BESIDE), "label": (api.NO_CLASS, 10_000)}
        for name, (low, high) in limits.items():
            value = values.get(name)
            if type(value) is int and low <= value <= high:
                known[name] = value
        return dataclasses.replace(state, **known)


def way_from(values: Any, models: Models, samplers: Sequence[str]) -> api.Way | None:
    """A way of plain values within what is allowed; None if its model or sampler is not here."""
    if not isinstance(values, dict) or values.get("model") not in models or values.get("sampler") not in samplers:
        return None
    default = api.Way(values["model"])
    numbers = {"steps": (1, 1000), "guidance": (0, 20), "eta": (0, 1)}
    fields: dict[str, Any] = {"sampler": values["sampler"]}
    for name, (low, high) in numbers.items():
        value, kind = values.get(name), type(getattr(default, name))
        if isinstance(value, (int, float)) and low <= value <= high:
            fields[name] = kind(value)
    if values.get("spacing") in SPACINGS:
        fields["spacing"] = values["spacing"]
    return limited(dataclasses.replace(default, **fields), models[values["model"]])


def limited(way: api.Way, info: api.ModelInfo) -> api.Way:
    """The same with no more steps than its model has noise levels."""
    return dataclasses.replace(way, steps=min(way.steps, most_steps(info)))


def most_steps(info: api.ModelInfo) -> int:
    """The noise levels of a model."""
    return info.settings.timesteps if isinstance(info.settings, DenoisingSettings) else 1000


def preset(name: str, model: str, models: Models, samplers: Sequence[str]) -> tuple[api.Way, ...]:
    """The columns of a preset, of one model where it names no family, as far as its samplers are here.

    Without a model of a family that it names there are none.
    """
    ways = []
    for fields in PRESETS[name][2]:
        rest = dict(fields)
        family = rest.pop("family", "")
        key = next((k for k, info in models.items() if info.family == family), "") if family else model
        if key not in models:
            return ()
        if rest["sampler"] in samplers:
            ways.append(limited(api.Way(key, **rest), models[key]))
    return tuple(ways) if len(ways) >= FEWEST else ()


def preset_of(ways: Sequence[api.Way], models: Models, samplers: Sequence[str]) -> str:
    """The preset that such columns are; "" if none."""
    return next((name for name in PRESETS if ways and preset(name, ways[0].model, models, samplers) == tuple(ways)), "")


def is_fresh(way: api.Way) -> bool:
    """Whether noise is drawn on the way, so that its pictures go another way than the first noise alone says."""
    is_one_jump = way.sampler == "consistency" and way.steps == 1
    return (way.sampler in FRESH and not is_one_jump) or (way.sampler == "ddim" and way.eta > 0)


def notation(way: api.Way) -> api.Way:
    """The way in the terms of DDIM where it can be said so: those that are equal then make the same pictures.

    Euler's step is DDIM's without fresh noise; both ancestral samplers are DDIM with η 1 (Song et al. 2021, eq. 16).
    """
    sampler, eta = NOTATIONS.get(way.sampler, (way.sampler, way.eta if way.sampler == "ddim" else 0.0))
    return dataclasses.replace(way, sampler=sampler, eta=eta)
