"""Whether guidance does anything to a model's pictures, and if not, why."""

from __future__ import annotations

from genstudio.api.catalog import ModelInfo
from genstudio.api.pictures import NO_CLASS
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
