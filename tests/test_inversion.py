"""Pictures inverted and regenerated, and the way between two noises: what the session answers, and its files."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from genstudio import api, export
from genstudio.api.inversion import level_of
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.datasets import DATASETS, default_data_dir, load
from genstudio.session import Session, inversion
from genstudio.steps import finish

MODEL = "mnist-ddpm"


@pytest.fixture(scope="module")
def session() -> Session:
    return Session("play", compute=FLOAT32_CPU)


@pytest.fixture(scope="module")
def digits() -> list[tuple[str, int]]:
    """Held-out strokes, packed, with their classes."""
    dataset = load("strokes", Path(), train=False)
    return [(api.pack(dataset.images[k]), int(dataset.labels[k])) for k in range(3)]


def ways(session: Session, request: api.InvertRequest) -> tuple[list[api.InvertStep], list[api.InvertStep]]:
    """The steps up, and those back."""
    events = list(session.stream(request))
    joined = events[0]
    for event in events[1:]:
        joined = joined.merge(event)
    steps = joined.steps
    return [step for step in steps if not step.is_back], [step for step in steps if step.is_back]


def test_the_way_goes_up_level_by_level_and_back(session, digits) -> None:
    picture, label = digits[0]
    up, back = ways(session, api.InvertRequest(MODEL, picture, label, steps=10))
    assert [step.level for step in up] == list(range(11)) and [step.level for step in back] == list(range(10, -1, -1))
    assert np.array_equal(up[0].picture, api.unpack(picture, (28, 28, 1)))
    assert np.array_equal(up[-1].picture, back[0].picture) and back[0].error == 0 and np.isnan(up[3].error)
    assert [step.share for step in up] == [step.share for step in reversed(back)]
    assert up[0].share == 0 and up[-1].share > 0.98 and sorted(step.share for step in up) == [s.share for s in up]
    assert up[-1].calls == 10 and back[-1].calls == 20
    differ = (up[0].picture.astype(float) - back[-1].picture) / 255
    assert back[-1].error == pytest.approx(np.square(differ).mean(), rel=0.05)


def test_the_error_falls_with_steps_and_with_corrections(session, digits) -> None:
    def error(**fields: Any) -> float:
        return float(np.mean([
            ways(session, api.InvertRequest(MODEL, picture, label, **fields))[1][-1].error for picture, label in digits
        ]))  # fmt: skip

    few, many, corrected = error(steps=10), error(steps=60), error(steps=10, corrections=2)
    assert many < few / 4 and corrected < few / 4
    up, _ = ways(session, api.InvertRequest(MODEL, digits[0][0], steps=10, corrections=2))
    assert up[-1].calls == 30


@pytest.mark.parametrize("name", ["strokes", *(["mnist"] if DATASETS["mnist"].is_there(default_data_dir()) else [])])
def test_a_digit_comes_back(session, name: str) -> None:
    dataset = load(name, default_data_dir(), train=False)
    errors = []
    for k in range(3):
        request = api.InvertRequest(MODEL, api.pack(dataset.images[k]), int(dataset.labels[k]), steps=100)
        errors.append(ways(session, request)[1][-1].error)
    assert max(errors) < 0.005


def test_the_ends_of_an_arc_are_the_pictures_of_both_noises(session, digits) -> None:
    packed, label = digits[1]
    request = api.SlerpRequest(MODEL, picture_b=packed, seed_a=5, label=label, steps=20, count=5)
    events = list(session.stream(request))
    assert [event.done for event in events if isinstance(event, api.ProgressEvent)] == list(range(21))
    drawn = [event for event in events if isinstance(event, api.SlerpEvent)]
    assert [event.step for event in drawn] == list(range(21)) and drawn[-1].images.shape == (5, 28, 28, 1)
    first, last = drawn[-1].images[0].astype(int), drawn[-1].images[-1].astype(int)
    _, back = ways(session, api.InvertRequest(MODEL, packed, label, steps=20))
    assert np.abs(last - back[-1].picture).max() <= 1
    alone = finish(inversion.strip(session.models, dataclasses.replace(request, picture_b="", seed_b=5)))
    assert np.abs(first - alone[-1]).max() <= 1 and np.abs(alone[0] - alone[2].astype(int)).max() <= 1
    moves = [np.abs(a.astype(int) - b).mean() for a, b in zip(drawn[-1].images, drawn[-1].images[1:], strict=False)]
    assert min(moves) > 0.5  # each picture is another


def test_a_seed_draws_what_the_reverse_process_draws_of_it(session) -> None:
    images = finish(inversion.strip(session.models, api.SlerpRequest(MODEL, seed_a=3, seed_b=4, label=2, count=2)))
    alone = api.DenoiseRequest(MODEL, seed=3, count=1, label=2, steps=50, spacing="karras")
    *_, event = session.stream(alone)
    assert np.abs(images[0].astype(int) - event.steps[0].layers["x_t"][0]).mean() < 8  # that one clips


def test_who_jumps_has_no_way_back(session) -> None:
    loaded = session.models.get(MODEL)
    student = dataclasses.replace(loaded, info=dataclasses.replace(loaded.info, family="consistency"))
    with pytest.raises(ValueError, match="jumps from noise to picture"):
        inversion.check(student, api.InvertRequest(MODEL, ""))


def test_a_way_that_is_closed_halfway_leaves_the_next_one_as_it_is(session, digits) -> None:
    request = api.InvertRequest(MODEL, digits[2][0], 1, steps=10)
    whole = [step.picture for way in ways(session, request) for step in way]
    stream = session.stream(request)
    for _ in range(7):
        next(stream)
    stream.close()
    assert torch.is_grad_enabled()
    again = [step.picture for way in ways(session, request) for step in way]
    assert all(np.array_equal(a, b) for a, b in zip(whole, again, strict=True))


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (api.InvertRequest(MODEL, "", steps=10), "cannot be read"),
        (api.InvertRequest(MODEL, api.pack(np.zeros((32, 32, 3), np.uint8))), "28×28 px, grey"),
        (api.InvertRequest(MODEL, "28x28x1:AAAA"), "cannot be read"),
        (api.InvertRequest(MODEL, "", steps=9), "steps is 9; allowed: 10 to 250"),
        (api.InvertRequest(MODEL, "", corrections=6), "corrections is 6; allowed: 0 to 5"),
        (api.InvertRequest("mnist-vae-2", ""), "not a diffusion model"),
        (api.SlerpRequest(MODEL, count=1), "count is 1; allowed: 2 to 64"),
        (api.SlerpRequest(MODEL, seed_a=-1), "seed_a is -1"),
        (api.SlerpRequest(MODEL, label=12), "class 12 is unknown"),
        (api.SlerpRequest("gone"), "gone"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(session, request_: Any, words: str) -> None:
    with pytest.raises((ValueError, FileNotFoundError), match=words):
        list(session.stream(request_))


# ---- files --------------------------------------------------------------------------------------------


def restored(session: Session, path: Path) -> api.RestoredEvent:
    *_, event = session.stream(api.RestoreRequest(str(path)))
    return event


def test_a_sheet_of_both_ways_is_restored_to_the_last_pixel(session, digits, tmp_path: Path) -> None:
    request, path = api.InvertRequest(MODEL, digits[0][0], 3, steps=10), tmp_path / "ways.png"
    *_, saved = session.stream(api.ExportGridRequest(request, api.GridLayout(scale=1), str(path)))
    assert saved.path == str(path)
    assert export.read_picture(path).shape[:2] == (3 * 30 - 2, 12 * 30 - 2)  # a name and eleven moments
    event = restored(session, path)
    assert event.source == request and event.identical


def test_a_film_of_both_ways_has_their_moments(session, digits, tmp_path: Path) -> None:
    request, path = api.InvertRequest(MODEL, digits[0][0], 3, steps=10), tmp_path / "ways.webp"
    moments = finish(inversion.film(session.models, request))
    assert len(moments) == api.moment_count(request) == 21 and moments[0].shape == (3, 28, 28, 1)
    up, back = ways(session, request)
    for moment in (4, 10, 17, 20):
        level = level_of(moment, 10)
        assert np.array_equal(moments[moment][0], up[level].picture)
        assert moments[moment][1].any() == (moment >= 10)
        if moment >= 10:
            assert np.array_equal(moments[moment][1], back[10 - level].picture)
    list(session.stream(api.ExportFilmRequest(request, api.GridLayout(scale=1), str(path))))
    assert restored(session, path).source == request
    assert len(api.InvertRequest(MODEL, "", steps=250).frames()) == 200


def test_a_strip_and_a_film_from_a_to_b_are_restored(session, digits, tmp_path: Path) -> None:
    request = api.SlerpRequest(MODEL, picture_a=digits[0][0], seed_b=9, steps=10, count=4)
    grid, film = tmp_path / "strip.png", tmp_path / "strip.webp"
    list(session.stream(api.ExportGridRequest(request, api.GridLayout(scale=1), str(grid))))
    list(session.stream(api.ExportFilmRequest(request, api.GridLayout(scale=1), str(film))))
    event = restored(session, grid)
    assert event.source == request and event.identical and export.read_picture(grid).shape[:2] == (28, 4 * 30 - 2)
    assert restored(session, film).source == request
