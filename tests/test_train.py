"""The mode that trains: families, forms, changes on the way, moments of the past, and what becomes of a run."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import MODELS, FakeSession, with_catalog
from page_desk import Desk, asked
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QFileDialog

from genstudio import api
from genstudio.engine import Failure
from genstudio.session import Session
from genstudio.settings import AESettings, MLPVAESettings, PCASettings, VAESettings
from genstudio.ui.latent import train_words as words
from genstudio.ui.latent.train import TrainPage
from genstudio.ui.latent.train_plots import curves_of, rows_of
from genstudio.ui.latent.train_stage import TrainStage, one_picture
from genstudio.ui.latent.train_stage import rows_of as picture_rows
from genstudio.ui.tabs.run_words import marks, tuned
from genstudio.ui.tabs.training_run import Moment
from genstudio.ui.theme import theme
from genstudio.ui.widgets.nothing import blank
from genstudio.ui.widgets.stage import Stage

NAMES = {"vae": ("recon_loss", "kl_loss"), "mlp-vae": ("recon_loss", "kl_loss"), "pca": ("mse", "explained")}


class Learning(FakeSession):
    """Runs of every family; one that has come to `limit` waits there."""

    def __init__(self) -> None:
        super().__init__()
        self.limit = 0

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.TuneRequest):
            self.requests.append(request)
            return api.TunedEvent((api.Change(21, "beta", request.settings.beta),))
        return super().handle(request)

    def stream(self, request: Any) -> Iterator[Any]:
        if not isinstance(request, api.RunRequest):
            yield from super().stream(request)
            return
        self.requests.append(request)
        train, iteration = request.train, 0
        names = NAMES.get(train.family, ("mse",))
        dim = train.settings.latent_dim
        while True:
            rows = np.full((min(iteration, 1), len(names)), 0.25 + iteration, np.float32)
            samples, views, numbers = (), {}, {}
            if iteration % 10 == 0:
                samples = ((iteration, np.full((train.preview, 8, 8, 1), iteration, np.uint8)),)
                views = {"inputs": np.zeros((10, 8, 8, 1), np.uint8)}
                views["reconstructions"] = np.full((10, 8, 8, 1), iteration, np.uint8)
                if dim == 2:
                    views["map"] = np.full((144, 8, 8, 1), iteration, np.uint8)
                if len(names) == 2 and train.family != "pca":
                    numbers = {"kl_per_latent": np.linspace(0, 1, dim, dtype=np.float32) * bool(iteration)}
            yield api.TrainEvent(train, iteration, names, rows, samples, 41.0, (), numbers, views)
            if (train.family == "pca" and iteration == 1) or 0 < train.iterations <= iteration:
                return
            while iteration >= self.limit:
                yield None
            iteration += 1


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = Desk(TrainPage, Learning())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def train(desk: Desk, qtbot: Any, family: str = "vae", settings: Any = None) -> TrainPage:
    """The page with a run that has come to the limit, and would go on."""
    page: TrainPage = desk.open()
    page.controls.set_family(family)
    if settings is not None:
        page.controls.form.set_value(settings)
    page.run_pressed()
    for limit in (0, 10, 20, 21):  # one by one, so that each has its views
        desk.session.limit = limit
        qtbot.waitUntil(lambda: page.run.iteration == limit and len(page.run.history) > limit // 10)  # noqa: B023
    qtbot.waitUntil(lambda: "iteration 21" in page.tempo.label.text())  # the page was drawn anew since
    return page


def test_a_run_of_a_vae_shows_samples_reconstructions_map_and_kl(desk, qtbot):
    page = train(desk, qtbot, settings=VAESettings(latent_dim=2))
    request = asked(desk, api.RunRequest)[0]
    assert request.place in (2, 3) and request.train.family == "vae", "places that the adversarial game does not use"
    assert page.stage.pictures().max() == 20 and len(page.stage.pictures()) == request.train.preview
    assert np.array_equal(np.unique(page.shown.back.pictures()), [0, 20]), "inputs, what comes back, and the error"
    assert page.shown.map.isVisible() and page.shown.map.pictures().shape == (1, 96, 96, 1)
    assert page.plots.bars.isVisible() and page.plots.nats.isVisible() and not page.plots.mse.isVisible()
    assert page.plots.bars.title.text() == "KL per latent, nats: 1 of 2 tell something"
    assert list(page.plots.bars.bars.order) == [1, 0]
    qtbot.waitUntil(lambda: page.tempo.grid_action.isEnabled() and page.tempo.film_action.isEnabled())


def test_an_autoencoder_shows_its_error_and_that_it_has_no_prior(desk, qtbot):
    page = train(desk, qtbot, "ae", AESettings(latent_dim=4))
    assert page.plots.mse.isVisible() and not page.plots.nats.isVisible() and not page.plots.bars.isVisible()
    assert not page.shown.map.isVisible() and words.NO_PRIOR in page.caption.markup()


def test_pca_ends_by_itself_and_says_so(desk, qtbot):
    page = desk.open()
    desk.session.limit = 2
    page.controls.set_family("pca")
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.state == "ended")
    assert "one step" in page.caption.markup() and page.controls.run.text() == "Start again"
    assert page.controls.family_picker.isEnabled()


def test_a_repeated_run_at_its_goal_says_what_can_be_done(desk, qtbot):
    page, goal = desk.open(), 10
    desk.session.limit = goal
    request = api.TrainRequest("vae", "strokes", VAESettings())
    page.restore(api.RestoredEvent("run.json", request, api.GridLayout(), None, "", goal))
    qtbot.waitUntil(lambda: page.run.is_at_goal and page.controls.run.text() == "Go on")
    assert not page.controls.family_picker.isEnabled() and not page.data.picker.isEnabled()
    said = "<b>10</b>: here it was to end. <b>Go on</b> trains it further; <b>Reset</b> makes room for another family"
    qtbot.waitUntil(lambda: said in page.caption.markup())
    page.reset()
    assert page.controls.family_picker.isEnabled() and "it was to end" not in page.caption.markup()


def test_live_settings_change_a_run_and_the_others_wait_for_a_restart(desk, qtbot):
    page = train(desk, qtbot)
    controls = page.controls
    assert all(row.isEnabled() for row in controls.form.rows.values()) and not controls.restart.isVisible()
    assert not page.controls.family_picker.isEnabled() and not page.data.picker.isEnabled()
    assert "Reset puts the run away" in page.data.picker.toolTip(), "it says why, also when the list is filled anew"
    page.data.set_catalog(page.catalog)
    assert "Reset puts the run away" in page.data.picker.toolTip()
    page.controls.form.controls["beta"].setValue(4.0)
    qtbot.waitUntil(lambda: page.run.changes != ())
    assert asked(desk, api.TuneRequest) == [api.TuneRequest(VAESettings(beta=4.0), page.run.place)]
    assert desk.messages[-1] == "From iteration 22 on β is 4."
    assert page.plots.nats.panel.marks.shown() == ((21, "β 4"),), "the plot says where it was changed"
    page.refresh()
    assert "β = 4</a>: each nat of code costs 4" in page.caption.markup()
    assert page.undo()
    qtbot.waitUntil(lambda: page.run.settings() == VAESettings())
    assert asked(desk, api.TuneRequest)[-1].settings == VAESettings()
    controls.form.controls["width"].setValue(16)
    assert controls.restart.isVisible() and page.run.settings() == VAESettings()
    assert "only when the run restarts" in controls.restart.toolTip()
    assert page.undo() and not controls.restart.isVisible()
    assert page.redo() and controls.restart.isVisible()
    controls.restart.click()
    assert page.run.request.settings == VAESettings(width=16) and not controls.restart.isVisible()


def test_settings_that_wait_for_the_next_run_look_so_while_one_is_at_hand(desk, qtbot):
    page = desk.open()
    rows, section = page.controls.form.rows, page.controls._section.heading

    def dimmed() -> set[str]:
        return {name for name, row in rows.items() if row.label.property("role") == "second"}

    assert dimmed() == set() and section.text() == "Settings"
    page.run_pressed()
    qtbot.waitUntil(lambda: len(page.run.history) > 0)
    assert {"latent_dim", "width", "seed"} <= dimmed() and not {"beta", "lr"} & dimmed()
    assert section.text() == "Settings · grey: next run"
    page.reset()
    assert dimmed() == set() and section.text() == "Settings"


def test_a_run_says_how_fast_it_goes_on_until_it_is_paused(desk, qtbot):
    page = train(desk, qtbot)
    qtbot.waitUntil(lambda: page.tempo.label.text() == "iteration 21 · live")
    QApplication.processEvents()  # it is laid out
    scrubber = page.tempo.scrubber.geometry()
    assert (page.training(), page.pace()) == ("training", "41 it/s")
    page.run_pressed()
    assert page.training() == ""
    assert page.tempo.label.text() == "iteration 21 · paused"
    QApplication.processEvents()  # it is laid out
    assert page.tempo.scrubber.geometry() == scrubber, "its handle stays where it is"


def test_the_dataset_is_the_same_after_the_next_start(desk, qtbot):
    desk.page.set_parameters({"dataset": "mnist"})  # as the window does before it knows what there is
    page = desk.open()
    assert page.data.name() == "mnist" and page.parameters()["dataset"] == "mnist"


def test_a_dataset_that_has_gone_since_the_last_start_is_forgotten(desk, qtbot):
    desk.page.set_parameters({"dataset": "/nowhere/pictures.zip"})
    assert desk.open().data.name() == "strokes"


def test_no_row_moves_when_a_run_begins_or_a_setting_changes(desk, qtbot):
    info = dataclasses.replace(MODELS[1], dataset="strokes", resumable=True)
    page = desk.open(with_catalog(models=(info,)))
    page.desk.put(info.name)
    page.refresh()
    row = page.controls.form.rows["width"]

    def top() -> int:
        QApplication.processEvents()  # it is laid out
        page.grab()
        return row.mapTo(page, QPoint()).y()

    before = top()
    assert page.controls.go_on.isEnabled()
    page.run_pressed()
    qtbot.waitUntil(lambda: len(page.run.history) > 0)
    assert top() == before and not page.controls.go_on.isEnabled()
    page.controls.form.controls["width"].setValue(16)
    assert page.controls.restart.isVisible() and top() == before


def test_a_change_before_the_first_moment_is_told_when_it_has_come(desk, qtbot):
    page = desk.open()
    page.run_pressed()
    page.controls.form.controls["beta"].setValue(2.0)
    qtbot.waitUntil(lambda: bool(asked(desk, api.TuneRequest)))
    assert asked(desk, api.TuneRequest)[0].settings.beta == 2.0


def test_a_refused_change_leaves_the_form_as_the_run_is(desk, qtbot):
    page = train(desk, qtbot)
    page._tuning = page.run
    page.controls.form.set_value(VAESettings(beta=9.0))
    page.handle("tune", Failure(ValueError("no"), ""))
    assert page.controls.form.value() == VAESettings()


def test_the_past_of_a_run_has_its_reconstructions_and_its_kl(desk, qtbot):
    page = train(desk, qtbot, settings=VAESettings(latent_dim=2))
    page._scrubbed(1)
    assert page.stage.pictures().max() == 10 and page.shown.back.pictures().max() == 10
    assert page.shown.map.pictures().max() == 10 and page.plots.nats.panel.cursor_x() == 10
    assert "iteration 10 of 21" in page.tempo.label.text()
    page._word_clicked("live")
    assert page.run.history.is_live and page.stage.pictures().max() == 20


def test_a_run_that_was_put_away_comes_back_with_its_family_and_settings(desk, qtbot):
    page = train(desk, qtbot, "mlp-vae", MLPVAESettings(latent_dim=3))
    page.controls.reset.click()
    page.controls.set_family("ae")
    desk.offers[-1]()
    assert page.controls.family == "mlp-vae" and page.controls.form.value() == MLPVAESettings(latent_dim=3)
    assert page.run.state == "paused" and page.plots.nats.isVisible()


def test_parameters_come_back_and_foreign_ones_are_ignored(desk, qtbot):
    page = desk.open()
    page.controls.set_family("pca")
    page.controls.form.set_value(PCASettings(latent_dim=5))
    values = page.parameters()
    page.controls.form.set_value(PCASettings())
    page.controls.set_family("vae")
    page.set_parameters(values)
    assert page.controls.family == "pca" and page.controls.form.value() == PCASettings(latent_dim=5)
    page.set_parameters({"family": "gan", "settings": {"pca": {"latent_dim": "x"}, "gan": {}}, "dataset": 3})
    assert page.controls.family == "pca" and page.controls.form.value() == PCASettings(latent_dim=5)


def test_a_dropped_dataset_puts_the_run_away(desk, qtbot, tmp_path):
    page = train(desk, qtbot)
    assert page.offer_dataset(str(tmp_path))
    assert page.run.state == "none" and page.player.away.iteration == 21 and page.data.name() == str(tmp_path)


def test_samples_and_their_history_are_exported(desk, qtbot):
    page = train(desk, qtbot)
    grid, film = page.export_source(), page.export_film_source()
    assert grid.iteration == 20 and film.films.shape[0] == 3 and grid.source.family == "vae"
    assert page.restores(grid.source) and not page.restores(api.SampleRequest("mnist-vae-2"))
    page.controls.reset.click()
    page.restore(api.RestoredEvent("a.png", grid.source, api.GridLayout(), None, "", 20, np.zeros((4, 4, 1), np.uint8)))
    assert page.run.request.iterations == 20 and page.player.repeat is not None


def test_a_model_on_the_desk_that_can_go_on_goes_on(desk, qtbot):
    page = desk.open()
    kept = dataclasses.replace(desk.page.catalog.models[0], name="mine", path="models/mine.safetensors", resumable=True)
    kept = dataclasses.replace(kept, settings=VAESettings(latent_dim=2, width=8), dataset="strokes")
    page.set_catalog(with_catalog(models=(*page.catalog.models, kept)))
    assert not page.controls.go_on.isVisible()
    page.desk.put("mine")
    page.activate()
    assert page.controls.go_on.isVisible() and page.controls.go_on.text() == "Go on with mine"
    desk.session.limit = 5
    page.controls.go_on.click()
    qtbot.waitUntil(lambda: page.run.iteration > 0)
    request = asked(desk, api.RunRequest)[0].train
    assert request.resume == kept.path and request.settings == kept.settings


def test_changes_of_one_iteration_share_a_mark():
    changes = (api.Change(5, "beta", 4.0), api.Change(0, "threads", 2), api.Change(5, "free_bits", 0.1))
    assert marks(VAESettings, changes) == ((5.0, "β 4, Free bits 0.1"),)


def test_the_caption_says_what_this_beta_does():
    said = [words.lesson("vae", VAESettings(beta=beta), 500, None) for beta in (0, 0.2, 1, 8)]
    assert len(set(said)) == 4
    assert "costs nothing" in said[0] and "tells more" in said[1] and "as in the ELBO" in said[2]
    assert "tells less" in said[3] and "β = 8" in said[3]
    assert "β" not in words.lesson("ae", AESettings(), 500, None)


def test_collapse_and_warm_up_are_explained():
    dead, alive = np.zeros(16, np.float32), np.ones(16, np.float32)
    assert "Posterior collapse" in words.lesson("vae", VAESettings(), 500, dead)
    assert "Posterior collapse" not in words.lesson("vae", VAESettings(), 5, dead), "too early to tell"
    assert "blur" in words.lesson("vae", VAESettings(), 500, alive)
    assert "β is 0.5 of 1" in words.lesson("vae", VAESettings(warmup=1000), 500, dead)
    assert tuned(VAESettings, (api.Change(5, "threads", 2),)) == ""


def test_samples_and_what_comes_back_share_the_room_so_that_both_are_large(qtbot):
    shown = TrainStage(Stage())
    qtbot.addWidget(shown)
    shown.resize(1044, 470)
    shown.show()
    colour = np.zeros((60, 32, 32, 3), np.uint8)
    views = {"inputs": colour[:10], "reconstructions": colour[:10]}
    shown.show_moment(Moment(40, colour, views=views))
    qtbot.waitUntil(lambda: shown.samples.zoom() == 2)
    assert shown.back.zoom() == 2, "at three fifths of the width the samples would have half that size"
    shown.resize(600, 470)
    qtbot.waitUntil(lambda: shown.samples.zoom() == 1)
    shown.show_moment(Moment(41, np.zeros((60, 8, 8, 1), np.uint8), views={**views, "map": colour[:9]}))
    qtbot.waitUntil(lambda: shown.samples.zoom() > 1)
    assert shown.map.isVisible()


def test_rows_of_inputs_stand_over_what_comes_back():
    views = {"inputs": np.full((4, 1, 1, 1), 9, np.uint8), "reconstructions": np.full((4, 1, 1, 1), 4, np.uint8)}
    assert list(picture_rows(views, 2)[:, 0, 0, 0]) == [9, 9, 4, 4, 5, 5] * 2
    cells = np.arange(4, dtype=np.uint8).reshape(4, 1, 1, 1)
    assert one_picture(cells)[0, :, :, 0].tolist() == [[0, 1], [2, 3]]


@pytest.mark.parametrize("count", range(1, 11))
def test_each_of_a_few_pictures_stands_over_what_comes_back_of_it(qtbot: Any, count: int) -> None:
    shown = TrainStage(Stage())
    qtbot.addWidget(shown)
    inputs = np.arange(30, 30 + count, dtype=np.uint8).reshape(count, 1, 1, 1)
    views = {"inputs": inputs, "reconstructions": inputs + 100}
    shown.show_moment(Moment(1, inputs, views=views))
    columns, cells = shown.back.columns(), shown.back.pictures()
    assert columns <= 5 and len(cells) % (3 * columns) == 0
    groups = cells[..., 0].reshape(-1, 3, columns)
    nothing = blank(inputs[0])[0, 0, 0]
    there = groups[:, 0] != nothing
    assert groups[:, 0][there].tolist() == inputs.ravel().tolist() and there.size - count < len(groups)
    assert (groups[:, 1][there] == groups[:, 0][there] + 100).all() and (groups[:, 2][there] == 100).all()
    assert (groups[:, 1:][np.stack([~there] * 2, 1)] == nothing).all()


def test_what_is_no_picture_has_the_colour_of_the_stage_in_every_theme(qtbot: Any) -> None:
    shown = TrainStage(Stage())
    qtbot.addWidget(shown)
    inputs = np.full((9, 1, 1, 1), 10, np.uint8)
    shown.show_moment(Moment(1, inputs, views={"inputs": inputs, "reconstructions": inputs}))
    for mode in ("light", "dark"):
        theme().set_mode(mode)
        assert np.array_equal(shown.back.pictures()[-1], blank(inputs[0]))


def test_curves_of_a_run_that_goes_on_begin_with_its_past():
    buffer, past = curves_of("vae"), np.array([[10, 5, 1], [20, 3, 2]], np.float32)
    event = api.TrainEvent(
        api.TrainRequest("vae", "strokes", VAESettings()), 21, NAMES["vae"], np.array([[2, 2]], np.float32), (), 1.0,
        past=past,
    )  # fmt: skip
    buffer.extend(rows_of(event, buffer))
    assert buffer.x_range() == (10, 21) and list(buffer.last()) == [2, 2, 4]


def test_a_real_run_is_tuned_saved_and_explored(qtbot, tmp_path, monkeypatch):
    session = Session("train", model_dirs=[tmp_path], data_dir=tmp_path)
    made = Desk(TrainPage, session)
    qtbot.addWidget(made.page)
    page: TrainPage = made.open(session.handle(api.CatalogRequest()).catalog)
    page.controls.set_family("mlp-vae")
    page.controls.form.set_value(MLPVAESettings(latent_dim=2, hidden=8, batch_size=4))
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration > 2, timeout=30_000)
    page.controls.form.controls["beta"].setValue(3.0)
    qtbot.waitUntil(lambda: any(change.name == "beta" for change in page.run.changes), timeout=30_000)
    page.run_pressed()
    qtbot.waitUntil(lambda: page.plots.newest() is not None)
    assert page.shown.map.pictures() is not None
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words: (words[2], ""))
    assert page.save()
    qtbot.waitUntil(lambda: bool(page.run.file), timeout=30_000)
    assert Path(page.run.file) == tmp_path / "strokes-mlp-vae.safetensors"
    assert "explore it" in page.caption.markup()
    page.set_catalog(session.handle(api.CatalogRequest()).catalog)
    with qtbot.waitSignal(page.mode_wanted) as switched:
        made.offers[-1]()
    assert switched.args == ["vae"] and page.desk.model == "strokes-mlp-vae"
    made.close()


def test_a_run_is_written_to_be_looked_at_for_copies(desk: Desk, qtbot: Any) -> None:
    page = train(desk, qtbot)
    with qtbot.waitSignal(page.copies_wanted, timeout=30_000) as wanted:
        page.data.copies_button.click()
    assert wanted.args == [page.run.file, page.run.request.dataset] and "last run" in wanted.args[0]
    page.keeps_runs, page.run.saved = False, 0
    with qtbot.waitSignal(page.message) as said:
        page.look_for_copies()
    assert "Save the model first" in said.args[0], "nothing is written there by itself"
    page.reset()
    with qtbot.waitSignal(page.message) as said:
        page.look_for_copies()
    assert "Train a network first" in said.args[0]
