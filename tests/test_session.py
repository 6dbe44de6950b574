"""The session with tiny real models: answers, streams, errors in words."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
import torch
from session_desk import RUNS, last, new_session, train_runs

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.samplers import SAMPLERS
from genstudio.errors import sentence
from genstudio.session import Session


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three models trained for three iterations."""
    return train_runs(tmp_path_factory.mktemp("models"))


@pytest.fixture
def session(folder):
    return new_session(folder)


def test_catalog_lists_models_datasets_and_samplers(session):
    catalog = session.handle(api.CatalogRequest()).catalog
    assert [m.name for m in catalog.models] == sorted(RUNS)
    assert {"strokes", "mnist", "cifar10"} <= {d.name for d in catalog.datasets}
    assert [s.name for s in catalog.samplers] == list(SAMPLERS)
    assert catalog.device == "CPU" and catalog.precision == "float32"


def test_load_describes_the_model(session):
    event = session.handle(api.LoadRequest("tiny-ddpm"))
    assert event.info.classes == tuple("0123456789") and event.info.iteration == 3
    assert event.signal.shape == event.noise.shape == (40,)
    assert session.handle(api.LoadRequest("tiny-vae")).signal.size == 0


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


@pytest.mark.parametrize(
    ("label", "guidance", "calls"),
    [(api.ALL_CLASSES, 1.0, 5), (2, 0.0, 5), (2, 1.5, 10), (api.NO_CLASS, 1.5, 5)],
)
def test_what_the_network_was_asked_is_what_is_counted(session, monkeypatch, label, guidance, calls):
    loaded, batches = session.models.get("tiny-ddpm"), []
    forward = loaded.network.forward
    monkeypatch.setattr(loaded.network, "forward", lambda x, t, y: batches.append(len(x)) or forward(x, t, y))
    request = api.DenoiseRequest("tiny-ddpm", seed=1, count=3, sampler="ddim", steps=5, label=label, guidance=guidance)
    steps = [step for event in session.stream(request) for step in event.steps]
    assert steps[-1].calls == calls == sum(batches) / 3, "a batch of twice the pictures counts as two"
    assert steps[0].calls == calls / 5


def test_a_branch_counts_two_calls_from_where_it_is_guided(session):
    way = api.DenoiseRequest("tiny-ddpm", seed=1, count=2, sampler="ddim", steps=5, guidance=1.0)
    branch = dataclasses.replace(way, changes=(api.Change(3, "guidance", 2.0),))
    steps = [step for event in session.stream(branch) for step in event.steps]
    assert [step.calls for step in steps] == [1, 2, 3, 5, 7, 7]


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
        (api.SampleRequest("tiny-ddpm", sampler="plms", steps=2), "allowed: ddim, ddpm"),
        (api.SampleRequest("tiny-ddpm", spacing="random", steps=2), "allowed: uniform, trailing, karras"),
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


def test_dataset_preview_counts(session):
    (event,) = session.stream(api.DatasetRequest("strokes"))
    assert event.preview.shape == (64, 28, 28, 1) and len(event.counts) == 10
    assert sum(event.counts) == event.info.count


def test_only_many_pictures_that_follow_a_hand_are_drafts(folder):
    """In bfloat16 on the lane "play" of a window; one picture, and all that is exported, is exact."""
    half = dataclasses.replace(FLOAT32_CPU, bf16=True)
    exact = Session("io", model_dirs=[folder], compute=half, adapts=True)
    play = Session("play", model_dirs=[folder], compute=half, adapts=True)
    headless = Session("play", model_dirs=[folder], compute=half)
    many = api.MapRequest("tiny-vae", cells=6, extent=3.0)
    pictures = exact.handle(many).images
    assert np.array_equal(pictures, headless.handle(many).images)
    off = np.abs(pictures.astype(int) - play.handle(many).images)
    assert 0 < off.max() <= 8 and off.mean() < 1
    one = api.DecodeRequest("tiny-vae", ((0.3, -0.7),))
    assert np.array_equal(exact.handle(one).images, play.handle(one).images)
