"""How much of a run's time other work may take."""

from __future__ import annotations


class Share:
    """Lets work beside training go on in slices, so that it never takes more than a share of the training time.

    Training earns time, slices spend it: a slice begins when as much has been earned as such a slice has taken
    lately. What is not used is not saved up for long, so that no burst of slices follows a long iteration. A slice
    that took longer than was earned is paid back before the next one.

    Args:
        most: Seconds of slices over seconds of training.
        saved_s: So much time can be saved up, or as much as two slices take.
    """

    FIRST_SLICE_S = 0.02
    FADES = 0.8  # of what a slice takes, where the next one is shorter

    def __init__(self, most: float = 0.05, saved_s: float = 0.1) -> None:
        self.most, self._saved_s = most, saved_s
        self._earned_s = 0.0  # and not spent; below 0 it is owed
        self._slice_s = self.FIRST_SLICE_S

    @property
    def allows(self) -> bool:
        """Whether a slice may run now."""
        return self._earned_s >= self._slice_s

    def trained(self, seconds: float) -> None:
        """Training took so long."""
        most_s = max(self._saved_s, 2 * self._slice_s)
        self._earned_s = min(most_s, self._earned_s + self.most * seconds)

    def spent(self, seconds: float) -> None:
        """A slice took so long."""
        self._earned_s -= seconds
        self._slice_s = max(seconds, self.FADES * self._slice_s)
