"""What a run leaves beside its pictures: its curves as drawn, as shapes and as numbers, and itself."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from fakes import CATALOG, FakeSession, model
from gan_desk import gan_desk, settle, train
from page_desk import Desk
from PySide6.QtWidgets import QWidget

from genstudio import api, export
from genstudio.core.compute import FLOAT32_CPU
from genstudio.export.curves import table_of
from genstudio.export.repeats import hash_of
from genstudio.session import Session
from genstudio.settings import ConditionalGANSettings, GANSettings, PointGANSettings
from genstudio.ui.game.figure import figure_of
from genstudio.ui.game.page import GANTab
from genstudio.ui.points.page import PointsPage
from genstudio.ui.tabs.run_exports import CLASSES, CURVES, RUN
from genstudio.ui.tabs.run_files import run_film
from genstudio.ui.tabs.training_run import TrainingRun
from genstudio.ui.widgets.curves import CurveBuffer
from genstudio.ui.widgets.export_dialog import ExportDialog
from genstudio.ui.widgets.export_target import CurvesTarget, facts_of, filled, name_of
from genstudio.ui.widgets.figure import Figure, Plot, buffer_lines, column_of, sheet_size
from genstudio.ui.widgets.figure_painter import as_picture, as_svg

REQUEST = api.TrainRequest("gan", "strokes", GANSettings(width=8), preview=4)


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


@pytest.fixture
def window(qtbot: Any) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 700)
    made.show()
    return made


@pytest.fixture
def dialog(window: QWidget) -> ExportDialog:
    return ExportDialog(window)


def told(iterations: int = 40) -> TrainingRun:
    """A run that has told of its losses, its gradients and its quality."""
    run = TrainingRun()
    run.request, rng = REQUEST, np.random.default_rng(0)
    rows = rng.uniform(0.1, 1, (iterations, 4)).astype(np.float32)
    run.curves = (CurveBuffer(2), CurveBuffer(2))
    for buffer, columns in zip(run.curves, (slice(2), slice(2, 4)), strict=True):
        buffer.extend(rows[:, columns])
    bands = [api.Band(0.1 * k, 0.01 * k) for k in range(1, 5)]
    meters = api.Meters(*bands, class_shares=())
    for iteration in (10, 30):
        numbers = {"gradient_norms": np.array([2.0, 0.5], np.float32), "update_ratios": np.array([1e-3, np.nan])}
        found = api.Measured(iteration, 500, meters, meters)
        samples = ((iteration, np.zeros((4, 2, 2, 1), np.uint8)),)
        run.take(
            api.TrainEvent(
                REQUEST, iteration, ("d_loss",), rows[:0, :1], samples, 9.0, numbers=numbers, measured=(found,)
            )
        )
    run.iteration, run.changes = iterations, (api.Change(20, "lr_d", 0.001), api.Change(0, "threads", 1.0))
    return run


def table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Head and rows of a table, as anybody reads it who leaves out comments."""
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    head, *rows = csv.reader(io.StringIO("\n".join(lines)))
    return head, rows


def written(folder: Path, target: Any, name: str) -> Path:
    request = filled(target, False, api.GridLayout(), str(folder / name), 1.0)
    *_, saved = Session("io", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU).stream(request)
    assert saved.path == str(folder / name) and saved.bytes == (folder / name).stat().st_size
    return folder / name


def target_of(run: TrainingRun) -> CurvesTarget:
    assert run.source is not None
    return CurvesTarget(run.source, run.iteration, figure_of(run, "DCGAN on strokes", False))


def test_a_table_holds_every_number_of_the_run_and_nothing_where_there_is_none(tmp_path: Path) -> None:
    run = told()
    head, rows = table(written(tmp_path, target_of(run), "run.csv"))
    assert head == [
        *("iteration", "d_loss", "g_loss", "d_real", "d_fake", "d_gradient_norm", "g_gradient_norm"),
        *("d_update_ratio", "g_update_ratio", "frechet", "frechet_error"),
        *("precision", "precision_error", "recall", "recall_error", "coverage", "coverage_error"),
    ]
    assert [int(row[0]) for row in rows] == list(range(1, 41)) and all(len(row) == len(head) for row in rows)
    losses = np.array([[float(cell) for cell in row[1:5]] for row in rows])
    assert np.array_equal(losses[:, 0], run.curves[0].mean(0)), "to the last digit"
    told_at = {int(row[0]): row[5:] for row in rows}
    assert told_at[10][:4] == ["2.0", "0.5", repr(1e-3), ""] and float(told_at[30][4]) == 0.1
    assert set(told_at[11]) == {""}


def test_a_curve_that_is_thinned_out_tells_means_of_its_spans(tmp_path: Path) -> None:
    run = told(1000)
    _, rows = table(written(tmp_path, target_of(run), "run.csv"))
    assert [row[0] for row in rows if row[1]][:2] == ["1.5", "3.5"] and float(rows[0][1]) == run.curves[0].mean(0)[0]


def test_no_digit_of_an_iteration_is_lost_in_a_table() -> None:
    x = np.array([999_999.5, 1_234_567.25, 2_000_000.0])
    rows = table_of([api.Series("a", x, np.array([1.0, 2.0, np.nan])), api.Series("b", x[2:], np.array([0.5]))])
    assert rows == [["iteration", "a", "b"], ["999999.5", "1.0", ""], ["1234567.25", "2.0", ""], ["2000000", "", "0.5"]]


@pytest.mark.parametrize("name", ["run.png", "run.svg", "run.csv"])
def test_curves_say_how_to_repeat_their_run_and_not_that_a_model_drew_them(name: str, tmp_path: Path, qapp) -> None:
    run = told()
    path = written(tmp_path, target_of(run), name)
    receipt = export.read_receipt(path)
    assert api.request_from_dict(receipt["request"]) == run.source and receipt["iteration"] == 40
    assert b"DigitalSourceType" not in path.read_bytes()
    session = Session("io", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    *_, restored = session.stream(api.RestoreRequest(str(path)))
    assert restored.source == run.source and restored.iteration == 40 and restored.pictures is None
    assert restored.message.startswith(f"{name} shows the curves up to iteration 40 of a training run")


def test_drawing_and_picture_show_titles_units_axes_and_legend(tmp_path: Path, qapp) -> None:
    figure = target_of(told()).figure
    root = ElementTree.fromstring(written(tmp_path, target_of(told()), "run.svg").read_text())
    words = " ".join(text for text in root.itertext())
    for said in ("DCGAN on strokes", "Loss, nats", "D loss", "G loss", "D(real)", "iteration", figure.marks[0][1]):
        assert said in words, said
    assert "rule of thumb" in words and "real against real" in words and "500 samples" in words
    picture = as_picture(figure)
    width, height = sheet_size(figure)
    assert picture.shape == (2 * height, 2 * width, 3) and (picture[0] == 255).all(), "dark on white"
    assert np.array_equal(picture, as_picture(figure)), "the same bits again"
    assert np.array_equal(export.read_picture(written(tmp_path, target_of(told()), "run.png")), picture)


def test_a_critic_has_other_axes_and_gaps_stay_gaps(qapp) -> None:
    run = told()
    critic = figure_of(run, "", True)
    assert critic.plots[0].title == "Loss, in the critic's scores" and critic.plots[1].y_range is None
    buffer = CurveBuffer(1)
    buffer.extend(np.array([[-3.0], [np.nan], [5.0], [4.0]]))
    plot = Plot("Loss", buffer_lines(buffer, (("loss", "real", "solid"),)))
    low, high = plot.y_ends()
    assert low < -3 and high > 5
    figure = Figure("One", "", (plot, Plot("Log", plot.lines, is_log=True)))
    assert as_picture(figure).min() < 100 and "<polyline" in as_svg(figure)
    empty = Figure("None", "", (Plot("Nothing", buffer_lines(CurveBuffer(1), (("loss", "real", "solid"),))),))
    assert as_svg(empty).count("<svg") == 1 and empty.x_ends() == (1, 21)


def test_columns_are_called_so_that_any_program_takes_them() -> None:
    assert [column_of(text) for text in ("D(real)", "−ELBO", "KL", "mse")] == ["d_real", "elbo", "kl", "mse"]


def test_the_menu_offers_what_there_is(desk: Desk, qtbot: Any) -> None:
    page: GANTab = desk.open()
    page.exports.show_offered()
    assert not any(action.isVisible() for action in page.exports.actions.values()), "mnist-dcgan draws no classes"
    train(desk, qtbot)
    page.exports.show_offered()
    shown = [name for name, action in page.exports.actions.items() if action.isVisible()]
    assert shown == [CURVES, RUN] and all(action.toolTip() for action in page.exports.actions.values())
    page.run.classes = ("a", "b", "c")
    page.exports.show_offered()
    assert page.exports.actions[CLASSES].isVisible()


def chosen(page: Any, name: str) -> Any:
    """What an entry of the menu exports, as the window asks for it."""
    found: list[Any] = []

    def take() -> None:
        found.append(page.export_source())

    page.tempo.export_grid_requested.connect(take)
    page.exports.actions[name].trigger()
    page.tempo.export_grid_requested.disconnect(take)
    return found[0]


def test_a_pause_makes_no_film(desk: Desk, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty megabytes would be copied to know whether there is one."""
    page = train(desk, qtbot, 4)
    assert page.export_film_source() is not None and page.has_film()

    def made(run: Any) -> None:
        raise AssertionError("a film was put together")

    monkeypatch.setattr("genstudio.ui.game.files.run_film", made)
    page.run_pressed()
    page.show_exportable()
    assert page.tempo.film_action.isEnabled()


def test_each_entry_exports_what_it_says_of_the_moment_that_is_looked_at(desk: Desk, qtbot: Any) -> None:
    page = train(desk, qtbot, 4)
    page.run_pressed()
    settle(desk, qtbot)
    page.run.classes = tuple("0123456789")
    page._scrubbed(1)
    moment = page.run.history[1]
    run, grid, curves = (chosen(page, name) for name in (RUN, CLASSES, CURVES))
    assert isinstance(run, api.WriteRunRequest) and run.iteration == moment.iteration < page.run.iteration
    assert np.array_equal(run.samples, moment.samples) and run.source == page.run.source
    assert isinstance(grid, api.WritePicturesRequest) and grid.classes == page.run.classes
    assert api.picture_count(grid) == 70 and api.natural_columns(grid) == 7
    assert isinstance(curves, CurvesTarget) and curves.iteration == page.run.iteration
    assert isinstance(page.export_source(), api.WritePicturesRequest), "the plain picture again"
    assert [name_of(target) for target in (run, grid, curves)] == [
        f"strokes-gan-run-iteration{moment.iteration}",
        f"strokes-gan-classes-iteration{moment.iteration}",
        f"strokes-gan-curves-iteration{page.run.iteration}",
    ]


def test_a_trained_network_that_draws_classes_offers_its_grid(desk: Desk, qtbot: Any) -> None:
    info = model("mnist-cgan", "cgan", ConditionalGANSettings(), ("a", "b", "c"))
    page: GANTab = desk.open(dataclasses.replace(CATALOG, models=(*CATALOG.models, info)))
    page.show_model("mnist-cgan")
    page.exports.show_offered()
    assert page.exports.actions[CLASSES].isVisible() and not page.exports.actions[CURVES].isVisible()
    grid = chosen(page, CLASSES)
    assert grid == api.ClassGridRequest("mnist-cgan", (0, 1, 2), page._seed)
    page.restore(api.RestoredEvent("grid.png", grid, api.GridLayout(), True, "", model=info))
    assert "Each row is a class, each column one code" in page.caption.markup()
    assert page.export_source() == grid, "what is seen is exported again"


@pytest.mark.parametrize("ending", [".png", ".svg", ".csv"])
def test_the_panel_writes_curves_as_the_name_says(ending: str, dialog: ExportDialog, qtbot: Any, tmp_path) -> None:
    dialog.open_for(target_of(told()), film=False)
    assert "SVG" in dialog.format.toolTip() and "WebP" not in dialog.format.toolTip()
    assert dialog.title.text() == "Export curves" and not dialog.scale.isVisible() and not dialog.columns.isVisible()
    assert [dialog.format.itemText(k) for k in range(dialog.format.count())] == ["PNG", "SVG", "CSV"]
    dialog.path.setText(str(tmp_path / f"mine{ending}"))
    assert dialog.save.isEnabled() and ("rows" in dialog.facts.text()) == (ending == ".csv")
    with qtbot.waitSignal(dialog.requested) as asked:
        dialog.save.click()
    request = asked.args[0]
    assert isinstance(request, api.WriteCurvesRequest) and request.path.endswith(ending)
    assert (request.picture is not None, bool(request.drawing)) == (ending == ".png", ending == ".svg")
    dialog.dismiss()
    dialog.open_for(target_of(told()), film=False)
    dialog.path.setText(str(tmp_path / "mine.jpg"))
    assert dialog.problem.text() == "The name must end in .png or .svg or .csv." and not dialog.save.isEnabled()


def test_the_panel_writes_a_run_and_afterwards_pictures_as_before(dialog: ExportDialog, qtbot: Any, tmp_path) -> None:
    target = api.WriteRunRequest(REQUEST, 12, np.zeros((1, 2, 2, 1), np.uint8), "")
    dialog.open_for(target, film=False)
    assert dialog.title.text() == "Export the run" and dialog.path.text().endswith("strokes-gan-run-iteration12.json")
    assert facts_of(target, ".json").startswith("12 iterations · 0 changes on the way")
    dialog.path.setText(str(tmp_path / "run.json"))
    with qtbot.waitSignal(dialog.requested) as asked:
        dialog.save.click()
    assert asked.args[0].path == str(tmp_path / "run.json") and asked.args[0].iteration == 12
    dialog.dismiss()
    dialog.open_for(api.SampleRequest("m", count=4), film=True)
    assert dialog.format.value() == "WebP" and dialog.scale.isVisible() and "WebP" in dialog.format.toolTip()
    dialog.open_for(api.SampleRequest("m", count=4), film=False)
    assert dialog.path.text().endswith(".png") and not dialog.format.isVisible()


TINY = {
    "gan": api.TrainRequest("gan", "strokes", GANSettings(latent_dim=4, width=8, levels=2, batch_size=8), 3, preview=4),
    "cgan": api.TrainRequest(
        "cgan", "strokes", ConditionalGANSettings(latent_dim=4, width=8, d_width=4, levels=2, batch_size=8), 3,
        preview=20,
    ),
    "point-gan": api.TrainRequest(
        "point-gan", "ring", PointGANSettings(hidden=8, layers=1, batch_size=8), 3, preview=1
    ),
}  # fmt: skip


@pytest.mark.parametrize("family", TINY)
def test_the_history_of_a_run_is_a_film_and_its_receipt_repeats_the_run(
    family: str, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("genstudio.session.training.ROWS_EVERY_S", 0.0)
    session = Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    run = TrainingRun()
    run.begin(TINY[family])
    for event in session.stream(TINY[family]):
        if isinstance(event, api.TrainEvent):
            run.take(event)
    film = run_film(run)
    assert film is not None and len(film.films) == len(run.history) >= 2
    path = tmp_path / "film.webp"
    *_, saved = session.stream(dataclasses.replace(film, path=str(path)))
    assert saved.bytes and export.is_film(path)
    receipt = export.read_receipt(path)
    assert api.request_from_dict(receipt["request"]) == run.source and receipt["iteration"] == 3
    if family == "cgan":
        table_film = dataclasses.replace(film, path=str(tmp_path / "table.webp"), classes=run.classes)
        assert [*session.stream(table_film)][-1].bytes


def test_a_game_on_points_is_repeated_from_its_file_and_judged(qtbot: Any, tmp_path: Path) -> None:
    session = Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    *_, event = session.stream(TINY["point-gan"])
    ((_, samples),) = event.samples
    path = tmp_path / "run.json"
    source = dataclasses.replace(TINY["point-gan"], iterations=0, changes=event.changes)
    list(session.stream(api.WriteRunRequest(source, 3, samples, str(path))))
    *_, restored = session.stream(api.RestoreRequest(str(path)))
    desk = Desk(PointsPage, session)
    qtbot.addWidget(desk.page)
    page = desk.open(session.handle(api.CatalogRequest()).catalog)
    assert page.restores(restored.source)
    page.restore(restored)
    qtbot.waitUntil(lambda: page.run.state == "ended")
    qtbot.waitUntil(lambda: any("identical to the last pixel" in text for text in desk.messages))
    assert hash_of(page.run.history[-1].samples) == restored.samples_sha256
    assert chosen(page, RUN).iteration == 3 and chosen(page, CURVES).figure.title == "GAN on ring"
    desk.close()
