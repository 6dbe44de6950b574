"""The forward process: drawn schedules, the closed form, the files of its way."""

from __future__ import annotations

import dataclasses
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from cli_desk import draw_pictures
from session_desk import last, new_session

from genstudio import api, export
from genstudio.api.forward import grey_levels, moments, noise_like, noised, unit
from genstudio.core.images import to_float, to_uint8
from genstudio.core.schedules import SCHEDULES, schedule_named
from genstudio.core.seeding import image_noise
from genstudio.export.letters import Words
from genstudio.session import forward
from genstudio.settings.schedules import (
    KNOTS,
    LEAST,
    PEN,
    bent,
    check_curve,
    curve_of,
    name_of_curve,
    straight_curve,
)

RAMP = np.arange(784, dtype=np.uint16).reshape(28, 28, 1).astype(np.uint8)
COLOURED = np.random.default_rng(3).integers(0, 256, (32, 32, 3), np.uint8)
LINE = name_of_curve(straight_curve())

# ---- a drawn schedule ---------------------------------------------------------------------------------


def test_a_drawn_curve_comes_back_from_its_name() -> None:
    curve = bent(bent(straight_curve(), 5, 0.9), 11, 0.05)
    assert curve_of(name_of_curve(curve)) == curve and name_of_curve(curve).startswith(PEN)


@pytest.mark.parametrize(("knot", "value"), [(1, 0.0), (1, 1.0), (8, 2.0), (8, -1.0), (15, 1.0), (15, 0.0004)])
def test_a_bent_curve_still_falls_from_one_to_zero_and_goes_where_it_is_pulled(knot: int, value: float) -> None:
    curve = bent(straight_curve(), knot, value)
    check_curve(curve)
    assert curve[knot] == pytest.approx(min(max(value, (KNOTS - 1 - knot) * LEAST), 1 - knot * LEAST), abs=1e-3)


def test_the_ends_of_a_curve_cannot_be_bent() -> None:
    assert bent(straight_curve(), 0, 0.5) == bent(straight_curve(), KNOTS - 1, 0.5) == straight_curve()


def test_any_drawing_of_the_pen_is_a_schedule() -> None:
    rng, curve = np.random.default_rng(0), straight_curve()
    for _ in range(300):
        curve = bent(curve, int(rng.integers(0, KNOTS)), float(rng.uniform(-0.2, 1.2)))
        check_curve(curve)


BAD = {
    "drawn:": "cannot be read",
    "drawn:1,x": "cannot be read",
    "drawn:1.000,0.000": "has 17 values, not 2",
    LINE.replace("1.000", "0.990"): "falls from 1 to 0, not from 0.99 to 0",
    LINE.replace(",0.000", ",0.010"): "not from 1 to 0.01",
    LINE.replace("0.875", "0.938"): "value 3 is not below the one before",
    LINE.replace("0.875", "nan"): "value 3 is not below the one before",
    LINE.replace("0.875", "0.8750"): "not written in thousandths",
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_drawn_schedule_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(ValueError, match=BAD[name]) as error:
        curve_of(name)
    assert "\n" not in str(error.value)
    with pytest.raises(ValueError, match=BAD[name]):
        schedule_named(name, 100)


@pytest.mark.parametrize("timesteps", [10, 16, 100, 1000])
def test_a_drawn_schedule_goes_along_its_curve(timesteps: int) -> None:
    curve = bent(straight_curve(), 4, 0.95)
    found = schedule_named(name_of_curve(curve), timesteps)
    t = np.arange(1, timesteps) / timesteps * (KNOTS - 1)
    assert found.signal[:-1].numpy() == pytest.approx(np.interp(t, np.arange(KNOTS), curve), abs=1e-9)
    assert len(found) == timesteps and all(a > b for a, b in pairwise(found.signal.tolist()))
    assert torch.allclose(found.signal**2 + found.noise**2, torch.ones(timesteps, dtype=torch.float64))
    assert 0 < float(found.signal[-1]) < float(found.signal[-2])
    assert bool((found.betas > 0).all() and (found.betas <= 0.999 + 1e-12).all())


def test_a_schedule_is_found_by_its_name_and_an_unknown_one_refused() -> None:
    for name in SCHEDULES:
        assert torch.equal(schedule_named(name, 50).signal, SCHEDULES[name](50).signal)
    with pytest.raises(ValueError, match="schedule is 'steep'; allowed: linear, cosine, sigmoid, straight, or a drawn"):
        schedule_named("steep", 50)


# ---- the closed form ----------------------------------------------------------------------------------


@pytest.mark.parametrize("picture", [RAMP, COLOURED], ids=["grey", "coloured"])
def test_pictures_and_noise_are_those_of_the_science(picture: np.ndarray) -> None:
    height, width, channels = picture.shape
    tensor = torch.from_numpy(picture).permute(2, 0, 1)[None]
    assert np.array_equal(unit(picture), to_float(tensor)[0].permute(1, 2, 0).numpy())
    eps = noise_like(7, picture)
    assert np.array_equal(eps, image_noise(7, [0], (channels, height, width))[0].permute(1, 2, 0).numpy())
    x = 1.7 * eps
    assert np.array_equal(grey_levels(x), to_uint8(torch.from_numpy(x).permute(2, 0, 1)[None])[0].numpy())
    assert np.array_equal(grey_levels(unit(picture)), picture)


def test_noised_data_of_unit_variance_keeps_it() -> None:
    x0, eps = (np.random.default_rng(k).standard_normal(400_000).astype(np.float32) for k in (1, 2))
    for level in (schedule_named("cosine", 1000).level(t) for t in (0, 300, 700, 999)):
        assert noised(x0, eps, level.signal, level.noise).var() == pytest.approx(1, abs=0.01)


def test_moments_have_both_ends_and_even_distances() -> None:
    assert moments(1000, 11) == tuple(range(0, 1001, 100)) and moments(10, 12)[:3] == (0, 1, 2)


# ---- the session --------------------------------------------------------------------------------------


@pytest.fixture
def session(tmp_path: Path) -> Any:
    return new_session(tmp_path)


@pytest.mark.parametrize("schedule", ["linear", "straight", LINE])
def test_the_session_tells_the_numbers_of_a_schedule(session: Any, schedule: str) -> None:
    event = session.handle(api.ScheduleRequest(schedule, 30))
    found = schedule_named(schedule, 30)
    assert event.signal == pytest.approx(found.signal.numpy(), rel=1e-6) and event.signal.dtype == np.float32
    assert event.noise == pytest.approx(found.noise.numpy(), rel=1e-6)
    assert event.betas == pytest.approx(found.betas.numpy(), rel=1e-6)


@pytest.mark.parametrize("timesteps", [9, 1001])
def test_a_number_of_levels_that_is_not_allowed_is_refused(session: Any, timesteps: int) -> None:
    with pytest.raises(ValueError, match=f"T is {timesteps}; allowed: 10 to 1000"):
        session.handle(api.ScheduleRequest("linear", timesteps))


def test_pictures_of_a_dataset_come_by_their_number(session: Any) -> None:
    first, other = (last([None, *session.stream(api.OriginalRequest("strokes", n))]) for n in (0, 3))
    assert first.picture.shape == (28, 28, 1) and first.label in "0123456789" and first.total > 100
    assert (first.picture != other.picture).any() and first.rim == other.rim == 0, "strokes are light on dark"
    with pytest.raises(ValueError, match=f"there is no picture {first.total}; strokes has 0 to {first.total - 1}"):
        list(session.stream(api.OriginalRequest("strokes", first.total)))


def test_pictures_that_came_into_a_folder_have_numbers_too(session: Any, tmp_path: Path) -> None:
    """And nothing is read again as long as none has come."""
    folder = draw_pictures(tmp_path)
    first = last(session.stream(api.OriginalRequest(str(folder), 1)))
    (again,) = session.stream(api.OriginalRequest(str(folder), 0))
    assert first.total == again.total == 2
    for number in range(90, 100):
        shutil.copy(folder / "a" / "00.png", folder / "a" / f"{number}.png")
    assert last(session.stream(api.OriginalRequest(str(folder), 2))).total == 3


def test_any_picture_is_made_a_square_of_the_size_asked_for(session: Any) -> None:
    event = session.handle(api.FitRequest(COLOURED[:20], 28, 1))
    assert event.picture.shape == (28, 28, 1) and "made grey" in event.converted and "resized" in event.converted
    with pytest.raises(ValueError, match="all of it has one shade"):
        session.handle(api.FitRequest(np.full((9, 9, 3), 7, np.uint8), 28, 1))


# ---- files --------------------------------------------------------------------------------------------

SOURCE = api.ForwardRequest(api.pack(RAMP), LINE, 60, seed=5, steps=6)


def test_the_strip_is_written_and_comes_back_to_the_last_pixel(session: Any, tmp_path: Path) -> None:
    path = tmp_path / "strip.png"
    list(session.stream(api.ExportGridRequest(SOURCE, api.GridLayout(gap=0, scale=1), str(path))))
    strip = export.read_picture(path)
    assert strip.shape[:2] == (28, 6 * 28) and np.array_equal(strip[:, :28, :1], RAMP)
    found = schedule_named(LINE, 60)
    eps = noise_like(5, RAMP)
    end = grey_levels(noised(unit(RAMP), eps, float(found.signal[-1]), float(found.noise[-1])))
    assert np.array_equal(strip[:, -28:, :1], end)
    event = last([None, *session.stream(api.RestoreRequest(str(path)))])
    assert event.source == SOURCE and event.identical is True and event.model is None


def test_a_strip_with_words_says_t_and_shares_and_comes_back(session: Any, tmp_path: Path) -> None:
    path, origin = tmp_path / "told.png", api.PictureOrigin("/home/me/some pictures", 12, "9")
    told = dataclasses.replace(SOURCE, told=True, origin=origin)
    list(session.stream(api.ExportGridRequest(told, api.GridLayout(columns=2, gap=0, scale=4), str(path))))
    page = export.read_picture(path)
    assert page.shape[:2] == (3 * 112, 6 * 112), "a line of words, the pictures, and what they are"
    assert np.array_equal(page[112:224:4, 0:112:4, :1], RAMP) and page[:112].any() and page[224:].any()
    event = last([None, *session.stream(api.RestoreRequest(str(path)))])
    assert event.identical is True and event.source.origin == dataclasses.replace(origin, dataset="some pictures")
    heading, *_, first, end = [tile.lines for tile in forward.sheet(told) if isinstance(tile, Words) and tile.lines]
    assert heading[1] == "Picture 12 held out of some pictures, class 9" and "drawn schedule with T = 60" in heading[0]
    assert end[0] == "t = 60" and first[0] == "t = 48"


def test_a_strip_of_an_older_file_is_one_without_words() -> None:
    values = api.request_to_dict(SOURCE)
    del values["told"], values["origin"]
    assert api.request_from_dict(values) == SOURCE and not api.has_headings(SOURCE)


def test_the_way_is_written_as_a_film(session: Any, tmp_path: Path) -> None:
    path = tmp_path / "way.webp"
    list(session.stream(api.ExportFilmRequest(SOURCE, api.GridLayout(1, 0, 2), str(path))))
    event = last([None, *session.stream(api.RestoreRequest(str(path)))])
    assert event.source == SOURCE and event.identical is None
    assert (api.moment_count(SOURCE), api.frame_count(SOURCE), api.natural_columns(SOURCE)) == (6, 1, 6)


WRONG = {
    "picture": ("28x28x1:nonsense", "cannot be read"),
    "schedule": ("steep", "schedule is 'steep'"),
    "timesteps": (5, "T is 5; allowed: 10 to 1000"),
    "steps": (1, "steps is 1; allowed: 2 to 1001"),
    "seed": (-1, "seed is -1; it must not be negative"),
}


@pytest.mark.parametrize("field", WRONG)
def test_what_cannot_be_drawn_is_refused_in_one_sentence(session: Any, tmp_path: Path, field: str) -> None:
    value, words = WRONG[field]
    source = dataclasses.replace(SOURCE, **{field: value})
    with pytest.raises(ValueError, match=words):
        list(session.stream(api.ExportGridRequest(source, api.GridLayout(), str(tmp_path / "a.png"))))
    assert not list(tmp_path.glob("a.png"))


def test_a_colour_picture_fits_into_a_receipt() -> None:
    source = api.ForwardRequest(api.pack(COLOURED))
    assert len(source.picture) > 4096 and api.request_from_dict(api.request_to_dict(source)) == source


def test_a_file_says_where_the_picture_is_from_without_anybodys_path() -> None:
    origin = api.PictureOrigin("/home/anna/scans.zip", 12, "9")
    kept = api.request_from_dict(api.request_entry(dataclasses.replace(SOURCE, origin=origin)))
    assert kept == dataclasses.replace(SOURCE, origin=dataclasses.replace(origin, dataset="scans.zip"))
    older = {name: value for name, value in api.request_to_dict(SOURCE).items() if name != "origin"}
    assert api.request_from_dict(older) == SOURCE
