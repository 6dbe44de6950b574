"""Garbage in cycles, collected on the window's thread only.

Python collects on whichever thread happens to allocate. Should that be a lane's, and a dropped widget be part of a
cycle, Qt's object dies on the wrong thread and may take the process with it.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

TICK_MS = 500


class Garbage(QObject):
    """As long as it lives, Python collects nothing by itself; it does so here, by Python's own counts and limits."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        gc.disable()
        self._timer.start(TICK_MS)

    def stop(self) -> None:
        """Python collects by itself again, and at the end of the process what was kept (libraries report it else)."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @Slot()
    def keep(self) -> None:
        """What is there now stays to the end: no collection looks at it again, which makes each a fifth as long."""
        gc.freeze()

    @Slot()
    def collect(self) -> None:
        """Collect the oldest generation that has passed its limit, and all younger ones, if there is one."""
        due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if due[0]:
            gc.collect(2 if due[2] else 1 if due[1] else 0)
