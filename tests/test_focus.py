"""The keyboard's place is seen in both themes, on every kind of control."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QTabBar, QVBoxLayout, QWidget

from genstudio.ui.colors import contrast
from genstudio.ui.theme import theme
from genstudio.ui.widgets.button import IconButton, TextButton
from genstudio.ui.widgets.caption import Caption
from genstudio.ui.widgets.film_strip import FilmStrip
from genstudio.ui.widgets.form import Choice, FloatBox, IntBox
from genstudio.ui.widgets.inspector import Heading
from genstudio.ui.widgets.latent_slider import LatentSlider
from genstudio.ui.widgets.mode_bar import ModeBar
from genstudio.ui.widgets.picture_grid import from_qimage
from genstudio.ui.widgets.slider import Slider
from genstudio.ui.widgets.stage import Stage

SEEN = 20  # pixels that change by 3:1 or more


def _checked(button: QPushButton) -> QPushButton:
    button.setCheckable(True)
    button.setChecked(True)
    return button


def _play() -> IconButton:
    button = IconButton("play", "Play", "Play", side=32)
    button.setProperty("role", "primary")
    button.set_tint("on_accent")
    return button


def _caption() -> Caption:
    caption = Caption()
    caption.set_text("The <a href='kl'>KL</a> is small.")
    return caption


def _tabs() -> QTabBar:
    bar = QTabBar()
    bar.addTab("Latent space")
    bar.addTab("Denoising")
    return bar


def _stage() -> Stage:
    stage = Stage()
    stage.set_pictures(np.zeros((4, 28, 28, 1), np.uint8))
    return stage


CONTROLS: dict[str, Callable[[], QWidget]] = {
    "icon": lambda: IconButton("reset", "Reset"),
    "play": _play,
    "modes": lambda: ModeBar((("Explore", "Sliders"), ("Map", "A plane")), 0),
    "text": lambda: TextButton("One step"),
    "primary": lambda: TextButton("Train", primary=True),
    "checked": lambda: _checked(QPushButton("noisy xₜ")),
    "unchecked": lambda: QPushButton("noisy xₜ"),
    "int": lambda: IntBox(0, 9, 1, label="Seed"),
    "float": lambda: FloatBox(0, 1, 0.5, label="η"),
    "choice": lambda: Choice(("a", "b"), "Sampler"),
    "line": lambda: QLineEdit("x.png"),
    "check": lambda: QCheckBox("Loop"),
    "checked box": lambda: _checked(QCheckBox("Loop")),
    "slider": lambda: Slider(0, 1, 0.1),
    "latent slider": lambda: LatentSlider(0),
    "heading": lambda: Heading("Training"),
    "caption": _caption,
    "tabs": _tabs,
    "stage": _stage,
    "strip": FilmStrip,
}


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize("kind", CONTROLS)
def test_the_control_that_has_the_keyboard_is_seen(qtbot, kind: str, mode: str) -> None:
    theme().set_mode(mode)
    window, control, other = QWidget(), CONTROLS[kind](), QPushButton("elsewhere")
    window.setProperty("role", "panel")
    window.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    qtbot.addWidget(window)
    box = QVBoxLayout(window)
    box.addWidget(control)
    box.addWidget(other)
    window.resize(320, 240)
    with qtbot.waitActive(window):
        window.show()
    seen = []
    for reason in (Qt.FocusReason.OtherFocusReason, Qt.FocusReason.TabFocusReason):
        (other if not seen else control).setFocus(reason)
        picture = from_qimage(window.grab().toImage())
        seen.append(picture[control.y() : control.y() + control.height()])
    assert control.hasFocus()
    changed = np.argwhere((seen[0] != seen[1]).any(-1))
    pairs = [tuple(f"#{picture[y, x].tobytes().hex()}" for picture in seen) for y, x in changed]
    assert sum(contrast(*pair) >= 3 for pair in pairs) >= SEEN
