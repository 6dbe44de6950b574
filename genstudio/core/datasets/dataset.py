"""What every dataset is once it has been read: pictures, labels and where they came from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from genstudio.api import DatasetInfo, Floats, Pictures

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Pictures in memory. Without classes every label is 0.

    `factors` are the numbers a generated picture was drawn from, one row a picture, named by
    `factor_names`. `skipped` says which files were left out and why, one line each.
    """

    name: str
    images: Pictures  # (N, H, W, C)
    labels: Labels  # (N,)
    classes: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    factors: Floats | None = None  # (N, len(factor_names))
    factor_names: tuple[str, ...] = ()
    title: str = ""
    note: str = ""
    held_out: int = 0  # further pictures of the same folder or zip, for testing

    def __len__(self) -> int:
        return len(self.images)

    @property
    def channels(self) -> int:
        """1 for grey pictures, 3 for colour."""
        return int(self.images.shape[3])

    @property
    def size(self) -> int:
        """Height and width in px."""
        return int(self.images.shape[1])

    def locked(self) -> Dataset:
        """Itself, its arrays read-only from now on: what several threads share is never changed."""
        for array in (self.images, self.labels, self.factors):
            if array is not None:
                array.flags.writeable = False
        return self

    def counts(self) -> tuple[int, ...]:
        """Pictures per class; one number, all of them, where there are no classes."""
        counted = np.bincount(self.labels, minlength=max(len(self.classes), 1))
        return tuple(int(n) for n in counted)

    def first(self, count: int) -> Dataset:
        """Only its first `count` pictures."""
        factors = None if self.factors is None else self.factors[:count]
        return replace(self, images=self.images[:count], labels=self.labels[:count], factors=factors)

    def preview(self, count: int = 64) -> Pictures:
        """Up to `count` pictures for a first look: the classes in turn, otherwise spread evenly."""
        count = min(count, len(self))
        if not self.classes:
            return self.images[np.linspace(0, len(self) - 1, count).round().astype(np.int64)]
        rank = np.zeros(len(self), dtype=np.int64)  # how many of its class stand before it
        for label in range(len(self.classes)):
            of_class = np.flatnonzero(self.labels == label)
            rank[of_class] = np.arange(len(of_class))
        return self.images[np.lexsort((self.labels, rank))[:count]]

    def info(self) -> DatasetInfo:
        """What a picker and the status line say about it."""
        return DatasetInfo(
            name=self.name,
            title=self.title or self.name,
            channels=self.channels,
            size=self.size,
            classes=self.classes,
            count=len(self),
            available=True,
            note=self.note,
            held_out=self.held_out,
            factors=self.factor_names,
        )
