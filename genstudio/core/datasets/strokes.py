"""Handwriting-like digits, drawn offline from splines; every picture's factors are known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from genstudio.api import Floats
from genstudio.core.datasets.dataset import Dataset, Labels
from genstudio.core.datasets.pen import EDGE_PX, ink
from genstudio.core.datasets.skeletons import Skeleton, shares, skeletons

SIZE = 28
TRAIN_COUNT, TEST_COUNT = 60_000, 10_000
TEST_FIRST = 1 << 40  # test pictures are numbers from here on: no run of training pictures gets there
FACTORS = ("style", "slant_deg", "rotation_deg", "thickness_px", "height_px", "width_ratio")
COLUMNS = 96  # random numbers a picture
CHUNK = 512
PRESSURE = (0.5, 1.4)  # least and most of the pen's radius along a stroke, over its mean
DRIFT, TREMOR = 0.034, 0.009  # standard deviations of a control point with its neighbours and alone, in heights


def load(train: bool = True, count: int | None = None, seed: int = 0) -> Dataset:
    """`count` digits (60,000 to train, 10,000 to test); picture k depends on the seed and k alone."""
    total = count if count is not None else TRAIN_COUNT if train else TEST_COUNT
    return draw(np.arange(total, dtype=np.uint64) + np.uint64(0 if train else TEST_FIRST), seed)


def draw(index: npt.NDArray[np.uint64], seed: int = 0) -> Dataset:
    """The digits with these numbers; number k shows k mod 10.

    Factors: `style` counts the ways of writing that digit; `slant_deg` leans to the right;
    `rotation_deg` is clockwise; `thickness_px` is the pen's diameter; `height_px` and `width_ratio` (1 is the
    model letter's own) are what was asked for before a wide digit is shrunk to fit.
    """
    labels, u, factors = _numbers(index, seed)
    images = np.zeros((len(index), SIZE, SIZE), dtype=np.uint8)
    for digit, styles in enumerate(skeletons()):
        for style, skeleton in enumerate(styles):
            mine = np.flatnonzero((labels == digit) & (factors[:, 0] == style))
            mine = mine[np.argsort(factors[mine, 3], kind="stable")]  # pens of like size share windows
            for first in range(0, len(mine), CHUNK):
                chunk = mine[first : first + CHUNK]
                images[chunk] = _pictures(skeleton, factors[chunk], u[chunk])
    return Dataset("strokes", images[..., None], labels, tuple("0123456789"), (), factors, FACTORS)


def lean_deg(index: npt.NDArray[np.uint64], seed: int = 0) -> Floats:
    """How far the pen's paths of these digits lean to the right, in degrees, (N,): their shear by second moments.

    Slant and rotation, and what the letter's own form and the bending of its lines add to them; of the path itself,
    before there is a pixel.
    """
    labels, u, factors = _numbers(index, seed)
    lean = np.zeros(len(index), dtype=np.float32)
    for digit, styles in enumerate(skeletons()):
        for style, skeleton in enumerate(styles):
            mine = np.flatnonzero((labels == digit) & (factors[:, 0] == style))
            middle, length = _segments(_drawn(skeleton, factors[mine], _normals(u[mine, 8:])), skeleton)
            share = (length / length.sum(axis=1, keepdims=True))[..., None]
            x, y = np.moveaxis(middle - (share * middle).sum(axis=1, keepdims=True), -1, 0)
            lean[mine] = np.degrees(np.arctan2(-(share[..., 0] * x * y).sum(1), (share[..., 0] * y * y).sum(1)))
    return lean


def _numbers(index: npt.NDArray[np.uint64], seed: int) -> tuple[Labels, Floats, Floats]:
    """Labels, random numbers and factors of digits."""
    labels: Labels = (index % np.uint64(10)).astype(np.int64)
    u = uniforms(seed, index, COLUMNS)
    return labels, u, _factors(u, labels)


def uniforms(seed: int, index: npt.NDArray[np.uint64], columns: int) -> Floats:
    """Uniform numbers in (0, 1), (N, columns), from seed, index and column alone (SplitMix64)."""
    key = _mix(np.array([seed], dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1))
    row = _mix(index * np.uint64(0x9E3779B97F4A7C15) + key)
    counter = np.arange(1, columns + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    bits = _mix(row[:, None] + counter) >> np.uint64(41)  # 23 bits: exact in float32 after adding a half
    return (bits.astype(np.float32) + np.float32(0.5)) * np.float32(2**-23)


def _mix(z: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _normals(u: Floats) -> Floats:
    """Nearly normal numbers from two columns each: Box and Muller; (N, 2k) gives (N, 2k)."""
    half = u.shape[1] // 2
    radius, angle = np.sqrt(-2 * np.log(u[:, :half])), np.float32(2 * np.pi) * u[:, half:]
    return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _factors(u: Floats, labels: Labels) -> Floats:
    normal = _normals(u[:, 2:8])
    style = np.zeros(len(u), dtype=np.float32)
    for digit in range(10):
        mine = labels == digit
        style[mine] = np.searchsorted(np.cumsum(shares(digit))[:-1], u[mine, 0], side="right")
    slant = np.clip(10 + 13 * normal[:, 0], -25, 45)
    rotation = np.clip(4 * normal[:, 1], -12, 12)
    thickness = np.clip(2.55 * np.exp(0.25 * normal[:, 2]), 1.4, 4.8)
    height = np.clip(20 + 0.7 * normal[:, 3], 17.5, 22)
    width = np.clip(np.exp(0.06 + 0.19 * normal[:, 4]), 0.65, 1.7)
    return np.stack([style, slant, rotation, thickness, height, width], axis=1).astype(np.float32)


def _pictures(skeleton: Skeleton, factors: Floats, u: Floats) -> npt.NDArray[np.uint8]:
    """Pictures of one style, (P, 28, 28)."""
    normal = _normals(u[:, 8:])
    path = _drawn(skeleton, factors, normal)
    thickness = factors[:, 3:4]
    path = _placed(path, skeleton, factors[:, 4:5], thickness, normal[:, -10:-8])
    radius = np.float32(0.5) * thickness * _pressure(skeleton.along, normal[:, -14:-10])
    a, b = skeleton.starts, skeleton.ends
    return ink(path[:, a], path[:, b], radius[:, a], radius[:, b], SIZE)


def _drawn(skeleton: Skeleton, factors: Floats, normal: Floats) -> Floats:
    """The pen's paths, (P, K, 2), bent, slanted and turned; not yet of their size."""
    count = len(skeleton.points)
    points = skeleton.points + _jitter(normal[:, : 2 * count].reshape(-1, count, 2))
    return _posed(skeleton.basis @ _warped(points, normal[:, -8:]), factors)  # one product each: alike for any P


def _segments(path: Floats, skeleton: Skeleton) -> tuple[Floats, Floats]:
    """Middles (P, S, 2) and lengths (P, S) of the pieces of paths."""
    ends = path[:, skeleton.starts], path[:, skeleton.ends]
    middle: Floats = ((ends[0] + ends[1]) / 2).astype(np.float32)
    return middle, np.hypot(*np.moveaxis(ends[1] - ends[0], -1, 0))


def _jitter(normal: Floats) -> Floats:
    """Displacements of the control points, (P, M, 2): neighbours move together, so curves stay round."""
    near = np.pad(normal, ((0, 0), (1, 1), (0, 0)), mode="edge")
    shared = (near[:, :-2] + 2 * near[:, 1:-1] + near[:, 2:]) / np.float32(np.sqrt(6))
    moves: Floats = np.float32(DRIFT) * shared + np.float32(TREMOR) * normal
    return moves


def _warped(points: Floats, normal: Floats) -> Floats:
    """Points bent by a smooth random field: taller heads, wider feet, bowed stems."""
    x, y = points[..., 0], points[..., 1]
    n = normal[..., None]  # (P, 8, 1)
    sag = np.sin(np.pi * y)
    wave = np.sin(2 * np.pi * y)
    moved_y = y + 0.045 * n[:, 0] * sag + 0.012 * n[:, 1] * wave + 0.06 * n[:, 2] * (x - 0.3)
    moved_x = 0.3 + (x - 0.3) * (1 + 0.16 * n[:, 3] * (y - 0.5) + 0.07 * n[:, 4] * sag)
    moved_x = moved_x + 0.025 * n[:, 5] * sag + 0.015 * n[:, 6] * wave
    return np.stack([moved_x, moved_y], axis=-1)


def _posed(path: Floats, factors: Floats) -> Floats:
    slant, rotation, width = np.deg2rad(factors[:, 1:2]), np.deg2rad(factors[:, 2:3]), factors[:, 5:6]
    x, y = (path[..., 0] - 0.3) * width, path[..., 1] - 0.5
    x = x - np.tan(slant) * y
    cos, sin = np.cos(rotation), np.sin(rotation)
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)


def _placed(path: Floats, skeleton: Skeleton, height: Floats, thickness: Floats, normal: Floats) -> Floats:
    """Scaled into a box of `height` px as MNIST was, and centred by the ink's centre of mass."""
    low, high = path.min(axis=1), path.max(axis=1)  # (P, 2)
    scale = (height - thickness) / np.maximum((high - low).max(axis=1, keepdims=True), 0.05)
    middle, length = _segments(path, skeleton)
    mass = (middle * length[..., None]).sum(axis=1) / length.sum(axis=1, keepdims=True)
    shift = (SIZE - 1) / 2 - mass * scale + 0.3 * normal
    border = thickness / 2 * PRESSURE[1] + EDGE_PX / 2  # no ink on the outermost pixels
    shift = np.clip(shift, border - low * scale, SIZE - 1 - border - high * scale)
    return path * scale[..., None] + shift[:, None, :]


def _pressure(along: Floats, normal: Floats) -> Floats:
    """The pen's radius along its strokes over its mean, (P, K): slow waves and lighter ends."""
    wave = 0.09 * normal[:, :1] * np.sin(2 * np.pi * along + 2 * normal[:, 1:2])
    trend = 0.08 * normal[:, 2:3] * (along - 0.5)
    light = np.clip(0.18 + 0.08 * normal[:, 3:4], 0, 0.4)
    ends = light * (np.exp(-along / 0.06) + np.exp(-(1 - along) / 0.06))
    return np.clip(1 + wave + trend - ends, *PRESSURE).astype(np.float32)
