"""As many threads as are fastest now, found by trying."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from genstudio.core.threads import short_work_s

Probe = Callable[[int], float]  # seconds of a little work on so many threads


class ThreadChooser:
    """Finds the fastest number of threads for work in rounds, and finds it again when the machine gets busy.

    The threads of one operation wait for each other. Beside another busy process the slowest of them is
    waiting for a core most of the time, and two threads can be many times slower than one. How busy the
    machine is cannot be asked everywhere, but trying shows it: one thread at first; twice as many where a
    little work is faster so, and kept where rounds are; half as many when rounds have become slower.

    While there are fewer threads than there could be, more are tried now and then. A trial in vain makes
    the next one wait twice as long. The little work takes a tenth of a second and is done again sooner: two threads
    that have just begun may share a core for a while.

    Args:
        most: The largest count.
        probe: Measures a little work; real work by default.
    """

    FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 300.0
    PROBE_WAIT_S, LONGEST_PROBE_WAIT_S = 4.0, 32.0  # after little work that was no faster; twice as long each time
    WARM_UP, WARM_UP_S = 5, 2.0  # rounds, or after so long
    FASTER, SLOWER = 0.88, 1.3  # seconds a round, over those it is compared with
    ROUNDS, SHORT_S, LONG_S = 5, 0.1, 1.0  # a look: so many rounds of at least so long in all, or after so long

    def __init__(self, most: int, probe: Probe = short_work_s) -> None:
        self.most, self.count = most, 1
        self._probe = probe
        self._rounds: list[float] = []  # of this look, in seconds
        self._warm_up: list[float] = []  # the first rounds, which prepare what later ones use and do not count
        self._usual_s = 0.0  # a round at the count in use; 0: not known yet
        self._tried_from = 0  # the count that the trial is compared with; 0: no trial
        self._since_s = self._wait_s = self.FIRST_WAIT_S  # since the last trial, and until the next
        self._probe_wait_s = self.PROBE_WAIT_S

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
            else:
                self._look(round_s)
        return self.count

    def _is_warming_up(self, seconds: float) -> bool:
        begun = len(self._warm_up) >= 2 and sum(self._warm_up) >= self.WARM_UP_S
        if begun or len(self._warm_up) >= self.WARM_UP:
            return False
        self._warm_up.append(seconds)
        return True

    def _look(self, round_s: float) -> None:
        """Begin a trial where one is due."""
        has_slowed = self._usual_s > 0 and round_s > self.SLOWER * self._usual_s
        if has_slowed and self.count > 1:
            self._wait_s = self.FIRST_WAIT_S
            self._try(self.count // 2, round_s)
        elif self.count < self.most and self._since_s >= self._wait_s:
            self._try_more(round_s)
        else:
            self._usual_s = min(self._usual_s or round_s, round_s)

    def _try_more(self, round_s: float) -> None:
        more = min(2 * self.count, self.most)
        if self._probe(more) < self.FASTER * self._probe(self.count):
            self._probe_wait_s = self.PROBE_WAIT_S
            self._try(more, round_s)
        else:
            self._since_s = self._wait_s - self._probe_wait_s
            self._probe_wait_s = min(2 * self._probe_wait_s, self.LONGEST_PROBE_WAIT_S)

    def _try(self, count: int, round_s: float) -> None:
        self._usual_s, self._tried_from, self.count = round_s, self.count, count

    def _judge(self, round_s: float) -> None:
        """Keep the count on trial, and more if they are better still; or go back."""
        has_more = self.count > self._tried_from
        is_kept = round_s <= self._usual_s * (self.FASTER if has_more else 1.0)
        self._since_s = 0.0
        if is_kept:
            self._tried_from, self._usual_s, self._wait_s = 0, round_s, self.FIRST_WAIT_S
            if has_more and self.count < self.most:
                self._try_more(round_s)
        else:
            self.count, self._tried_from = self._tried_from, 0
            self._wait_s = min(2 * self._wait_s, self.LONGEST_WAIT_S)
