"""`datasets --inspect`, and a run whose dataset says how its pictures are taken."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import pytest
from cli_desk import draw_pictures, sentence_of, train
from picture_files import CLASSY, picture_bytes, write_tree

from genstudio import api
from genstudio.cli import main
from genstudio.cli.headless import replay
from genstudio.settings import VAESettings
from genstudio.store import read_header


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    return draw_pictures(folder)


def test_what_is_in_a_folder_is_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_tree(tmp_path / "p", CLASSY | {"notes.txt": b"x", "dog/broken.png": b"x"})
    assert main(["datasets", "--inspect", f"{path}#size=28,colour=grey"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        f"{path}#size=28,colour=grey: 18 pictures to train on, 2 held out, in 2 classes; taken as 28×28 px, grey."
    )
    assert "1 file cannot be used: dog/broken.png: not a picture that can be read." in said
    assert [line.split() for line in said[-2:]] == [["cat", "9", "1"], ["dog", "9", "1"]]


def test_what_is_in_a_folder_is_told_to_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_tree(tmp_path / "p", CLASSY | {"notes.txt": b"x"})
    assert main(["datasets", "--inspect", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["classes"] == {"cat": {"count": 9, "held_out": 1}, "dog": {"count": 9, "held_out": 1}}
    assert (told["count"], told["held_out"], told["copies"], told["shared"]) == (18, 2, 18, 2)
    assert told["others"] == ["notes.txt"] and told["own_sizes"] == [[40, 30]]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("none", "There is no dataset, folder or zip 'none'"),
        ("mnist", "MNIST is no folder or zip; there is nothing to look into."),
        ("p#size=30", "Size is 30; allowed: multiples of 4 from 16 to 64."),
        ("p#colour=gray", "Colour is 'gray'; did you mean grey?"),
    ],
)
def test_an_error_is_one_sentence(
    name: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_tree(tmp_path / "p", {"a.png": picture_bytes(3, mode="L")})
    assert main(["datasets", "--inspect", name]) == 1
    assert says in sentence_of(capsys)


def test_a_run_learns_from_pictures_as_they_are_taken_and_its_file_says_so(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.safetensors"
    assert train("vae", f"{dataset}#size=64,test=50", out, iterations=1) == 0
    header = read_header(out)
    assert (header.dataset, header.size, header.classes) == ("photos#size=64,test=50", 64, ("a", "b"))
    assert "--dataset 'photos#size=64,test=50'" in header.reproduce


@pytest.mark.parametrize("family", ["vae", "gan", "ddpm"])
@pytest.mark.parametrize("size", [16, 48, 64])
def test_every_family_learns_from_every_size(family: str, size: int, dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.safetensors"
    assert train(family, f"{dataset}#size={size}", out, iterations=1) == 0
    assert read_header(out).size == size


def test_a_run_goes_on_with_its_choices_where_the_folder_is_now(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, there = tmp_path / "x.safetensors", tmp_path / "there"
    assert train("vae", f"{dataset}#size=28", out, iterations=1) == 0
    there.mkdir()
    shutil.move(dataset, there / "photos")
    monkeypatch.chdir(tmp_path)
    resume = ["train", "vae", "--resume", str(out), "--iterations"]
    capsys.readouterr()
    assert main([*resume, "2"]) == 1
    assert "learned from photos#size=28, which is not here; say where with --dataset" in sentence_of(capsys)
    assert main([*resume, "2", "--dataset", "there/photos"]) == 0
    assert (read_header(out).dataset, read_header(out).iteration) == ("photos#size=28", 2)
    capsys.readouterr()
    assert main([*resume, "3", "--dataset", "there/photos#size=32,fit=pad"]) == 1
    assert "was trained with --dataset photos#size=28, not photos#fit=pad" in sentence_of(capsys)


def test_a_model_is_measured_on_pictures_taken_as_those_it_learned_from(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.safetensors"
    assert train("vae", f"{dataset}#size=64", out, iterations=1) == 0
    capsys.readouterr()
    measure = ["likelihood", str(out), "--count", "2", "--samples", "4", "--dataset"]
    assert main([*measure, str(dataset)]) == 0
    assert "nats per picture" in capsys.readouterr().out
    assert main([*measure, f"{dataset}#size=32"]) == 1, "said anew"
    assert "64" in sentence_of(capsys)


def test_a_run_on_pictures_taken_once_says_how_many_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_tree(tmp_path / "p", CLASSY | {"cat/odd.png": picture_bytes((1, 2, 3))})
    assert train("vae", f"{path}#copies=once,test=0", tmp_path / "x.safetensors", iterations=1) == 0
    assert f"{path}#copies=once,test=0: 3 pictures to train on, each taken once." in capsys.readouterr().err


def test_a_run_is_repeated_with_its_choices_where_the_folder_is_now() -> None:
    source = api.TrainRequest("vae", "photos#size=28", VAESettings())
    assert api.without_paths(dataclasses.replace(source, dataset="/here/photos#size=28")) == source
    assert replay._dataset(Path("run.json"), source, "/there/photos") == "/there/photos#size=28"
