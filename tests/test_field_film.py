"""The flow of a diffusion of points as a film, and points drawn by hand for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
from page_desk import Desk, asked
from PIL import Image
from points_desk import field_desk
from PySide6.QtGui import QColor

from genstudio import api
from genstudio.settings.drawings import Stroke, name_of_drawing
from genstudio.ui.diffusion import field_film
from genstudio.ui.diffusion.field import FieldPage
from genstudio.ui.diffusion.field_film import MOVING, RESTING, StageFilm, flow_places
from genstudio.ui.diffusion.field_scene import Scene
from genstudio.ui.points.chooser import DRAW
from genstudio.ui.tabs.run_exports import FLOW
from genstudio.ui.theme import theme

LINE = Stroke(((-1.0, 0.5), (1.0, 0.5)), 0.05)
DOT = Stroke(((0.0, -1.0),), 0.1)


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path) -> Iterator[Desk]:
    made = field_desk(qtbot, tmp_path)
    yield made
    made.close()


def trained(desk: Desk, qtbot: Any, points: str) -> FieldPage:
    """A few iterations, paused."""
    page: FieldPage = desk.page
    page.data.select(points)
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration >= 5 and page.run.shown() is not None, timeout=60_000)
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.state == "paused")
    return page


# ---- the stage ----------------------------------------------------------------------------------------------


def covered(picture: np.ndarray, color: str) -> int:
    """How many pixels have nearly a colour."""
    wanted = QColor(color)
    apart = np.abs(picture.astype(int) - (wanted.red(), wanted.green(), wanted.blue())).sum(-1)
    return int((apart < 12).sum())


def test_a_picture_is_the_stage_as_it_is_seen(desk: Desk, qtbot: Any) -> None:
    page = trained(desk, qtbot, "ring")
    was = theme().mode
    for mode in ("light", "dark"):
        theme().set_mode(mode)
        source = page.export_source()
        (picture,) = source.films[0]
        assert picture.shape == (960, 960, 3) and covered(picture, theme().colors.panel) > 100_000, mode
        assert source.samples is page.run.shown().samples and source.iteration == page.run.shown().iteration
    theme().set_mode(was)
    with_field = page.export_source().films[0]
    page._layer_changed("field", False)
    without = page.export_source().films[0]
    page._layer_changed("trails", False)
    bare = page.export_source().films[0]
    assert (with_field != without).any(-1).sum() > 5000 and (without != bare).any(-1).sum() > 500
    page.flow.go_to(0.0)
    assert (page.export_source().films[0] != bare).any(), "and at the time that is looked at"


def test_a_film_of_the_history_shows_each_moment_as_the_stage_does(desk: Desk, qtbot: Any) -> None:
    page = trained(desk, qtbot, "ring")
    qtbot.waitUntil(lambda: len(page.run.history) > 1)
    page._layer_changed("field", False)
    film, moments = page.export_film_source().films, page.run.history.values()
    assert film.shape == (len(moments), 1, 640, 640, 3) and "field" not in film._layers
    assert [scene.numbers for scene, _ in film.moments] == [moment.numbers for moment in moments]
    assert {place for _, place in film.moments} == {page.flow.place()} and covered(
        film[0][0], theme().colors.panel
    ) > 50_000


# ---- the film -----------------------------------------------------------------------------------------------


def moment_of(particles: np.ndarray) -> dict[str, Any]:
    """What a run tells, of particles (M, N, D) alone."""
    t = np.linspace(100, 0, len(particles), dtype=np.float32)
    return {
        "particles": particles.astype(np.float32), "real": particles[-1].astype(np.float32),
        "t": t, "signal": 1 - t / 100, "noise": t / 100,
    }  # fmt: skip


def test_a_film_goes_from_noise_to_data_and_rests_there(qapp: Any) -> None:
    way = np.linspace(0, 1, 5)[:, None, None] * np.array([[[2.0, 0.0]]])  # a particle from the middle to the right
    film = StageFilm([(Scene(moment_of(way)), place) for place in flow_places()], frozenset({"particles"}))
    assert film.shape == (MOVING + RESTING, 1, 640, 640, 3)
    assert [film.moments[k][1] for k in (0, (MOVING - 1) // 2, MOVING - 1, len(film) - 1)] == [0, 0.5, 1, 1]
    color = QColor(theme().colors.generated)
    across = []
    for moment in (0, (MOVING - 1) // 2, MOVING - 1):
        is_particle = (film[moment][0] == (color.red(), color.green(), color.blue())).all(-1)
        across.append(float(np.argwhere(is_particle)[:, 1].mean()))
    assert across[0] == pytest.approx(320, abs=3), "in the middle of the plane"
    assert across[1] - across[0] == pytest.approx(across[2] - across[1], abs=3) and across[2] > 500
    assert np.array_equal(film[MOVING - 1], film[len(film) - 1])


def test_another_thread_paints_the_same(desk: Desk, qtbot: Any) -> None:
    page = trained(desk, qtbot, "ring")
    film = page.export_targets()[FLOW]().films
    here, there = film[40], []
    worker = Thread(target=lambda: there.append(film[40]))
    worker.start()
    worker.join()
    assert np.array_equal(here, there[0])


@pytest.mark.parametrize(("points", "size"), [("ring", (640, 640)), ("modes", (960, 480))])
def test_the_flow_is_written_with_what_is_shown_and_its_receipt(
    desk: Desk, qtbot: Any, tmp_path: Path, monkeypatch: Any, points: str, size: tuple[int, int]
) -> None:
    page: FieldPage = desk.page
    monkeypatch.setattr(field_film, "MOVING", 3)  # writing all takes long
    monkeypatch.setattr(field_film, "RESTING", 1)
    assert FLOW not in page.export_targets(), "before a run nothing flows"
    page = trained(desk, qtbot, points)
    page._layer_changed("trails", False)
    wanted = []
    page.tempo.export_film_requested.connect(lambda: wanted.append(page.export_film_source()))
    page.exports.show_offered()
    assert page.exports.actions[FLOW].isVisible()
    page.exports.actions[FLOW].trigger()
    (request,) = wanted
    assert request.iteration == page.run.shown().iteration and request.source == page.run.source
    assert request.films._layers == frozenset(page.plane.layers) and "trails" not in request.films._layers
    assert page.export_film_source() is None or page.export_film_source().films is not request.films
    file = tmp_path / "flow.webp"
    list(desk.session.stream(dataclasses.replace(request, path=str(file))))
    with Image.open(file) as film:
        assert film.size == size and film.n_frames == 4
    (*_, restored) = desk.session.stream(api.RestoreRequest(str(file)))
    assert restored.source == request.source and restored.iteration == request.iteration


# ---- drawn by hand ------------------------------------------------------------------------------------------


def test_drawn_points_are_learned_and_edited(desk: Desk, qtbot: Any) -> None:
    page: FieldPage = desk.page
    page.data.picker.chosen.emit(DRAW)
    assert page._layers.currentWidget() is page.drawing and page.flow.isHidden()
    assert "the particles are to become" in page.drawing.says.text() and page.drawing.use.text() == "Train"
    assert not page.drawing.use.isEnabled()
    page.run_pressed()
    assert page.run.state == "none", "nothing is drawn"
    page.drawing.sketch._add(LINE)
    page.drawing.sketch._add(DOT)
    assert page.undo() and page.drawing.strokes() == (LINE,)
    assert page.redo() and page.drawing.strokes() == (LINE, DOT)
    assert not any(request.points.startswith("drawn") for request in asked(desk, api.ExamplesRequest))
    page.drawing.use.click()
    qtbot.waitUntil(lambda: page.run.shown() is not None, timeout=60_000)
    assert page.run.request.dataset == name_of_drawing((LINE, DOT))
    assert page._layers.currentWidget() is page.plane and not page.flow.isHidden()
    numbers = page.plane.scene.numbers
    near = np.abs(numbers["real"] - (0, 0.5)).max(1) < (1.3)
    below = np.linalg.norm(numbers["real"] - (0, -1), axis=1) < 0.6
    assert (near | below).all(), "what is real is the drawing"
    assert {"true_field", "floor"} <= numbers.keys(), "and its field is known"
    page.data.edit.click()
    assert page._layers.currentWidget() is page.drawing and page.drawing.use.text() == "Train again"
    page.drawing.close_button.click()
    assert page._layers.currentWidget() is page.plane
    first = page.run
    page.data.edit.click()
    page.drawing.sketch._add(Stroke(((1.0, 1.0),), 0.1))
    page.run_pressed()
    assert page.run is not first and len(page.data.strokes()) == 3
    qtbot.waitUntil(lambda: page.run.shown() is not None, timeout=60_000)


def test_a_drawing_is_remembered_while_other_points_are_chosen(desk: Desk, qtbot: Any) -> None:
    page: FieldPage = desk.page
    page.data.picker.chosen.emit(DRAW)
    page.drawing.sketch._add(LINE)
    values = page.parameters()
    page.data.select("ring")
    page._settings_changed()
    assert page._layers.currentWidget() is not page.drawing and page.parameters()["points"] == "ring"
    assert page.parameters()["drawing"] == name_of_drawing((LINE,))
    page.set_parameters({"points": "drawn:junk", "drawing": 3})
    assert page.data.name() == "ring"
    page.set_parameters(values)
    assert page.data.is_drawn and page._layers.currentWidget() is page.drawing
