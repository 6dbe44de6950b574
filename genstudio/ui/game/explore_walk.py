"""A code that wanders: on an arc from where it is to a random code, and on to the next."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from genstudio.ui.latent.axes import Code
from genstudio.ui.tabs.play_clock import PlayClock
from genstudio.ui.tabs.vae_state import along

LEG_S = 3.0  # from one random code to the next


class CodeWalk(QObject):
    """Lives on the window thread; whoever shows the code says when the last picture is still on its way.

    Args:
        goal: Another random code to go to.
        is_late: Whether the last picture has not come yet.

    Signals:
        moved: the whole code.
        stopped: it has come to an end.
    """

    moved = Signal(object)
    stopped = Signal()

    def __init__(self, goal: Callable[[], Code], is_late: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._goal, self._is_late = goal, is_late
        self._leg: tuple[Code, Code, float] | None = None  # from, to, how far
        self.clock = PlayClock(self)
        self.clock.ticked.connect(self._go_on)

    @property
    def is_going(self) -> bool:
        """Whether the code wanders."""
        return self._leg is not None

    def start(self, z: Code) -> None:
        """Wander on from a code."""
        self._leg = np.array(z, np.float64), self._goal(), 0.0
        self.clock.run(True)

    def stop(self, *, quietly: bool = False) -> None:
        """Stay; nothing if it does."""
        if self._leg is not None:
            self._leg = None
            self.clock.run(False)
            if not quietly:
                self.stopped.emit()

    @Slot(float)
    def _go_on(self, seconds: float) -> None:
        if self._leg is None or self._is_late():
            return
        start, goal, share = self._leg
        share += seconds / LEG_S
        if share >= 1:
            start, goal, share = goal, self._goal(), min(share - 1, 1.0)
        self._leg = start, goal, share
        self.moved.emit(along(start, goal, share, "slerp"))
