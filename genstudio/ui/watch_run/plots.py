"""The curves of a run of any family, as the pages have them that train it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.api import TrainEvent, TrainRequest
from genstudio.settings import ADVERSARIAL, LATENT
from genstudio.settings.adversarial import LOG_LOSSES
from genstudio.ui.diffusion import loss_plots as noise
from genstudio.ui.game import plots as game
from genstudio.ui.latent import train_plots as latent
from genstudio.ui.latent.train_words import is_variational
from genstudio.ui.theme import pad, px
from genstudio.ui.widgets.curves import CurveBuffer

if TYPE_CHECKING:
    from genstudio.ui.widgets.plots import LossPlot


LOW = 140  # design px, too low for two plots


class RunPlots(QWidget):
    """One or two plots above each other; built when it is known what runs (0.3 s)."""

    picked = Signal(float)  # an iteration

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = pad(QVBoxLayout(self), 0, 12)
        self._family = ""
        self.plots: tuple[LossPlot, ...] = ()
        self._has_room: bool | None = None  # for two; not yet known

    def show_run(self, request: TrainRequest) -> None:
        """Empty curves of such a run."""
        self.clear()
        self._family = family = request.family
        if family in ADVERSARIAL:
            self.plots = game.loss_and_score_plots()
            self._name(request.settings.loss not in LOG_LOSSES)  # type: ignore[union-attr]
        elif family in LATENT:
            self.plots = (latent.nats_plot() if is_variational(family) else latent.mse_plot(),)
        else:
            self.plots = (noise.loss_plot(),)
        for plot in self.plots:
            plot.picked.connect(self.picked)
            self._box.addWidget(plot, 1)
        if family in LATENT:
            self.plots[0].show_buffer(latent.curves_of(family))
        elif family in ADVERSARIAL:
            for plot in self.plots:
                plot.show_buffer(CurveBuffer(2))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is no room for both, the losses alone; the lower one has the numbers along them."""
        if len(self.plots) > 1:
            has_room = self.height() >= px(LOW)
            if has_room == self._has_room:
                return
            self._has_room = has_room
            self.plots[0].panel.show_x(not has_room)
            self.plots[1].setVisible(has_room)

    def _name(self, is_critic: bool) -> None:
        titles = game.CRITIC_TITLES if is_critic else game.LOG_TITLES
        for plot, title in zip(self.plots, titles, strict=True):
            plot.set_title(title)
        self.plots[1].set_y_range(None if is_critic else (0, 1))

    def clear(self) -> None:
        """No plots at all."""
        for plot in self.plots:
            self._box.removeWidget(plot)
            plot.setParent(None)
            plot.deleteLater()
        self.plots, self._family, self._has_room = (), "", None

    def add(self, event: TrainEvent) -> None:
        """The rows since the last event."""
        if not len(event.rows) or not self.plots:
            return
        if self._family in ADVERSARIAL:
            curves = tuple(plot.buffer for plot in self.plots)
            for plot, rows in zip(self.plots, game.rows_of(event, curves), strict=True):
                plot.add_rows(rows)
        else:
            rows_of = latent.rows_of if self._family in LATENT else noise.rows_of
            self.plots[0].add_rows(rows_of(event, self.plots[0].buffer))

    def set_cursor(self, iteration: int | None) -> None:
        """Mark the iteration whose samples are shown; None at the newest."""
        for plot in self.plots:
            plot.set_cursor(iteration)
