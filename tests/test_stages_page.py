"""Slow motion in the window: the list of stages, single steps, turns of one player, and what is said of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeSession
from gan_desk import gan_desk
from page_desk import Desk
from points_desk import Noted

from genstudio import api
from genstudio.settings import PointGANSettings
from genstudio.ui.game import stage_words as words
from genstudio.ui.game.stages import SlowMotion
from genstudio.ui.game.view import NEW
from genstudio.ui.points.page import PointsPage
from genstudio.ui.tabs.run_words import marks

TINY = PointGANSettings(hidden=8, batch_size=16, r1=0.1)


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path) -> Iterator[Desk]:
    session = Noted(tmp_path)
    made = Desk(PointsPage, session)
    qtbot.addWidget(made.page)
    made.open(session.handle(api.CatalogRequest()).catalog)
    made.page.controls.set_value(TINY)
    yield made
    made.close()


@pytest.fixture
def part(desk: Desk) -> SlowMotion:
    return next(part for part in desk.page.parts if isinstance(part, SlowMotion))


def begin(desk: Desk, qtbot: Any, part: SlowMotion) -> PointsPage:
    """A run in slow motion that waits after its first moment."""
    page: PointsPage = desk.page
    part.switch.setChecked(True)
    page.player.set_wait(1000.0)
    page.start_run()
    qtbot.waitUntil(lambda: page.run.shown() is not None, timeout=60_000)
    page.player.set_running(False)
    qtbot.waitUntil(part.turns["both"].isEnabled)  # the page is drawn anew a moment after what came
    return page


def go(page: PointsPage, qtbot: Any, stages: int) -> None:
    for _ in range(stages):
        before = page.run.stages
        page.step(1)
        qtbot.waitUntil(lambda before=before: page.run.stages != before, timeout=30_000)


def states(part: SlowMotion) -> list[str]:
    return [row.state for row in part.list.rows if not row.isHidden()]


def test_a_step_is_a_stage_and_its_numbers_stand_in_the_list(desk: Desk, part: SlowMotion, qtbot: Any) -> None:
    page = begin(desk, qtbot, part)
    assert states(part) == ["next"] * 7 and part.where.text() == "Next: iteration 1, stage 1."
    go(page, qtbot, 3)
    qtbot.waitUntil(lambda: states(part) == ["done", "done", "now", *["next"] * 4])
    score = page.run.stages[-1].numbers
    row = part.list.rows[2]
    assert f"= <b>{words.value(score['d_loss'])}</b>" in row.formula.text() and "L<sub>D</sub> = " in row.formula.text()
    assert row.values.text() == f"D(x) {words.value(score['d_real'])} · D(G(z)) {words.value(score['d_fake'])}"
    assert row.accessibleName() == "3, D judges both: now" and "probability" in row.toolTip()
    assert part.where.text() == "Iteration 1, stage 3 of 7." and page.run.iteration == 0
    assert page.controls.one_step.toolTip() == words.STAGE_HELP
    go(page, qtbot, 4)
    qtbot.waitUntil(lambda: part.where.text() == "Iteration 1 is done.")
    assert page.run.iteration == 1 and page.run.shown().iteration == 1


def test_leaving_finishes_the_iteration_and_the_tempo_is_as_before(desk: Desk, part: SlowMotion, qtbot: Any) -> None:
    page = begin(desk, qtbot, part)
    assert page.tempo.speed == 1.0
    go(page, qtbot, 2)
    part.switch.click()
    qtbot.waitUntil(lambda: page.run.iteration == 1, timeout=30_000)
    assert page.run.state == "paused" and page.tempo.speed == 0.0
    assert page.controls.one_step.toolTip() == words.ITERATION_HELP
    page.step(1)
    qtbot.waitUntil(lambda: page.run.iteration == 2, timeout=30_000)
    assert part.list.isHidden()


def test_turns_that_are_pressed_fast_are_all_taken(desk: Desk, part: SlowMotion, qtbot: Any) -> None:
    page = begin(desk, qtbot, part)
    qtbot.waitUntil(part.turns["both"].isEnabled)
    for learner in ("d", "g", "d", "both"):
        part.turns[learner].click()
    qtbot.waitUntil(lambda: page.run.iteration == 4, timeout=30_000)
    asked = [request.learner for request in desk.session.requests if isinstance(request, api.TurnRequest)]
    assert asked == ["d", "g", "d", "both"] and page.run.settings() == TINY
    made = [(c.iteration, c.name, c.value) for c in page.run.changes if c.name != api.THREADS]
    assert made[0] == (0, "g_updates", 0.0) and made[-1] == (3, "g_updates", 1.0)
    part.turns["g"].click()
    qtbot.waitUntil(lambda: part.where.text() == "Iteration 5: G learned alone.", timeout=30_000)
    assert states(part)[-2:] == ["done", "now"] and states(part)[:5] == ["next"] * 5


def test_a_turn_of_a_run_that_has_broken_begins_no_other(desk: Desk, part: SlowMotion, qtbot: Any) -> None:
    page = begin(desk, qtbot, part)
    broken, part._waiting = page.run, ["d"]
    broken.set_state("failed")
    part.handle("turn", api.TurnEvent("d", broken.place))
    assert page.run is broken and broken.state == "failed" and not part._waiting


def test_a_change_in_the_middle_ends_the_iteration_in_the_list_too(desk: Desk, part: SlowMotion, qtbot: Any) -> None:
    page = begin(desk, qtbot, part)
    go(page, qtbot, 3)
    page.controls.set_value(dataclasses.replace(TINY, lr_g=1e-4))
    page.tune()
    qtbot.waitUntil(lambda: part.where.text() == "Iteration 1 is done.", timeout=30_000)
    assert "now" not in states(part)


def test_looking_back_greys_it_with_a_reason(desk: Desk, part: SlowMotion, qtbot: Any) -> None:
    page = begin(desk, qtbot, part)
    go(page, qtbot, 7)
    page._scrubbed(0)
    assert not part.switch.isEnabled() and not part.list.isEnabled() and states(part) == ["next"] * 7
    reason = "This is iteration 0 of the past. Go to the newest to go on by stages."
    assert part.where.text() == reason == part.turns["d"].toolTip() and not part.turns["d"].isEnabled()
    page._scrubbed(len(page.run.history))
    assert part.switch.isEnabled() and part.turns["d"].toolTip() == words.ALONE["d"][1]


def test_before_a_run_there_is_nobody_to_take_a_turn(desk: Desk, part: SlowMotion) -> None:
    assert part.list.isHidden() and not part.turns["d"].isEnabled()
    assert part.turns["d"].toolTip() == "Begin a run first." and part.switch.isEnabled()
    part.switch.click()
    assert not part.list.isHidden() and len(states(part)) == 7


def test_it_is_asked_for_both_places_of_the_page(desk: Desk, part: SlowMotion, qtbot: Any) -> None:
    part.switch.click()
    part.switch.click()
    qtbot.waitUntil(lambda: api.SlowRequest((4, 5), False) in desk.session.requests)


def test_a_critic_scores() -> None:
    line = words.TITLES
    score = next(one for one in words_lines(loss="wasserstein") if one.name == "score")
    assert words.title(score, True) == "D scores both" and words.title(score, False) == line["score"]
    assert "scores" in words.help_of(score, True) and "probability" not in words.help_of(score, True)
    assert words.formula(score, {"d_loss": -0.25}) == "L<sub>D</sub> = E[D(G(z))] − E[D(x)] = <b>−0.25</b>"


def words_lines(**rules: Any) -> Any:
    from genstudio.api.stages import lines

    return lines(dataclasses.replace(TINY, **rules))


def test_a_turn_is_one_discreet_mark() -> None:
    changes = (api.Change(5, "g_updates", 0), api.Change(6, "g_updates", 3), api.Change(9, "g_updates", 2))
    settings = dataclasses.replace(TINY, g_updates=3)
    assert marks(PointGANSettings, changes, settings) == ((5.0, "D alone"), (9.0, "Updates G 2"))


def test_play_goes_stage_by_stage_and_survives_a_pause(desk: Desk, part: SlowMotion, qtbot: Any) -> None:
    page = begin(desk, qtbot, part)
    page.player.set_wait(0.001)
    page.toggle_play()
    qtbot.waitUntil(lambda: page.run.iteration >= 1 and len(page.run.stages) in (2, 3, 4), timeout=60_000)
    page.toggle_play()
    assert page.run.state == "paused" and part.is_slow
    page.player.set_wait(1000.0)
    assert is_quiet(desk, qtbot)
    before = page.run.stages[-1].number
    go(page, qtbot, 1)
    assert page.run.stages[-1].number == before % 7 + 1


def is_quiet(desk: Desk, qtbot: Any) -> bool:
    """What was under way has come."""
    heard: list[str] = []
    desk.bridge.event.connect(lambda slot, event: heard.append(slot))
    desk.bridge.submit("train", "points.settle", api.CatalogRequest())
    qtbot.waitUntil(lambda: "points.settle" in heard, timeout=30_000)
    return True


def test_a_network_that_walks_has_no_stages(qtbot: Any) -> None:
    desk = gan_desk(FakeSession())
    qtbot.addWidget(desk.page)
    page = desk.open()
    part = next(part for part in page.parts if isinstance(part, SlowMotion))
    assert page.is_walking and not part.switch.isEnabled() and not part.turns["both"].isEnabled()
    assert part.where.text() == "This network walks. Train one to see its stages." == part.switch.toolTip()
    page.picker.chosen.emit(NEW)
    assert part.switch.isEnabled() and part.where.isHidden() and part.turns["both"].toolTip() == "Begin a run first."
    desk.close()
