"""Ten modes share a model and its code: what a hand does in one is seen in the others, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from factors_desk import FactorsFake
from fakes import makers

from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import MainWindow

MODES = ("vae", "picture", "map", "path", "traverse", "arithmetic", "compare", "capacity", "factors", "latent-train")
MODEL, CODE = "mnist-vae-16", (0.5, -1.0, 0.25, 2.0, -3.0, *(0.125,) * 11)


@pytest.fixture
def window(qtbot) -> Iterator[MainWindow]:
    made = MainWindow(Bridge(makers(FactorsFake())))
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(made.first_picture, timeout=30_000):
        made.begin()
    explore = go(made, qtbot, "vae")
    explore.go_to(explore.models.fresh(MODEL).at(CODE))
    qtbot.waitUntil(lambda: explore._is_ready, timeout=30_000)
    yield made
    made.close()


def go(window: MainWindow, qtbot: Any, name: str) -> Any:
    """A mode, once its model has come."""
    page = window.page(name)
    window.show_page(window.pages.index(page))
    qtbot.waitUntil(lambda: getattr(page, "_is_ready", True), timeout=30_000)
    return page


def explored(window: MainWindow, qtbot: Any) -> tuple[str, tuple[float, ...]]:
    """What Explore shows."""
    state = go(window, qtbot, "vae")._state
    return state.model, state.z


def play(page: Any) -> None:
    """Time alone changes what such a page shows."""
    if page.name in ("map", "traverse"):
        page._setting_changed("heat", True)
    if page.name == "traverse":
        page._setting_changed("view", "plane")
    if page.name in ("path", "traverse"):
        before = page.code()
        page.advance(0.7)
        assert page.code() != before


def test_the_test_knows_all_modes(window: MainWindow) -> None:
    assert tuple(page.name for page in window.pages if page.title == "Latent space") == MODES


def test_who_looks_at_a_mode_and_goes_finds_the_code_as_it_was(window: MainWindow, qtbot) -> None:
    for name in (*MODES, *reversed(MODES)):
        go(window, qtbot, name)
        assert explored(window, qtbot) == (MODEL, CODE), f"after {name}"
    for name in (*MODES, *reversed(MODES)):
        go(window, qtbot, name)
    assert explored(window, qtbot) == (MODEL, CODE), "after all of them in a row"


def test_time_hands_nothing_on(window: MainWindow, qtbot) -> None:
    for name in MODES[1:]:
        play(go(window, qtbot, name))
        assert explored(window, qtbot) == (MODEL, CODE), f"after {name} has played"


@pytest.mark.parametrize("name", ["map", "path", "traverse"])
def test_what_a_hand_makes_is_handed_on_and_not_what_time_made_of_it(window: MainWindow, qtbot, name: str) -> None:
    page = go(window, qtbot, name)
    play(page)
    page.random()
    made = page.code()
    play(page)
    assert made != CODE and explored(window, qtbot) == (MODEL, made)


def test_other_ways_through_the_keys_are_no_other_code(window: MainWindow, qtbot) -> None:
    page = go(window, qtbot, "path")
    page.advance(0.7)
    page._way_changed("lerp", 31, False, True)
    page._word_clicked("slerp")
    assert explored(window, qtbot) == (MODEL, CODE)
    page = go(window, qtbot, "path")
    page._scrubbed(0)
    assert explored(window, qtbot)[1] == pytest.approx(page._state.keys[0].z)
