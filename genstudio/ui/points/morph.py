"""The morph: how the noise, step by step, becomes what G makes of it."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Slot
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from genstudio.ui.game.parts import Part
from genstudio.ui.points.view import PointsView
from genstudio.ui.theme import pad
from genstudio.ui.widgets.button import IconButton
from genstudio.ui.widgets.inspector import Section
from genstudio.ui.widgets.points_canvas import PointsCanvas
from genstudio.ui.widgets.slider import Slider

HELP = (
    "From the noise as it is drawn (left) straight to where G puts it (right): the grid shows what G stretches, "
    "folds and tears, and how many points are left between the islands."
)
PLAY_HELP, NO_GAME = "Let the noise become points once", "Begin a game first."
ONLY_PLANES = "Only a noise of two latents lies in the plane and can be seen."
PLAY_MS, FRAME_MS = 2000, 33


class Morph(Part):
    """A slider from noise to points, and a button that lets it run.

    Args:
        grid: Shows the layer of the warped grid, which a morph that plays is to have.
    """

    page: PointsView

    def __init__(self, page: PointsView, section: Section, canvas: PointsCanvas, grid: QAbstractButton) -> None:
        super().__init__(page)
        self._time, self._grid = QElapsedTimer(), grid
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._advance)
        self.play = IconButton("play", "Play the morph", PLAY_HELP)
        self.slider = Slider(tint="latent")
        self.slider.setAccessibleName("Morph from noise to points")
        self.slider.rest = 1.0
        row = QWidget()
        box = pad(QHBoxLayout(row), 0, 4)
        box.addWidget(self.slider, 1)
        box.addWidget(self.play)
        section.add_row("Morph", row, HELP, width=0)
        self.slider.set_value(1.0)
        self.slider.changed.connect(canvas.set_morph)
        self.slider.changed.connect(page.show_where)
        self.slider.moved.connect(self._stop)
        self.play.clicked.connect(self._play_clicked)

    def show(self) -> None:
        """Off where the noise has more than two numbers, or nothing is there."""
        moment = self.page.run.shown()
        is_there = moment is not None and "noise" in moment.numbers
        self.slider.setEnabled(is_there)
        self.play.setEnabled(is_there)
        has_more = moment is not None and bool(moment.numbers) and not is_there
        self.slider.setToolTip(ONLY_PLANES if has_more else HELP)
        self.play.setToolTip(PLAY_HELP if is_there else ONLY_PLANES if has_more else NO_GAME)
        if has_more:
            self._stop()
            self.slider.set_value(1.0)

    @Slot()
    def _play_clicked(self) -> None:
        if self._timer.isActive():
            self._stop()
            return
        self._grid.setChecked(True)
        self.slider.set_value(0.0)
        self._time.start()
        self._timer.start()
        self.play.set_icon("pause")

    @Slot()
    def _stop(self) -> None:
        self._timer.stop()
        self.play.set_icon("play")

    @Slot()
    def _advance(self) -> None:
        share = min(self._time.elapsed() / PLAY_MS, 1.0)
        self.slider.set_value(share * share * (3 - 2 * share))
        if share == 1:
            self._stop()


__all__ = ["Morph"]
