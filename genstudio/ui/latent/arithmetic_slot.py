"""Slots that hold the picture of a code, and the shelf that pictures are dragged from."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from genstudio.api import Pictures
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.picture_grid import to_qimage
from genstudio.ui.widgets.plain import plain
from genstudio.ui.widgets.stage import Stage

MIME = "application/x-genstudio-code"  # carries "shelf 3" or "slot 1"
SHELF_HELP = "Click a picture to put it into the framed slot, or drag it into any."
FEW, IN_A_ROW = 8, 12  # pictures of a shelf: its columns at least, and up to how many it is one row with headings
LINE = 22  # design px of the words under a picture


def carry(source: QWidget, what: str, image: QImage) -> None:
    """Drag a code away from a widget until the hand lets go."""
    drag, data = QDrag(source), QMimeData()
    data.setData(MIME, what.encode())
    drag.setMimeData(data)
    drag.setPixmap(QPixmap.fromImage(image.scaled(px(64), px(64), Qt.AspectRatioMode.KeepAspectRatio)))
    drag.setHotSpot(QPoint(px(32), px(32)))
    drag.exec(Qt.DropAction.CopyAction)


class CodeSlot(QWidget):
    """One picture with its letter and name; click makes it the one that is filled next, Delete empties it.

    Signals:
        chosen: it shall be filled next.
        emptied: it shall be empty.
        dropped: what was let go over it, "shelf 3" or "slot 1".
    """

    chosen = Signal()
    emptied = Signal()
    dropped = Signal(str)

    def __init__(self, letter: str, takes: bool, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.letter, self.takes, self.number = letter, takes, number
        self._picture: QImage | None = None
        self._name, self._hint = "", ""
        self._is_target = self._is_over = False
        self._press: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(takes)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(px(56), px(72))
        self.setCursor(Qt.CursorShape.PointingHandCursor if takes else Qt.CursorShape.OpenHandCursor)
        self.setToolTip(
            f"{letter}: click, then choose a picture of the shelf; or drag one here. Delete empties it."
            if takes
            else "The picture of the result; drag it into a slot to go on from it."
        )
        theme().changed.connect(self._restyle)
        self.show_code(None, "")

    def show_code(self, picture: Pictures | None, name: str, hint: str = "") -> None:
        """A picture (H, W, C) and its name; without one the hint says what to do."""
        self._picture = to_qimage(picture) if picture is not None else None
        self._name, self._hint = name, hint
        self.setAccessibleName(f"{self.letter}: {name or 'empty'}")
        self.update()

    def set_target(self, is_target: bool) -> None:
        """Whether it is filled next."""
        if is_target != self._is_target:
            self._is_target = is_target
            self.update()

    def has_picture(self) -> bool:
        """Whether it shows one."""
        return self._picture is not None

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(200 + LINE))

    def _frame(self) -> QRectF:
        room = min(self.width() - px(6), self.height() - px(2 * LINE) - px(6))
        side = max(float(room), 1.0)
        return QRectF((self.width() - side) / 2, px(LINE) + (self.height() - px(2 * LINE) - side) / 2, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors, box = QPainter(self), theme().colors, self._frame()
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme().font(13, bold=True))
        painter.setPen(QColor(colors.accent_text if self._is_target else colors.text2))
        painter.drawText(QRectF(0, box.top() - px(LINE), self.width(), px(LINE)), centre, self.letter)
        if self._picture is not None:
            painter.drawImage(box, self._picture)
        else:
            painter.setFont(theme().font(11))
            painter.setPen(QColor(colors.text2))
            inside = box.adjusted(px(8), px(8), -px(8), -px(8))
            painter.drawText(inside, centre | Qt.TextFlag.TextWordWrap, self._hint)
        lit = self._is_over or self._is_target or self.hasFocus()
        style = Qt.PenStyle.DashLine if self._picture is None else Qt.PenStyle.SolidLine
        if lit or self._picture is None:
            painter.setPen(QPen(QColor(colors.accent if lit else colors.rule), px(2) if lit else px(1), style))
            painter.drawRect(box.adjusted(-px(1), -px(1), px(1), px(1)))
        painter.setFont(theme().font(11))
        painter.setPen(QColor(colors.text))
        spot = QRectF(0, box.bottom() + px(3), self.width(), px(LINE - 3))
        name = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(spot, centre, name)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = event.position().toPoint()
            self.chosen.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None or self._picture is None:
            return
        if (event.position().toPoint() - self._press).manhattanLength() >= QApplication.startDragDistance():
            self._press = None
            carry(self, f"slot {self.number}", self._picture)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._press = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.takes:
            self.emptied.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            self._is_over = True
            self.update()
            event.acceptProposedAction()
            return
        self.chosen.emit()  # a file: the window takes it, and it comes here
        event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._is_over = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        self._is_over = False
        self.update()
        event.acceptProposedAction()
        self.dropped.emit(bytes(event.mimeData().data(MIME).data()).decode())

    @Slot()
    def _restyle(self) -> None:
        self.setMinimumSize(px(56), px(72))
        self.update()


class CodeShelf(Stage):
    """Pictures of codes; a click takes one when the button is let go, a drag carries it into a slot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, label="Shelf of codes")
        self._names: tuple[str, ...] = ()
        self.setToolTip(SHELF_HELP)
        self._from, self._at = -1, QPoint()

    def set_names(self, names: tuple[str, ...]) -> None:
        """What the pictures are called; the tooltip says it, and the headings of pictures that have one row."""
        self._names = names
        self.set_titles(list(names) if len(names) <= IN_A_ROW else [])

    def show_codes(self, images: Pictures) -> None:
        """Pictures of codes; a few are no larger than a row of them would be."""
        self.set_pictures(images, max(len(images), FEW) if len(images) <= IN_A_ROW else 0)

    def _hover(self, index: int) -> None:
        super()._hover(index)
        name = f"{self._names[index]}. " if 0 <= index < len(self._names) else ""
        self.setToolTip(plain(name + SHELF_HELP))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from, self._at = self.index_at(event.position()), event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        far = (event.position().toPoint() - self._at).manhattanLength() >= QApplication.startDragDistance()
        pictures = self.pictures()
        if event.buttons() & Qt.MouseButton.LeftButton and self._from >= 0 and far and pictures is not None:
            index, self._from = self._from, -1
            carry(self, f"shelf {index}", to_qimage(pictures[index]))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and 0 <= self._from == self.index_at(event.position()):
            self.set_selected(self._from)
            self.cell_clicked.emit(self._from)
        self._from = -1
