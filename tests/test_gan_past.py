"""The past of a run of the GAN's tab: looked at, and that of one that goes on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import MODELS, FakeSession, with_catalog
from gan_desk import SHORT, Counting, gan_desk, rows, train_to
from page_desk import Desk

from genstudio import api
from genstudio.settings import GANSettings
from genstudio.ui.widgets.curves import CurveBuffer

KEPT = dataclasses.replace(
    MODELS[2], name="last run (strokes, 812)", dataset="strokes", settings=GANSettings(width=8), resumable=True
)
EVERY = 2


class GoingOn(FakeSession):
    """Goes on at iteration 812 with the losses of every second iteration before, as a checkpoint has them."""

    def _train(self, request: api.TrainRequest) -> Iterator[api.TrainEvent | None]:
        if not request.resume:
            yield from super()._train(request)
            return
        x = np.arange(EVERY, 813, EVERY, dtype=np.float32)
        past = np.column_stack([x, 2 - x / 812, 1 + x / 812, x / 1000, 1 - x / 1000]).astype(np.float32)
        names = ("d_loss", "g_loss", "d_real", "d_fake")
        yield api.TrainEvent(request, 812, names, np.zeros((0, 4), np.float32), (), 0.0, past=past)
        for event in super()._train(dataclasses.replace(request, resume="")):
            if event is not None:
                yield dataclasses.replace(event, request=request, iteration=event.iteration + 812)


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(GoingOn())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def test_the_curves_of_a_run_that_goes_on_begin_with_its_past(desk, qtbot):
    page = desk.open(with_catalog(models=(KEPT,)))
    qtbot.waitUntil(lambda: page.walk.step >= 0)
    page.go_on()
    qtbot.waitUntil(lambda: len(page.run.history) >= 1)
    page.run_pressed()
    for plot in page.plots.plots:
        assert plot.buffer.x_range() == (EVERY, page.run.iteration)
    assert page.plots.scores_at(500) == pytest.approx((0.5, 0.5), abs=0.01)
    qtbot.waitUntil(lambda: page.plots.plots[0].ends()[0] == page.run.iteration)
    assert page.run.unsaved == page.run.iteration - 812


def test_a_file_without_a_past_begins_where_it_goes_on(desk, qtbot):
    names, rows = ("d_loss", "g_loss", "d_real", "d_fake"), np.ones((3, 4), np.float32)
    page = desk.open(with_catalog(models=()))
    page.plots.add(api.TrainEvent(api.TrainRequest("gan", "strokes", GANSettings()), 815, names, rows, (), 0.0))
    assert page.plots.plots[0].buffer.x_range() == (813, 815)


def test_a_past_is_what_it_was_thinned_from():
    x = np.arange(1, 5001)
    rows = np.stack([np.sin(x / 700), x / 5000], axis=1)
    whole, past = CurveBuffer(2), CurveBuffer(2)
    whole.extend(rows)
    kept = x % 16 == 0
    past.begin_with(x[kept], rows[kept], 5000)
    assert past.x_range() == (16, 5000) and past.span == whole.span == 16
    for column in (0, 1):
        assert np.allclose(np.interp(past.x(), whole.x(), whole.mean(column)), past.mean(column), atol=0.01)
    past.extend(rows[:4000])
    assert past.x_range() == (16, 9000) and past.span == 32
    assert past.last() == pytest.approx(rows[3999])


@pytest.mark.parametrize("x", [[], [np.nan, 5, -3], [10**15]])
def test_a_strange_past_is_none(x):
    buffer = CurveBuffer(1)
    buffer.begin_with(x, np.full((len(x), 1), np.inf), 812)
    assert len(buffer) == 0 and buffer.x_range() == (813, 813)
    buffer.extend([[1.0]])
    assert buffer.x_range() == (813, 813)


def test_a_very_long_past_takes_no_more_room_than_a_short_one():
    buffer = CurveBuffer(1)
    buffer.begin_with([1, 10**15], [[1.0], [2.0]], 10**15)
    assert len(buffer.x()) <= 512 and buffer.mean(0)[-1] == pytest.approx(2, abs=0.01)


def test_looking_back_tells_what_the_discriminator_thought_then(qtbot):
    desk = gan_desk(Counting())
    qtbot.addWidget(desk.page)
    page = train_to(desk, qtbot, SHORT)
    page._scrubbed(1)
    d_real, d_fake = rows(page)[2:, 10]
    words = page.caption.markup()
    assert "Back at iteration <b>11</b> of 25" in words
    assert f"<real>{d_real:.2f}</real>" in words and f"<generated>{d_fake:.2f}</generated>" in words
    desk.close()


def test_the_curves_of_a_long_run_answer_for_every_iteration_they_once_had(desk, qtbot):
    page = desk.open()
    page.plots.build()
    names = ("d_loss", "g_loss", "d_real", "d_fake")
    values = np.stack([np.zeros(5000), np.zeros(5000), np.linspace(0, 1, 5000), np.ones(5000)], 1).astype(np.float32)
    request = api.TrainRequest("gan", "strokes", GANSettings())
    page.plots.add(api.TrainEvent(request, 5000, names, values, (), 1.0))
    assert page.plots.plots[1].buffer.span > 1
    for iteration in (500, 2500, 4500):
        d_real, d_fake = page.plots.scores_at(iteration)
        assert d_real == pytest.approx(iteration / 5000, abs=0.01) and d_fake == 1
    assert page.plots.scores_at(0) is None
