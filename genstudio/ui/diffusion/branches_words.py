"""The sentences about branches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from genstudio.api import LAYERS, Step
from genstudio.ui.diffusion.branches import Branch

WAITING = "What it is compared with is on its way."


def hint(start: int, count: int, is_playing: bool) -> str:
    """From where changes count."""
    if start:
        return f"Settings count from step {start} of {count}: what was before it stays."
    do = "Pause" if is_playing else "Go to a step"
    return f"Settings count from the start. {do} on the way to change what follows, or to paint."


def about(branch: Branch, title: str) -> str:
    """A branch in a tooltip."""
    if branch.parent < 0:
        return "The trunk: the process that nobody has changed on its way."
    return f"From step {title}."


def aside(branch: str, start: int, inside: int, verdict: str) -> str:
    """What the caption says of the branch that is shown, and of the step from which changes count."""
    where = f" Branch <b>{branch}</b>." if branch else ""
    if verdict:
        return f"{where} {verdict}"
    if start:
        return f"{where} Changes count <b>from {'this step' if start == inside else f'step {start}'}</b>."
    return where


def verdict(end: Step, other: Step, is_trunk: bool) -> str:
    """How the last pictures of a branch differ from others."""
    name = "the trunk" if is_trunk else "the branch that it leaves"
    if all(np.array_equal(end.layers[layer], other.layers[layer]) for layer in LAYERS):
        return f"Its end is identical to that of {name}, bit for bit."
    change = np.abs(end.layers["x_t"].astype(np.int16) - other.layers["x_t"])
    differs = (change > 0).any((1, 2, 3))
    share = 100 * float(change[differs].mean()) / 255 if differs.any() else 0.0
    many = f"{int(differs.sum())} of {len(change)}"
    return f"Of its last pictures {many} differ from those of {name}, each pixel by {share:.1f} % of white on average."


def asked(first: Sequence[int], last: Sequence[int], classes: Sequence[str]) -> list[str]:
    """What each picture is asked to be of, by its class at the noise and in the end; none if of nothing."""
    ends = [[classes[k] if 0 <= k < len(classes) else "" for k in numbers] for numbers in (first, last)]
    names = [a if a == b else f"{a or 'none'} → {b or 'none'}" for a, b in zip(*ends, strict=True)]
    return names if any(names) else []
