"""What a race is followed by: the curves of both sides, the left solid, the right dashed."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np

from genstudio import api
from genstudio.ui.race.run import RaceRun
from genstudio.ui.widgets.figure import READING, Figure, Line, Plot, buffer_lines

POINT_DISTANCE, PICTURE_DISTANCE = (
    "Distance from real points (sliced Wasserstein, W1)",
    "Fréchet distance from real pictures",
)
GAP = "How much surer D is of real ones: D(real) − D(fake)"
CRITIC_GAP = "How much higher D scores real ones: D(real) − D(fake)"
COLUMNS = {  # of a table
    "distance": ("distance_left", "distance_right"),
    "verdict": ("d_real_minus_d_fake_left", "d_real_minus_d_fake_right"),
    "losses": ("d_loss_left", "d_loss_right", "g_loss_left", "g_loss_right"),
}
DASHES = ("solid", "dash")
PLAYERS = (("D", "discriminator"), ("G", "generator"))


class Quantity(NamedTuple):
    """A plot: its title, and label, colour and dash of each curve."""

    title: str
    styles: tuple[tuple[str, str, str], ...]


def quantities(run: RaceRun) -> dict[str, Quantity]:
    """Each quantity of a race, by the name of its curves; the first are the most telling."""
    sides = tuple(zip(run.names, DASHES, strict=True))
    shorts = tuple(zip(_shorts(run.names), DASHES, strict=True))
    is_critic = run.is_critic(0) and run.is_critic(1)
    losses = tuple((f"{who}, {short}", color, dash) for who, color in PLAYERS for short, dash in shorts)
    return {
        "distance": Quantity(
            POINT_DISTANCE if run.is_of_points(0) else PICTURE_DISTANCE,
            tuple((name, "generated", dash) for name, dash in sides),
        ),
        "verdict": Quantity(
            CRITIC_GAP if is_critic else GAP, tuple((name, "discriminator", dash) for name, dash in sides)
        ),
        "losses": Quantity("Loss", losses),
    }


def figure_of(run: RaceRun) -> Figure:
    """All curves of a race, over the whole of it."""
    plots = (
        Plot(quantity.title, tuple(map(_in_column, buffer_lines(run.curves[name], quantity.styles), COLUMNS[name])))
        for name, quantity in quantities(run).items()
    )
    assert run.request is not None
    learned = " and ".join(dict.fromkeys(api.called(side.dataset) for side in (run.request.left, run.request.right)))
    return Figure(
        f"{run.names[0]} against {run.names[1]}",
        f"{learned} · {run.iteration:,} iterations · {READING}",
        tuple(plot for plot in plots if any(np.isfinite(line.y).any() for line in plot.lines)),
    )


def _in_column(line: Line, column: str) -> Line:
    return dataclasses.replace(line, column=column)


def _shorts(names: tuple[str, str]) -> tuple[str, ...]:
    """Only the numbers of "Rate D 1e-3" and "Rate D 0.01", where all else is the same."""
    parts = [name.rsplit(" ", 1) for name in names]
    is_alike = all(len(part) == 2 for part in parts) and parts[0][0] == parts[1][0]
    return tuple(part[1] for part in parts) if is_alike else names
