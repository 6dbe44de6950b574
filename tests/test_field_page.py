"""The diffusion of points in the window: it learns, particles flow, the field is beside the true one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_desk import Desk, asked
from points_desk import SMALL, field_desk
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.settings import PointDiffusionSettings
from genstudio.ui.diffusion import field_words as words
from genstudio.ui.diffusion.field import FieldPage
from genstudio.ui.diffusion.field_flow import FlowBar
from genstudio.ui.diffusion.field_scene import Scene, arrows, histogram, outside
from genstudio.ui.diffusion.figure import figure_of
from genstudio.ui.points.chooser import NOTHING


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path) -> Iterator[Desk]:
    made = field_desk(qtbot, tmp_path)
    yield made
    made.close()


def train(desk: Desk, qtbot: Any, iteration: int, points: str = "ring") -> FieldPage:
    """Until it stands at such an iteration or after it, paused."""
    page: FieldPage = desk.page
    if not page.run.is_alive:
        page.data.select(points)
        page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration >= iteration and page.run.shown() is not None, timeout=60_000)
    if page.run.state == "running":
        page.run_pressed()
    qtbot.waitUntil(lambda: page.plots.newest() is not None and page.plots.newest()[0] >= iteration)
    return page


# ---- before a run -------------------------------------------------------------------------------------------


def test_the_points_are_there_before_a_run(desk: Desk, qtbot: Any) -> None:
    page: FieldPage = desk.page
    qtbot.waitUntil(lambda: page._layers.currentWidget() is page.plane)
    assert page.plane.scene.numbers.keys() == {"real"} and not page.flow.flow_button.isEnabled()
    page.data.select("modes")
    page._settings_changed()
    qtbot.waitUntil(lambda: page._layers.currentWidget() is page.line)
    assert page.line.scene.is_line and not page.line.scene.has_way
    assert [request.points for request in asked(desk, api.ExamplesRequest)] == ["ring", "modes"]
    assert "learns where they came from" in page.caption.text() and page.is_settled()


def test_samplers_have_their_titles(desk: Desk) -> None:
    picker = desk.page.controls.form.controls["sampler"]
    assert picker.currentText() == "DDIM" and picker.value() == "ddim"
    assert {picker.itemText(index) for index in range(picker.count())} >= {"Heun", "DPM-Solver++ 2M"}


def test_schedule_and_objective_go_together(desk: Desk) -> None:
    page: FieldPage = desk.page
    form = page.controls.form

    def choose(**values: Any) -> PointDiffusionSettings:
        form.set_value(dataclasses.replace(form.value(), **values))
        page._settings_changed()
        value: PointDiffusionSettings = form.value()
        return value

    assert choose(schedule="straight").objective == "flow" and desk.messages[-1] == words.mended(True)
    assert choose(objective="noise").schedule == "linear" and desk.messages[-1] == words.mended(False)
    said = len(desk.messages)
    assert choose(objective="v", schedule="straight") == dataclasses.replace(SMALL, objective="v", schedule="straight")
    assert len(desk.messages) == said, "which goes together"


# ---- a run --------------------------------------------------------------------------------------------------


def test_a_press_begins_to_learn_and_the_plane_shows_it(desk: Desk, qtbot: Any) -> None:
    page = train(desk, qtbot, 60)
    assert page.run.request == api.TrainRequest("point-ddpm", "ring", SMALL, preview=1)
    assert page._layers.currentWidget() is page.plane and page.flow.flow_button.isEnabled()
    assert {"real", "particles", "field", "true_field", "loss", "floor", "error"} <= page.plane.scene.numbers.keys()
    assert page.flow.label.text().startswith("t = 0 of 100 · signal 1.00 · noise 0.00")
    qtbot.waitUntil(lambda: "islands found" in page.caption.text())
    assert "no network can come below" in page.caption.text() and "off the true one" in page.caption.text()
    assert not page.plots.by_t.legend.isHidden() and page.plots.error.legend.isHidden(), "of the black line"
    assert page.plots.by_t.title.toolTip().startswith("<p>"), "in lines that fit the window"
    assert page.plots.by_t.bars.whole == 100 and len(page.plots.by_t.bars.floor) == 20
    page.grab()  # paints all of it


def test_the_slider_leads_from_noise_to_data(desk: Desk, qtbot: Any) -> None:
    page = train(desk, qtbot, 5)
    numbers = page.plane.scene.numbers
    page.flow.go_to(0.0)
    assert np.array_equal(page.plane.scene.at("particles", page.plane.place), numbers["particles"][0])
    assert page.flow.label.text().startswith("t = 100 of 100") and page.plots.error.bars.marked == 100
    page.plots.by_t.picked.emit(48.0)
    assert page.plane.scene.t(page.plane.place) == pytest.approx(48, abs=0.5)
    QTest.keyClick(page, Qt.Key.Key_F)
    assert page.flow.is_playing()
    before = page.flow.place()
    qtbot.waitUntil(lambda: page.flow.place() > before)
    page.deactivate()
    assert not page.flow.is_playing()


def test_training_and_flow_are_told_apart(desk: Desk, qtbot: Any) -> None:
    page = train(desk, qtbot, 5)
    flow, tempo = page.flow.flow_button, page.tempo.play
    assert flow.text() == "Flow" and not flow.isChecked()
    assert "particles flow" in flow.toolTip() and "(F)" in flow.toolTip()
    assert tempo.accessibleName() in ("Train", "Pause the training") and "(Space)" in tempo.toolTip()
    was_training = page.run.state
    QTest.mouseClick(flow, Qt.MouseButton.LeftButton)
    assert page.flow.is_playing() and flow.isChecked() and "stand where they are" in flow.toolTip()
    assert page.run.state == was_training, "the flow is no training"
    page.flow.go_to(0.3)
    assert not flow.isChecked()


def test_where_it_is_narrow_the_slider_keeps_its_room(qtbot: Any) -> None:
    bar = FlowBar()
    qtbot.addWidget(bar)
    bar.resize(800, 40)
    bar.show_state(True, ("t = 43 of 100", "signal 0.77", "noise 0.63"))
    bar.show()
    qtbot.waitUntil(lambda: bar.label.text() == "t = 43 of 100 · signal 0.77 · noise 0.63")
    bar.resize(400, 40)
    qtbot.waitUntil(lambda: bar.label.text() == "t = 43 of 100")
    qtbot.waitUntil(lambda: bar.slider.width() > bar.label.width())


def test_the_flow_goes_there_and_back(desk: Desk, qtbot: Any) -> None:
    page = train(desk, qtbot, 5)
    page.flow.toggle()
    for seconds in (1.0, 1.0, 1.0, 1.0):  # the slider stood at data: so back to noise, and rest there
        page.flow._tick(seconds)
    assert page.flow.place() == 0.0
    for _ in range(4):
        page.flow._tick(1.0)
    assert page.flow.place() == 1.0
    page.flow.stop()


def test_on_the_line_density_ways_and_score_are_beside_each_other(desk: Desk, qtbot: Any) -> None:
    page = train(desk, qtbot, 40, "modes")
    line = page.line
    assert page._layers.currentWidget() is line and line.scene.has_way
    over_t, at_t, score = line.rooms()
    assert over_t.right() < at_t.left() and at_t.right() < score.left() <= line.width()
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=over_t.center().toPoint())
    assert page.flow.place() == pytest.approx(0.5, abs=0.01)
    said = line.says_at(QPointF(over_t.left() + 0.99 * over_t.width(), line.heights(3.0).item()))
    assert said.startswith("x = 3.0, t = 0: density 0.39"), "the mode's peak is 0.4"
    assert line.says_at(QPointF(at_t.center())) == ""
    line.set_layer("true", True)
    page.grab()


def test_the_pointer_tells_the_field(desk: Desk, qtbot: Any) -> None:
    page = train(desk, qtbot, 5)
    page.flow.go_to(0.0)
    square = page.plane.square()
    said = page.plane.says_at(QPointF(square.right() - 1, square.center().y()))
    assert "in truth (−2.7" in said, "noise pulls to the middle with as much as one is away"
    assert page.plane.says_at(QPointF(-5, -5)) == ""


def test_another_sampler_is_seen_at_once_in_a_run_that_stands(desk: Desk, qtbot: Any) -> None:
    page = train(desk, qtbot, 5)
    moment = page.run.shown()
    page.controls.form.set_value(dataclasses.replace(page.controls.form.value(), sampler="heun", steps=3))
    page._settings_changed()
    qtbot.waitUntil(lambda: len(page.plane.scene.numbers["t"]) == 4)
    assert page.run.shown().iteration >= moment.iteration and page.run.state == "paused"
    assert page.run.settings().sampler == "heun" and not page.is_changed()


def test_other_points_are_said_to_be_those_of_the_next_run(desk: Desk, qtbot: Any) -> None:
    page = train(desk, qtbot, 3)
    page.data.select("moons")
    page.data.chosen.emit()
    said = page.caption.text()
    assert "points before, <b>Ring of 8</b>: <b>Go on</b> trains" in said
    assert "begins anew with <b>Moons</b>" in said and page.controls.restart.isVisible()
    page.run_pressed()
    qtbot.waitUntil(lambda: "it goes on with them" in page.caption.text())
    page.run_pressed()
    page.tempo.scrubbed.emit(0)
    assert page.caption.text().startswith("Back at iteration")
    page.tempo.scrubbed.emit(len(page.run.history))
    page.data.select("ring")
    page.data.chosen.emit()
    qtbot.waitUntil(lambda: page.caption.text().startswith("Iteration"))


def test_one_looks_back_and_goes_back(desk: Desk, qtbot: Any) -> None:
    page = train(desk, qtbot, 80)
    page.step(-1)
    page.step(-1)
    assert not page.run.history.is_live and "Back at iteration" in page.caption.text()
    before = page.run.rewind_at()
    assert before >= 0
    page.rewind()
    qtbot.waitUntil(lambda: page.run.left is None and page.run.iteration == before)
    assert page.run.state == "paused"
    page.step(1)
    qtbot.waitUntil(lambda: page.run.iteration == before + 1)


def test_reset_and_undo_bring_the_run_back(desk: Desk, qtbot: Any) -> None:
    page = train(desk, qtbot, 20)
    iteration = page.run.iteration
    page.reset()
    assert page.run.state == "none" and page._layers.currentWidget() is page.plane
    assert not page.flow.flow_button.isEnabled()
    page.undo()
    assert page.run.iteration == iteration and page.plane.scene.has_way


# ---- kept and exported --------------------------------------------------------------------------------------


def test_what_was_set_is_remembered_and_what_is_foreign_ignored(desk: Desk) -> None:
    page: FieldPage = desk.page
    settings = dataclasses.asdict(dataclasses.replace(SMALL, sampler="dpm-2m"))
    wanted = {"points": "spiral", "drawing": NOTHING, "settings": settings, "layers": ["real", "true"], "place": 0.25}
    page.set_parameters(wanted)
    assert page.parameters() == wanted and page.plane.layers == {"real", "true"} and page.line.place == 0.25
    page.set_parameters({"points": "nowhere", "settings": {"lr": "fast"}, "layers": 3, "place": "there"})
    assert page.parameters() == wanted
    page.set_parameters({"place": True, "layers": ["junk"]})
    assert page.parameters() == wanted | {"layers": []}


def test_pictures_film_and_curves_can_be_exported(desk: Desk, qtbot: Any) -> None:
    page: FieldPage = desk.page
    assert page.export_source() is None and not page.has_film() and page.export_targets() == {}
    train(desk, qtbot, 60)
    source = page.export_source()
    assert isinstance(source, api.WritePicturesRequest) and source.films.shape == (1, 1, 960, 960, 3)
    assert page.has_film() and set(page.export_targets()) == {"Flow (film)", "Curves", "Run (JSON)"}
    figure = figure_of(page.run)
    assert figure.title == "Diffusion on ring" and "linear, T = 100" in figure.facts
    assert page.restores(source.source) and page.info() is None


# ---- arithmetic ---------------------------------------------------------------------------------------------


def test_a_scene_runs_straight_between_its_moments() -> None:
    particles = np.array([[[0.0]], [[2.0]], [[6.0]]], np.float32)
    scene = Scene({"particles": particles, "real": particles[0], "t": np.array([100.0, 50, 0], np.float32)})
    assert [float(scene.at("particles", place)[0, 0]) for place in (0, 0.25, 0.5, 0.75, 1)] == [0, 1, 2, 4, 6]
    assert scene.t(0.25) == 75 and scene.place_of(75) == 0.25 and scene.place_of(0) == 1
    assert scene.trails(0.75)[0, :, 0].tolist() == [0, 2, 4]
    assert scene.is_line and scene.has_way and not Scene({}).has_way


def test_arrows_are_cut_and_bars_are_a_density() -> None:
    steps = arrows(np.array([[0.0, 0.0], [3.0, 4.0], [np.nan, 0.0]], np.float32), 0.5)
    assert np.linalg.norm(steps, axis=1).tolist() == pytest.approx([0, 0.5, 0], abs=1e-3)
    assert steps[1].tolist() == pytest.approx([0.3, 0.4], abs=1e-3)
    bars = histogram(np.array([-0.5, 0.5, 0.6, np.nan], np.float32), np.array([-1.0, 1.0], np.float32), 2)
    assert bars.tolist() == [0.25, 0.5]
    assert outside(np.array([[0.0, 3.0], [np.nan, 0], [1, 1]], np.float32), 2.0) == 2


def test_without_numbers_the_words_say_less() -> None:
    assert words.where({}, 0.5) == () and words.how_far({}) == ""
    assert words.learning(3, float("nan"), {}).strip() == "Iteration 3:"
    assert words.how_far({"wasserstein": np.array([np.nan, 0.0], np.float32)}) == ""


def test_in_a_window_that_opens_narrow_the_plots_stand_side_by_side(desk, qtbot):
    page: FieldPage = desk.page
    page.resize(1000, 700)
    page.show()
    page.set_catalog(desk.session.handle(api.CatalogRequest()).catalog)
    page.activate()
    page.run_pressed()
    qtbot.waitUntil(lambda: page.plots.isVisible(), timeout=30_000)
    qtbot.waitUntil(lambda: page.plots.by_t.geometry().left() > page.plots.loss.geometry().right())
