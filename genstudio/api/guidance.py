"""Whether guidance does anything to a model's pictures, and if not, why; and what it costs."""

from __future__ import annotations

from genstudio.api.catalog import ModelInfo
from genstudio.api.pictures import ALL_CLASSES, NO_CLASS
from genstudio.settings import DENOISING

UNSTEPPED = "This model is no diffusion model, and only those are guided."
UNTAUGHT = "This model never learnt to do without a class, so no difference tells what the class adds."
CLASSLESS = "This model knows no classes, so there is none to go beyond."
NONE_ASKED = "Guidance needs a class; here the class is none."


def why_unguided(info: ModelInfo, label: int | None) -> str:
    """Why guidance would do nothing to pictures of a class, a sentence; '' if it does something."""
    if info.family not in DENOISING:
        return UNSTEPPED
    if not info.classes:
        return CLASSLESS
    if not info.knows_no_class:
        return UNTAUGHT
    return NONE_ASKED if label == NO_CLASS else ""


def calls_each(info: ModelInfo, label: int | None, guidance: float) -> int:
    """Network calls for one answer: with guidance other than 0 and 1 one with the class and one without it.

    Both go through the network in one batch of twice the pictures, and count as two: that is what they cost.
    """
    return 1 if guidance in (0, 1) or why_unguided(info, label) else 2


def classes_asked(info: ModelInfo, label: int, guidance: float, count: int) -> list[int]:
    """Of each picture the class that it is asked to be of, NO_CLASS for none: guidance 0 asks without one."""
    known = len(info.classes)
    if guidance == 0 and not why_unguided(info, label):
        return [NO_CLASS] * count
    if label == ALL_CLASSES and known:
        return [picture % known for picture in range(count)]
    return [label if 0 <= label < known else NO_CLASS] * count
