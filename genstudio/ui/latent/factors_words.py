"""What the page of factors says: names, numbers, and the sentences under the pictures. No Qt."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from genstudio.api import FactorsEvent, ModelInfo, called, last_part
from genstudio.api.numbers import percent
from genstudio.ui.latent.factors_state import Cell, FactorsState, Unit, dead

TRAIN = "Train one on shapes"
MEANING = (
    "1: each factor stands in one latent of its own. 0: at least two latents know as much of each, or none knows it."
)
LOST = 0.1  # share of a factor's entropy below which no latent is said to tell it
HELP = (
    "A row is a factor that the pictures were drawn from, a column a latent; bright where the latent tells the factor. "
    "Click a cell to see that latent move, the name of a latent to move it on Explore. Arrow keys go from cell to "
    "cell, Enter goes to Explore, Delete back to the best latents."
)
CHANCE = 400.0  # pictures times nats that a latent which knows nothing shows at most: 0.04 nats of 10,000 pictures
CEILING = {"shapes": 0.9}  # the gap of the factors themselves taken as codes
NOTES = {
    ("shapes", "rotation_deg"): "A square looks the same every 90° and an ellipse every 180°, so a fifth of it cannot "
    "be read off a picture; and a circle of angles does not fit on the line of one latent.",
    ("shapes", "shape"): "Square, ellipse or heart: three kinds, of which a smooth code can say little in one number.",
    ("strokes", "style"): "It counts the ways of writing that digit, so it means something else for each.",
}


def factor_help(found: FactorsEvent, factor: int) -> str:
    """What can be said of a row."""
    entropy, gap = float(found.entropy[factor]), float(found.gaps()[factor])
    text = f"{found.names()[factor]}: {entropy:.2f} nats to be told, gap {gap:.2f}."
    note = NOTES.get((last_part(found.request.dataset), found.factors[factor]), "")
    return f"{text} {note}".strip()


def latent_help(found: FactorsEvent, latent: int) -> str:
    """What can be said of a column."""
    kl = float(found.kl[latent])
    worth = f" It carries {kl:.2f} nats a picture." if kl > 0 else ""
    if dead(found)[latent]:
        worth = " It is dead: the decoder ignores it."
    return f"Click to move z{latent + 1} on Explore.{worth}"


def told(found: FactorsEvent, cell: Cell) -> str:
    """A cell in plain words: z4 tells 0.82 of 1.10 nats of shape, 75 %."""
    factor, latent = cell
    nats, entropy = float(found.information[cell]), float(found.entropy[factor])
    share = percent(float(found.shares()[cell]))
    return f"z{latent + 1} tells {nats:.2f} of {entropy:.2f} nats of {found.names()[factor]}, {share}"


def value(found: FactorsEvent, cell: Cell, unit: Unit) -> str:
    """The number in a cell."""
    return f"{100 * float(found.shares()[cell]):.0f}" if unit == "share" else f"{float(found.information[cell]):.2f}"


def sentence(found: FactorsEvent, state: FactorsState) -> str:
    """What the cell looked at means, and what the rows are for; rich text."""
    cell = state.chosen(found)
    factor, latent = cell
    first = f"<latent>z{latent + 1}</latent>{told(found, cell).removeprefix(f'z{latent + 1}')}. "
    row = found.shares()[factor]
    order = [int(k) for k in np.argsort(-row, kind="stable")]
    others = [k for k in order if k != latent]
    name = found.names()[factor]
    if not others:
        second = "There is no other latent. "
    elif latent == order[0]:
        apart = float(row[latent] - row[others[0]])
        second = f"The next best is z{others[0] + 1}, so the gap of {name} is <b>{apart:.2f}</b>. "
    else:
        second = f"Its best is z{order[0] + 1}. "
    return (
        f"{first}{second}{missing(found)}In each row of pictures one latent moves: if it is <b>disentangled</b>, its "
        f"factor alone changes. <a href='explore'>Move z{latent + 1} on Explore</a>."
    )


def untold(found: FactorsEvent) -> tuple[int, ...]:
    """The factors of which even the best latent tells next to nothing."""
    return tuple(int(k) for k in np.flatnonzero(found.shares().max(1) < LOST))


def missing(found: FactorsEvent) -> str:
    """Which factors no latent tells, and what their rows show then; "" if each is told."""
    names = [f"the <b>{found.names()[factor]}</b>" for factor in untold(found)]
    if not names:
        return ""
    listed = " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"No latent tells {listed}: in {'its row' if len(names) == 1 else 'their rows'} something else changes. "


def verdict(found: FactorsEvent) -> str:
    """Which factors are told by one latent, and which by none, for the inspector."""
    apart = found.gaps()
    alone = [name for name, gap in zip(found.names(), apart, strict=True) if gap >= 0.5]
    lost = [found.names()[factor] for factor in untold(found)]
    silent = sum(dead(found))
    parts = [f"{found.request.count:,} held-out pictures of {called(found.request.dataset)}."]
    if alone:
        parts.append(f"In a latent of its own: {', '.join(alone)}.")
    if lost:
        parts.append(f"Told by no latent (under {100 * LOST:.0f} %): {', '.join(lost)}.")
    if silent:
        parts.append(f"{silent} of {len(found.kl)} latents are dead.")
    if best_possible := CEILING.get(found.request.dataset):
        parts.append(f"A perfect code of them would reach {best_possible:.2f}: 20 bins cannot tell 32 places apart.")
    count, nats = found.request.count, CHANCE / found.request.count
    parts.append(
        f"By chance alone a latent that knows nothing shows up to about {nats:.1g} nats of {count:,} pictures."
    )
    return " ".join(parts)


def unknown(info: ModelInfo, known: Iterable[str]) -> str:
    """Why nothing can be measured: a model learned from none of the datasets of known factors."""
    return (
        f"{info.name} learned from {called(info.dataset)}, whose factors nobody knows; only models of "
        f"{' or '.join(known)}, which are drawn from known factors, can be measured."
    )


def row_titles(found: FactorsEvent, state: FactorsState) -> list[str]:
    """Which factor a row of pictures is for, and which latent moves."""
    lost = untold(found)
    return [
        f"{name}: no latent (z{dim + 1} moves)" if factor in lost else f"{name} · z{dim + 1}"
        for factor, (name, dim) in enumerate(zip(found.names(), state.dims(found), strict=True))
    ]
