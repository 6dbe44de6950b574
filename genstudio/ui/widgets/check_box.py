"""A check box that leaves the keyboard where it is when it is clicked, as every button of the app does."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton, QWidget

from genstudio.ui.theme import theme

TICK = ((0.24, 0.52), (0.43, 0.71), (0.77, 0.31))  # in shares of the box
THICK = 0.14  # of its side


class CheckBox(QCheckBox):
    """After a click Space still plays; one who comes by Tab toggles it with Space.

    The style sheet fills the box, and the tick is drawn here, in a colour that can be read on it.
    """

    def __init__(self, text: str, help: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setToolTip(help)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def box(self) -> QRect:
        """Where the box is, without its words."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        return self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tick of one that is checked."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        box, colors, painter = self.box(), theme().colors, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(colors.on_accent if self.isEnabled() else colors.text), THICK * box.width())
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        spots = [QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in TICK]
        painter.drawPolyline(QPolygonF(spots))
