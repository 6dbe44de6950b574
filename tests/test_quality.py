"""The bundled classifier as a judge: real pictures are near, noise and one repeated digit are far."""

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from genstudio import api, pretrain, store
from genstudio.core import datasets
from genstudio.core.compute import FLOAT32_CPU
from genstudio.files import pretrained_dir
from genstudio.pretrained_page import describe
from genstudio.session import evaluating, recipe_quality
from genstudio.session.classifier import load_classifier
from genstudio.session.models import ModelShelf, expected_weights
from genstudio.steps import finish
from genstudio.store import cards

COUNT = 600


@pytest.fixture(scope="module")
def judge():
    return recipe_quality.Judge(load_classifier(), "strokes", Path(), COUNT)


@pytest.fixture(scope="module")
def strokes():
    return datasets.load("strokes", Path(), count=3 * COUNT)


def test_the_classifier_reads_handwriting_it_has_never_seen(strokes):
    """Trained on MNIST only; that it reads the strokes says something of both."""
    images = torch.from_numpy(strokes.images[:COUNT].copy()).permute(0, 3, 1, 2).float() / 127.5 - 1
    answers = load_classifier()(images).argmax(1).numpy()
    assert (answers == strokes.labels[:COUNT]).mean() > 0.9


def test_other_real_pictures_are_as_near_as_the_floor(judge, strokes):
    quality = judge.measure(strokes.images[COUNT : 2 * COUNT])
    assert quality.times_floor < 2 and quality.classes == 10 and quality.count == COUNT


def test_the_two_floors_are_of_the_pictures_that_the_pages_say(judge, strokes):
    """Those of recipes of the first training pictures, those of cards of some that are drawn from all."""
    assert judge.floor == pytest.approx(judge.measure(strokes.images[:COUNT]).frechet)
    drawn = {picture.tobytes() for picture in evaluating._some(strokes, COUNT, 0)}
    first, last = ({picture.tobytes() for picture in part} for part in (strokes.images[:COUNT], strokes.images[COUNT:]))
    assert len(drawn) == COUNT and drawn & first and drawn & last
    page, readme = describe(pretrained_dir()), (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    for said in (page, readme):
        words = " ".join(said.replace("*", "").split())
        assert "drawn at random from all" in words and "can be told from real" in words
        assert re.search(r"the floor [^.]* the first 10,000", words) and re.search("the floor .{0,6}to compare", words)


def test_noise_and_collapse_are_far(judge, strokes):
    noise = np.random.default_rng(0).integers(0, 256, (COUNT, 28, 28, 1)).astype(np.uint8)
    ones = strokes.images[strokes.labels == 1]
    collapsed = judge.measure(ones)
    assert judge.measure(noise).times_floor > 20
    assert collapsed.times_floor > 20 and collapsed.classes <= 2


def test_pictures_of_another_size_are_refused(judge):
    with pytest.raises(ValueError, match="28x28 grey"):
        judge.measure(np.zeros((4, 32, 32, 3), np.uint8))


def test_the_recipe_names_every_bundled_model():
    recipes = set(pretrain.read_recipes(pretrained_dir() / "recipe.toml"))
    files = {path.stem for path in pretrained_dir().glob("*.safetensors")}
    assert files <= recipes and recipes - files <= {"mnist-cgan", "mnist-wgan-gp"}


@pytest.mark.parametrize("path", sorted(pretrained_dir().glob("*.safetensors")), ids=lambda p: p.stem)
def test_every_bundled_model_is_as_its_recipe_says(path):
    recipe = pretrain.read_recipes(pretrained_dir() / "recipe.toml")[path.stem]
    header = store.read_header(path)
    assert (header.family, header.settings, header.iteration) == (recipe.family, recipe.settings, recipe.iterations)
    assert path.stat().st_size < 6.5e6 and header.quality and not header.training
    if header.family == "classifier":
        assert header.quality["test_accuracy"] >= 0.993
        return
    if header.dataset == "shapes":
        assert header.quality["gap"] > 0.2 and set(header.changes) >= set(recipe.changes)
        return
    if "textbook" in header.quality:
        assert header.quality["frechet"] < header.quality["textbook"] and header.quality["seconds"] > 0
    assert header.quality.get("class_accuracy", 1) >= 0.97
    if header.family in ("ae", "pca"):
        vae = store.read_header(path.with_stem("mnist-vae-16"))
        assert header.quality["frechet"] > 3 * vae.quality["frechet"], "nothing asked its codes to be normal"
        return
    shelf = ModelShelf((pretrained_dir(),), FLOAT32_CPU)
    request = api.SampleRequest(path.stem, seed=7, count=32, **{**recipe.sample, "steps": 10})
    images = finish(recipe_quality.sampled(shelf.get(path.stem), request))
    answers = load_classifier()(torch.from_numpy(images).permute(0, 3, 1, 2).float() / 127.5 - 1)
    assert answers.softmax(1).max(1)[0].mean() > 0.7, "the classifier is unsure what these are"


def test_the_card_says_what_the_headers_say():
    card = describe(pretrained_dir())
    assert (pretrained_dir() / "README.md").read_text("utf-8") == card
    for path in pretrained_dir().glob("*.safetensors"):
        assert f"`{path.stem}`" in card


def test_a_tiny_model_goes_through_the_whole_recipe(tmp_path, monkeypatch):
    """Train, save, halve, measure, write: on strokes, in seconds."""
    monkeypatch.setattr(pretrain, "MEASURED", 64)
    classifier = "mnist-classifier.safetensors"
    (tmp_path / classifier).write_bytes((pretrained_dir() / classifier).read_bytes())
    recipe = pretrain.Recipe(
        "tiny", "vae", "strokes", 4, dataclasses.replace(pretrain.SETTINGS["vae"](), latent_dim=2, width=4), {}
    )
    (tmp_path / "work").mkdir()
    pretrain.make_model(recipe, tmp_path, tmp_path / "work", tmp_path)
    header = store.read_header(tmp_path / "tiny.safetensors")
    assert header.iteration == 4 and header.quality["count"] == 64 and not header.training
    assert header.quality["frechet"] > header.quality["floor"] > 0
    assert "tiny" in header.reproduce and json.dumps(header.quality)
    assert header.quality["rate"] > 0 and header.quality["distortion"] > 100
    card = describe(tmp_path)
    assert f"rate {header.quality['rate']:.1f}, distortion {header.quality['distortion']:.1f} nats" in card
    assert f"mutual information gap {header.quality['gap']:.2f}" in card


def test_a_card_of_all_meters_is_written_beside_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(pretrain, "MEASURED", 60)
    monkeypatch.setattr(cards, "models_dir", lambda: tmp_path / "user")
    (tmp_path / "mnist-vae-2.safetensors").write_bytes((pretrained_dir() / "mnist-vae-2.safetensors").read_bytes())
    text = (pretrained_dir() / "recipe.toml").read_text("utf-8").replace('dataset = "mnist"', 'dataset = "strokes"')
    (tmp_path / "recipe.toml").write_text(text, "utf-8")
    pretrain.main(pretrain.Options(("mnist-vae-2",), tmp_path, tmp_path, cards=True))
    info = store.model_info(tmp_path / "mnist-vae-2.safetensors")
    [found] = store.evaluations(info)
    assert (tmp_path / "mnist-vae-2.card.json").exists() and not list((tmp_path / "user").rglob("*.json"))
    own = store.add_evaluation(dataclasses.replace(info, pretrained=True), dataclasses.replace(found, count=5))
    store.publish_evaluation(info, found)
    values = json.loads((tmp_path / "mnist-vae-2.card.json").read_text("utf-8"))
    assert [one["count"] for one in values["evaluations"]] == [60] and own.exists(), "somebody's own stay their own"
    assert found.seed == 7, "of the pictures, and of the real ones: who asks for it again gets the same"
    assert found.count == 60 and {"kernel", "copies", "time"} <= set(found.bands) and "thread" in found.machine


def test_a_recipe_may_change_settings_on_the_way(tmp_path):
    """And pictures that the classifier does not read are judged by their codes alone."""
    (tmp_path / "recipe.toml").write_text(
        '[tiny]\nfamily = "vae"\ndataset = "shapes"\niterations = 4\nchanges = "2:beta=0.5"\n'
        "settings = { latent_dim = 3, width = 4, beta = 8.0, batch_size = 4 }\n",
        "utf-8",
    )
    (tmp_path / "mnist-classifier.safetensors").write_bytes(b"not needed")
    recipe = pretrain.read_recipes(tmp_path / "recipe.toml")["tiny"]
    pretrain.make_model(recipe, tmp_path, tmp_path, tmp_path / "data")
    header = store.read_header(tmp_path / "tiny.safetensors")
    assert api.Change(2, "beta", 0.5) in header.changes and header.settings.beta == 8
    assert set(header.quality) == {"rate", "distortion", "gap"} and 0 <= header.quality["gap"] < 1


def test_a_file_is_measured_again_without_a_change_of_its_weights(tmp_path, monkeypatch):
    monkeypatch.setattr(pretrain, "MEASURED", 64)
    for name in ("mnist-classifier", "mnist-vae-2"):
        (tmp_path / f"{name}.safetensors").write_bytes((pretrained_dir() / f"{name}.safetensors").read_bytes())
    path = tmp_path / "mnist-vae-2.safetensors"
    before, weights = store.read_checkpoint(path, expected_weights, groups=("model",))
    text = (pretrained_dir() / "recipe.toml").read_text("utf-8").replace('dataset = "mnist"', 'dataset = "strokes"')
    (tmp_path / "recipe.toml").write_text(text, "utf-8")
    pretrain.main(pretrain.Options(("mnist-vae-2",), tmp_path, tmp_path, measure=True))
    after, kept = store.read_checkpoint(path, expected_weights, groups=("model",))
    assert after == dataclasses.replace(before, quality=after.quality) and after.quality["count"] == 64
    assert 0 < after.quality["rate"] < 40 and after.quality["distortion"] > 50
    assert all(
        np.array_equal(kept[name], weights[name]) and kept[name].dtype == weights[name].dtype for name in weights
    )
    assert "mnist-vae-2" in (tmp_path / "README.md").read_text("utf-8")
