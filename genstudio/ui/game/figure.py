"""The curves of a run of the game as a sheet: all that there is, whichever of them the plots show."""

from __future__ import annotations

import math

import numpy as np

from genstudio.ui.game.kinds import ALL
from genstudio.ui.signs import Signs
from genstudio.ui.tabs.run_words import marks
from genstudio.ui.tabs.training_run import TrainingRun
from genstudio.ui.widgets.curves import trend_window
from genstudio.ui.widgets.figure import READING, Figure, Floats, Line, Plot, buffer_lines

LOSSES = (("D loss", "discriminator", "solid"), ("G loss", "generator", "dash"))
SCORES = (("D(real)", "real", "solid"), ("D(fake)", "generated", "dash"))
PLAYERS = (("D", "discriminator", "solid"), ("G", "generator", "dash"))
SHARES = (("precision", "generated", "solid"), ("recall", "real", "dash"), ("coverage", "accent", "dot"))
RULE = 1e-3  # of an update over the weights


def figure_of(run: TrainingRun, title: str, is_critic: bool) -> Figure:
    """All curves of a run, over the whole of it."""
    assert run.request is not None
    losses, scores = (
        Plot(
            ALL[name].critic if is_critic else ALL[name].title,
            buffer_lines(buffer, styles),
            None if is_critic or name == "losses" else (0.0, 1.0),
        )
        for name, buffer, styles in zip(("losses", "scores"), run.curves, (LOSSES, SCORES), strict=True)
    )
    plots = [losses, scores, *_told(run.signs), *_measured(run.signs)]
    return Figure(
        title,
        facts_of(run),
        tuple(plot for plot in plots if any(np.isfinite(line.y).any() for line in plot.lines)),
        marks(type(run.request.settings), run.changes),
    )


def facts_of(run: TrainingRun) -> str:
    """How long it is, what it was told, and what the lines mean."""
    assert run.request is not None
    loss = getattr(run.request.settings, "loss", "")
    told = [f"{run.iteration:,} iterations", f"loss {loss}" if loss else "", f"seed {run.request.settings.seed}"]
    return " · ".join([*filter(None, told), READING])


def _told(signs: Signs) -> list[Plot]:
    if not signs.told.values():
        return []
    plots = []
    for name, table, levels in (
        ("gradients", "gradient_norms", ()),
        ("ratios", "update_ratios", (("rule of thumb", "neutral", "dot", RULE),)),
    ):
        x, values = signs.table(table)
        lines = tuple(
            Line(label, color, dash, x, column, _trend(column), column=f"{label.lower()}_{table.removesuffix('s')}")
            for (label, color, dash), column in zip(PLAYERS, values.T, strict=True)
        )
        plots.append(Plot(ALL[name].title, lines, is_log=True, levels=levels))
    return plots


def _trend(y: Floats) -> Floats:
    """On a logarithmic axis the mean of the logarithms."""
    logs, kernel = np.log10(y), np.ones(2 * trend_window(y) + 1)
    is_there = np.isfinite(logs)
    window = slice(len(kernel) // 2, len(kernel) // 2 + len(y))
    count, total = np.convolve(is_there, kernel)[window], np.convolve(np.where(is_there, logs, 0.0), kernel)[window]
    return np.where(is_there, 10 ** (total / np.maximum(count, 1)), np.nan)


def _measured(signs: Signs) -> list[Plot]:
    found = signs.measured.values()
    if not found:
        return []
    x, floor = np.array([one.iteration for one in found], np.float64), found[-1].floor.frechet.value

    def line(label: str, color: str, dash: str, name: str, lowest: float = -math.inf) -> Line:
        bands = [getattr(one.meters, name) for one in found]
        y, error = np.array([b.value for b in bands]), np.array([b.error for b in bands])
        low = np.maximum(y - error, lowest * y) if lowest > 0 else y - error
        return Line(label, color, dash, x, y, y, low, y + error, name, error, has_dots=True)

    frechet = line("samples", "generated", "solid", "frechet", 0.1)  # an error as large as the value has no logarithm
    count = f", {found[-1].count:,} samples each"
    return [
        Plot(
            ALL["frechet"].title + count,
            (frechet,),
            is_log=True,
            levels=(("real against real", "real", "dash", floor),),
        ),
        Plot(ALL["shares"].title, tuple(line(*style, style[0]) for style in SHARES), (0.0, 1.0)),
    ]
