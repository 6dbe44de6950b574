"""As many threads as are fastest now, found by trying."""

from __future__ import annotations

import statistics


class ThreadChooser:
    """Finds the fastest number of threads for work in rounds, and finds it again when the machine gets busy.

    The threads of one operation wait for each other. Beside another busy process the slowest of them is
    waiting for a core most of the time, and two threads can be several times slower than one. How busy
    the machine is cannot be asked everywhere, but a few rounds show it: halve or double the count, keep
    what is faster. Half the threads are kept for equal speed, since the window wants a core, too.

    The first trial is made at once, later ones when rounds have become slower, and now and then while
    there are fewer threads than there could be. A trial in vain makes the next one wait twice as long.

    Args:
        most: The count to begin with.
    """

    FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 300.0
    WARM_UP, WARM_UP_S = 10, 2.0  # rounds, or after so long
    SAME, SLOWER = 1.02, 1.3  # seconds a round, over those it is compared with
    ROUNDS, SHORT_S, LONG_S = 5, 0.1, 1.0  # a look: so many rounds of at least so long in all, or after so long

    def __init__(self, most: int) -> None:
        self.most = self.count = most
        self._rounds: list[float] = []  # of this look, in seconds
        self._warm_up: list[float] = []  # the first rounds, which prepare what later ones use and do not count
        self._usual_s = 0.0  # a round at the count in use; 0: not known yet
        self._tried_from = 0  # the count that the trial is compared with; 0: no trial
        self._next_is_less = True
        self._since_s = self._wait_s = self.FIRST_WAIT_S  # since the last trial, and until the next

    @property
    def is_trying(self) -> bool:
        """Whether the count is on trial."""
        return self._tried_from > 0

    def after(self, seconds: float) -> int:
        """The count for the next round, after one that has taken `seconds`."""
        if self.most == 1 or self._is_warming_up(seconds):
            return self.count
        self._rounds.append(seconds)
        total_s = sum(self._rounds)
        if total_s >= self.LONG_S or (len(self._rounds) >= self.ROUNDS and total_s >= self.SHORT_S):
            round_s = statistics.median(self._rounds)
            self._rounds.clear()
            self._since_s += total_s
            if self._tried_from:
                self._judge(round_s)
            elif self._trial_is_due(round_s):
                self._try(round_s)
        return self.count

    def _is_warming_up(self, seconds: float) -> bool:
        begun = len(self._warm_up) >= 2 and sum(self._warm_up) >= self.WARM_UP_S
        if begun or len(self._warm_up) >= self.WARM_UP:
            return False
        self._warm_up.append(seconds)
        return True

    def _trial_is_due(self, round_s: float) -> bool:
        if not self._usual_s:
            return True
        if round_s > self.SLOWER * self._usual_s:
            self._wait_s, self._next_is_less = self.FIRST_WAIT_S, True
        elif self.count == self.most:
            self._usual_s = min(self._usual_s, round_s)
            return False
        return self._since_s >= self._wait_s

    def _try(self, round_s: float) -> None:
        is_less = (self._next_is_less and self.count > 1) or self.count == self.most
        self._usual_s, self._tried_from = round_s, self.count
        self.count = self.count // 2 if is_less else min(2 * self.count, self.most)

    def _judge(self, round_s: float) -> None:
        """Keep the count on trial and try the next one, or go back."""
        is_less = self.count < self._tried_from
        if round_s * (1 if is_less else self.SLOWER**0.5) <= self._usual_s * (self.SAME if is_less else 1):
            self._next_is_less, self._wait_s = is_less, self.FIRST_WAIT_S
            self._tried_from, self._usual_s = 0, round_s
            if self.count not in (1, self.most):
                self._try(round_s)
        else:
            self.count, self._tried_from = self._tried_from, 0
            self._next_is_less = not is_less
            self._wait_s = min(2 * self._wait_s, self.LONGEST_WAIT_S)
        self._since_s = 0.0
