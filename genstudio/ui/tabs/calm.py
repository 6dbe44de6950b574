"""Words and numbers that change a few times a second, however often something happens."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

WORDS_S = 0.2  # words and numbers change at most this often while something moves


class Calm(QObject):
    """Calls `refresh` when asked, but not again at once: what happens meanwhile is shown a moment later."""

    def __init__(self, refresh: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._refresh, self._done_at = refresh, 0.0
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._do)

    def ask(self, is_moving: bool) -> None:
        """Refresh, at once if nothing moves."""
        wait_s = self._done_at + WORDS_S - time.monotonic()
        if not is_moving or wait_s <= 0:
            self._do()
        elif not self._later.isActive():
            self._later.start(round(1000 * wait_s) + 1)

    def _do(self) -> None:
        self._later.stop()
        self._done_at = time.monotonic()
        self._refresh()
