"""The bar under the plane: where between noise and data one looks, and the flow there and back."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from genstudio.ui.tabs.play_clock import PlayClock
from genstudio.ui.theme import pad, px
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.slider import Slider
from genstudio.ui.widgets.steady import SteadyLabel

FLOW_HELP = "Let the particles flow from noise to data and back (F)"
STOP_HELP = "Let the particles stand where they are (F)"
SLIDER_HELP = "From noise, where t = T (left), to data, where t = 0 (right)"
ROOMY = 560  # design px: narrower, the slider needs the room of most words
WAY_S, REST_S = 3.0, 0.8  # from one end to the other, and how long it stands there


class FlowBar(QWidget):
    """A button that is pressed while the particles flow, a slider, and what is where it stands."""

    moved = Signal(float)  # by hand or time: the place, 0 is noise and 1 data

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.flow_button = TextButton("Flow", FLOW_HELP, "flow")
        self.flow_button.setCheckable(True)
        self.slider = Slider(tint="latent")
        self.slider.setAccessibleName("Time, from noise to data")
        self.slider.setToolTip(SLIDER_HELP)
        self.slider.rest = 1.0
        self.label = SteadyLabel()
        self.label.setProperty("role", "small")
        self._words: tuple[str, ...] = ()
        self._clock, self._towards, self._rest_s = PlayClock(self), 1.0, 0.0
        box = pad(QHBoxLayout(self), 0, 8)
        box.addWidget(self.flow_button)
        box.addWidget(QLabel("noise"))
        box.addWidget(self.slider, 1)
        box.addWidget(QLabel("data"))
        box.addWidget(self.label)
        self.slider.set_value(1.0)
        self.slider.changed.connect(self.moved)
        self.slider.moved.connect(self.stop)
        self.flow_button.clicked.connect(self.toggle)
        self._clock.ticked.connect(self._tick)

    def is_playing(self) -> bool:
        """Whether time moves the slider."""
        return self._clock.runs()

    def place(self) -> float:
        """Where the slider is."""
        return self.slider.value()

    def go_to(self, place: float) -> None:
        """Stand there."""
        self.stop()
        self.slider.set_value(place)

    def show_state(self, has_way: bool, words: tuple[str, ...]) -> None:
        """Off while there is nothing to move; the first of the words is said wherever there is room."""
        if not has_way:
            self.stop()
        self.flow_button.setEnabled(has_way)
        self.slider.setEnabled(has_way)
        self._words = words
        self._say()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The slider comes first."""
        super().resizeEvent(event)
        self._say()

    def _say(self) -> None:
        self.label.setText(" · ".join(self._words if self.width() >= px(ROOMY) else self._words[:1]))

    def _show_flow(self) -> None:
        self.flow_button.setChecked(self.is_playing())
        self.flow_button.set_help(STOP_HELP if self.is_playing() else FLOW_HELP)

    @Slot()
    def toggle(self) -> None:
        """Play from here to the other end and back, again and again, or stop."""
        if self.is_playing():
            self.stop()
        elif self.flow_button.isEnabled():
            if self.place() == self._towards:
                self._towards = 1.0 - self._towards
            self._rest_s = 0.0
            self._clock.run(True)
            self._show_flow()

    @Slot()
    def stop(self) -> None:
        """Stay where it is."""
        self._clock.run(False)
        self._show_flow()

    @Slot(float)
    def _tick(self, seconds: float) -> None:
        if self._rest_s > 0:
            self._rest_s -= seconds
            return
        step = seconds / WAY_S if self._towards else -seconds / WAY_S
        self.slider.set_value(self.place() + step)
        if self.place() == self._towards:
            self._towards, self._rest_s = 1.0 - self._towards, REST_S
