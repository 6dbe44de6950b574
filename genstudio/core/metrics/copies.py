"""Is it copied? How near new pictures are to those that were learnt from, and how near other real ones are."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from genstudio.api.copied import Yardstick, near_rank
from genstudio.core.parts import by_parts

ENOUGH = 100  # held-out pictures of a class that have a hundredth: for a yardstick of its own
FADED = 0.5
PART, ROWS = 4096, 256  # training pictures, and others on each thread, that are compared at once


@dataclass(frozen=True)
class Copies:
    """Distances to the k nearest training pictures, root mean square of the pixels' differences, and which they are."""

    apart: Tensor  # (N, k) float64 of the generated, the nearest first
    rows: Tensor  # (N, k) int64
    held_out: Tensor  # (M,) float64, to the nearest, of real pictures that were held out; some may be no new ones

    @property
    def distances(self) -> Tensor:
        """Of the generated to the nearest, (N,)."""
        return self.apart[:, 0]

    @property
    def nearest(self) -> Tensor:
        """The nearest of each, (N,)."""
        return self.rows[:, 0]


def copies(generated: Tensor, training: Tensor, held_out: Tensor) -> Generator[None, None, Copies]:
    """The nearest of training pictures (K, ...) to generated (N, ...) and to held-out ones (M, ...), all of one kind
    and shape; yields between parts.

    Raises:
        ValueError: if there are none of a kind.
    """
    if not (len(generated) and len(training) and len(held_out)):
        raise ValueError("there must be generated, training and held-out pictures to compare")
    apart, rows = yield from nearest(torch.cat([generated, held_out]), training)
    n = len(generated)
    return Copies(apart[:n], rows[:n], apart[n:, 0])


def is_new(held_out: Tensor) -> Tensor:
    """Which held-out pictures are new, of their distances (M,), (M,) bool: one at no distance is among the training
    pictures, too, and says nothing of how near new ones come. Where there are many such the line would be at 0, and
    nothing but an exact copy near.
    """
    return held_out > 0


def is_faded(pictures: Tensor, nearest: Tensor) -> Tensor:
    """Which of pictures (N, ...) have less than FADED of the contrast of their nearest training pictures, (N, ...) too:
    (N,) bool.

    A grey picture lies in the middle of all, and so is near to many, but a copy is as full of contrast as what it
    repeats; real pictures are, too (of held-out digits and photographs none is below 0.79).
    """
    return _contrast(pictures) < FADED * _contrast(nearest)


def _contrast(pictures: Tensor) -> Tensor:
    """Standard deviation of the values of each picture, (N,)."""
    return pictures.flatten(1).double().std(1, correction=0)


def line_of(held_out: Tensor) -> float:
    """Up to what distance a picture is called near: as near as a hundredth of new pictures at most, of distances (M,).

    It is one of these distances, and not between two of them: of pictures as new as the held-out ones no more are near.
    """
    return float(held_out.kthvalue(near_rank(len(held_out))).values)


def is_near(distances: Tensor, held_out: Tensor) -> Tensor:
    """Which of distances (N,) are, (N,) bool.

    Of a generator as new as the held-out pictures a hundredth is, or less where few say so; of one that learnt by heart
    nearly all are (after Meehan et al. 2020, arXiv:2004.05675, who compare the same distances), with a little noise as
    well.

    Args:
        held_out: (M,) of those that are new alone.
    """
    return distances <= line_of(held_out)


def yardsticks(apart: Tensor, classes: Sequence[str]) -> tuple[Yardstick, ...]:
    """What held-out pictures say of how near is near: all of them, and those of each class of which there are ENOUGH.

    Args:
        apart: Their distances to the nearest training picture, (M,).
        classes: The name of that picture's class, M of them; "" without any. So a new picture, whose class nobody
            knows, is judged as they are.
    """
    names = np.array(classes, str)
    groups = {"": apart}
    for name in sorted(set(classes) - {""}):
        of_class = apart[torch.from_numpy(names == name)]
        if len(of_class) >= ENOUGH:
            groups[name] = of_class
    return tuple(
        Yardstick(
            name,
            len(group),
            float(group.kthvalue(near_rank(len(group))).values),
            float(group.median()),
            float(group.kthvalue(len(group) + 1 - near_rank(len(group))).values),
        )
        for name, group in groups.items()
    )


def nearest(pictures: Tensor, training: Tensor, k: int = 1) -> Generator[None, None, tuple[Tensor, Tensor]]:
    """Distances (N, k) float64 and indices (N, k) of the k nearest of training pictures (K, ...), the nearest first; of
    fewer training pictures all. The nearest is the first of equals.

    They are found in float32 by |a|^2 - 2 a b, exactly of 1,000 grey values of 0 to 255, and their distances then
    measured in float64: that of a copy is 0.
    """
    x = _centred(pictures)
    best, found = torch.empty(len(x), 0, dtype=torch.float64), torch.empty(len(x), 0, dtype=torch.int64)
    for start in range(0, len(training), PART):
        part = _centred(training[start : start + PART])
        squares = part.square().sum(1)

        def scored(rows: Tensor, part: Tensor = part, squares: Tensor = squares) -> Tensor:
            return torch.stack([each.double() for each in _least(torch.addmm(squares, rows, part.T, alpha=-2), k)])

        scores, places = torch.cat(by_parts(scored, x, part=ROWS), 1)  # (N, k)
        best, found = torch.cat([best, scores], 1), torch.cat([found, places.long() + start], 1)
        best, found = _sorted(best, found, k)
        yield
    apart = training[found].flatten(2).double() - pictures.flatten(1).double()[:, None]  # (N, k, D)
    return _sorted(apart.square().mean(2).sqrt(), found, k)


def parts(training: int) -> int:
    """How often `nearest` yields for so many training pictures."""
    return -(-training // PART)


def _least(scores: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """The k least of each row (N, k) and where they stand; of one the first of equals."""
    return scores.min(1, keepdim=True) if k == 1 else scores.topk(min(k, scores.shape[1]), largest=False)


def _sorted(values: Tensor, rows: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """The k least of values (N, ...) with their rows, rising; equals stay in their order."""
    order = values.argsort(stable=True, dim=1)[:, :k]
    return values.gather(1, order), rows.gather(1, order)


def _centred(pictures: Tensor) -> Tensor:
    """Values (N, D) float32, those of bytes about their middle, so that sums of products stay below 2^24."""
    values = pictures.flatten(1).float()
    return values - 128 if pictures.dtype == torch.uint8 else values
