"""A generator that draws classes, in a session: in turn, one of them, and none."""

import dataclasses

import numpy as np
import pytest

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import ConditionalGANSettings, MLPGANSettings

TRAINS = {
    "cgan": api.TrainRequest(
        "cgan", "strokes", ConditionalGANSettings(latent_dim=6, width=8, d_width=4, levels=2, batch_size=8), 2
    ),
    "mlp-gan": api.TrainRequest("mlp-gan", "strokes", MLPGANSettings(latent_dim=6, hidden=16, batch_size=8), 2),
}


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    session = Session("train", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)
    for family, request in TRAINS.items():
        *_, event = session.stream(dataclasses.replace(request, preview=13))
        assert event.samples[-1][1].shape == (13, 28, 28, 1)
        session.handle(api.SaveRequest(str(folder / f"{family}.safetensors")))
    return session


def test_it_is_asked_for_a_class_and_the_other_is_not(session):
    known = {model.family: model.classes for model in session.handle(api.CatalogRequest()).catalog.models}
    assert known == {"cgan": tuple("0123456789"), "mlp-gan": ()}


def test_classes_come_in_turn_and_a_sample_does_not_depend_on_how_many_are_drawn(session):
    request = api.SampleRequest("cgan", seed=3, count=45)
    all_in_turn = session.handle(request).images
    threes = session.handle(dataclasses.replace(request, label=3)).images
    same = [np.array_equal(a, b) for a, b in zip(all_in_turn, threes, strict=True)]
    assert same == [k % 10 == 3 for k in range(45)]
    assert np.array_equal(session.handle(dataclasses.replace(request, count=5)).images, all_in_turn[:5])


def test_a_picture_without_a_class_is_a_sentence(session):
    with pytest.raises(ValueError, match="draws no picture without a class; it knows 0 to 9"):
        session.handle(api.SampleRequest("cgan", label=api.NO_CLASS, count=1))
    assert session.handle(api.SampleRequest("mlp-gan", label=api.NO_CLASS, count=1)).images.shape == (1, 28, 28, 1)


def test_its_codes_walk_like_those_of_any_other(session):
    event = next(session.stream(api.WalkRequest("cgan", seed=1, count=12, leg=4)))
    assert event.images.shape == (12, 28, 28, 1)
