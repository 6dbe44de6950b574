"""Pictures of the window, for the README and for looking at it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QEventLoop, QSize
from PySide6.QtWidgets import QApplication, QWidget

from genstudio.files import atomic_write


def grab(window: QWidget, size: tuple[int, int], path: str | Path) -> None:
    """Write what the window shows at `size` (width, height) as a PNG.

    Raises:
        OSError: if the file cannot be written.
    """
    if window.size() != QSize(*size):
        window.resize(*size)
    window.ensurePolished()
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    if not window.grab().save(buffer, "PNG"):
        raise OSError(f"the screenshot could not be written to {path}")
    with atomic_write(Path(path)) as file:
        file.write(bytes(buffer.data().data()))
