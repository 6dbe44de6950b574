"""What the capacity mode shows: ladders of models along their rate-distortion curve. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from genstudio.api import DatasetInfo, DecodeRequest, EncodedEvent, Floats, ModelInfo, called, noise
from genstudio.ui.latent.axes import DEAD

FAMILIES = ("vae", "mlp-vae")
SEEDS = 100  # among which a dropped file's random codes are looked for
PICKED = 64  # held-out pictures; the numbers in use are counted on them
MOST_COLUMNS = 16
RANDOM_ROWS = 2  # of random codes under the given-back ones
WITHOUT = "strokes"  # pictures that are always here

Measured = Mapping[str, tuple[float, float]]  # rate and distortion of models by their SHA-256


@dataclass(frozen=True)
class Rung:
    """A model of the ladder, by what requests call it; nats per held-out picture."""

    key: str
    info: ModelInfo
    rate: float
    distortion: float

    @property
    def elbo(self) -> float:
        """The lower bound of log p(x), nats per picture."""
        return -(self.rate + self.distortion)

    @property
    def label(self) -> str:
        """How many numbers its codes have, and its weight of the KL where that is not 1."""
        beta = getattr(self.info.settings, "beta", 1.0)
        return f"{self.info.latent_dim}" if beta == 1 else f"{self.info.latent_dim}, β {beta:g}"


@dataclass(frozen=True)
class Ladder:
    """Models of the same pictures whose nats can be compared, from the fewest numbers to the most."""

    key: str
    title: str
    dataset: str
    rungs: tuple[Rung, ...]
    unmeasured: tuple[str, ...]  # keys of models without numbers

    def place(self, model: str) -> int:
        """Which rung a model is; -1 if it is none."""
        return next((k for k, rung in enumerate(self.rungs) if rung.key == model), -1)

    def nearest(self, model: str) -> list[int]:
        """All rungs, those next to a model's first."""
        return sorted(range(len(self.rungs)), key=lambda k: abs(k - self.place(model)))

    def source(self, datasets: Iterable[DatasetInfo]) -> str:
        """The models' own pictures, or strokes where those fit and their own are not here."""
        is_gone = any(one.name == self.dataset and not one.available for one in datasets)
        return WITHOUT if is_gone and self.fits_strokes() else self.dataset

    def fits_strokes(self) -> bool:
        """Whether the models know pictures like strokes."""
        info = self.rungs[0].info
        return (info.size, info.channels) == (28, 1)


def kind_of(info: ModelInfo) -> tuple[str, str]:
    """Likelihood and pixels: nats of different ones say nothing of each other."""
    return getattr(info.settings, "likelihood", "bernoulli"), getattr(info.settings, "pixels", "grey")


def ladders(infos: Mapping[str, ModelInfo], measured: Measured) -> dict[str, Ladder]:
    """All ladders by their keys, that with the most rungs first."""
    groups: dict[str, list[str]] = {}
    for key, info in infos.items():
        if info.family in FAMILIES:
            name = "|".join((info.dataset, str(info.size), str(info.channels), *kind_of(info)))
            groups.setdefault(name, []).append(key)
    found = [_ladder(name, keys, infos, measured) for name, keys in groups.items()]
    return {ladder.key: ladder for ladder in sorted(found, key=lambda one: -len(one.rungs))}


def _ladder(name: str, keys: Iterable[str], infos: Mapping[str, ModelInfo], measured: Measured) -> Ladder:
    rungs, unmeasured = [], []
    for key in keys:
        numbers = numbers_of(infos[key], measured)
        if numbers is None:
            unmeasured.append(key)
        else:
            rungs.append(Rung(key, infos[key], *numbers))
    first = infos[next(iter(keys))]
    likelihood, pixels = kind_of(first)
    extra = [word for word, usual in ((f"{likelihood} likelihood", "bernoulli"), (f"{pixels} pixels", "grey"))
             if not word.startswith(usual)]  # fmt: skip
    title = ", ".join((called(first.dataset), *extra))
    rungs.sort(key=lambda rung: (rung.info.latent_dim, rung.rate))
    return Ladder(name, title, first.dataset, tuple(rungs), tuple(unmeasured))


def numbers_of(info: ModelInfo, measured: Measured) -> tuple[float, float] | None:
    """Rate and distortion that the file says or that were measured here."""
    if "rate" in info.quality and "distortion" in info.quality:
        return info.quality["rate"], info.quality["distortion"]
    return measured.get(info.sha256)


@dataclass(frozen=True)
class CapacityState:
    """The ladder, the rung on it, which held-out pictures and random codes, and whether all rungs are seen."""

    ladder: str = ""
    model: str = ""
    seed: int = 0
    every: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"ladder": self.ladder, "model": self.model, "seed": self.seed, "every": self.every}

    @staticmethod
    def from_dict(values: Mapping[str, Any], known: Mapping[str, Ladder], model: str = "") -> CapacityState:
        """Such a state as far as its models are here; `model` is chosen if it is on a ladder."""
        seed = values.get("seed")
        wishes = [model, values.get("model")]
        for wish in wishes:
            home = next(
                (ladder for ladder in known.values() if isinstance(wish, str) and ladder.place(wish) >= 0), None
            )
            if home is not None:
                break
        else:
            wish, home = "", known.get(str(values.get("ladder"))) or next(iter(known.values()), None)
        if home is not None and not wish and home.rungs:
            wish = home.rungs[len(home.rungs) // 2].key
        return CapacityState(
            home.key if home else "",
            str(wish or ""),
            seed if type(seed) is int and 0 <= seed < 2**31 else 0,
            values.get("every") is True,
        )


def random_codes(latent_dim: int, seed: int, count: int) -> tuple[tuple[float, ...], ...]:
    """Codes drawn from N(0, I), the same as a SampleRequest's."""
    return tuple(tuple(map(float, noise(seed, k, (latent_dim,)))) for k in range(count))


def random_request(rung: Rung, seed: int) -> DecodeRequest:
    """Random codes of a rung."""
    return DecodeRequest(rung.key, random_codes(rung.info.latent_dim, seed, RANDOM_ROWS * MOST_COLUMNS))


def sheet(rung: Rung, codes: Floats, seed: int, columns: int) -> DecodeRequest:
    """What an export writes and the stage shows: a row of pictures given back, and rows of random codes."""
    z = [tuple(map(float, code)) for code in codes[:columns]]
    random = random_request(rung, seed).z
    for row in range(RANDOM_ROWS):
        z += random[row * MOST_COLUMNS :][:columns]
    return DecodeRequest(rung.key, tuple(z))


def seed_of(request: Any) -> int | None:
    """The seed of such a sheet; None for any other request."""
    if not isinstance(request, DecodeRequest) or not request.z or len(request.z) % (1 + RANDOM_ROWS):
        return None
    first = len(request.z) // (1 + RANDOM_ROWS)
    rest = request.z[first:]
    return next((seed for seed in range(SEEDS) if random_codes(len(rest[0]), seed, 1)[0] == rest[0]), None)


def columns_of(request: DecodeRequest) -> int:
    """How many pictures a row of such a sheet has."""
    return len(request.z) // (1 + RANDOM_ROWS)


def in_use(event: EncodedEvent) -> int:
    """How many numbers of a code tell anything of the pictures that were encoded."""
    variance = np.maximum(np.square(event.sigma), 1e-12)
    kl = 0.5 * (np.square(event.mu) + variance - 1 - np.log(variance))
    return int((kl.mean(0) >= DEAD).sum())
