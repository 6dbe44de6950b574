"""What a picture is, the text that carries one, and the noise that picture k begins with."""

from __future__ import annotations

import base64
import math
import zlib
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


Layer = Literal["x_t", "x0_hat", "eps_hat", "change"]
LAYERS: tuple[Layer, ...] = get_args(Layer)
NO_PICTURES: Pictures = np.zeros((0, 28, 28, 1), np.uint8)  # what clears a stage
ALL_CLASSES = -1  # label of a request: the classes in turn, picture k has class k mod n
NO_CLASS = -2  # label of a request: the network's "no class" embedding
LARGEST = 1024  # px of a picture that a text carries
MOST_TEXT = 200_000  # characters of such a text in a file


def noise(seed: int, index: int, shape: tuple[int, ...]) -> Floats:
    """Standard normal numbers of picture `index`: they do not depend on how many are drawn beside it."""
    return np.random.default_rng((seed, index)).standard_normal(shape, dtype=np.float32)


def pack(picture: Pictures) -> str:
    """A picture (H, W, C) as a short text."""
    shape = "x".join(map(str, picture.shape))
    return f"{shape}:{base64.b64encode(zlib.compress(picture.tobytes())).decode()}"


def packed_shape(text: str) -> tuple[int, int, int] | None:
    """(H, W, C) of the picture that a text carries; None if it names none."""
    sides = text.partition(":")[0].split("x")
    if len(sides) != 3 or not all(side.isascii() and side.isdigit() and len(side) <= 4 for side in sides):
        return None
    height, width, channels = map(int, sides)
    return (height, width, channels) if min(height, width) > 0 and channels in (1, 3) else None


def picture_of(text: str) -> Pictures | None:
    """The picture (H, W, C) that a text of `pack` carries; None if it carries none."""
    shape = packed_shape(text)
    return unpack(text, shape) if shape is not None else None


def unpack(text: str, shape: tuple[int, int, int]) -> Pictures | None:
    """The picture of such a text; None if it is none of that shape."""
    head, _, body = text.partition(":")
    count = math.prod(shape)
    if head != "x".join(map(str, shape)) or max(shape) > LARGEST:
        return None
    try:
        raw = zlib.decompressobj().decompress(base64.b64decode(body, validate=True), count + 1)
    except (ValueError, zlib.error):
        return None
    return np.frombuffer(raw, np.uint8).reshape(shape).copy() if len(raw) == count else None
