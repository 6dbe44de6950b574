"""What pickers say of a trained model: its data, how long it learned, and its measured quality."""

from __future__ import annotations

from genstudio.api import ModelInfo, called
from genstudio.api.file_says import measured
from genstudio.settings import PLAYED
from genstudio.ui.tabs.run_words import name_of


def card(info: ModelInfo) -> str:
    """What a picker says about a trained network."""
    if info.family in PLAYED and not info.iteration:
        return f"{name_of(info.name)}: a DDPM that was trained elsewhere."
    text = f"trained on {called(info.dataset)} for {info.iteration:,} iterations"
    return f"{name_of(info.name)}: {'; '.join([text, *measured(info.quality)])}."
