"""A hand on a widget, and what the widget says of it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

LEFT = Qt.MouseButton.LeftButton


def double_click(widget, place: QPoint | None = None) -> None:
    """All that a hand does: `QTest.mouseDClick` presses the second time, and leaves the button down."""
    place = widget.rect().center() if place is None else place
    QTest.mouseClick(widget, LEFT, pos=place)
    QTest.mouseDClick(widget, LEFT, pos=place)
    QTest.mouseRelease(widget, LEFT, pos=place)


class Said:
    """What a widget has said, in order: its signals by name, changes with their value."""

    def __init__(self, widget) -> None:
        self.words: list[str] = []
        self.values: list = []
        widget.grabbed.connect(self.grabbed)
        widget.finished.connect(self.finished)
        widget.changed.connect(self.changed)

    def grabbed(self) -> None:
        self.words.append("grabbed")

    def finished(self) -> None:
        self.words.append("finished")

    def changed(self, *value) -> None:
        self.words.append("changed")
        self.values.append(value if len(value) > 1 else value[0])
