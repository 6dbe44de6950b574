"""Two runs that go on together: locked by iteration, each bit for bit what it is alone, and one may break."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from session_desk import RUNS, new_session

from genstudio import api
from genstudio.settings import PointGANSettings

PICTURES = dataclasses.replace(RUNS["tiny-gan"], iterations=6)
POINTS = api.TrainRequest("point-gan", "ring", PointGANSettings(hidden=8, batch_size=16), 6, preview=1)


def changed(request: api.TrainRequest, **settings: Any) -> api.TrainRequest:
    return dataclasses.replace(request, settings=dataclasses.replace(request.settings, **settings))


def whole(events: list[Any]) -> api.RaceEvent:
    """All that was told, in one event."""
    told = [event for event in events if isinstance(event, api.RaceEvent)]
    event = told[0]
    for newer in told[1:]:
        event = event.merge(newer)
    return event


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (PICTURES, changed(PICTURES, lr_d=2e-3)),
        (POINTS, changed(POINTS, loss="minimax")),
        (POINTS, PICTURES),
    ],
    ids=["pictures", "points", "twin"],
)
def test_each_is_bit_for_bit_the_run_it_is_alone(left: Any, right: Any, tmp_path: Path) -> None:
    session = new_session(tmp_path)
    event = whole(list(session.stream(api.RaceRequest(left, right))))
    for place, side, told in ((6, left, event.left), (7, right, event.right)):
        alone = new_session(tmp_path)
        rows = np.concatenate([e.rows for e in alone.stream(side) if isinstance(e, api.TrainEvent)])
        here, there = session.runs[place].trainer.state(), alone.runs[0].trainer.state()
        assert here.keys() == there.keys() and all(torch.equal(here[name], there[name]) for name in there)
        assert np.array_equal(told.rows, rows) and len(rows) == 6 and told.iteration == 6


def test_an_iteration_that_is_asked_for_by_itself_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genstudio.session.training.Clock.rows_due", lambda clock: False)
    stream = new_session(tmp_path).stream(api.RaceRequest(POINTS, changed(POINTS, loss="minimax")))
    assert next(stream).iteration == 0 and next(stream) is None
    event = stream.send(True)  # type: ignore[attr-defined]
    assert event.iteration == 2 and len(event.left.rows) == len(event.right.rows) == 2


def test_they_are_never_apart_between_two_steps(tmp_path: Path) -> None:
    session = new_session(tmp_path)
    stream = session.stream(api.RaceRequest(POINTS, PICTURES))
    steps = 0
    for event in stream:
        if not isinstance(event, api.ProgressEvent):
            assert [session.runs[place].trainer.iteration for place in (6, 7)] == [steps, steps]
            steps += 1
    assert steps == 7


def test_what_is_told_belongs_to_the_same_iterations(tmp_path: Path) -> None:
    request = api.RaceRequest(
        dataclasses.replace(POINTS, iterations=200),
        dataclasses.replace(changed(POINTS, lr_d=1e-2), iterations=200),
    )
    events = [event for event in new_session(tmp_path).stream(request) if event is not None]
    assert len(events) > 2
    for event in events:
        assert event.left.iteration == event.right.iteration == event.iteration
        assert len(event.left.rows) == len(event.right.rows)
        assert [i for i, _ in event.left.samples] == [i for i, _ in event.right.samples]
        assert bool(event.left.numbers) == bool(event.right.numbers) == bool(event.left.samples)


def test_a_side_that_breaks_stops_and_the_other_goes_on(tmp_path: Path) -> None:
    broken = changed(PICTURES, lr_d=0.1, lr_g=0.1, optimizer="sgd", loss="least-squares", beta1=0.99)
    sane = dataclasses.replace(PICTURES, iterations=60)
    request = api.RaceRequest(dataclasses.replace(broken, iterations=60), sane)
    events = list(new_session(tmp_path).stream(request))
    last, event = [e for e in events if e is not None][-1], whole(events)
    assert "no longer a finite number" in last.troubles[0] and last.troubles[1] == ""
    assert event.right.iteration == event.iteration == len(event.right.rows) == 60
    assert len(event.left.rows) == event.left.iteration < 60 and np.isfinite(event.left.rows).all()
    alone = np.concatenate([e.rows for e in new_session(tmp_path).stream(sane) if isinstance(e, api.TrainEvent)])
    assert np.array_equal(event.right.rows, alone)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (api.RaceRequest(PICTURES, dataclasses.replace(PICTURES, iterations=9)), "the same"),
        (api.RaceRequest(PICTURES, dataclasses.replace(PICTURES, resume="a")), "beginning"),
        (api.RaceRequest(PICTURES, PICTURES, (6, 6)), "each its own"),
        (api.RaceRequest(PICTURES, changed(PICTURES, batch_size=0)), "batch_size"),
    ],
)
def test_a_race_that_could_not_keep_together_is_refused(request_: Any, words: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=words):
        list(new_session(tmp_path).stream(request_))


def test_the_threads_that_one_side_chooses_both_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[int] = []
    chosen = iter((1, 3, 3, 2, 2, 1))
    monkeypatch.setattr("genstudio.session.run.use_threads", used.append)
    monkeypatch.setattr("genstudio.core.thread_chooser.ThreadChooser.after", lambda chooser, seconds: next(chosen))
    session = new_session(tmp_path)
    session.places.adapts = True
    event = whole(list(session.stream(api.RaceRequest(POINTS, PICTURES))))
    assert used == [1, 1, 1, 1, 3, 3, 3, 3, 2, 2, 2, 2]
    threads = [
        [(c.iteration, c.value) for c in side.changes if c.name == api.THREADS] for side in (event.left, event.right)
    ]
    assert threads[1] == [(0, 1), (2, 3), (4, 2), (6, 1)] and threads[0] == threads[1][:3]


@pytest.mark.parametrize(
    "asked", [api.SlowRequest((7, 0), on=True), api.SlowRequest((6,), on=False), api.TurnRequest("d", 6)]
)
def test_no_side_goes_stage_by_stage(asked: Any, tmp_path: Path) -> None:
    session = new_session(tmp_path)
    stream = session.stream(api.RaceRequest(POINTS, changed(POINTS, lr_d=1e-2)))
    next(event for event in stream if isinstance(event, api.RaceEvent))
    with pytest.raises(ValueError, match=r"Both sides of a race do whole iterations together; .+\.$"):
        session.handle(asked)
    next(stream)
    assert session.runs[6].trainer.iteration == session.runs[7].trainer.iteration
    list(session.stream(api.RunRequest(POINTS, 6)))
    assert session.handle(api.SlowRequest((6,), on=True)).on, "another run has the place of the race's"
