"""Changes on the way: branches from a step, the brush, the tree that one returns to, and files that carry them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from diffusion_desk import paused, played
from fakes import FakeSession
from page_desk import Desk, asked
from PySide6.QtCore import QPoint, Qt

from genstudio import api
from genstudio.api import Change
from genstudio.api.brush import Stroke, text_of
from genstudio.ui.diffusion.branches import MOST, Tree, asked_from, touched_at, way_at, words_of
from genstudio.ui.diffusion.branches_controls import ALONG, BESIDE
from genstudio.ui.diffusion.controls import FIRST
from genstudio.ui.diffusion.page import DiffusionTab

TRUNK = api.DenoiseRequest("mnist-ddpm", 7, 10, -1, "ddpm", 12, 1.5)


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = Desk(DiffusionTab, FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def end_of(page: DiffusionTab) -> np.ndarray:
    return page.steps[-1].layers["x_t"]


def forked(desk: Desk, qtbot: Any, step: int = 4) -> DiffusionTab:
    """A trunk of 12 steps, and a branch with guidance 4 from a step on."""
    page = paused(desk, qtbot, 12)
    page._scrubbed(step)
    page.controls.guidance.setValue(4.0)
    played(page, qtbot)
    return page


# ---- the tree alone -------------------------------------------------------------------------------------


def test_what_is_asked_for_at_a_step_is_that_of_the_changes_until_there():
    changes = (Change(3, "guidance", 4.0), Change(3, "steps", 5.0), Change(5, "noise", 2.0), Change(6, "label", 1.0))
    process = dataclasses.replace(TRUNK, changes=changes)
    assert way_at(process, 2) == dataclasses.replace(TRUNK, steps=10)
    assert way_at(process, 3) == dataclasses.replace(TRUNK, guidance=4.0, steps=5)
    assert way_at(process, 6) == dataclasses.replace(TRUNK, guidance=4.0, label=1, steps=4)


def test_a_form_becomes_changes_after_what_is_done_to_the_picture():
    painted = touched_at(TRUNK, 4, Change(4, "paint", "[1]"))
    wanted = dataclasses.replace(way_at(painted, 4), guidance=3.0)
    both = asked_from(painted, 4, wanted)
    assert both.changes == (Change(4, "paint", "[1]"), Change(4, "guidance", 3.0))
    assert touched_at(both, 4, Change(4, "noise", 1.0)).changes[1] == Change(4, "noise", 1.0)
    assert asked_from(both, 4, dataclasses.replace(wanted, guidance=1.5)) == painted, "back as it was"
    assert asked_from(both, 2, way_at(both, 2)) == TRUNK, "later changes go"


def test_a_tree_is_told_in_plain_values_and_stays_small():
    tree = Tree.of(dataclasses.replace(TRUNK, changes=(Change(3, "guidance", 4.0), Change(5, "label", 2))))
    assert [(b.first, b.parent) for b in tree.branches] == [(0, -1), (3, 0), (5, 1)] and tree.here == 2
    again = Tree.from_values(TRUNK, json.loads(json.dumps(tree.to_values())), 2)
    assert again == tree
    for wrong in ([[5, 3, []]], [[0, 0, []]], [[0, 3, [[3, "model", "x"]]]], [[0, 3, [[3, "eta", "x"]]]], "no", [[1]]):
        assert len(Tree.from_values(TRUNK, wrong, 1).branches) == 1
    assert tree.without(1) == Tree((tree.trunk,), 0)
    for k in range(3 * MOST):
        tree = tree.at(0).forked(asked_from(TRUNK, 3, dataclasses.replace(way_at(TRUNK, 3), guidance=k / 4)), 3)
    assert len(tree.branches) == MOST and tree.shown.process.changes[0].value == (3 * MOST - 1) / 4


def test_a_branch_from_before_a_branch_leaves_what_that_one_leaves():
    tree = Tree.of(dataclasses.replace(TRUNK, changes=(Change(6, "guidance", 4.0),)))
    assert tree.parent_at(3) == 0 and tree.parent_at(6) == 0 and tree.parent_at(8) == 1


@pytest.mark.parametrize(
    ("strokes", "said"),
    [
        ([(-1, 1.0)], "light on all"),
        ([(0, 0.0)], "dark on one"),
        ([(-1, None)], "erased on all"),
        ([(-1, 1.0), (-1, 1.0), (-1, 0.0)], "2 light, dark on all"),
        ([(-1, 1.0), (4, None), (2, None), (-1, 0.0)], "light, dark on all, 2 erased on one"),
    ],
)
def test_strokes_are_called_by_what_they_do_and_to_how_many_pictures(strokes, said):
    texts = [text_of(Stroke(picture, grey, 0.1, ((0.5, 0.5),))) for picture, grey in strokes]
    assert words_of([Change(20, "paint", text) for text in texts], (), {}) == said


def test_changes_in_words():
    changes = [Change(3, "paint", "x"), Change(3, "paint", "y"), Change(3, "label", 7.0), Change(3, "eta", 0.5)]
    assert words_of(changes, "0123456789", {}) == "2 painted on some, class 7, η 0.5"
    assert (
        words_of([Change(3, "sampler", "ddim"), Change(3, "steps", 1.0)], (), {"ddim": "DDIM"}) == "DDIM, 1 more step"
    )


# ---- changes from a step --------------------------------------------------------------------------------


def test_a_setting_changed_in_the_middle_makes_a_branch_that_shares_the_steps_before(desk, qtbot):
    page = paused(desk, qtbot, 12)
    trunk = page.steps.values()
    page._scrubbed(4)
    assert page.branching.start.value() == "here" and "from this step" in page.caption.markup()
    page.controls.guidance.setValue(4.0)
    assert page.player.is_playing
    played(page, qtbot)
    assert page.player.request == dataclasses.replace(trunk_of(page), changes=(Change(4, "guidance", 4.0),))
    assert asked(desk, api.BranchRequest)[0] == api.BranchRequest(page.player.request, 4)
    assert all(a is b for a, b in zip(trunk[:4], page.steps.values(), strict=False))
    assert not np.array_equal(trunk[-1].layers["x_t"], end_of(page))
    assert [entry.title for entry in page.branching.list.entries] == ["trunk", "4: guidance 4"]
    qtbot.waitUntil(lambda: "differ from those of the trunk" in page.caption.markup())


def trunk_of(page: DiffusionTab) -> api.DenoiseRequest:
    assert page.tree is not None
    return page.tree.trunk.process


def test_the_same_setting_again_counts_from_the_same_step(desk, qtbot):
    page = paused(desk, qtbot, 12)
    page._scrubbed(4)
    for value in (2.0, 3.0, 4.0):  # as the arrows of a box do
        page.controls.guidance.setValue(value)
    assert len(page.tree.branches) == 2 and page.player.request.changes == (Change(4, "guidance", 4.0),)
    played(page, qtbot)
    page.controls.guidance.setValue(5.0)
    assert len(page.tree.branches) == 3, "what was played to its end stays"
    assert [b.parent for b in page.tree.branches] == [-1, 0, 0]
    played(page, qtbot)


def test_from_the_noise_makes_everything_anew(desk, qtbot):
    page = paused(desk, qtbot, 12)
    page._scrubbed(4)
    page.branching.start.button("noise").click()
    page.controls.guidance.setValue(4.0)
    assert page.player.request == dataclasses.replace(FIRST, model="mnist-ddpm", steps=12, guidance=4.0)
    assert len(page.tree.branches) == 1
    played(page, qtbot)
    page._scrubbed(4)
    page.controls.steps.setValue(3)
    assert page.player.request.changes == (Change(4, "steps", 3),)
    page.controls.seed.setValue(99)
    assert page.player.request == dataclasses.replace(trunk_of(page), seed=99) and page.player.request.steps == 12


def test_the_form_shows_what_is_asked_for_from_that_step(desk, qtbot):
    page = forked(desk, qtbot)
    assert page.controls.guidance.value() == 4.0 and page.controls.steps.value() == 8
    assert page.controls.rows["steps"].label.text() == "Steps left"
    assert page.controls.rows["guidance"].reset.isVisible()
    page._scrubbed(2)
    assert page.controls.guidance.value() == FIRST.guidance and page.controls.steps.value() == 10
    page._scrubbed(0)
    assert page.branching.start.value() == "noise" and page.controls.steps.value() == 12
    assert page.controls.rows["steps"].label.text() == "Steps"


def test_going_on_unchanged_repeats_the_trunk_bit_for_bit(desk, qtbot):
    page = paused(desk, qtbot, 12)
    trunk = page.steps.values()
    page._scrubbed(5)
    page.branching.repeat.click()
    played(page, qtbot)
    assert page.tree.here == 1 and page.player.request == trunk_of(page)
    assert page.steps[-1] is not trunk[-1], "it was computed again"
    assert np.array_equal(end_of(page), trunk[-1].layers["x_t"])
    assert "identical to that of the trunk" in page.caption.markup()
    assert page.branching.list.entries[1].title == "5: unchanged"


# ---- the picture of a step ------------------------------------------------------------------------------


def stroke(page: DiffusionTab, qtbot: Any, cell: int = 0) -> None:
    box = page.stage.cell_rect(cell)
    start, end = box.center(), box.center() + QPoint(box.width() // 4, 0)
    qtbot.mousePress(page.brush, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(page.brush, end)
    qtbot.mouseRelease(page.brush, Qt.MouseButton.LeftButton, pos=end)


def test_strokes_are_changes_of_one_branch_and_undo_takes_the_last(desk, qtbot):
    page = paused(desk, qtbot, 12)
    page._scrubbed(6)
    page.remember()
    page.branching.tools.button("dark").click()
    page.branching.targets.button("one").click()
    assert page.brush.isVisible()
    for cell in (0, 3):
        before = page.steps.shown()
        stroke(page, qtbot, cell)
        qtbot.waitUntil(lambda before=before: page.steps.shown() is not before and page.steps.shown().index == 6)
        assert not page.player.is_playing
    strokes = [json.loads(change.value) for change in page.player.request.changes]
    assert [(s[0], s[1]) for s in strokes] == [(0, 0.0), (3, 0.0)]
    assert strokes[0][3] == pytest.approx([0.5, 0.5], abs=0.02)
    assert len(page.tree.branches) == 2 and page.branching.list.entries[1].title == "6: 2 dark on one"
    painted = page.steps.shown().layers["x_t"]
    assert page.undo()
    assert len(page.player.request.changes) == 1
    qtbot.waitUntil(lambda: not np.array_equal(page.steps.shown().layers["x_t"], painted))
    assert page.steps.shown().index == 6
    page.toggle_play()
    played(page, qtbot)
    assert not page.brush.isVisible(), "there is nothing to paint on at the end"


def test_keys_make_the_brush_wider(desk, qtbot):
    page = paused(desk, qtbot)
    page._scrubbed(2)
    page.branching.tools.button("erase").click()
    before = page.brush.radius
    qtbot.keyClicks(page, "]")
    assert page.brush.radius == pytest.approx(before * 1.25)
    qtbot.keyClicks(page, "[[")
    assert page.brush.radius == pytest.approx(before / 1.25)


def test_noise_is_put_back_for_some_steps(desk, qtbot):
    page = paused(desk, qtbot, 12)
    page._scrubbed(8)
    page.branching.noise.setValue(3)
    page.branching.put_back.click()
    assert page.player.request.changes == (Change(8, "noise", 3.0),)
    qtbot.waitUntil(lambda: page.player.count == 15)
    assert page.steps.shown().index == 8 and not page.player.is_playing
    page.toggle_play()
    played(page, qtbot)
    assert page.steps[-1].index == 15 and page.tempo._count == 16


def test_noise_is_put_back_again_as_far_up_as_there_is_more(desk, qtbot):
    page = paused(desk, qtbot, 12)
    page._scrubbed(4)
    page.branching.noise.setValue(3)
    page.branching.put_back.click()
    page.toggle_play()
    played(page, qtbot)
    page._scrubbed(5)  # where step 2 was: two steps had more noise
    page.branching.noise.setValue(5)
    assert page.branching.noise.value() == 2 and page.branching.put_back.isEnabled()
    page.branching.put_back.click()
    page.toggle_play()
    played(page, qtbot)
    shown = page.steps.values()
    assert page.player.count == shown[-1].index == 12 + 3 + 2 and shown[5].t == shown[0].t
    page._scrubbed(5)
    assert not page.branching.put_back.isEnabled() and "more noise" in page.branching.put_back.toolTip()


def test_of_a_way_that_is_thinned_noise_is_put_back_over_the_steps_that_are_gone_too(desk, qtbot, monkeypatch):
    monkeypatch.setattr("genstudio.ui.diffusion.branches.size_of", lambda step: 20_000_000)
    page = paused(desk, qtbot, 12)
    assert len(page.steps) < 6, "few are kept"
    page._scrubbed(8)
    assert page.most_noise == page.steps.shown().index == 8 and page.branching.noise.maximum() == 8


# ---- the tree -------------------------------------------------------------------------------------------


def test_one_returns_to_a_branch_without_computing(desk, qtbot):
    page = forked(desk, qtbot)
    branch = end_of(page)
    qtbot.waitUntil(lambda: "differ from" in page.caption.markup())
    requests = len(desk.session.requests)
    page.branching.list.chosen.emit(0)
    assert page.steps.shown().index == 12 and not np.array_equal(end_of(page), branch)
    page.branching.list.chosen.emit(1)
    assert np.array_equal(end_of(page), branch) and len(desk.session.requests) == requests
    assert page.undo() and page.tree.here == 0
    assert page.redo() and page.tree.here == 1


def test_a_branch_that_was_left_goes_on_where_it_was(desk, qtbot):
    page = paused(desk, qtbot, 12)
    page._scrubbed(4)
    page.controls.guidance.setValue(4.0)
    qtbot.waitUntil(lambda: page.steps.shown().index >= 6)
    page.toggle_play()
    page.branching.list.chosen.emit(0)
    page.branching.list.chosen.emit(1)
    page.toggle_play()
    played(page, qtbot)
    assert [step.index for step in page.steps.values()] == list(range(13))


def test_delete_removes_a_branch_and_undo_brings_it_back(desk, qtbot):
    page = forked(desk, qtbot)
    page.branching.list.setCurrentRow(1)
    qtbot.keyClick(page.branching.list, Qt.Key.Key_Delete)
    assert len(page.tree.branches) == page.branching.list.count() == 1 and not page.branching.beside.isEnabled()
    assert page.undo()
    assert page.player.request.changes == (Change(4, "guidance", 4.0),)
    qtbot.keyClick(page.branching.list, Qt.Key.Key_Delete)
    assert len(page.tree.branches) == 1


def test_the_trunk_stands_beside_a_branch_at_the_same_step(desk, qtbot):
    page = paused(desk, qtbot, 12)
    trunk = page.steps.values()
    page._scrubbed(4)
    page.controls.guidance.setValue(4.0)
    played(page, qtbot)
    page._scrubbed(9)
    qtbot.keyClicks(page, "t")
    count = page.stage.columns()
    shown = page.stage.pictures()
    assert len(shown) == 3 * count and page.stage._row_titles == ["branch", "trunk", "difference"]
    assert np.array_equal(shown[:count, ..., :1], page.steps.shown().layers["x_t"][:count])
    assert np.array_equal(shown[count : 2 * count, ..., :1], trunk[9].layers["x_t"][:count])
    assert shown[2 * count :].any()
    page.view.enlarge(1)
    assert len(page.stage.pictures()) == 3
    qtbot.keyClicks(page, "t")
    assert len(page.stage.pictures()) == 1


def branched(desk, qtbot):
    """At step 9 of a branch from step 4."""
    page = paused(desk, qtbot, 12)
    page._scrubbed(4)
    page.controls.guidance.setValue(4.0)
    played(page, qtbot)
    page._scrubbed(9)
    return page


def test_where_the_trunk_cannot_stand_beside_it_is_said_why(desk, qtbot):
    page = paused(desk, qtbot, 12)
    box = page.branching.beside
    assert not box.isEnabled() and "no branch yet" in box.toolTip()
    page._scrubbed(4)
    page.controls.guidance.setValue(4.0)
    played(page, qtbot)
    assert box.isEnabled() and box.toolTip() == BESIDE
    for view in ("path", "matrix"):
        page.show_view(view)
        assert not box.isEnabled() and box.toolTip() == ALONG
        qtbot.keyClicks(page, "t")
        assert desk.messages[-1] == ALONG and not box.isChecked()
    page.show_view("map")
    assert box.isEnabled()
    page.show_branch(0)
    assert not box.isEnabled() and "choose a branch" in box.toolTip()


def test_beside_the_map_the_trunk_stands_at_the_right_of_each_picture(desk, qtbot):
    page = branched(desk, qtbot)
    page.show_view("map")
    page.view.follow(1)
    qtbot.keyClicks(page, "t")
    shown, step = page.stage.pictures(), page.steps.shown()
    many = len(shown) // 3
    assert page.stage.columns() == 3 and many >= 3
    assert np.array_equal(shown[::3, ..., :1], step.layers["x_t"][:many])
    assert np.array_equal(shown[1::3, ..., :1], page.view.trunk.layers["x_t"][:many])
    assert page.view.followed == 1 and page.stage.selected() == 3, "the same picture is framed"
    assert [page.view.picture_of(cell) for cell in range(5)] == [0, -1, -1, 1, -1], "and only its own are painted on"
    page.stage.cell_clicked.emit(7)
    assert page.view.followed == 2
    page.show_view("all")
    assert page.view.followed == 2 and page.stage.columns() == len(page.stage.pictures()) // 3
    qtbot.keyClicks(page, "t")
    assert page.view.followed == 2 == page.stage.selected()


def many_branched(desk, qtbot):
    """The same with more pictures than there is room for beside the trunk."""
    desk.page.controls.count.setValue(40)
    return branched(desk, qtbot)


def test_a_picture_that_has_no_room_beside_the_trunk_frames_no_other_one(desk, qtbot):
    page = many_branched(desk, qtbot)
    page.view.follow(35)
    qtbot.keyClicks(page, "t")
    assert page.stage.columns() <= 35 and page.view.followed == page.stage.selected() == -1
    page.show_view("map")
    page.view.follow(35)
    assert len(page.stage.pictures()) // 3 <= 35 and page.view.followed == 35, "on the map it is to be seen"
    assert page.stage.selected() == -1


def test_with_less_room_beside_the_trunk_the_same_picture_is_framed(desk, qtbot):
    page = many_branched(desk, qtbot)
    qtbot.keyClicks(page, "t")
    page.resize(1900, 900)
    qtbot.waitUntil(lambda: 15 < page.stage.columns() < 40)
    wide = page.stage.columns()
    page.stage.cell_clicked.emit(wide + 2)
    assert page.view.followed == 2
    page.resize(1100, 700)
    qtbot.waitUntil(lambda: page.stage.columns() < wide)
    assert page.view.followed == page.stage.selected() == 2


@pytest.mark.parametrize(("size", "most"), [((1410, 800), 10), ((1024, 698), 5)])
def test_beside_the_map_the_three_are_twice_as_large_in_any_window(desk, qtbot, size, most):
    page = branched(desk, qtbot)
    page.show_view("map")
    qtbot.keyClicks(page, "t")
    page.resize(*size)
    qtbot.waitUntil(lambda: page.stage.columns() == 3 and 4 <= len(page.stage.pictures()) // 3 <= most)
    qtbot.waitUntil(lambda: page.stage.zoom() >= 2)


def test_a_trunk_that_was_left_on_the_way_is_played_for_the_comparison(desk, qtbot):
    page = desk.open()
    page.controls.steps.setValue(12)
    qtbot.waitUntil(lambda: page.steps.position >= 4)
    page.toggle_play()
    page.controls.guidance.setValue(4.0)
    played(page, qtbot)
    qtbot.waitUntil(lambda: "differ" in page.caption.markup())
    assert page.shelf.kept(page.tree.trunk)[-1].index == 12


def test_a_page_that_is_left_compares_when_one_returns(desk, qtbot):
    page = desk.open()
    page.controls.steps.setValue(12)
    qtbot.waitUntil(lambda: page.steps.position >= 4)
    page.toggle_play()
    page.controls.guidance.setValue(4.0)
    page.deactivate()
    page.activate()
    played(page, qtbot)
    page.deactivate()
    assert not page._is_trunk_coming
    page.activate()
    qtbot.waitUntil(lambda: "differ" in page.caption.markup())


# ---- files and memory -----------------------------------------------------------------------------------


def test_a_file_of_a_branch_carries_its_changes_and_plays_them(desk, qtbot):
    page = forked(desk, qtbot)
    page._scrubbed(9)
    source = page.export_source()
    assert source.source.changes == (Change(4, "guidance", 4.0),) and source.frame == 9
    told = api.request_from_dict(json.loads(json.dumps(api.request_to_dict(source.source))))
    wanted = page.steps.shown().layers["x_t"]
    other = Desk(DiffusionTab, FakeSession())
    qtbot.addWidget(other.page)
    again = other.open()
    again.restore(api.RestoredEvent("f.png", told, api.GridLayout(), True, "", layer="x_t", frame=9))
    qtbot.waitUntil(lambda: again.steps.position == 9 and not again.player.is_playing)
    assert np.array_equal(again.steps.shown().layers["x_t"], wanted)
    assert again.player.request == source.source and len(again.tree.branches) == 2
    other.close()


def test_branches_survive_a_restart_of_the_window(desk, qtbot):
    page = forked(desk, qtbot)
    saved = json.loads(json.dumps(page.parameters()))
    other = Desk(DiffusionTab, FakeSession())
    qtbot.addWidget(other.page)
    other.page.set_parameters(saved)
    again = other.open()
    assert again.tree == page.tree and again.player.request == page.player.request
    played(again, qtbot)
    assert np.array_equal(end_of(again), end_of(page))
    other.close()


# ---- the stage ------------------------------------------------------------------------------------------


def test_a_double_click_enlarges_one_picture_and_again_shows_all(desk, qtbot):
    page = paused(desk, qtbot)
    page.stage.cell_double_clicked.emit(3)
    assert np.array_equal(page.stage.pictures(), page.steps.shown().layers["x_t"][3:4])
    page._scrubbed(2)
    assert np.array_equal(page.stage.pictures(), page.steps[2].layers["x_t"][3:4])
    page.stage.cell_double_clicked.emit(0)
    assert len(page.stage.pictures()) == FIRST.count


def test_the_matrix_fills_the_stage_with_pictures_over_steps(desk, qtbot):
    page = paused(desk, qtbot, 40)
    qtbot.keyClicks(page, "m")
    qtbot.waitUntil(lambda: not page.plot_frame.isVisible() and len(page.stage._row_titles) >= 7)
    columns, rows = page.stage.columns(), len(page.stage.pictures()) // page.stage.columns()
    assert columns >= 8 and rows >= 5
    assert page.stage._row_titles[:3] == ["0", "1", "2"] and page.stage._titles[-1] == "t = 0"
    page.stage.cell_clicked.emit(3)
    step = page.steps.shown()
    assert 0 < step.index < 40 and page.stage.selected() == 3
    assert page.branching.start.value() == "here" and page.start == step.index
    assert np.array_equal(page.stage.pictures()[3], step.layers["x_t"][0])


def test_a_step_that_comes_after_the_hand_stopped_is_the_one_from_which_changes_count(desk, qtbot):
    page = desk.open()
    qtbot.waitUntil(lambda: page.inside >= 2)
    page.player.set_playing(False)
    page.looked()
    here = page.start
    assert here == page.inside
    page.step(1)  # it is computed, so it comes later
    qtbot.waitUntil(lambda: page.inside > here)
    assert page.start == page.inside
    page._start_chosen("noise")
    page.step(1)
    now = page.inside
    qtbot.waitUntil(lambda: page.inside > now)
    assert page.start == page.inside, "the hand has gone on"


def test_escape_shows_all_pictures_again(desk, qtbot):
    page = paused(desk, qtbot)
    assert not page.leave_detail(), "there is nothing to leave"
    page.view.enlarge(2)
    qtbot.waitUntil(lambda: len(page.stage.pictures()) == 1)
    assert page.leave_detail()
    qtbot.waitUntil(lambda: len(page.stage.pictures()) == 10)
