"""A few words beside a control, for some seconds, that take neither the mouse nor the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QWidget

from genstudio.ui.theme import px

STAYS_MS = 4000


class Bubble(QLabel):
    """Belongs to the control's window, so that nothing cuts it off; it goes with its control."""

    def __init__(self, control: QWidget) -> None:
        super().__init__(control.window())
        self._control = control
        self.setProperty("role", "bubble")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAYS_MS)
        self._timer.timeout.connect(self.hide)
        control.installEventFilter(self)
        control.destroyed.connect(self.deleteLater)

    def say(self, text: str, part: QRect | None = None) -> None:
        """Show the words before the control or a part of it, or below or above where there is no room.

        Screen readers speak them.
        """
        window, control = self._control.window(), self._control
        if self.parent() is not window:
            self.setParent(window)
        self.setText(text)
        self.adjustSize()
        place, gap = (part or control.rect()).translated(control.mapTo(window, QPoint(0, 0))), px(4)
        box = QRect(QPoint(0, 0), self.size())
        box.moveCenter(place.center())
        box.moveRight(place.left() - 2 * gap)  # over the control's own name, where it hides no other control
        if box.left() < gap:
            box.moveTopLeft(QPoint(max(place.right() - box.width(), gap), place.bottom() + gap))
        if box.bottom() > window.height():
            box.moveBottom(place.top() - gap)
        self.move(box.topLeft())
        self.show()
        self.raise_()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(control, text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Hide, QEvent.Type.KeyPress) and self.isVisible():
            self.hide()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QEvent) -> None:
        self._timer.stop()
