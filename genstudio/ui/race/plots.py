"""The curves of both sides over the same iterations: the left solid, the right dashed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from genstudio.ui.race.quantities import quantities
from genstudio.ui.race.run import RaceRun
from genstudio.ui.theme import fix, pad, px

if TYPE_CHECKING:
    from genstudio.ui.race.race_plot import RacePlot

LOW, TALL = 132, 176  # design px
WIDE = 1200  # design px of the page from which on there is room for three plots


class RacePlots(QWidget):
    """One plot a quantity: how far from real, how well D tells apart, losses; two of them where room is short."""

    picked = Signal(float)  # an iteration
    painted = Signal()  # the curves have new ends

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = pad(QHBoxLayout(self), 0, 20)
        self.plots: dict[str, RacePlot] = {}
        self._is_wide = True

    def begin(self, run: RaceRun) -> None:
        """New plots for a race, whose sides they name."""
        from genstudio.ui.race.race_plot import RacePlot
        from genstudio.ui.widgets.panel import CurveStyle

        self.clear()
        for name, (title, styles) in quantities(run).items():
            plot = self.plots[name] = RacePlot(title, [CurveStyle(*style) for style in styles])
            plot.show_buffer(run.curves[name])
            plot.picked.connect(self.picked)
            self._box.addWidget(plot, 1)
        self.plots["verdict"].painted.connect(self.painted)
        self.choose(run)

    def clear(self) -> None:
        """No plots."""
        for plot in self.plots.values():
            self._box.removeWidget(plot)
            plot.hide()
            plot.deleteLater()
        self.plots = {}

    def choose(self, run: RaceRun) -> None:
        """Those that there is room for, and something to show."""
        known = [name for name in self.plots if name != "distance" or len(run.curves[name]) or run.is_of_points(0)]
        for name, plot in self.plots.items():
            plot.setVisible(name in known[: 3 if self._is_wide else 2])

    def grew(self) -> None:
        """There are new rows; painted soon."""
        for plot in self.plots.values():
            plot.grew()

    def fit(self, page: QWidget) -> None:
        """As many and as high as the page has room for."""
        self._is_wide = page.width() >= px(WIDE)
        fix(self, height=TALL if page.height() >= px(760) else LOW)

    def set_cursor(self, iteration: int | None) -> None:
        """Mark the iteration that is shown; None at the live end."""
        for plot in self.plots.values():
            plot.set_cursor(iteration)
