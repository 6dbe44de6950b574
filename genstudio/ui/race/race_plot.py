"""One quantity of both sides. Imports pyqtgraph, so import it when the first race begins."""

from __future__ import annotations

from genstudio.ui.widgets.panel import CurveStyle
from genstudio.ui.widgets.plots import LossPlot


class RacePlot(LossPlot):
    """Curves that are named after their side at their ends; the numbers stand under the names of the sides."""

    def __init__(self, title: str, curves: list[CurveStyle]) -> None:
        super().__init__(title, curves, widest=max((curve.label for curve in curves), key=len))
        for band in self.panel.bands:  # of several curves on each other they hide the lines
            band.hide()
        self.setToolTip("Left solid, right dashed, each a moving mean. Click to see both at that moment.")

    def end_text(self, end: float) -> str:
        """Nothing."""
        return ""

    def grew(self) -> None:
        """The buffer has new rows; painted soon, not at once."""
        self._soon.throttle()
