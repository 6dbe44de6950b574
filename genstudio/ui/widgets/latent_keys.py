"""The keys of a latent slider, and the words that tell them."""

from __future__ import annotations

from PySide6.QtCore import Qt

from genstudio.ui.widgets.latent_face import RANGE

STEP, FINE_STEP, PAGE = 0.1, 0.01, 0.5  # sigma per arrow or wheel notch; with Shift; per page key

HELP = (
    "Drag or press ← → (Shift: finer, Page keys: coarser); once it is clicked, the wheel turns it, too. "
    "Double-click or Delete sets it to 0, Home and End go to −3σ and +3σ. "
    "Click the number, or press Enter or a digit, to type a value; ↑ ↓ go to the neighbour. "
    "L or the lock keeps it: nothing moves it then, neither random codes, Reset and the walk nor other sliders."
)
STEPS = {
    Qt.Key.Key_Left: -STEP,
    Qt.Key.Key_Right: STEP,
    Qt.Key.Key_PageDown: -PAGE,
    Qt.Key.Key_PageUp: PAGE,
}
PLACES = {
    Qt.Key.Key_Home: -RANGE,
    Qt.Key.Key_End: RANGE,
    Qt.Key.Key_Delete: 0.0,
    Qt.Key.Key_Backspace: 0.0,
}
NEIGHBOURS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
