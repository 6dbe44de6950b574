"""Pictures that are in a dataset more than once, exactly or nearly."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Sequence

import numpy as np
import numpy.typing as npt

from genstudio.api import Pictures, Twins
from genstudio.api.inspection import NEAR

MOST_PAIRS = 8  # that are named
MOST_COMPARED = 20_000  # pictures of which every two are compared
ROWS = 256  # in a step


def once(images: Pictures, train: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which of the pictures are left if each is taken once, and none to learn from (`train`) that is held out, too."""
    digests, kept = _digests(images), np.zeros(len(images), bool)
    seen: set[bytes] = set()
    for k in (*np.flatnonzero(~train), *np.flatnonzero(train)):
        kept[k] = digests[k] not in seen
        seen.add(digests[k])
    return kept


def _digests(images: Pictures) -> list[bytes]:
    return [hashlib.blake2b(image.tobytes(), digest_size=16).digest() for image in images]


def finding(
    images: Pictures, labels: Sequence[int], train: Sequence[bool], names: Sequence[str]
) -> Generator[tuple[int, int], None, Twins]:
    """Compare all pictures (N, H, W, C); yields (pictures compared, pictures in all)."""
    digests = _digests(images)
    first: dict[bytes, int] = {}
    pairs = [(k, before) for k, digest in enumerate(digests) if (before := first.setdefault(digest, k)) != k]
    to_learn = {digest for digest, mine in zip(digests, train, strict=True) if mine}
    shared = sum(digest in to_learn for digest, mine in zip(digests, train, strict=True) if not mine)
    near = None
    if len(first) <= MOST_COMPARED:
        near = yield from _nearly(images[list(first.values())])
    return Twins(
        copies=len(pairs),
        shared=shared,
        torn=sum(labels[k] != labels[before] for k, before in pairs),
        near=near,
        pairs=tuple((names[k], names[before]) for k, before in pairs[:MOST_PAIRS]),
    )


def _nearly(images: Pictures) -> Generator[tuple[int, int], None, int]:
    """How many hardly differ from one that stands before, of which the one that is nearest when coarse is tried.

    Means of blocks differ no more than the pixels do, so what is far when coarse is far.
    """
    coarse, found = _coarse(images), 0
    squares = (coarse**2).sum(1)  # (N,)
    for start in range(0, len(images), ROWS):
        yield start, len(images)
        end = min(start + ROWS, len(images))
        distances = squares[start:end, None] + squares[None, :end] - 2 * coarse[start:end] @ coarse[:end].T
        distances[np.arange(end)[None] >= np.arange(start, end)[:, None]] = np.inf  # itself, and what stands after it
        nearest = distances.argmin(1)
        is_close = distances.min(1) / coarse.shape[1] <= (NEAR + 1) ** 2  # a little more, for float32
        for k in np.flatnonzero(is_close):
            difference = images[start + k].astype(np.float32) - images[nearest[k]]
            found += bool((difference**2).mean() <= NEAR**2)
    return found


def _coarse(images: Pictures) -> npt.NDArray[np.float32]:
    """The means of blocks, (N, cells), of at most 8 by 8."""
    count, size, _, channels = images.shape
    cells = next(number for number in (8, 7, 4) if size % number == 0)
    step = size // cells
    blocks = images.reshape(count, cells, step, cells, step, channels)
    means: npt.NDArray[np.float32] = blocks.mean((2, 4), dtype=np.float32).reshape(count, -1)
    return means - means.mean(0)
