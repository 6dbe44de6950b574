"""What pickers say of a trained model: its data, how long it learned, and its measured quality."""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.api import ModelInfo, called
from genstudio.settings import PLAYED
from genstudio.ui.tabs.run_words import name_of


def card(info: ModelInfo) -> str:
    """What a picker says about a trained network."""
    if info.family in PLAYED and not info.iteration:
        return f"{name_of(info.name)}: a DDPM that was trained elsewhere."
    text = f"trained on {called(info.dataset)} for {info.iteration:,} iterations"
    return f"{name_of(info.name)}: {'; '.join([text, *measured(info.quality)])}."


def measured(quality: Mapping[str, float]) -> list[str]:
    """What a file says of its quality; nothing of what it does not say."""
    said = []
    if "frechet" in quality:
        beside = [f"real digits {quality['floor']:.3g}"] if "floor" in quality else []
        if "textbook" in quality and "seconds" in quality:
            minutes = quality["seconds"] / 60
            beside.append(f"the textbook's DCGAN after the same {minutes:.3g} minutes {quality['textbook']:.3g}")
        of = f" of {quality['count']:,.0f} pictures" if "count" in quality else ""
        said.append(f"Fréchet distance {quality['frechet']:.3g}{of}" + (f" ({', '.join(beside)})" if beside else ""))
    if "classes" in quality:
        said.append(f"{quality['classes']:.0f} of 10 classes appear")
    if "class_accuracy" in quality:
        how = f" with guidance {quality['guidance']:g}" if "guidance" in quality else ""
        said.append(f"the classifier sees the class asked for in {quality['class_accuracy']:.1%}{how}")
    return said
