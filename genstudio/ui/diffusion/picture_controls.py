"""The inspector's rows of a picture that is chosen by number or drawn: number, another, clear, brush."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QLabel

from genstudio.ui.diffusion.picture_origin import BRUSH, BRUSH_REST, OWN
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import IntBox
from genstudio.ui.widgets.inspector import Section
from genstudio.ui.widgets.segments import Segments, choices
from genstudio.ui.widgets.slider import Slider

TOOLS = {
    "draw": ("Draw", "The brush leaves ink"),
    "erase": ("Erase", "The brush leaves nothing; the right mouse button always erases"),
}
NUMBER_HELP = "Which of the dataset's held-out pictures"
OWN_NUMBER = "own"  # in the stead of a number
BRUSH_HELP = "Width of the brush, in pixels of a picture of 28"


class PictureChooser(QObject):
    """Takes a picture's origin in by `show_picture`, and asks for others."""

    number_wanted = Signal(int)
    other_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, section: Section) -> None:
        super().__init__(section)
        self.number = IntBox(0, 0, 0, label="Number")
        self.origin = QLabel()
        self.origin.setProperty("role", "small")
        self.origin.setWordWrap(True)
        self.other = TextButton("Another", "Another picture of the dataset, at random", "random")
        self.clear = TextButton("Clear", "An empty canvas to draw on (Delete on the canvas)")
        self.number_row = section.add_row("Number", self.number, NUMBER_HELP)
        self.buttons = section.add_buttons(self.other, self.clear)
        section.add_widget(self.origin)
        self.number.valueChanged.connect(self.number_wanted)
        self.other.clicked.connect(self.other_wanted)
        self.clear.clicked.connect(self.clear_wanted)

    def show_picture(self, number: int, total: int, origin: str) -> None:
        """Which picture there is, of how many, and where it is from; without a signal."""
        with QSignalBlocker(self.number):
            self.number.setMaximum(max(total - 1, number, 0))
            self.number.setMinimum(min(number, 0))
            self.number.setSpecialValueText(OWN_NUMBER if number == OWN else "")  # in the stead of the least
            self.number.setValue(number)
        self.origin.setText(origin)

    def set_dataset(self, is_there: bool) -> None:
        """Whether there are pictures to choose from."""
        self.number.setEnabled(is_there)
        self.other.setEnabled(is_there)


class PictureControls(PictureChooser):
    """With the brush that draws on it; `changed(field, value, is_final)` tells of tool and brush."""

    changed = Signal(str, object, bool)

    def __init__(self, section: Section) -> None:
        super().__init__(section)
        self.tools = Segments("Brush does", choices(TOOLS))
        self.brush = Slider(*BRUSH, 0.5)
        self.brush.setAccessibleName("Brush")
        self.brush.rest = BRUSH_REST
        section.add_widget(self.tools)
        self.brush_row = section.add_row("Brush", self.brush, BRUSH_HELP)
        self.tools.chosen.connect(self._tool_chosen)
        self.brush.moved.connect(self._slid)
        self.brush.released.connect(self._let_go)
        self.brush_row.reset_clicked.connect(self._reset)

    def show_brush(self, tool: str, brush: float) -> None:
        """What the brush does and how wide it is; without a signal."""
        self.tools.set_value(tool)
        with QSignalBlocker(self.brush):
            self.brush.set_value(brush)
        self.brush_row.label.setText(f"Brush · {brush:g} px")

    def set_ready(self, is_ready: bool) -> None:
        """Whether there is a picture to draw on."""
        for widget in (self.tools, self.brush, self.clear):
            widget.setEnabled(is_ready)

    @Slot(str)
    def _tool_chosen(self, tool: str) -> None:
        self.changed.emit("tool", tool, True)

    @Slot(float)
    def _slid(self, value: float) -> None:
        self.changed.emit("brush", round(value, 1), False)

    @Slot()
    def _let_go(self) -> None:
        self.changed.emit("brush", round(self.brush.value(), 1), True)

    @Slot()
    def _reset(self) -> None:
        self.changed.emit("brush", BRUSH_REST, True)
