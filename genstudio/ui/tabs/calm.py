"""Words and numbers that change a few times a second, however often something happens."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

WORDS_S = 0.2  # words and numbers change at most this often while something moves
HAND_S = 0.1  # and those that follow a hand


class Beat:
    """Says when what changes all the time may be written anew."""

    def __init__(self, every_s: float) -> None:
        self._every_s, self._done_at = every_s, 0.0

    def wait_s(self) -> float:
        """Until then it is to stay as it is; 0 or less if it may change."""
        return self._done_at + self._every_s - time.monotonic()

    def is_due(self, is_moving: bool) -> bool:
        """Whether it may change now; always if nothing moves."""
        return not is_moving or self.wait_s() <= 0

    def note(self) -> None:
        """It has just been written."""
        self._done_at = time.monotonic()


class Calm(QObject):
    """Calls `refresh` when asked, but not again at once: what happens meanwhile is shown a moment later."""

    def __init__(self, refresh: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._refresh, self._beat = refresh, Beat(WORDS_S)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._do)

    def ask(self, is_moving: bool) -> None:
        """Refresh, at once if nothing moves."""
        if self._beat.is_due(is_moving):
            self._do()
        elif not self._later.isActive():
            self._later.start(max(round(1000 * self._beat.wait_s()), 0) + 1)

    def _do(self) -> None:
        self._later.stop()
        self._beat.note()
        self._refresh()
