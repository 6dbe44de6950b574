"""What the map of codes shows, as one value: the undo entry and what is remembered. No Qt."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from genstudio.api import DecodeRequest, Floats, PathRequest, PlaneRequest, StudyEvent
from genstudio.ui.latent.around import AroundCode
from genstudio.ui.latent.traverse_state import Plane, TraverseState, latent_names
from genstudio.ui.tabs.vae_state import as_code, random_code

Scale = Literal["sigma", "quantiles"]
CELLS, EXTENT = 20, 3.0  # pictures a side; sigma to each side of 0
FRAMES, KEYS = 80, 48  # of the film of a way; codes that a way is told by
LAYERS = ("pictures", "codes", "thumbs", "holes", "heat")
FINE, COARSE = 96, 32  # places a side where prior and codes are compared, at rest and while a hand moves them
RARE = 4.0  # a hole is where the prior puts so many times more codes than pictures do
NARROWEST = 0.25  # sigma: a code counts for at least so much around itself
EXPECTED = 3.0  # codes that would have to be near a place before it tells something that none is
NORMAL = NormalDist()


@dataclass(frozen=True)
class MapState(AroundCode):
    """The code at the ring, the plane through it, what is painted on that, and a way that was drawn."""

    across: str = "z1"
    up: str = "z2"
    scale: Scale = "sigma"
    pictures: bool = True
    codes: bool = True
    thumbs: bool = False
    holes: bool = False
    heat: bool = False
    way: tuple[tuple[float, float], ...] = ()  # places on the plane
    own: tuple[tuple[float, ...], ...] = ()  # directions U and V of a file's way, and the middle of their plane
    drawn: int = field(default=1, kw_only=True)

    @staticmethod
    def from_dict(values: dict[str, Any], latents: int) -> MapState:
        """Such a state, with what does not fit a model of so many latents left as it is at first."""
        state = MapState(random_code(0, 0, latents))
        names = (*latent_names(latents), *(f"PC{k + 1}" for k in range(latents)), "U", "V")
        checks = {
            "z": lambda v: len(v) == latents and all(math.isfinite(x) for x in v),
            "own": lambda v: len(v) in (0, 3) and all(len(w) == latents and np.isfinite(w).all() for w in v),
            "across": lambda v: v in names,
            "up": lambda v: v in names,
            "scale": lambda v: v in get_args(Scale),
            "way": lambda v: len(v) <= KEYS and all(len(p) == 2 and np.isfinite(p).all() for p in v),
            "drawn": lambda v: type(v) is int and 0 <= v < 2**31,
            **{name: lambda v: isinstance(v, bool) for name in LAYERS},
        }
        for name, fits in checks.items():
            try:
                value = values[name]
                if fits(value):
                    value = as_code(value) if name == "z" else value
                    value = tuple(as_code(p) for p in value) if name in ("way", "own") else value
                    changes: dict[str, Any] = {name: value}
                    state = dataclasses.replace(state, **changes)
            except (KeyError, TypeError, ValueError):
                continue
        return state if state.across != state.up else dataclasses.replace(state, across="z1", up=names[1 % latents])

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**dataclasses.asdict(self), "z": list(self.z), "way": [list(place) for place in self.way],
                "own": [list(way) for way in self.own]}  # fmt: skip

    def plane(self, study: StudyEvent | None) -> Plane | None:
        """The plane of its axes through its code; None where an axis is not known."""
        return Plane.of(TraverseState(self.z, across=self.across, up=self.up, own=self.own), study)

    def can_warp(self) -> bool:
        """Whether both axes are latents, whose prior is known."""
        return self.across[0] == self.up[0] == "z"

    def is_warped(self) -> bool:
        """Whether equal distances are equal shares of the prior."""
        return self.scale == "quantiles" and self.can_warp()


def places(cells: int, *, warped: bool) -> npt.NDArray[np.float64]:
    """Sigma at the middles of `cells` columns, from the left: even, or the prior's quantiles."""
    shares = (np.arange(cells) + 0.5) / cells
    return np.array([NORMAL.inv_cdf(p) for p in shares]) if warped else (2 * shares - 1) * EXTENT


def at_quantiles(values: Floats) -> Floats:
    """Magnifications of an even grid at the places of the prior's quantiles; row 0 is the top of both."""
    even, wanted = places(CELLS, warped=False), places(CELLS, warped=True)
    near = np.abs(wanted[:, None] - even[None]).argmin(1)
    found: Floats = values[::-1][near][:, near][::-1]
    return found


def manifold(state: MapState, plane: Plane, model: str) -> PlaneRequest | DecodeRequest:
    """The decoded pictures of the plane, the top row first."""
    if not state.is_warped():
        return plane.request(model, EXTENT)
    ways = places(CELLS, warped=True)
    return DecodeRequest(model, tuple(plane.code(s, t) for t in ways[::-1] for s in ways))


def of_quantiles(codes: tuple[tuple[float, ...], ...]) -> dict[str, Any]:
    """The values of the state whose quantiles these codes are, with the ring in the middle; {} if they are none."""
    if len(codes) != CELLS**2 or len({len(code) for code in codes}) != 1:
        return {}
    grid, ways = np.array(codes).reshape(CELLS, CELLS, -1), places(CELLS, warped=True)
    moved = [[int(k) for k in np.flatnonzero(np.ptp(line, axis=0) > 1e-6)] for line in (grid[0], grid[:, 0])]
    if [len(dims) for dims in moved] != [1, 1] or moved[0] == moved[1]:
        return {}
    (across,), (up,) = moved
    z = grid[0, 0].copy()
    z[[across, up]] = 0
    state = MapState(as_code(z), f"z{across + 1}", f"z{up + 1}", "quantiles")
    wanted = np.tile(z, (CELLS, CELLS, 1))
    wanted[..., across], wanted[..., up] = ways, ways[::-1, None]
    return state.to_dict() if np.allclose(grid, wanted, atol=1e-4) else {}


def film(state: MapState, plane: Plane, model: str) -> PathRequest:
    """The pictures along the way that was drawn."""
    return PathRequest(model, tuple(plane.code(*place) for place in state.way), FRAMES, "lerp")


def told(points: npt.NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    """KEYS places at even distances along a drawn line (N, 2); () if it goes nowhere."""
    length = np.concatenate([[0.0], np.hypot(*np.diff(points, axis=0).T).cumsum()])
    if len(points) < 2 or length[-1] < 0.05:
        return ()
    at = np.linspace(0, length[-1], KEYS)
    even = np.stack([np.interp(at, length, points[:, k]) for k in (0, 1)], 1).round(3)
    return tuple((float(s), float(t)) for s, t in even)


def projected(codes: Floats, plane: Plane) -> npt.NDArray[np.float64]:
    """Where codes (N, D) lie over the plane, (N, 2), in its own units."""
    ways = np.stack([plane.u, plane.v], 1).astype(float)
    found, *_ = np.linalg.lstsq(ways, (codes - np.array(plane.origin)).T, rcond=None)
    return found.T


@dataclass(frozen=True, eq=False)
class Holes:
    """Where random codes fall and pictures do not: (n, n) from 0 to 1, row 0 the top; share of the prior.

    A place counts for the share if and only if its depth is above 0; the shallowest hole has the depth 0.5.
    """

    depth: Floats
    share: float
    rings: npt.NDArray[np.float64]  # (3, n, 2): the prior's 1, 2 and 3 sigma, places of the plane


def find_holes(codes: Floats, sigma: Floats, plane: Plane, *, warped: bool, fine: int = FINE) -> Holes:
    """The prior beside the aggregate posterior, which is the mean of the Gaussians of all pictures' codes.

    Args:
        codes: Mean codes (N, D). sigma: Their standard deviations (N, D), 0 for points.
        warped: Only of a plane whose axes are latents.
        fine: Places a side.
    """
    axes, lean = _upright(plane)
    at, where = places(fine, warped=warped), projected(codes, plane)
    where[:, 0] += lean * where[:, 1]
    sizes, step = np.linalg.norm(axes, axis=1), at[1] - at[0]
    far = round(abs(lean) * EXTENT / step)  # columns more to each side, for rows that are shifted
    wider = np.concatenate([at[0] - step * np.arange(far, 0, -1), at, at[-1] + step * np.arange(1, far + 1)])
    wide = np.sqrt((sigma[:, None] * axes / sizes[:, None]) ** 2 @ np.ones(codes.shape[1])) / sizes  # (N, 2)
    wide = np.hypot(wide, NARROWEST / sizes)
    across, up = (
        np.exp(-0.5 * ((grid[None] - where[:, k : k + 1]) / wide[:, k : k + 1]) ** 2) / wide[:, k : k + 1]
        for k, grid in enumerate((wider, at))
    )  # (N, fine + 2 far) and (N, fine)
    means = axes @ np.array(plane.origin) / sizes
    one, two = (
        np.exp(-0.5 * (means[k] + grid * sizes[k]) ** 2) * sizes[k] / np.sqrt(2 * np.pi)
        for k, grid in enumerate((wider, at))
    )
    columns = far + np.arange(fine) + np.rint(lean * at / step).astype(int)[:, None] * bool(far)  # of each row
    aggregate, prior = (
        np.take_along_axis(table, columns, 1)
        for table in (up.T @ across / (2 * np.pi * len(codes)), np.outer(two, one))
    )
    tells = prior * len(codes) * 2 * np.pi * np.square(NARROWEST) / sizes.prod() > EXPECTED
    ratio = np.where(tells, prior / np.maximum(aggregate, 1e-12), 0)
    mass = prior * step**2 if not warped else np.full_like(prior, fine**-2)  # of the whole prior, also beyond the map
    is_hole = ratio > RARE
    share = float(mass[is_hole].sum())
    depth = np.where(is_hole, np.clip(np.log(np.maximum(ratio, 1)) / np.log(RARE**2), 0, 1), 0)
    return Holes(depth[::-1].astype(np.float32), share, prior_rings(plane))


def prior_rings(plane: Plane) -> npt.NDArray[np.float64]:
    """The prior's circles of 1, 2 and 3 sigma as places of the plane, (3, n, 2); ellipses along PC axes."""
    axes, lean = _upright(plane)
    sizes, turn = np.linalg.norm(axes, axis=1), np.linspace(0, 2 * np.pi, 73)
    circle = np.stack([np.cos(turn), np.sin(turn)], 1)
    rings = (np.arange(1, 4)[:, None, None] * circle - axes @ np.array(plane.origin) / sizes) / sizes
    rings[..., 0] -= lean * rings[..., 1]
    return rings


def _upright(plane: Plane) -> tuple[npt.NDArray[np.float64], float]:
    """Orthogonal axes (2, D) of a plane, the first as it is, and how far a step up goes across."""
    u, v = np.array(plane.u, float), np.array(plane.v, float)
    lean = float(u @ v / (u @ u))
    return np.stack([u, v - lean * u]), lean
