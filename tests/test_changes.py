"""What changes while a run goes on is remembered, and repeats with it bit for bit."""

from __future__ import annotations

import dataclasses
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from genstudio import api, store
from genstudio.api import Change
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.threads import THREADS
from genstudio.session import Session
from genstudio.session.history import History
from genstudio.settings import GANSettings, VAESettings
from genstudio.ui.tabs.run_files import run_pictures
from genstudio.ui.tabs.training_run import TrainingRun

SETTINGS = VAESettings(latent_dim=2, width=4, batch_size=8)
RUN = api.TrainRequest("vae", "strokes", SETTINGS, 6, preview=0)
CHANGES = (Change(0, "threads", 2), Change(2, "beta", 4.0), Change(3, "threads", 1), Change(4, "lr", 5e-4))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)


def weights(session: Session, request: api.TrainRequest, path: Path) -> dict[str, np.ndarray]:
    """Train to the end and save."""
    list(session.stream(request))
    session.handle(api.SaveRequest(str(path)))
    return {name: value for name, value in load_file(path).items() if not name.startswith("history")}


def same(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> bool:
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


def advance(events: Iterator[api.TrainEvent | None], iterations: int) -> None:
    for _ in range(iterations):
        next(events)


def test_text_and_back() -> None:
    assert api.changes_from_text(api.changes_to_text(CHANGES)) == CHANGES
    assert api.changes_from_text("") == ()
    odd = (Change(7, "lr", 1 / 3000), Change(9, "beta", 1e-9))
    assert api.changes_from_text(api.changes_to_text(odd)) == odd


@pytest.mark.parametrize("bad", ["5", "5:beta", "beta=4", "5:beta=4x", "5:beta=4;6:beta=1", "-1:beta=1", "5:beta=."])
def test_bad_text_gets_one_sentence(bad: str) -> None:
    with pytest.raises(ValueError, match="give ITERATION:NAME=VALUE"):
        api.changes_from_text(bad)


def test_tuned_by_hand_and_replayed_give_the_same_weights(session: Session, tmp_path: Path) -> None:
    events = session.stream(RUN)
    advance(events, 1 + 2)
    tuned = session.handle(api.TuneRequest(dataclasses.replace(SETTINGS, beta=4.0)))
    assert tuned.changes == (Change(2, "beta", 4.0),)
    advance(events, 2)
    session.handle(api.TuneRequest(dataclasses.replace(SETTINGS, beta=4.0, lr=5e-4)))
    list(events)
    path = tmp_path / "by hand.safetensors"
    session.handle(api.SaveRequest(str(path)))
    header = store.read_header(path)
    assert header.changes == (Change(0, "threads", THREADS), Change(2, "beta", 4.0), Change(4, "lr", 5e-4))
    by_hand = {name: value for name, value in load_file(path).items() if not name.startswith("history")}
    replayed = weights(session, dataclasses.replace(RUN, changes=header.changes), tmp_path / "b.safetensors")
    plain = weights(session, RUN, tmp_path / "c.safetensors")
    assert same(by_hand, replayed) and not same(by_hand, plain)


def test_a_changed_run_goes_on_from_its_checkpoint_bit_for_bit(session: Session, tmp_path: Path) -> None:
    request = dataclasses.replace(RUN, changes=CHANGES)
    whole = weights(session, request, tmp_path / "whole.safetensors")
    half = tmp_path / "half.safetensors"
    weights(session, dataclasses.replace(request, iterations=3), half)
    rest = weights(session, dataclasses.replace(request, resume=str(half)), tmp_path / "rest.safetensors")
    assert same(whole, rest)
    ends = [store.read_header(tmp_path / f"{name}.safetensors") for name in ("whole", "rest")]
    assert ends[0].changes == ends[1].changes == CHANGES and ends[0].settings == ends[1].settings == SETTINGS


@pytest.mark.parametrize(
    "text",
    [
        "2:beta=2,4:beta=2,6:beta=3",  # one that repeats a value
        "2:beta=2,2:beta=3",  # one that another replaces at once
        "1:beta=1,3:lr=0.001,4:beta=9,6:beta=2",  # those of the settings themselves
        f"0:threads={THREADS},2:threads={2 if THREADS == 1 else 1},3:lr=0.0005",  # others than there would be
    ],
)
@pytest.mark.parametrize("cut", [3, 4, 7])
def test_a_resumed_run_makes_no_change_of_its_line_again(session: Session, text: str, cut: int, tmp_path: Path) -> None:
    """Nor does it note one that the uninterrupted run does not."""
    request = dataclasses.replace(RUN, iterations=8, changes=api.changes_from_text(text))
    whole = weights(session, request, tmp_path / "whole.safetensors")
    part = tmp_path / "part.safetensors"
    weights(session, dataclasses.replace(request, iterations=cut), part)
    rest = weights(session, dataclasses.replace(request, resume=str(part)), tmp_path / "rest.safetensors")
    assert same(whole, rest)
    headers = [store.read_header(tmp_path / f"{name}.safetensors") for name in ("whole", "rest")]
    assert headers[0].changes == headers[1].changes


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("2:beta=2,3:lr=0.0005", (Change(2, "beta", 2.0), Change(4, "lr", 5e-4))),
        ("1:beta=7,2:beta=2", (Change(2, "beta", 2.0),)),  # the line itself takes the first one back
        ("1:beta=7,2:beta=2,3:beta=8", (Change(2, "beta", 2.0), Change(4, "beta", 8.0))),
    ],
)
def test_a_change_that_is_new_in_the_line_and_of_the_past_is_made_at_once(
    session: Session, text: str, made: tuple[Change, ...], tmp_path: Path
) -> None:
    part, end = tmp_path / "part.safetensors", tmp_path / "end.safetensors"
    weights(session, dataclasses.replace(RUN, iterations=4, changes=(Change(2, "beta", 2.0),)), part)
    weights(session, dataclasses.replace(RUN, resume=str(part), changes=api.changes_from_text(text)), end)
    assert tuple(change for change in store.read_header(end).changes if change.name != api.THREADS) == made


def test_the_command_in_the_header_repeats_the_changes(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "changed.safetensors"
    first = weights(session, dataclasses.replace(RUN, changes=CHANGES), path)
    words = shlex.split(store.read_header(path).reproduce)
    variables = dict(word.split("=") for word in words[: words.index("genstudio")])
    assert variables["OMP_NUM_THREADS"] == "2" and "2:beta=4,3:threads=1,4:lr=0.0005" in words
    out = str(tmp_path / "again.safetensors")
    command = [sys.executable, "-m", *words[words.index("genstudio") : -1], out]
    subprocess.run(command, env={**os.environ, **variables}, check=True, capture_output=True, timeout=120)
    again = {name: value for name, value in load_file(out).items() if not name.startswith("history")}
    assert same(first, again)


def test_what_may_not_change_is_refused(session: Session) -> None:
    list(session.stream(dataclasses.replace(RUN, iterations=1)))
    for settings, words in (
        (dataclasses.replace(SETTINGS, width=8), "width cannot change"),
        (dataclasses.replace(SETTINGS, beta=-1.0), "beta is -1"),
    ):
        with pytest.raises(ValueError, match=words):
            session.handle(api.TuneRequest(settings))
    for change, words in ((Change(0, "width", 8.0), "cannot change"), (Change(0, "threads", 0.0), "threads is 0")):
        with pytest.raises(ValueError, match=words):
            list(session.stream(dataclasses.replace(RUN, changes=(change,))))


class Scripted:
    """A chooser whose counts are known beforehand."""

    is_trying, count = False, 1

    def __init__(self, most: int) -> None:
        self._counts = iter((2, 1, 1, 2, 2, 2))

    def after(self, seconds: float) -> int:
        return next(self._counts)


def test_an_adapting_session_notes_every_count_it_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genstudio.session.run.ThreadChooser", Scripted)
    session = Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU, adapts=True)
    events = list(session.stream(RUN))
    noted = [(change.iteration, change.value) for change in events[-1].changes if change.name == api.THREADS]
    assert noted == [(0, 1.0), (1, 2.0), (2, 1.0), (4, 2.0)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5:width=8", "width cannot change"),
        ("2:warmup=1.5", "whole number"),
        ("2:threads=1.5", "threads is 1.5"),
        ("2:beta=1e999", "beta is inf"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_before_the_run(session: Session, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        next(session.stream(dataclasses.replace(RUN, changes=api.changes_from_text(text))))
    too_many = tuple(Change(k, "beta", 1.0) for k in range(801))
    with pytest.raises(ValueError, match="801 changes"):
        next(session.stream(dataclasses.replace(RUN, changes=too_many)))


def test_a_run_that_is_saved_as_it_was_resumed_keeps_its_losses(session: Session, tmp_path: Path) -> None:
    first, second = tmp_path / "first.safetensors", tmp_path / "second.safetensors"
    weights(session, RUN, first)
    events = session.stream(dataclasses.replace(RUN, iterations=9, resume=str(first)))
    next(events)
    session.handle(api.SaveRequest(str(second)))
    assert store.read_header(second).metrics == pytest.approx(store.read_header(first).metrics)


def test_the_losses_of_a_run_go_on_after_a_resume(session: Session, tmp_path: Path) -> None:
    half = tmp_path / "half.safetensors"
    losses = np.concatenate([event.rows for event in session.stream(RUN) if event is not None])
    weights(session, dataclasses.replace(RUN, iterations=4), half)
    first = next(session.stream(dataclasses.replace(RUN, resume=str(half))))
    assert first.past[:, 0].tolist() == [1, 2, 3, 4] and np.array_equal(first.past[:, 1:], losses[:4])


def test_a_history_is_thinned_the_same_however_it_is_fed() -> None:
    rows = np.arange(20_000, dtype=np.float32).reshape(-1, 2)
    at_once, in_parts = History(2), History(2)
    at_once.add(len(rows), rows)
    for start in range(0, len(rows), 77):
        part = rows[start : start + 77]
        in_parts = History.of(in_parts.rows) if start % 2 else in_parts  # as if it had been saved and resumed
        in_parts.add(start + len(part), part)
    assert np.array_equal(at_once.rows, in_parts.rows) and 256 < len(at_once.rows) <= 512
    assert np.array_equal(at_once.rows[:, 1:], rows[at_once.rows[:, 0].astype(int) - 1])


def test_a_receipt_carries_the_changes() -> None:
    request = dataclasses.replace(RUN, changes=CHANGES)
    values = api.request_to_dict(request)
    assert api.request_from_dict(values) == request
    del values["changes"]  # as in files from before
    assert api.request_from_dict(values) == RUN
    for bad in ([{"iteration": 1}], [{"iteration": 1, "name": "beta", "value": [4]}], "x", [4]):
        with pytest.raises(ValueError, match="changes is not"):
            api.request_from_dict({**values, "changes": bad})


def test_what_the_window_exports_of_a_run_names_its_changes() -> None:
    pictures = np.zeros((4, 28, 28, 1), np.uint8)
    run = TrainingRun()
    run.begin(RUN)
    run.take(api.TrainEvent(RUN, 3, ("a",), np.zeros((1, 1), np.float32), ((3, pictures),), 1.0, CHANGES))
    exported = run_pictures(run)
    assert exported is not None and exported.source == dataclasses.replace(RUN, changes=CHANGES)


def test_a_change_stays_known_though_older_news_of_the_run_come_after_it() -> None:
    run = TrainingRun()
    run.begin(RUN)
    run.changes = CHANGES  # the answer to the change came first
    run.take(api.TrainEvent(RUN, 3, ("a",), np.zeros((1, 1), np.float32), (), 1.0, CHANGES[:-1]))
    assert run.changes == CHANGES
    more = (*CHANGES, api.Change(5, "lr", 0.5))
    run.take(api.TrainEvent(RUN, 5, ("a",), np.zeros((1, 1), np.float32), (), 1.0, more))
    assert run.changes == more


def test_joined_events_keep_the_newest_views_and_all_rows() -> None:
    def event(iteration: int, **more: object) -> api.TrainEvent:
        return api.TrainEvent(RUN, iteration, ("a",), np.full((1, 1), iteration, np.float32), (), 1.0, **more)

    first = event(1, numbers={"kl_per_latent": np.ones(2)}, past=np.ones((3, 2), np.float32))
    joined = first.merge(event(2)).merge(event(3, views={"map": np.zeros((1, 4, 4, 1), np.uint8)}))
    assert joined.rows[:, 0].tolist() == [1, 2, 3] and joined.iteration == 3
    assert list(joined.numbers) == ["kl_per_latent"] and list(joined.views) == ["map"] and len(joined.past) == 3


GAN = GANSettings(width=8, d_width=4, levels=2, latent_dim=4, batch_size=8)


def test_a_rule_of_the_game_changes_while_it_goes_on_and_the_run_repeats(session: Session, tmp_path: Path) -> None:
    """Also both numbers of updates at once, through a moment at which nobody would learn."""
    request = api.TrainRequest("gan", "strokes", dataclasses.replace(GAN, g_updates=0), 6, preview=0)
    events = session.stream(request)
    advance(events, 4)
    tuned = dataclasses.replace(request.settings, loss="hinge", d_updates=0, g_updates=2)
    made = session.handle(api.TuneRequest(tuned)).changes
    assert {change.name: change.value for change in made} == {"loss": "hinge", "d_updates": 0, "g_updates": 2}
    *_, event = events
    session.handle(api.SaveRequest(str(tmp_path / "first.safetensors")))
    assert store.read_header(tmp_path / "first.safetensors").changes == event.changes
    first = {k: v for k, v in load_file(tmp_path / "first.safetensors").items() if not k.startswith("history")}
    text = api.changes_to_text(event.changes)
    assert "3:loss=hinge" in text and api.changes_from_text(text) == event.changes
    again = weights(session, dataclasses.replace(request, changes=event.changes), tmp_path / "again.safetensors")
    assert same(first, again)
    plain = weights(session, request, tmp_path / "plain.safetensors")
    assert not same(first, plain)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(1, "loss", "hinges"), "loss is 'hinges'; allowed: non-saturating"),
        (Change(1, "loss", 3.0), "loss is 3.0; allowed"),
        (Change(1, "clip", "much"), "clip is 'much'; it must be a number"),
        (Change(1, "threads", "two"), "threads is two; allowed"),
        (Change(1, "optimizer", "sgd"), "optimizer cannot change while a run goes on"),
        (Change(1, "d_updates", 0.0), None),
    ],
)
def test_a_change_of_a_game_that_cannot_be_is_a_sentence(session: Session, change: Change, words: str | None) -> None:
    settings = dataclasses.replace(GAN, g_updates=0)
    with pytest.raises(ValueError, match=words or "both 0, so nobody learns"):
        next(session.stream(api.TrainRequest("gan", "strokes", settings, 6, preview=0, changes=(change,))))
