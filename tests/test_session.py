"""The session with tiny real models: answers, streams, errors in words, nothing shared between jobs."""

from __future__ import annotations

import dataclasses
import itertools
import os
import shlex
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import load_file

from genstudio import api, export, store
from genstudio.core.compute import FLOAT32_CPU
from genstudio.errors import sentence
from genstudio.session import Session
from genstudio.settings import DiffusionSettings, GANSettings, VAESettings

RUNS = {
    "tiny-vae": api.TrainRequest("vae", "strokes", VAESettings(latent_dim=2, width=4, batch_size=8), 3, preview=4),
    "tiny-gan": api.TrainRequest(
        "gan", "strokes", GANSettings(latent_dim=6, width=8, levels=2, batch_size=8), 3, preview=4
    ),
    "tiny-ddpm": api.TrainRequest(
        "ddpm", "strokes", DiffusionSettings(width=8, batch_size=8, timesteps=40), 3, preview=4
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three models trained for three iterations."""
    folder = tmp_path_factory.mktemp("models")
    session = Session("train", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)
    for name, request in RUNS.items():
        list(session.stream(request))
        session.handle(api.SaveRequest(str(folder / f"{name}.safetensors")))
    return folder


@pytest.fixture
def session(folder):
    return Session("play", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)


def last(stream):
    *_, event = stream
    return event


def test_catalog_lists_models_datasets_and_samplers(session):
    catalog = session.handle(api.CatalogRequest()).catalog
    assert [m.name for m in catalog.models] == sorted(RUNS)
    assert {"strokes", "mnist", "cifar10"} <= {d.name for d in catalog.datasets}
    assert {s.name for s in catalog.samplers} == {"ddim", "ddpm"}
    assert catalog.device == "CPU" and catalog.precision == "float32"


def test_load_describes_the_model(session):
    event = session.handle(api.LoadRequest("tiny-ddpm"))
    assert event.info.classes == tuple("0123456789") and event.info.iteration == 3
    assert event.alphas_cumprod.shape == (40,)
    assert session.handle(api.LoadRequest("tiny-vae")).alphas_cumprod.size == 0


@pytest.mark.parametrize("model", RUNS)
def test_loading_draws_nothing_from_the_global_generator(session, model):
    before = torch.get_rng_state()
    session.handle(api.LoadRequest(model))
    assert torch.equal(torch.get_rng_state(), before)
    network = session.models.get(model).network
    floats = [t for t in network.state_dict().values() if t.is_floating_point()]
    assert all(t.dtype == torch.float32 and t.device.type == "cpu" for t in floats)


def test_decode_map_and_interpolation_agree(session):
    z = ((-1.5, 1.5), (1.5, -1.5))
    two = session.handle(api.DecodeRequest("tiny-vae", z)).images
    grid = session.handle(api.MapRequest("tiny-vae", cells=2, extent=3.0)).images
    film = session.handle(api.InterpolateRequest("tiny-vae", *z, steps=5, path="lerp")).images
    assert two.shape == (2, 28, 28, 1) and grid.shape == (4, 28, 28, 1) and film.shape == (5, 28, 28, 1)
    assert np.abs(two.astype(int) - grid[[0, 3]]).max() <= 1
    assert np.abs(two.astype(int) - film[[0, -1]]).max() <= 1


@pytest.mark.parametrize("model", RUNS)
def test_a_sample_does_not_depend_on_how_many_are_drawn(session, model):
    request = api.SampleRequest(model, seed=7, count=21, steps=4)
    many = session.handle(request).images
    few = session.handle(dataclasses.replace(request, count=5)).images
    assert many.shape == (21, 28, 28, 1) and np.array_equal(many[:5], few)
    assert np.array_equal(many, session.handle(request).images)
    assert not np.array_equal(few, session.handle(dataclasses.replace(request, count=5, seed=8)).images)


def test_denoise_tells_every_step(session):
    request = api.DenoiseRequest("tiny-ddpm", seed=1, count=3, sampler="ddim", steps=5)
    events = list(session.stream(request))
    steps = [step for event in events for step in event.steps]
    assert [s.index for s in steps] == [0, 1, 2, 3, 4, 5] and [s.calls for s in steps] == [1, 2, 3, 4, 5, 5]
    assert steps[0].t == 40 and steps[-1].t == 0
    assert all(s.layers[layer].shape == (3, 28, 28, 1) for s in steps for layer in api.LAYERS)
    assert np.array_equal(steps[-1].layers["x_t"], steps[-1].layers["x0_hat"])
    merged = events[0].merge(events[1])
    assert [s.index for s in merged.steps] == [0, 1]


def test_a_sampler_interleaved_with_a_trainer_gives_the_same_numbers(session, folder):
    request = api.DenoiseRequest("tiny-ddpm", seed=1, count=2, sampler="ddpm", steps=6)
    alone = last(session.stream(request)).steps[-1].layers["x_t"]
    sampler, trainer = session.stream(request), session.stream(dataclasses.replace(RUNS["tiny-gan"], iterations=0))
    steps = []
    for event in sampler:
        steps += event.steps
        assert torch.is_grad_enabled() and not torch.is_autocast_enabled("cpu")
        next(trainer)
        assert torch.is_grad_enabled() and not torch.is_autocast_enabled("cpu")
    trainer.close()
    assert np.array_equal(steps[-1].layers["x_t"], alone)


def test_walk_moves_a_little_and_never_ends(session):
    walk = session.stream(api.WalkRequest("tiny-vae", seed=0, count=4, leg=3))
    frames = [next(walk).images for _ in range(8)]
    walk.close()
    assert all(not np.array_equal(a, b) for a, b in itertools.pairwise(frames))


def test_a_walk_that_begins_later_is_the_same_walk(session):
    walk = session.stream(api.WalkRequest("tiny-vae", seed=3, count=4, leg=3))
    frames = [next(walk).images for _ in range(9)]
    walk.close()
    for first in (2, 3, 7):
        later = session.stream(api.WalkRequest("tiny-vae", seed=3, count=4, leg=3, first=first))
        assert all(np.array_equal(next(later).images, frame) for frame in frames[first:])
        later.close()


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


def test_training_tells_every_row_and_the_samples(session):
    events = [e for e in session.stream(dataclasses.replace(RUNS["tiny-gan"], iterations=5)) if e]
    assert events[0].iteration == 0 and events[0].samples[0][0] == 0
    assert events[-1].iteration == 5 and events[-1].samples[-1][0] == 5
    assert np.concatenate([e.rows for e in events]).shape == (5, 4)
    joined = events[0]
    for event in events[1:]:
        joined = joined.merge(event)
    assert joined.rows.shape == (5, 4) and joined.iteration == 5


@pytest.mark.parametrize("model", RUNS)
def test_resume_from_a_file_repeats_the_whole_run(session, folder, tmp_path, model):
    whole = dataclasses.replace(RUNS[model], iterations=6)
    expected = last(session.stream(whole))
    resumed = last(session.stream(dataclasses.replace(whole, resume=str(folder / f"{model}.safetensors"))))
    assert np.array_equal(resumed.rows[-1], expected.rows[-1])
    assert np.array_equal(resumed.samples[-1][1], expected.samples[-1][1])


def test_a_run_that_waits_in_its_place_goes_on_bit_for_bit_beside_another(folder, tmp_path):
    whole = dataclasses.replace(RUNS["tiny-gan"], iterations=4)
    lane = Session("play", data_dir=folder, model_dirs=(folder, tmp_path / "own"), compute=FLOAT32_CPU)
    expected = last(lane.stream(whole))
    first = lane.stream(api.RunRequest(whole, place=0))
    [next(first) for _ in range(3)]
    other = last(lane.stream(api.RunRequest(RUNS["tiny-vae"], place=1)))
    assert other.iteration == 3
    kept = Path(lane.handle(api.KeepRequest(place=0)).path)
    assert kept.name == "last run (strokes, 2).safetensors" and store.read_header(kept).training
    end = last(first)
    assert np.array_equal(end.rows[-1], expected.rows[-1])
    assert np.array_equal(end.samples[-1][1], expected.samples[-1][1])
    resumed = last(lane.stream(dataclasses.replace(whole, resume=str(kept))))
    assert np.array_equal(resumed.samples[-1][1], expected.samples[-1][1])
    for age in range(1, 5):  # the user's own file has a name that is nearly one of ours
        name = "last run (of the term)" if age == 4 else f"last run (strokes, {age}00)"
        shutil.copy(kept, tmp_path / "own" / f"{name}.safetensors")
        os.utime(tmp_path / "own" / f"{name}.safetensors", (1e9 - age, 1e9 - age))
    lane.handle(api.KeepRequest(place=1, spare=(str(tmp_path / "own" / "last run (strokes, 300).safetensors"),)))
    left = sorted(path.stem.removeprefix("last run ") for path in (tmp_path / "own").iterdir())
    assert left == ["(of the term)", "(strokes, 100)", "(strokes, 2)", "(strokes, 3)", "(strokes, 300)"]
    (info,) = [m for m in lane.handle(api.CatalogRequest()).catalog.models if m.name == "last run (strokes, 3)"]
    assert info.family == "vae" and info.resumable


def test_a_run_that_could_not_begin_takes_nobodys_place(session, tmp_path):
    last(session.stream(api.RunRequest(RUNS["tiny-gan"], place=1)))
    impossible = dataclasses.replace(RUNS["tiny-gan"], settings=GANSettings(batch_size=0))
    with pytest.raises(ValueError, match="batch_size is 0"):
        next(session.stream(api.RunRequest(impossible, place=1)))
    session.handle(api.SaveRequest(str(tmp_path / "x.safetensors"), place=1))
    assert store.read_header(tmp_path / "x.safetensors").iteration == 3


@pytest.mark.parametrize(("name", "value", "was"), [("lr", 0.01, "0.001"), ("width", 8, "4")])
def test_resume_with_another_setting_is_refused_by_its_name(session, folder, name, value, was):
    settings = dataclasses.replace(RUNS["tiny-vae"].settings, **{name: value})
    path = str(folder / "tiny-vae.safetensors")
    with pytest.raises(ValueError, match=rf"trained with {name} {was}, not {value};"):
        next(session.stream(dataclasses.replace(RUNS["tiny-vae"], settings=settings, iterations=9, resume=path)))


def test_a_loss_that_is_not_a_number_stops_the_run_with_a_sentence(session):
    settings = GANSettings(latent_dim=6, width=8, batch_size=8, lr_d=0.1, lr_g=0.1)
    stream = session.stream(api.TrainRequest("gan", "strokes", settings, 50, preview=0))
    next(stream)
    for parameter in session.runs[0].trainer.g.parameters():
        parameter.data.fill_(float("nan"))
    with pytest.raises(FloatingPointError, match="iteration 1;"):
        list(stream)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (api.LoadRequest("nowhere"), "tiny-gan"),
        (api.DecodeRequest("tiny-vae", ((1.0, 2.0, 3.0),)), "2 numbers"),
        (api.DecodeRequest("tiny-vae", ()), "1 to"),
        (api.DecodeRequest("tiny-vae", ((float("nan"), 0.0),)), "finite"),
        (api.DecodeRequest("tiny-ddpm", ((0.0,),)), "diffusion"),
        (api.MapRequest("tiny-gan"), "exactly two"),
        (api.InterpolateRequest("tiny-vae", (0.0, 0.0), (1.0, 1.0), steps=1), "2 to 1000"),
        (api.SampleRequest("tiny-ddpm", label=10, steps=2), "0 to 9"),
        (api.SampleRequest("tiny-ddpm", sampler="euler"), "allowed: ddim, ddpm"),
        (api.SampleRequest("tiny-ddpm", steps=41), "1 to 40"),
        (api.SampleRequest("tiny-gan", count=0), "100000"),
        (api.SampleRequest("tiny-gan", seed=-1), "negative"),
        (api.SaveRequest("x.safetensors"), "Nothing has been trained"),
        (api.KeepRequest(place=1), "Nothing has been trained"),
    ],
)
def test_bad_requests_get_one_sentence(session, request_, words):
    with pytest.raises((ValueError, FileNotFoundError)) as caught:
        session.handle(request_)
    said = sentence(caught.value)
    assert words in said and "\n" not in said and len(said) < 300


@pytest.mark.parametrize("bad", [{"batch_size": 0}, {"lr_g": float("inf")}, {"width": 100_000}])
def test_bad_settings_get_one_sentence(session, bad):
    with pytest.raises(ValueError, match="allowed"):
        next(session.stream(api.TrainRequest("gan", "strokes", GANSettings(**bad))))


@pytest.mark.parametrize("bad", [{"iterations": -1}, {"preview": 10**9}])
def test_a_run_out_of_all_measure_is_refused(session, bad):
    with pytest.raises(ValueError, match=f"{next(iter(bad))} is "):
        next(session.stream(dataclasses.replace(RUNS["tiny-gan"], **bad)))


def test_a_checkpoint_names_the_command_that_makes_the_same_weights(folder, tmp_path):
    path = str(folder / "tiny-gan.safetensors")
    words = shlex.split(store.read_header(path).reproduce)
    variables = dict(word.split("=") for word in words[: words.index("genstudio")])
    assert variables["GENSTUDIO_PRECISION"] == "float32" and int(variables["OMP_NUM_THREADS"]) >= 1
    out = str(tmp_path / words[-1])
    command = [sys.executable, "-m", *words[words.index("genstudio") : -1], out]
    subprocess.run(command, env={**os.environ, **variables}, check=True, capture_output=True, timeout=120)
    again, first = load_file(out), load_file(path)
    assert all(np.array_equal(again[name], first[name]) for name in first)


SOURCES = [
    api.SampleRequest("tiny-gan", seed=3, count=6),
    api.SampleRequest("tiny-ddpm", seed=3, count=3, label=4, steps=3),
    api.DecodeRequest("tiny-vae", ((0.25, -1.0),)),
    api.MapRequest("tiny-vae", cells=3),
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


def test_dataset_preview_counts(session):
    (event,) = session.stream(api.DatasetRequest("strokes"))
    assert event.preview.shape == (64, 28, 28, 1) and len(event.counts) == 10
    assert sum(event.counts) == event.info.count


def test_the_rate_does_not_count_pauses(session):
    """A reader that stops between two iterations, as a paused window does, sees the speed of the work alone."""
    stream = session.stream(dataclasses.replace(RUNS["tiny-vae"], iterations=0))
    clock_s, start = 0.0, time.perf_counter()
    next(stream)
    events = []
    while len(events) < 3:
        begun = time.perf_counter()
        event = next(stream)
        clock_s += time.perf_counter() - begun
        events += [event] if event else []
        threading.Event().wait(0.02)  # the pause
    stream.close()
    whole_s = time.perf_counter() - start
    assert clock_s < whole_s
    assert events[-1].iterations_per_s > session.runs[0].trainer.iteration / whole_s
