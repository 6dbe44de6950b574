"""A run that is paused tells what nobody has read, and is drawn as it is now; it stays bit for bit what it would be."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from page_desk import Desk
from session_desk import RUNS, new_session
from tiny import TINY

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import PointDiffusionSettings, PointGANSettings
from genstudio.ui.latent.train import TrainPage
from genstudio.ui.race.contest import Contest
from genstudio.ui.race.page import RacePage

LEARNT = ("mlp-vae", "ae", "mlp-ae", "cgan", "mlp-gan", "flow")  # besides those of RUNS
POINTS = api.TrainRequest("point-gan", "ring", PointGANSettings(hidden=8, batch_size=16), 9, preview=1)
NOISY_POINTS = api.TrainRequest("point-ddpm", "ring", PointDiffusionSettings(width=8, batch_size=16), 9, preview=1)
REQUESTS = [
    *(dataclasses.replace(request, iterations=9) for request in RUNS.values()),
    *(api.TrainRequest(family, "strokes", TINY[family], 9, preview=4) for family in LEARNT),
    POINTS,
    NOISY_POINTS,
]


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that tell nothing on the way."""
    monkeypatch.setattr("genstudio.session.training.Clock.rows_due", lambda clock: False)
    monkeypatch.setattr("genstudio.session.training.Clock.preview_due", lambda clock: False)


def told(stream: Any) -> list[Any]:
    return [event for event in stream if isinstance(event, api.TrainEvent)]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: request.family)
def test_where_it_stands_is_told_and_drawn_and_it_goes_on_bit_for_bit(
    request_: api.TrainRequest, silent: None, tmp_path: Path
) -> None:
    session, alone = new_session(tmp_path), new_session(tmp_path)
    stream = session.stream(request_)
    first = next(event for event in stream if isinstance(event, api.TrainEvent))
    assert [next(stream) for _ in range(4)] == [None] * 4
    at_once = session.handle(api.StandRequest())
    assert at_once.iteration == len(at_once.rows) == 4 and not at_once.samples
    drawn, trainer = session.handle(api.StandRequest(pictures=True)), session.runs[0].trainer
    ((iteration, samples),) = drawn.samples
    assert iteration == drawn.iteration == 4 and not len(drawn.rows)
    assert np.array_equal(samples, trainer.preview(request_.preview).numpy())
    assert drawn.numbers.keys() >= first.numbers.keys() and drawn.views.keys() >= first.views.keys()
    assert session.handle(api.StandRequest(pictures=True)) is None, "all has been told"
    rows = np.concatenate([at_once.rows, *(event.rows for event in told(stream))])
    expected = np.concatenate([event.rows for event in told(alone.stream(request_))])
    here, there = session.runs[0].trainer.state(), alone.runs[0].trainer.state()
    assert np.array_equal(rows, expected) and all(torch.equal(here[name], there[name]) for name in there)


def test_in_the_middle_of_an_iteration_nothing_is_drawn(silent: None, tmp_path: Path) -> None:
    session = new_session(tmp_path)
    stream = session.stream(dataclasses.replace(RUNS["tiny-gan"], iterations=9))
    next(event for event in stream if isinstance(event, api.TrainEvent))
    assert next(stream) is None
    session.handle(api.SlowRequest((0,), True))
    assert next(stream).iteration == 1  # type: ignore[union-attr]
    assert session.runs[0].pace.is_half_done
    assert session.handle(api.StandRequest(pictures=True)) is None


def test_what_has_broken_says_so_when_it_goes_on(silent: None, tmp_path: Path) -> None:
    session = new_session(tmp_path)
    stream = session.stream(dataclasses.replace(RUNS["tiny-vae"], iterations=3))
    next(event for event in stream if isinstance(event, api.TrainEvent))
    session.runs[0].trainer.net.decoder[0].weight.data.fill_(float("nan"))
    assert next(stream) is None
    assert session.handle(api.StandRequest(pictures=True)) is None
    with pytest.raises(FloatingPointError, match="iteration 1;"):
        list(stream)


def test_nobody_stands_where_nothing_was_trained(tmp_path: Path) -> None:
    assert new_session(tmp_path).handle(api.StandRequest(place=5, pictures=True)) is None


def test_both_sides_of_a_race_stand_at_the_same_iteration(silent: None, tmp_path: Path) -> None:
    session = new_session(tmp_path)
    pictures = dataclasses.replace(RUNS["tiny-gan"], iterations=9)
    stream = session.stream(api.RaceRequest(POINTS, pictures))
    next(event for event in stream if isinstance(event, api.RaceEvent))
    assert [next(stream) for _ in range(4)] == [None] * 4
    at_once = session.handle(api.StandRequest(6))
    assert at_once.iteration == len(at_once.left.rows) == len(at_once.right.rows) == 4
    drawn = session.handle(api.StandRequest(6, pictures=True))
    for place, side in ((6, drawn.left), (7, drawn.right)):
        trainer = session.runs[place].trainer
        assert side.samples[0][0] == 4 and not len(side.rows)
        assert np.array_equal(side.samples[0][1], trainer.preview(side.request.preview).numpy())
    assert session.handle(api.StandRequest(6, pictures=True)) is None
    *_, end = (event for event in stream if event is not None)
    assert end.iteration == 9 and len(end.left.rows) == len(end.right.rows) == 5
    for place, side in ((6, POINTS), (7, pictures)):
        alone = new_session(tmp_path)
        list(alone.stream(side))
        here, there = session.runs[place].trainer.state(), alone.runs[0].trainer.state()
        assert all(torch.equal(here[name], there[name]) for name in there)


def test_a_race_tells_of_a_side_that_broke_where_it_stands(silent: None, tmp_path: Path) -> None:
    session = new_session(tmp_path)
    pictures = dataclasses.replace(RUNS["tiny-gan"], iterations=9)
    stream = session.stream(api.RaceRequest(pictures, POINTS))
    next(event for event in stream if isinstance(event, api.RaceEvent))
    for parameter in session.runs[6].trainer.g.parameters():
        parameter.data.fill_(float("nan"))
    assert stream.send(True).troubles[0]  # type: ignore[attr-defined]
    assert next(stream) is None
    event = session.handle(api.StandRequest(6, pictures=True))
    assert event.troubles[0] and event.right.iteration == 2 and event.right.samples[0][0] == 2
    assert not event.left.samples and not len(event.left.rows)


def stands_as_it_is(page: Any, session: Session, qtbot: Any, place: int) -> None:
    """Wait until the page has the iteration and the pictures at which the run stands."""
    run, trainer = page.run, session.runs[place].trainer
    qtbot.waitUntil(lambda: run.iteration == trainer.iteration == run.history[-1].iteration, timeout=30_000)


def test_a_paused_page_shows_where_its_run_stands(qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session("train", model_dirs=[tmp_path], data_dir=tmp_path, compute=FLOAT32_CPU)
    made = Desk(TrainPage, session)  # type: ignore[arg-type]
    qtbot.addWidget(made.page)
    page: TrainPage = made.open(session.handle(api.CatalogRequest()).catalog)
    page.controls.set_family("mlp-vae")
    page.controls.form.set_value(TINY["mlp-vae"])
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration > 2 and len(page.run.history) > 1, timeout=30_000)
    for name in ("rows_due", "preview_due"):  # from now on it tells nothing by itself
        monkeypatch.setattr(f"genstudio.session.training.Clock.{name}", lambda clock: False)
    trainer = session.runs[page.run.place].trainer
    quiet = trainer.iteration + 5
    qtbot.waitUntil(lambda: trainer.iteration > quiet, timeout=30_000)
    page.run_pressed()
    stands_as_it_is(page, session, qtbot, page.run.place)
    assert page.run.state == "paused"
    samples = trainer.preview(page.run.request.preview).numpy()
    assert np.array_equal(page.stage.pictures(), samples)
    qtbot.waitUntil(lambda: f"iteration {trainer.iteration:,}" in page.tempo.label.text(), timeout=30_000)
    before = trainer.iteration
    for _ in range(3):
        page.step_pressed()
    qtbot.waitUntil(lambda: trainer.iteration == before + 3, timeout=30_000)
    stands_as_it_is(page, session, qtbot, page.run.place)
    page.reset()  # put away, it waits as it is
    page.bring_back()
    stands_as_it_is(page, session, qtbot, page.run.place)
    made.close()


def test_a_paused_race_shows_where_both_stand(qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    made = Desk(RacePage, session)  # type: ignore[arg-type]
    qtbot.addWidget(made.page)
    page = made.open(session.handle(api.CatalogRequest()).catalog)
    page.controls.set_contest(Contest(POINTS.settings, {"lr_d": 1e-3}, {"lr_d": 1e-2}))
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration > 2 and len(page.run.history) > 1, timeout=30_000)
    monkeypatch.setattr("genstudio.session.training.Clock.rows_due", lambda clock: False)
    trainer = session.runs[6].trainer
    quiet = trainer.iteration + 5
    qtbot.waitUntil(lambda: trainer.iteration > quiet, timeout=30_000)
    page.run_pressed()
    stands_as_it_is(page, session, qtbot, 6)
    assert page.run.history[-1].right.iteration == session.runs[7].trainer.iteration
    made.close()
