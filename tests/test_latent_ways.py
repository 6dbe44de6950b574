"""From mode to mode of the latent space: the model that was dropped on one, the code that another sends."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from fakes import MODELS, makers
from latent_desk import LatentFake, picture
from picture_desk import draw
from window_desk import settled

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import MainWindow
from genstudio.ui.page_place import make_places

OWN = dataclasses.replace(MODELS[1], name="own", path="elsewhere/own.safetensors", pretrained=False)
JUDGE = dataclasses.replace(MODELS[1], name="judge", family="classifier", path="elsewhere/judge.safetensors")
PAGES = ("vae", "picture", "path", "traverse", "arithmetic", "compare")


class Session(LatentFake):
    """Also opens two files outside the catalog."""

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.LoadRequest):
            for info in (OWN, JUDGE):
                if request.model == info.path:
                    return api.ModelEvent(info)
        return super().handle(request)


@pytest.fixture
def window(qtbot) -> Iterator[MainWindow]:
    bridge = Bridge(makers(Session()))
    made = MainWindow(bridge, [place for place in make_places(bridge) if place.name in PAGES])
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(made.first_picture, timeout=30_000):
        made.begin()
    yield made
    made.close()


def go(window: MainWindow, name: str) -> Any:
    page = window.page(name)
    window.show_page(window.pages.index(page))
    return page


def test_a_model_that_is_dropped_on_a_mode_is_shown_there_and_goes_along(window: MainWindow, qtbot) -> None:
    traverse = go(window, "traverse")
    qtbot.waitUntil(traverse.is_settled, timeout=30_000)
    window._opened(OWN)
    qtbot.waitUntil(lambda: traverse.model == OWN.path and traverse.is_settled(), timeout=30_000)
    assert window.current_page() is traverse and traverse.picker.currentText() == "own"
    for name in ("path", "arithmetic"):
        page = go(window, name)
        qtbot.waitUntil(lambda page=page: page.model == OWN.path and page.is_ready(), timeout=30_000)
        assert page.picker.currentText() == "own"
    assert OWN.path in go(window, "compare")._state.models
    for name in ("vae", "picture"):
        page = go(window, name)
        qtbot.waitUntil(lambda page=page: page._state.model == OWN.path and page._is_ready, timeout=30_000)
        assert page.picker.currentText() == "own"


def test_a_model_that_no_page_shows_leaves_all_as_it_is(window: MainWindow, qtbot) -> None:
    page = go(window, "path")
    qtbot.waitUntil(page.is_ready, timeout=30_000)
    window._opened(JUDGE)
    settled(qtbot, window, " is a classifier; ")
    assert window.current_page() is page


def test_a_drawn_picture_is_the_key_that_was_chosen(window: MainWindow, qtbot) -> None:
    path, picture_page = go(window, "path"), window.page("picture")
    qtbot.waitUntil(path.is_ready, timeout=30_000)
    path.row.chosen.emit(2)
    path.row.set_selected(2)
    path.controls.draw.click()
    assert window.current_page() is picture_page
    qtbot.waitUntil(picture_page.canvas.has_canvas)
    assert not picture_page.canvas.picture().any(), "it begins empty"
    draw(picture_page, (0.3, 0.3), (0.7, 0.7))
    qtbot.waitUntil(lambda: picture_page._event is not None)
    picture_page.controls.as_key.click()
    assert window.current_page() is path
    qtbot.waitUntil(lambda: path._state.keys[2].origin == "your picture", timeout=30_000)


@pytest.mark.parametrize("mode", ["path", "arithmetic"])
def test_the_code_of_a_picture_goes_where_it_is_sent(window: MainWindow, qtbot, mode: str) -> None:
    page = go(window, "picture")
    assert not page.controls.as_key.isEnabled()
    qtbot.waitUntil(lambda: page._is_ready, timeout=30_000)
    page.offer_picture(picture(3))
    qtbot.waitUntil(lambda: page._event is not None and page._state.converted != "", timeout=30_000)
    code = tuple(round(float(x), 4) for x in page._event.mu[0])
    (page.controls.as_key if mode == "path" else page.controls.in_sum).click()
    other = window.current_page()
    assert other.name == mode
    qtbot.waitUntil(lambda: other._state is not None and window.page("vae").desk.sent is None, timeout=30_000)
    if mode == "path":
        assert (other._state.keys[0].z, other._state.keys[0].origin) == (code, "your picture")
        assert other._state.position == 0 and not other.is_playing()
        assert other.undo() and other._state.keys[0].z != code
    else:
        assert (other._state.codes[0], other._state.names[0]) == (code, "your picture")
