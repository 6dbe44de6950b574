"""Latent diffusion: codes of a VAE as what noise is taken away from, and what is seen of them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.families.latent_ddpm import Codes, LatentDDPMTrainer
from genstudio.core.families.vae import VAETrainer
from genstudio.core.images import to_float, to_uint8
from genstudio.core.training import TrainingData
from genstudio.errors import sentence, whole
from genstudio.session import Session
from genstudio.session.diffusion import tiles
from genstudio.settings import LatentDiffusionSettings, VAESettings

VAE = VAESettings(latent_dim=3, width=8, batch_size=16)
SMALL = LatentDiffusionSettings(
    "vae.safetensors", latent_dim=3, vae_width=8, blocks=0, width=32, depth=2, timesteps=50, batch_size=32
)


def pictures() -> TrainingData:
    """Grey of two kinds: a class each."""
    grey = torch.full((40, 8, 8, 1), 40, dtype=torch.uint8)
    grey[1::2] = 220
    return TrainingData(
        grey + torch.arange(40, dtype=torch.uint8).view(-1, 1, 1, 1) % 7, torch.arange(40) % 2, 2, torch.device("cpu")
    )


@pytest.fixture(scope="module")
def vae() -> VAETrainer:
    trainer = VAETrainer(VAE, pictures(), FLOAT32_CPU)
    for _ in range(150):
        trainer.run_iteration()
    return trainer


def trainer_of(vae: VAETrainer, **changes) -> LatentDDPMTrainer:
    return LatentDDPMTrainer(dataclasses.replace(SMALL, **changes), Codes(pictures(), vae.net.eval()), FLOAT32_CPU)


def test_codes_have_unit_variance_and_decode_to_their_pictures(vae: VAETrainer) -> None:
    data = Codes(pictures(), vae.net.eval())
    x, y = data.batch(0, 40, 0)
    assert x.shape == (40, 3) and torch.allclose(x.mean(0), torch.zeros(3), atol=1e-4)
    assert torch.allclose(x.std(0), torch.ones(3), atol=1e-3)
    trainer = LatentDDPMTrainer(SMALL, data, FLOAT32_CPU)
    there = trainer.pictures(x)
    assert there[y == 1].mean() > there[y == 0].mean() + 0.5
    assert torch.allclose(trainer.model().encode(pictures().batch(0, 40, 0)[0]), x, atol=1e-3)


def test_the_vae_may_have_learnt_by_a_gaussian() -> None:
    """What its pictures' standard deviation is matters to no code."""
    vae = VAETrainer(dataclasses.replace(VAE, likelihood="gaussian"), pictures(), FLOAT32_CPU)
    vae.run_iteration()
    trainer = trainer_of(vae)
    trainer.run_iteration()
    z = torch.randn(2, 3)
    assert torch.equal(trainer.model().autoencoder.decode(z), vae.net.eval().decode(z))


def test_it_learns_the_classes_and_the_vae_stays_as_it_is(vae: VAETrainer) -> None:
    trainer = trainer_of(vae, lr=3e-3, ema_decay=0.98, class_dropout=0.0)
    before = {name: value.clone() for name, value in trainer.net.autoencoder.state_dict().items()}
    for _ in range(300):
        trainer.run_iteration()
    drawn = trainer.preview(16).float().mean(dim=(1, 2, 3))  # classes in turn
    assert (drawn[::2] < 110).all() and (drawn[1::2] > 150).all()
    assert all(torch.equal(value, before[name]) for name, value in trainer.net.autoencoder.state_dict().items())


def test_a_run_that_goes_on_repeats_bit_for_bit(vae: VAETrainer) -> None:
    one, other = trainer_of(vae), trainer_of(vae)
    for _ in range(5):
        one.run_iteration()
    state = one.state()
    other.load_state({name: value.clone() for name, value in state.items()})
    other.iteration = one.iteration
    for trainer in (one, other):
        trainer.run_iteration()
    assert all(torch.equal(value, other.state()[name]) for name, value in one.state().items())


def test_codes_are_seen_number_by_number() -> None:
    seen = tiles(torch.tensor([[-1.0, 1.0, 0.5]]), 1, 8)
    assert seen.shape == (1, 1, 8, 8)
    assert (seen[0, 0, :4, :4] == -1).all() and (seen[0, 0, :4, 4:] == 1).all() and (seen[0, 0, 4:, :4] == 0.5).all()


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """With a VAE of strokes and a diffusion in its codes, of a few iterations."""
    folder = tmp_path_factory.mktemp("models")
    made = Session("train", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)
    vae = api.TrainRequest("vae", "strokes", dataclasses.replace(VAE, batch_size=8), 2)
    ours = api.TrainRequest("latent-ddpm", "strokes", dataclasses.replace(SMALL, autoencoder="vae"), 2)
    for name, request in (("vae", vae), ("codes", ours)):
        list(made.stream(request))
        made.handle(api.SaveRequest(str(folder / f"{name}.safetensors")))
    return Session("play", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)


def test_a_file_of_it_denoises_step_by_step_without_the_vaes_file(session: Session) -> None:
    (session.models.folders[0] / "vae.safetensors").unlink()
    request = api.DenoiseRequest("codes", count=3, steps=5)
    steps = [event.steps[0] for event in session.stream(request)]
    assert len(steps) == 6
    assert all(step.layers[layer].shape == (3, 28, 28, 1) for step in steps for layer in api.LAYERS)
    drawn = session.handle(api.SampleRequest("codes", count=3, sampler="ddim", steps=5)).images
    assert np.array_equal(drawn, steps[-1].layers["x_t"])


def test_a_picture_is_inverted_as_its_code(session: Session) -> None:
    name = "codes"
    picture = np.zeros((28, 28, 1), np.uint8)
    picture[8:20, 12:16] = 255
    events = list(session.stream(api.InvertRequest(name, api.pack(picture), steps=10, corrections=3)))
    first, *_, last = (event.steps[0] for event in events)
    loaded = session.models.get(name)
    code = loaded.state_of(to_float(torch.from_numpy(picture).permute(2, 0, 1)[None]))
    assert np.array_equal(first.picture, to_uint8(loaded.seen(code))[0].numpy())  # what the VAE makes of it
    assert last.is_back and last.picture.shape == (28, 28, 1) and last.error < 0.01


def test_each_step_tells_the_codes_whose_pictures_it_shows(session: Session) -> None:
    steps = [event.steps[0] for event in session.stream(api.DenoiseRequest("codes", count=3, steps=5))]
    network = session.models.get("codes").network
    for step in steps:
        assert set(step.codes) == {"x_t", "x0_hat"}
        for layer, codes in step.codes.items():
            assert codes.shape == (3, SMALL.latent_dim) and codes.dtype == np.float32
            with torch.inference_mode():
                decoded = to_uint8(network.decode(torch.from_numpy(codes))).numpy()
            assert np.array_equal(decoded, step.layers[layer])


def test_the_map_of_it_is_that_of_the_codes(session: Session) -> None:
    *_, event = session.stream(api.ScatterRequest("codes", 100))
    scatter = event.scatter
    assert scatter.plane.axes.shape == (2, SMALL.latent_dim) and scatter.places.shape == (100, 2)
    process = api.DenoiseRequest("codes", count=3, steps=5)
    steps = [event.steps[0] for event in session.stream(process)]
    (track,) = session.handle(api.TracksRequest((api.Section(process),), "x_t", scatter.plane)).tracks
    for step, places in zip(steps, track.places, strict=True):
        assert np.allclose(places, (step.codes["x_t"] - scatter.plane.mean) @ scatter.plane.axes.T, atol=0.02)


def test_a_brush_has_nothing_to_paint_on_in_codes(session: Session) -> None:
    request = api.DenoiseRequest("codes", count=1, steps=5, changes=(api.Change(2, "paint", "[0,1,0.1,[0,0]]"),))
    with pytest.raises(ValueError, match="a brush paints on pictures"):
        list(session.stream(request))


def test_it_begins_with_the_code_of_a_picture_and_has_no_hole(session: Session) -> None:
    picture = np.zeros((28, 28, 1), np.uint8)
    picture[8:20, 12:16] = 255
    start = api.Start(api.pack(picture), strength=0.01)
    request = api.DenoiseRequest("codes", count=2, sampler="ddim", steps=1, start=start)
    end = [event.steps[0] for event in session.stream(request)][-1].layers["x_t"]
    loaded = session.models.get("codes")
    with torch.inference_mode():
        x0 = torch.from_numpy(picture).permute(2, 0, 1)[None] / 127.5 - 1
        back = to_uint8(loaded.seen(loaded.network.encode(x0))).numpy()
    assert np.abs(end.astype(int) - back).max() < 12, "as good as what the autoencoder makes of it"
    holed = dataclasses.replace(request, start=dataclasses.replace(start, hole=("[-1,null,0.2,[0.5,0.5]]",)))
    with pytest.raises(ValueError, match="a hole needs a model of pictures"):
        list(session.stream(holed))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"autoencoder": "mnist-dcgan"}, "mnist-dcgan is no convolutional VAE"),
        ({"latent_dim": 16}, "The VAE mnist-vae-32 has 32 latents, the diffusion is to have 16."),
        ({"blocks": 0}, "The VAE mnist-vae-32 has 2 blocks, the diffusion is to have 0."),
    ],
)
def test_a_vae_that_does_not_fit_is_refused_in_a_sentence(changes, says, tmp_path: Path) -> None:
    settings = dataclasses.replace(LatentDiffusionSettings(), **changes)
    with pytest.raises((ValueError, FileNotFoundError)) as caught:
        for _ in Session(data_dir=tmp_path).stream(api.TrainRequest("latent-ddpm", "strokes", settings)):
            pass
    assert says in whole(sentence(caught.value))
