"""Pictures of the window, for the README and for looking at it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize
from PySide6.QtWidgets import QApplication, QWidget


def grab(window: QWidget, size: tuple[int, int], path: str | Path) -> None:
    """Write what the window shows at `size` (width, height) as a PNG.

    Raises:
        OSError: if the file cannot be written.
    """
    if window.size() != QSize(*size):
        window.resize(*size)
    window.ensurePolished()
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    if not window.grab().save(str(path), "PNG"):
        raise OSError(f"the screenshot could not be written to {path}")
