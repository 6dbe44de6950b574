"""Where a set of points is drawn by hand: the plane, the brush, and the button that starts the game."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.errors import whole
from genstudio.settings.drawings import SPREADS, Stroke, check_drawing
from genstudio.ui.theme import pad, px
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.segments import Segments
from genstudio.ui.widgets.sketch import Sketch
from genstudio.ui.widgets.slider import Slider

HOW = "The right button erases, arrow keys and Enter draw, too."
FULL = "The drawing is full; erase something first."
TOOLS = (
    ("draw", "Draw", "Drag for a line, click for an island"),
    ("erase", "Erase", "Take away what is under the brush; the right button does so at any time"),
)
WIDE = 620  # design px from which on all tools have room beside each other
BRUSH_HELP = "How far the points spread around the pen, each stroke for itself"


@dataclass(frozen=True)
class Words:
    """What is said of a drawing: what it is for, what its button does, and where one goes back to."""

    aim: str = "These points G is to imitate."
    use: str = "Play"
    use_help: str = "Begin a game on what is drawn"
    back: str = "Back to the game"


GAME = Words()


class Drawing(QWidget):
    """The sketch with its tools; `changed` follows every stroke, `used` asks for a run on it."""

    changed = Signal()
    used = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None, words: Words = GAME) -> None:
        super().__init__(parent)
        self._words = words
        self.sketch = Sketch()
        self.tool = Segments("Tool", TOOLS)
        self.brush = Slider(*SPREADS, tint="real")
        self.brush.setAccessibleName("Brush")
        self.brush.setToolTip(BRUSH_HELP)
        self.brush.rest = self.sketch.spread
        self.brush.set_value(self.sketch.spread)
        self.clear = TextButton("Clear", "Take everything away; Ctrl+Z brings it back")
        self.use = TextButton(words.use, words.use_help, "play", primary=True)
        self.close_button = TextButton(words.back, "Leave the drawing as it is")
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.says.setProperty("role", "second")
        self.says.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        tools, brush = self._tools, self._width = QHBoxLayout(), QWidget()
        name = QLabel("Brush")
        pad(tools, 0, 8)
        name.setToolTip(BRUSH_HELP)
        tools.addWidget(self.tool)
        tools.addStretch()
        for button in (self.clear, self.close_button, self.use):
            tools.addWidget(button)
        row = pad(QHBoxLayout(brush), 0, 8)
        row.addWidget(name)
        row.addWidget(self.brush, 1)
        box = self._box = pad(QVBoxLayout(self), (12, 8, 12, 0), 4)
        box.addLayout(tools)
        box.addWidget(brush)
        box.addWidget(self.sketch, 1)
        box.addWidget(self.says)
        self.sketch.changed.connect(self._sketched)
        self.sketch.full.connect(self._tell_full)
        self.tool.chosen.connect(self._tool_chosen)
        self.brush.changed.connect(self.sketch.set_spread)
        self.clear.clicked.connect(self.sketch.clear)
        self.use.clicked.connect(self.used)
        self.close_button.clicked.connect(self.closed)
        self._show_obstacle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The brush stands among the tools where they leave it room, else below them."""
        super().resizeEvent(event)
        is_wide = self.width() >= px(WIDE)
        if is_wide != (self._tools.indexOf(self._width) >= 0):
            (self._box if is_wide else self._tools).removeWidget(self._width)
            self._tools.insertWidget(1, self._width, 1) if is_wide else self._box.insertWidget(1, self._width)

    def strokes(self) -> tuple[Stroke, ...]:
        """What is drawn."""
        return self.sketch.strokes()

    def set_strokes(self, strokes: Sequence[Stroke]) -> None:
        """Show another drawing, without a signal; not under the hand that draws or erases."""
        if tuple(strokes) != self.strokes() and not self.sketch.is_busy:
            self.sketch.set_strokes(strokes)
        self._show_obstacle()

    def obstacle(self) -> str:
        """Why no run could begin on it, a sentence; "" if one could."""
        try:
            check_drawing(self.strokes())
        except ValueError as error:
            return whole(str(error))
        return ""

    def show_state(self, *, has_run: bool, is_used: bool) -> None:
        """Offer the way back to a run if there is one; `is_used`: it is about this very drawing."""
        self.close_button.setVisible(has_run)
        obstacle = self.obstacle()
        self.use.setText(f"{self._words.use} again" if is_used else self._words.use)
        self.use.setAccessibleName(self.use.text())
        self.use.allow(not obstacle, obstacle)

    @Slot()
    def _sketched(self) -> None:
        self._show_obstacle()
        self.changed.emit()

    def _show_obstacle(self) -> None:
        obstacle = self.obstacle()
        self.use.allow(not obstacle, obstacle)
        self.clear.setEnabled(bool(self.strokes()))
        self.says.setText(obstacle if obstacle and self.strokes() else f"{self._words.aim} {HOW}")

    @Slot()
    def _tell_full(self) -> None:
        self.says.setText(FULL)

    @Slot(str)
    def _tool_chosen(self, tool: str) -> None:
        self.sketch.erases = tool == "erase"
        self.sketch.update()
