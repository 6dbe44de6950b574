"""The mode Race in the window: two sides at one iteration, who is ahead, a broken side, and ways back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_desk import Desk, asked
from PySide6.QtGui import QFontMetricsF
from race_desk import BROKEN, NAMES, RaceFake

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import PointGANSettings
from genstudio.settings.drawings import Stroke, name_of_drawing
from genstudio.settings.duels import DUELS, PICTURES, POINTS, TWIN
from genstudio.ui.points.chooser import DRAW
from genstudio.ui.race.contest import Contest, name_of
from genstudio.ui.race.page import RacePage
from genstudio.ui.race.run import Pair, RaceRun
from genstudio.ui.race.words import caption
from genstudio.ui.tabs.training_run import Moment
from genstudio.ui.theme import theme


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = Desk(RacePage, RaceFake())
    qtbot.addWidget(made.page)
    made.open()
    made.page.remember()  # as the window does at its start
    yield made
    made.close()


def choose(desk: Desk, arena: str) -> RacePage:
    page: RacePage = desk.page
    page.data.arena_picker.set_value(arena)
    page.data.arena_picker.chosen.emit(arena)
    return page


def play_until(desk: Desk, qtbot: Any, iteration: int) -> RacePage:
    """Race so far, then pause."""
    page: RacePage = desk.page
    if not page.run.is_alive:
        page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration >= iteration and page.is_settled(), timeout=30_000)
    page.run_pressed()
    assert page.run.state == "paused"
    return page


def test_both_sides_are_seen_under_what_differs(desk: Desk, qtbot: Any) -> None:
    page = desk.page
    assert not page.stages.is_open and "Rate D 1e-3 against Rate D 0.01" in page.stages.stage._label.text()
    play_until(desk, qtbot, 11)
    assert page.stages.is_open
    assert [side.name.text() for side in page.stages.sides] == ["Rate D 1e-3", "Rate D 0.01"]
    (request,) = asked(desk, api.RaceRequest)
    assert request.left.settings == PointGANSettings()
    assert request.right.settings == PointGANSettings(lr_d=1e-2)
    fakes = [side.canvas._numbers["fake"] for side in page.stages.sides]
    assert not (fakes[0] == fakes[1]).all()


def test_the_caption_says_who_is_ahead_and_in_what(desk: Desk, qtbot: Any) -> None:
    page = play_until(desk, qtbot, 11)
    page.refresh()
    said = page.caption.text()
    assert "<b>Rate D 1e-3</b> is ahead" in said and "<b>0.20</b>" in said and "<b>1.10</b>" in said
    assert "It has found 8 of 8 islands, the other 4." in said
    assert "distance 0.20 ± 0.01" in page.stages.sides[0].numbers.text()


def test_what_reads_the_same_is_no_lead() -> None:
    request = api.RaceRequest(*(api.TrainRequest("point-gan", "ring", PointGANSettings(lr_d=r)) for r in (1e-3, 1)))
    run = RaceRun()
    run.request, run.names = request, ("a", "b")
    left, right = (
        Moment(9, np.zeros((1, 2, 2, 3), np.uint8), {}, {"wasserstein": np.float32([far, 1e-4])})
        for far in (0.891, 0.894)
    )
    assert "neither is ahead" in caption(run, Pair(9, left, right), is_twin=False)


def test_looking_back_shows_both_at_one_iteration(desk: Desk, qtbot: Any) -> None:
    page = desk.page
    page.run_pressed()
    qtbot.waitUntil(lambda: len(page.run.history) >= 3, timeout=30_000)
    assert (page.training(), page.pace()) == ("racing", "20 it/s")
    page.run_pressed()
    assert page.training() == ""
    page._scrubbed(0)
    pair = page.run.history.shown()
    assert pair is not None and pair.left.iteration == pair.right.iteration == pair.iteration
    assert f"Back at iteration <b>{pair.iteration:,}</b>" in page.caption.text()
    assert all(plot.panel.cursor_x() == pair.iteration for plot in page.plots.plots.values())
    page._word_clicked("live")
    assert page.run.history.is_live
    page._scrubbed(0)
    page.run_pressed()
    assert page.run.history.is_live, "who goes on sees what comes of it"
    page._scrubbed(0)
    page.run_pressed()
    assert not page.run.history.is_live, "who pauses sees what was looked at"


def test_the_curves_have_every_iteration_of_both(desk: Desk, qtbot: Any) -> None:
    page = play_until(desk, qtbot, 30)
    run = page.run
    for name, columns in (("losses", 4), ("verdict", 2)):
        buffer = run.curves[name]
        assert len(buffer) == run.iteration and buffer.last().shape == (columns,)
    assert run.curves["verdict"].last() == pytest.approx([0.25, 0.7])


def test_a_step_goes_on_by_one_iteration_of_both(desk: Desk, qtbot: Any) -> None:
    page = desk.page
    page.tempo.speed_picker.set_value(1.0)
    page.player.set_wait(1000.0)
    page.step_pressed()
    qtbot.waitUntil(lambda: len(page.run.history) == 1, timeout=30_000)
    before = page.run.iteration
    page.step(1)
    qtbot.waitUntil(lambda: page.run.iteration == before + 1, timeout=30_000)
    assert page.run.state == "paused"


def test_a_side_that_breaks_stays_and_the_other_goes_on(desk: Desk, qtbot: Any) -> None:
    page = desk.page
    page.controls.set_contest(Contest(PointGANSettings(), {"lr_d": 1e-3}, {"lr_d": 0.1}))
    play_until(desk, qtbot, BROKEN + 10)
    page.refresh()
    assert "<b>Rate D 0.1</b> has" in page.caption.text() and "<b>Rate D 1e-3</b> goes on" in page.caption.text()
    assert any("no longer a finite number" in said for said in desk.messages)
    pair = page.run.history.shown()
    assert pair is not None and pair.right.iteration < BROKEN <= pair.left.iteration


def test_the_scores_of_a_side_that_broke_are_its_last() -> None:
    request = api.RaceRequest(*(api.TrainRequest("point-gan", "ring", PointGANSettings(lr_d=r)) for r in (1e-3, 1)))
    run = RaceRun()
    run.request = request
    for iteration in range(1, 3000):
        rows = np.array([[1, 1, 0.5, 0.5]], np.float32)
        broken = np.array([[1, 1, -10.0 * iteration, 3]], np.float32) if iteration <= 3 else rows[:0]
        told = [
            api.TrainEvent(side, min(iteration, last), NAMES, row, (), 1.0)
            for side, row, last in ((request.left, rows, iteration), (request.right, broken, 3))
        ]
        run.take(api.RaceEvent(*told, ("", "It broke." if iteration > 3 else "")))
    assert run.scores_at() == run.scores_at(2000) == ((0.5, 0.5), (-30, 3))
    assert run.scores_at(1) != run.scores_at()


def test_a_twin_is_one_game_in_two_arenas(desk: Desk, qtbot: Any) -> None:
    page = choose(desk, TWIN)
    play_until(desk, qtbot, 6)
    (request,) = asked(desk, api.RaceRequest)
    assert (request.left.family, request.right.family) == ("point-gan", page.controls.family)
    for name in ("loss", "lr_d", "lr_g", "r1", "batch_size", "seed"):
        assert getattr(request.left.settings, name) == getattr(request.right.settings, name)
    left, right = page.stages.sides
    assert left._layers.currentWidget() is left.canvas and right._layers.currentWidget() is right.stage
    assert "on points" in page.caption.text()


def test_pictures_race_and_are_asked_to_be_measured(desk: Desk, qtbot: Any) -> None:
    page = choose(desk, PICTURES)
    play_until(desk, qtbot, 6)
    assert all(side.stage.pictures() is not None for side in page.stages.sides)
    qtbot.waitUntil(lambda: len(asked(desk, api.MeterRequest)) == 2, timeout=30_000)
    assert {request.place for request in asked(desk, api.MeterRequest)} == {6, 7}


@pytest.mark.parametrize("name", DUELS)
def test_every_race_of_the_gallery_could_begin(desk: Desk, name: str) -> None:
    from genstudio.session import race

    for arena in DUELS[name].sides:
        page = choose(desk, arena)
        for family in ("mlp-gan", "gan"):
            page.controls._kind_chosen(family)
            page.controls._gallery_chosen(name)
            assert page.controls.rivals.gallery.value() == name
            request = page.wanted()
            race.check(request)
            assert request.left.settings != request.right.settings


def test_another_setting_differs_with_values_worth_comparing(desk: Desk) -> None:
    page = desk.page
    page.controls.rivals.setting.chosen.emit("loss")
    contest = page.controls.contest
    assert contest.names() == ("non-saturating", "minimax")
    assert page.controls.form.rows["loss"].isHidden() and not page.controls.form.rows["lr_d"].isHidden()
    page.controls.rivals._forms[1].controls["loss"].chosen.emit("hinge")
    assert page.undo() and page.controls.contest.fields == ("lr_d",)
    assert page.redo() and page.controls.contest.fields == ("loss",)


def test_a_film_is_offered_before_it_is_made(desk: Desk, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genstudio.ui.race.files.race_film", lambda run: pytest.fail("nobody exports it"))
    page = play_until(desk, qtbot, 11)
    qtbot.waitUntil(page.tempo.film_action.isEnabled)
    page.reset()
    assert not page.tempo.film_action.isEnabled()


@pytest.mark.parametrize("give_up", [RacePage.reset, lambda page: page.stop("race")], ids=["reset", "cancel"])
def test_a_race_that_has_not_begun_is_given_up(desk: Desk, give_up: Any) -> None:
    page: RacePage = desk.page
    page.run_pressed()
    assert page.run.state == "running" and not len(page.run.history)
    give_up(page)
    assert page.run.state == "none" and page.controls.run.text() == "Race" and not page.stages.is_open
    assert not desk.offers, "there is nothing to bring back"


def test_a_race_put_away_comes_back_whole(desk: Desk, qtbot: Any) -> None:
    page = play_until(desk, qtbot, 11)
    before = page.run
    page.reset()
    assert not page.stages.is_open and page.run.state == "none"
    assert page.undo() and page.run is before and page.stages.is_open
    page.run_pressed()
    count = before.iteration
    qtbot.waitUntil(lambda: before.iteration > count, timeout=30_000)


@pytest.mark.parametrize("arena", [POINTS, PICTURES, TWIN])
def test_both_sides_are_exported_beside_each_other(desk: Desk, qtbot: Any, arena: str) -> None:
    page = choose(desk, arena)
    page.run_pressed()
    qtbot.waitUntil(lambda: len(page.run.history) >= 2, timeout=30_000)
    page.run_pressed()
    grid, film = page.export_source(), page.export_film_source()
    assert isinstance(grid, api.WritePicturesRequest) and isinstance(film, api.WritePicturesRequest)
    assert grid.films.shape[:2] == (1, 2) and grid.layout.columns == 2
    assert len(film.films) == len(page.run.history) and grid.films.any(axis=(2, 3, 4)).all() == (arena == PICTURES)


def test_nothing_is_offered_that_a_race_has_no_place_for(desk: Desk) -> None:
    points = desk.page.data.points
    assert points.picker.findData(DRAW) < 0 and points.edit.isHidden()
    before = points.name()
    assert not points.select(name_of_drawing([Stroke(((0.0, 0.0), (1.0, 1.0)), 0.1)])) and points.name() == before


def test_parameters_come_back(desk: Desk) -> None:
    page = choose(desk, PICTURES)
    page.controls._gallery_chosen("bound")
    values = page.parameters()
    choose(desk, POINTS)
    page.set_parameters(values)
    assert page.parameters() == values and page.controls.contest.fields == ("clip", "gradient_penalty")
    page.set_parameters({"arena": 3, "contests": {"points": {"settings": {}}}, "family": "vae", "points": "nowhere"})
    assert page.parameters()["arena"] == PICTURES


def test_settings_that_differ_from_the_race_offer_to_begin_again(desk: Desk, qtbot: Any) -> None:
    page = play_until(desk, qtbot, 3)
    assert not page.controls.restart.isVisible()
    page.controls.form.controls["batch_size"].setValue(64)
    assert page.controls.restart.isVisible()
    page.controls.restart.click()
    qtbot.waitUntil(lambda: len(asked(desk, api.RaceRequest)) == 2, timeout=30_000)
    assert asked(desk, api.RaceRequest)[1].left.settings.batch_size == 64


def test_sides_are_called_after_what_differs() -> None:
    assert name_of(PointGANSettings, {"r1": 0.0}) == "no R1" and name_of(PointGANSettings, {"r1": 1.0}) == "R1 = 1"
    assert name_of(PointGANSettings, {"clip": 0.01, "gradient_penalty": 0.0}) == "Clip 0.01"
    assert name_of(PointGANSettings, {"loss": "minimax"}) == "minimax"


def test_a_real_race_is_seen(qtbot: Any, tmp_path: Path) -> None:
    session = Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    made = Desk(RacePage, session)  # type: ignore[arg-type]
    qtbot.addWidget(made.page)
    made.open(session.handle(api.CatalogRequest()).catalog)
    small = PointGANSettings(hidden=8, batch_size=16)
    made.page.controls.set_contest(Contest(small, {"lr_d": 1e-3}, {"lr_d": 1e-2}))
    page = play_until(made, qtbot, 20)
    page.refresh()
    assert {"real", "fake", "field"} <= page.stages.sides[1].canvas._numbers.keys()
    assert "lie" in page.caption.text()
    made.close()
    assert session.runs[6].trainer.iteration == session.runs[7].trainer.iteration


def test_the_name_of_the_axis_is_clear_of_its_last_number(desk: Desk, qtbot: Any) -> None:
    page = play_until(desk, qtbot, 11)
    metrics = QFontMetricsF(theme().font(11))
    needed = metrics.horizontalAdvance("iteration") + metrics.horizontalAdvance("10,000") / 2
    assert all(p.panel.getPlotItem().getAxis("right").width() >= needed for p in page.plots.plots.values())
