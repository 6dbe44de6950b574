"""The map of codes: what is decoded, what lies on it, where its holes are, and the film of a drawn way."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from fakes import CATALOG, decode, with_catalog
from latent_desk import LatentFake, real_makers, study, train_tiny
from page_desk import Desk, asked
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.map import MapPage
from genstudio.ui.latent.map_state import (
    CELLS,
    COARSE,
    FINE,
    FRAMES,
    KEYS,
    Holes,
    MapState,
    Plane,
    find_holes,
    manifold,
    places,
    prior_rings,
    projected,
    told,
)
from genstudio.ui.latent.map_words import map_sentence

LATE = 10_000
RIGHT, LEFT = Qt.MouseButton.RightButton, Qt.MouseButton.LeftButton


@pytest.fixture
def desk(qtbot):
    made = []

    def make(catalog=CATALOG, model="mnist-vae-2") -> Desk:
        one = Desk(MapPage, LatentFake())
        qtbot.addWidget(one.page)
        made.append(one)
        one.until = lambda condition: qtbot.waitUntil(condition, timeout=LATE)
        page = one.open(catalog)
        page.picker.chosen.emit(model)
        one.until(page.is_settled)
        return one

    yield make
    for one in made:
        one.close()


def drag(page: MapPage, button, *where) -> None:
    points = [page.map.point_of(*place).toPoint() for place in where]
    QTest.mousePress(page.map, button, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(page.map, point)
    QTest.mouseRelease(page.map, button, pos=points[-1])


# ---- numbers --------------------------------------------------------------------------------------


def test_between_quantiles_lies_the_same_share_of_the_prior() -> None:
    draws = np.random.default_rng(0).standard_normal(200_000)
    ways = places(CELLS, warped=True)
    borders = (ways[1:] + ways[:-1]) / 2
    shares = np.diff([0, *np.searchsorted(np.sort(draws), borders), len(draws)]) / len(draws)
    assert np.abs(shares[2:-2] - 1 / CELLS).max() < 0.005 and np.allclose(ways, -ways[::-1])
    even = places(CELLS, warped=False)
    assert np.allclose(np.diff(even), 6 / CELLS) and even[0] == pytest.approx(-3 + 3 / CELLS)


def test_the_pictures_of_the_quantiles_are_those_of_their_codes() -> None:
    state = MapState((0.0, 0.0, 0.7), "z1", "z2", "quantiles")
    request = manifold(state, state.plane(None), "m")
    assert isinstance(request, api.DecodeRequest) and len(request.z) == CELLS * CELLS
    low, high = places(CELLS, warped=True)[[0, -1]]
    assert request.z[0] == pytest.approx((low, high, 0.7)) and request.z[-1] == pytest.approx((high, low, 0.7))


@pytest.mark.parametrize("warped", [False, True])
def test_codes_like_the_prior_leave_no_hole_and_a_missing_half_is_one(warped) -> None:
    codes = np.random.default_rng(0).standard_normal((4000, 2)).astype(np.float32)
    plane = Plane((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), 0.0, 0.0)
    full = find_holes(codes, 0 * codes, plane, warped=warped)
    assert full.share < 0.01
    half = find_holes(codes[codes[:, 0] > 0], 0 * codes[codes[:, 0] > 0], plane, warped=warped)
    assert 0.25 < half.share < 0.5
    assert half.depth[:, -10:].max() == 0 and half.depth[48, 20:36].min() > 0.5, "at the left, where no code is"


def test_what_is_blue_is_what_is_counted() -> None:
    draws = np.random.default_rng(0).standard_normal((4000, 16)).astype(np.float32)
    one, two = np.eye(16)[:2]
    plane = Plane((0.0,) * 16, tuple(one), tuple(two), 0.0, 0.0)
    narrow = draws * 0.8  # over twice rarer than the prior's at the rim, never RARE times
    holes = find_holes(narrow, 0 * narrow + 0.5, plane, warped=False)
    assert holes.share == 0 and holes.depth.max() == 0, "no hole, no blue"
    half = draws[draws[:, 0] > 0]
    holes = find_holes(half, 0 * half, plane, warped=False)
    assert holes.share > 0.2 and holes.depth[holes.depth > 0].min() >= 0.5, "all that is blue is a hole"


@pytest.mark.parametrize("up", [(0.0, 2.0, 0.0), (0.8, 0.6, 0.0), (1.9, 0.62, 0.0)])
def test_a_plane_of_any_two_axes_has_the_holes_that_there_are(up) -> None:
    codes = np.random.default_rng(0).standard_normal((4000, 3)).astype(np.float32)
    plane = Plane((0.0, 0.5, 0.0), (1.0, 0.0, 0.0), up, 0.0, 0.0)
    assert find_holes(codes, 0 * codes, plane, warped=False).share < 0.01
    half = codes[codes[:, 1] > 0.5]
    holes = find_holes(half, 0 * half, plane, warped=False)
    assert 0.2 < holes.share < 0.75
    assert holes.depth[:40].max() == 0 and holes.depth[52:60].max() > 0.5, "the lower half, where no code is"


@pytest.mark.parametrize(
    ("u", "v", "warped"),
    [
        ((1.0, 0.0), (0.0, 1.0), True),  # quantiles are of latents
        ((1.0, 0.0), (0.0, 1.0), False),
        ((0.3, 0.0), (0.0, 0.3), False),
        ((0.4, 0.3), (0.0, 0.5), False),
    ],
)
def test_the_share_of_the_holes_is_of_all_the_priors_codes_also_of_those_beyond_the_map(u, v, warped) -> None:
    draws = np.random.default_rng(0).standard_normal((40_000, 2)).astype(np.float32)
    codes, plane = draws[:4000][draws[:4000, 0] > 0.2], Plane((0.0, 0.0), u, v, 0.0, 0.0)
    holes = find_holes(codes, 0 * codes, plane, warped=warped)
    where = projected(draws, plane)
    columns, rows = (np.abs(places(FINE, warped=warped)[:, None] - x).argmin(0) for x in (where[:, 0], -where[:, 1]))
    on_map = np.ones(len(draws), bool) if warped else np.abs(where).max(1) < 3
    found = float((on_map & (holes.depth[rows, columns] > 0.5)).mean())
    assert holes.share == pytest.approx(found, abs=0.015) and 0 < found < 0.6


def test_the_rings_of_the_prior_are_where_its_codes_are_one_two_and_three_sigma_from_the_middle() -> None:
    plane = Plane((0.3, 0.5, 0.0), (2.0, 0.0, 0.0), (0.8, 0.6, 0.0), 0.0, 0.0)
    for radius, ring in zip((1, 2, 3), prior_rings(plane), strict=True):
        assert np.allclose([np.hypot(*plane.code(*place)[:2]) for place in ring], radius)


def test_codes_are_laid_on_the_plane_they_are_seen_from() -> None:
    plane = Plane((0.0, 5.0, 0.0), (2.0, 0.0, 0.0), (0.0, 0.0, 1.0), 0.0, 0.0)
    assert np.allclose(projected(np.array([[4.0, 7.0, -1.0]]), plane), [[2.0, -1.0]])


def test_a_line_is_told_by_even_distances() -> None:
    way = told(np.array([[0, 0], [0, 0], [1, 0], [1, 0.5], [1, 3.0]]))
    steps = np.hypot(*np.diff(way, axis=0).T)
    assert len(way) == KEYS and way[0] == (0, 0) and way[-1] == (1, 3)
    assert steps.max() < 4 / (KEYS - 1) + 0.002 and told(np.zeros((5, 2))) == () == told(np.zeros((1, 2)))


# ---- the page -------------------------------------------------------------------------------------


def test_it_shows_test_pictures_at_their_codes_by_class(desk) -> None:
    d = desk()
    page = d.page
    pick = asked(d, api.PickRequest)[-1]
    assert pick.held_out and pick.count == 1000 and page.map.dots() == 1000
    assert all(f"●</span>&nbsp;{k}" in page.controls.legend.text() for k in range(10))
    assert "1,000</b> pictures of MNIST that the model did not learn from" in page.caption.markup()
    page.controls.layers["codes"].click()
    assert page.map.dots() == 0 and "even steps" in page.caption.markup()
    assert page.undo() and page.map.dots() == 1000


def test_thumbnails_never_lie_over_each_other(desk) -> None:
    page = desk().page
    page.controls.layers["thumbs"].click()
    boxes = [box for _, box in page.map.thumbs_at()]
    assert boxes and not any(a.intersects(b) for k, a in enumerate(boxes) for b in boxes[:k])


def test_holes_and_magnification_are_told_in_words(desk) -> None:
    d = desk()
    page = d.page
    page.caption.word_clicked.emit("holes")
    assert page.controls.layers["holes"].isChecked() and "of the prior's codes fall into them" in page.caption.markup()
    page.controls.layers["holes"].click()
    page.controls.layers["heat"].click()
    d.until(page.map.has_heat)
    assert "magnifies" in page.caption.markup()


def test_a_plane_of_more_than_two_latents_is_said_to_be_a_shadow(desk) -> None:
    two, many = desk().page, desk(model="mnist-vae-16").page
    assert "shadow" not in two.caption.markup()
    assert "shadow of <latent>16 numbers</latent> on two" in many.caption.markup()
    assert "the dots their own other 14" in many.caption.markup()
    many.caption.word_clicked.emit("holes")
    assert "holes among all 16 do not show" in many.caption.markup()


def test_the_share_of_the_holes_is_never_said_to_be_nothing_where_there_is_blue() -> None:
    state, rings = MapState((0.0,) * 16, holes=True), np.zeros((3, 2, 2))
    blue = np.ones((2, 2), np.float32)
    assert "<b>under 1 %</b>" in map_sentence(state, 9, "mnist", Holes(blue, 0.001, rings))
    assert "<b>no holes</b>" in map_sentence(state, 9, "mnist", Holes(0 * blue, 0.0, rings))


def test_a_way_stays_with_the_model_it_was_drawn_for_and_undo_brings_both_back(desk) -> None:
    d = desk(model="mnist-vae-16")
    page = d.page
    drag(page, RIGHT, (-1, -1), (1, 1))
    d.until(lambda: page.count() > 0)
    page.picker.chosen.emit("mnist-vae-2")
    d.until(lambda: page.model == "mnist-vae-2" and page.is_settled())
    assert page._state.way == () and not page.count() and not page.controls.forget.isEnabled()
    assert page.undo()
    d.until(lambda: page.model == "mnist-vae-16" and page.count() > 0)
    assert len(page._state.way) == KEYS


def test_a_way_does_not_lie_over_another_model_with_as_many_latents(desk) -> None:
    d = desk(model="mnist-vae-16")
    page = d.page
    drag(page, RIGHT, (-1, -1), (1, 1))
    d.until(lambda: page.count() > 0)
    values = page.values()
    info = page.info()
    page.begin(info, {**values, "way_of": "mnist-vae-other"})
    assert page._state.way == ()
    page.begin(info, values)
    assert len(page._state.way) == KEYS


def test_holes_are_coarse_while_a_hand_moves_the_code_and_fine_when_it_rests(desk) -> None:
    page = desk(model="mnist-vae-16").page
    page.caption.word_clicked.emit("holes")
    assert page._holes.depth.shape == (FINE, FINE)
    row = page.controls.sliders
    row.grabbed.emit()
    row.changed.emit(np.full(16, 0.5))
    coarse = page._holes
    assert coarse.depth.shape == (COARSE, COARSE)
    row.finished.emit()
    assert page._holes.depth.shape == (FINE, FINE) and page._holes.share == pytest.approx(coarse.share, abs=0.03)
    row.grabbed.emit()
    page.random()
    assert page._holes.depth.shape == (FINE, FINE), "a hand that moved nothing does not leave it coarse"


def test_the_ring_moves_the_picture_also_between_quantiles(desk) -> None:
    d = desk()
    page = d.page
    for scale in ("sigma", "quantiles"):
        page.controls.scale.button(scale).click()
        d.until(page.map.has_map)
        drag(page, LEFT, (0.0, 0.0), (1.0, -1.0))
        assert page.code() == pytest.approx((1.0, -1.0), abs=0.05)
        d.until(lambda: asked(d, api.DecodeRequest)[-1].z == (page.code(),))


def test_the_map_follows_a_hand_that_is_faster_than_the_pictures(desk, monkeypatch) -> None:
    d = desk(model="mnist-vae-16")
    page = d.page
    page.controls.layers["heat"].click()
    d.until(page.map.has_heat)
    before, shown = asked(d, api.PlaneRequest)[-1], []
    monkeypatch.setattr(page.map, "set_map", lambda pictures, *_: shown.append(pictures))
    page.controls.sliders.changed.emit(np.arange(16) / 10)
    late = np.zeros((CELLS**2, 28, 28, 1), np.uint8)
    page.handle("plane", api.PicturesEvent(before, late, 1.0))
    assert shown == [late], "the picture of a moment ago, rather than none until the hand rests"
    values = np.ones((CELLS, CELLS), np.float32)
    page.handle("heat", api.MagnificationEvent(api.MagnificationRequest(before), values))
    assert not page.map.has_heat(), "of the plane before"


def test_a_drawn_line_becomes_a_film_that_plays_and_comes_back(desk) -> None:
    d = desk()
    page = d.page
    assert page.export_film_source() is None and not page.tempo.play.isEnabled()
    drag(page, RIGHT, (-2.0, 0.0), (-1.0, 1.0), (0.0, 0.0), (2.0, 1.0))
    d.until(lambda: page.count() > 0)
    source = page.export_film_source()
    assert page.clock.runs() and page.tempo.play.isEnabled() and len(source.keys) == KEYS
    assert source.keys[0] == pytest.approx((-2.0, 0.0), abs=0.05) and source.keys[-1] == pytest.approx((2, 1), abs=0.05)
    page.toggle_play()
    page.step(1)
    assert not page.clock.runs() and "on the way you have drawn" in page.caption.markup()
    page.forget_way()
    assert page.export_film_source() is None and page.restores(source)
    page.restore(api.RestoredEvent("x.webp", source, api.GridLayout(), True, ""))
    d.until(lambda: page.count() > 0)
    assert page.export_film_source() == source
    page.controls.forget.click()
    page.controls.draw.click()
    drag(page, LEFT, (0.0, 0.0), (0.01, 0.0))
    assert "too short" in d.messages[-1] and not page.controls.draw.isChecked()


def turned(latents: int) -> api.StudyEvent:
    """A study whose principal axes are along no latent."""
    known = study(api.StudyRequest(f"mnist-vae-{latents}"))
    units, _ = np.linalg.qr(np.random.default_rng(3).standard_normal((latents, latents)))
    names = tuple(f"PC {k + 1}" for k in range(latents))
    axes = dataclasses.replace(known.principal, names=names, units=units.astype(np.float32))
    return dataclasses.replace(known, principal=axes)


@pytest.mark.parametrize("is_studied", [True, False])
def test_a_film_along_principal_axes_brings_back_its_plane_and_its_way(desk, is_studied: bool) -> None:
    d = desk(model="mnist-vae-16")
    page = d.page
    page.desk.put_study(turned(16))
    page.controls.changed.emit("across", "PC2")
    page.controls.changed.emit("up", "PC5")
    drag(page, RIGHT, (-2.0, 0.0), (0.0, 1.5), (2.0, 1.0))
    d.until(lambda: page.count() > 0)
    page.toggle_play()
    film, way = page.export_film_source(), page._state.way
    page.forget_way()
    page.controls.changed.emit("across", "z1")
    page.random()
    if not is_studied:
        page.desk.studies.clear()
    assert page.restores(film)
    page.restore(api.RestoredEvent("x.webp", film, api.GridLayout(), True, ""))
    again = page.export_film_source()
    assert np.allclose(again.keys, film.keys, atol=2e-3) and page.code() == pytest.approx(film.keys[0], abs=1e-3)
    axes = (page.controls.axes.across.value(), page.controls.axes.up.value())
    assert axes == (("PC2", "PC5") if is_studied else ("U", "V"))
    if is_studied:
        assert np.allclose(page._state.way, way, atol=2e-3)
    assert np.abs(page._state.way).max() < 3, "all of it is on the map"
    d.until(lambda: page.count() == FRAMES and page.tempo.is_playing())
    kept = page.parameters()
    page.set_parameters(kept)
    assert page.parameters() == kept and not page._state.can_warp()


def test_a_way_through_more_than_a_plane_shows_its_first_code_and_says_so(desk) -> None:
    d = desk(model="mnist-vae-16")
    keys = tuple(tuple(float(x) for x in row) for row in np.random.default_rng(0).standard_normal((KEYS, 16)))
    film = api.PathRequest("mnist-vae-16", keys, FRAMES, "lerp")
    d.page.restore(api.RestoredEvent("x.webp", film, api.GridLayout(), True, ""))
    assert d.page.code() == keys[0] and d.page.export_film_source() is None
    assert "does not lie in a plane" in d.messages[-1]


def test_an_exported_map_of_quantiles_comes_back_as_the_map_and_other_sheets_do_not(desk) -> None:
    page = desk(model="mnist-vae-16").page
    page.controls.changed.emit("across", "z4")
    page.controls.changed.emit("scale", "quantiles")
    target = page.export_source()
    page.controls.changed.emit("scale", "sigma")
    page.controls.changed.emit("across", "z1")
    page.random()
    assert page.restores(target.source)
    page.restore(api.RestoredEvent("x.png", target.source, target.layout, True, ""))
    assert page.export_source() == target and page.controls.axes.across.value() == "z4"
    codes = list(target.source.z)
    codes[7] = codes[8]
    others = (tuple(codes), target.source.z[:64], target.source.z[::-1], ((0.0,) * 16,) * CELLS**2)
    assert not any(page.restores(api.DecodeRequest(page.model, z)) for z in others)


def test_beside_a_way_the_ring_takes_the_picture_with_it_again(desk) -> None:
    d = desk()
    page = d.page
    drag(page, RIGHT, (-2.0, 0.0), (0.0, 0.0), (2.0, 1.0))
    d.until(lambda: page.count() > 0)
    page.step(1)
    assert "on the way you have drawn" in page.caption.markup()
    drag(page, LEFT, page.code(), (1.0, -1.0))
    wanted = decode(page.code())
    d.until(lambda: np.array_equal(page.picture.pictures()[0], wanted))
    assert page.code() == pytest.approx((1.0, -1.0), abs=0.05) and "on the way" not in page.caption.markup()
    page.step(1)
    assert "on the way you have drawn" in page.caption.markup() and page.code()[0] < 0


def test_undo_takes_the_way_back_rather_than_its_motion(desk) -> None:
    d = desk()
    page = d.page
    before = page.code()
    drag(page, RIGHT, (-2.0, 0.0), (2.0, 1.0))
    d.until(lambda: page.count() > 0 and page.code() != before)
    assert page.clock.runs() and page.undo() and page.export_film_source() is None and page.code() == before
    page.advance(0.1)
    assert not page.clock.runs() and not page.tempo.is_playing()


def test_a_way_lies_over_the_plane_that_is_seen_and_does_not_take_the_code_back(desk) -> None:
    d = desk(model="mnist-vae-16")
    page = d.page
    drag(page, RIGHT, (-2.0, 0.0), (2.0, 1.0))
    d.until(lambda: page.count() > 0)
    page.controls.sliders.grabbed.emit()
    page.controls.sliders.changed.emit((*page.code()[:7], 2.5, *page.code()[8:]))
    page.controls.sliders.finished.emit()
    d.until(lambda: page._way.request == page.export_film_source())
    assert not page.clock.runs() and page.code()[7] == 2.5 and "on the way" not in page.caption.markup()
    page.step(1)
    assert page.code()[7] == pytest.approx(2.5) and page.code()[0] < -1.5


def test_more_latents_give_any_two_and_principal_ones_once_they_are_known(desk) -> None:
    d = desk(model="mnist-vae-16")
    page = d.page
    page.controls.axes.up.set_value("z5")
    page.controls.changed.emit("up", "z5")
    d.until(lambda: asked(d, api.PlaneRequest)[-1].v[4] == 1)
    page.study_codes()
    d.until(lambda: page.study() is not None)
    page.controls.changed.emit("across", "PC1")
    assert not page.controls.scale.button("quantiles").isEnabled()
    d.until(lambda: asked(d, api.PlaneRequest)[-1].u == tuple(map(float, page.study().principal.units[0] * 2)))


def test_without_its_pictures_it_says_so(desk) -> None:
    page = desk(with_catalog(datasets=())).page
    box = page.controls.layers["codes"]
    assert not box.isEnabled() and "is not here" in box.toolTip() and page.map.dots() == 0
    assert page.controls.legend.isVisible() and "is not here" in page.controls.legend.text()


@pytest.mark.parametrize("values", [{"z": [1]}, {"across": "z9"}, {"scale": 3}, {"way": [[1, 2, 3]]}, {"holes": "yes"}])
def test_what_does_not_fit_is_left_as_it_is_at_first(values) -> None:
    assert MapState.from_dict(values, 2) == MapState.from_dict({}, 2)


def test_the_real_session_lays_pictures_on_the_map_and_films_a_way(qtbot, tmp_path) -> None:
    train_tiny(tmp_path, "tiny-vae")
    d = Desk.__new__(Desk)
    d.bridge = Bridge(real_makers(tmp_path))
    d.page, d.messages, d.offers = MapPage(d.bridge), [], []
    qtbot.addWidget(d.page)
    d.bridge.event.connect(d.route)
    from genstudio.core.compute import FLOAT32_CPU
    from genstudio.session import Session

    catalog = Session("play", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU).handle(
        api.CatalogRequest()
    )
    page = d.open(catalog.catalog)
    qtbot.waitUntil(lambda: page.is_settled() and page.map.dots() == 1000, timeout=30_000)
    page.caption.word_clicked.emit("holes")
    assert "of the prior's codes" in page.caption.markup()
    drag(page, RIGHT, (-2.0, 0.0), (2.0, 1.0))
    qtbot.waitUntil(lambda: page.count() == 80, timeout=LATE)
    d.close()
