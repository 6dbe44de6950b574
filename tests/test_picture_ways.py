"""The picture page and the others: what it takes over from them, gives them, and remembers."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import CATALOG, makers
from page_desk import Desk
from picture_desk import DIGITS, Pictures, agree, draw, picture_desks, shown

from genstudio.engine import Ended
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.picture import PictureTab
from genstudio.ui.main_window import MainWindow


@pytest.fixture
def desk(qtbot):
    with picture_desks(qtbot) as make:
        yield make


def test_a_picture_that_another_mode_wants_begins_on_an_empty_canvas_and_goes_there(desk, qtbot) -> None:
    page = desk().page
    page._control_changed("view", "corrupt", True)
    page._control_changed("tool", "erase", True)
    page.controls.drawing.heading.setChecked(False)
    page.deactivate()
    page.desk.draw_for = "key 2 of the way"
    page.activate()
    assert not shown(page)[0].any() and (page._state.view, page._state.tool) == ("back", "draw")
    assert "key 2 of the way" in page.caption.markup() and "Use as key" in page.caption.markup()
    assert page.controls.drawing.heading.isChecked() and page.inspector.verticalScrollBar().value() == 0
    draw(page, (0.2, 0.2), (0.8, 0.2))
    qtbot.waitUntil(lambda: agree(page) and "<a href='key'>" in page.caption.markup())
    with qtbot.waitSignal(page.mode_wanted) as wanted:
        page.caption.word_clicked.emit("key")
    assert wanted.args == ["path"] and page.desk.sent[0] == "path"
    page.deactivate()
    page.activate()
    page.clear()
    assert "canvas is empty" in page.caption.markup(), "it is told once"


def test_a_code_goes_to_the_sliders(desk, qtbot) -> None:
    page = desk().page
    with qtbot.waitSignal(page.mode_wanted) as wanted:
        page.caption.word_clicked.emit("explore")
    assert wanted.args == ["vae"] and page.desk.model == "mnist-vae-16"
    assert page.desk.z == pytest.approx(page._event.mu[0], abs=1e-4)


def test_a_picture_dropped_before_the_first_row_is_there_stays(qtbot) -> None:
    session = Pictures()
    session.row_gate.clear()
    one = Desk(PictureTab, session)
    qtbot.addWidget(one.page)
    page = one.open()
    qtbot.waitUntil(lambda: page._is_ready)
    session.gate.clear()
    assert page.offer_picture(np.arange(75, dtype=np.uint8).reshape(5, 5, 3))
    session.row_gate.set()
    qtbot.waitUntil(lambda: page.picks.pictures() is not None)
    session.gate.set()
    qtbot.waitUntil(lambda: agree(page) and page._state.converted == "resized from 5×5 px")
    assert np.array_equal(shown(page)[0], DIGITS[0])
    one.close()


def test_the_model_of_another_mode_is_taken_over_with_the_picture(desk, qtbot) -> None:
    page = desk().page
    page._picked(3)
    page.deactivate()
    page.desk.put("mnist-vae-2", (0.0, 0.0))
    page.activate()
    qtbot.waitUntil(page.is_settled)
    assert page.picker.value() == "mnist-vae-2" and np.array_equal(shown(page)[0], DIGITS[3])


def test_another_model_ends_what_was_under_way_for_the_one_before(desk) -> None:
    one = desk()
    ended: list[str] = []
    one.bridge.event.connect(lambda slot, event: ended.append(slot) if isinstance(event, Ended) else None)
    one.page.picker.chosen.emit("mnist-vae-2")
    assert {"picture.study", "picture.pick"} <= set(ended), "so the window takes their progress away"


def test_what_was_drawn_is_remembered(desk, qtbot) -> None:
    first = desk().page
    first.clear()
    draw(first, (0.2, 0.5), (0.8, 0.5))
    values = first.parameters()
    second = PictureTab(Bridge(makers(Pictures())))
    second.set_parameters(values)
    qtbot.addWidget(second)
    second.bridge.event.connect(lambda slot, event: second.handle(slot.partition(".")[2], event))
    second.resize(1400, 800)
    second.set_catalog(CATALOG)
    second.activate()
    qtbot.waitUntil(second.is_settled)
    assert np.array_equal(shown(second)[0], first.canvas.picture())
    second.deactivate()
    second.close()
    assert second.bridge.close(timeout_s=20)


def test_in_the_window_the_code_is_explored_on_the_other_page(qtbot) -> None:
    window = MainWindow(Bridge(makers(Pictures())))
    qtbot.addWidget(window)
    window.show()
    window.begin()
    page = window.page("picture")
    window.show_page(window.pages.index(page))
    qtbot.waitUntil(page.is_settled, timeout=20_000)
    code = page._event.mu[0]
    page.explore()
    assert window.current_page().name == "vae"
    qtbot.waitUntil(lambda: window.current_page()._state is not None)
    assert window.current_page()._state.z == pytest.approx(code, abs=1e-4)
    window.close()
