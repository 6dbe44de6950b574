"""The memory of a curve: minimum, maximum and mean per span, of constant size. Numpy only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def trend_window(x: Floats) -> int:
    """How many neighbours on either side of a bucket its place on the trend is the mean of."""
    return len(x) // 64


class CurveBuffer:
    """Rows of numbers in at most `buckets` equal spans; when they are full, neighbours join and spans double.

    Appending costs the same at any length. Numbers that are not finite leave a gap in their column.
    """

    def __init__(self, columns: int, buckets: int = 512) -> None:
        assert buckets % 2 == 0, buckets
        self._low = np.empty((buckets, columns))
        self._high = np.empty((buckets, columns))
        self._sum = np.empty((buckets, columns))
        self._count = np.empty((buckets, columns))
        self.clear()

    def __len__(self) -> int:
        return self._rows

    @property
    def span(self) -> int:
        """Rows that share one bucket."""
        return self._span

    def clear(self, first: int = 1) -> None:
        """Forget everything; the next row stands at x = `first`."""
        self._low.fill(np.inf)
        self._high.fill(-np.inf)
        self._sum.fill(0)
        self._count.fill(0)
        self._rows = 0
        self._span = 1
        self._first = first
        self._last = np.full(self._low.shape[1], np.nan)

    def begin_with(self, x: npt.ArrayLike, rows: npt.ArrayLike, last: int) -> None:
        """Forget everything but a thinned past up to x = `last`: straight lines between rows (n, columns) at `x`."""
        places, values = np.asarray(x, np.float64), np.asarray(rows, np.float64)
        sound = np.isfinite(places) & (places >= 1) & (places <= last) & np.isfinite(values).all(axis=1)
        places, values = places[sound], values[sound]
        if not len(places):
            self.clear(last + 1)
            return
        self.clear(round(places[0]))
        self._rows = last - self._first + 1
        while self._rows > len(self._low) * self._span:
            self._span *= 2
        used = self._used()
        start = np.arange(used) * self._span
        count = np.minimum(start + self._span, self._rows) - start
        middle = self._first + start + (count - 1) / 2
        means = np.stack([np.interp(middle, places, column) for column in values.T], axis=1)
        self._low[:used] = self._high[:used] = means
        self._sum[:used], self._count[:used] = means * count[:, None], count[:, None]
        bucket = ((places - self._first) // self._span).astype(int)
        np.minimum.at(self._low, bucket, values)
        np.maximum.at(self._high, bucket, values)
        self._last = values[-1]

    def extend(self, rows: npt.ArrayLike) -> None:
        """Append rows, (n, columns)."""
        values = np.asarray(rows, dtype=np.float64)
        while len(values):
            free = len(self._low) * self._span - self._rows
            if free == 0:
                self._fold()
                continue
            self._add(values[:free])
            values = values[free:]

    def beyond(self, rows: npt.NDArray[np.float32], last: int) -> npt.NDArray[np.float32]:
        """Of rows (n, ...) up to x = `last` those that stand after all it holds."""
        end = self._first + self._rows - 1
        return rows[max(len(rows) - max(last - end, 0), 0) :] if self._rows else rows

    def x(self) -> Floats:
        """Middle of each bucket in use."""
        used = self._used()
        start = np.arange(used) * self._span
        stop = np.minimum(start + self._span, self._rows) - 1
        return self._first + (start + stop) / 2

    def x_range(self) -> tuple[float, float]:
        """x of the first and of the last row."""
        return float(self._first), float(self._first + max(self._rows - 1, 0))

    def band(self, column: int) -> tuple[Floats, Floats]:
        """A line that runs through the minimum and the maximum of every bucket, as x and y."""
        used = self._used()
        low, high = self._low[:used, column], self._high[:used, column]
        if self._span == 1:
            return self.x(), np.where(np.isfinite(low), low, np.nan)
        zigzag = np.stack([low, high], axis=1).reshape(-1)  # (2 used,)
        return np.repeat(self.x(), 2), np.where(np.isfinite(zigzag), zigzag, np.nan)

    def ends(self, column: int) -> tuple[Floats, Floats]:
        """The minimum and the maximum of each bucket, NaN where there is none."""
        used = self._used()
        low, high = self._low[:used, column], self._high[:used, column]
        return np.where(np.isfinite(low), low, np.nan), np.where(np.isfinite(high), high, np.nan)

    def mean(self, column: int, window: int = 0) -> Floats:
        """Mean over each bucket and `window` neighbours on both sides."""
        used = self._used()
        total, count = self._sum[:used, column], self._count[:used, column]
        if window:
            kernel = np.ones(2 * window + 1)
            total = np.convolve(total, kernel)[window : window + used]
            count = np.convolve(count, kernel)[window : window + used]
        return np.divide(total, count, out=np.full(used, np.nan), where=count > 0)

    def last(self) -> Floats:
        """The newest finite number of each column, NaN before the first."""
        return self._last.copy()

    def _used(self) -> int:
        return -(-self._rows // self._span)

    def _add(self, values: Floats) -> None:
        bucket = (self._rows + np.arange(len(values))) // self._span
        finite = np.isfinite(values)
        np.minimum.at(self._low, bucket, np.where(finite, values, np.inf))
        np.maximum.at(self._high, bucket, np.where(finite, values, -np.inf))
        np.add.at(self._sum, bucket, np.where(finite, values, 0))
        np.add.at(self._count, bucket, finite)
        self._rows += len(values)
        for column in np.flatnonzero(finite.any(axis=0)):
            self._last[column] = values[finite[:, column], column][-1]

    def _fold(self) -> None:
        half = len(self._low) // 2
        for array, join, empty in (
            (self._low, np.minimum, np.inf),
            (self._high, np.maximum, -np.inf),
            (self._sum, np.add, 0.0),
            (self._count, np.add, 0.0),
        ):
            array[:half] = join(array[0::2], array[1::2])
            array[half:] = empty
        self._span *= 2
