"""The pictures of a page: what hand and keys do with them, and what is said where there are none."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from genstudio.api import GridLayout, Pictures
from genstudio.ui.theme import fix, pad, px, theme
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.picture_cells import PictureCells
from genstudio.ui.widgets.picture_grid import to_qimage
from genstudio.ui.widgets.plain import plain

COPY_PX, COPY_MAX_PX = 256, 4096  # sides of a copied picture


class Stage(PictureCells):
    """Pictures under hand and keys, or a message in their stead.

    Arrow keys move the selected cell, Enter is a double click, Ctrl+C copies. Without pictures it says in
    one sentence what to do, with the button that does it.
    """

    cell_clicked = Signal(int)
    cell_double_clicked = Signal(int)
    button_clicked = Signal()

    def __init__(self, parent: QWidget | None = None, label: str = "Pictures") -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(label)
        self.setMinimumSize(px(120), px(80))
        self._label, self._button = QLabel(), TextButton("", primary=True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setWordWrap(True)
        self._label.setProperty("role", "second")
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        box = pad(QVBoxLayout(self), 24, 12)
        box.addStretch(1)
        box.addWidget(self._label)
        box.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)
        self._label.hide()
        self._button.hide()
        self._button.clicked.connect(self.button_clicked)
        self.setMouseTracking(True)
        theme().changed.connect(self._restyle)

    # ---- data in ------------------------------------------------------------------------------------

    def set_pictures(self, images: Pictures, columns: int = 0, wish: int = 0) -> None:
        """Show these pictures in the stead of a message; see `PictureCells`."""
        if self._has_message:
            self.set_message("")
        super().set_pictures(images, columns, wish)

    def set_message(self, text: str, button_text: str = "") -> None:
        """One sentence instead of the pictures, and the button that helps; '' shows the pictures again."""
        self._has_message = bool(text)
        self._label.setText(text)
        self._label.setVisible(bool(text))
        self._button.setText(button_text)
        self._button.setAccessibleName(button_text)
        self._button.setToolTip(plain(text))
        self._button.setVisible(bool(button_text))
        self.update()

    # ---- data out -----------------------------------------------------------------------------------

    def copy(self) -> bool:
        """The selected picture, or all of them as they stand, to the clipboard, enlarged by a whole number.

        Returns:
            False if there is none to be seen.
        """
        if self._images is None or self._has_message:
            return False
        alone = 0 <= self._selected < len(self._images)
        images = self._images[self._selected :][:1] if alone else self._images
        QGuiApplication.clipboard().setImage(to_qimage(self.sheet(images, 1 if alone else self.columns())))
        return True

    def sheet(self, images: Pictures, columns: int) -> Pictures:
        """Pictures in so many columns as one (H', W', C), enlarged by a whole number for where there is room."""
        from genstudio.export import grid  # brings Pillow, which the start of the window does not need

        layout = GridLayout(columns, scale=1)
        size = grid(images, layout).shape[:2]
        zoom = min(max(4, -(-COPY_PX // min(size))), max(COPY_MAX_PX // max(size), 1))
        return grid(images, dataclasses.replace(layout, scale=zoom))

    # ---- Qt -----------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keys = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.index_at(event.position()))

    def leaveEvent(self, event: Any) -> None:
        self._hover(-1)

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and (index := self.index_at(event.position())) >= 0:
            self.cell_clicked.emit(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and (index := self.index_at(event.position())) >= 0:
            self.cell_double_clicked.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self.columns()
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        if self._images is None or self._has_message or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif event.key() in moves:
            target = self._selected + moves[Qt.Key(event.key())] if self._selected >= 0 else 0
            if 0 <= target < len(self._images):
                self.set_selected(target)
                self.cell_clicked.emit(target)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selected >= 0:
            self.cell_double_clicked.emit(self._selected)
        else:
            super().keyPressEvent(event)

    @Slot()
    def _restyle(self) -> None:
        self.setMinimumSize(px(120), px(80))
        fix(self)  # a row of a fixed height stays as high
        self._forget_layout()
        self.update()
