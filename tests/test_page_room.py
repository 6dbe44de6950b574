"""What a small window and large text leave of the pages: no word is cut, the stage keeps its place."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from fakes import MODELS, SAMPLERS, FakeSession, with_catalog
from page_desk import Desk, room
from PySide6.QtWidgets import QPushButton

from genstudio.ui.diffusion.page import DiffusionTab
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


@pytest.fixture
def desk_with_map(qtbot) -> Iterator[VAETab]:
    desk = Desk(VAETab, FakeSession())
    qtbot.addWidget(desk.page)
    page = desk.open(with_catalog(models=MODELS[:1]))
    qtbot.waitUntil(page.is_settled)
    yield page
    desk.close()


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
    rows = [row for section in page.inspector.sections for row in section.rows]
    assert [r.label.text() for r in rows if r.label.width() < r.label.sizeHint().width()] == [], "nor of their names"


def test_controls_that_are_brought_back_at_large_text_are_whole(page, qtbot):
    if isinstance(page, VAETab):
        page.picker.set_value("mnist-vae-2")
        page.picker.chosen.emit("mnist-vae-2")
        qtbot.waitUntil(page.is_settled)
    theme().set_scale(2.5)
    page.resize(1024, 612)  # what a window of 1024x768 has left for it
    page.show_inspector(True)
    viewport = page.inspector.viewport
    qtbot.waitUntil(lambda: page.inspector.widget().width() == viewport().width())
    qtbot.waitUntil(lambda: page.side.geometry().right() <= page.width())
    for button in page.inspector.findChildren(QPushButton):
        assert button.width() >= button.minimumSizeHint().width(), button.text()
    assert page.stage_frame.width() >= 300 and not page.stage.cell_rect(0).isEmpty()
    assert page.width() == 1024, "the page grows no wider than the window"


def test_the_map_gives_way_to_the_picture_where_both_would_be_too_small(desk_with_map, qtbot):
    page = desk_with_map
    assert page.map.isVisible()
    theme().set_scale(2.0)
    page.resize(1024, 640)
    page.show_inspector(True)
    qtbot.waitUntil(lambda: not page.map.isVisible())
    assert page.stage.isVisible() and page.is_settled()
    page.show_inspector(False)
    qtbot.waitUntil(lambda: page.map.isVisible())
