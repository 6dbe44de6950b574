"""The numbers of a schedule over t with a cursor, and how the pixels of x_t are spread.

Imports pyqtgraph, so import this module when the first schedule has come.
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QWidget

from genstudio.api import Floats, ScheduleEvent
from genstudio.ui.numbers import signed
from genstudio.ui.theme import pad, theme
from genstudio.ui.widgets.panel import CurveStyle, Panel
from genstudio.ui.widgets.plots import TitledPanel

POINTS = 240  # of a curve at most
EDGES = np.linspace(-4, 4, 41)  # of the histogram
TOPS = (0.5, 1.0, 2.0, 5.0)  # heights of the histogram: it keeps one as long as it can
DECADES = {0: "1", -1: "0.1", -2: "0.01", -3: "10⁻³", -4: "10⁻⁴", -5: "10⁻⁵", -6: "10⁻⁶"}
LEAST_BETA, MOST_RATIO = -6.0, 5.0  # powers of ten that are seen
GAP, TITLE = 16, 128  # design px between two, and of their titles
HELPS = (
    "The share of noise that the step to t adds. Its axis is logarithmic.",
    "The variance of the picture in xₜ, which begins with 1.",
    "Signal-to-noise as a power of ten: the variance of the picture over that of the noise. At 0 they are alike.",
)
HISTOGRAM_HELP = (
    "How the pixels of xₜ are spread: black is −1, white is 1, and noise goes beyond. Dashed is the Gaussian N(0, 1)."
)


class ForwardPlots(QWidget):
    """β, ᾱ and log SNR of a schedule, faint those of another, and the histogram; a press or drag picks a t."""

    picked = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[ScheduleEvent | None, ScheduleEvent | None] = (None, None)
        self._at: list[np.ndarray] = []  # what each panel of the schedule shows at t = 0 .. T
        self._top = 0.0
        layout = pad(QHBoxLayout(self), 0, GAP)
        self._titled = []
        for color in ("latent", "real", "accent"):
            styles = [CurveStyle("", color), CurveStyle("", "neutral", "dash")]
            self._titled.append(TitledPanel("", Panel(styles, "t", "", "10⁻³", smooth=True)))
        styles = [CurveStyle("", "accent"), CurveStyle("", "latent", "dash")]
        self._histogram = TitledPanel("xₜ and N(0, 1)", Panel(styles, " ", "", "0.0", smooth=True))
        self.histogram.name_x([(-3.0, "−3"), (-1.0, "−1"), (1.0, "1"), (3.0, "3")])
        self._histogram.setToolTip(HISTOGRAM_HELP)
        self._histogram.hold_title(TITLE)  # in line with the others
        for titled, help_ in zip(self._titled, HELPS, strict=True):
            titled.setToolTip(help_)
            titled.hold_title(TITLE)
        for titled in (*self._titled, self._histogram):
            layout.addWidget(titled, 1)
        for panel in self.panels:
            panel.setCursor(Qt.CursorShape.SizeHorCursor)
            panel.picked.connect(self.picked)
        self._draw_gaussian()
        self._restyle()
        theme().changed.connect(self._restyle)

    @property
    def panels(self) -> tuple[Panel, ...]:
        """β, ᾱ and log SNR."""
        return tuple(titled.panel for titled in self._titled)

    @property
    def histogram(self) -> Panel:
        """The pixels."""
        return self._histogram.panel

    def shown(self) -> tuple[ScheduleEvent | None, ScheduleEvent | None]:
        """The schedule, and the one beside it."""
        return self._shown

    def set_schedules(self, schedule: ScheduleEvent, beside: ScheduleEvent | None) -> None:
        """Other curves."""
        self._shown = schedule, beside
        steps = len(schedule.signal)
        self._at = _curves(schedule)
        curves = _seen(self._at)
        faint = _seen(_curves(beside)) if beside is not None else [np.full(steps + 1, np.nan)] * 3
        t = np.unique(np.linspace(0, steps, POINTS).round().astype(int))
        for panel, curve, other in zip(self.panels, curves, faint, strict=True):
            panel.set_curve(0, t, curve[t])
            panel.set_curve(1, t, other[t])
        ranges = _ranges(curves, faint)
        for panel, y_range in zip(self.panels, ranges, strict=True):
            panel.set_ranges((0, steps), y_range)
        powers = [power for power in DECADES if power >= ranges[0][0]]
        self.panels[0].name_y([(float(power), DECADES[power]) for power in powers[:: 1 if len(powers) <= 4 else 2]])

    def set_cursor(self, t: int) -> None:
        """Where the cursor stands, and what the curves are there."""
        for titled, text in zip(self._titled, self.texts(t), strict=True):
            titled.panel.set_cursor(t)
            titled.set_title(text)

    def texts(self, t: int) -> tuple[str, str, str]:
        """The three numbers at a t, by their names; β and SNR have none at t = 0."""
        beta, alpha_bar, log_snr = (float(curve[t]) for curve in self._at)
        if t == 0:
            return "βₜ", f"ᾱₜ = {alpha_bar:.3f}", "log₁₀ SNR"
        share = f"{10**beta:.3f}" if beta >= -2 else f"{10**beta:.4f}" if beta >= -4 else f"{10**beta:.5f}"
        left = f"{alpha_bar:.3f}" if alpha_bar >= 0.01 or not alpha_bar else f"{alpha_bar:.1e}".replace("-", "−")
        power = signed(log_snr, ".2f") if np.isfinite(log_snr) else "−∞"
        return f"βₜ = {share}", f"ᾱₜ = {left}", f"log₁₀ SNR = {power}"

    def set_pixels(self, x_t: Floats) -> None:
        """Other pixels."""
        counts, _ = np.histogram(np.clip(x_t, EDGES[0], EDGES[-1]), EDGES)
        density = counts / (x_t.size * (EDGES[1] - EDGES[0]))
        self.histogram.lines[0].setData(EDGES, density, stepMode="center")
        top = next((top for top in TOPS if density.max() <= top), TOPS[-1])
        if top != self._top:
            self._top = top
            self.histogram.set_ranges((float(EDGES[0]), float(EDGES[-1])), (0, top))

    def _draw_gaussian(self) -> None:
        x = np.linspace(EDGES[0], EDGES[-1], 161)
        self.histogram.set_curve(1, x, np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi))
        self.histogram.lines[1].setZValue(1)

    @Slot()
    def _restyle(self) -> None:
        fill = QColor(theme().colors.accent)
        fill.setAlpha(90)
        self.histogram.lines[0].setFillLevel(0)
        self.histogram.lines[0].setBrush(fill)


def _curves(schedule: ScheduleEvent) -> list[np.ndarray]:
    """log10 beta, alpha_bar and log10 SNR at t = 0 .. T; NaN where there is none."""
    signal, noise = (np.asarray(part, np.float64) for part in (schedule.signal, schedule.noise))
    with np.errstate(divide="ignore"):
        beta = np.log10(np.asarray(schedule.betas, np.float64))
        log_snr = 2 * (np.log10(signal) - np.log10(noise))
    start = ([np.nan], [1.0], [np.nan])
    return [np.concatenate(parts) for parts in zip(start, (beta, signal**2, log_snr), strict=True)]


def _seen(curves: list[np.ndarray]) -> list[np.ndarray]:
    """The same as far as they are drawn."""
    beta, alpha_bar, log_snr = curves
    return [np.maximum(beta, LEAST_BETA), alpha_bar, np.clip(log_snr, -MOST_RATIO, MOST_RATIO)]


def _ranges(curves: list[np.ndarray], others: list[np.ndarray]) -> list[tuple[float, float]]:
    betas, ratios = (np.concatenate([curves[k], others[k]]) for k in (0, 2))
    return [
        (float(np.floor(np.nanmin(betas))) - 0.05, 0.1),
        (0.0, 1.02),
        (float(np.floor(np.nanmin(ratios))), float(np.ceil(np.nanmax(ratios)))),
    ]
