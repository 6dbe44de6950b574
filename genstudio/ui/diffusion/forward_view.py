"""What the forward page looks like: the sum with its numbers, the strip over t, the plots. Asks for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from genstudio import api
from genstudio.api.forward import grey_levels, moments, noise_like, noised, unit
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion import forward_words as words
from genstudio.ui.diffusion.forward_controls import VIEWS, ForwardControls
from genstudio.ui.diffusion.forward_state import ForwardState
from genstudio.ui.diffusion.picture_origin import paper
from genstudio.ui.tabs.calm import HAND_S, Beat
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.theme import pad, px, theme
from genstudio.ui.widgets.canvas import HELP, Canvas
from genstudio.ui.widgets.caption import MEANINGS
from genstudio.ui.widgets.film_strip import FilmStrip
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.plain import plain
from genstudio.ui.widgets.stage import Stage
from genstudio.ui.widgets.still import Still

if TYPE_CHECKING:
    from genstudio.ui.diffusion.forward_plots import ForwardPlots

FEWEST, MOST = 8, 12  # pictures of the strip
CELL = 58  # design px that one of them wants
ALONE = {"eps": 1, "x_t": 2}  # which of the three is shown alone, where it cannot be drawn on
NOTHING = np.zeros((0, 28, 28, 1), np.uint8)
KEYS = {"1": "x0", "2": "eps", "3": "x_t"}
STAGE_HELP = "White is 1 and more, black is −1 and less, for all three."


class ForwardView(TabPage):
    """The five places and what is in them; holds the picture and its noise as numbers, and the schedule."""

    takes_pictures = shows_data = True
    learner = "denoising-train"
    lowest_presenting = 700
    view_wanted = Signal(str)
    t_picked = Signal(float)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("forward", "Denoising", bridge, parent)
        self.picker = Choice(label="Dataset", help="Where the picture is from")
        self.add_picker("Dataset", self.picker, 200)
        self.formula = QLabel()
        self.formula.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.formula.setAccessibleName("Closed form")
        self.canvas, self.alone = Canvas(), Stage(label="One of picture, noise and sum")
        self.canvas.setToolTip(f"<p>{STAGE_HELP} {HELP}</p>")
        self.alone.setToolTip(plain(STAGE_HELP))
        self.strip = FilmStrip(ends=("0", "T"), label="The way from the picture at t = 0 to noise at t = T")
        column = pad(QVBoxLayout(), 0, 4)
        column.addWidget(Still(self.formula))
        for stage in (self.canvas, self.alone):
            column.addWidget(stage, 1)
        column.addWidget(self.strip)
        self.stage_area.addLayout(column, 1)
        self.controls = ForwardControls(self.inspector)
        self.plots: ForwardPlots | None = None
        self.schedule: api.ScheduleEvent | None = None
        self.beside: api.ScheduleEvent | None = None
        self._x0 = self._eps = np.zeros((0, 0, 1), np.float32)
        self._beat, self._markup = Beat(HAND_S), ""
        self.canvas.set_message("Starting …")
        self.alone.hide()
        self.strip.hide()
        self.tempo.set_range(0)
        self._fit_tempo(False)
        theme().changed.connect(self._restyle)
        self._restyle()

    # ---- the numbers -----------------------------------------------------------------------------------

    def level(self, t: int) -> tuple[float, float]:
        """The shares of picture and noise at t, in the schedule that is known."""
        if self.schedule is None or t == 0:
            return 1.0, 0.0
        return float(self.schedule.signal[t - 1]), float(self.schedule.noise[t - 1])

    def x_t(self, t: int) -> api.Floats:
        """The noisy picture as numbers."""
        return noised(self._x0, self._eps, *self.level(t))

    def set_numbers(self, picture: api.Pictures, seed: int) -> None:
        """Another picture, or other noise."""
        self._x0, self._eps = unit(picture), noise_like(seed, picture)

    def is_complete(self, state: ForwardState) -> bool:
        """Whether there are a picture and the numbers of its schedule."""
        return bool(self._x0.size) and self.schedule is not None and len(self.schedule.signal) == state.timesteps

    def strip_count(self, state: ForwardState) -> int:
        """Pictures that the strip has room for, each of another t."""
        room = self.strip.width() - px(72)
        return min(max(room // px(CELL), FEWEST), MOST, state.timesteps + 1)

    # ---- showing ---------------------------------------------------------------------------------------

    def show_all(self, state: ForwardState) -> None:
        """Everything that depends on picture, noise and schedule."""
        if not self.is_complete(state):
            return
        self.strip.show()
        self.controls.set_ready(True)
        self._fit_tempo(True)
        self.tempo.set_range(state.timesteps + 1)
        self.canvas.setVisible(state.view not in ALONE)
        self.alone.setVisible(state.view in ALONE)
        self.formula.setToolTip(plain("The closed form (Ho et al. 2020, eq. 4): no step before it is needed."))
        self.show_strip(state)
        self.show_schedules()
        self.show_t(state)
        self.show_exportable()

    def show_strip(self, state: ForwardState) -> None:
        """The pictures along the way."""
        ts = moments(state.timesteps, self.strip_count(state))
        self.strip.set_pictures(np.stack([grey_levels(self.x_t(t)) for t in ts]))

    def show_t(self, state: ForwardState, is_moving: bool = False) -> None:
        """The hot path: what changes with t."""
        if not self.is_complete(state):
            return
        t, (signal, sigma) = state.t, self.level(state.t)
        x_t = self.x_t(t)
        self._show_pictures(state, x_t)
        self._markup = words.formula(signal, sigma, state.schedule == "straight")
        self.formula.setText(self._rich(self._markup))
        self.strip.set_position(t / state.timesteps)
        if self.plots is not None:
            self.plots.set_pixels(x_t)
            self.plots.set_cursor(t)
        self.tempo.set_position(t)
        self.tempo.set_label(f"t = {t}", f"t = {state.timesteps}")
        self.tempo.back.setEnabled(t > 0)
        self.tempo.forward.setEnabled(t < state.timesteps)
        if self._beat.is_due(is_moving):
            self._beat.note()
            self.caption.set_text(words.caption(state, signal, sigma, (float(x_t.mean()), float(x_t.std()))))

    def _show_pictures(self, state: ForwardState, x_t: api.Floats) -> None:
        images = np.stack([grey_levels(x) for x in (self._x0, self._eps, x_t)])
        if state.view in ALONE:
            self.alone.set_pictures(images[ALONE[state.view] :][:1])
            self.alone.set_titles([words.TITLES[ALONE[state.view]]])
        else:
            count = 3 if state.view == "sum" else 1
            self.canvas.set_pictures(images[:count], count)
            self.canvas.set_titles(words.TITLES[:count])

    def show_schedules(self) -> None:
        """The curves; the plots are made when the first schedule has come (0.3 s)."""
        if self.schedule is None:
            return
        if self.plots is None:
            from genstudio.ui.diffusion.forward_plots import ForwardPlots

            self.plots = ForwardPlots()
            self.plots.picked.connect(self.t_picked)
            self.plot_area.addWidget(self.plots)
            self.show_plots(True)
            self._fit_plots()
        if self.plots.shown() != (self.schedule, self.beside):
            self.plots.set_schedules(self.schedule, self.beside)

    def show_controls(self, state: ForwardState, total: int) -> None:
        """Controls and brush as the state has them."""
        self.controls.show_state(state, total)
        ground = self.ground()
        self.canvas.set_brush(state.brush, (255 - ground,) * 3, ground, state.tool == "erase")
        if self.plots is not None:
            self.plots.setToolTip(plain(words.compared(state)))

    def ground(self) -> int:
        """The grey level of the paper: black or white, whichever the picture's rim is nearer to."""
        return paper(grey_levels(self._x0)) if self._x0.size else 0

    def _rich(self, markup: str) -> str:
        for name in MEANINGS:
            color = getattr(theme().colors, name + "_text")
            markup = markup.replace(f"<{name}>", f'<span style="color:{color}"><b>').replace(
                f"</{name}>", "</b></span>"
            )
        return markup

    def _fit_tempo(self, is_there: bool) -> None:
        for button in (self.tempo.play, self.tempo.back, self.tempo.forward):
            button.setEnabled(is_there)

    @Slot()
    def _restyle(self) -> None:
        self.formula.setFont(theme().font(20 if self.width() >= px(900) else 16))
        self.formula.setText(self._rich(self._markup))
        self._fit_plots()

    def _fit_plots(self) -> None:
        if self.plots is not None:
            self.plots.setFixedHeight(px(150) if self.height() >= px(760) else px(112))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1 to 3 show one of the three alone, and all again; L goes round."""
        key, order = event.text().lower(), list(VIEWS)
        now = self.controls.views.value()
        if key in KEYS:
            self.view_wanted.emit("sum" if now == KEYS[key] else KEYS[key])
        elif key == "l":
            self.view_wanted.emit(order[(order.index(now) + 1) % len(order)])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._restyle()
