"""The column of controls at the right: collapsible sections of named rows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from genstudio.ui.theme import fix, pad, pixmap, px, theme
from genstudio.ui.widgets.button import IconButton

WIDTH = 320  # design pixels
CONTROL = 128
GAP = 4  # design px between name, arrow and control of a row
SCROLL_BAR = 10  # as in the style sheet


class Heading(QAbstractButton):
    """A section's title; pressing it folds the section."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setCheckable(True)
        self.setChecked(True)
        self.setAccessibleName(title)
        self.setToolTip("Fold or unfold this group")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        fix(self, height=28)

    def sizeHint(self) -> QSize:
        return QSize(px(120), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, painter = theme().colors, QPainter(self)
        font = theme().font(11, bold=True)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, px(1))
        painter.setFont(font)
        painter.setPen(colors.text if self.hasFocus() or self.underMouse() else colors.text2)
        side = px(16)
        box = self.rect().adjusted(0, 0, -side - px(4), 0)
        text = QFontMetrics(font).elidedText(self.text().upper(), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        name = "chevron-down" if self.isChecked() else "chevron-right"
        picture = pixmap(name, colors.text2, side, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - side, (self.height() - side) // 2, picture)
        if self.hasFocus():
            painter.setPen(colors.accent_text)
            painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)


class Row(QWidget):
    """Name at the left, control at the right, between them an arrow back to the default, lit when changed."""

    reset_clicked = Signal()

    def __init__(
        self, label: str, control: QWidget, help: str = "", width: int = CONTROL, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.label, self.control = QLabel(label), control
        self.label.setToolTip(help)
        self.label.setBuddy(control)
        self.label.setMinimumWidth(0)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.reset = IconButton("reset", f"Reset {label}", f"Back to the default of {label}", side=22)
        self.reset.set_tint("accent_text")
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self.reset.hide()
        self.reset.clicked.connect(self.reset_clicked)
        control.setAccessibleName(control.accessibleName() or label)
        if help:
            control.setAccessibleDescription(help)
            control.setToolTip(control.toolTip() or help)
        self._width = width
        box = QHBoxLayout(self)
        pad(box, 0, GAP)
        box.addWidget(self.label, 1)
        box.addWidget(self.reset)
        box.addWidget(control, 0 if width else 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._width:
            self.control.setFixedWidth(min(px(self._width), max(self.width() * 9 // 16 - px(12), 1)))
        else:
            self._share()

    def event(self, event: QEvent) -> bool:
        """Another name, or larger letters, need other room."""
        if event.type() == QEvent.Type.LayoutRequest and not self._width:
            self._share()
        return super().event(event)

    def _share(self) -> None:
        """A control that is as wide as fits leaves its name the room of all its letters; a picker can cut its words."""
        between = self.reset.minimumWidth() + 2 * px(GAP)  # it is of one size
        rest = self.width() - self.label.sizeHint().width() - between
        least = 1 if isinstance(self.control, QComboBox) else self.control.minimumSizeHint().width()
        self.control.setMaximumWidth(max(rest, least, 1))

    def set_changed(self, changed: bool) -> None:
        """Light the reset arrow."""
        if not changed and self.reset.hasFocus():
            self.control.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reset.setVisible(changed)


class Section(QWidget):
    """A titled group that folds; whether it is open is remembered under the inspector's object name."""

    def __init__(self, title: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.heading = Heading(title)
        self.body = QWidget()
        self.rows: list[Row] = []
        self._column = pad(QVBoxLayout(self.body), (0, 4, 0, 4), 8)
        self._line = fix(QFrame(), height=1)
        self._line.setProperty("role", "line")
        outer = pad(QVBoxLayout(self), 0, 4)
        outer.addWidget(self._line)
        outer.addWidget(self.heading)
        outer.addWidget(self.body)
        self.heading.toggled.connect(self._folded)
        self.heading.setChecked(str(QSettings().value(key, "true")).lower() != "false")
        self.body.setVisible(self.heading.isChecked())

    def set_title(self, title: str) -> None:
        """Change the heading."""
        self.heading.setText(title)
        self.heading.setAccessibleName(title)

    def add_row(
        self,
        label: str,
        widget: QWidget,
        help: str = "",
        reset: Callable[[], None] | None = None,
        width: int = CONTROL,
    ) -> Row:
        """A named control; `reset` is called by the arrow, which `Row.set_changed` lights. Width 0: as wide as fits."""
        row = Row(label, widget, help, width)
        if reset is not None:
            row.reset_clicked.connect(reset)
        self.rows.append(row)
        self._column.addWidget(row)
        return row

    def add_widget(self, widget: QWidget) -> QWidget:
        """Any widget over the section's whole width."""
        self._column.addWidget(widget)
        return widget

    def add_buttons(self, *buttons: QWidget) -> QWidget:
        """Buttons beside each other, equally wide."""
        holder = QWidget()
        box = pad(QHBoxLayout(holder), 0, 8)
        for button in buttons:
            box.addWidget(button, 1)
        self._column.addWidget(holder)
        return holder

    def set_first(self) -> None:
        """The top section has no line above it."""
        self._line.hide()

    @Slot(bool)
    def _folded(self, is_open: bool) -> None:
        self.body.setVisible(is_open)
        QSettings().setValue(self._key, is_open)


class Inspector(QScrollArea):
    """A scrolling column of sections, 320 px wide."""

    def __init__(self, name: str = "inspector", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("Controls")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sections: list[Section] = []
        body = QWidget()
        body.setProperty("role", "body")
        self._column = pad(QVBoxLayout(body), (16, 8, 16, 16), 8)
        self._column.addStretch(1)
        self.setWidget(body)
        self.verticalScrollBar().rangeChanged.connect(self._make_room)

    def add_section(self, title: str, place: int = -1) -> Section:
        """A new group below the others, or below the first `place` of them."""
        section = Section(title, f"inspector/{self.objectName()}/{title}")
        if not self.sections:
            section.set_first()
        place = len(self.sections) if place < 0 else place
        self.sections.insert(place, section)
        self._column.insertWidget(place, section)
        if place + 1 < len(self.sections):
            section.stackUnder(self.sections[place + 1])  # the Tab key takes children in this order
        return section

    def show_widget(self, widget: QWidget) -> None:
        """Scroll no further than it takes to see one that may just have come."""
        self._column.activate()
        self.ensureWidgetVisible(widget, 0, 0)

    @Slot(int, int)
    def _make_room(self, low: int, high: int) -> None:
        """The rows stay as wide as they are when the scroll bar comes."""
        pad(self._column, (16, 8, 16 - SCROLL_BAR if high > low else 16, 16), 8)

    def wheelEvent(self, event) -> None:
        super().wheelEvent(event)
        event.accept()
