"""What a widget says while a hand is on it."""

from __future__ import annotations

from PySide6.QtCore import Qt

LEFT = Qt.MouseButton.LeftButton


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
