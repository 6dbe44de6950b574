"""What the GAN's tab says of a run: one iteration in every place, and names that can be read."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fakes import MODELS, FakeSession, with_catalog
from gan_desk import gan_desk, train
from page_desk import Desk, room

from genstudio.api import Change
from genstudio.ui.game.page import NEW, GANTab
from genstudio.ui.tabs.run_files import model_place
from genstudio.ui.theme import theme


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def said(page: GANTab) -> tuple[int, int]:
    """The newest iteration, as the caption and the tempo say it."""
    words = re.sub("<[^>]*>", "", page.caption.markup())
    found = [
        re.search(r"(?:Iteration |of )([\d,]+)", words),
        re.search(r"(?:of|n) ([\d,]+)\D*$", page.tempo.label.text()),
    ]
    first, second = (int(match[1].replace(",", "")) for match in found if match)
    return first, second


@pytest.mark.parametrize("is_back", [False, True])
@pytest.mark.parametrize("has_plots", [False, True])
def test_caption_and_tempo_say_the_same_iteration_at_any_time(desk, qtbot, is_back, has_plots):
    page = train(desk, qtbot, 2)
    qtbot.waitUntil(lambda: page.plots.scores() is not None)
    qtbot.waitUntil(lambda: "n " in page.tempo.label.text() and bool(page.caption.markup()))
    page.plots.plots[1].setVisible(has_plots)
    if is_back:
        page._scrubbed(0)
    pairs: list[tuple[int, int]] = []

    def note(*event: Any) -> None:
        pairs.append(said(page))

    signals = (desk.bridge.event, page.plots.painted)
    for signal in signals:
        signal.connect(note)
    qtbot.waitUntil(lambda: len({first for first, _ in pairs}) >= 4)
    assert all(first == second for first, second in pairs)
    for signal in signals:
        signal.disconnect(note)
    page.toggle_play()
    qtbot.waitUntil(lambda: said(page) == (page.run.iteration, page.run.iteration))


def test_of_the_past_is_said_what_d_was_then(desk, qtbot):
    page = train(desk, qtbot, 2)
    page.toggle_play()
    first = page.run.history[0].iteration
    page._scrubbed(0)
    assert "<discriminator>discriminator</discriminator> gave real" in page.caption.markup()
    page.run.changes = (Change(first + 1, "loss", "wasserstein"),)
    page.refresh()
    assert page.is_critic() and not page.is_critic(first)
    assert "<discriminator>discriminator</discriminator> gave real" in page.caption.markup()
    page.run.changes = (Change(first, "loss", "wasserstein"),)
    page.refresh()
    assert "<discriminator>critic</discriminator> scored real pictures <real>+" in page.caption.markup()


def test_the_place_to_save_a_network_is_free_and_names_no_iteration(tmp_path):
    assert model_place(str(tmp_path), "strokes", "dcgan") == str(tmp_path / "strokes-dcgan.safetensors")
    (tmp_path / "strokes-dcgan.safetensors").touch()
    assert model_place(str(tmp_path), "a/strokes.zip", "dcgan") == str(tmp_path / "strokes-dcgan-2.safetensors")


def test_a_kept_run_is_called_by_what_tells_it_from_others(desk, qtbot):
    kept = dataclasses.replace(MODELS[2], name="last run (strokes, 1812)", path="last run (strokes, 1812).safetensors")
    page = desk.open(with_catalog(models=(kept,)))
    assert page.picker.currentText() == "strokes at 1,812 (last run)"
    assert page.picker.toolTip().startswith("strokes at 1,812 (last run): trained on")
    qtbot.waitUntil(lambda: page.walk.step >= 0)
    assert "<b>strokes at 1,812 (last run)</b>" in page.caption.markup()


@pytest.mark.parametrize(
    ("file", "name"),
    [("last run (strokes, 812)", "strokes, on from 812"), ("mine", "mine, going on"), ("", "New network")],
)
def test_the_picker_names_the_run(desk, qtbot, file, name):
    page = desk.open()
    request = dataclasses.replace(page.wanted(), resume=f"models/{file}.safetensors" if file else "")
    page.begin(request)
    qtbot.waitUntil(lambda: page.run.iteration > 0)
    assert page.picker.value() == NEW and page.picker.currentText() == name
    page.set_catalog(with_catalog())
    assert page.picker.currentText() == name, "the catalog has come anew"
    assert (file != "") == ("goes on" in page.picker.toolTip())
    page.reset()
    assert page.picker.currentText() == "New network" and page.picker.toolTip() == "Trained here and now."


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_the_names_of_kept_runs_are_whole_in_a_small_window(desk, qtbot, scale):
    kept = dataclasses.replace(
        MODELS[2], name="last run (strokes, 12812)", path="last run (strokes, 12812).safetensors"
    )
    page = desk.open(with_catalog(models=(kept,)))
    theme().set_scale(scale)
    page.resize(1024, 698)
    page.begin(dataclasses.replace(page.wanted(), resume=kept.path))
    qtbot.waitUntil(lambda: page.run.iteration > 0 and bool(page.run.iterations_per_s))
    names = [page.picker.itemText(k) for k in range(page.picker.count())]
    assert names == ["strokes at 12,812 (last run)", "strokes, on from 12,812"]
    assert max(page.picker.fontMetrics().horizontalAdvance(name) for name in names) <= room(page.picker)


def test_numbers_of_the_trend_are_said_to_be_of_late() -> None:
    from genstudio.ui.game import words as game
    from genstudio.ui.points import words as points

    for said in (game.learning(7, 0.6, 0.2), game.learning(7, 0.6, 0.2, True)):
        assert said.startswith("Iteration 7: lately ")
    for is_critic in (True, False):
        assert points.verdict(0.6, 0.2, is_critic).startswith(("Lately ", "Lately the "))


def test_the_divergence_says_what_its_ends_mean() -> None:
    import numpy as np

    from genstudio.ui.points import words as points

    def far(js: float) -> str:
        return points.how_far({"wasserstein": np.array([0.1]), "js": np.array([js])})

    assert "JS <b>0.17</b> (0 alike, 0.69 nothing alike)" in far(0.17)
    assert "(as if nothing were alike)" in far(0.69)
