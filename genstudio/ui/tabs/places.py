"""The five places of a page, and how they share the room: small windows, large text, full screen."""

from __future__ import annotations

import math

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from genstudio.ui.theme import fix, pad, px, theme
from genstudio.ui.widgets.button import IconButton
from genstudio.ui.widgets.caption import Caption
from genstudio.ui.widgets.inspector import WIDTH, Inspector
from genstudio.ui.widgets.steady import SteadyLabel
from genstudio.ui.widgets.still import Still
from genstudio.ui.widgets.tempo import Tempo

SHARE = 0.3  # of the page's width for the controls, where that is less than WIDTH
NARROWEST = 280  # design px that the controls need
LEFT = 164  # design px that stage and tempo need beside them
ROOMY = 760  # design px of a page in which they leave the stage more than half of the width


class Places(QWidget):
    """`header` (pickers), `stage_area`, `plot_area`, `caption`, `tempo`, `inspector`: the stage leads.

    Where text is large or the window small, first the controls become narrower, then the plots give way
    (below `lowest`), then the controls fold. Ctrl+I and the button in the header bring them back.
    """

    lowest = 590  # design px of a page that has room for plots under the stage
    lowest_presenting = math.inf  # of one that keeps them there in the full screen, too

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._has_plots = self._is_presenting = self._is_narrow = False
        self._is_open = True  # the controls, before a narrow page or the full screen folded them
        self._build()

    def _build(self) -> None:
        self.header_row = QWidget()
        self.speed = SteadyLabel()
        self.speed.setProperty("role", "small")
        self.speed.setAccessibleName("Device, precision and speed")
        self.speed.setToolTip("The device that computes, its number format, and how fast it goes")
        self.fold = IconButton("sidebar", "Controls", "Fold the controls away or bring them back (Ctrl+I)")
        self.fold.setCheckable(True)
        self.fold.setChecked(True)
        self.fold.toggled.connect(self.show_inspector)
        row = pad(QHBoxLayout(self.header_row), 0, 12)
        self.header = pad(QHBoxLayout(), 0, 8)
        row.addLayout(self.header, 1)
        row.addStretch(0)
        row.addWidget(self.speed)
        row.addWidget(self.fold)
        fix(self.header_row, height=32)

        self.stage_frame, self.plot_frame = QFrame(), QFrame()
        for frame in (self.stage_frame, self.plot_frame):
            frame.setProperty("role", "stage")
        self.plot_frame.hide()
        self.stage_area = pad(QHBoxLayout(self.stage_frame), 8, 16)
        self.plot_area = pad(QHBoxLayout(self.plot_frame), (16, 12, 16, 12), 24)
        self.caption, self.tempo = Caption(), Tempo()
        self.inspector = Inspector(f"inspector-{self.objectName()}")
        self.side = QFrame()
        self.side.setProperty("role", "panel")
        pad(QVBoxLayout(self.side), 0, 0).addWidget(self.inspector)
        theme().changed.connect(self._fit)

        left = pad(QVBoxLayout(), 0, 8)
        left.addWidget(self.stage_frame, 1)
        left.addWidget(self.plot_frame)
        left.addWidget(Still(self.caption))
        left.addWidget(self.tempo)
        middle = pad(QHBoxLayout(), 0, 12)
        middle.addLayout(left, 1)
        middle.addWidget(self.side)
        outer = pad(QVBoxLayout(self), (16, 8, 16, 8), 8)
        outer.addWidget(self.header_row)
        outer.addLayout(middle, 1)

    def add_picker(self, label: str, picker: QWidget, width: int = 180) -> QWidget:
        """A named picker in the header."""
        name = QLabel(label)
        name.setProperty("role", "small")
        name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        name.setBuddy(picker)
        if not picker.accessibleName():
            picker.setAccessibleName(label)
        picker.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        fix(picker, at_most=width)
        self.header.addWidget(name)
        self.header.addWidget(picker, 1)
        return picker

    def name_picker(self, picker: QWidget, before: str = "", help_: str = "") -> None:
        """Put a word before the name of a picker in the header: "Next data" instead of "Data"; '' takes it away."""
        name = next(label for label in self.header_row.findChildren(QLabel) if label.buddy() is picker)
        plain = str(name.property("plain") or name.text())
        name.setProperty("plain", plain)
        name.setText(f"{before} {plain[0].lower()}{plain[1:]}" if before else plain)
        name.setToolTip(help_)

    @Slot(bool)
    def show_inspector(self, shown: bool) -> None:
        """Fold the controls away to give the stage their place."""
        self.side.setVisible(shown)
        self.fold.setChecked(shown)

    def wants_controls(self) -> bool:
        """Whether the user has them open where there is room; a narrow page and the full screen fold them."""
        return self._is_open if self._is_narrow or self._is_presenting else self.fold.isChecked()

    def show_plots(self, shown: bool) -> None:
        """Whether there is something in `plot_area`; a low page and the full screen keep it for themselves."""
        self._has_plots = shown
        lowest = self.lowest_presenting if self._is_presenting else self.lowest
        has_room = self.height() >= lowest * theme().scale
        self.plot_frame.setVisible(shown and has_room)

    def present(self, presenting: bool) -> None:
        """Full screen: everything but caption and tempo gives way to the stage, and comes back afterwards."""
        if presenting == self._is_presenting:
            return
        self._is_open = self.wants_controls()
        self._is_presenting = presenting
        self.header_row.setVisible(not presenting)
        self.show_inspector(not presenting and not self._is_narrow and self._is_open)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        width = min(px(WIDTH), max(round(self.width() * SHARE), px(NARROWEST)))
        self.side.setFixedWidth(max(min(width, self.width() - px(LEFT)), 1))
        self.show_plots(self._has_plots)
        is_narrow = self.width() < px(ROOMY)
        if is_narrow != self._is_narrow and not self._is_presenting:
            self._is_open = self.wants_controls()
            self._is_narrow = is_narrow
            self.speed.setVisible(not is_narrow)
            self.show_inspector(not is_narrow and self._is_open)
