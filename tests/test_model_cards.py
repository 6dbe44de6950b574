"""What files of models say of themselves: beside the textbook, and whether they draw the class asked for."""

import dataclasses
import functools
import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
import tyro
from comparison_facts import evaluation

from genstudio import api, pretrain, pretrain_pace, store
from genstudio.api.comparison import table_of
from genstudio.api.model_card import TITLES, trained
from genstudio.api.numbers import percent
from genstudio.bench import same_time
from genstudio.bench.same_time import Pace
from genstudio.core import datasets
from genstudio.core.compute import default_compute
from genstudio.core.families import FAMILIES
from genstudio.files import pretrained_dir
from genstudio.pretrained_page import describe
from genstudio.session import recipe_quality
from genstudio.session.classifier import load_classifier
from genstudio.session.model_facts import facts
from genstudio.session.models import ModelShelf, expected_weights
from genstudio.settings import PLANAR, SETTINGS
from genstudio.store import cards
from genstudio.ui.game import words
from genstudio.ui.tabs.model_card import card

CLASSIFIER = "mnist-classifier.safetensors"
MEASURED = {"frechet": 14.44, "floor": 1.3, "inception": 5.2, "classes": 10, "count": 10_000}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """With two tiny GANs, one of which is told the class."""
    monkeypatch.setattr(pretrain, "MEASURED", 64)
    monkeypatch.setattr(pretrain, "ASKED", 40)
    (tmp_path / CLASSIFIER).write_bytes((pretrained_dir() / CLASSIFIER).read_bytes())
    (tmp_path / "recipe.toml").write_text(
        "".join(
            f'[tiny-{family}]\nfamily = "{family}"\ndataset = "strokes"\niterations = 3\n'
            "settings = { width = 8, d_width = 8, batch_size = 4 }\n"
            for family in ("gan", "cgan")
        ),
        "utf-8",
    )
    return tmp_path


def recipes_of(folder):
    return pretrain.read_recipes(folder / "recipe.toml")


def quality_of(folder, name):
    return store.read_header(folder / f"{name}.safetensors").quality


def test_the_class_asked_for_is_looked_for_by_the_classifier(folder):
    (folder / "work").mkdir()
    for recipe in recipes_of(folder).values():
        pretrain.make_model(recipe, folder, folder / "work", folder)
    assert "class_accuracy" not in quality_of(folder, "tiny-gan")
    found = quality_of(folder, "tiny-cgan")["class_accuracy"]
    assert 0 <= found <= 1
    assert f"the class asked for is seen in {percent(found, 1)}" in describe(folder)


def test_how_a_class_was_asked_for_is_said(folder, monkeypatch):
    """Of a diffusion model, whose recipe may ask with guidance."""
    monkeypatch.setattr(pretrain, "ASKED", 10)
    monkeypatch.setattr(pretrain, "MEASURED", 16)
    (folder / "recipe.toml").write_text(
        '[tiny-ddpm]\nfamily = "ddpm"\ndataset = "strokes"\niterations = 1\nguidance = 2.5\n'
        'settings = { width = 8, batch_size = 4 }\nsample = { sampler = "ddim", steps = 2 }\n',
        "utf-8",
    )
    asked = []
    real = recipe_quality.sampled
    monkeypatch.setattr(
        pretrain,
        "sampled",
        lambda loaded, request: asked.append((request.guidance, request.steps)) or real(loaded, request),
    )
    (folder / "work").mkdir()
    pretrain.make_model(recipes_of(folder)["tiny-ddpm"], folder, folder / "work", folder)
    assert asked == [(2.5, 2)] and quality_of(folder, "tiny-ddpm")["guidance"] == 2.5
    assert re.search(r"the class asked for is seen in [\d.]+ % with guidance 2.5 \|", describe(folder))


def test_the_page_says_the_command_of_each_model_and_on_which_it_builds():
    page, recipes = describe(pretrained_dir()), pretrain.read_recipes(pretrained_dir() / "recipe.toml")
    rows = dict(re.findall(r"^\| `([\w-]+)` \|(.*\| `python -m .*) \|$", page, re.MULTILINE))
    assert rows.keys() == recipes.keys()
    on = {"mnist-consistency": "`mnist-ddpm`", "mnist-ldm": "`mnist-vae-32`"}
    for name, row in rows.items():
        first, command = (cell.strip() for cell in row.split("|"))
        assert first == on.get(name, "") and command == f"`{pretrain.command(recipes[name])}`"
        verb, *words = shlex.split(command.strip("`"))[2:]
        assert verb == "genstudio.pretrain"
        options = tyro.cli(pretrain.Options, args=words)
        assert options.names == (name,) and options.data_dir == Path("FOLDER")


def test_what_builds_on_a_model_takes_the_one_that_lies_beside_it(folder, monkeypatch):
    """Not the bundled one of the same name, which has other noise levels."""
    monkeypatch.setattr(pretrain, "ASKED", 10)
    (folder / "recipe.toml").write_text(
        '[mnist-ddpm]\nfamily = "ddpm"\ndataset = "strokes"\niterations = 1\n'
        'settings = { width = 8, batch_size = 4, timesteps = 40 }\nsample = { sampler = "ddim", steps = 2 }\n'
        '[tiny]\nfamily = "consistency"\ndataset = "strokes"\niterations = 1\n'
        "settings = { width = 8, batch_size = 4, timesteps = 40, grid = 4 }\n"
        'sample = { sampler = "consistency", steps = 2 }\n',
        "utf-8",
    )
    (folder / "work").mkdir()
    for recipe in recipes_of(folder).values():
        pretrain.make_model(recipe, folder, folder / "work", folder)
    assert "frechet" in quality_of(folder, "tiny")
    row = next(line for line in describe(folder).splitlines() if line.startswith("| `tiny` |") and "python" in line)
    assert row.split("|")[2].strip() == "`mnist-ddpm`"


def test_real_digits_are_seen_as_what_they_are():
    judge = recipe_quality.Judge(load_classifier(), "strokes", pretrained_dir(), 200)
    digits = datasets.load("strokes", pretrained_dir(), count=200)
    assert judge.seen_as(digits.images, digits.labels) > 0.9
    assert judge.seen_as(digits.images, (digits.labels + 1) % 10) < 0.1


def test_the_textbook_has_as_long_as_ours():
    assert Pace(ours=0.03, textbook=0.12).iterations(20_000) == 5000
    assert Pace(ours=0.001, textbook=1.0).iterations(3) == 1


def test_the_textbooks_distance_is_written_beside_the_models_own(folder, monkeypatch):
    """And stays when the file is measured again."""
    (folder / "work").mkdir()
    recipes = recipes_of(folder)
    monkeypatch.setattr(same_time.quality, "LECTURE_GAN", dataclasses.replace(SETTINGS["gan"](), width=8, batch_size=4))
    paces = {"tiny-gan": Pace(2.0, 3.0), "tiny-cgan": Pace(2.0, 1.0)}
    monkeypatch.setattr(same_time, "pace", lambda recipe, *_: paces[recipe.name])
    for recipe in recipes.values():
        pretrain.make_model(recipe, folder, folder / "work", folder)
    before = quality_of(folder, "tiny-gan")
    same_time.main(same_time.Options(tuple(recipes), folder, folder))
    after = quality_of(folder, "tiny-gan")
    assert after == {**before, "seconds": 6.0, "textbook": after["textbook"]} and after["textbook"] > after["floor"]
    assert quality_of(folder, "tiny-cgan")["textbook"] != after["textbook"], "it had three times as long"
    line = f"the textbook's DCGAN in 0.1 minutes {after['textbook']:.1f}"
    assert line in (folder / "README.md").read_text("utf-8")
    pretrain.measure(recipes["tiny-gan"], folder, folder)
    assert quality_of(folder, "tiny-gan") == after


def test_both_are_timed_in_turns(folder, monkeypatch):
    recipe = recipes_of(folder)["tiny-gan"]
    small = dataclasses.replace(SETTINGS["gan"](), width=8, batch_size=4)
    monkeypatch.setattr(same_time.quality, "LECTURE_GAN", small)
    dataset = datasets.load("strokes", folder, count=16)
    found = same_time.pace(recipe, dataset, 0.05)
    assert found.ours > 0 and found.textbook > 0


@pytest.mark.parametrize("names", [("no-such",), ("tiny-gan", "mnist-classifier"), ("tiny-gan",)])
def test_what_cannot_be_compared_is_a_sentence(folder, names):
    with pytest.raises(SystemExit, match="give names of GANs"):
        same_time.main(same_time.Options(names, folder, folder))


def info_with(quality):
    return api.ModelInfo(
        *("mnist-cgan", "cgan", "", "mnist", 1, 28, tuple("0123456789")),
        *(SETTINGS["cgan"](), 20_000, "", 0, quality),
    )


def test_the_window_says_what_the_file_says():
    said = card(info_with({**MEASURED, "seconds": 720, "textbook": 207.3, "class_accuracy": 0.984}))
    assert said.endswith(
        "trained on MNIST for 20,000 iterations; Fréchet distance 14.4 of 10,000 pictures (real training pictures "
        "1.3, the textbook's DCGAN in 12 minutes 207); 10 of 10 classes appear; the classifier sees the "
        "class asked for in 98.4 %."
    )
    said = card(info_with({"class_accuracy": 0.992, "guidance": 1.5}))
    assert said.endswith("the classifier sees the class asked for in 99.2 % with guidance 1.5.")
    assert "textbook" not in card(info_with(MEASURED))
    assert card(info_with({})).endswith("for 20,000 iterations.")


def test_how_long_it_learnt_is_told_by_the_run_or_else_by_the_measured_recipe():
    info = info_with({})
    assert trained(info, api.TrainingTime(5400, "CPU")) == "20,000 iterations in 1.5 h on CPU"
    reckoned = api.TrainingTime(2352, "CPU (1 thread)", timed=250)
    assert (
        trained(info, reckoned) == "20,000 iterations; they take 39.2 min on CPU (1 thread), by the pace of 250 of them"
    )
    once = dataclasses.replace(info, iteration=1)
    assert trained(once, api.TrainingTime(0.7, "CPU", timed=1)) == "1 iteration in 0.7 s on CPU"
    assert trained(info, api.TrainingTime()) == "20,000 iterations; nobody noted how long it took"
    unknown = dataclasses.replace(info, iteration=0)
    assert trained(unknown, api.TrainingTime()) == "Nobody noted how long, and of how many iterations"
    assert trained(dataclasses.replace(info, iteration=1), api.TrainingTime(2)) == "1 iteration in 2 s"


def test_how_long_a_recipe_takes_is_reckoned_and_kept_beside_what_was_measured(folder, monkeypatch):
    """Neither what was measured nor the file changes; a run that has counted itself knows better."""
    monkeypatch.setattr(pretrain, "training_time", lambda request, data: real(request, data, 0.01))
    real, recipes = pretrain_pace.training_time, recipes_of(folder)
    work, name = folder / "work", "tiny-gan"
    work.mkdir()
    pretrain.make_model(recipes[name], folder, work, folder)
    path = folder / f"{name}.safetensors"
    header, tensors = store.read_checkpoint(path, expected_weights, groups=("model",))
    store.write_checkpoint(path, dataclasses.replace(header, seconds=90.0, machine="a desk"), tensors)
    assert store.training_time(store.model_info(path)) == api.TrainingTime(90.0, "a desk"), "its run has counted"
    store.write_checkpoint(path, dataclasses.replace(header, seconds=0.0, machine=""), tensors)
    info, before = store.model_info(path), path.read_bytes()
    assert store.training_time(info) == api.TrainingTime()
    store.publish_evaluation(info, evaluation())
    pretrain.main(pretrain.Options((name,), folder, folder, pace=True, work=work))
    reckoned = store.training_time(info)
    assert reckoned.seconds > 0 and reckoned.timed >= 1 and "1 thread" in reckoned.machine
    assert store.evaluations(info) == (evaluation(),) and path.read_bytes() == before
    store.publish_evaluation(info, evaluation(5.0))
    assert store.training_time(info) == reckoned
    assert "*" in next(line for line in describe(folder).splitlines() if name in line).split("|")[3]


@pytest.mark.parametrize("broken", [{"seconds": -1}, {"timed": "all"}, {"machine": None}, "soon"])
def test_a_time_that_is_none_is_not_believed(folder, broken):
    path = folder / CLASSIFIER
    info = store.model_info(path)
    store.publish_training_time(info, api.TrainingTime(5.0, "CPU", 3))
    beside = cards.card_paths(path, info.sha256)[0]
    values = json.loads(beside.read_text("utf-8"))
    values["training_time"] = {**values["training_time"], **broken} if isinstance(broken, dict) else broken
    beside.write_text(json.dumps(values), "utf-8")
    assert store.training_time(info) == api.TrainingTime()


def test_the_caption_of_a_walk_says_that_each_code_has_a_class():
    info = info_with({})
    assert words.walking(info, 60, "MNIST").startswith("60 random codes, each with its class, wander through")
    assert words.walking(dataclasses.replace(info, family="gan"), 60, "MNIST").startswith("60 random codes wander")


def test_a_share_counts_pictures_not_classes():
    judge = recipe_quality.Judge(load_classifier(), "strokes", pretrained_dir(), 50)
    ones = datasets.load("strokes", pretrained_dir(), count=400)
    ones = ones.images[ones.labels == 1][:20]
    assert judge.seen_as(ones, np.array([1] * 15 + [2] * 5)) == pytest.approx(0.75, abs=0.11)


def test_every_family_of_pictures_has_a_title() -> None:
    assert set(TITLES) == {*FAMILIES, "classifier"} - set(PLANAR)


def test_another_training_is_noted_on_the_card_and_stability_is_read_off_it(folder, monkeypatch):
    """Its weights go nowhere; what was measured of the model and how long it takes stay."""

    def evaluated(recipe, where, data_dir):
        header = store.read_header(where / f"{recipe.name}.safetensors")
        return evaluation(30.0 + header.settings.seed)

    monkeypatch.setattr(pretrain, "evaluated", evaluated)
    work, name = folder / "work", "tiny-gan"
    work.mkdir()
    pretrain.make_model(recipes_of(folder)[name], folder, work, folder)
    path = folder / f"{name}.safetensors"
    header, tensors = store.read_checkpoint(path, expected_weights, groups=("model",))
    store.write_checkpoint(path, dataclasses.replace(header, seconds=0.0, machine=""), tensors)  # nobody counted
    pretrain.main(pretrain.Options((name,), folder, folder, cards=True, work=work))
    info = store.model_info(path)
    store.publish_training_time(info, api.TrainingTime(5.0, "CPU", 3))
    measured, files = store.evaluations(info), {path.name for path in folder.glob("*.safetensors")}
    for seed in (2, 1, 2):
        pretrain.main(pretrain.Options((name,), folder, folder, again=seed, work=work))
    first, second = store.siblings(info)
    assert [(one.name, one.seed) for one in (first, second)] == [("tiny-gan-1", 1), ("tiny-gan-2", 2)]
    assert [one.evaluations[0].bands["frechet"].value for one in (first, second)] == [31.0, 32.0]
    assert "time" not in first.evaluations[0].bands and "time" in measured[0].bands
    assert "memory" not in {**first.evaluations[0].bands, **first.evaluations[0].counts}
    assert store.read_header(work / "halved" / "tiny-gan-2.safetensors").reproduce.endswith("--again 2")
    assert (store.evaluations(info), store.training_time(info)) == (measured, api.TrainingTime(5.0, "CPU", 3))
    assert {path.name for path in folder.glob("*.safetensors")} == files
    found = facts(ModelShelf((folder,), default_compute()), api.FactsRequest((name,)))
    spread = table_of((name,), found.facts, {}, 1000).line("spread").cells[0]
    assert spread.band is not None and spread.band.value == pytest.approx(1 / 31)
    assert spread.trainings == ("tiny-gan", "tiny-gan-1", "tiny-gan-2")
    store.add_evaluation(info, evaluation(60.0, eye="pixels"))
    assert store.siblings(info) == (first, second)


def test_the_same_seed_is_no_other_training(folder):
    """Nor is that of what is not there, or draws nothing; all is said before anything is trained."""
    again = functools.partial(pretrain.Options, data_dir=folder, out=folder, work=folder / "work")
    for options, why in (
        (again(("tiny-gan",), again=0), "tiny-gan was trained with seed 0; give another one"),
        (again(("tiny-gan",), again=1), "tiny-gan is not in .*; make it first"),
        (again(("tiny-gan",), again=1, cards=True), "leave --measure, --cards and --pace out"),
    ):
        with pytest.raises(SystemExit, match=why):
            pretrain.main(options)
    assert not list((folder / "work").glob("*.safetensors"))


@pytest.mark.parametrize(
    "broken", [{"seed": "one"}, {"seed": -1}, {"name": None}, {"evaluations": 3}, {"evaluations": None}]
)
def test_another_training_that_is_none_is_not_believed(folder, broken):
    path = folder / CLASSIFIER
    info = store.model_info(path)
    store.publish_evaluation(info, evaluation(7.0))
    store.publish_training_time(info, api.TrainingTime(5.0, "CPU", 3))
    store.publish_sibling(info, api.Sibling("again", 1, (evaluation(),)))
    assert store.siblings(info) == (api.Sibling("again", 1, (evaluation(),)),)
    beside = cards.card_paths(path, info.sha256)[0]
    values = json.loads(beside.read_text("utf-8"))
    values["siblings"] = [{**values["siblings"][0], **broken}]
    beside.write_text(json.dumps(values), "utf-8")
    assert store.siblings(info) == ()
    assert (store.evaluations(info), store.training_time(info)) == ((evaluation(7.0),), api.TrainingTime(5.0, "CPU", 3))
