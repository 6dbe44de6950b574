"""Directions corrected by what a decoder makes of them: a slider that says one more shows one more."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from genstudio.core.directions import Array, Directions

TRIED = 32  # codes
DULL = 0.3  # of what it says: a slider whose measure follows less does not get longer for it
ROUNDS = 2  # of measuring and solving: a decoder answers to long moves otherwise than to short ones
REACH = 1.5  # slider units to either side between which slopes are taken
RIDGE = 0.03  # a move of 3 deviations of the codes costs as much as half a deviation of cross-talk
PARALLEL = 0.05  # moves that differ by less than this share of their length say nothing of what lies between them
LONGEST = 4.0  # deviations of the codes; a slider unit that needs more leads to where the decoder has seen nothing

Show = Callable[[Array], Array]


@dataclass(frozen=True, eq=False)
class Calibrated:
    """Directions, and how pictures answered to a unit of each slider, in standard deviations of the measures.

    Attributes:
        answer: Change of a slider's own measure at -1 and at +1, (2, K); -1 and 1 where it does what it says.
        spill: Root of the mean square change of the other measures, a slider unit, (K,).
    """

    directions: Directions
    answer: Array
    spill: Array


def calibrate(found: Directions, codes: Array, start: Array, show: Show) -> Calibrated:
    """The same measures with the moves that decoded pictures follow.

    A regression tells which code a picture with one more has, on average; the decoder makes less of it, for what is
    hard to predict and for measures that go along with each other. In coordinates where the codes have covariance 1
    let Q be an orthonormal basis of all moves of the regression, g(z) the decoded picture, and

        S = how the measures answer along Q, in standard deviations, averaged over codes:
            S_ij = mean of (m_j(g(z + h q_i)) - m_j(g(z - h q_i))) / (2 h std_j)

    A move t Q answers with t S, which for slider k should be e_k: own slope 1, the others held. Where measures hardly
    differ S is close to singular, and its inverse asks for moves far beyond all codes. So t has t s_k = 1 and the least

        sum over j != k of (t s_j)^2 + RIDGE |t|^2        (s_j: columns of S)

    of cross-talk and of length. Up to its own slope, that is t = (S S' + RIDGE)^-1 s_k. It is done twice, the second
    time with S from the moves found. Last, a slider's length is multiplied by sum(u r_u) / sum(r_u^2), r_u the answer
    of its measure to u = -2, -1, 1, 2: the least error between asked and shown, also where a decoder goes further
    down than up; 1 / slope where it does not; never beyond LONGEST. Where less than DULL of what is asked
    is shown even so, the move is made no longer than the regression's, and `answer` tells it.

    Args:
        codes: All there are, (N, D).
        start: Codes to try the moves from, (n, D).
        show: Measures (M, K) of the pictures of codes (M, D); NaN where there are none.
    """
    covariance = np.atleast_2d(np.cov(codes.T))
    covariance += max(1e-6 * np.trace(covariance) / len(covariance), 1e-12) * np.eye(len(covariance))
    root = np.linalg.cholesky(covariance)
    at_rest = show(start) / found.std

    def answers(moves: Array, u: float) -> Array:
        """How the measures change when sliders are at u, (K, K); pictures that show none do not count."""
        moved = (start + u * (moves @ root.T)[:, None]).reshape(-1, start.shape[1])
        change = show(moved).reshape(len(moves), *at_rest.shape) / found.std - at_rest
        total: Array = np.nansum(change, axis=1) / np.maximum(np.isfinite(change).sum(1), 1)
        return total

    moves = np.linalg.solve(root, (found.units * found.scale[:, None]).T).T
    expected = np.linalg.norm(moves, axis=1)
    for _ in range(ROUNDS):
        slopes = (answers(moves, REACH) - answers(moves, -REACH)) / (2 * REACH)
        moves = _within(_mixed(moves, slopes))
    asked = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    shown = np.stack([answers(moves, u) if u else np.zeros((len(moves),) * 2) for u in asked])  # (5, K, K)
    own = np.diagonal(shown, axis1=1, axis2=2)  # r_u, (5, K)
    factor = asked @ own / np.maximum((own**2).sum(0), 1e-9)
    length = np.maximum(np.linalg.norm(moves, axis=1), 1e-300)
    factor = np.minimum(np.where(factor > 0, factor, 1), LONGEST / length)
    slopes = np.tensordot(asked, shown, 1) / (asked**2).sum()
    is_dull = factor * np.diagonal(slopes) < DULL
    factor = np.where(is_dull, np.minimum(factor, expected / length), factor)
    slopes = factor[:, None] * slopes
    steps = factor[:, None] * moves @ root.T
    scale = np.linalg.norm(steps, axis=1)
    return Calibrated(
        dataclasses.replace(found, units=steps / np.maximum(scale, 1e-300)[:, None], scale=scale),
        np.stack([np.interp([-a, a], asked, r) for a, r in zip(factor, own.T, strict=True)], axis=1),
        np.sqrt((slopes**2 * (1 - np.eye(len(slopes)))).sum(1) / max(len(slopes) - 1, 1)),
    )


def _mixed(moves: Array, slopes: Array) -> Array:
    """The moves t Q of `calibrate`, from moves (K, D) in deviations of the codes that answer with slopes (K, K)."""
    left, sizes, basis = np.linalg.svd(moves, full_matrices=False)
    kept = sizes > PARALLEL * max(sizes[0], 1e-300)
    along = (left[:, kept] / sizes[kept]).T @ slopes  # S, how the basis answers
    mixture = np.linalg.solve(along @ along.T + RIDGE * np.eye(len(along)), along).T
    own = (mixture * along.T).sum(1)
    mixed: Array = np.where((own > 1e-6)[:, None], mixture @ basis[kept] / np.maximum(own, 1e-6)[:, None], moves)
    return mixed


def _within(moves: Array) -> Array:
    """Moves (K, D) in deviations of the codes, none longer than LONGEST."""
    length = np.linalg.norm(moves, axis=1, keepdims=True)
    short: Array = moves * np.minimum(1, LONGEST / np.maximum(length, 1e-300))
    return short
