"""The mode of the diffusion tab that trains: families, forms, the loss by t, the past, and what becomes of a run."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import CATALOG, MODELS, FakeSession, model, with_catalog
from page_desk import Desk, asked
from PySide6.QtWidgets import QFileDialog

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import (
    ConsistencySettings,
    DiffusionSettings,
    FlowSettings,
    LatentDiffusionSettings,
    VAESettings,
)
from genstudio.settings.schedules import bent, name_of_curve, straight_curve
from genstudio.ui.diffusion import train_words as words
from genstudio.ui.diffusion.desk import DenoisingDesk
from genstudio.ui.diffusion.forward import ForwardPage
from genstudio.ui.diffusion.page import DiffusionTab
from genstudio.ui.diffusion.train import PLAYS, DenoisingTrainPage
from genstudio.ui.diffusion.train_plots import DenoisingPlots

SLOW = 60_000  # ms, of a real run
TINY = DiffusionSettings(width=8, batch_size=4, timesteps=40)


class Learning(FakeSession):
    """A run whose loss is 1 / iteration, twice as large at the noise as at the picture; it waits at `limit`."""

    def __init__(self) -> None:
        super().__init__()
        self.limit = 0

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.TuneRequest):
            self.requests.append(request)
            return api.TunedEvent((api.Change(21, "lr", request.settings.lr),))
        return super().handle(request)

    def stream(self, request: Any) -> Iterator[Any]:
        if not isinstance(request, api.RunRequest):
            yield from super().stream(request)
            return
        self.requests.append(request)
        train, iteration = request.train, 0
        while True:
            rows = np.full((min(iteration, 1), 1), 1 / max(iteration, 1), np.float32)
            losses = np.linspace(1, 2, 20, dtype=np.float32) / max(iteration, 1)
            samples, numbers = (), {}
            if iteration % 10 == 0:
                samples = ((iteration, np.full((train.preview, 8, 8, 1), iteration, np.uint8)),)
                numbers = {"loss": losses, "bin_t": np.arange(25, 1000, 50, dtype=np.float32)}
            by_t = ((iteration, losses),) if iteration else ()
            yield api.TrainEvent(
                train, iteration, ("loss",), rows, samples, 41.0, (), numbers, rewinds=(0, 10), loss_by_t=by_t
            )
            while iteration >= self.limit:
                yield None
            iteration += 1


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = Desk(DenoisingTrainPage, Learning())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def train(desk: Desk, qtbot: Any, family: str = "ddpm") -> DenoisingTrainPage:
    """The page with a run that has come to the limit, and would go on."""
    page: DenoisingTrainPage = desk.open()
    page.controls.set_family(family)
    page.run_pressed()
    for limit in (0, 10, 20, 21):
        desk.session.limit = limit
        qtbot.waitUntil(lambda: page.run.iteration == limit and len(page.run.history) > limit // 10)  # noqa: B023
    qtbot.waitUntil(lambda: "iteration 21" in page.tempo.label.text())
    return page


def said_by(page: Any) -> str:
    """The sentence on the empty stage."""
    return page.stage._label.text()


def test_the_invitation_says_what_to_expect(desk, qtbot):
    page = desk.open()
    assert said_by(page) == words.invitation(None, "ddpm", "Strokes", info=page.data.info())
    assert "two cores" in said_by(page) and "latent" in page.caption.markup()
    page.controls._family_chosen("latent-ddpm")
    assert said_by(page).startswith(words.invitation(None, "latent-ddpm", "Strokes"))
    assert "The VAE mnist-vae-2 learned from MNIST, not from Strokes" in said_by(page)
    page.controls._family_chosen("consistency")
    assert "it learns from mnist-ddpm, not from pictures" in said_by(page)
    assert not page.plots.isVisible(), "there is nothing to plot"


@pytest.mark.parametrize("family", ["ddpm", "flow"])
def test_what_is_promised_of_digits_is_not_promised_of_photographs(family: str) -> None:
    grey = api.DatasetInfo("d", "Digits", 1, 28, (), 9, True)
    colour = dataclasses.replace(grey, channels=3, size=32)
    assert words.SOON in words.invitation(None, family, "Digits", info=grey)
    said = words.invitation(None, family, "Icons", info=colour)
    assert words.SOON not in said and said.endswith(words.LATER)
    assert words.LATER.startswith("Pictures in colour") and "a small network" in said, "true of any folder and width"
    for unknown in (None, dataclasses.replace(grey, size=64)):
        assert words.invitation(None, family, "d", info=unknown).endswith("it learns from d."), "nobody knows"


def test_a_run_shows_samples_its_loss_and_the_loss_by_t(desk, qtbot):
    page = train(desk, qtbot)
    request = asked(desk, api.RunRequest)[0]
    assert request.place in (10, 11) and request.train.settings == words.STARTS["ddpm"]
    assert page.stage.pictures().max() == 20 and len(page.stage.pictures()) == 16
    assert page.shown.heading.text().startswith("Samples of iteration 20:")
    assert page.plots.isVisible() and page.plots.loss.isVisible() and page.plots.by_t.isVisible()
    qtbot.waitUntil(lambda: page.plots.by_t.iterations[-1:] == [21])
    assert list(page.plots.by_t.iterations) == list(range(1, 22)), "a column for all that was told"
    assert page.plots.by_t.says_at(10, 10) == "Iteration 10, about t = 25: loss 0.10."
    assert page.plots.by_t.says_at(10, 990) == "Iteration 10, about t = 975: loss 0.20."
    qtbot.waitUntil(lambda: "loss <b>0.048</b>" in page.caption.markup())
    qtbot.waitUntil(lambda: page.tempo.grid_action.isEnabled() and page.tempo.film_action.isEnabled())


def test_the_caption_says_what_the_newest_column_of_the_map_shows(desk, qtbot):
    page = train(desk, qtbot)
    desk.session.limit = 34
    qtbot.waitUntil(lambda: page.plots.by_t.iterations[-1:] == [34])
    assert page.run.shown().iteration == 30, "the samples are older than the newest column"
    at_most, at_least = (page.plots.by_t.says_at(34, t).rpartition("loss ")[2][:-1] for t in (975, 25))
    said = f"hardest about <latent>t = 975</latent> (loss {at_most}), easiest about t = 25 ({at_least})."
    assert at_most == "0.059" and at_least == "0.029"
    qtbot.waitUntil(lambda: said in page.caption.markup())


def test_another_run_begins_with_an_empty_map(desk, qtbot):
    page = train(desk, qtbot)
    qtbot.waitUntil(lambda: len(page.plots.by_t.iterations) > 0)
    desk.session.limit = 0
    page.reset()
    page.start_run()
    qtbot.waitUntil(lambda: page.run.shown() is not None)
    page._show_map()
    assert page.run.iteration == 0 and len(page.plots.by_t.iterations) == 0


def test_both_plots_share_their_iterations_and_what_is_marked_in_them(desk, qtbot):
    page = train(desk, qtbot)
    qtbot.waitUntil(lambda: page.plots.loss.panel._ranges[0] == page.plots.by_t.panel._ranges[0])
    page.controls.form.controls["lr"].setValue(1e-4)
    qtbot.waitUntil(lambda: page.plots.loss.panel.marks.shown() != ())
    assert page.plots.loss.panel.marks.shown() == ((21, "Learning rate 0.0001"),)
    page.plots.by_t.picked.emit(9.0)
    assert page.run.history.shown().iteration == 10 and page.stage.pictures().max() == 10
    assert page.plots.by_t.panel.cursor_x() == page.plots.loss.panel.cursor_x() == 10
    assert "Back at iteration" in page.caption.markup() and "loss <b>0.1" in page.caption.markup()
    page._word_clicked("live")
    assert page.run.history.is_live and page.plots.by_t.panel.cursor_x() is None


def test_the_learning_rate_and_the_average_change_a_run_and_the_others_wait(desk, qtbot):
    page = train(desk, qtbot)
    form = page.controls.form
    page.controls.form.controls["lr"].setValue(1e-4)
    qtbot.waitUntil(lambda: page.run.changes != ())
    assert asked(desk, api.TuneRequest) == [
        api.TuneRequest(dataclasses.replace(words.STARTS["ddpm"], lr=1e-4), page.run.place)
    ]
    assert desk.messages[-1] == "From iteration 22 on Learning rate is 0.0001."
    live = {name for name, row in form.rows.items() if row.label.property("role") != "second"}
    assert live == {"lr", "ema_decay", "class_dropout", "min_snr"}
    form.controls["width"].setValue(24)
    assert page.controls.restart.isVisible() and page.run.settings().width == 16


def test_reset_goes_back_to_what_the_page_begins_with(desk, qtbot):
    page = desk.open()
    form = page.controls.form
    form.controls["width"].setValue(64)
    form.rows["width"].reset.click()
    assert form.value() == words.STARTS["ddpm"]


def test_parameters_come_back_and_foreign_ones_are_ignored(desk, qtbot):
    page = desk.open()
    page.controls.set_family("flow")
    page.controls.form.set_value(FlowSettings(width=24))
    values = page.parameters()
    page.controls.form.set_value(FlowSettings())
    page.controls.set_family("ddpm")
    page.set_parameters(values)
    assert page.controls.family == "flow" and page.controls.form.value() == FlowSettings(width=24)
    page.set_parameters({"family": "vae", "settings": {"flow": {"width": "x"}, "gan": {}}, "dataset": 3})
    assert page.controls.family == "flow" and page.controls.form.value() == FlowSettings(width=24)


def test_a_student_has_a_picker_of_teachers_and_follows_the_one_chosen(desk, qtbot):
    mine = model("mine", "ddpm", DiffusionSettings(width=8, schedule="linear", timesteps=100))
    page = desk.open(with_catalog(models=(*MODELS, mine)))
    page.controls.set_family("consistency")
    page.remember()  # as the window does when the page has come
    picker = page.controls.form.controls["teacher"]
    assert [picker.itemData(k) for k in range(picker.count())] == ["mnist-ddpm", "mine"]
    assert "schedule" not in page.controls.form.controls and "timesteps" not in page.controls.form.controls
    picker.setCurrentIndex(1)
    picker.activated.emit(1)
    wanted = page.wanted().settings
    assert (wanted.teacher, wanted.schedule, wanted.timesteps) == ("mine", "linear", 100)
    assert page.undo() and page.wanted().settings.teacher == "mnist-ddpm"
    assert page.wanted().settings.schedule == "cosine"


def test_latent_diffusion_takes_the_shapes_of_its_vae(desk, qtbot):
    mine = model("my-vae", "vae", VAESettings(latent_dim=8, width=16, blocks=1))
    page = desk.open(with_catalog(models=(mine,)))
    page.controls.set_family("latent-ddpm")
    wanted = page.wanted().settings
    assert (wanted.autoencoder, wanted.latent_dim, wanted.vae_width, wanted.blocks) == ("my-vae", 8, 16, 1)


def test_a_schedule_is_drawn_on_a_pad_of_the_form(desk, qtbot):
    page = desk.open()
    page.remember()  # as the window does when the page has come
    picker, pad = page.controls.form.controls["schedule"], page.controls._pads["ddpm"]
    assert [picker.itemText(k) for k in range(picker.count())] == ["linear", "cosine", "sigmoid", "drawn"]
    assert not pad.isVisible()
    picker.setCurrentIndex(3)
    picker.activated.emit(3)
    assert pad.isVisible() and page.wanted().settings.schedule == name_of_curve(straight_curve())
    pad.set_curve(bent(straight_curve(), 8, 0.9))
    pad.finished.emit()
    drawn = name_of_curve(bent(straight_curve(), 8, 0.9))
    assert page.wanted().settings.schedule == drawn and picker.currentText() == "drawn"
    values = page.parameters()
    assert page.undo() and page.wanted().settings.schedule == name_of_curve(straight_curve())
    assert page.undo() and page.wanted().settings.schedule == "cosine" and not pad.isVisible()
    page.set_parameters(values)
    assert page.wanted().settings.schedule == drawn and pad.curve() == bent(straight_curve(), 8, 0.9)


def test_forward_hands_its_schedule_over(desk, qtbot):
    page = desk.open()
    drawn = name_of_curve(bent(straight_curve(), 4, 0.5))
    other = Desk(lambda bridge: ForwardPage(bridge, page.desk), FakeSession())
    qtbot.addWidget(other.page)
    forward = other.open()
    forward._control_changed("schedule", drawn, True)
    forward._control_changed("timesteps", 200, True)
    with qtbot.waitSignal(forward.mode_wanted) as wanted:
        forward.controls.train.click()
    assert wanted.args == [page.name]
    page.controls.set_family("consistency")
    page.activate()
    settings = page.wanted().settings
    assert (page.controls.family, settings.schedule, settings.timesteps) == ("ddpm", drawn, 200)
    page.controls.show_schedule("straight", 200)
    assert page.controls.family == "flow"
    other.close()


def test_beside_a_run_a_schedule_waits_until_that_is_put_away(desk, qtbot):
    page = train(desk, qtbot)
    before = page.wanted().settings.schedule
    page.deactivate()
    page.desk.schedule = ("linear", 100)
    page.activate()
    assert "A run is at hand" in desk.messages[-1] and page.run.is_alive
    assert page.wanted().settings.schedule == before and page.desk.schedule is None
    desk.offers[-1]()
    assert not page.run.is_alive and page.wanted().settings.schedule == "linear"


def test_a_model_that_is_not_here_stays_chosen_and_seen(desk, qtbot):
    page = desk.open()
    page.controls.set_value("consistency", ConsistencySettings(teacher="gone"))
    page.controls.set_family("consistency")
    assert page.controls.form.controls["teacher"].value() == "gone" and page.wanted().settings.teacher == "gone"


def test_samples_history_curves_and_the_run_are_exported(desk, qtbot):
    page = train(desk, qtbot)
    grid, film = page.export_source(), page.export_film_source()
    assert grid.iteration == 20 and film.films.shape[:2] == (3, 16) and grid.source.family == "ddpm"
    targets = page.export_targets()
    assert set(targets) == {"Curves", "Run (JSON)"}
    figure = page.figure(page.run)
    assert figure.title == "DDPM on strokes" and figure.plots[0].title == "Mean squared error of the v"
    assert page.restores(grid.source) and not page.restores(api.SampleRequest("mnist-ddpm"))
    page.controls.reset.click()
    picture = np.zeros((4, 4, 1), np.uint8)
    page.restore(api.RestoredEvent("a.png", grid.source, api.GridLayout(), None, "", 20, picture))
    assert page.run.request.iterations == 20 and page.player.repeat is not None


def test_the_caption_says_where_the_loss_is():
    small, large = np.linspace(1, 0.1, 20, dtype=np.float32), np.linspace(0.1, 1, 20, dtype=np.float32)
    noise = DiffusionSettings(objective="noise")
    said = words.lesson("ddpm", noise, 500, 0.5, small)
    assert "hardest about <latent>t = 25</latent> (loss 1.00), easiest about t = 975 (0.10)." in said
    assert "little of it to be seen where t is small" in said
    assert "nobody can know" in words.lesson("ddpm", DiffusionSettings(), 500, 0.5, large)
    assert "hardest" not in words.lesson("ddpm", noise, 3, 0.5, small), "too early to tell"
    assert "hardest" not in words.lesson("ddpm", noise, 500, float("nan"), np.full(20, np.nan, np.float32))
    assert "hardest" not in words.lesson("ddpm", noise, 500, 0.5, None)


# ---- real runs ------------------------------------------------------------------------------------------------


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)


@pytest.fixture
def real(qtbot: Any, session: Session) -> Iterator[Desk]:
    made = Desk(DenoisingTrainPage, session)
    qtbot.addWidget(made.page)
    yield made
    made.close()


def begin(real: Desk, session: Session, qtbot: Any, settings: Any = TINY, family: str = "ddpm") -> DenoisingTrainPage:
    """A real run of a tiny network."""
    page: DenoisingTrainPage = real.open(session.handle(api.CatalogRequest()).catalog)
    page.controls.set_family(family)
    page.controls.form.set_value(settings)
    page.run_pressed()
    return page


def moments(page: Any) -> dict[int, np.ndarray]:
    return {moment.iteration: moment.samples for moment in page.run.history.values()}


def test_a_real_run_goes_back_and_on_bit_for_bit(real, session, qtbot, monkeypatch):
    monkeypatch.setattr("genstudio.core.families.ddpm.DDPMTrainer.preview_every_s", 0)
    monkeypatch.setattr("genstudio.core.families.ddpm.DDPMTrainer.preview_share", 1e9)
    monkeypatch.setattr("genstudio.session.training.ROWS_EVERY_S", 0)  # so each iteration is seen and told
    page = begin(real, session, qtbot)
    qtbot.waitUntil(lambda: len(page.run.rewinds) > 2 and len(page.run.history) > 6, timeout=SLOW)
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.state == "paused")
    left = page.run
    before, told = moments(page), dict(left.signs.by_t.values())
    goal = left.rewinds[1]
    page._scrubbed([moment.iteration for moment in left.history.values()].index(goal))
    page.rewind()
    qtbot.waitUntil(lambda: page.run.left is None, timeout=SLOW)
    assert page.run.iteration == goal and max(dict(page.run.signs.by_t.values()), default=0) <= goal
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration >= max(before), timeout=SLOW)
    page.run_pressed()
    after, again = moments(page), dict(page.run.signs.by_t.values())
    both = [k for k in before if k in after and k > goal]
    same = [k for k in told if k in again and k > goal]
    assert both and same, "the same iterations were seen twice"
    assert all(np.array_equal(before[k], after[k]) for k in both)
    assert all(np.array_equal(told[k], again[k], equal_nan=True) for k in same), "and its loss by t"


def test_a_saved_model_is_played_by_reverse(real, session, qtbot, tmp_path, monkeypatch):
    page = begin(real, session, qtbot)
    qtbot.waitUntil(lambda: page.run.iteration > 2, timeout=SLOW)
    page.run_pressed()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words: (words[2], ""))
    assert page.save()
    qtbot.waitUntil(lambda: bool(page.run.file), timeout=SLOW)
    assert Path(page.run.file) == tmp_path / "strokes-ddpm.safetensors"
    catalog = session.handle(api.CatalogRequest()).catalog
    page.set_catalog(catalog)
    with qtbot.waitSignal(page.mode_wanted) as switched:
        real.offers[-1]()
    assert switched.args == [PLAYS]

    other = Desk(lambda bridge: DiffusionTab(bridge, page.desk), session)
    qtbot.addWidget(other.page)
    reverse = other.open(catalog)
    qtbot.waitUntil(lambda: len(reverse.steps) > 2, timeout=SLOW)
    assert reverse.picker.value() == "strokes-ddpm" and reverse.player.request.model == "strokes-ddpm"
    assert page.desk.model.endswith("strokes-ddpm.safetensors") and page.desk.wanted == ""
    other.close()
    page.reset()
    assert page.controls.go_on.text() == "Go on with strokes-ddpm", "what Reverse shows can go on"


def test_a_run_that_nobody_saved_is_written_to_be_played(real, session, qtbot, tmp_path):
    page = begin(real, session, qtbot)
    qtbot.waitUntil(lambda: page.run.iteration > words.FIRST, timeout=SLOW)
    page.run_pressed()
    qtbot.waitUntil(lambda: "<a href='play'>" in page.caption.markup(), timeout=SLOW)
    with qtbot.waitSignal(page.file_wanted, timeout=SLOW) as wanted:
        page._word_clicked("play")
    assert Path(wanted.args[0]).exists() and "last run (strokes" in wanted.args[0]


def test_a_teacher_that_does_not_fit_is_one_sentence(real, session, qtbot, tmp_path):
    run = api.TrainRequest("ddpm", "shapes", TINY, 1, preview=0)
    list(session.stream(run))
    session.handle(api.SaveRequest(str(tmp_path / "shapely.safetensors")))
    settings = ConsistencySettings(teacher="shapely", width=8, batch_size=4)
    page = begin(real, session, qtbot, settings, "consistency")
    qtbot.waitUntil(lambda: page.run.state == "failed", timeout=SLOW)
    said = "The teacher shapely learnt pictures of 32 pixels a side, its student is to have 28."
    assert said_by(page) == said and page.controls.run.text() == "Start again"


def test_a_vae_that_is_not_here_is_one_sentence(real, session, qtbot):
    page = begin(real, session, qtbot, LatentDiffusionSettings(autoencoder="nobody", batch_size=4), "latent-ddpm")
    qtbot.waitUntil(lambda: page.run.state == "failed", timeout=SLOW)
    assert "nobody" in said_by(page) and said_by(page).count(". ") <= 1


def test_a_drawn_schedule_is_learnt_saved_and_read_again(real, session, qtbot, tmp_path):
    drawn = dataclasses.replace(TINY, schedule=name_of_curve(straight_curve()))
    page = begin(real, session, qtbot, drawn)
    qtbot.waitUntil(lambda: page.run.iteration > 2 and len(page.run.history) > 0, timeout=SLOW)
    assert "drawn, T = 40" in page.figure(page.run).facts
    session.handle(api.SaveRequest(str(tmp_path / "mine.safetensors"), page.run.place))
    event = session.handle(api.LoadRequest("mine"))
    assert event.info.settings == drawn and event.signal[19] == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("schedule", ["quadratic", "drawn:1,2", "straight"])
def test_another_schedule_is_refused(session, schedule):
    bad = dataclasses.replace(TINY, schedule=schedule)
    with pytest.raises(ValueError, match="schedule"):
        list(session.stream(api.TrainRequest("ddpm", "strokes", bad, 1)))


def test_latent_diffusion_and_a_student_learn_too(real, session, qtbot, tmp_path):
    vae = VAESettings(latent_dim=4, width=8, blocks=0, batch_size=8)
    for family, settings, name in (("vae", vae, "a-vae"), ("ddpm", TINY, "a-teacher")):
        list(session.stream(api.TrainRequest(family, "strokes", settings, 1, preview=0)))
        session.handle(api.SaveRequest(str(tmp_path / f"{name}.safetensors")))
    page = begin(real, session, qtbot, LatentDiffusionSettings(autoencoder="a-vae", batch_size=4), "latent-ddpm")
    page.reset()
    for family, settings in (
        ("latent-ddpm", LatentDiffusionSettings(autoencoder="a-vae", width=16, depth=1, batch_size=4)),
        ("consistency", ConsistencySettings(teacher="a-teacher", width=8, grid=4, batch_size=4)),
    ):
        page.controls.set_value(family, settings)
        page.controls.set_family(family)
        page.start_run()
        qtbot.waitUntil(lambda: page.run.iteration > 2 and len(page.run.history) > 0, timeout=SLOW)
        assert len(page.run.signs.by_t) > 0 and page.stage.pictures().shape[1:] == (28, 28, 1)


# ---- the modes beside it ---------------------------------------------------------------------------------------


def kept(iteration: int) -> api.ModelInfo:
    name = f"last run (strokes, {iteration})"
    info = model(name, "ddpm", DiffusionSettings(), CATALOG.datasets[0].classes)
    return dataclasses.replace(info, iteration=iteration, sha256=str(iteration))


class Shelf(FakeSession):
    """Has whatever model is asked for."""

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.LoadRequest):
            self.requests.append(request)
            alphas = np.linspace(0.99, 0.01, 1000, dtype=np.float32)
            info = kept(int(request.model.rpartition(", ")[2].rstrip(")"))) if "last" in request.model else MODELS[3]
            return api.ModelEvent(info, alphas**0.5, (1 - alphas) ** 0.5)
        return super().handle(request)


def test_reverse_follows_a_kept_run_that_goes_on(qtbot):
    desk = Desk(lambda bridge: DiffusionTab(bridge, DenoisingDesk()), Shelf())
    qtbot.addWidget(desk.page)
    desk.page.desk.wanted = "last run (strokes, 100)"
    page = desk.open(with_catalog(models=(*MODELS, kept(100))))
    qtbot.waitUntil(lambda: len(page.steps) > 1)
    assert page.player.request.model == "last run (strokes, 100)"
    page.remember()
    page.set_catalog(with_catalog(models=(*MODELS, kept(300))))
    assert page.player.request.model == "last run (strokes, 300)"
    assert desk.messages[-1] == "The run has gone on: “strokes at 100 (last run)” is now “strokes at 300 (last run)”."
    assert not page.can_undo(), "no hand has changed anything"
    page.controls.seed.setValue(99)
    assert page.undo() and page.player.request.model == "last run (strokes, 300)"
    assert page.player.request.seed == 7 and not page.can_undo()
    desk.close()


def test_in_a_narrow_window_the_plots_stand_side_by_side_under_the_samples(desk, qtbot):
    page = train(desk, qtbot)
    qtbot.waitUntil(lambda: page.plots.by_t.geometry().top() > page.plots.loss.geometry().bottom())
    assert not page.plots.loss.panel.getPlotItem().getAxis("bottom").isVisible(), "the map below has the numbers"
    page.resize(1000, 700)
    qtbot.waitUntil(lambda: page.plots.by_t.geometry().left() > page.plots.loss.geometry().right())
    assert page.plot_area.indexOf(page.plots) >= 0 and page.plots.loss.panel.getPlotItem().getAxis("bottom").isVisible()


def test_a_loss_that_bursts_is_said_with_the_way_back(qtbot):
    plots = DenoisingPlots()
    qtbot.addWidget(plots)
    assert plots.best_before() is None
    plots.build()
    falling = [(100 * k, np.full(20, 1.0 / k, np.float32)) for k in range(1, 9)]
    plots.show_history(falling, 1000)
    assert plots.best_before() is None
    plots.show_history([*falling, (900, np.full(20, 0.3, np.float32))], 1000)
    assert plots.best_before() is None, "a little is nothing yet"
    untold = np.where(np.arange(20) < 5, np.nan, 0.7).astype(np.float32)
    plots.show_history([*falling, (1000, untold)], 1000)
    assert plots.best_before() == (800, 0.125)
    said = words.lesson("ddpm", DiffusionSettings(), 1000, 0.7, plots.newest_by_t(), plots.best_before())
    assert "About iteration 800 it was 0.12" in said and "Rewind to here" in said
