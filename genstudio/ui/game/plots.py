"""The two plots of the adversarial game, above or beside each other; each shows one of several things."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from genstudio.api import TrainEvent
from genstudio.ui.game.kinds import FIRST, KINDS, WIDEST_LABEL, WIDEST_TICK, Kind
from genstudio.ui.game.look import Look, LookPlot
from genstudio.ui.game.plot_place import PlotPlace
from genstudio.ui.tabs.beside_plots import BesidePlots
from genstudio.ui.widgets.curves import CurveBuffer, trend_window

if TYPE_CHECKING:
    from genstudio.ui.widgets.plots import LossPlot

LOG_TITLES = tuple(KINDS[name].title for name in FIRST)
CRITIC_TITLES = tuple(KINDS[name].critic for name in FIRST)
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


def loss_and_score_plots() -> tuple[LossPlot, LossPlot]:
    """The curves of both players, and of what D says; imports pyqtgraph."""
    from genstudio.ui.widgets.panel import CurveStyle
    from genstudio.ui.widgets.plots import LossPlot

    losses = [CurveStyle("D loss", "discriminator"), CurveStyle("G loss", "generator", "dash")]
    scores = [CurveStyle("D(real)", "real"), CurveStyle("D(fake)", "generated", "dash")]
    plots = LossPlot(LOG_TITLES[0], losses), LossPlot(LOG_TITLES[1], scores, (0, 1))
    for plot in plots:
        plot.panel.set_room(WIDEST_LABEL, WIDEST_TICK)
    return plots


def _new_plot(name: str) -> LookPlot:
    """Of a kind that shows what is looked at."""
    from genstudio.ui.game.bars import ClassPlot, HistogramPlot
    from genstudio.ui.game.series import SeriesPlot

    return HistogramPlot() if name == "histogram" else ClassPlot() if name == "classes" else SeriesPlot(name)


class GANPlots(BesidePlots):
    """At first losses, and how sure the discriminator is. The plots are built when the first row comes (0.3 s).

    Args:
        kinds: What one can choose from.
    """

    picked = Signal(float)  # an iteration
    painted = Signal()  # `scores` has changed
    chosen = Signal()  # by the user: what is shown

    def __init__(self, kinds: Mapping[str, Kind] = KINDS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds, self._first = kinds, FIRST
        self.places: tuple[PlotPlace, ...] = ()
        self.plots: tuple[LossPlot, ...] = ()
        self._made: dict[str, Any] = {}  # plots by their kinds
        self._curves: Curves = (CurveBuffer(2), CurveBuffer(2))
        self._is_critic = False
        self._look: Look | None = None
        self._marks: tuple[tuple[float, str], ...] = ()
        self._cursor: int | None = None

    def set_critic(self, is_critic: bool) -> None:
        """Whether D gives scores instead of probabilities."""
        if is_critic == self._is_critic:
            return
        self._is_critic = is_critic
        self._name_all()

    def _name_all(self) -> None:
        is_critic = self._is_critic
        for name, plot in self._made.items():
            kind = self._kinds[name]
            plot.set_title((is_critic and kind.critic) or kind.title)
        for place in self.places:
            place.set_critic(is_critic)
        if self.plots:
            self.plots[1].set_y_range(None if is_critic else (0, 1))

    def set_stacked(self, stacked: bool) -> None:
        """Above each other, or side by side where there is no room."""
        super().set_stacked(stacked)
        self._share_x()

    def build(self) -> None:
        """Make the plots, once."""
        if self.plots:
            return
        self.plots = loss_and_score_plots()
        for name, plot in zip(FIRST, self.plots, strict=True):
            plot.setParent(self)
            plot.hide()
            plot.hide_title()
            self._take(name, plot)
        self.places = tuple(PlotPlace(self._kinds, f"What the {which} plot shows") for which in ("first", "second"))
        for number, (place, name) in enumerate(zip(self.places, self._first, strict=True)):
            place.chosen.connect(partial(self._chosen, number))
            self._box.addWidget(place, 1)
            place.set_plot(name, self._plot(name))
        self._name_all()
        self.show_run(self._curves)
        self.plots[1].painted.connect(self.painted)
        self._share_x()

    # ---- what is shown where --------------------------------------------------------------------------

    def shown(self) -> tuple[str, ...]:
        """The kinds that the two plots show."""
        return tuple(str(place.title.value()) for place in self.places) or self._first

    def show_kinds(self, names: Sequence[str]) -> None:
        """Show two kinds, now or when the plots are built; what is not known is ignored."""
        if len(names) == 2 and len(set(names)) == 2 and set(names) <= set(self._kinds):
            self._first = (names[0], names[1])
            for number in range(len(self.places)):
                self.choose(number, names[number])

    def choose(self, number: int, name: str) -> None:
        """Show a kind in a place; what stood there changes places with it, if it was in the other."""
        before, place = self.shown()[number], self.places[number]
        for other in self.places:
            if other is not place and other.title.value() == name:
                place.set_plot(name, self._plot(name))
                other.set_plot(before, self._plot(before))
        place.set_plot(name, self._plot(name))
        self._share_x()

    def _chosen(self, number: int, name: str) -> None:
        place = self.places[number]
        before = next(kind for kind, plot in self._made.items() if plot is place.plot)
        place.title.set_value(before)
        self.choose(number, name)
        self.chosen.emit()

    def _plot(self, name: str) -> Any:
        """A plot of a kind, made when it is first shown."""
        if name not in self._made:
            plot = _new_plot(name)
            plot.setParent(self)
            plot.set_title((self._is_critic and self._kinds[name].critic) or self._kinds[name].title)
            self._take(name, plot)
        if isinstance(self._made[name], LookPlot) and self._look is not None:
            self._made[name].show_look(self._look)
        return self._made[name]

    def _take(self, name: str, plot: Any) -> None:
        self._made[name] = plot
        plot.picked.connect(self.picked)
        if self._kinds[name].has_iterations:
            plot.set_cursor(self._cursor)
            plot.set_marks(self._marks)

    def _share_x(self) -> None:
        """Of two plots over the same iterations, one above the other, only the lower has numbers along them."""
        is_stacked = self._box.direction() == QBoxLayout.Direction.TopToBottom
        over = [self._kinds[name].has_iterations for name in self.shown()]
        for place, has_iterations, is_upper in zip(self.places, over, (True, False), strict=False):
            if has_iterations:
                place.plot.panel.show_x(not (is_stacked and is_upper and all(over)))  # type: ignore[union-attr]

    # ---- numbers --------------------------------------------------------------------------------------

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

    def show_look(self, look: Look) -> None:
        """The moment that is looked at."""
        self._look = look
        for place in self.places:
            if isinstance(place.plot, LookPlot):
                place.plot.show_look(look)

    def span(self) -> tuple[float, float]:
        """First and newest iteration of the curves."""
        return self._curves[0].x_range()

    def set_cursor(self, iteration: int | None) -> None:
        """Mark the iteration that is shown; None at the live end."""
        self._cursor = iteration
        for plot in self._with_iterations():
            plot.set_cursor(iteration)

    def set_marks(self, marks: tuple[tuple[float, str], ...]) -> None:
        """The iterations at which the run was changed, with what was."""
        self._marks = marks
        for plot in self._with_iterations():
            plot.set_marks(marks)

    def _with_iterations(self) -> list[Any]:
        return [plot for name, plot in self._made.items() if self._kinds[name].has_iterations]
