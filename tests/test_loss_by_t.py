"""The loss at each part of the way from data to noise: what is noted, told, kept, and drawn."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication

from genstudio import api, store
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.families.consistency import ConsistencyTrainer
from genstudio.core.loss_by_t import LossByT
from genstudio.session import Session
from genstudio.settings import ConsistencySettings, DiffusionSettings, FlowSettings
from genstudio.ui.numbers import short
from genstudio.ui.signs import Signs
from genstudio.ui.theme import DARK, theme
from genstudio.ui.widgets.heat_map import HeatMap, powers_of, shades

CPU = torch.device("cpu")
TINY = DiffusionSettings(width=8, batch_size=4, timesteps=40)


def heat(qtbot: Any) -> HeatMap:
    made = HeatMap("Loss by t", ("loss", "t"), "help", "loss 0.000", "0.000")
    qtbot.addWidget(made)
    made.resize(400, 200)
    return made


def test_each_example_counts_in_the_bin_of_its_level():
    by_t = LossByT(1000, CPU)
    by_t.note(torch.tensor([0, 49, 50, 999]), torch.tensor([1.0, 3.0, 5.0, 7.0]))
    means = by_t.means()
    assert means[:2].tolist() == [2, 5] and means[-1] == 7 and torch.isnan(means[2:-1]).all()
    assert by_t.middles()[:2].tolist() == [25, 75]


def test_the_errors_of_a_picture_are_one_number():
    by_t = LossByT(10, CPU)
    by_t.note(torch.tensor([3]), torch.arange(4.0).view(1, 1, 2, 2))
    assert by_t.bins == 10 and by_t.means()[3] == 1.5


def test_older_losses_count_less():
    by_t = LossByT(2, CPU)
    by_t.note(torch.tensor([0]), torch.tensor([4.0]))
    for _ in range(2000):
        by_t.note(torch.tensor([0]), torch.tensor([1.0]))
    assert by_t.means()[0] == pytest.approx(1, abs=1e-5)


def test_a_student_has_a_level_in_every_bin():
    for grid in (2, 20, 30, 40):
        levels = ConsistencyTrainer.different_levels(_with(ConsistencySettings(grid=grid)))
        by_t = LossByT(1000, CPU, levels)
        t = torch.tensor([round(1000 * (1 - k / grid)) - 1 for k in range(grid)])
        by_t.note(t, torch.ones(grid))
        assert not torch.isnan(by_t.means()).any(), grid


def _with(settings: Any) -> Any:
    class Made:
        pass

    made = Made()
    made.settings = settings
    return made


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)


@pytest.mark.parametrize(("family", "settings"), [("ddpm", TINY), ("flow", FlowSettings(width=8, batch_size=4))])
def test_a_run_tells_it_with_every_row(session, family, settings, monkeypatch):
    monkeypatch.setattr("genstudio.session.training.ROWS_EVERY_S", 0)
    events = [e for e in session.stream(api.TrainRequest(family, "strokes", settings, 4, preview=2)) if e]
    events = [event for event in events if isinstance(event, api.TrainEvent)]
    told = [told for event in events for told in event.loss_by_t]
    assert [iteration for iteration, _ in told] == [1, 2, 3, 4]
    assert all(losses.shape == (20,) for _, losses in told)
    last = events[-1].numbers
    assert np.array_equal(last["loss"], told[-1][1], equal_nan=True) and last["bin_t"][-1] <= settings.timesteps


def test_their_mean_is_the_loss_where_every_bin_has_as_many(session):
    settings = dataclasses.replace(TINY, batch_size=40)
    events = list(session.stream(api.TrainRequest("ddpm", "strokes", settings, 1, preview=1)))
    event = events[-1]
    assert event.loss_by_t[-1][1].mean() == pytest.approx(event.rows[-1][0], rel=1e-5)


def test_it_goes_on_from_a_file_and_older_files_without_it_go_on_too(session, tmp_path):
    run = api.TrainRequest("ddpm", "strokes", TINY, 3, preview=1)
    list(session.stream(run))
    path = tmp_path / "a.safetensors"
    session.handle(api.SaveRequest(str(path)))
    on = dataclasses.replace(run, resume=str(path), iterations=5)
    straight = list(session.stream(dataclasses.replace(run, iterations=5)))[-1]
    again = list(session.stream(on))
    resumed = again[-1]
    assert np.array_equal(resumed.loss_by_t[-1][1], straight.loss_by_t[-1][1], equal_nan=True)

    names: dict[str, Any] = {}
    old = tmp_path / "old.safetensors"
    _without(path, old, names)
    assert "train.told.by_t" in names
    earlier = list(session.stream(dataclasses.replace(on, resume=str(old))))
    losses, wanted = (np.concatenate([event.rows for event in events if event]) for events in (earlier, again))
    assert np.array_equal(losses, wanted) and np.array_equal(earlier[-1].samples[-1][1], resumed.samples[-1][1])


def _without(path: Path, old: Path, names: dict[str, Any]) -> None:
    """The file as it was before the loss by t was kept."""
    import safetensors.numpy

    names.update(safetensors.numpy.load_file(path))
    tensors = {name: value for name, value in names.items() if name != "train.told.by_t"}
    store.write_checkpoint(old, store.read_header(path), tensors)


def test_a_file_that_lacks_more_is_refused(session, tmp_path):
    run = api.TrainRequest("ddpm", "strokes", TINY, 1, preview=1)
    list(session.stream(run))
    path = tmp_path / "a.safetensors"
    session.handle(api.SaveRequest(str(path)))
    names: dict[str, Any] = {}
    _without(path, tmp_path / "b.safetensors", names)
    del names["train.net.head.bias"]
    store.write_checkpoint(tmp_path / "c.safetensors", store.read_header(path), names)
    with pytest.raises(ValueError, match=r"lacks 'train\.net\.head\.bias'"):
        list(session.stream(dataclasses.replace(run, resume=str(tmp_path / "c.safetensors"), iterations=2)))


# ---- the window's side --------------------------------------------------------------------------------------


def told(iteration: int, *losses: float) -> api.TrainEvent:
    rows = np.zeros((1, 1), np.float32)
    by_t = ((iteration, np.array(losses, np.float32)),)
    return api.TrainEvent(
        api.TrainRequest("ddpm", "strokes", TINY), iteration, ("loss",), rows, (), 1.0, loss_by_t=by_t
    )


def test_events_that_wait_together_lose_none():
    assert [iteration for iteration, _ in told(1, 1).merge(told(2, 3)).loss_by_t] == [1, 2]


def test_a_run_that_goes_back_begins_with_what_was_told_until_then():
    before, after = Signs(), Signs()
    for iteration in (5, 10, 15):
        before.take(told(iteration, iteration))
    after.begin_with(before, 10)
    after.take(told(10, 99))
    after.take(told(12, 1))
    assert [(iteration, float(losses[0])) for iteration, losses in after.by_t.values()] == [(5, 5), (10, 10), (12, 1)]


def test_the_map_says_the_number_under_the_pointer(qtbot):
    made = heat(qtbot)
    made.show_columns([10, 20], [[0.1, 1.0], [0.02, np.nan]], 1000)
    assert made.says_at(5, 100) == "Iteration 10, about t = 250: loss 0.10."
    assert made.says_at(10, 900) == "Iteration 10, about t = 750: loss 1.00."
    assert made.says_at(11, 0) == "Iteration 20, about t = 250: loss 0.020."
    assert made.says_at(11, 900) == "" and made.says_at(21, 100) == "" and made.says_at(5, 1000) == ""


def test_colours_are_by_the_logarithm_and_what_is_unknown_has_none(qtbot):
    made = heat(qtbot)
    made.show_columns([1, 2], [[0.01, 1.0], [0.1, np.nan]], 10)
    pixels = made.panel.image.image
    assert pixels.shape == (2, 256, 4)
    strength = [int(pixels[row, column, :3].sum()) for row, column in ((0, 0), (0, 255), (1, 0))]
    assert theme().colors is DARK and strength[0] < strength[1] < strength[2], "0.01, 0.1, 1 from dark to light"
    assert pixels[1, 255, 3] == 0 and pixels[1, 0, 3] == 255
    assert made.scale.texts()[0].startswith("0.01") and made.scale.isVisibleTo(made)
    made.show_columns([], np.zeros((0, 20)), 10)
    assert made.scale.ends is None and made.says_at(1, 1) == ""


def test_the_newest_losses_lie_within_the_scale_whose_colours_they_have(qtbot):
    made = heat(qtbot)
    falling = np.linspace(1, 0.058, 400)[:, None].repeat(20, 1).astype(np.float32)
    falling[:, 19] *= 1.3
    made.show_columns(np.arange(1, 401), falling, 1000)
    low, high = (10**end for end in made.scale.ends)
    assert low == pytest.approx(falling[-1].min(), rel=1e-3) and high == pytest.approx(falling.max(), rel=1e-3)
    assert made.scale.texts()[0] == short(float(falling[-1].min())), "as the caption calls the easiest"


def test_losses_that_hardly_differ_are_not_shown_as_if_they_did():
    low, high = powers_of(np.array([0.1, 0.1001], np.float32))
    assert high - low >= 0.5
    assert powers_of(np.array([np.nan, 0], np.float32)) == (0, 1)


def test_colours_leave_the_ground_in_both_themes(qtbot):
    for mode in ("dark", "light"):
        theme().set_mode(mode)
        ramp = shades(np.linspace(0, 1, 50)[None])[0, :, :3].astype(int).sum(1)
        steps = np.diff(ramp)
        assert (steps >= 0).all() or (steps <= 0).all(), f"one way from the ground, {mode}"
    theme().set_mode("dark")


def test_the_tooltip_is_that_of_the_place(qtbot, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr("genstudio.ui.widgets.heat_map.QToolTip.showText", lambda *words: said.append(words[1]))
    made = heat(qtbot)
    made.show_columns([10, 20], [[0.1, 1.0], [0.2, 2.0]], 1000)
    made.show()
    made.show_range(0, 20)
    view = made.panel.getPlotItem().getViewBox()
    spot = made.panel.mapFromScene(view.mapViewToScene(QPointF(15, 750)))
    QApplication.sendEvent(made.panel.viewport(), QHelpEvent(QEvent.Type.ToolTip, spot, spot))
    assert said == ["Iteration 20, about t = 750: loss 2.00."]


def test_a_click_means_an_iteration(qtbot):
    made = heat(qtbot)
    made.show_columns([10, 20], [[0.1], [0.2]], 1000)
    made.show_range(0, 20)
    picked: list[float] = []
    made.picked.connect(picked.append)
    made.panel.picked.emit(12.0)
    assert picked == [12.0]
    made.set_cursor(10)
    assert made.panel.cursor_x() == 10
