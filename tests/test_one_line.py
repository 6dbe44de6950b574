"""Headings that have no room end in …, and say all of it in their tooltips."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from genstudio.ui.diffusion.train_stage import SampleStage
from genstudio.ui.latent.train_bars import KLBars
from genstudio.ui.latent.train_plots import mse_plot
from genstudio.ui.latent.train_stage import TrainStage
from genstudio.ui.theme import theme
from genstudio.ui.widgets.one_line import OneLine
from genstudio.ui.widgets.stage import Stage

LONG = "Training pictures, reconstructions, error"


def latent_stage() -> TrainStage:
    """As it is once all that a run shows has come."""
    stage = TrainStage(Stage())
    stage.side.show()
    stage.side.findChild(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly).show()
    return stage


def advance(label: QLabel) -> int:
    """Pixels of what is seen of its words."""
    seen = label.seen() if isinstance(label, OneLine) else label.text()
    return label.fontMetrics().horizontalAdvance(seen)


@pytest.mark.parametrize("make", [latent_stage, SampleStage, KLBars, mse_plot])
def test_no_heading_of_a_run_is_cut_amid_a_letter(make: Callable[[], QWidget], qtbot) -> None:
    widget = make()
    qtbot.addWidget(widget)
    widget.resize(240, 200)
    widget.show()
    theme().set_scale(1.25)
    headings = [label for label in widget.findChildren(QLabel) if label.property("role") == "small"]
    assert headings
    for label in headings:
        label.setText(f"{LONG}, {LONG}")
        label.show()
    seen = [label for label in headings if label.isVisible()]
    assert seen
    for label in seen:
        qtbot.waitUntil(lambda label=label: advance(label) <= label.width() <= widget.width())


def test_a_heading_that_has_no_room_says_it_all_in_its_tooltip(qtbot) -> None:
    label = OneLine(LONG)
    qtbot.addWidget(label)
    label.setToolTip("A pixel that differs is light")
    label.resize(100, 20)
    label.show()
    qtbot.waitUntil(lambda: label.seen().endswith("…"))
    assert label.text() == LONG == label.accessibleName()
    assert LONG in label.toolTip() and "A pixel" in label.toolTip()
    label.resize(label.sizeHint())
    qtbot.waitUntil(lambda: label.seen() == LONG)
    assert label.toolTip() == "A pixel that differs is light"
    theme().set_scale(2.0)
    font = theme().font(11)
    label.setFont(font)
    qtbot.waitUntil(lambda: label.seen().endswith("…"))
