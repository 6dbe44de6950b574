"""Pictures in columns and rows, as large as fits: integer zoom, nearest neighbour, a hairline between cells."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from genstudio.api import Pictures
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.picture_grid import Canvas, Layout, blank, clear_rest, draw, fit
from genstudio.ui.widgets.titles import legible, low_font

FADED = 0.35  # opacity
LEAST_FOR_CORNER = 40  # design px that a picture is high, so that a word hides little of it


class PictureCells(QWidget):
    """Shows (N, H, W, C) uint8 pictures as one composed image; paints in well under a millisecond.

    It knows where each is, and frames the selected one and the one under the mouse. Under a message of a subclass there
    is nothing to see.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # else every picture repaints what is behind it
        self._images: Pictures | None = None
        self._columns, self._wish, self._selected, self._hovered = 0, 0, -1, -1
        self._has_message = False
        self._by_keys = False  # the focus came with the Tab key, so it is shown
        self._is_faded = False
        self._titles: list[str] = []
        self._row_titles: list[str] = []
        self._corners: tuple[str, ...] = ()
        self._is_scale = False  # the titles are numbers in order
        self.shared_titles: tuple[str, ...] = ()  # of the rows of stages that this one stands in line with
        self._layout: Layout | None = None
        self._corner = QPointF()  # of the pictures in the layout
        self._composed: QImage | None = None
        self._canvas: Canvas | None = None  # what _composed shows

    # ---- data in ------------------------------------------------------------------------------------

    def set_pictures(self, images: Pictures, columns: int = 0, wish: int = 0) -> None:
        """Show these pictures; `columns` 0 chooses what fills the stage best, `wish` of them if that is as large."""
        before, after = (self._columns, self._wish), (columns, wish)
        same = self._images is not None and images.shape == self._images.shape and before == after
        self._images, (self._columns, self._wish) = (images if len(images) else None), after
        if not same:
            self._forget_layout()
            self._selected = min(self._selected, len(images) - 1)
        self._composed = None
        self.update()

    def set_titles(self, titles: list[str], rows: list[str] | None = None, *, is_scale: bool = False) -> None:
        """A heading over each column and, if given, before each row; of a scale some are left out where room ends."""
        rows, self._is_scale = rows or [], is_scale
        if (titles, rows) != (self._titles, self._row_titles):
            self._titles, self._row_titles = list(titles), list(rows)
            self._forget_layout()
            self.update()

    def set_faded(self, is_faded: bool) -> None:
        """Let the pictures step back: they are not of what is asked now."""
        if is_faded != self._is_faded:
            self._is_faded = is_faded
            self.update()

    def is_faded(self) -> bool:
        """Whether they stand back."""
        return self._is_faded

    def set_corners(self, names: Sequence[str]) -> None:
        """A word in the corner of each picture, where that is large enough."""
        if tuple(names) != self._corners:
            self._corners = tuple(names)
            self.update()

    def set_selected(self, index: int) -> None:
        """Frame one cell; -1 none."""
        if index != self._selected:
            self._selected = index
            self.update()

    # ---- data out -----------------------------------------------------------------------------------

    def pictures(self) -> Pictures | None:
        """What is shown, or None."""
        return self._images

    def seen(self) -> Pictures | None:
        """The pictures that are to be seen: None under a message."""
        return None if self._has_message else self.pictures()

    def selected(self) -> int:
        """The framed cell or -1."""
        return self._selected

    # ---- where the pictures are ---------------------------------------------------------------------

    def columns(self) -> int:
        """How many columns there are now."""
        return self._fitted().columns if self._images is not None else 0

    def zoom(self) -> float:
        """Device pixels per picture pixel."""
        return self._fitted().zoom if self._images is not None else 0.0

    def cell_rect(self, index: int) -> QRect:
        """Where a cell is, in widget pixels; empty without pictures."""
        if self._images is None or not 0 <= index < len(self._images):
            return QRect()
        layout, ratio, origin = self._fitted(), self.devicePixelRatioF(), self._origin()
        row, column = divmod(index, layout.columns)
        x = origin.x() + column * (layout.cell[0] + layout.gap) / ratio
        y = origin.y() + row * (layout.cell[1] + layout.gap) / ratio
        return QRectF(x, y, layout.cell[0] / ratio, layout.cell[1] / ratio).toRect()

    def index_at(self, point: QPoint | QPointF) -> int:
        """The cell under a point, -1 between or outside them."""
        if self._images is None or self._has_message:
            return -1
        layout, ratio, origin = self._fitted(), self.devicePixelRatioF(), self._origin()
        x, y = (point.x() - origin.x()) * ratio, (point.y() - origin.y()) * ratio
        column, row = int(x // (layout.cell[0] + layout.gap)), int(y // (layout.cell[1] + layout.gap))
        inside = (
            x % (layout.cell[0] + layout.gap) < layout.cell[0] and y % (layout.cell[1] + layout.gap) < layout.cell[1]
        )
        index = row * layout.columns + column
        ok = inside and 0 <= column < layout.columns and 0 <= row < layout.rows and index < len(self._images)
        return index if ok else -1

    # ---- Qt -----------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(px(400), px(300))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors = QPainter(self), theme().colors
        painter.fillRect(event.rect(), QColor(colors.stage))
        if self._images is None or self._has_message:
            return
        layout, origin, ratio = self._fitted(), self._origin(), self.devicePixelRatioF()
        if self._composed is None:
            if self._canvas is None:
                self._canvas = self._paper()
            self._composed = self._laid(self._images, self._canvas)
        painter.setOpacity(FADED if self._is_faded else 1.0)
        painter.drawImage(origin, self._composed)
        painter.setOpacity(1.0)
        self._paint_titles(painter)
        self._paint_corners(painter)
        for index, color, width in ((self._hovered, colors.text2, 1), (self._selected, colors.accent, 2)):
            if (box := self.cell_rect(index)).isValid():
                half = px(width) / 2
                painter.setPen(QPen(QColor(color), px(width), Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap,
                                    Qt.PenJoinStyle.MiterJoin))  # fmt: skip
                painter.drawRect(QRectF(box).adjusted(-half, -half, half, half))
        if self.hasFocus() and self._by_keys and self._selected < 0:
            painter.setPen(QPen(QColor(colors.accent), px(1)))
            whole = QRectF(origin, QSize(round(layout.size[0] / ratio), round(layout.size[1] / ratio)))
            painter.drawRect(whole.adjusted(-3.5, -3.5, 2.5, 2.5))

    def _paper(self) -> Canvas:
        """What pictures of the layout are put upon; only with pictures."""
        layout, colors = self._fitted(), theme().colors
        assert self._images is not None
        canvas = blank(layout, QColor(colors.stage), QColor(colors.rule), max(round(self.devicePixelRatioF()), 1))
        clear_rest(canvas, layout, len(self._images), QColor(colors.stage))
        return canvas

    def _laid(self, images: Pictures, canvas: Canvas) -> QImage:
        """Pictures of the shape of those that are shown, in their places; shares the memory of such a ground."""
        composed = draw(images, self._fitted(), canvas)
        composed.setDevicePixelRatio(self.devicePixelRatioF())
        return composed

    def shown_titles(self) -> list[tuple[int, str]]:
        """The columns that have a heading now, and its words."""
        boxes = [self.cell_rect(k) for k in range(min(len(self._titles), self.columns()))]
        middles = [QRectF(box).center().x() for box in boxes if box.isValid()]
        return legible(self._titles[: len(middles)], middles, self._is_scale)

    def _paint_titles(self, painter: QPainter) -> None:
        layout = self._fitted()
        painter.setPen(QColor(theme().colors.text2))
        painter.setFont(theme().font(11))
        for k, title in self.shown_titles():
            box = self.cell_rect(k)
            wide = max(painter.fontMetrics().horizontalAdvance(title), box.width())
            spot = QRect(box.center().x() - wide // 2, box.top() - px(20), wide, px(16))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, title)
        for k, title in enumerate(self._row_titles[: layout.rows]):
            box = self.cell_rect(k * layout.columns)
            if box.isValid():
                painter.setFont(low_font(box.height()))
                spot = QRect(0, box.top(), box.left() - px(8), box.height())
                painter.drawText(spot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, title)

    def _paint_corners(self, painter: QPainter) -> None:
        colors, ground = theme().colors, QColor(theme().colors.stage)
        ground.setAlpha(220)
        painter.setFont(theme().font(11))
        metrics = painter.fontMetrics()
        for k, name in enumerate(self._corners):
            box = self.cell_rect(k)
            if name and box.height() >= px(LEAST_FOR_CORNER):
                text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, box.width() - px(8))
                spot = QRect(box.topLeft(), QSize(metrics.horizontalAdvance(text) + px(8), metrics.height() + px(2)))
                painter.fillRect(spot, ground)
                painter.setPen(QColor(colors.text))
                painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, text)

    def _forget_layout(self) -> None:
        self._layout = self._composed = self._canvas = None

    def _margins(self) -> tuple[int, int, int, int]:
        edge = theme().gap(8)
        names = (*self._row_titles, *self.shared_titles)
        rows = [self.fontMetrics().horizontalAdvance(name) + theme().gap(12) for name in names]
        return max(rows, default=edge), px(24) if any(self._titles) else edge, edge, edge

    def _fitted(self) -> Layout:
        if self._layout is None:
            assert self._images is not None
            left, top, right, bottom = self._margins()
            ratio, wide, high = self.devicePixelRatioF(), self.width(), self.height()
            space = (max(int((wide - left - right) * ratio), 1), max(int((high - top - bottom) * ratio), 1))
            count, height, width = self._images.shape[:3]
            self._layout = fit(count, width, height, space, self._columns, max(round(ratio), 1), self._wish)
            across, down = (length / ratio for length in self._layout.size)
            x, y = left + (wide - left - right - across) / 2, top + (high - top - bottom - down) / 2
            self._corner = QPointF(round(x), round(y))
        return self._layout

    def _origin(self) -> QPointF:
        self._fitted()
        return self._corner

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._forget_layout()
        super().resizeEvent(event)
