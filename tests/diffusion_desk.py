"""A process of denoising on a desk, and the hand that draws there."""

from __future__ import annotations

from typing import Any

from page_desk import Desk
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from genstudio.ui.diffusion.page import DiffusionTab

LEFT = Qt.MouseButton.LeftButton


def paused(desk: Desk, qtbot: Any, steps: int = 5) -> DiffusionTab:
    """A short process, played to its end."""
    page = desk.open()
    page.controls.steps.setValue(steps)
    played(page, qtbot)
    return page


def played(page: DiffusionTab, qtbot: Any) -> None:
    """To the end of what is shown, and of what it is compared with."""
    qtbot.waitUntil(lambda: page.player.is_at_end and not page.player.is_playing)


def drag(widget: QWidget, box: QRect, shares: tuple[tuple[float, float], ...], lets_go: bool = True) -> None:
    """A stroke over a picture, by shares of its box."""
    spots = [QPoint(round(box.left() + x * box.width()), round(box.top() + y * box.height())) for x, y in shares]
    QTest.mousePress(widget, LEFT, pos=spots[0])
    for spot in spots[1:]:
        QTest.mouseMove(widget, spot)
    if lets_go:
        QTest.mouseRelease(widget, LEFT, pos=spots[-1])
