"""What a small window and large text leave of the pages: no word is cut, the stage keeps its place."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from fakes import MODELS, SAMPLERS, FakeSession, with_catalog
from page_desk import Desk
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionComboBox

from genstudio import api
from genstudio.ui.tabs.diffusion import DiffusionTab
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.tabs.vae import VAETab
from genstudio.ui.theme import theme
from genstudio.ui.widgets.form import Choice

SMALL = (1024, 698)  # a page in a window of 1024x768
KEPT = [dataclasses.replace(m, name="last run (strokes, 12,812)") for m in (MODELS[1], MODELS[3])]
ANCESTRAL = dataclasses.replace(SAMPLERS[1], title="DDPM ancestral")


@pytest.fixture(params=[VAETab, DiffusionTab])
def page(request, qtbot) -> Iterator[TabPage]:
    desk = Desk(request.param, FakeSession())
    qtbot.addWidget(desk.page)
    made = desk.open(with_catalog(models=(*MODELS, *KEPT), samplers=(SAMPLERS[0], ANCESTRAL)))
    qtbot.waitUntil(lambda: made.stage.pictures() is not None)
    made.resize(*SMALL)
    yield made
    desk.close()


def room(choice: Choice) -> int:
    """Pixels that its words have."""
    option = QStyleOptionComboBox()
    choice.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    return choice.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, choice).width() - 2


def cut(page: TabPage) -> list[str]:
    """The words of pickers that do not fit, whichever of them is chosen."""
    pickers = [c for c in page.findChildren(Choice) if c.isVisibleTo(page)]
    words = [(c, c.itemText(k)) for c in pickers for k in range(c.count())]
    assert len(pickers) >= 3
    return [text for c, text in words if c.fontMetrics().horizontalAdvance(text) > room(c)]


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_no_word_of_a_picker_is_cut(page, scale, qtbot):
    theme().set_scale(scale)
    page.resize(*SMALL)
    page.show_inspector(True)
    qtbot.waitUntil(lambda: page.side.isVisible())
    assert cut(page) == []
