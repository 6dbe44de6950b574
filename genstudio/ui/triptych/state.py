"""What the triptych shows, as one value: the undo entry and what is remembered. No Qt."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from genstudio import api
from genstudio.settings import DENOISING
from genstudio.ui.diffusion.compare_state import STUDENT, most_steps

PLACES = 200  # stops of the control from A to B
COUNTS = (1, 2, 6, 12)  # pictures of each model
SAMPLERS = ("ddim", "dpm-2m", "heun")  # that draw no noise on their way, so that pictures follow the control smoothly
JUMPS = 4  # steps of a model that was taught to jump
GUIDANCE, SEEDS = (0.0, 20.0), (0, 2**31 - 1)


class Kind(NamedTuple):
    """One of the three columns."""

    name: str  # of its slot, too
    title: str
    families: tuple[str, ...]  # those before others that know classes, so that all can be asked for one
    learner: str  # the page that trains such a model


VAE, GAN, DIFFUSION = 0, 1, 2
KINDS = (
    Kind("vae", "VAE", ("vae", "mlp-vae"), "latent-train"),
    Kind("gan", "GAN", ("cgan", "gan", "mlp-gan"), "gan"),
    Kind("diffusion", "Diffusion", DENOISING, "denoising-train"),
)
FAMILIES = tuple(family for kind in KINDS for family in kind.families)
NONE = ("", "", "")
Models = Mapping[str, api.ModelInfo]


def kind_of(info: api.ModelInfo) -> int:
    """The column in which a model belongs; -1 if in none."""
    return next((k for k, kind in enumerate(KINDS) if info.family in kind.families), -1)


@dataclass(frozen=True)
class TriptychState:
    """Three models, the two seeds, where between them all are, and what is asked of all."""

    models: tuple[str, ...] = NONE  # "" where there is none of the kind
    seed_a: int = 5
    seed_b: int = 11
    position: float = 0.0  # 0 is seed A, 1 seed B
    count: int = 6
    label: str = ""  # the name of a class; "" all in turn
    sampler: str = "dpm-2m"  # of those that draw no noise the sharpest in few steps
    steps: int = 50
    preview: int = 5  # steps of the first answer
    guidance: float = 1.0

    def panel(self, k: int, infos: Models) -> api.Panel | None:
        """How a model is asked; None if there is none."""
        info = infos.get(self.models[k])
        if info is None:
            return None
        label = info.classes.index(self.label) if self.label in info.classes else api.ALL_CLASSES
        if k != DIFFUSION:
            return api.Panel(self.models[k], label)
        if info.family == STUDENT:
            return api.Panel(self.models[k], label, "consistency", min(self.steps, JUMPS), self.guidance, "uniform")
        return api.Panel(self.models[k], label, self.sampler, min(self.steps, most_steps(info)), self.guidance)

    def request(self, k: int, infos: Models) -> api.PanelRequest | None:
        """What is asked of a model; None if there is none."""
        panel = self.panel(k, infos)
        return None if panel is None else self._at(panel)

    def draft(self, infos: Models) -> api.PanelRequest | None:
        """What the diffusion model is asked first: the same in few steps."""
        panel = self.panel(DIFFUSION, infos)
        if panel is None:
            return None
        few = 1 if panel.sampler == "consistency" else self.preview
        return self._at(dataclasses.replace(panel, steps=min(few, panel.steps)))

    def _at(self, panel: api.Panel) -> api.PanelRequest:
        return api.PanelRequest(panel, self.seed_a, self.seed_b, self.position, self.count)

    def sheet(self, infos: Models, ms: tuple[float, ...]) -> api.TriptychRequest | None:
        """All that is seen; None without any model. `ms` are of all three kinds."""
        found = [(panel, ms[k]) for k in range(len(KINDS)) if (panel := self.panel(k, infos)) is not None]
        if not found:
            return None
        panels, times = zip(*found, strict=True)
        return api.TriptychRequest(panels, self.seed_a, self.seed_b, self.position, self.count, times)

    def with_model(self, k: int, model: str) -> TriptychState:
        """Another model of a kind."""
        return dataclasses.replace(self, models=(*self.models[:k], model, *self.models[k + 1 :]))

    def moved(self, places: int) -> TriptychState:
        """So many stops on, or back; not beyond the ends."""
        at = min(max(round(self.position * PLACES) + places, 0), PLACES)
        return dataclasses.replace(self, position=at / PLACES)

    def classes(self, infos: Models) -> tuple[str, ...]:
        """The classes that any of the models knows, each once."""
        known = [infos[model].classes for model in self.models if model in infos]
        return tuple(dict.fromkeys(name for names in known for name in names))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**dataclasses.asdict(self), "models": list(self.models)}

    @staticmethod
    def from_dict(values: Mapping[str, Any], infos: Models) -> TriptychState:
        """Such a state as far as it makes sense here; a model that is not here is replaced by one that is."""
        chosen = choose(infos)
        given = values.get("models")
        if isinstance(given, (list, tuple)) and len(given) == len(KINDS):
            fits = [model in infos and kind_of(infos[model]) == k for k, model in enumerate(given)]
            chosen = tuple(
                model if is_one else chosen[k] for k, (model, is_one) in enumerate(zip(given, fits, strict=True))
            )
        known: dict[str, Any] = {"models": chosen}
        limits = {"seed_a": SEEDS, "seed_b": SEEDS, "steps": (1, 1000), "preview": (1, 100)}
        for name, (low, high) in limits.items():
            value = values.get(name)
            if type(value) is int and low <= value <= high:
                known[name] = value
        for name, (least, most) in {"position": (0.0, 1.0), "guidance": GUIDANCE}.items():
            value = values.get(name)
            if isinstance(value, (int, float)) and type(value) is not bool and least <= value <= most:
                known[name] = float(value)
        if values.get("count") in COUNTS:
            known["count"] = int(values["count"])
        if values.get("sampler") in SAMPLERS:
            known["sampler"] = values["sampler"]
        state = TriptychState(**known)
        label = values.get("label")
        return dataclasses.replace(state, label=label) if label in state.classes(infos) else state


def sound(models: Sequence[str], errors: Sequence[str]) -> tuple[str, ...]:
    """The models, "" in the place of each that has an error: in a sheet it would spoil all."""
    return tuple("" if error else model for model, error in zip(models, errors, strict=True))


def choose(infos: Models) -> tuple[str, ...]:
    """A model of each kind, all of the same data where there are such; "" where there is none of a kind."""
    data = dict.fromkeys(info.dataset for info in infos.values())
    rows = [[_first(infos, kind, dataset) for kind in KINDS] for dataset in data]
    best = max(rows, key=lambda row: len(row) - row.count(""), default=list(NONE))
    return tuple(model or _first(infos, KINDS[k]) for k, model in enumerate(best))


def _first(infos: Models, kind: Kind, dataset: str = "") -> str:
    """A model of a kind's first family of which there is one, of that data if it is named: the best measured one."""
    known = [(key, info) for key, info in infos.items() if dataset in ("", info.dataset)]
    rows = ([pair for pair in known if pair[1].family == family] for family in kind.families)
    best = next((row for row in rows if row), [])
    return min(best, key=lambda pair: pair[1].quality.get("frechet", math.inf))[0] if best else ""


def of_sheet(source: api.TriptychRequest, infos: Models, present: TriptychState) -> TriptychState:
    """The state that a sheet shows, all of whose models are here; what it does not tell is as at present."""
    told = {"seed_a": source.seed_a, "seed_b": source.seed_b, "position": source.position, "count": source.count}
    values, models = present.to_dict() | told | {"label": ""}, list(present.models)
    for panel in source.panels:
        info = infos[panel.model]
        k = kind_of(info)
        models[k] = panel.model
        if 0 <= panel.label < len(info.classes):
            values["label"] = info.classes[panel.label]
        if k == DIFFUSION:
            values |= {"sampler": panel.sampler, "steps": panel.steps, "guidance": panel.guidance}
    return TriptychState.from_dict(values | {"models": models}, infos)
