"""The theme: text that can be read, icons in the colour asked for, lengths that follow the scale."""

from __future__ import annotations

import re
from itertools import product

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QVBoxLayout, QWidget

from genstudio.files import assets_dir
from genstudio.ui.theme import DARK, LIGHT, contrast, fix, pad, pixmap, theme
from genstudio.ui.widgets.caption import MEANINGS

ICONS = sorted((assets_dir() / "icons").glob("*.svg"))


@pytest.mark.parametrize("colors", [DARK, LIGHT], ids=["dark", "light"])
def test_all_text_can_be_read_on_every_ground(colors) -> None:
    texts = ["text", "text2", *(f"{name}_text" for name in MEANINGS if name != "neutral")]
    for name, ground in product(texts, ("window", "panel", "raised", "stage")):
        ratio = contrast(getattr(colors, name), getattr(colors, ground))
        assert ratio >= 4.5, f"{name} on {ground}: {ratio:.2f}"
    assert contrast(colors.on_accent, colors.accent) >= 4.5


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_an_icon_is_drawn_in_the_colour_asked_for(path, qapp) -> None:
    text = path.read_text("utf-8")
    assert 'viewBox="0 0 24 24"' in text and 'stroke-width="1.5"' in text
    assert not re.search(r"#[0-9a-fA-F]{3}", text), "icons have no colours of their own"
    image = pixmap(path.stem, "#ff0000", 24).toImage()
    seen = [image.pixelColor(x, y) for x, y in product(range(24), range(24))]
    drawn = [color for color in seen if color.alpha() > 128]
    assert drawn and all(color.red() > 200 and color.green() < 60 for color in drawn)


def test_lengths_and_fonts_follow_the_scale(qtbot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    layout = pad(QVBoxLayout(widget), 8, 4)
    label = fix(QLabel("x"), 100)
    layout.addWidget(label)
    theme().set_scale(2.0)
    assert label.width() == 200
    assert (layout.contentsMargins().left(), layout.spacing()) == (12, 6), "distances grow half as fast"
    assert QApplication.font().pixelSize() == 26
    theme().zoom(1)
    assert theme().scale == 2.25
    theme().set_scale(99)
    assert theme().scale == 2.5
    theme().zoom(0)
    assert layout.spacing() == 4


def test_a_mode_changes_the_palette_at_once(qtbot) -> None:
    with qtbot.waitSignal(theme().changed):
        theme().set_mode("light")
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(LIGHT.window)
    theme().set_mode("dark")
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)


def test_a_disabled_box_looks_otherwise_than_an_enabled_one(qtbot) -> None:
    holder = QWidget()
    box = QVBoxLayout(holder)
    seen = []
    for is_checked in (False, True):
        for is_enabled in (True, False):
            made = QCheckBox("Codes")
            made.setChecked(is_checked)
            made.setEnabled(is_enabled)
            box.addWidget(made)
            seen.append(made)
    qtbot.addWidget(holder)
    holder.show()
    on, off, on_checked, off_checked = (made.grab().toImage() for made in seen)
    accent = QColor(theme().colors.accent)
    assert on != off and on_checked != off_checked and off != off_checked

    def has_accent(image) -> bool:
        return any(image.pixelColor(x, image.height() // 2) == accent for x in range(image.width()))

    assert has_accent(on_checked) and not has_accent(off_checked)
