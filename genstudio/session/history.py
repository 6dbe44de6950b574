"""The losses of a whole run in a few hundred rows."""

from __future__ import annotations

import numpy as np

from genstudio import api


class History:
    """Losses of a whole run at even distances, at most MOST rows: every 2^k-th iteration.

    Args:
        columns: Losses per iteration.
    """

    MOST = 512

    def __init__(self, columns: int) -> None:
        self.rows: api.Floats = np.zeros((0, 1 + columns), np.float32)  # iteration, losses
        self._every = 1

    @classmethod
    def of(cls, rows: api.Floats) -> History:
        """What `rows` of an earlier one was."""
        history = cls(rows.shape[1] - 1)
        history.rows = rows.astype(np.float32)
        while len(rows) and not (rows[:, 0] % (2 * history._every)).any():
            history._every *= 2
        return history

    def add(self, last: int, losses: api.Floats) -> None:
        """Losses (n, columns) of the iterations up to `last`."""
        iterations = np.arange(last - len(losses) + 1, last + 1)
        kept = iterations % self._every == 0
        self.rows = np.concatenate([self.rows, np.column_stack([iterations, losses])[kept].astype(np.float32)])
        self._thin()

    def _thin(self) -> None:
        while len(self.rows) > self.MOST:
            self._every *= 2
            self.rows = self.rows[self.rows[:, 0] % self._every == 0]
