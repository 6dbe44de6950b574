"""The table and the radar as one picture: all of the table, whatever is scrolled, and nothing that one clicks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from genstudio.ui.measured.stage import MeasuredStage
from genstudio.ui.measured.table import MeasuredTable
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.figure import SHARPNESS

EDGE, GAP = 16, 24  # design px around all, and between table and radar


def picture_of(stage: MeasuredStage) -> QImage:
    """What of both is seen, SHARPNESS times as fine as on the screen."""
    has_table, has_radar = stage.seen()
    parts: list[tuple[QWidget, QSize]] = [(stage.table, table_size(stage.table))] if has_table else []
    radar = stage.radar.size()
    if has_table:  # beside which it need not be higher than it is wide
        radar.setHeight(min(radar.height(), max(table_size(stage.table).height(), stage.radar.sizeHint().height())))
    parts += [(stage.radar, radar)] if has_radar else []
    wide = sum(size.width() for _, size in parts) + px(GAP) * (len(parts) - 1)
    whole = QSize(wide, max(size.height() for _, size in parts)) + QSize(2, 2) * px(EDGE)
    image = QImage(whole * SHARPNESS, QImage.Format.Format_RGB888)
    image.setDevicePixelRatio(SHARPNESS)
    image.fill(QColor(theme().colors.stage))
    painter, left = QPainter(image), px(EDGE)
    with _for_print(stage.table), _sized(stage.radar, radar):
        for widget, size in parts:
            part = QRegion(QRect(QPoint(0, 0), size))
            widget.render(painter, QPoint(left, px(EDGE)), part, QWidget.RenderFlag.DrawChildren)
            left += size.width() + px(GAP)
    painter.end()
    return image


def table_size(table: MeasuredTable) -> QSize:
    """Without the room that its columns leave."""
    return QSize(table.labels_wide() + table.columns() * table.column_wide(), table.sizeHint().height())


@contextmanager
def _sized(radar: QWidget, size: QSize) -> Iterator[None]:
    """As large as that, until its layout is asked again: nothing of it is seen."""
    was = radar.geometry()
    radar.resize(size)
    try:
        yield
    finally:
        radar.setGeometry(was)


@contextmanager
def _for_print(table: MeasuredTable) -> Iterator[None]:
    for head in table.heads:
        head.picker.is_printed = True
    try:
        yield
    finally:
        for head in table.heads:
            head.picker.is_printed = False
