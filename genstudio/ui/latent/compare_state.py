"""What the comparison of models shows, as one value: the undo entry and what is remembered. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from genstudio.api import CompareRequest, Floats, InterpolateRequest, ModelInfo, Pictures, SampleRequest
from genstudio.api.compare import BETWEEN, RANDOM, ends

MOST = 4  # models
SEEDS = 100  # of which the scrubber chooses
TRAIN = "Train an <a href='ae'>autoencoder</a> or <a href='pca'>PCA</a>"
ORDER = ("ae", "mlp-ae", "pca", "mlp-vae", "vae")  # from what generates poorly to what does not
KINDS = {
    "ae": "autoencoder",
    "mlp-ae": "autoencoder, fully connected",
    "pca": "PCA",
    "mlp-vae": "VAE, fully connected",
    "vae": "VAE",
}


@dataclass(frozen=True)
class CompareState:
    """Models by what requests call them, and the seed of the pictures and the random codes."""

    models: tuple[str, ...]
    seed: int = 0

    def sample(self, model: str) -> SampleRequest:
        """Random codes of a model; the same noise for all of the same number of latents."""
        return SampleRequest(model, seed=self.seed, count=RANDOM)

    def sheet(self) -> CompareRequest:
        """All of them as one picture."""
        return CompareRequest(self.models, self.seed)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"models": list(self.models), "seed": self.seed}

    @staticmethod
    def from_dict(values: Any, infos: dict[str, ModelInfo], first: str = "") -> CompareState:
        """Such a state as far as its models are here and fit each other; else what there is to compare."""
        given = dict(values)
        seed = given.get("seed")
        names = [m for m in given.get("models", ()) if isinstance(m, str) and m in infos]
        if not names:
            names = choose(infos, first)
        size = infos[names[0]] if names else None
        kept = tuple(dict.fromkeys(m for m in names if size is not None and fits(infos[m], size)))[:MOST]
        return CompareState(kept, seed if isinstance(seed, int) and 0 <= seed < 2**31 else 0)


def fits(info: ModelInfo, other: ModelInfo) -> bool:
    """Whether two models know pictures of the same size and channels."""
    return (info.size, info.channels) == (other.size, other.channels)


def choose(infos: dict[str, ModelInfo], first: str = "") -> list[str]:
    """Up to four models of different kinds, about as large as the first, from the same data; then any that fit."""
    if not infos:
        return []
    lead = first if first in infos else next((m for m in infos if infos[m].family == "vae"), next(iter(infos)))
    lead_info = infos[lead]
    alike = [m for m in infos if fits(infos[m], lead_info) and m != lead]
    alike.sort(key=lambda m: (infos[m].dataset != lead_info.dataset, abs(infos[m].latent_dim - lead_info.latent_dim)))
    families: dict[str, str] = {lead_info.family: lead}
    for model in alike:
        families.setdefault(infos[model].family, model)
    chosen = list(families.values())[:MOST]
    chosen += [m for m in alike if m not in chosen][: max(2 - len(chosen), 0)]
    rank = {family: k for k, family in enumerate(ORDER)}
    return sorted(chosen, key=lambda m: rank.get(infos[m].family, len(ORDER)))


def between(model: str, codes: Floats, labels: Sequence[str]) -> InterpolateRequest:
    """From the first picture's code to that of one of another class, in a straight line."""
    a, b = (tuple(float(x) for x in codes[k]) for k in ends(labels))
    return InterpolateRequest(model, a, b, BETWEEN, "lerp")


def mean_error(inputs: Pictures, reconstructions: Pictures) -> float:
    """Mean squared difference of grey levels in [0, 1], which is the same for every family."""
    gap = inputs.astype(np.float32) - reconstructions.astype(np.float32)
    return float(np.square(gap / 255).mean())


def words(infos: Sequence[ModelInfo], errors: dict[int, float]) -> str:
    """What the columns teach, as rich text."""
    if len(infos) < 2:
        here = "One model is" if infos else "No models are"
        return f"{here} here. {TRAIN} of the same data, or drop one, to see what a VAE is for."
    text = ""
    if len(errors) == len(infos):
        best = min(errors, key=errors.__getitem__)
        text = f"<b>{infos[best].name}</b> gives pictures back best. "
    points = [info for info in infos if info.family in ("ae", "mlp-ae", "pca")]
    tidy = [info for info in infos if info.family in ("vae", "mlp-vae")]
    if points and tidy:
        return text + (
            "<generated>Autoencoders</generated> and PCA leave holes between their codes, and random codes fall into "
            "them; the <real>VAE</real>'s KL term has closed them."
        )
    if points:
        return text + "They leave holes between their codes, and random codes fall into them."
    return (
        f"{text}All of them learnt to keep codes around 0, so random codes look like pictures. {TRAIN} of the same "
        "data, and see what that is good for."
    )
