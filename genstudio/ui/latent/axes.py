"""What sliders over a code stand for: its raw numbers, principal directions, or measures of pictures. No Qt."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from genstudio.api import Axes, StudyEvent
from genstudio.ui.numbers import signed

Code = npt.NDArray[np.float64]
Kind = Literal["raw", "principal", "measured"]
DEAD = 0.01  # nats: below it mean codes lie within 0.14 sigma of 0 (KL >= mu^2 / 2): the decoder ignores the latent
WEAK = 0.3  # R^2: below it a measured slider moves something else as well as its measure
DULL = 0.4  # of what a measured slider says: below it decoded pictures hardly follow
MIXED = 0.5  # deviations of the other measures: above it they are not held
NARROW = 0.1  # of the widest principal axis: below it codes hardly vary

COLLAPSE = (
    "Posterior collapse: for every picture the encoder answers with the prior itself, because what this latent "
    "could tell would cost more KL than it saves in reconstruction. The decoder has learned to ignore it, so "
    "moving it changes next to nothing."
)
UNSURE = (
    "The code tells little of this: a linear rule explains less than a third of it on pictures it has not seen, "
    "so the picture may change in other ways."
)
STUCK = "Decoded pictures hardly follow this slider: the decoder cannot change it with the others held."
TANGLED = "Decoded pictures change in other measures too: the decoder cannot change this with all the others held."
SEEN = "The number and the mark on the track are measured on the picture shown; the knob is what was asked for."
STILL = "The codes of real pictures hardly vary along this axis, so the decoder has not learned what it means."


@dataclass(frozen=True)
class Face:
    """What one slider says of itself; at s it shows `mean + s * std` in `unit`."""

    name: str
    help: str = ""
    bar: float | None = None  # filled share of the small bar under the name, None without one
    note: str = ""  # a second line under the name
    dead: str = ""  # why it is greyed, "" if it is not
    mean: float = 0.0
    std: float = 1.0
    unit: str = ""
    is_measure: bool = False
    low: float = -math.inf  # the least and the most that the pictures studied had, in `unit`
    high: float = math.inf
    stop: str = ""  # why it cannot be moved, "" if it can

    def words(self, value: float) -> str:
        """A slider's value as it is read, with its sign or its unit; never a minus before nothing.

        Of a measure beyond what was seen only the end is told, after < or >.
        """
        if not self.is_measure:
            return signed(value, "+.2f")
        told = self.mean + value * self.std
        beyond = "<" if told < self.low else ">" if told > self.high else ""
        shown = self._with_unit(min(max(told, self.low), self.high))
        return f"{beyond}{shown.replace('.0 ', ' ')}" if beyond else shown  # short: it has the room of a number

    def measured(self, value: float) -> str:
        """What a picture shows, as it is read; a dash where it shows nothing of it."""
        return self._with_unit(self.mean + value * self.std) if math.isfinite(value) else "–"

    def _with_unit(self, told: float, sign: str = "") -> str:
        text = signed(told, f"{sign}.{self.places()}f")
        return f"{text}°" if self.unit == "°" else f"{text} {self.unit}".rstrip()

    def seen(self) -> str:
        """Of what the pictures studied had, a sentence."""
        ends = f"{self._with_unit(self.low)} to {self._with_unit(self.high)}"
        return f"The pictures studied had {ends}."

    def tried(self, down: float, up: float) -> str:
        """Of what decoded pictures made of one slider unit to either side, a sentence."""
        asked, less, more = (self._with_unit(part * self.std, sign) for part, sign in ((1, ""), (down, "+"), (up, "+")))
        return f"Asked for {asked} less or more, decoded pictures changed by {less} or {more} on average."

    def typed(self, value: float) -> str:
        """A value as one edits it: without sign and unit."""
        return f"{self.mean + value * self.std:.{self.places()}f}"

    def value_of(self, text: str) -> float:
        """The slider's value that a typed number means.

        Raises:
            ValueError: if it is no number.
        """
        return (float(text.replace(",", ".").replace("−", "-")) - self.mean) / self.std

    def places(self) -> int:
        """Decimals that mean something."""
        return 2 if not self.is_measure else max(0, math.ceil(0.3 - math.log10(max(self.std, 1e-4))))


@dataclass(frozen=True, eq=False)
class CodeAxes:
    """K sliders over codes of D numbers: slider k at s moves a code by s * scale * unit."""

    kind: Kind
    faces: tuple[Face, ...]
    origin: Code  # (D,): where all stand at 0
    steps: Code  # (K, D): scale * unit
    reads: Code  # (D, K): where the sliders stand, (z - origin) reads
    is_crossed: bool = False  # a move of one slider moves others of the set, because of locks

    def positions(self, z: npt.ArrayLike) -> Code:
        """Where the sliders stand for a code."""
        code = np.asarray(z, dtype=np.float64)
        if self.kind == "raw":
            return code.copy()
        places: Code = (code - self.origin) @ self.reads
        return places

    def reads_as(self, other: CodeAxes) -> bool:
        """Whether another set stands where this one does for any code; locks change only how it moves."""
        return self.kind == other.kind and np.array_equal(self.reads, other.reads)

    def moved(self, z: Code, index: int, before: float, after: float) -> Code:
        """The code after one slider went from `before` to `after`, the others held."""
        moved: Code = z + (after - before) * self.steps[index]
        if self.kind == "raw" and self.steps[index, index]:
            moved[index] = after
        return moved

    def shifted(self, places: Code, z: Code, index: int, after: float) -> Code:
        """Where the sliders stand once one of them went to `after` and made the code z.

        Of measures the code tells only a part, so those that were not touched stay where they are.
        """
        there = self.positions(z) if self.is_crossed and self.kind != "measured" else places.copy()
        there[index] = after
        return there

    def index(self, name: str) -> int:
        """The slider with a name, -1 without one."""
        return next((k for k, face in enumerate(self.faces) if face.name == name), -1)


def raw_axes(latents: int, study: StudyEvent | None = None) -> CodeAxes:
    """The numbers of a code themselves; with a study each tells its KL."""
    faces = tuple(Face(f"z{k + 1}") for k in range(latents))
    if study is not None and has_kl(study):
        most = max(float(study.kl.max()), 1e-9)
        faces = tuple(_raw_face(k, float(kl), most) for k, kl in enumerate(study.kl))
    return CodeAxes("raw", faces, np.zeros(latents), np.eye(latents), np.eye(latents))


def _raw_face(index: int, kl: float, most: float) -> Face:
    help_ = f"KL {nats(kl)} a picture: what pictures tell through this latent."
    return Face(f"z{index + 1}", help_, min(max(kl / most, 0.0), 1.0), dead=COLLAPSE if kl < DEAD else "")


def principal_axes(study: StudyEvent) -> CodeAxes:
    """The directions along which the codes of the studied pictures vary most, in standard deviations."""
    axes, widest = study.principal, max(float(study.principal.scale.max(initial=0)), 1e-9)
    faces = tuple(
        Face(name, help_, float(score / max(axes.score.max(), 1e-9)), dead=STILL if scale < NARROW * widest else "")
        for name, help_, score, scale in zip(axes.names, axes.helps, axes.score, axes.scale, strict=True)
    )
    reads = axes.units.T.astype(np.float64) / np.maximum(axes.scale, 1e-6)
    return _axes("principal", faces, study, axes, reads)


def measured_axes(study: StudyEvent) -> CodeAxes:
    """The directions that change one measure of the pictures and hold the others."""
    axes = study.measured
    faces = tuple(_measured_face(axes, k) for k in range(len(axes.names)))
    return _axes("measured", faces, study, axes, axes.weights.astype(np.float64) / np.maximum(axes.std, 1e-9))


def _measured_face(axes: Axes, k: int) -> Face:
    r2 = float(axes.score[k])
    low, high = (math.inf * sign if ends is None else float(ends[k]) for ends, sign in ((axes.low, -1), (axes.high, 1)))
    help_ = (
        f"{axes.helps[k]} R² = {r2:.2f} of it follows from the code by a linear rule, on pictures not used to find it; "
        f"the other measures are held as far as the decoder can."
    )
    face = Face(
        axes.names[k], help_, min(max(r2, 0.0), 1.0), f"R² {max(r2, 0.0):.2f}", _doubt(axes, k),
        float(axes.mean[k]), max(float(axes.std[k]), 1e-9), axes.measures[k], True, low, high,
    )  # fmt: skip
    words = [help_, SEEN]
    if axes.answer is not None:
        words.append(face.tried(float(axes.answer[0, k]), float(axes.answer[1, k])))
    if axes.low is not None:
        words.append(face.seen())
    return dataclasses.replace(face, help=" ".join(words))


def _doubt(axes: Axes, k: int) -> str:
    """Why a measured slider does not do what it says, "" if it does."""
    if axes.answer is not None and (axes.answer[1, k] - axes.answer[0, k]) / 2 < DULL:
        return STUCK
    if axes.score[k] < WEAK:
        return UNSURE
    return TANGLED if axes.spill is not None and axes.spill[k] > MIXED else ""


def _axes(kind: Kind, faces: tuple[Face, ...], study: StudyEvent, axes: Axes, reads: Code) -> CodeAxes:
    steps = axes.units.astype(np.float64) * axes.scale[:, None]
    return CodeAxes(kind, faces, study.mean.astype(np.float64), steps, reads)


def axes_of(kind: Kind, latents: int, study: StudyEvent | None) -> CodeAxes:
    """The sliders of a kind; the raw ones where nothing is known."""
    if study is None or kind == "raw":
        return raw_axes(latents, study)
    return principal_axes(study) if kind == "principal" else measured_axes(study)


def has_kl(study: StudyEvent) -> bool:
    """Whether the model's codes are distributions; those of an autoencoder or PCA are points."""
    return bool(study.kl.any())


def by_kl(study: StudyEvent | None, latents: int) -> list[int]:
    """The latents in the order of their KL, largest first; as they are where that is not known."""
    if study is None or not has_kl(study):
        return list(range(latents))
    return [int(k) for k in np.argsort(-study.kl, kind="stable")]


def pulled(code: npt.ArrayLike, mean: Code, share: float) -> Code:
    """A code that is `share` as far from the mean code."""
    near: Code = mean + share * (np.asarray(code, dtype=np.float64) - mean)
    return near


def nats(kl: float) -> str:
    """1.23 nats; what is next to nothing keeps a digit."""
    return f"{kl:.2f} nats" if kl >= 0.095 else f"{kl:.3f} nats"
