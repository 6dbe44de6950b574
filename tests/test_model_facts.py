"""What files and cards say of several models at once; and that an evaluation says when and where it was made."""

from __future__ import annotations

import dataclasses
import datetime
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from comparison_facts import evaluation
from PIL import Image

from genstudio import api, store
from genstudio.cli import main
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session, evaluating
from genstudio.store import cards
from genstudio.store.checkpoints import read_checkpoint, write_checkpoint


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With trainings of one recipe that began with two seeds, and one that went on longer."""
    monkeypatch.setattr(cards, "models_dir", lambda: tmp_path / "user")
    path = store.find_model("mnist-vae-2")
    header, tensors = read_checkpoint(path, _shapes)
    for name, seed, iteration in (("one", 0, 8000), ("two", 1, 8000), ("longer", 2, 9000)):
        settings = dataclasses.replace(header.settings, seed=seed)
        mine = dataclasses.replace(header, settings=settings, iteration=iteration, seconds=90.0, machine="a desk")
        write_checkpoint(tmp_path / f"{name}.safetensors", mine, tensors)
    return tmp_path


def _shapes(header: store.Header) -> dict[str, tuple[int, ...]]:
    from genstudio.session.models import expected_weights

    return expected_weights(header)


def test_facts_are_of_file_card_and_siblings(folder: Path) -> None:
    session = Session("io", model_dirs=(folder,), compute=FLOAT32_CPU)
    two = store.model_info(folder / "two.safetensors")
    store.add_evaluation(two, evaluation(500.0))
    event = session.handle(api.FactsRequest(("one", "two", "nobody")))
    assert set(event.facts) == {"one", "two"} and event.gone["nobody"].startswith("The file of nobody is gone")
    one = event.facts["one"]
    assert (one.time, one.evaluations) == (api.TrainingTime(90.0, "a desk"), ())
    assert [(s.name, s.seed, len(s.evaluations)) for s in one.siblings] == [("two", 1, 1)]
    assert event.facts["two"].evaluations == (evaluation(500.0),)
    network = session.models.get("one").network
    assert one.parameters == sum(part.numel() for part in network.parameters()) > 100_000


def test_files_that_are_compared_are_siblings_wherever_they_are(folder: Path) -> None:
    files = tuple(str(folder / f"{name}.safetensors") for name in ("one", "two", "longer"))
    shutil.copy(files[1], folder / "copy.safetensors")
    store.add_evaluation(store.model_info(Path(files[1])), evaluation(500.0))
    for dirs in ((), (folder,)):
        asked = (*files, str(folder / "copy.safetensors"))
        event = Session("io", model_dirs=dirs, compute=FLOAT32_CPU).handle(api.FactsRequest(asked))
        siblings = {Path(file).stem: one.siblings for file, one in event.facts.items()}
        assert [s.seed for s in siblings["one"]] == [1], "a copy of a training is not another one"
        assert [(s.name, s.seed) for s in siblings["two"]] == [("one", 0)] and siblings["longer"] == ()
    event = Session("io", model_dirs=(), compute=FLOAT32_CPU).handle(api.FactsRequest(files[:2]))
    assert event.facts[files[0]].siblings == (api.Sibling("two", 1, (evaluation(500.0),)),)


def test_a_card_tells_of_trainings_whose_files_are_not_here(folder: Path) -> None:
    one = store.model_info(folder / "one.safetensors")
    told = (api.Sibling("one-1", 1, (evaluation(31.0),)), api.Sibling("one-5", 5, (evaluation(32.0),)))
    for sibling in reversed(told):
        store.publish_sibling(one, sibling)
    event = Session("io", model_dirs=(folder,), compute=FLOAT32_CPU).handle(api.FactsRequest(("one",)))
    assert event.facts["one"].siblings == told, "the file of seed 1 is here, but nobody has measured it"
    store.add_evaluation(store.model_info(folder / "two.safetensors"), evaluation(500.0))
    event = Session("io", model_dirs=(folder,), compute=FLOAT32_CPU).handle(api.FactsRequest(("one",)))
    assert event.facts["one"].siblings == (api.Sibling("two", 1, (evaluation(500.0),)), told[1])


def test_a_file_that_has_vanished_is_a_sentence_and_the_others_are_there(folder: Path) -> None:
    session = Session("io", model_dirs=(folder,), compute=FLOAT32_CPU)
    session.handle(api.FactsRequest(("one", "two")))
    (folder / "two.safetensors").unlink()
    event = session.handle(api.FactsRequest(("one", "two")))
    assert (
        set(event.facts) == {"one"}
        and event.gone["two"] == "The file of two is gone; it was moved, renamed or deleted."
    )
    assert event.facts["one"].siblings == ()


def test_an_evaluation_says_when_and_on_what_it_was_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluating, "PAIRS", 20)
    monkeypatch.setattr(evaluating, "COMPARED", 20)
    session = Session("io", model_dirs=(folder,), compute=FLOAT32_CPU)
    *_, end = session.stream(api.EvaluateRequest(api.SampleRequest("one", count=20), "strokes", notes=True))
    found = session.handle(api.FactsRequest(("one",))).facts["one"].evaluations
    assert found == (end.evaluation,)
    when = datetime.datetime.fromisoformat(found[0].when)
    assert abs(datetime.datetime.now(datetime.UTC) - when) < datetime.timedelta(hours=1)
    assert found[0].machine.startswith("CPU (") and found[0].machine.endswith("float32")


def test_a_card_from_before_that_was_noted_is_read(folder: Path) -> None:
    info = store.model_info(folder / "one.safetensors")
    path = store.add_evaluation(info, evaluation())
    values = json.loads(path.read_text("utf-8"))
    for name in ("when", "machine", "counts", "available"):
        del values["evaluations"][0][name]
    path.write_text(json.dumps(values), "utf-8")
    assert store.evaluations(info) == (evaluation(when="", machine="", counts={}),)
    for bad in (-1, 1.5, "6"):
        values["evaluations"][0]["available"] = bad
        path.write_text(json.dumps(values), "utf-8")
        assert store.evaluations(info) == ()


def test_an_evaluation_of_all_that_is_held_out_is_as_wanted_and_names_no_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wherever the pictures were when each of the two was measured, and whatever more is asked for."""
    monkeypatch.setattr(evaluating, "PAIRS", 20)
    draw(folder / "ph", train=32, test=6)
    for name in ("one", "two"):
        header, tensors = read_checkpoint(folder / f"{name}.safetensors", _shapes)
        write_checkpoint(folder / f"{name}.safetensors", dataclasses.replace(header, dataset="ph#size=28"), tensors)
    monkeypatch.chdir(folder)
    assert main(["evaluate", "./one.safetensors", "--count", "100"]) == 0
    assert main(["evaluate", "./two.safetensors", "--count", "50", "--dataset", str(folder / "ph")]) == 0
    capsys.readouterr()
    both = ["./one.safetensors", "./two.safetensors"]
    assert main(["compare", *both, "--count", "100"]) == 0
    told = capsys.readouterr()
    assert told.err == "" and "not compared, for the numbers are of" not in told.out
    assert str(folder) not in (folder / "two.card.json").read_text("utf-8"), "no path of anybody's machine"
    assert main(["compare", *both, "--count", "5"]) == 0
    assert capsys.readouterr().err.count("is not measured with 5 pictures") == 2


def draw(folder: Path, **parts: int) -> None:
    """Grey pictures of 28 px."""
    rng = np.random.default_rng(0)
    for part, count in parts.items():
        (folder / part).mkdir(parents=True)
        for number in range(count):
            Image.fromarray(rng.integers(0, 256, (28, 28), np.uint8)).save(folder / part / f"{number}.png")


def test_facts_take_one_more_evaluation_in_the_place_of_its_like() -> None:
    from comparison_facts import VAE, facts

    pixels = evaluation(900, eye="pixels")
    known = facts(VAE, evaluation(30), pixels).noted(evaluation(29))
    assert known.evaluations == (evaluation(29), pixels)
