"""Numbers that matter, each over what it is."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from genstudio.ui.theme import pad


class Facts(QWidget):
    """A row of numbers, each with a share of the room, so that none moves when another changes.

    Args:
        shares: Of the room, one for each.
    """

    def __init__(self, shares: tuple[int, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: list[tuple[QLabel, QLabel]] = []
        row = pad(QHBoxLayout(self), 0, 16)
        for share in shares:
            number, words = QLabel(), QLabel()
            number.setProperty("role", "number")
            words.setProperty("role", "small")
            column = pad(QVBoxLayout(), 0, 0)
            for label in (number, words):
                label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                column.addWidget(label)
            row.addLayout(column, share)
            self._labels.append((number, words))

    def set_facts(self, *facts: tuple[str, str]) -> None:
        """Each number with what it is."""
        for (number, words), (value, name) in zip(self._labels, facts, strict=True):
            number.setText(value)
            words.setText(name)
            number.setAccessibleName(f"{name}: {value}")

    def texts(self) -> list[str]:
        """The numbers."""
        return [number.text() for number, _ in self._labels]
