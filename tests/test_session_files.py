"""A session writes pictures and films that bring their request back."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PIL import Image
from session_desk import RUNS, last, new_session, train_runs

from genstudio import api, export
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.session.exporting import layout_for


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three models trained for three iterations."""
    return train_runs(tmp_path_factory.mktemp("models"))


@pytest.fixture
def session(folder):
    return new_session(folder)


@pytest.mark.parametrize("picture", [-1, 2])
def test_a_film_of_a_walk_shows_the_pictures_of_that_walk(session, tmp_path, picture):
    chosen = slice(None) if picture < 0 else slice(picture, picture + 1)
    walk = session.stream(api.WalkRequest("tiny-vae", seed=3, count=4, leg=3, first=2))
    frames = [next(walk).images[chosen] for _ in range(5)]
    walk.close()
    source = api.WalkFilmRequest("tiny-vae", 3, 4, 3, first=2, steps=5, picture=picture)
    layout = api.GridLayout(columns=2 if picture < 0 else 1, gap=1, scale=1)
    last(session.stream(api.ExportFilmRequest(source, layout, str(tmp_path / "film.png"))))
    restored = last(session.stream(api.RestoreRequest(str(tmp_path / "film.png"))))
    assert restored.source == source and restored.layout == layout
    with Image.open(tmp_path / "film.png") as film:
        assert film.n_frames == 5
        for k, frame in enumerate(frames):
            film.seek(k)
            assert np.array_equal(np.asarray(film.convert("L")), export.grid(frame, layout)[..., 0])


SOURCES = [
    api.SampleRequest("tiny-gan", seed=3, count=6),
    api.SampleRequest("tiny-ddpm", seed=3, count=3, label=4, steps=3),
    api.DecodeRequest("tiny-vae", ((0.25, -1.0),)),
    api.MapRequest("tiny-vae", cells=3),
    api.PathSheetRequest("tiny-vae", ((0.0, 1.0), (1.0, 0.0)), steps=4, loop=True),
    api.InterpolateRequest("tiny-vae", (0.0, 1.0), (1.0, 0.0), steps=4),
    api.DenoiseRequest("tiny-ddpm", seed=2, count=2, steps=3),
]


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: type(s).__name__)
def test_an_exported_grid_comes_back_as_the_same_request_and_the_same_pixels(session, source, tmp_path):
    path = tmp_path / "grid.png"
    saved = last(session.stream(api.ExportGridRequest(source, api.GridLayout(gap=1, scale=2), str(path))))
    assert saved.bytes == path.stat().st_size
    restored = last(session.stream(api.RestoreRequest(str(path))))
    assert restored.source == source and restored.identical is True
    assert "identical" in restored.message


def test_headings_stand_over_their_columns_whatever_columns_are_asked_for() -> None:
    sheet = api.FactorSheetRequest("shapes-vae", "shapes", 100, (0.0,) * 4, (0, 1, 2, 3), (0, 1), (-1.0, 0.0, 1.0))
    for source in (sheet, api.CompareRequest(("a", "b"), 0)):
        assert layout_for(source, api.GridLayout(5)).columns == api.natural_columns(source) > 5
    assert layout_for(api.SampleRequest("m"), api.GridLayout(5)).columns == 5


def test_the_sheet_of_ways_has_a_row_for_each_after_its_name(session, tmp_path):
    source = api.PathSheetRequest("tiny-vae", ((0.0, 1.0), (1.0, 0.0)), steps=4)
    last(session.stream(api.ExportGridRequest(source, api.GridLayout(9, 0, 1), str(tmp_path / "ways.png"))))
    sheet = export.read_picture(tmp_path / "ways.png")
    assert sheet.shape[:2] == (3 * 28, 5 * 28) and api.picture_count(source) == 15
    for row, way in enumerate(source.ways()):
        strip = export.grid(session.handle(way).images, api.GridLayout(4, 0, 1))
        assert np.array_equal(sheet[28 * row : 28 * (row + 1), 28:], strip)
        assert sheet[28 * row : 28 * (row + 1), :28].any()


def test_a_changed_pixel_is_noticed(session, tmp_path):
    path = tmp_path / "grid.png"
    last(session.stream(api.ExportGridRequest(SOURCES[0], api.GridLayout(), str(path))))
    receipt, picture = export.read_receipt(path), export.read_picture(path)
    picture = picture.copy()
    picture[5, 5] ^= 255
    export.write_png(path, picture, receipt)
    restored = last(session.stream(api.RestoreRequest(str(path))))
    assert restored.identical is False and "differs" in restored.message


@pytest.mark.parametrize("ending", [".png", ".webp", ".gif"])
@pytest.mark.parametrize("source", SOURCES[-2:], ids=lambda s: type(s).__name__)
def test_films_are_written_with_their_receipt(session, source, ending, tmp_path):
    path = tmp_path / f"film{ending}"
    last(session.stream(api.ExportFilmRequest(source, api.GridLayout(scale=1), str(path))))
    restored = last(session.stream(api.RestoreRequest(str(path))))
    assert restored.source == source


def test_a_folder_that_is_not_there_is_told_before_the_work(session, tmp_path):
    for request in (
        api.ExportGridRequest(SOURCES[1], api.GridLayout(), str(tmp_path / "none" / "a.png")),
        api.ExportFilmRequest(SOURCES[5], api.GridLayout(), str(tmp_path / "none" / "a.webp")),
    ):
        with pytest.raises(FileNotFoundError):
            next(session.stream(request))


def test_a_cancelled_export_leaves_no_file(session, tmp_path):
    path = tmp_path / "grid.png"
    stream = session.stream(api.ExportGridRequest(SOURCES[1], api.GridLayout(), str(path)))
    next(stream)
    stream.close()
    assert list(tmp_path.iterdir()) == []


TOO_LARGE = [
    api.ExportGridRequest(SOURCES[1], api.GridLayout(scale=1000), "x.png"),
    api.ExportGridRequest(SOURCES[1], api.GridLayout(), "x.jpg"),
    api.ExportFilmRequest(SOURCES[5], api.GridLayout(scale=1000), "x.webp"),
    api.ExportFilmRequest(SOURCES[5], api.GridLayout(columns=1, scale=300), "x.webp"),
    api.ExportFilmRequest(api.WalkFilmRequest("tiny-vae", 0, 60, 4, 0, 5), api.GridLayout(scale=200), "x.webp"),
    api.ExportFilmRequest(SOURCES[5], api.GridLayout(), "x.avi"),
    api.ExportFilmRequest(SOURCES[5], api.GridLayout(), "x.webp", fps=0),
]


@pytest.mark.parametrize("request_", TOO_LARGE, ids=["grid", "jpg", "film", "side", "walk", "ending", "fps"])
def test_a_file_that_cannot_be_written_is_refused_before_a_picture_is_drawn(session, request_):
    with pytest.raises(ValueError, match=r"at most|px long|ending|allowed|not as x\.jpg"):
        next(session.stream(request_))


def test_training_pictures_carry_the_run(session, tmp_path):
    films = np.zeros((1, 4, 28, 28, 1), np.uint8)
    path = tmp_path / "gan.png"
    last(session.stream(api.WritePicturesRequest(films, RUNS["tiny-gan"], 3, api.GridLayout(), str(path))))
    restored = last(session.stream(api.RestoreRequest(str(path))))
    assert restored.source == RUNS["tiny-gan"] and restored.iteration == 3 and restored.identical is None
    assert "another" not in restored.message


def test_training_pictures_say_on_what_they_were_made(session, folder, tmp_path):
    """Threads and precision decide the last digits of a run, so repeating it elsewhere is no promise."""
    path = str(tmp_path / "gan.png")
    films = np.zeros((1, 4, 28, 28, 1), np.uint8)
    request = api.WritePicturesRequest(films, RUNS["tiny-gan"], 3, api.GridLayout(), path)
    half = Session("io", data_dir=folder, model_dirs=[folder], compute=dataclasses.replace(FLOAT32_CPU, bf16=True))
    last(half.stream(request))
    assert export.read_receipt(path)["rounding"]["precision"] == "bf16"
    assert "another precision: repeated here" in last(session.stream(api.RestoreRequest(path))).message


def test_a_resumed_run_is_told_from_its_beginning(session, tmp_path):
    path = str(tmp_path / "gan.png")
    films = np.zeros((1, 4, 28, 28, 1), np.uint8)
    resumed = dataclasses.replace(RUNS["tiny-gan"], resume=str(tmp_path / "x.safetensors"))
    last(session.stream(api.WritePicturesRequest(films, resumed, 3, api.GridLayout(), path)))
    assert last(session.stream(api.RestoreRequest(path))).source == RUNS["tiny-gan"]
