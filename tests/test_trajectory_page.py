"""The view Map of Reverse: pictures go their ways over real ones, a branch is a fork, scrubbing computes nothing."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from diffusion_desk import paused
from fakes import CATALOG, PLANE, FakeSession
from page_desk import Desk, asked
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from genstudio import api
from genstudio.api import Change
from genstudio.ui.diffusion.branches import Tree
from genstudio.ui.diffusion.page import DiffusionTab
from genstudio.ui.diffusion.trajectory import Paths
from genstudio.ui.latent.code_map import COLORS


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = Desk(DiffusionTab, FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def mapped(desk: Desk, qtbot: Any, steps: int = 12) -> DiffusionTab:
    page = paused(desk, qtbot, steps)
    qtbot.keyClicks(page, "c")
    qtbot.waitUntil(lambda: page.map.shown() is not None and len(page.map.shown().indices) == steps + 1)
    return page


def without_mnist() -> api.Catalog:
    gone = (dataclasses.replace(data, available=False) for data in CATALOG.datasets)
    return dataclasses.replace(CATALOG, datasets=tuple(gone))


# ---- what is known, without a window ----------------------------------------------------------------------

TRUNK = api.DenoiseRequest("m", 7, 2, -1, "ddpm", 6)
BRANCH = dataclasses.replace(TRUNK, changes=(Change(3, "guidance", 4.0),))
SCATTER = api.Scatter(PLANE, np.array([[-1, -1], [1, 1]], np.float32), np.zeros(2, np.int64), "mnist")


def track(first: int, last: int, value: float) -> api.Track:
    indices = np.arange(first, last + 1)
    return api.Track(indices, np.full((len(indices), 2, 2), value, np.float32))


def test_only_steps_that_are_not_known_are_asked_for():
    paths, tree = Paths(), Tree.of(BRANCH)
    paths.set_scatter(SCATTER)
    request = paths.wanted(tree, {0: 4, 1: 5}, "x_t")
    assert [(part.process, part.first, part.after) for part in request.sections] == [(TRUNK, 0, -1), (BRANCH, 3, 2)]
    assert paths.take(api.TracksEvent(request, (track(0, 4, 0.0), track(3, 5, 9.0))))
    assert paths.wanted(tree, {0: 4, 1: 5}, "change") is None, "of the change the state is followed"
    assert paths.wanted(tree, {0: 6, 1: 5}, "x_t").sections == (api.Section(TRUNK, 0, 4),)
    assert len(paths.wanted(tree, {0: 4}, "x0_hat").sections) == 1
    again = paths.wanted(tree, {0: 6}, "x_t")
    for _ in range(2):  # an answer may come twice
        paths.take(api.TracksEvent(again, (track(5, 6, 0.0),)))
    trunk, branch = paths.forks(tree, "x_t", ["trunk", "3"])
    assert trunk.indices.tolist() == [0, 1, 2, 3, 4, 5, 6] and not trunk.is_shown
    assert branch.indices.tolist() == [0, 1, 2, 3, 4, 5] and branch.is_shown
    assert branch.places[:, 0, 0].tolist() == [0, 0, 0, 9, 9, 9], "it has the steps of the trunk before its own"
    low, high = paths.bounds()
    assert (low <= -0.9).all() and (high == 9).all(), "all that is known is to be seen"


def test_of_two_planes_of_states_the_first_counts():
    paths, tree = Paths(), Tree.of(TRUNK)
    one, two = (paths.wanted(tree, {0: 4}, layer) for layer in ("x_t", "x0_hat"))
    assert one.plane is None
    own = dataclasses.replace(SCATTER, dataset="")
    assert paths.take(api.TracksEvent(one, (track(0, 4, 0.0),), own)) and paths.scatter is own
    assert not paths.take(api.TracksEvent(two, (track(0, 4, 0.0),), dataclasses.replace(own)))
    assert paths.scatter is own and paths.wanted(tree, {0: 4}, "x0_hat").plane is own.plane


@pytest.mark.parametrize("is_other_plane", [True, False])
def test_places_that_come_too_late_are_not_taken(is_other_plane):
    paths, tree = Paths(), Tree.of(TRUNK)
    paths.set_scatter(SCATTER)
    request = paths.wanted(tree, {0: 4}, "x_t")
    if is_other_plane:
        paths.set_scatter(dataclasses.replace(SCATTER, plane=dataclasses.replace(PLANE)))
    else:
        paths.forget()
    assert not paths.take(api.TracksEvent(request, (track(0, 4, 99.0),)))
    assert (paths.bounds()[1] <= 1).all(), "they take no room"
    assert paths.forks(tree, "x_t", ["trunk"]) == []


# ---- the view ---------------------------------------------------------------------------------------------


def test_the_map_stands_beside_the_pictures_and_is_asked_for_when_looked_at(desk, qtbot):
    page = paused(desk, qtbot)
    assert not asked(desk, api.ScatterRequest) and not asked(desk, api.TracksRequest)
    page.controls.views.button("map").click()
    assert page.map.isVisible() and page.stage.isVisible()
    qtbot.waitUntil(page.is_settled)
    assert asked(desk, api.ScatterRequest) == [api.ScatterRequest("mnist-ddpm")]
    fork = page.map.shown()
    assert fork.indices.tolist() == [0, 1, 2, 3, 4, 5] and fork.places.shape == (6, 10, 2)
    assert np.array_equal(page.stage.pictures(), page.steps.shown().layers["x_t"])
    assert "The map's plane holds <b>18 %</b> of the variance of pictures of MNIST" in page.caption.markup()
    page.show_view("all")
    assert not page.map.isVisible() and "plane" not in page.caption.markup()


def test_scrubbing_moves_the_circles_and_computes_nothing(desk, qtbot):
    page = mapped(desk, qtbot)
    requests = len(desk.session.requests)
    heads = {}
    for step in (0, 12, 6):
        page._scrubbed(step)
        heads[step] = page.map.heads()
        assert page.map.step == step
    assert len(heads[0]) == 10 and heads[0][3] == heads[0][4], "all begin in the middle"
    for k in range(10):
        middle = (heads[0][k] + heads[12][k]) / 2
        assert (middle - heads[6][k]).manhattanLength() < 1e-3
    assert len(desk.session.requests) == requests


def test_it_follows_a_process_that_plays(desk, qtbot):
    page = mapped(desk, qtbot)
    page.controls.seed.setValue(99)
    qtbot.waitUntil(lambda: page.player.is_at_end and not page.player.is_playing)
    qtbot.waitUntil(lambda: page.map.shown() is not None and len(page.map.shown().indices) == 13)
    assert len(asked(desk, api.ScatterRequest)) == 1, "the plane stays"
    sections = [part for request in asked(desk, api.TracksRequest) for part in request.sections]
    assert {part.process.seed for part in sections} == {7, 99}
    assert len({part.after for part in sections if part.process.seed == 99}) > 1, "only what is new"


def test_the_estimates_have_a_way_of_their_own(desk, qtbot):
    page = mapped(desk, qtbot)
    before = page.map.shown().places
    page.show_layer("x0_hat")
    qtbot.waitUntil(lambda: page.map.shown() is not None and not np.array_equal(page.map.shown().places, before))
    page.show_layer("eps_hat")
    assert np.array_equal(page.map.shown().places, before)


def test_a_picture_is_followed_from_the_stage_and_from_the_map(desk, qtbot):
    page = mapped(desk, qtbot)
    assert page.map.selected == 0 and page.stage.selected() == 0, "one is from the beginning"
    qtbot.mouseClick(page.stage, Qt.MouseButton.LeftButton, pos=page.stage.cell_rect(3).center())
    assert page.map.selected == 3
    qtbot.mouseClick(page.map, Qt.MouseButton.LeftButton, pos=page.map.heads()[5].toPoint())
    assert page.map.selected == 5 and page.stage.selected() == 5
    qtbot.mouseClick(page.map, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert page.map.selected == 5, "there is none"
    qtbot.mouseClick(page.map, Qt.MouseButton.LeftButton, pos=page.map.heads()[5].toPoint())
    assert page.map.selected == -1 and page.stage.selected() == -1


def test_the_followed_path_stands_out(desk, qtbot):
    page = mapped(desk, qtbot)
    page.view.follow(-1)
    page.refresh()
    few = colored(page, 4)
    page.view.follow(4)
    page.refresh()
    assert colored(page, 4) > few + 100, "a wide line in the colour of its class"


def colored(page: DiffusionTab, kind: int) -> int:
    """How many pixels of the map have the full colour of a class."""
    image = page.map.grab().toImage()
    color = QColor(COLORS[kind])
    return sum(image.pixelColor(x, y) == color for x in range(image.width()) for y in range(image.height()))


def test_branches_are_forks(desk, qtbot):
    page = mapped(desk, qtbot)
    page._scrubbed(4)
    page.controls.guidance.setValue(4.0)
    qtbot.waitUntil(lambda: page.player.is_at_end and not page.player.is_playing)
    qtbot.waitUntil(lambda: [len(fork.indices) for fork in page.map.forks] == [13, 13])
    trunk, branch = page.map.forks
    assert (trunk.title, branch.title) == ("trunk", "4: guidance 4") and branch.is_shown and branch.first == 4
    assert np.array_equal(trunk.places[:4], branch.places[:4])
    assert not np.allclose(trunk.places[5:], branch.places[5:], atol=0.1)
    page.branching.list.chosen.emit(0)
    assert page.map.shown().title == "trunk"


def test_without_the_data_the_map_is_made_of_the_states(desk, qtbot):
    page = desk.open(without_mnist())
    page.show_view("map")
    page.controls.steps.setValue(200)
    qtbot.waitUntil(lambda: len(page.steps) > 2)
    assert "MNIST is not on this computer" in page.map._message
    page.controls.steps.setValue(8)
    qtbot.waitUntil(lambda: page.map.shown() is not None and page.map._message == "")
    assert not asked(desk, api.ScatterRequest)
    assert "of the variance of the states on the way" in page.caption.markup()
    page.controls.seed.setValue(5)
    qtbot.waitUntil(lambda: page.paths.scatter is None)
    qtbot.waitUntil(lambda: page.map.shown() is not None and page.player.is_complete)
    planeless = [request for request in asked(desk, api.TracksRequest) if request.plane is None]
    assert {request.sections[0].process.seed for request in planeless} == {7, 5}, "each process has its own"


def test_data_that_comes_later_are_the_map(desk, qtbot):
    page = desk.open(without_mnist())
    page.show_view("map")
    page.controls.steps.setValue(8)
    qtbot.waitUntil(lambda: page.map.shown() is not None)
    assert page.paths.scatter.dataset == ""
    page.set_catalog(CATALOG)  # as after a download in Train
    page.refresh()
    qtbot.waitUntil(lambda: page.paths.scatter is not None and page.paths.scatter.dataset == "mnist")
    qtbot.waitUntil(page.is_settled)
    assert "of pictures of MNIST" in page.caption.markup()


def test_a_map_that_is_cancelled_says_why_there_is_none(desk, qtbot):
    def halt(request: Any) -> Iterator[Any]:
        if isinstance(request, api.ScatterRequest):
            yield api.ProgressEvent("Reading MNIST", 0, 2)
            gate.wait(60)
        yield from FakeSession.stream(desk.session, request)

    gate = threading.Event()
    desk.session.stream = halt
    page = desk.open()
    page.show_view("map")
    page.controls.steps.setValue(200)
    qtbot.waitUntil(lambda: len(page.steps) > 2)
    assert "The map of MNIST is on its way" in page.map._message
    page.stop("scatter")
    gate.set()
    assert "its pictures were not read" in page.map._message and "not on this computer" not in page.map._message


def test_a_plane_that_cannot_be_made_leaves_the_states(desk, qtbot):
    def fail(request: Any) -> Iterator[Any]:
        if isinstance(request, api.ScatterRequest):
            raise ValueError("the file is broken")
        yield from FakeSession.stream(desk.session, request)

    desk.session.stream = fail
    page = paused(desk, qtbot)
    page.show_view("map")
    qtbot.waitUntil(page.is_settled)
    assert page.paths.scatter is not None and page.paths.scatter.dataset == ""


def test_the_view_is_remembered(desk, qtbot):
    page = mapped(desk, qtbot)
    values = page.parameters()
    assert values["view"] == "map"
    page.show_view("all")
    page.set_parameters(values)
    assert page.view.view == "map" and page.map.isVisible()


def test_after_a_view_of_steps_one_picture_is_followed_again(desk, qtbot):
    page = mapped(desk, qtbot)
    page.show_view("matrix")
    assert not page.map.isVisible()
    page.show_view("map")
    assert page.map.selected == 0 and page.stage.selected() == 0
    assert np.array_equal(page.stage.pictures(), page.steps.shown().layers["x_t"])
