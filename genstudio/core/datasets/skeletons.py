"""How people write the ten digits: a few styles each, as the control points a pen passes through.

Units are the digit's height: x to the right, y down from 0 (top) to 1 (bottom). A style is written as
text: one line per pen stroke, "x,y" per point in hundredths; `|` after a point makes it a sharp corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

# digit -> (share of the writers, its strokes); shares are relative
STYLES: tuple[tuple[tuple[float, str], ...], ...] = (
    (  # 0: closed oval, oval with a tail inside, narrow and open at the top, round
        (4, "36,0 14,10 2,36 4,68 18,94 40,98 58,78 63,46 54,14 36,1 24,6"),
        (2, "46,10 28,2 8,24 2,56 12,88 34,100 56,82 62,46 50,14 30,6 20,14"),
        (2, "30,3 10,20 2,52 8,86 26,99 44,84 52,50 46,16 36,4"),
        (2, "52,12 34,2 12,16 0,48 10,82 36,98 64,84 74,52 64,20 42,4 26,10"),
    ),
    (  # 1: a stroke, with a flag, with flag and foot
        (7, "10,0 8,50 5,100"),
        (2, "0,22 14,12 26,0| 25,50 23,100"),
        (1, "2,20 16,10 28,0| 28,49 27,98\n4,99 28,98 52,97"),
    ),
    (  # 2: sharp foot, looped foot, wide wave, short hook
        (3, "4,24 14,7 34,0 52,10 54,30 42,54 22,78 2,97| 20,95 42,96 64,95"),
        (4, "4,20 18,4 40,2 54,17 51,40 38,65 20,88 5,95 0,86 9,77 26,83 44,95 68,91"),
        (1, "2,14 22,2 46,3 60,16 54,38 34,60 12,80 0,97| 24,92 46,98 72,90"),
        (2, "10,16 22,3 40,2 50,16 46,38 34,62 16,84 2,98| 22,96 44,94 62,90"),
    ),
    (  # 3: pointed middle, looped middle, flat top, flowing
        (4, "4,14 20,1 42,2 50,16 44,32 32,42 19,46| 38,48 54,60 55,80 40,96 20,100 0,90"),
        (3, "6,10 24,0 46,5 50,22 38,38 22,46 17,41 27,40 46,49 56,66 50,87 30,100 2,92"),
        (1, "4,4 24,3 50,1| 38,20 24,38| 44,43 57,62 52,84 32,98 2,94"),
        (2, "10,6 30,0 46,9 46,26 34,40 24,45 36,48 50,60 52,80 38,96 16,99 0,88"),
    ),
    (  # 4: open with two strokes, closed, cup and stem in one go, angular open
        (3, "12,4 8,20 3,40 4,52 18,55 36,51 56,46\n54,0 51,33 47,67 44,100"),
        (2, "46,0 32,20 16,42 0,62| 22,63 46,61 70,58\n46,0 46,33 45,67 43,100"),
        (3, "10,6 3,24 3,42 14,52 32,48 48,34 56,4| 53,34 49,67 46,100"),
        (2, "14,2 10,22 3,44| 22,46 42,44 62,40\n52,8 49,40 45,70 41,100"),
    ),
    (  # 5: bar written last, one stroke, flowing, bar raised to the right
        (4, "16,4 13,22 8,42| 24,36 44,42 53,60 46,84 26,98 0,92\n16,4 36,5 60,1"),
        (2, "56,4 36,4 16,6| 12,24 8,44| 26,38 46,46 52,66 42,88 22,98 0,94"),
        (2, "66,0 44,2 26,8 18,22 20,36 34,46 46,58 48,76 36,94 16,99 0,90"),
        (2, "20,10 16,26 12,44 26,46 44,54 50,72 40,92 20,100 2,90\n18,11 40,6 66,0"),
    ),
    (  # 6: large loop, slim stem with small loop, curled, leaning
        (4, "42,0 24,16 9,40 2,66 10,90 30,99 50,88 53,68 38,55 18,62 6,78"),
        (3, "30,0 16,24 6,50 2,74 12,96 30,97 41,82 37,66 23,65 9,78"),
        (2, "52,4 36,1 18,16 5,40 1,66 12,92 34,98 52,84 52,64 36,54 18,60 10,70"),
        (1, "56,0 34,16 14,40 2,68 14,94 40,96 60,78 54,60 36,60 18,72 8,84"),
    ),
    (  # 7: plain, with a bar, with a serif, round shoulder
        (4, "0,6 20,5 40,4 58,3| 48,32 34,64 24,100"),
        (2, "2,7 22,4 42,5 62,3| 50,32 36,64 26,100\n16,52 36,49 58,47"),
        (2, "0,20 4,6| 22,6 42,4 60,3| 52,34 42,66 36,100"),
        (3, "0,12 16,4 36,4 54,5 58,16 50,40 38,68 28,100"),
    ),
    (  # 8: one stroke, one stroke left open, two loops, slim
        (4, "46,10 28,0 8,10 7,28 24,44 44,60 50,80 36,98 14,98 1,82 8,62 26,46 46,28 48,10 40,4"),
        (3, "54,6 36,0 14,8 10,26 24,42 40,58 44,80 30,98 10,96 1,80 10,62 28,44 46,26 58,8"),
        (2, "34,44 14,36 8,16 24,1 44,8 48,28 30,44 10,58 2,80 16,98 40,96 52,78 44,56 28,45"),
        (2, "42,8 26,1 12,12 14,30 26,46 38,64 38,86 24,99 8,92 5,74 16,56 30,40 42,24 40,6"),
    ),
    (  # 9: straight tail, curved tail, loop into the tail, round head with hook
        (4, "50,8 32,0 12,8 1,26 8,42 28,42 44,28 52,7| 51,38 48,68 45,100"),
        (2, "52,12 34,0 12,8 2,26 10,42 30,42 46,30 54,10| 54,40 48,74 32,96 4,94"),
        (3, "46,12 30,2 10,12 2,30 14,44 34,36 46,16 48,8 48,26 44,52 36,78 26,100"),
        (1, "48,18 36,2 14,4 2,22 10,40 32,40 48,22 52,14 54,36 52,62 46,84 28,100 6,92"),
    ),
)


@dataclass(frozen=True, eq=False)
class Skeleton:
    """A style ready to be drawn: the pen's path is `basis @ points`, for points moved in any way."""

    points: npt.NDArray[np.float32]  # (M, 2)
    basis: npt.NDArray[np.float32]  # (K, M), natural cubic splines through the points
    starts: npt.NDArray[np.intp]  # (S,) rows of the path where a segment starts ...
    ends: npt.NDArray[np.intp]  # (S,) ... and where it ends
    along: npt.NDArray[np.float32]  # (K,) 0 at the start of the row's stroke, 1 at its end


@cache
def skeletons(segment: float = 0.085) -> tuple[tuple[Skeleton, ...], ...]:
    """Every style of every digit, cut into segments of at most this length (in heights)."""
    return tuple(tuple(_skeleton(text, segment) for _, text in styles) for styles in STYLES)


def shares(digit: int) -> npt.NDArray[np.float64]:
    """How often each style of a digit is written; sums to 1."""
    weights = np.array([weight for weight, _ in STYLES[digit]], dtype=np.float64)
    share: npt.NDArray[np.float64] = weights / weights.sum()
    return share


def _skeleton(text: str, segment: float) -> Skeleton:
    points: list[tuple[float, float]] = []
    pieces: list[tuple[int, list[int]]] = []  # (stroke, indices of its points), split at corners
    for stroke, line in enumerate(text.splitlines()):
        current: list[int] = []
        for word in line.split():
            x, y = word.rstrip("|").split(",")
            points.append((float(x) / 100, float(y) / 100))
            current.append(len(points) - 1)
            if word.endswith("|"):
                pieces.append((stroke, current))
                current = [current[-1]]
        pieces.append((stroke, current))
    placed = np.array(points)
    rows: list[npt.NDArray[np.float64]] = []
    starts: list[int] = []
    lengths: list[npt.NDArray[np.float64]] = []
    strokes: list[int] = []
    for stroke, piece in pieces:
        chords = np.hypot(*np.diff(placed[piece], axis=0).T)
        knots = np.concatenate([[0.0], np.cumsum(chords)])
        steps = max(int(np.ceil(knots[-1] / segment)), 1)
        inner = spline_matrix(knots, np.linspace(0, knots[-1], steps + 1))
        full = np.zeros((steps + 1, len(placed)))
        full[:, piece] = inner
        first = sum(len(block) for block in rows)
        starts.extend(range(first, first + steps))
        lengths.append(np.linspace(0, knots[-1], steps + 1))
        strokes.append(stroke)
        rows.append(full)
    along = _along(lengths, strokes)
    start = np.array(starts, dtype=np.intp)
    return Skeleton(placed.astype(np.float32), np.concatenate(rows).astype(np.float32), start, start + 1, along)


def _along(lengths: list[npt.NDArray[np.float64]], strokes: list[int]) -> npt.NDArray[np.float32]:
    parts: list[npt.NDArray[np.float64]] = []
    for stroke in sorted(set(strokes)):
        mine = [length for length, owner in zip(lengths, strokes, strict=True) if owner == stroke]
        offsets = np.concatenate([[0.0], np.cumsum([length[-1] for length in mine])])
        parts += [(length + offset) / offsets[-1] for length, offset in zip(mine, offsets[:-1], strict=True)]
    return np.concatenate(parts).astype(np.float32)


def spline_matrix(knots: npt.NDArray[np.float64], at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Matrix from the values at the knots to the natural cubic spline's values at other places.

    Press et al., Numerical Recipes, eq. 3.3.3 to 3.3.7; (K,) and (M,) give (M, K).
    """
    n, h = len(knots), np.diff(knots)
    second: npt.NDArray[np.float64] = np.zeros((n, n))  # values at the knots -> second derivatives there
    if n > 2:
        left, right = np.eye(n), np.zeros((n, n))
        for j in range(1, n - 1):
            left[j, j - 1 : j + 2] = h[j - 1] / 6, (h[j - 1] + h[j]) / 3, h[j] / 6
            right[j, j - 1 : j + 2] = 1 / h[j - 1], -1 / h[j - 1] - 1 / h[j], 1 / h[j]
        second[:] = np.linalg.solve(left, right)
    k = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, n - 2)
    a = (knots[k + 1] - at) / h[k]
    b = 1 - a
    eye = np.eye(n)
    values = a[:, None] * eye[k] + b[:, None] * eye[k + 1]
    bend_a, bend_b = (a**3 - a) * h[k] ** 2 / 6, (b**3 - b) * h[k] ** 2 / 6
    curved: npt.NDArray[np.float64] = values + bend_a[:, None] * second[k] + bend_b[:, None] * second[k + 1]
    return curved
