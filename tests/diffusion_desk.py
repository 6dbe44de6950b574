"""A process of denoising on a desk."""

from __future__ import annotations

from typing import Any

from page_desk import Desk

from genstudio.ui.diffusion.page import DiffusionTab


def paused(desk: Desk, qtbot: Any, steps: int = 5) -> DiffusionTab:
    """A short process, played to its end."""
    page = desk.open()
    page.controls.steps.setValue(steps)
    qtbot.waitUntil(lambda: page.player.is_at_end and not page.player.is_playing)
    return page
