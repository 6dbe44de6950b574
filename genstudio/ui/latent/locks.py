"""What locks hold, and how the other sliders move a code without it. No Qt."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable

import numpy as np
import numpy.typing as npt

from genstudio.ui.latent.axes import Code, CodeAxes, Face

RIDGE = 0.03  # a move one sigma off what the slider did costs as much as 0.17 units of another slider's
LITTLE = 0.1  # of what a slider did: with less than that left it is held
CROSSED = 0.5  # with less than that left it moves others about as much as itself
LONGEST = 3.0  # times as long as without locks

LOCKED = "{name} is locked. Click its lock or press L to let it go."
NOTHING = "The locks leave nothing that would move {name}. Open one of them."
OTHERS = "With these locks it cannot move alone, so it moves others too."


def holder(locked: Iterable[str], sets: Iterable[CodeAxes]) -> Code:
    """An orthonormal basis (D, L) of all that a change of code must not have, so that the named sliders stay."""
    known = tuple(sets)
    found = [axes.reads[:, k] for name in locked for axes in known if (k := axes.index(name)) >= 0]
    latents = len(known[0].origin) if known else 0
    if not found:
        return np.zeros((latents, 0))
    columns = np.stack(found, axis=1)
    columns /= np.maximum(np.linalg.norm(columns, axis=0), 1e-300)  # a narrow axis reads in huge numbers
    left, sizes, _ = np.linalg.svd(columns, full_matrices=False)
    basis: Code = left[:, sizes > 1e-6 * max(sizes[0], 1e-300)]
    return basis


def held(code: npt.ArrayLike, here: Code, basis: Code) -> Code:
    """The code nearest to `code` at which the sliders of a holder's basis stand as they do `here`."""
    wanted = np.asarray(code, dtype=np.float64)
    if not basis.shape[1]:
        return wanted
    change = _without(wanted - here, basis)
    kept: Code = np.where(_fixed(basis), here, here + change)
    return kept


def under_locks(axes: CodeAxes, locked: Collection[str], basis: Code) -> CodeAxes:
    """The same sliders with moves that leave all that is locked where it is.

    Let H be the holder's basis, s the move of a slider without locks and R what the sliders of its set read. Its move
    under locks is the t with H' t = 0 and the least

        |R' t - R' s|^2 + RIDGE |t - s|^2,

    made as long as it takes for the slider's own reading to change as it did, at most LONGEST times the length of s.
    """
    if not basis.shape[1]:
        return axes
    left, _, _ = np.linalg.svd(basis, full_matrices=True)
    free = left[:, basis.shape[1] :]  # (D, D - L), all that may move
    moves = [_kept(axes, k, free, locked) for k in range(len(axes.faces))]
    steps = np.where(_fixed(basis), 0.0, np.stack([move for move, _ in moves])) if moves else axes.steps
    return dataclasses.replace(axes, steps=steps, faces=tuple(face for _, face in moves), is_crossed=True)


def broken(locked: Iterable[str], sets: Iterable[CodeAxes], before: npt.ArrayLike, after: npt.ArrayLike) -> list[str]:
    """The locked sliders that stand elsewhere for another code."""
    known = tuple(sets)
    return [
        name
        for name in locked
        for axes in known
        if (k := axes.index(name)) >= 0 and abs(axes.positions(before)[k] - axes.positions(after)[k]) > 1e-6
    ]


def opened(names: Collection[str]) -> str:
    """That a code asked for as it is stands elsewhere where these are locked, a sentence."""
    are = "is" if len(names) == 1 else "are"
    return f"{' and '.join(names)} {are} no longer locked: this code stands elsewhere there."


def _kept(axes: CodeAxes, k: int, free: Code, locked: Collection[str]) -> tuple[Code, Face]:
    face, step = axes.faces[k], axes.steps[k]
    none = np.zeros_like(step)
    if face.name in locked:
        return none, dataclasses.replace(face, stop=LOCKED.format(name=face.name))
    stopped = none, dataclasses.replace(face, stop=NOTHING.format(name=face.name))
    if not free.shape[1]:
        return stopped
    ridge = RIDGE**0.5
    left = np.concatenate([axes.reads.T @ free, ridge * free])
    right = np.concatenate([axes.reads.T @ step, ridge * step])
    move: Code = free @ np.linalg.lstsq(left, right, rcond=None)[0]
    move = np.where(np.abs(move) < 1e-12 * np.abs(move).max(initial=0), 0.0, move)
    own = float(step @ axes.reads[:, k])
    gain = float(move @ axes.reads[:, k]) / own if own > 0 else _length(move) / max(_length(step), 1e-300)
    if gain < LITTLE:
        return stopped
    if gain < CROSSED:
        face = dataclasses.replace(face, dead=face.dead or OTHERS)
    return min(1 / gain, LONGEST * _length(step) / _length(move)) * move, face


def _length(move: Code) -> float:
    return float(np.linalg.norm(move))


def _without(change: Code, basis: Code) -> Code:
    rest: Code = change - basis @ (basis.T @ change)
    return rest


def _fixed(basis: Code) -> npt.NDArray[np.bool_]:
    """Which latents must not move at all, (D,): those that lie within the basis."""
    fixed: npt.NDArray[np.bool_] = (basis**2).sum(1) > 1 - 1e-9
    return fixed
