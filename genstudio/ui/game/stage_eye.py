"""Keeps the stage that is carried out in view, unless the user looks at something else in the inspector."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QObject, QPoint, QRect, QTimer, Slot
from PySide6.QtWidgets import QScrollArea, QWidget

from genstudio.ui.game.stage_rows import StageList
from genstudio.ui.theme import px


class ListEye(QObject):
    """Scrolls when another stage is carried out and some of the list is seen; never otherwise.

    Args:
        top: What stands above the list, and belongs to it.
    """

    def __init__(self, area: QScrollArea, top: QWidget, stages: StageList) -> None:
        super().__init__(stages)
        self._area, self._top, self._list = area, top, stages
        self._stage: Hashable = None
        self._shows_all = False
        self._soon = QTimer(self)  # once the rows have their places
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._scroll)

    def follow(self, stage: Hashable) -> None:
        """This stage has been carried out last; None if none has."""
        if stage != self._stage:
            self._stage = stage
            if stage is not None and self._is_seen():
                self._soon.start(0)

    def show_all(self) -> None:
        """The list has just come: see as much of it as fits."""
        self._shows_all = True
        self._soon.start(0)

    def _is_seen(self) -> bool:
        view = self._area.viewport()
        return any(
            part.isVisible() and QRect(part.mapTo(view, QPoint(0, 0)), part.size()).intersects(view.rect())
            for part in (self._top, self._list)
        )

    @Slot()
    def _scroll(self) -> None:
        if self._shows_all and self._list.isVisible():
            self._area.ensureWidgetVisible(self._list, 0, px(8))
            self._area.ensureWidgetVisible(self._top, 0, px(8))
        self._shows_all = False
        row = next((row for row in self._list.rows if row.state == "now" and row.isVisible()), None)
        if row is not None:
            self._area.ensureWidgetVisible(row, 0, px(8))
