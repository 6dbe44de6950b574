"""Ways from the same noise in one stream: each as if alone, all at one level, and a sheet that repeats itself."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from session_desk import last, new_session, train_runs

from genstudio import api
from genstudio.api.differences import BRIGHTER, DARKER, difference, mean_square
from genstudio.session import Session

MODEL = "tiny-ddpm"
WAYS = (
    api.Way(MODEL, "ddpm", 20),
    api.Way(MODEL, "ddim", 7, guidance=2.0, eta=0.5),
    api.Way(MODEL, "heun", 4),
    api.Way(MODEL, "dpm-2m", 6, spacing="karras"),
)
REQUEST = api.CompareSamplersRequest(WAYS, seed=5, count=3)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return new_session(train_runs(tmp_path_factory.mktemp("models")))


def columns(events: list[api.CompareSamplersEvent]) -> list[list[api.Step]]:
    """The steps of each column."""
    found: list[list[api.Step]] = [[] for _ in events[0].request.ways]
    for event in events:
        for column, step in event.steps:
            found[column].append(step)
    return found


def test_each_column_is_that_of_its_own_request_bit_for_bit(session: Session) -> None:
    together = columns(list(session.stream(REQUEST)))
    for way, steps in zip(api.columns_of(REQUEST), together, strict=True):
        alone = [event.steps[0] for event in session.stream(way)]
        assert len(steps) == way.steps + 1 and [s.calls for s in steps] == [s.calls for s in alone]
        for a, b in zip(steps, alone, strict=True):
            assert all(np.array_equal(a.layers[layer], b.layers[layer]) for layer in api.LAYERS)


def test_the_columns_advance_together_in_noise(session: Session) -> None:
    first, *events = session.stream(REQUEST)
    assert first.steps == () and first.prepares and not events[0].prepares
    assert [len(levels) for levels in first.levels] == [way.steps + 1 for way in WAYS]
    order = [first.levels[column][step.index] for event in events for column, step in event.steps]
    assert order == sorted(order, reverse=True), "the next is always the noisiest"
    assert order[-len(WAYS) :] == [0.0] * len(WAYS), "all end together"
    for event in events:
        for column, step in event.steps:
            assert step.noise / (step.signal + step.noise) == pytest.approx(first.levels[column][step.index])


def test_unread_events_join_and_lose_nothing(session: Session) -> None:
    events = list(session.stream(REQUEST))
    joined = events[0]
    for event in events[1:]:
        joined = joined.merge(event)
    assert joined.levels == events[0].levels
    assert [len(steps) for steps in columns([joined])] == [way.steps + 1 for way in WAYS]


def test_a_column_that_cannot_go_says_why_and_the_others_go_on(session: Session) -> None:
    ways = (WAYS[1], api.Way(MODEL, "ddim", 41), api.Way("nobody"), api.Way(MODEL, "magic"))
    events = list(session.stream(dataclasses.replace(REQUEST, ways=ways)))
    assert [column for column, _ in events[0].failed] == [1, 2, 3]
    assert all(
        words in why for (_, why), words in zip(events[0].failed, ("steps is 41", "nobody", "magic"), strict=True)
    )
    assert [len(steps) for steps in columns(events)] == [8, 0, 0, 0]


@pytest.mark.parametrize(("change", "words"), [({"count": 17}, "count is 17"), ({"ways": WAYS * 2}, "8 columns")])
def test_too_many_are_refused_in_a_sentence(session: Session, change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        next(session.stream(dataclasses.replace(REQUEST, **change)))  # type: ignore[arg-type]


# ---- moments --------------------------------------------------------------------------------------


def test_places_are_shares_of_the_way_or_of_the_noise_gone() -> None:
    assert api.places_of((0.9, 0.5, 0.0), "share") == [0.0, 0.5, 1.0]
    assert api.places_of((0.9, 0.5, 0.0), "level") == pytest.approx([0.1, 0.5, 1.0])
    assert [api.step_at([0.1, 0.5, 1.0], place) for place in (0.0, 0.1, 0.49, 0.5, 0.99, 1.0)] == [0, 0, 0, 1, 1, 2]


def test_the_difference_is_orange_where_brighter_and_blue_where_darker() -> None:
    first, other = np.full((1, 1, 2, 1), 100, np.uint8), np.array([[[[151], [49]]]], np.uint8)
    signed = difference(other, first, "signed")
    assert np.array_equal(signed[0, 0], np.round(np.array([BRIGHTER, DARKER]) * 51 / 255))
    assert difference(other, first, "absolute").ravel().tolist() == [51, 51]
    assert mean_square(other, first) == pytest.approx((51 / 255) ** 2)
    assert mean_square(first, first) == 0 and not difference(first, first, "signed").any()


# ---- the sheet ------------------------------------------------------------------------------------

SHEET = api.SamplersSheetRequest(REQUEST, "x0_hat", 0.6, "level", "signed", (1200.0, 33.0, 4.0, 0.5))


@pytest.mark.parametrize("kind", api.DIFFERENCES)
@pytest.mark.parametrize("count", [1, 3])
def test_a_sheet_restores_itself_to_the_last_pixel(session: Session, tmp_path: Path, kind: str, count: int) -> None:
    asked = dataclasses.replace(REQUEST, count=count)
    request = dataclasses.replace(SHEET, asked=asked, difference=kind)  # type: ignore[arg-type]
    path = tmp_path / "sheet.png"
    saved = last(session.stream(api.ExportGridRequest(request, api.GridLayout(scale=1), str(path))))
    assert saved.bytes > 0
    restored = last(session.stream(api.RestoreRequest(str(path))))
    assert restored.identical and restored.source == request, restored.message


def test_a_sheet_shows_the_step_of_each_column_at_that_place(session: Session, tmp_path: Path) -> None:
    first, *events = session.stream(REQUEST)
    steps = columns([first, *events])
    wanted = [
        s[api.step_at(api.places_of(levels, "level"), 0.6)] for s, levels in zip(steps, first.levels, strict=True)
    ]
    path = tmp_path / "sheet.png"
    last(session.stream(api.ExportGridRequest(SHEET, api.GridLayout(gap=0, scale=1), str(path))))
    from genstudio import export

    page = export.read_picture(path)
    for k, step in enumerate(wanted):
        left = 28 * 3 * k
        for row, column, picture in ((0, 0, 0), (0, 1, 1), (1, 0, 2)):
            tile = page[28 * (1 + row) :, left + 28 * column :][:28, :28]
            assert np.array_equal(tile, np.repeat(step.layers["x0_hat"][picture], 3, -1))
        assert page[:28, left : left + 28].any(), "its heading"
        below = page[28 * 4 :, left : left + 56]
        assert np.array_equal(
            below[:28, :28], difference(step.layers["x0_hat"], wanted[0].layers["x0_hat"], "signed")[0]
        )


def test_a_film_has_the_whole_way_and_a_receipt(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "film.webp"
    last(session.stream(api.ExportFilmRequest(SHEET, api.GridLayout(scale=1), str(path))))
    restored = last(session.stream(api.RestoreRequest(str(path))))
    assert restored.source == SHEET and restored.identical is None
    assert api.moment_count(SHEET) == 21


def test_a_sheet_of_a_column_that_cannot_go_says_why(session: Session, tmp_path: Path) -> None:
    ways = (WAYS[0], api.Way(MODEL, "ddim", 41))
    request = dataclasses.replace(SHEET, asked=dataclasses.replace(REQUEST, ways=ways), ms=(1.0, 1.0))
    with pytest.raises(ValueError, match="steps is 41"):
        last(session.stream(api.ExportGridRequest(request, api.GridLayout(), str(tmp_path / "sheet.png"))))
    assert not (tmp_path / "sheet.png").exists()
