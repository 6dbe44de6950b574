"""A tooltip that says what is under the pointer, of a widget that paints many things."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget


class PlaceHelp(QWidget):
    """A subclass says what is where."""

    def help_at(self, point: QPointF) -> str:
        """What is under a point, in plain words; "" says nothing."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        """The words as a tooltip, in lines that are not too long."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self.help_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), f"<p>{escape(text)}</p>" if text else "", self)
            return True
        return super().event(event)
