"""Codes explored while the generator learns: the very code, the moment that is looked at, and undo."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import decode
from gan_desk import SHORT, Counting, gan_desk, settle, train_to
from page_desk import Desk
from PySide6.QtCore import Qt

from genstudio import api
from genstudio.ui.game.explore import Explorer
from genstudio.ui.game.explore_state import Explored, random_code
from genstudio.ui.game.page import GANTab


class Peeked(Counting):
    """Answers as a generator that knows classes, if there are any."""

    classes: tuple[str, ...] = ()
    broken = False

    def handle(self, request: Any) -> Any:
        if not isinstance(request, api.PeekRequest):
            return super().handle(request)
        self.requests.append(request)
        if self.broken:
            raise ValueError("there is no generator of that name")
        at = self.iterations[request.place] if request.iteration == api.NOW else request.iteration // 10 * 10
        return api.PeekedEvent(request, np.stack([decode(z) for z in request.z]), 0.4, at, self.classes)

    def peeks(self, count: int = 1) -> list[api.PeekRequest]:
        return [r for r in self.requests if isinstance(r, api.PeekRequest) and len(r.z) == count]


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(Peeked())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def explorer(page: GANTab) -> Explorer:
    return next(part for part in page.parts if isinstance(part, Explorer))


def explore(desk: Desk, qtbot: Any) -> Explorer:
    """The view over a run of 25 iterations that would go on, its picture drawn."""
    page = train_to(desk, qtbot, SHORT)
    part = explorer(page)
    page.views.segments.button("explore").click()
    settled(part, qtbot)
    return part


def settled(part: Explorer, qtbot: Any) -> None:
    """Picture and strip show the code as it is now, at the moment that is looked at."""

    def is_drawn() -> bool:
        part.show()
        return part.is_drawn() and part._asked["way"] is None and part._drawn["way"] == part._key("way")

    qtbot.waitUntil(is_drawn)


def seen(part: Explorer) -> np.ndarray:
    return part.view.stage.pictures()


def expected(z: Any) -> np.ndarray:
    return decode(tuple(z))[None]


def test_it_begins_at_the_code_of_the_first_sample(desk, qtbot):
    part = explore(desk, qtbot)
    settings = part.page.run.settings()
    z = random_code(settings.seed, 0, settings.latent_dim)
    assert part.state.z == z and np.array_equal(seen(part), expected(z))
    assert part.view.strip.count() == 7 and part.view.when.text() == "As the generator is now, at iteration 25."
    assert not part.controls.section.isHidden()
    part.page.views.segments.button("samples").click()
    assert part.controls.section.isHidden(), "sliders belong to their view"


def test_a_double_click_on_a_sample_explores_its_very_code(desk, qtbot):
    page = train_to(desk, qtbot, SHORT)
    part = explorer(page)
    page.stage.cell_double_clicked.emit(17)
    assert page.views.value() == "explore"
    settled(part, qtbot)
    settings = page.run.settings()
    assert part.state.z == random_code(settings.seed, 17, settings.latent_dim)
    assert np.array_equal(seen(part), expected(part.state.z))


def test_a_sample_that_is_selected_is_what_one_wants_to_explore_once(desk, qtbot):
    page = train_to(desk, qtbot, SHORT)
    part = explorer(page)
    page.stage.cell_clicked.emit(5)
    page.views.segments.button("explore").click()
    fifth = random_code(page.run.settings().seed, 5, page.run.settings().latent_dim)
    assert part.state.z == fifth and page.stage.selected() == -1
    part.random()
    page.views.segments.button("samples").click()
    page.views.segments.button("explore").click()
    assert part.state.z != fifth


def test_a_slider_is_followed_and_undone(desk, qtbot):
    part = explore(desk, qtbot)
    before = part.state.z
    row = part.controls.sliders.rows()[0]
    qtbot.keyClick(row, Qt.Key.Key_End)
    settled(part, qtbot)
    assert part.state.z[0] == 3 and part.state.z[1:] == before[1:]
    assert np.array_equal(seen(part), expected(part.state.z))
    part.page.undo()
    settled(part, qtbot)
    assert part.state.z == before and np.array_equal(seen(part), expected(before))
    assert part.page.views.value() == "explore", "one change at a time"
    part.page.redo()
    assert part.state.z[0] == 3


def test_undo_asks_no_generator_for_the_code_of_another(desk, qtbot):
    part = explore(desk, qtbot)
    page = part.page
    qtbot.keyClick(part.controls.sliders.rows()[0], Qt.Key.Key_End)
    page.controls.set_value(dataclasses.replace(page.run.settings(), latent_dim=2))
    page.start_run()
    qtbot.waitUntil(lambda: page.run.iteration == SHORT)
    settled(part, qtbot)
    part.controls.random_wanted.emit()
    settled(part, qtbot)
    for _ in range(4):
        page.undo()
        settled(part, qtbot)
    asked = [request for request in desk.session.requests if isinstance(request, api.PeekRequest)]
    latents = {run.place: run.settings().latent_dim for run in (page.run, page.player.away)}
    assert {len(request.z[0]) for request in asked} <= set(latents.values())
    assert all(len(request.z[0]) == latents[request.place] for request in asked)


def test_looking_back_shows_the_same_code_by_the_generator_of_then(desk, qtbot):
    part = explore(desk, qtbot)
    page = part.page
    page.step(-1)
    settled(part, qtbot)
    back = page.run.history.shown().iteration
    assert desk.session.peeks()[-1].iteration == back
    assert (
        part.view.when.text() == f"As the generator was at iteration {back // 10 * 10}, the nearest kept before {back}."
    )
    assert desk.session.peeks()[-1].z == desk.session.peeks()[0].z
    assert desk.session.peeks(7)[-1].iteration == back
    page.tempo.scrubbed.emit(len(page.run.history))
    settled(part, qtbot)
    assert desk.session.peeks()[-1].iteration == api.NOW


def test_what_was_seen_of_the_past_is_there_again_at_once(desk, qtbot):
    part = explore(desk, qtbot)
    page, there = part.page, {}

    def shown() -> tuple[bytes, str, list[Any]]:
        return seen(part).tobytes(), part.view.when.text(), part.view.strip._images

    for _ in range(2):
        page.step(-1)
        settled(part, qtbot)
        there[part.iteration()] = shown()
    assert len({when for _, when, _ in there.values()}) == 2
    many = len(desk.session.requests)
    for step in (1, -1):
        page.step(step)
        part.show()
        assert part.is_drawn() and not any(part._asked.values()) and shown() == there[part.iteration()]
    assert len(desk.session.requests) == many
    part.random()
    assert not part.is_drawn()
    settled(part, qtbot)
    assert np.array_equal(seen(part), expected(part.state.z))


def test_the_same_code_is_drawn_again_as_the_weights_change(desk, qtbot):
    part = explore(desk, qtbot)
    many = len(desk.session.peeks())
    desk.session.limit = 40
    qtbot.waitUntil(lambda: part.page.run.iteration == 40)
    settled(part, qtbot)
    qtbot.waitUntil(lambda: part.view.when.text() == "As the generator is now, at iteration 40.")
    assert len(desk.session.peeks()) > many and len({request.z for request in desk.session.peeks()}) == 1


def test_nobody_looks_so_nothing_is_drawn(desk, qtbot):
    part = explore(desk, qtbot)
    part.page.views.segments.button("samples").click()
    many = len(desk.session.peeks())
    desk.session.limit = 40
    qtbot.waitUntil(lambda: part.page.run.iteration == 40)
    assert len(desk.session.peeks()) == many


def test_a_page_behind_another_asks_for_nothing(desk, qtbot):
    part = explore(desk, qtbot)
    part.toggle_walk()
    part.page.deactivate()
    assert not part.walk.is_going
    settle(desk, qtbot)
    many = len(desk.session.peeks())
    desk.session.limit = 40
    qtbot.waitUntil(lambda: part.page.run.iteration == 40)
    settle(desk, qtbot)
    assert len(desk.session.peeks()) == many
    part.page.activate()
    settled(part, qtbot)
    qtbot.waitUntil(lambda: part.view.when.text() == "As the generator is now, at iteration 40.")


def test_another_run_has_its_own_classes(desk, qtbot):
    desk.session.classes = tuple("0123456789")
    part = explore(desk, qtbot)
    part.controls.class_chosen.emit(-1)
    settled(part, qtbot)
    desk.session.classes = ()
    part.page.start_run()
    qtbot.waitUntil(lambda: part.page.run.iteration == SHORT)
    settled(part, qtbot)
    of_new = [r for r in desk.session.peeks() if r.place == part.page.run.place]
    assert of_new and {r.labels for r in of_new} == {()} and part.controls._class_row.isHidden()


def test_truncation_pulls_the_code_to_the_mean_and_the_sliders_stay(desk, qtbot):
    part = explore(desk, qtbot)
    z = part.state.z
    part.controls.psi.set_value(0.5)
    part.controls.psi.moved.emit(0.5)
    settled(part, qtbot)
    assert desk.session.peeks()[-1].z[0] == pytest.approx(0.5 * np.array(z)) and part.state.z == z
    assert desk.session.peeks(7)[-1].z[-1] == pytest.approx(0.5 * np.array(part.state.b))


def test_the_strip_goes_from_a_to_b(desk, qtbot):
    part = explore(desk, qtbot)
    z = part.state.z
    part.page.random()
    part.controls.set_b.click()
    settled(part, qtbot)
    way = desk.session.peeks(7)[-1].z
    assert way[0] == pytest.approx(np.array(z)) and way[-1] == pytest.approx(np.array(part.state.z))
    lengths = np.linalg.norm(way, axis=1)
    assert np.allclose(np.diff(lengths), np.diff(lengths)[0], atol=1e-6), "an arc: lengths change evenly"
    part.view.strip.setFocus()
    qtbot.keyClick(part.view.strip, Qt.Key.Key_Home)
    settled(part, qtbot)
    assert part.state.z == pytest.approx(z) and part.view.strip.position() == 0


def test_a_locked_latent_stays_where_random_codes_go(desk, qtbot):
    part = explore(desk, qtbot)
    before = part.state.z
    part.controls.sliders.lock_wanted.emit("z3")
    part.page.random()
    assert part.state.z[2] == before[2] and part.state.z[1] != before[1]
    assert part.controls.sliders.rows()[2].is_locked()


def test_the_walk_wanders_and_stays_where_it_has_come_to(desk, qtbot):
    part = explore(desk, qtbot)
    before = part.state.z
    qtbot.keyClick(part.view.stage, Qt.Key.Key_W)
    assert part.controls.walk.isChecked()
    qtbot.waitUntil(lambda: len({request.z for request in desk.session.peeks()}) > 3)
    part.controls.walk.click()
    after = part.state.z
    settled(part, qtbot)
    assert after != before and np.array_equal(seen(part), expected(part.state.z)) and not part.walk.is_going
    part.page.undo()
    assert part.state.z == before


def test_who_leaves_stops_the_walk(desk, qtbot):
    part = explore(desk, qtbot)
    part.toggle_walk()
    part.page.show_model("mnist-dcgan")
    qtbot.waitUntil(lambda: not part.walk.is_going)
    assert not part.controls.walk.isChecked()


def test_all_classes_stand_beside_each_other_and_a_click_chooses_one(desk, qtbot):
    desk.session.classes = tuple("0123456789")
    part = explore(desk, qtbot)
    assert part.controls.classes.count() == 11
    part.controls.class_chosen.emit(-1)
    settled(part, qtbot)
    asked = desk.session.peeks(10)[-1]
    assert asked.labels == tuple(range(10)) and len(set(asked.z)) == 1 and len(seen(part)) == 10
    part.view.stage.cell_clicked.emit(7)
    settled(part, qtbot)
    assert desk.session.peeks()[-1].labels == (7,) and len(seen(part)) == 1
    part.page.stage.cell_double_clicked.emit(13)
    settled(part, qtbot)
    assert desk.session.peeks()[-1].labels == (3,), "classes come in turn among the samples"


def test_without_classes_there_is_nothing_to_choose(desk, qtbot):
    part = explore(desk, qtbot)
    assert part.controls._class_row.isHidden() and desk.session.peeks()[-1].labels == ()


def test_what_fails_is_said_once_and_a_move_tries_again(desk, qtbot):
    desk.session.broken = True
    page = train_to(desk, qtbot, SHORT)
    part = explorer(page)
    page.views.segments.button("explore").click()
    qtbot.waitUntil(lambda: part._failed is not None)
    many = len(desk.session.peeks())
    part.show()
    assert len(desk.session.peeks()) == many and part.view.stage.pictures() is None
    desk.session.broken = False
    page.step(-1)
    settled(part, qtbot)
    assert np.array_equal(seen(part), expected(part.state.z)), "of another moment nothing is known to have failed"
    desk.session.broken = True
    page.random()
    qtbot.waitUntil(lambda: part._failed is not None)
    desk.session.broken = False
    page.random()
    settled(part, qtbot)
    assert np.array_equal(seen(part), expected(part.state.z))


def test_what_is_explored_is_remembered_and_foreign_values_are_not(desk, qtbot):
    part = explore(desk, qtbot)
    part.page.random()
    kept = part.page.parameters()["explore"]
    assert Explored.from_dict(kept) == part.state
    for bad in (None, {}, {**kept, "psi": 9.0}, {**kept, "a": kept["a"][:-1]}, {**kept, "locked": [100]}):
        assert Explored.from_dict(bad) is None
    assert Explored.from_dict({**kept, "z": [float("nan")] * len(kept["z"])}) is None


def test_the_picture_follows_a_hand_that_is_faster_than_the_training(desk, qtbot):
    part = explore(desk, qtbot)
    part.random()
    left = part._asked["peek"]
    part.random()
    part.handle("peek", api.PeekedEvent(left, expected(left.z[0]), 0.4, 25))
    assert np.array_equal(seen(part), expected(left.z[0])) and part._asked["peek"] is not None
    settled(part, qtbot)
    assert np.array_equal(seen(part), expected(part.state.z))
