"""The card of a model in the terminal: what it advises, and what it says of each measurement."""

from __future__ import annotations

import dataclasses
import json
import shlex
from pathlib import Path

import pytest
from comparison_facts import HERE, evaluation
from picture_files import CLASSY, write_tree

from genstudio import api, store
from genstudio.api import METERS, NO_PICTURES, CardEvent, CardRequest, TrainingTime
from genstudio.api.explained import explained
from genstudio.cli import main
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.store import cards
from genstudio.ui.card.words import facts, recipe

ADVICE = "Nothing has been measured here yet: genstudio evaluate "


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder one is in, with a model of one's own; the user's folder is empty."""
    monkeypatch.setattr(cards, "models_dir", lambda: tmp_path / "user")
    monkeypatch.chdir(tmp_path)
    for name in ("back", "two words"):
        Path(f"{name}.safetensors").write_bytes(store.find_model("mnist-vae-2").read_bytes())
    return tmp_path


def card(model: str, capsys: pytest.CaptureFixture[str], *flags: str) -> str:
    assert main(["models", model, *flags]) == 0
    out: str = capsys.readouterr().out
    return out


@pytest.mark.parametrize("model", ["back.safetensors", "./back.safetensors", "two words.safetensors"])
def test_the_advice_names_the_file_as_it_was_given(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = card(model, capsys).rpartition(ADVICE)[2]
    assert shlex.split(command) == [model]
    assert store.find_model(model).is_file(), "evaluate finds it"


def test_of_a_classifier_nothing_is_advised(capsys: pytest.CaptureFixture[str]) -> None:
    assert "evaluate" not in card("mnist-classifier", capsys)


def test_of_each_measurement_seed_date_and_machine_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    info = store.model_info(Path("back.safetensors"))
    store.add_evaluation(info, evaluation())
    store.add_evaluation(info, evaluation(eye="pixels", seed=3, machine="", when=""))
    said = card("back.safetensors", capsys)
    assert f"Measured with seed 7 on 22 November 2026, 14:05, on {HERE}. ± is one standard error.\n" in said
    assert "Measured with seed 3 at a time that nobody noted, on a machine that nobody noted. ± is" in said


def test_what_the_numbers_mean_is_told_in_the_windows_words(capsys: pytest.CaptureFixture[str]) -> None:
    store.add_evaluation(store.model_info(Path("back.safetensors")), evaluation())
    assert "Lower is better" not in card("back.safetensors", capsys)
    said = card("back.safetensors", capsys, "--explain")
    for name in evaluation().bands:
        meter = METERS[name]
        assert any(meter.title in line and explained(meter) in line for line in said.splitlines()), name
    assert "- Precision, in %: Higher is better. Share of" in said and "Copies" not in said.partition("mean:")[2]


def test_without_a_model_there_is_nothing_to_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--explain"]) == 1
    assert "name one, as in models mnist-ddpm --explain." in capsys.readouterr().err


def test_for_programs_each_number_has_its_unit(capsys: pytest.CaptureFixture[str]) -> None:
    store.add_evaluation(store.model_info(Path("back.safetensors")), evaluation())
    (one,) = json.loads(card("back.safetensors", capsys, "--json"))["evaluations"]
    assert one["units"].keys() == one["bands"].keys() and one["units"]["coverage"] == "share"


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (
            "mnist-ddpm",
            "Fréchet distance 2.62 of 10,000 pictures without guidance (real training pictures 1.3); 10 of 10 "
            "classes appear; the classifier sees the class asked for in 99.2 % with guidance 1.5; inception score "
            "6.69.",
        ),
        ("mnist-classifier", "it names 99.6 % of held-out pictures rightly."),
        ("shapes-vae-10", "a code tells 7.4 nats of a picture, and 26.5 nats stay unknown."),
    ],
)
def test_what_a_file_says_is_in_the_words_of_the_windows_card(
    model: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = next(line for line in card(model, capsys).splitlines() if line.startswith("Its file says"))
    assert line.removeprefix("Its file says").strip() == says
    info = store.model_info(store.find_model(model))
    event = CardEvent(CardRequest(model), info, "", "", TrainingTime(), (), NO_PICTURES, 1.0)
    assert dict(facts(event))["Its file says"] == says


def test_other_trainings_are_told_on_both_cards(capsys: pytest.CaptureFixture[str]) -> None:
    path = Path("back.safetensors")
    info, again = store.model_info(path), (api.Sibling("b-1", 1, (evaluation(31.0),)), api.Sibling("b-2", 2, ()))
    assert "Trained again" not in card("back.safetensors", capsys)
    said = "Seed 1: Fréchet distance (MNIST classifier) 31.00 ± 0.40 of 1,000 pictures."
    for sibling in again:
        store.publish_sibling(info, sibling)
    line = next(line for line in card("back.safetensors", capsys).splitlines() if line.startswith("Trained again"))
    assert line.removeprefix("Trained again").strip() == said
    told = json.loads(card("back.safetensors", capsys, "--json"))["siblings"]
    assert [(one["seed"], len(one["evaluations"])) for one in told] == [(1, 1), (2, 0)]
    known = next(iter(Session("io", compute=FLOAT32_CPU).stream(CardRequest(str(path)))))
    assert dict(facts(known))["Trained again"] == said


def test_the_measurement_of_most_pictures_stands_first(capsys: pytest.CaptureFixture[str]) -> None:
    info = store.model_info(Path("back.safetensors"))
    for count in (1000, 30, 10_000, 3):
        store.add_evaluation(info, evaluation(count=count))
    said = [line.split()[0] for line in card("back.safetensors", capsys).splitlines() if "pictures beside held" in line]
    assert said == ["10,000", "1,000", "30", "3"]


def test_numbers_of_a_recipe_are_written_as_elsewhere() -> None:
    info = store.model_info(store.find_model("mnist-vae-16"))
    told = recipe(dataclasses.replace(info, settings=dataclasses.replace(info.settings, seed=123456)))
    assert "12,000" in told and "123456" in told


def line_of(said: str, name: str) -> str:
    return next(line for line in said.splitlines() if line.startswith(name)).removeprefix(name).strip()


def test_the_command_that_makes_a_model_of_ones_own_pictures_again_can_be_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tree(folder / "class of 26" / "two", CLASSY)
    tiny = ["--width", "8", "--latent-dim", "2", "--iterations", "2", "--out", "own.safetensors"]
    assert main(["train", "vae", "--dataset", "class of 26/two#size=16,fit=pad", *tiny]) == 0
    said = card("own.safetensors", capsys)
    command, place = line_of(said, "Make it again"), line_of(said, "FOLDER")
    assert "--dataset 'FOLDER/two#size=16,fit=pad'" in command
    assert place == "Stands for the folder that two is in; a file does not say where it was."
    known = next(iter(Session("io", compute=FLOAT32_CPU).stream(CardRequest(str(folder / "own.safetensors")))))
    assert dict(facts(known))["Make it again"] == command and dict(facts(known))["FOLDER"] == place
    words = shlex.split(command.replace("FOLDER", "class of 26"))
    assert main(words[words.index("genstudio") + 1 :]) == 0
    again, first = (store.model_info(folder / f"{name}.safetensors") for name in ("model", "own"))
    assert (again.dataset, again.iteration, again.settings) == (first.dataset, first.iteration, first.settings)
    capsys.readouterr()
    monkeypatch.chdir(folder / "class of 26")
    said = card("../own.safetensors", capsys)
    assert "--dataset 'two#size=16,fit=pad'" in line_of(said, "Make it again") and "FOLDER" not in said


def test_what_the_data_folder_of_a_bundled_model_is_called_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    said = card("mnist-ddpm", capsys)
    assert line_of(said, "Make it again").endswith("--data-dir FOLDER")
    assert line_of(said, "FOLDER") == "Stands for your data folder, in which MNIST is, or is to be."
