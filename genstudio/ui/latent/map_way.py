"""The way of a dropped film on the map: the plane that its codes lie in, and their places there. No Qt."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from genstudio.api import StudyEvent
from genstudio.ui.latent.map_state import EXTENT
from genstudio.ui.latent.traverse_state import direction
from genstudio.ui.tabs.vae_state import as_code

FLAT = 2e-3  # sigma that codes may lie beside their plane: they are told in four digits
Codes = npt.NDArray[np.float64]


def way_of(keys: Codes, study: StudyEvent | None) -> dict[str, Any]:
    """Values of the map's state whose film goes through these codes (N, D); {} if they lie in no plane.

    The axes are two latents, else two principal axes where those are known, else two of its own: a film tells its
    codes, not what its axes were called.
    """
    z, latents = as_code(keys[0]), keys.shape[1]
    moved = np.flatnonzero(np.ptp(keys, axis=0) > 1e-6).tolist()
    if latents < 2:
        return {}
    if len(moved) <= 2:
        one, two = (*moved, *(k for k in range(3) if k not in moved))[:2]
        return {"z": z, "across": f"z{one + 1}", "up": f"z{two + 1}", "way": keys[:, [one, two]].tolist()}
    return {"z": z, **(_along_principal(keys, study) or _along_own(keys))}


def _along_principal(keys: Codes, study: StudyEvent | None) -> dict[str, Any]:
    if study is None or len(study.mean) != keys.shape[1]:
        return {}
    names = [f"PC{k + 1}" for k in range(len(study.principal.names))]
    steps = {name: direction(name, study, keys.shape[1]) for name in names}
    known = {name: step for name, step in steps.items() if step is not None}
    spread = keys - keys[0]
    for across, up in combinations(known, 2):
        ways = np.stack([known[across], known[up]], 1).astype(float)
        if np.abs(spread - _places(spread, ways) @ ways.T).max() < FLAT:
            return {"across": across, "up": up, "way": _places(keys - study.mean, ways).tolist()}
    return {}


def _along_own(keys: Codes) -> dict[str, Any]:
    centre = keys.mean(0)
    _, _, axes = np.linalg.svd(keys - centre, full_matrices=False)
    u, v = (axis * np.sign(axis[np.abs(axis).argmax()]) for axis in axes[:2])
    ways = np.stack([u, v], 1)
    if np.abs(keys - centre - (keys - centre) @ ways @ ways.T).max() >= FLAT:
        return {}
    middle = centre - ways @ (ways.T @ centre)  # of all codes of the plane the one nearest to 0
    ways *= max(float(np.abs((keys - middle) @ ways).max()) / (0.9 * EXTENT), 1.0)  # all of it is on the map
    own = [as_code(ways[:, 0]), as_code(ways[:, 1]), as_code(middle)]
    return {"across": "U", "up": "V", "own": own, "way": _places(keys - middle, ways).tolist()}


def _places(codes: Codes, ways: Codes) -> Codes:
    found, *_ = np.linalg.lstsq(ways, codes.T, rcond=None)
    return np.asarray(found.T, np.float64)


def fitting(values: dict[str, Any], latents: int, is_its_own: bool) -> dict[str, Any]:
    """Values of the map's state without what belongs to another model: a way, axes that only the way had."""
    gone = ["way", "own"] if len(values.get("z", ())) != latents or not is_its_own else []
    if gone and (len(values.get("z", ())) != latents or values.get("own")):
        gone += ["across", "up"]
    return {name: value for name, value in values.items() if name not in gone}
