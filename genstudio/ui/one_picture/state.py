"""What the page of the three inversions shows, as one value: the undo entry and what is remembered. No Qt."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from genstudio import api
from genstudio.api.inversion import MOST_CORRECTIONS, STEPS
from genstudio.api.one_picture import DESCENT, STARTS, PictureOrigin
from genstudio.ui.diffusion.invert_state import AUTO, End, most_steps
from genstudio.ui.diffusion.picture_origin import BRUSH, BRUSH_REST, OWN, Tool
from genstudio.ui.triptych.state import DIFFUSION, GAN, KINDS, NONE, SEEDS, VAE, Kind, Models, choose

OWN_KINDS = (*KINDS[:DIFFUSION], KINDS[DIFFUSION]._replace(families=("ddpm", "flow", "latent-ddpm")))  # what jumps has
# no way back up
LIMITS = {"seed": SEEDS, "starts": STARTS, "descent": DESCENT, "steps": STEPS, "corrections": (0, MOST_CORRECTIONS)}


@dataclass(frozen=True)
class OnePictureState:
    """A picture, three models, and how it is looked for in two of them."""

    models: tuple[str, ...] = NONE  # "" where there is none of the kind
    end: End = field(default_factory=End)  # the picture
    label: int = AUTO  # a class of the diffusion model, api.NO_CLASS or AUTO
    seed: int = 0
    starts: int = 20
    descent: int = 150
    steps: int = 50
    corrections: int = 1
    tool: Tool = "draw"
    brush: float = BRUSH_REST

    def with_end(self, **fields: Any) -> OnePictureState:
        """Another picture, or more known of it."""
        return dataclasses.replace(self, end=dataclasses.replace(self.end, **fields))

    def with_model(self, k: int, model: str) -> OnePictureState:
        """Another model of a kind."""
        return dataclasses.replace(self, models=(*self.models[:k], model, *self.models[k + 1 :]))

    def class_of(self, info: api.ModelInfo) -> int:
        """What the diffusion model is told: the class asked for, or the picture's own."""
        if self.label != AUTO:
            return self.label if self.label < len(info.classes) else api.NO_CLASS
        return info.classes.index(self.end.label) if self.end.label in info.classes else api.NO_CLASS

    def project(self) -> api.ProjectRequest | None:
        """What is asked of the GAN."""
        if not self.models[GAN] or not self.end.picture:
            return None
        return api.ProjectRequest(self.models[GAN], self.end.picture, self.seed, self.starts, self.descent)

    def invert(self, infos: Models) -> api.InvertRequest | None:
        """What is asked of the diffusion model."""
        info = infos.get(self.models[DIFFUSION])
        if info is None or not self.end.picture:
            return None
        steps = min(self.steps, most_steps(info))
        return api.InvertRequest(self.models[DIFFUSION], self.end.picture, self.class_of(info), steps, self.corrections)

    def sheet(self, infos: Models) -> api.OnePictureRequest | None:
        """All that is seen."""
        models = tuple(model for model in self.models if model)
        if not models or not self.end.picture:
            return None
        ways = self.invert(infos)
        told = (ways.label, ways.steps, ways.corrections) if ways else (api.NO_CLASS, self.steps, self.corrections)
        end = self.end
        origin = None if end.number == OWN else PictureOrigin(end.dataset, end.number, end.label, end.converted)
        return api.OnePictureRequest(models, end.picture, self.seed, self.starts, self.descent, *told, origin)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**dataclasses.asdict(self), "models": list(self.models)}

    @staticmethod
    def from_dict(values: Mapping[str, Any], infos: Models) -> OnePictureState:
        """Such a state as far as it makes sense here; a model that is not here is replaced by one that is."""
        chosen = choose(invertible(infos))
        given = values.get("models")
        if isinstance(given, (list, tuple)) and len(given) == len(KINDS):
            fits = [model in infos and infos[model].family in OWN_KINDS[k].families for k, model in enumerate(given)]
            pairs = zip(given, chosen, fits, strict=True)
            chosen = tuple(model if is_one else other for model, other, is_one in pairs)
        known: dict[str, Any] = {"models": chosen}
        for name, (low, high) in {**LIMITS, "label": (AUTO, 10_000)}.items():
            value = values.get(name)
            if type(value) is int and low <= value <= high:
                known[name] = value
        if values.get("tool") in get_args(Tool):
            known["tool"] = values["tool"]
        brush = values.get("brush")
        if isinstance(brush, (int, float)) and BRUSH[0] <= brush <= BRUSH[1]:
            known["brush"] = float(brush)
        try:
            known["end"] = End.from_dict(values.get("end", {}))
        except (TypeError, ValueError):
            known["end"] = End()
        return OnePictureState(**known)


def invertible(infos: Models) -> dict[str, api.ModelInfo]:
    """The models in which a picture can be found again."""
    families = {family for kind in OWN_KINDS for family in kind.families}
    return {key: info for key, info in infos.items() if info.family in families}


def of_sheet(source: api.OnePictureRequest, infos: Models, present: OnePictureState) -> OnePictureState:
    """The state that a sheet shows, all of whose models are here; what it does not tell is as at present. A class that
    is the picture's own is asked for as such."""
    models = list(present.models)
    for model in source.models:
        k = next(k for k, kind in enumerate(OWN_KINDS) if infos[model].family in kind.families)
        models[k] = model
    told = {"seed": source.seed, "starts": source.starts, "descent": source.descent, "label": AUTO,
            "steps": source.steps, "corrections": source.corrections}  # fmt: skip
    end = dataclasses.asdict(_end(source))
    state = OnePictureState.from_dict(present.to_dict() | told | {"models": models, "end": end}, infos)
    asked = state.invert(infos)
    return state if asked is None or asked.label == source.label else dataclasses.replace(state, label=source.label)


def _end(source: api.OnePictureRequest) -> End:
    """The picture of a sheet with where it is from, as far as that makes sense."""
    try:
        return End.from_dict({"picture": source.picture, **dataclasses.asdict(source.origin or PictureOrigin("", OWN))})
    except ValueError:
        return End(picture=source.picture, number=OWN)


__all__ = ["AUTO", "DIFFUSION", "GAN", "OWN_KINDS", "VAE", "Kind", "OnePictureState", "invertible", "of_sheet"]
