"""The game on points in the window: the plane moves, the alarms ring, the gallery plays and heals."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_desk import Desk, asked, settle
from points_desk import play_until, points_desk
from PySide6.QtGui import QColor, QGuiApplication

from genstudio import api
from genstudio.api.health import Light
from genstudio.settings import PointGANSettings
from genstudio.settings.games import FAILURES, GAMES
from genstudio.ui.points.exports import FRAME, PICTURE, PlaneFilm
from genstudio.ui.points.morph import NO_GAME, Morph
from genstudio.ui.points.page import PointsPage
from genstudio.ui.points.words import how_far, verdict
from genstudio.ui.theme import theme
from genstudio.ui.widgets.picture_grid import from_qimage


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path) -> Iterator[Desk]:
    made = points_desk(qtbot, tmp_path)
    yield made
    made.close()


def test_a_press_begins_a_game_and_the_plane_shows_it(desk: Desk, qtbot: Any) -> None:
    page: PointsPage = desk.page
    assert page.is_settled()
    play_until(desk, qtbot, 30)
    assert page._layers.currentWidget() is page.canvas
    assert {"real", "fake", "field", "arrows"} <= page.canvas._numbers.keys()
    qtbot.waitUntil(lambda: "islands found" in page.caption.text(), timeout=20_000)
    page.run_pressed()
    assert page.run.state == "paused"
    assert page.run.request == api.TrainRequest("point-gan", "ring", PointGANSettings(), preview=1)


def test_the_points_are_there_before_the_game(desk: Desk, qtbot: Any) -> None:
    page: PointsPage = desk.page
    qtbot.waitUntil(lambda: page._layers.currentWidget() is page.canvas)
    real = page.canvas._numbers["real"]
    assert page.canvas._numbers.keys() == {"real"} and real.shape == (512, 2)
    assert "These are real ones" in page.caption.text()
    page.data.select("spiral")
    page._settings_changed()
    qtbot.waitUntil(lambda: not np.array_equal(page.canvas._numbers["real"], real))
    page.data.select("ring")
    page._settings_changed()
    play_until(desk, qtbot, 1)
    assert np.array_equal(page.canvas._numbers["real"], real), "those that the game shows"
    assert len(asked(desk, api.ExamplesRequest)) == 3


def test_a_page_that_nobody_sees_asks_for_no_points(desk: Desk, qtbot: Any) -> None:
    page: PointsPage = desk.page
    qtbot.waitUntil(lambda: page._layers.currentWidget() is page.canvas)
    page.hide()
    page.data.select("spiral")
    page._settings_changed()
    with qtbot.waitSignal(desk.bridge.event, check_params_cb=lambda slot, event: slot == "desk.settle"):
        desk.bridge.submit("play", "desk.settle", api.CatalogRequest())  # after all that was asked before
    assert len(asked(desk, api.ExamplesRequest)) == 1 and page._layers.currentWidget() is page.stage


def test_other_points_are_said_to_be_those_of_the_next_game(desk: Desk, qtbot: Any) -> None:
    page = play_until(desk, qtbot, 3)
    page.run_pressed()
    page.data.select("moons")
    page.data.chosen.emit()
    assert "points before, <b>Ring of 8</b>: <b>Go on</b> trains" in page.caption.text()
    assert "begins anew with <b>Moons</b>" in page.caption.text() and page.controls.restart.isVisible()
    page.start_run()
    play_until(desk, qtbot, 1)
    qtbot.waitUntil(lambda: page.caption.text().startswith("Iteration"), timeout=20_000)


def test_its_history_is_seen_again_and_exported(desk: Desk, qtbot: Any) -> None:
    page = play_until(desk, qtbot, 20)
    qtbot.waitUntil(lambda: len(page.run.history) >= 3, timeout=30_000)
    page.run_pressed()
    page._scrubbed(0)
    first = page.run.history.values()[0]
    assert page.canvas._numbers["fake"] is first.numbers["fake"]
    assert "Back at iteration" in page.caption.text()
    page.run_pressed()
    assert page.run.history.is_live and page.run.state == "running"
    page.run_pressed()
    page._scrubbed(0)
    grid, film = page.export_source(), page.export_film_source()
    assert isinstance(grid, api.WritePicturesRequest) and grid.films.shape == (1, 1, PICTURE, PICTURE, 3)
    assert isinstance(film, api.WritePicturesRequest) and len(film.films) == len(page.run.history)
    assert film.films.shape[-3:] == (FRAME, FRAME, 3) == film.films[0].shape[1:] and max(PICTURE, FRAME) <= 1000


def test_what_is_exported_is_what_the_stage_shows(desk: Desk, qtbot: Any) -> None:
    page = play_until(desk, qtbot, 20)
    qtbot.waitUntil(page.has_film, timeout=60_000)  # on a busy machine the first picture may be all there is by then
    page.run_pressed()
    settle(desk, qtbot, "train")
    assert page.copy()
    whole = page.export_source().films[0][0]
    assert np.array_equal(from_qimage(QGuiApplication.clipboard().image()), whole)
    page.controls.layers["arrows"].setChecked(False)
    without_arrows = page.export_source().films[0][0]
    arrows = np.array(QColor(theme().colors.generator).getRgb()[:3])
    has_arrows = [(np.abs(picture.astype(int) - arrows).max(-1) < 8).sum() for picture in (whole, without_arrows)]
    assert has_arrows[0] > 1000 > 50 > has_arrows[1]
    page.controls.heat.chosen.emit("")
    assert len(np.unique(page.export_source().films[0][0].reshape(-1, 3), axis=0)) < len(
        np.unique(without_arrows.reshape(-1, 3), axis=0)
    )
    film = page.export_film_source()
    assert np.array_equal(film.films[len(film.films) - 1], PlaneFilm([page.canvas.plane()], FRAME)[0])


@pytest.mark.parametrize("ending", ["png", "gif"])
def test_a_file_of_the_plane_repeats_its_game_and_says_whether_it_is_the_same(
    desk: Desk, qtbot: Any, tmp_path: Path, ending: str
) -> None:
    page = play_until(desk, qtbot, 12)
    qtbot.waitUntil(page.has_film, timeout=60_000)  # on a busy machine the first picture may be all there is by then
    page.run_pressed()
    settle(desk, qtbot, "train")
    asked_for = page.export_source() if ending == "png" else page.export_film_source()
    path = tmp_path / f"plane.{ending}"
    list(desk.session.stream(dataclasses.replace(asked_for, path=str(path), fps=8.0)))
    *_, event = desk.session.stream(api.RestoreRequest(str(path)))
    assert "shows iteration" in event.message and event.samples_sha256
    page.restore(event)
    qtbot.waitUntil(lambda: page.run.state == "ended", timeout=60_000)
    assert "identical to the last pixel" in desk.messages[-1]


def test_a_failure_rings_its_alarm_and_is_healed_with_one_click(desk: Desk, qtbot: Any) -> None:
    page, failure = desk.page, FAILURES["clipping"]
    page.controls.gallery.set_value(failure.name)
    page.controls.gallery.chosen.emit(failure.name)
    assert page.run.request.settings == failure.settings and page.controls.says.text() == failure.says
    lights = page.controls.lights
    qtbot.waitUntil(lambda: lights.lamps["gradient"].level == "bad", timeout=90_000)
    assert "learns next to nothing" in lights.reason.text() and not lights.remedy.isVisible()
    sick, controls = page.run, page.controls
    controls.heal.click()
    assert page.run.request.settings == failure.healed() and controls.heal.text() == "Break it again"
    assert controls.gallery.currentText() == "Healed: Clipping too tight"
    assert controls.says.text().startswith("Healed: ")
    assert desk.messages[-1] == "The run was put away."
    play_until(desk, qtbot, 5)
    qtbot.waitUntil(lambda: lights.lamps["gradient"].level in ("early", "good"), timeout=60_000)
    desk.offers[-1]()
    assert page.run is sick and controls.heal.text() == "Heal it" and controls.gallery.currentText().startswith("Fail")
    assert page.redo() and controls.heal.text() == "Break it again"


def test_in_a_failure_there_is_one_thing_to_do_and_one_sees_it(desk: Desk, qtbot: Any) -> None:
    page, controls = desk.page, desk.page.controls
    bar, lights = page.inspector.verticalScrollBar(), controls.lights
    page.resize(1024, 690)
    qtbot.waitUntil(lambda: bar.maximum() > 700)
    ill = [Light("gradient", "bad", "G learns next to nothing.", {"loss": "wasserstein", "gradient_penalty": 10.0})]

    def sees_heal() -> bool:
        heal = controls.heal
        return heal.isVisible() and heal.visibleRegion().boundingRect() == heal.rect()

    for scrolled in (0, bar.maximum()):
        bar.setValue(scrolled)
        controls.gallery.set_value("vanishing")
        controls.gallery.chosen.emit("vanishing")
        qtbot.waitUntil(sees_heal)
        page.run_pressed()
        lights.show_lights(ill, PointGANSettings)
        assert not lights.remedy.isVisible() and sees_heal()
    page.play(FAILURES["vanishing"], is_healed=True)
    page.run_pressed()
    lights.show_lights(ill, PointGANSettings)
    assert lights.remedy.isVisible() and controls.heal.text() == "Break it again", "the cure may need help"
    controls.show_game(None)
    assert lights.remedy.isVisible() and not controls.heal.isVisible()


def test_a_remedy_changes_the_run_or_begins_it_again(desk: Desk, qtbot: Any) -> None:
    page = play_until(desk, qtbot, 10)
    page.controls.lights.remedy_wanted.emit({"r1": 1.0}, False)
    qtbot.waitUntil(lambda: any(change.name == "r1" for change in page.run.changes), timeout=30_000)
    first = page.run
    page.controls.lights.remedy_wanted.emit({"d_norm": "spectral"}, True)
    assert page.run is not first and page.run.request.settings.d_norm == "spectral"
    assert page.run.request.settings.r1 == 1.0
    assert desk.messages[-1] == "The run was put away." and page.undo() and page.run is first


def test_a_setting_of_ones_own_leaves_the_gallery(desk: Desk, qtbot: Any) -> None:
    page = desk.page
    page.play(GAMES["moons"])
    page.controls.show_game(GAMES["moons"])
    assert page.data.name() == "moons" and page.run.request.settings == GAMES["moons"].settings
    page.controls.form.controls["lr_d"].setValue(5e-3)
    assert page.controls.game() is None and page.controls.says.isHidden()


def test_what_is_shown_can_be_chosen(desk: Desk, qtbot: Any) -> None:
    page = desk.page
    page.controls.layers["warp"].setChecked(True)
    page.controls.layers["arrows"].setChecked(False)
    page.controls.heat.set_value("best")
    page.controls.heat.chosen.emit("best")
    assert page.canvas._layers == {"real", "fake", "warp"} and page.canvas._heat == "best"


def test_parameters_come_back_and_foreign_ones_are_ignored(desk: Desk) -> None:
    page = desk.page
    page.data.select("spiral")
    settings = PointGANSettings(hidden=32, loss="hinge")
    page.controls.form.set_value(settings)
    values = page.parameters()
    page.set_parameters({"points": "ring", "settings": dataclasses.asdict(PointGANSettings())})
    assert page.data.name() == "ring"
    page.set_parameters(values)
    assert page.data.name() == "spiral" and page.controls.form.value() == settings
    page.set_parameters({"points": "nowhere", "settings": {"loss": 3}})
    assert page.data.name() == "spiral" and page.controls.form.value() == settings


def test_the_numbers_of_a_critic_can_be_found_on_the_curves() -> None:
    assert verdict(0.11, -0.09, True).endswith("<real>+0.11</real>, generated ones <generated>−0.09</generated>: "
                                               "<b>0.20</b> lower.")  # fmt: skip
    assert verdict(-0.3, -0.2, True).endswith("<b>0.10</b> higher.") and "0.75" in verdict(0.75, 0.2, False)


def test_a_dropped_file_repeats_its_game(desk: Desk, qtbot: Any) -> None:
    page = desk.page
    source = api.TrainRequest("point-gan", "moons", PointGANSettings(hidden=16), preview=1)
    assert page.restores(source)
    page.restore(api.RestoredEvent("game.png", source, api.GridLayout(), None, "", iteration=12))
    assert page.data.name() == "moons" and page.run.request.iterations == 12
    qtbot.waitUntil(lambda: page.run.state == "ended", timeout=60_000)
    assert page.run.iteration == 12


def test_words_say_how_far_it_is() -> None:
    numbers = {"wasserstein": (0.5, 0.1), "js": (0.69, 0.0), "modes": (3.0, 0.25, 8.0)}
    said = how_far(numbers)  # type: ignore[arg-type]
    assert "<b>0.50</b>" in said and "as if nothing were alike" in said and "<b>3 of 8</b> islands found, 25 %" in said
    del numbers["modes"]
    assert "<b>1 of 3</b> strokes found, 90 %" in how_far(numbers | {"strokes": (1.0, 0.9, 3.0)})  # type: ignore[arg-type]
    assert how_far({}) == ""


def test_the_morph_plays_from_the_noise_to_the_points(desk: Desk, qtbot: Any) -> None:
    page = desk.page
    morph = next(part for part in page.parts if isinstance(part, Morph))
    assert not morph.slider.isEnabled() and not morph.play.isEnabled() and morph.play.toolTip() == NO_GAME
    play_until(desk, qtbot, 10)
    page.run_pressed()
    assert morph.slider.isEnabled() and page.canvas._morph == 1
    morph.play.click()
    assert page.canvas._morph == 0 and page.controls.layers["warp"].isChecked()
    qtbot.waitUntil(lambda: page.canvas._morph == 1, timeout=20_000)
    morph.play.click()
    morph.slider.moved.emit(0.0)
    assert not morph._timer.isActive(), "a hand on the slider stops it"


def test_noise_of_three_latents_has_no_morph(desk: Desk, qtbot: Any) -> None:
    page = desk.page
    morph = next(part for part in page.parts if isinstance(part, Morph))
    page.controls.form.set_value(PointGANSettings(latent_dim=3, hidden=16))
    play_until(desk, qtbot, 5)
    page.run_pressed()
    assert not morph.slider.isEnabled() and "two latents" in morph.slider.toolTip()
