"""Garbage in cycles, collected on the window's thread only.

Python collects on whichever thread happens to allocate. Should that be a lane's, and a dropped widget be part of a
cycle, Qt's object dies on the wrong thread and may take the process with it.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

TICK_MS = 500
OLDER, ALL = 8, 24  # ticks after which older objects are looked at, too, and after which all are


class Garbage(QObject):
    """Until it is stopped, Python collects nothing by itself; it does so here, by time: how many objects came and went
    between two looks nobody counts."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ticks = 0
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
        gc.collect(1)  # what has become garbage lately need not stay; to look at all would hold the window up for 0.2 s
        gc.freeze()

    @Slot()
    def collect(self) -> None:
        """Collect what is young; now and then what is older, and more seldom all."""
        self._ticks += 1
        gc.collect(2 if self._ticks % ALL == 0 else 1 if self._ticks % OLDER == 0 else 0)
