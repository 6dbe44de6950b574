"""What is explored of a generator that learns: a code, its class, how far it is truncated, two ends. No Qt."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from genstudio.api import PeekRequest
from genstudio.ui.latent.axes import Code
from genstudio.ui.tabs.vae_state import along, as_code, random_code

PSI = (0.0, 1.5)  # factor of a code
STEPS = 7  # pictures from A to B
NAMES = ("z", "a", "b")
MOST_LATENTS = 4096
Numbers = tuple[float, ...]


@dataclass(frozen=True)
class Explored:
    """A code z and the ends A and B, all without truncation; `label` counts on from the last class to the first."""

    z: Numbers = ()
    a: Numbers = ()
    b: Numbers = ()
    label: int = 0
    has_all: bool = False  # classes are seen beside each other
    psi: float = 1.0  # truncation
    locked: tuple[int, ...] = ()  # latents that random codes and the walk leave alone

    @staticmethod
    def first(seed: int, latents: int) -> Explored:
        """At the code of a run's first sample; the way goes on to that of its second."""
        return Explored(random_code(seed, 0, latents), random_code(seed, 0, latents), random_code(seed, 1, latents))

    def at(self, z: Any) -> Explored:
        """With another code."""
        return dataclasses.replace(self, z=as_code(z))

    def of_sample(self, seed: int, index: int) -> Explored:
        """With code and class of a run's sample."""
        z = random_code(seed, index, len(self.z))
        return dataclasses.replace(self, z=z, label=index, has_all=False)

    def randomised(self, rng: np.random.Generator) -> Explored:
        """With another code of the prior; what is locked stays."""
        return self.at(self.held(rng.standard_normal(len(self.z))))

    def held(self, z: Code) -> Code:
        """A code with the locked numbers of this one."""
        z, locked = np.array(z, np.float64), list(self.locked)
        z[locked] = np.array(self.z)[locked]
        return z

    def on_way(self, position: float) -> Code:
        """The code between A (0) and B (1)."""
        return along(np.array(self.a), np.array(self.b), position, "slerp")

    def request(self, place: int, iteration: int, classes: int) -> PeekRequest:
        """The picture of the code, or one of each class."""
        labels = tuple(range(classes)) if self.has_all and classes else self._labels(1, classes)
        return PeekRequest(place, iteration, (self._truncated(self.z),) * max(len(labels), 1), labels)

    def way(self, place: int, iteration: int, classes: int) -> PeekRequest:
        """The pictures from A to B."""
        codes = tuple(self._truncated(self.on_way(k / (STEPS - 1))) for k in range(STEPS))
        return PeekRequest(place, iteration, codes, self._labels(STEPS, classes))

    def _labels(self, count: int, classes: int) -> tuple[int, ...]:
        return (self.label % classes,) * count if classes else ()

    def _truncated(self, z: Any) -> Numbers:
        return tuple((self.psi * np.asarray(z, np.float64)).tolist())

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in dataclasses.asdict(self).items()}

    @staticmethod
    def from_dict(values: Any) -> Explored | None:
        """What `to_dict` has written; None of anything else."""
        try:
            codes = {name: tuple(float(x) for x in values[name]) for name in NAMES}
            label, psi = int(values["label"]), float(values["psi"])
            locked = tuple(int(k) for k in values["locked"])
            has_all = bool(values["has_all"])
        except (TypeError, ValueError, KeyError, OverflowError):
            return None
        latents = len(codes["z"])
        is_good = 0 < latents <= MOST_LATENTS and all(len(code) == latents for code in codes.values())
        is_good &= all(math.isfinite(x) for code in codes.values() for x in code)
        is_good &= label >= 0 and PSI[0] <= psi <= PSI[1] and all(0 <= k < latents for k in locked)
        return Explored(**codes, label=label, has_all=has_all, psi=psi, locked=locked) if is_good else None
