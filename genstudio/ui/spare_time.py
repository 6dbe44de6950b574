"""What the window does while nobody needs it: it makes the pages that nobody has visited yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

PAUSE_MS = 60  # between two tasks: the window paints, and hears what the user does


class SpareTime(QObject):
    """Does one task after the other, each in a pause of the window; none while a mouse button is down.

    Lives on the window thread; a task should take less than 100 ms.
    """

    done = Signal()  # after the last task

    def __init__(self, tasks: Iterable[Callable[[], object]], parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = list(tasks)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._do_one)

    def begin(self, after_ms: int = PAUSE_MS) -> None:
        """The first task is done in a while; call it again to wait for another while."""
        if self._tasks:
            self._timer.start(after_ms)

    def stop(self) -> None:
        """No more tasks."""
        self._tasks = []
        self._timer.stop()

    def is_busy(self) -> bool:
        """Whether there is something left to do."""
        return bool(self._tasks)

    @Slot()
    def _do_one(self) -> None:
        task = self._tasks.pop(0) if QApplication.mouseButtons() == Qt.MouseButton.NoButton else None
        self.begin()  # a task that fails does not hold up the others
        if task is not None:
            task()
            if not self._tasks:
                self.done.emit()
