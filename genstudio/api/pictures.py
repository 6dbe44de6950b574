"""What a picture is, and the noise that picture k begins with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Protocol, get_args

import numpy as np
import numpy.typing as npt

Pictures = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


class Film(Protocol):
    """Pictures (T, N, H, W, C) of which each moment (N, H, W, C) is made only when it is asked for, by any thread."""

    @property
    def shape(self) -> tuple[int, ...]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, moment: int, /) -> Pictures: ...
    def __iter__(self) -> Iterator[Pictures]: ...


Layer = Literal["x_t", "x0_hat", "eps_hat"]
LAYERS: tuple[Layer, ...] = get_args(Layer)
NO_PICTURES: Pictures = np.zeros((0, 28, 28, 1), np.uint8)  # what clears a stage
ALL_CLASSES = -1  # label of a request: the classes in turn, picture k has class k mod n
NO_CLASS = -2  # label of a request: the network's "no class" embedding


def noise(seed: int, index: int, shape: tuple[int, ...]) -> Floats:
    """Standard normal numbers of picture `index`: they do not depend on how many are drawn beside it."""
    return np.random.default_rng((seed, index)).standard_normal(shape, dtype=np.float32)
