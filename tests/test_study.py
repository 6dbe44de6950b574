"""Codes of pictures, studies of whole datasets, planes and paths, on tiny models trained on strokes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from genstudio import api, store
from genstudio.api.measures import measure
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import AESettings, GANSettings, MLPVAESettings, PCASettings, VAESettings

RUNS = {
    "vae": ("vae", VAESettings(latent_dim=8, width=8), 150),
    "binary": ("mlp-vae", MLPVAESettings(latent_dim=4, hidden=32, pixels="binary"), 60),
    "ae": ("ae", AESettings(latent_dim=6, width=4), 60),
    "pca": ("pca", PCASettings(latent_dim=8), 1),
    "gan": ("gan", GANSettings(latent_dim=6, width=8, levels=2, batch_size=8), 2),
}
PARTS = ("encoder", "decoder")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = tmp_path_factory.mktemp("models")
    session = Session("io", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)
    for name, (family, settings, iterations) in RUNS.items():
        for _ in session.stream(api.TrainRequest(family, "strokes", settings, iterations, preview=0)):
            pass
        session.handle(api.SaveRequest(str(folder / f"{name}.safetensors")))
    return session


def last(stream: Iterator[Any]) -> Any:
    *progress, event = stream
    assert all(isinstance(one, api.ProgressEvent) for one in progress)
    return event


@pytest.fixture(scope="module")
def study(session: Session) -> api.StudyEvent:
    event: api.StudyEvent = last(session.stream(api.StudyRequest("vae", count=4000)))
    return event


@pytest.fixture(scope="module")
def picked(session: Session) -> api.PickedEvent:
    event: api.PickedEvent = last(session.stream(api.PickRequest("vae", count=6, seed=3)))
    return event


def encode(session: Session, images: np.ndarray, model: str = "vae", **more: Any) -> api.EncodedEvent:
    event: api.EncodedEvent = session.handle(api.EncodeRequest(model, images, **more))
    return event


@pytest.mark.parametrize("model", ["vae", "binary", "ae", "pca"])
def test_a_picture_has_one_code_and_comes_back(session: Session, picked: api.PickedEvent, model: str) -> None:
    event = encode(session, picked.images, model)
    again = encode(session, picked.images, model)
    assert np.array_equal(event.mu, again.mu) and event.mu.shape == (6, RUNS[model][1].latent_dim)
    decoded = session.handle(api.DecodeRequest(model, tuple(tuple(map(float, z)) for z in event.mu))).images
    assert np.abs(decoded.astype(int) - event.reconstructions).max() <= 1
    is_vae = RUNS[model][0].endswith("vae")
    assert (event.sigma > 0).all() if is_vae else (event.sigma == 0).all()
    assert event.unit == ("nats" if is_vae else "squared error")
    assert event.converted == "" and np.array_equal(event.inputs, picked.images)
    alone = encode(session, picked.images[2:3], model)
    assert np.allclose(alone.mu, event.mu[2:3], atol=1e-4)


def test_encoding_runs_each_network_once_and_finds_the_rim_once(session: Session, picked: api.PickedEvent) -> None:
    encode(session, picked.images)  # the rim is known now
    network = session.models.get("vae").network
    runs: list[str] = []
    hooks = [getattr(network, part).register_forward_hook(lambda *_, p=part: runs.append(p)) for part in PARTS]
    for invert in (None, False):
        event = encode(session, picked.images, invert=invert)
    for hook in hooks:
        hook.remove()
    assert runs == [*PARTS, *PARTS]
    z = tuple(tuple(map(float, code)) for code in event.mu)
    assert np.array_equal(session.handle(api.DecodeRequest("vae", z)).images, event.reconstructions)


def test_pictures_of_another_kind_are_converted_and_it_is_said(session: Session, picked: api.PickedEvent) -> None:
    digit = picked.images[0]
    large = np.asarray(torch.nn.functional.interpolate(
        torch.from_numpy(digit).permute(2, 0, 1)[None].float(), size=112, mode="bilinear"
    ).byte().permute(0, 2, 3, 1))  # fmt: skip
    colour = np.repeat(255 - large, 3, axis=3)
    colour[..., 0] //= 2
    event = encode(session, colour)
    assert event.converted == "made grey, resized from 112×112 px, inverted"
    same = encode(session, large)
    assert same.converted == "resized from 112×112 px"
    assert np.abs(same.inputs.astype(int) - digit).mean() < 12
    straight = encode(session, colour, invert=False)
    assert straight.converted == "made grey, resized from 112×112 px"
    assert straight.inputs.mean() > 128 > event.inputs.mean()


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.zeros((1, 28, 28, 1), np.uint8), "nothing in this picture"),
        (np.zeros((1, 28, 28, 2), np.uint8), "pictures have the shape"),
        (np.zeros((0, 28, 28, 1), np.uint8), "0 pictures"),
        (np.zeros((1, 28, 28, 1), np.float32), "pictures have the shape"),
    ],
)
def test_what_is_no_picture_gets_one_sentence(session: Session, images: np.ndarray, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        encode(session, images)


def test_a_gan_has_no_encoder(session: Session, picked: api.PickedEvent) -> None:
    with pytest.raises(ValueError, match="gan has no encoder"):
        encode(session, picked.images, "gan")


def test_a_study_tells_what_the_codes_are_like(session: Session, study: api.StudyEvent) -> None:
    assert study.dataset == "strokes" and study.count == 4000 and study.classes == tuple("0123456789")
    assert study.codes.shape == (2000, 8) and study.class_means.shape == (10, 8) and len(study.errors) == 2000
    assert len(study.radii) == 2000 and (np.diff(study.radii) >= 0).all() and 0 < study.radii[0] < study.radii[-1]
    assert np.abs(study.mean).max() < 2.5 and (np.diff(study.errors) >= 0).all() and study.unit == "nats"
    images = session.studies._parts["strokes", False, ()].images[:2000]
    mu = encode(session, images[:300]).mu
    assert np.allclose(mu, study.codes[:300], atol=1e-3)
    means = np.stack([study.codes[study.labels == k].mean(0) for k in range(10)])
    assert np.abs(means - study.class_means).max() < 0.5
    assert (study.kl >= 0).all() and study.kl.sum() > 2


def test_principal_axes_are_those_of_an_svd(study: api.StudyEvent) -> None:
    assert study.principal.units.shape == (8, 8)
    assert np.allclose(study.principal.units @ study.principal.units.T, np.eye(8), atol=1e-4)
    assert (np.diff(study.principal.score) <= 1e-6).all()
    assert study.principal.score.sum() == pytest.approx(1, abs=1e-3)


def test_a_measured_axis_moves_what_it_measures(session: Session, study: api.StudyEvent) -> None:
    axes = study.measured
    assert set(axes.names) == {"slant", "stroke width", "size", "height", "ink"}
    k = axes.names.index("ink")
    assert axes.score[k] > 0.5
    codes = study.codes[:100, None] + np.array([-1.5, 0, 1.5])[:, None] * axes.scale[k] * axes.units[k]
    z = tuple(tuple(map(float, code)) for code in codes.reshape(-1, 8))
    ink = session.handle(api.DecodeRequest("vae", z)).images.reshape(100, 3, -1).mean(2)
    assert (np.diff(ink.mean(0)) > 0).all()
    prior = np.random.default_rng(0).normal(size=(200, 8)).round(4)
    shown = measure(session.handle(api.DecodeRequest("vae", tuple(map(tuple, prior.tolist())))).images, ["ink"])[:, 0]
    told = axes.mean[k] + (prior - study.mean) @ axes.weights[:, k]
    assert np.corrcoef(told, shown)[0, 1] > 0.7 and np.abs(told - shown).mean() < axes.std[k]
    assert axes.low[k] < axes.mean[k] < axes.high[k]


def test_a_measured_slider_moves_held_out_pictures_as_far_as_it_says(session: Session, study: api.StudyEvent) -> None:
    axes, picked = study.measured, last(session.stream(api.PickRequest("vae", count=100, seed=5, held_out=True)))
    codes = encode(session, picked.images).mu

    def shown(k: int, slider: float) -> np.ndarray:
        z = codes + slider * axes.scale[k] * axes.units[k]
        images = session.handle(api.DecodeRequest("vae", tuple(map(tuple, z.tolist())))).images
        found: np.ndarray = np.nanmean(measure(images), axis=0)
        return found

    assert axes.answer is not None and axes.spill is not None
    expected = np.diff(axes.answer, axis=0)[0] / 2
    change = np.array([(shown(k, 1) - shown(k, -1)) / 2 / axes.std for k in range(5)])
    assert np.diagonal(change) == pytest.approx(expected, abs=0.2)
    follows = expected > 0.5
    assert follows[4] and not follows[0], "after so little training codes tell how much ink there is, not how it leans"
    assert np.abs(np.diagonal(change)[follows] - 1).max() < 0.3


def test_the_nearest_picture_to_its_own_code_is_itself(session: Session, study: api.StudyEvent) -> None:
    code = tuple(map(float, study.codes[17]))
    event = session.handle(api.NearestRequest("vae", "strokes", code, 5))
    assert event.images.shape == (5, 28, 28, 1) and len(event.labels) == 5
    assert event.distances[0] == pytest.approx(0, abs=1e-3) and (np.diff(event.distances) >= 0).all()
    assert np.array_equal(event.images[0], session.studies._parts["strokes", False, ()].images[17])
    with pytest.raises(ValueError, match="has not been encoded"):
        session.handle(api.NearestRequest("ae", "strokes", code, 5))


def test_a_planted_outlier_is_above_the_99th_percentile(
    session: Session, study: api.StudyEvent, picked: api.PickedEvent
) -> None:
    usual = encode(session, picked.images).errors
    checks = (np.indices((28, 28)).sum(0) // 3 % 2 * 255).astype(np.uint8)[None, :, :, None]
    odd = encode(session, checks, invert=False).errors[0]
    assert (study.errors < odd).mean() > 0.99
    assert (study.errors < np.median(usual)).mean() < 0.95


def test_picks_are_of_the_class_and_repeat(session: Session) -> None:
    request = api.PickRequest("vae", seed=1, count=5, label=7)
    event = last(session.stream(request))
    assert event.labels == ("7",) * 5 and event.images.shape == (5, 28, 28, 1)
    assert np.array_equal(last(session.stream(request)).images, event.images)
    other = last(session.stream(dataclasses.replace(request, seed=2))).images
    assert not np.array_equal(other, event.images)


def test_a_dataset_that_is_gone_or_does_not_fit_is_refused(session: Session) -> None:
    with pytest.raises(FileNotFoundError, match="There is no dataset, folder or zip 'stroke'; did you mean strokes"):
        last(session.stream(api.PickRequest("vae", dataset="stroke")))
    with pytest.raises(ValueError, match="are 32 px and grey; vae knows 28 px"):
        last(session.stream(api.PickRequest("vae", dataset="shapes")))


def test_a_plane_holds_its_corners(session: Session) -> None:
    z, u, v = np.random.default_rng(0).normal(size=(3, 8)).round(3)
    request = api.PlaneRequest("vae", *(tuple(map(float, way)) for way in (z, u, v)), cells=2, extent=2.0)
    images = session.handle(request).images
    corners = [z - u + v, z + u + v, z - u - v, z + u - v]
    decoded = session.handle(api.DecodeRequest("vae", tuple(tuple(map(float, c)) for c in corners))).images
    assert np.abs(images.astype(int) - decoded).max() <= 1
    stretched = session.handle(api.MagnificationRequest(request)).values
    assert stretched.shape == (2, 2) and (stretched > 0).all()


def test_a_traversal_has_a_row_per_dimension(session: Session) -> None:
    z = tuple(float(value) for value in np.linspace(-1, 1, 8).round(3))
    images = session.handle(api.TraverseRequest("vae", z, (3, 0), (-2.0, 0.5, 2.0))).images
    assert images.shape == (6, 28, 28, 1)
    changed = tuple(0.5 if k == 0 else value for k, value in enumerate(z))
    assert np.abs(images[4].astype(int) - session.handle(api.DecodeRequest("vae", (changed,))).images[0]).max() <= 1


@pytest.mark.parametrize("kind", ["lerp", "slerp", "pixels"])
def test_a_path_goes_through_its_keys(session: Session, kind: api.PathKind) -> None:
    keys = tuple(tuple(map(float, key)) for key in np.random.default_rng(1).normal(size=(3, 8)).round(3))
    request = api.PathRequest("vae", keys, steps=9, path=kind)
    event = session.handle(request)
    decoded = session.handle(api.DecodeRequest("vae", keys)).images
    assert np.abs(event.images[[0, 4, 8]].astype(int) - decoded).max() <= 1
    assert event.codes.shape == (9, 8) and event.distances.shape == (8,) and (event.distances > 0).all()
    steps = np.diff(event.images.astype(float) / 255, axis=0)
    assert np.allclose(event.distances, np.square(steps).mean((1, 2, 3)), rtol=1e-3)
    closed = session.handle(dataclasses.replace(request, loop=True))
    assert np.abs(closed.images[-1].astype(int) - closed.images[0]).max() <= 1


def test_slerp_keeps_the_norm_and_pixels_blend(session: Session) -> None:
    keys = ((1.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), (0.0, 1.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    arc = session.handle(api.PathRequest("vae", keys, steps=7)).codes
    assert np.allclose(np.linalg.norm(arc, axis=1), 1.5, atol=1e-5)
    blend = session.handle(api.PathRequest("vae", keys, steps=3, path="pixels")).images.astype(int)
    assert np.abs(blend[1] - (blend[0] + blend[2]) / 2).max() <= 1


@pytest.mark.usefixtures("study")
def test_bad_questions_get_one_sentence(session: Session) -> None:
    z = (0.0,) * 8
    for request, words in (
        (api.PathRequest("vae", (z,)), "1 key pictures"),
        (api.PathRequest("vae", (z, z[:3])), "has 3 numbers"),
        (api.PathRequest("vae", (z, z), steps=1), "steps is 1"),
        (api.TraverseRequest("vae", z, (8,)), "dimensions 0 to 7"),
        (api.PlaneRequest("vae", z, z, z, cells=0), "a plane has"),
        (api.PlaneRequest("vae", (float("nan"), *z[1:]), z, z), "not finite"),
        (api.NearestRequest("vae", "strokes", (0.0,)), "codes of 8 numbers, not 1"),
    ):
        with pytest.raises(ValueError, match=words):
            session.handle(request)


def test_a_grid_of_a_traversal_and_a_path_comes_back(session: Session, tmp_path: Path) -> None:
    z = (0.0,) * 8
    for number, source in enumerate(
        (
            api.TraverseRequest("vae", z, (1, 2), (-1.0, 0.0, 1.0)),
            api.PathRequest("vae", (z, (1.0,) * 8), steps=4),
            api.PlaneRequest("vae", z, (*z[:-1], 1.0), (1.0, *z[1:]), cells=3),
        )
    ):
        path = tmp_path / f"{number}.png"
        last(session.stream(api.ExportGridRequest(source, api.GridLayout(), str(path))))
        restored = last(session.stream(api.RestoreRequest(str(path))))
        assert restored.source == source and restored.identical is True
        assert restored.layout.columns == (3, 4, 3)[number]


def test_factors_of_strokes_are_told_by_the_codes(session: Session) -> None:
    event = last(session.stream(api.FactorsRequest("vae", "strokes", 2000)))
    assert event.information.shape == (len(event.factors), 8) and 0 <= event.gap <= 1
    assert (event.information <= event.entropy[:, None] + 1e-4).all()
    assert event.information.max() > 0.2
    assert event.kl.shape == (8,) and event.kl.sum() > 0
    assert not last(session.stream(api.FactorsRequest("ae", "strokes", 500))).kl.any(), "its codes are points"
    with pytest.raises(ValueError, match="no VAE"):
        last(session.stream(api.LikelihoodRequest("ae")))


def test_the_weighted_bound_is_above_the_elbo(session: Session) -> None:
    event = last(session.stream(api.LikelihoodRequest("binary", count=20, samples=50)))
    assert event.elbo < event.weighted < 0 and event.pixels == "binary" and "20 held-out" in event.what
    assert store.read_header(session.models.folders[0] / "binary.safetensors").family == "mlp-vae"


def test_rate_and_distortion_are_the_two_terms_of_the_elbo(session: Session) -> None:
    for model in ("vae", "binary"):
        event = last(session.stream(api.RateRequest(model, count=400)))
        assert event.rate > 0 and event.distortion > 50 and event.count == 400
        elbo = last(session.stream(api.LikelihoodRequest(model, count=400, samples=20)))
        assert -(event.rate + event.distortion) == pytest.approx(elbo.elbo, abs=3 * elbo.elbo_error)
        assert last(session.stream(api.RateRequest(model, count=400))) == event
    with pytest.raises(ValueError, match="no VAE"):
        last(session.stream(api.RateRequest("pca")))
    with pytest.raises(ValueError, match="32 px"):
        last(session.stream(api.RateRequest("vae", "shapes")))


def test_a_folder_at_home_is_found_as_the_shell_would(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(session.data_dir))
    monkeypatch.setenv("USERPROFILE", str(session.data_dir))
    (session.data_dir / "photos").mkdir()
    assert session.studies.dataset_of("vae", "~/photos") == "~/photos"
    with pytest.raises(FileNotFoundError, match="There is no folder or zip ~/others"):
        session.studies.dataset_of("vae", "~/others")


def test_where_a_model_has_learned_is_named_only_if_nothing_else_was_asked_for(session: Session) -> None:
    file = session.data_dir / "wanderer.safetensors"
    header = dataclasses.replace(store.read_header(session.data_dir / "vae.safetensors"), dataset="photographs")
    store.write_checkpoint(file, header, load_file(session.data_dir / "vae.safetensors"))
    gone = "photographs, which is not here; choose another dataset"
    for asked in ("", "photographs"):
        with pytest.raises(ValueError, match=f"wanderer learned from {gone}"):
            session.studies.dataset_of("wanderer", asked)
    with pytest.raises(FileNotFoundError, match="There is no dataset, folder or zip 'photo'"):
        session.studies.dataset_of("wanderer", "photo")
    file.unlink()
