"""What the comparison of models shows, as one value: the undo entry and what is remembered. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genstudio.api import CompareRequest, Floats, InterpolateRequest, ModelInfo, SampleRequest
from genstudio.api.compare import BETWEEN, RANDOM, ends

MOST = 4  # models
SEEDS = 100  # of which the scrubber chooses
ORDER = ("ae", "mlp-ae", "pca", "mlp-vae", "vae")  # from what generates poorly to what does not
LOOSE, TIDY = ORDER[:3], ORDER[3:]  # nothing keeps their codes near 0; the KL term does
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
    def from_dict(values: Mapping[str, Any], infos: dict[str, ModelInfo], near: str = "") -> CompareState:
        """Such a state as far as its models are here and fit each other; else what there is to compare."""
        seed, given = values.get("seed"), values.get("models")
        names = [m for m in given if isinstance(m, str) and m in infos] if isinstance(given, (list, tuple)) else []
        if not names:
            names = choose(infos, near)
        size = infos[names[0]] if names else None
        kept = tuple(dict.fromkeys(m for m in names if size is not None and fits(infos[m], size)))[:MOST]
        return CompareState(kept, seed if type(seed) is int and 0 <= seed < 2**31 else 0)


def fits(info: ModelInfo, other: ModelInfo) -> bool:
    """Whether two models know pictures of the same size and channels."""
    return (info.size, info.channels) == (other.size, other.channels)


def is_fair(info: ModelInfo, other: ModelInfo) -> bool:
    """Whether two models have learnt the same data with the same number of latents."""
    return fits(info, other) and (info.dataset, info.latent_dim) == (other.dataset, other.latent_dim)


def choose(infos: dict[str, ModelInfo], near: str = "") -> list[str]:
    """Up to four models of different kinds, by the fairness of their comparison.

    Those of the data and the number of latents that most kinds have learnt, of several such data that of `near`;
    where no two kinds have, of the same data and about as many latents; else any of pictures of the same size.
    """
    if not infos:
        return []
    data = infos[near].dataset if near in infos else ""
    lead = max(infos, key=lambda m: (_kinds(m, infos), infos[m].dataset == data, m == near, infos[m].family == "vae"))
    lead_info = infos[lead]
    alike = [m for m in infos if fits(infos[m], lead_info) and m != lead]
    alike.sort(key=lambda m: abs(infos[m].latent_dim - lead_info.latent_dim))
    same_data = [m for m in alike if infos[m].dataset == lead_info.dataset]
    for group in ([m for m in same_data if is_fair(infos[m], lead_info)], same_data, alike):
        families: dict[str, str] = {lead_info.family: lead}
        for model in group:
            families.setdefault(infos[model].family, model)
        if len(families) > 1:
            break
    chosen = list(families.values())[:MOST]
    chosen += [m for m in (*same_data, *alike) if m not in chosen][: max(2 - len(chosen), 0)]
    rank = {family: k for k, family in enumerate(ORDER)}
    return sorted(chosen, key=lambda m: rank.get(infos[m].family, len(ORDER)))


def _kinds(model: str, infos: dict[str, ModelInfo]) -> int:
    """How many kinds of models can fairly be compared with one, its own included."""
    return len({info.family for info in infos.values() if is_fair(info, infos[model])})


def has_points(infos: dict[str, ModelInfo], shown: Sequence[str]) -> bool:
    """Whether models are here but not shown that learnt codes as points, and a VAE to compare them with."""
    kinds, families = {infos[m].family for m in choose(infos)}, {infos[m].family for m in shown}
    return bool(kinds & set(LOOSE)) and not families & set(LOOSE) and len(kinds) > len(families)


def between(model: str, codes: Floats, labels: Sequence[str]) -> InterpolateRequest:
    """From the first picture's code to that of one of another class, in a straight line."""
    a, b = (tuple(float(x) for x in codes[k]) for k in ends(labels))
    return InterpolateRequest(model, a, b, BETWEEN, "lerp")
