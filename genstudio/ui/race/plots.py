"""The curves of both sides over the same iterations: the left solid, the right dashed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from genstudio.ui.race.run import RaceRun
from genstudio.ui.theme import fix, pad, px

if TYPE_CHECKING:
    from genstudio.ui.race.race_plot import RacePlot

LOW, TALL = 132, 176  # design px
WIDE = 1200  # design px of the page from which on there is room for three plots
POINT_DISTANCE, PICTURE_DISTANCE = (
    "Distance from real points (sliced Wasserstein)",
    "Fréchet distance from real pictures",
)
GAP = "How much surer D is of real ones: D(real) − D(fake)"
CRITIC_GAP = "How much higher D scores real ones: D(real) − D(fake)"
ORDER = ("distance", "verdict", "losses")


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
        players = (("D", "discriminator"), ("G", "generator"))
        dashes = tuple(zip(run.names, ("solid", "dash"), strict=True))
        shorts = tuple(zip(_shorts(run.names), ("solid", "dash"), strict=True))
        losses = [CurveStyle(f"{who}, {short}", color, dash) for who, color in players for short, dash in shorts]
        verdict = [CurveStyle(name, "discriminator", dash) for name, dash in dashes]
        distance = [CurveStyle(name, "generated", dash) for name, dash in dashes]
        title = POINT_DISTANCE if run.is_of_points(0) else PICTURE_DISTANCE
        is_critic = run.is_critic(0) and run.is_critic(1)
        gap = CRITIC_GAP if is_critic else GAP
        made = {"distance": (title, distance), "verdict": (gap, verdict), "losses": ("Loss", losses)}
        for name in ORDER:
            plot = self.plots[name] = RacePlot(*made[name])
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
        known = [name for name in ORDER if name != "distance" or len(run.curves[name]) or run.is_of_points(0)]
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


def _shorts(names: tuple[str, str]) -> tuple[str, ...]:
    """Only the numbers of "Rate D 1e-3" and "Rate D 0.01", where all else is the same."""
    parts = [name.rsplit(" ", 1) for name in names]
    is_alike = all(len(part) == 2 for part in parts) and parts[0][0] == parts[1][0]
    return tuple(part[1] for part in parts) if is_alike else names
