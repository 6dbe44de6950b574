"""What measured numbers do not say: the sentences that stand beside them."""

from __future__ import annotations

import math

from genstudio.api.catalog import ModelInfo
from genstudio.api.evaluation import METERS, Evaluation
from genstudio.api.quality import Band

SURE = 2.0  # standard errors of a difference from which on it counts
IN_TURN = (
    "It was asked for all classes in turn, so they come out even by construction, whatever it has learnt; that is not "
    "ranked."
)
ALONE = (
    "its error knows nothing of how busy the machine was; only times that were measured together are compared, by "
    "Measured in the tab Side by side and by genstudio compare with --times."
)
REPEATS = "a model that repeats its training pictures gets there, too"
USUAL = "a model that draws only the usual, or repeats its training pictures, gets there, too"
BEYOND = {  # what else than good pictures makes a number better than that of real ones
    "precision": USUAL,
    "density": USUAL,
    "recall": "a few pictures far from all others widen what counts as drawn, and get there, too",
    "inception": "it asks for clear pictures and even classes only, and one clear picture of each gets there, too",
}


def is_in_turn(name: str, info: ModelInfo | None) -> bool:
    """Whether a number is what it is because classes were asked for one after the other."""
    return name == "entropy" and info is not None and bool(info.classes)


def beside_real(name: str, band: Band, floor: Band | None) -> int:
    """How a number is to that of real pictures: 1 surely worse, 0 not to be told from it, -1 surely beyond it.

    1 too where that has no meaning.
    """
    better = METERS[name].better if name in METERS else ""
    if floor is None or not better:
        return 1
    worse = (band.value - floor.value) * (1 if better == "less" else -1)
    sure = SURE * math.hypot(band.error, floor.error)
    return 1 if worse > sure else -1 if worse < -sure else 0


def caveat(name: str, found: Evaluation, info: ModelInfo | None) -> str:
    """What is to be known of one number; "" if it speaks for itself."""
    if is_in_turn(name, info):
        return IN_TURN
    if name not in found.bands:
        return ""
    count = found.counts.get(name, found.count)
    place = beside_real(name, found.bands[name], found.floor.get(name))
    if place == 0:
        return f"{count:,} pictures are too few to tell it from real ones by this number."
    return f"It is beyond what real pictures reach: {BEYOND.get(name, REPEATS)}." if place < 0 else ""


def caveats(found: Evaluation, info: ModelInfo | None) -> list[str]:
    """The same of all numbers of an evaluation, those of one kind in one sentence."""
    alike: dict[int, list[str]] = {}
    beyond: dict[str, list[str]] = {}
    told = []
    for name in (name for name in METERS if name in found.bands):
        title = METERS[name].title
        place = beside_real(name, found.bands[name], found.floor.get(name))
        if is_in_turn(name, info):
            told.append(f"{title}: {IN_TURN[0].lower()}{IN_TURN[1:]}")
        elif place == 0:
            alike.setdefault(found.counts.get(name, found.count), []).append(title)
        elif place < 0:
            beyond.setdefault(BEYOND.get(name, REPEATS), []).append(title)
        elif name == "time":
            told.append(f"{title}: {ALONE}")
    few = [
        f"{n:,} pictures are too few to tell it from real ones by: {', '.join(names)}." for n, names in alike.items()
    ]
    far = [f"Beyond what real pictures reach: {', '.join(names)}; {why}." for why, names in beyond.items()]
    return [*few, *far, *told]
