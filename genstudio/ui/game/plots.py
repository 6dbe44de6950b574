"""The two plots of the adversarial game, above or beside each other over the same iterations."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from genstudio.api import TrainEvent
from genstudio.ui.theme import pad, px
from genstudio.ui.widgets.curves import CurveBuffer, trend_window

if TYPE_CHECKING:
    from genstudio.ui.tabs.page import TabPage
    from genstudio.ui.widgets.plots import LossPlot

WIDE_PX = 1150  # from here on there is room for the plots beside the stage
LOW = 122  # design px, under the stage
LOG_TITLES = ("Loss, nats", "How sure D is that what it sees is real")
CRITIC_TITLES = ("Loss, in the critic's scores", "The critic's scores, without bounds")
COLUMNS = (("d_loss", "g_loss"), ("d_real", "d_fake"))
Curves = tuple[CurveBuffer, ...]  # one for each plot


def rows_of(event: TrainEvent, curves: Curves) -> Iterator[np.ndarray]:
    """The new rows (n, 2) of an event for each of the plots; the curves of a run that goes on begin with its past."""
    before = event.iteration - len(event.rows)
    for buffer, names in zip(curves, COLUMNS, strict=True):
        known = set(names) <= set(event.names)
        columns = [event.names.index(name) for name in names] if known else []
        if known and len(event.past) and not len(buffer):
            buffer.begin_with(event.past[:, 0], event.past[:, 1:][:, columns], before)
        elif len(event.rows) and not len(buffer):
            buffer.clear(before + 1)
        yield buffer.beyond(event.rows[:, columns], event.iteration) if known else np.empty((0, 2), np.float32)


def add_rows(curves: Curves, event: TrainEvent) -> None:
    """Append the rows of an event to curves that are not shown."""
    for buffer, rows in zip(curves, rows_of(event, curves), strict=True):
        buffer.extend(rows)


class GANPlots(QWidget):
    """Losses, and how sure the discriminator is. The plots are built when the first row comes (0.3 s)."""

    picked = Signal(float)  # an iteration
    painted = Signal()  # `scores` has changed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = pad(QBoxLayout(QBoxLayout.Direction.TopToBottom, self), 0, 12)
        self.plots: tuple[LossPlot, ...] = ()
        self._curves: Curves = (CurveBuffer(2), CurveBuffer(2))
        self._is_critic = False

    def set_critic(self, is_critic: bool) -> None:
        """Whether D gives scores instead of probabilities."""
        self._is_critic = is_critic
        for plot, title in zip(self.plots, CRITIC_TITLES if is_critic else LOG_TITLES, strict=False):
            plot.set_title(title)
        if self.plots:
            self.plots[1].set_y_range(None if is_critic else (0, 1))

    def set_stacked(self, stacked: bool) -> None:
        """Above each other, or side by side where there is no room."""
        direction = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        self._box.setDirection(direction)
        if self.plots:
            self.plots[0].panel.show_x(not stacked)

    def place(self, page: TabPage, shown: bool) -> None:
        """Beside the page's stage where there is room, else under it; gone if they are not shown."""
        is_wide = page.width() >= px(WIDE_PX)
        area, other = (page.stage_area, page.plot_area) if is_wide else (page.plot_area, page.stage_area)
        if area.indexOf(self) < 0:
            other.removeWidget(self)
            area.addWidget(self, 1)
            self.set_stacked(is_wide)
        self.setFixedHeight(px(LOW)) if not is_wide else self.setMaximumHeight(16777215)
        self.setVisible(shown)
        page.show_plots(shown and not is_wide)

    def build(self) -> None:
        """Make the plots, once."""
        if self.plots:
            return
        from genstudio.ui.widgets.panel import CurveStyle
        from genstudio.ui.widgets.plots import LossPlot

        losses = [CurveStyle("D loss", "discriminator"), CurveStyle("G loss", "generator", "dash")]
        scores = [CurveStyle("D(real)", "real"), CurveStyle("D(fake)", "generated", "dash")]
        self.plots = (LossPlot(LOG_TITLES[0], losses), LossPlot(LOG_TITLES[1], scores, (0, 1)))
        self.set_critic(self._is_critic)
        self.show_run(self._curves)
        self.plots[1].painted.connect(self.painted)
        for plot in self.plots:
            plot.picked.connect(self.picked)
            self._box.addWidget(plot, 1)
        self.set_stacked(self._box.direction() == QBoxLayout.Direction.TopToBottom)

    def scores(self) -> tuple[int, float, float] | None:
        """Iteration, D(real) and D(fake) at the ends of the curves, seen or not; None before the first."""
        if self.plots and self.plots[1].isVisible():
            iteration, (d_real, d_fake) = self.plots[1].ends()
        else:
            iteration, (d_real, d_fake) = round(self._curves[1].x_range()[1]), self._ends()
        return (iteration, d_real, d_fake) if math.isfinite(d_real + d_fake) else None

    def _ends(self) -> tuple[float, float]:
        buffer = self._curves[1]
        x = buffer.x()
        if not len(x):
            return math.nan, math.nan
        d_real, d_fake = (float(buffer.mean(column, trend_window(x))[-1]) for column in (0, 1))
        return d_real, d_fake

    def scores_at(self, iteration: int) -> tuple[float, float] | None:
        """D(real) and D(fake) as the curves have them at an iteration; None before the first."""
        buffer = self._curves[1]
        x = buffer.x()
        if not len(x) or iteration < buffer.x_range()[0]:
            return None
        nearest = int(np.abs(x - iteration).argmin())
        d_real, d_fake = (float(buffer.mean(column, trend_window(x))[nearest]) for column in (0, 1))
        return (d_real, d_fake) if math.isfinite(d_real + d_fake) else None

    def losses_at(self, iterations: Sequence[int]) -> list[dict[str, float]]:
        """The curves' columns by name at these iterations, each as the nearest has them; empty before the first."""
        found: list[dict[str, float]] = [{} for _ in iterations]
        for buffer, names in zip(self._curves, COLUMNS, strict=True):
            x = buffer.x()
            if len(x):
                nearest = np.abs(x[None] - np.array(iterations)[:, None]).argmin(1)
                for column, name in enumerate(names):
                    trend = buffer.mean(column, trend_window(x))
                    for then, index in zip(found, nearest, strict=True):
                        then[name] = float(trend[index])
        return found

    def show_run(self, curves: Curves) -> None:
        """The curves of another run; its rows are appended to them."""
        self._curves = curves
        for plot, buffer in zip(self.plots, curves, strict=False):
            plot.show_buffer(buffer)

    def add(self, event: TrainEvent) -> None:
        """The rows since the last event."""
        self.build()
        for plot, rows in zip(self.plots, rows_of(event, self._curves), strict=True):
            plot.add_rows(rows)

    def set_cursor(self, iteration: int | None) -> None:
        """Mark the iteration that is shown; None at the live end."""
        for plot in self.plots:
            plot.set_cursor(iteration)

    def set_marks(self, marks: tuple[tuple[float, str], ...]) -> None:
        """The iterations at which the run was changed, with what was."""
        for plot in self.plots:
            plot.set_marks(marks)
