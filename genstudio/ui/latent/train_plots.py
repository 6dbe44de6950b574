"""Under the stage: the losses of a run as curves, and of a VAE the KL of each latent beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from genstudio.api import Floats, TrainEvent
from genstudio.ui.latent.train_words import is_variational
from genstudio.ui.theme import pad, px
from genstudio.ui.widgets.curves import CurveBuffer, trend_window

if TYPE_CHECKING:
    from genstudio.ui.latent.train_bars import KLBars
    from genstudio.ui.widgets.plots import LossPlot

HIGH = 148  # design px
STEEP = 0.04  # of a run: in it the losses fall from hundreds of nats
NATS = ("recon_loss", "kl_loss")


def curves_of(family: str) -> CurveBuffer:
    """Empty curves: reconstruction, KL and -ELBO of a VAE; the mean squared error of the others."""
    return CurveBuffer(3 if is_variational(family) else 1)


def rows_of(event: TrainEvent, buffer: CurveBuffer) -> Floats:
    """What is new in an event, (n, columns) of such curves; those of a run that goes on begin with its past."""
    before, wanted = event.iteration - len(event.rows), NATS if len(buffer.last()) == 3 else ("mse",)
    if not set(wanted) <= set(event.names):
        return np.zeros((0, len(buffer.last())), np.float32)
    columns = [event.names.index(name) for name in wanted]
    if len(event.past) and not len(buffer):
        buffer.begin_with(event.past[:, 0], _with_sum(event.past[:, 1:][:, columns]), before)
    elif len(event.rows) and not len(buffer):
        buffer.clear(before + 1)
    return _with_sum(buffer.beyond(event.rows[:, columns], event.iteration))


def _with_sum(rows: Floats) -> Floats:
    """Reconstruction and KL with their sum, -ELBO; a single loss as it is."""
    return np.concatenate([rows, rows.sum(1, keepdims=True)], axis=1) if rows.shape[1] == 2 else rows


def nats_plot() -> LossPlot:
    """The curves of a VAE; imports pyqtgraph."""
    from genstudio.ui.widgets.panel import CurveStyle
    from genstudio.ui.widgets.plots import LossPlot

    styles = [CurveStyle("recon", "real"), CurveStyle("KL", "latent", "dash"), CurveStyle("−ELBO", "accent", "dot")]
    return LossPlot("Nats per picture", styles, digits=1, steep=STEEP, aside=1)


def mse_plot() -> LossPlot:
    """The curve of an autoencoder; imports pyqtgraph."""
    from genstudio.ui.widgets.panel import CurveStyle
    from genstudio.ui.widgets.plots import LossPlot

    style = CurveStyle("mse", "real")
    return LossPlot("Mean squared error of a pixel in 0 … 1", [style], digits=4, steep=STEEP)


class TrainPlots(QWidget):
    """One plot for nats, one for squared errors, of which one is seen; built when the first run begins (0.3 s)."""

    picked = Signal(float)  # an iteration
    painted = Signal()  # `ends` has changed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = pad(QHBoxLayout(self), 0, 16)
        self.nats: LossPlot | None = None
        self.mse: LossPlot | None = None
        self.bars: KLBars | None = None
        self._curves = CurveBuffer(2)

    curves_of, rows_of = staticmethod(curves_of), staticmethod(rows_of)

    def build(self) -> None:
        """Make the plots, once."""
        if self.bars is not None:
            return
        from genstudio.ui.latent.train_bars import KLBars

        self.nats, self.mse = nats_plot(), mse_plot()
        self.bars = KLBars()
        for plot in (self.nats, self.mse):
            plot.picked.connect(self.picked)
            plot.painted.connect(self.painted)
            self._box.addWidget(plot, 3)
        self._box.addWidget(self.bars, 2)
        self.show_run((self._curves,))

    def show_run(self, curves: Sequence[CurveBuffer]) -> None:
        """The curves of another run; its rows are appended to them."""
        self._curves = curves[0]
        columns = len(self._curves.last())
        if self.nats is None or self.mse is None or self.bars is None:
            return
        for plot, needs in ((self.nats, 3), (self.mse, 1)):
            plot.setVisible(columns == needs)
            if columns == needs:
                plot.show_buffer(self._curves)
        self.bars.setVisible(columns == 3)
        self.setFixedHeight(px(HIGH))

    def fit(self) -> None:
        """The theme's scale may have changed."""
        self.setFixedHeight(px(HIGH))

    def add(self, event: TrainEvent) -> None:
        """The rows since the last event."""
        self.build()
        plot = self._plot()
        if plot is not None:
            plot.add_rows(rows_of(event, self._curves))

    def set_moment(self, numbers: Any, iteration: int | None) -> None:
        """The KL of a moment, and where it is; no iteration at the live end."""
        if self.bars is not None:
            self.bars.set_kl(numbers.get("kl_per_latent"))
        for plot in (self.nats, self.mse):
            if plot is not None:
                plot.set_cursor(iteration)

    def set_marks(self, marks: tuple[tuple[float, str], ...]) -> None:
        """The iterations at which the run was changed, with what was."""
        for plot in (self.nats, self.mse):
            if plot is not None:
                plot.set_marks(marks)

    def newest(self) -> tuple[int, tuple[float, ...]] | None:
        """Iteration and losses as they stand at the ends of the curves; None before the first."""
        plot = self._plot()
        if plot is not None and plot.isVisible():
            iteration, ends = plot.ends()
        else:
            iteration, ends = round(self._curves.x_range()[1]), self._at(-1)
        return (iteration, ends) if len(ends) and all(map(math.isfinite, ends)) else None

    def at(self, iteration: int) -> tuple[float, ...]:
        """The losses as the curves have them at an iteration; () before the first."""
        x = self._curves.x()
        if not len(x) or iteration < self._curves.x_range()[0]:
            return ()
        return self._at(int(np.abs(x - iteration).argmin()))

    def _at(self, bucket: int) -> tuple[float, ...]:
        x = self._curves.x()
        if not len(x):
            return ()
        columns = range(len(self._curves.last()))
        return tuple(float(self._curves.mean(column, trend_window(x))[bucket]) for column in columns)

    def _plot(self) -> LossPlot | None:
        return {3: self.nats, 1: self.mse}.get(len(self._curves.last()))
