"""The plane of the traversal: any two axes, the ring on it, its heat."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest
from fakes import decode
from latent_desk import LatentFake, axes, study
from page_desk import Desk, asked

from genstudio import api
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.plane_map import strength
from genstudio.ui.latent.traverse import TraversePage
from genstudio.ui.latent.traverse_play import WAY_S
from genstudio.ui.latent.traverse_state import Plane, TraverseState, ordered


@pytest.fixture
def desk(qtbot) -> Iterator[Desk]:
    shared = LatentDesk()
    made = Desk(partial(TraversePage, desk=shared), LatentFake())
    qtbot.addWidget(made.page)
    yield made
    made.close()


@pytest.fixture
def page(desk: Desk, qtbot) -> TraversePage:
    page = desk.open()
    qtbot.waitUntil(lambda: page.stage.pictures() is not None, timeout=30_000)
    return page


def test_in_the_plane_the_ring_plays(page: TraversePage, qtbot) -> None:
    page._setting_changed("view", "plane")
    t = page.code()[1]
    page.tempo.scrubbed.emit(100)
    assert page.code()[:2] == pytest.approx((3.0, t), abs=1e-3)
    page.advance(WAY_S)
    assert page.code()[:2] == pytest.approx((-3.0, t), abs=1e-3)
    film = page.export_film_source()
    assert (film.a[:2], film.b[:2]) == (pytest.approx((-3.0, t), abs=1e-3), pytest.approx((3.0, t), abs=1e-3))


def test_undo_in_the_plane_takes_back_hands_and_not_the_ring_that_plays(page: TraversePage) -> None:
    page._setting_changed("view", "plane")
    page.to_centre()
    centre = page.code()
    page.random()
    drawn = page.code()
    page.toggle_play()
    page.advance(WAY_S / 4)
    assert page.code() != drawn and page.undo() and page.code() == centre, "while it plays"
    page.stop_playing()
    page.random()
    page.toggle_play()
    page.advance(WAY_S / 4)
    page.toggle_play()
    stopped = page.code()
    assert page.undo() and page.code() == centre and page.redo() and page.code() == stopped, "after it has stopped"
    page.toggle_play()
    page.advance(WAY_S / 4)
    page.plane.grabbed.emit()
    taken = page.code()
    page.plane.changed.emit(1.5, -2.0)
    page.plane.finished.emit()
    assert not page.clock.runs() and page.code() != taken != stopped
    assert page.undo() and page.code() == taken and page.undo() and page.code() == centre


def test_the_ring_moves_two_numbers_and_the_plane_stays(page: TraversePage, desk: Desk, qtbot) -> None:
    page._setting_changed("view", "plane")
    qtbot.waitUntil(lambda: page.plane.has_map() and page.picture.pictures() is not None, timeout=30_000)
    before, count = page.code(), len(asked(desk, api.PlaneRequest))
    page.plane.grabbed.emit()
    page.plane.changed.emit(1.5, -2.0)
    page.plane.finished.emit()
    assert page.code() == pytest.approx((1.5, -2.0, *before[2:]), abs=1e-3)
    qtbot.waitUntil(lambda: np.array_equal(page.picture.pictures()[0], decode(page.code())), timeout=30_000)
    assert len(asked(desk, api.PlaneRequest)) == count


def test_the_heat_is_that_of_the_plane_shown(page: TraversePage, desk: Desk, qtbot) -> None:
    page._setting_changed("view", "plane")
    page._setting_changed("heat", True)
    qtbot.waitUntil(lambda: page._heat is not None, timeout=30_000)
    assert asked(desk, api.MagnificationRequest)[-1].plane == asked(desk, api.PlaneRequest)[-1]
    assert "times</b>" in page.caption.markup()
    page._setting_changed("heat", False)
    assert page._heat is None and page.plane._heat is None


def test_axes_change_places_instead_of_being_the_same(page: TraversePage) -> None:
    page._setting_changed("view", "plane")
    page._setting_changed("across", "z2")
    assert (page._state.across, page._state.up) == ("z2", "z1")


def test_a_plane_of_any_two_axes_goes_through_the_base_code() -> None:
    known = study(api.StudyRequest("mnist-vae-16"))
    for across, up in (("z3", "z9"), ("PC1", "PC2"), ("z1", "PC3")):
        state = TraverseState(tuple(np.linspace(-1, 1, 16)), across=across, up=up)
        plane = Plane.of(state, known)
        assert plane is not None and np.allclose(plane.code(plane.s, plane.t), state.z, atol=1e-3)
        moved = Plane.of(state.at(plane.code(plane.s + 1, plane.t - 2)), known)
        assert moved is not None and np.allclose(moved.origin, plane.origin, atol=1e-3)
        assert (moved.s - plane.s, moved.t - plane.t) == pytest.approx((1, -2), abs=1e-3)
    assert Plane.of(TraverseState((0.0, 0.0), across="PC1"), None) is None
    assert ordered(known, 16)[0] == 15 and axes(2).units[0, 1] == 1


def test_two_latents_are_a_plane(page: TraversePage, qtbot) -> None:
    page._model_chosen("mnist-vae-2")
    qtbot.waitUntil(lambda: page.is_ready() and page.plane.has_map(), timeout=30_000)
    assert page._state.view == "plane" and page.plane.isVisible() and len(page.code()) == 2
    page._model_chosen("mnist-vae-16")
    qtbot.waitUntil(lambda: page.is_ready() and page.stage.pictures() is not None, timeout=30_000)
    assert page._state.view == "rows"


def test_a_plane_along_principal_axes_comes_back_without_a_study(page: TraversePage, qtbot) -> None:
    page.study_codes()
    qtbot.waitUntil(lambda: page.study() is not None, timeout=30_000)
    page._setting_changed("view", "plane")
    page._setting_changed("across", "PC2")
    page._setting_changed("up", "PC1")
    source = page.export_source()
    page.desk.studies.clear()
    page._setting_changed("view", "rows")
    page.restore(api.RestoredEvent("x.png", source, api.GridLayout(), True, ""))
    assert page.export_source() == source and page.controls.axes.across.value() == "U"
    kept = page.parameters()
    page._setting_changed("view", "rows")
    page.set_parameters(kept)
    assert page.export_source() == source


def test_strength_spans_from_dark_to_bright() -> None:
    shares = strength(np.logspace(-3, 3, 400).reshape(20, 20).astype(np.float32))
    assert shares.min() == 0 and shares.max() == 1 and (np.diff(shares.ravel()) >= 0).all()
