"""Drawings of a class are files of an ordinary dataset."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from session_desk import last, new_session

from genstudio import api
from genstudio.core import datasets
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import VAESettings
from genstudio.settings.own_drawings import SIDE, check_name

DEVICES = ["con", "NUL", "aux.txt", "COM1", "lpt9.a.b", "Prn .x", "com²"]  # of Windows, whatever follows a dot


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A session without models."""
    return Session("io", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)


def drawn(level: int) -> api.Pictures:
    picture = np.zeros((SIDE, SIDE, 1), np.uint8)
    picture[10:50, 20:40] = level
    return picture


def ask(session: Session, folder: Path, *changes: api.Drawing) -> list[tuple[str, int, int]]:
    """Class, number and level of what is in the folder after these changes."""
    event = session.handle(api.DrawingsRequest(str(folder), changes))
    return [(one.label, one.number, int(one.picture.max())) for one in event.drawings]


def test_drawings_are_files_and_come_back(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "drawn" / "mine"
    assert ask(session, folder) == [] and not folder.exists(), "looking makes nothing"
    changes = api.Drawing("cat", 0, drawn(200)), api.Drawing("dog", 0, drawn(90)), api.Drawing("cat", 1, drawn(100))
    assert ask(session, folder, *changes) == [("cat", 0, 200), ("cat", 1, 100), ("dog", 0, 90)]
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.png"))
    assert files == ["train/cat/0000.png", "train/cat/0001.png", "train/dog/0000.png"]
    assert ask(session, folder, *changes) == ask(session, folder), "the same twice does no harm"


def test_what_is_taken_away_is_gone_with_the_class_that_has_no_more(session: Session, tmp_path: Path) -> None:
    ask(session, tmp_path, api.Drawing("cat", 0, drawn(200)), api.Drawing("dog", 0, drawn(90)))
    for _ in range(2):
        assert ask(session, tmp_path, api.Drawing("cat", 0, None)) == [("dog", 0, 90)]
    assert not (tmp_path / "train" / "cat").exists()


def test_the_sets_beside_it_are_told(session: Session, tmp_path: Path) -> None:
    home = tmp_path / "drawn"
    for name in ("mine", "class 10", "class 2"):
        ask(session, home / name, api.Drawing("cat", 0, drawn(200)))
    (home / "notes").mkdir()
    (home / ".trash" / "train").mkdir(parents=True)
    event = session.handle(api.DrawingsRequest(str(home / "mine")))
    assert event.others == ("class 2", "class 10")
    assert session.handle(api.DrawingsRequest(str(tmp_path / "nowhere" / "x"))).others == ()


def test_a_set_is_an_ordinary_dataset(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    ask(session, folder, *(api.Drawing("ab"[k % 2], k // 2, drawn(100 + k)) for k in range(20)))
    read = datasets.load(f"{folder}#size=28", tmp_path)
    assert (read.classes, read.counts(), read.held_out, read.images.shape) == (("a", "b"), (9, 9), 2, (18, 28, 28, 1))


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".x", "train", "Test", "a" * 41, "con:", "x ", *DEVICES])
def test_a_name_that_is_no_folder_everywhere_is_refused_before_anything_is_written(
    session: Session, tmp_path: Path, name: str
) -> None:
    changes = api.Drawing(name, 0, drawn(9)), api.Drawing(name, 0, None)
    event = session.handle(api.DrawingsRequest(str(tmp_path / "mine"), changes))
    assert event.refused == changes[:1] and event.trouble.startswith("A class "), "nothing is there to be taken away"
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize("name", ["cone", "auxiliary.txt", "x.con", "COM10", "a com1", "nul-1"])
def test_a_name_that_only_holds_that_of_a_device_is_one(session: Session, tmp_path: Path, name: str) -> None:
    assert ask(session, tmp_path, api.Drawing(name, 0, drawn(9))) == [(name, 0, 9)]


@pytest.mark.parametrize("name", ["cat (1)", "C++", "test", "smile :)"])
def test_a_folder_that_is_there_is_a_class_whatever_it_is_called(session: Session, tmp_path: Path, name: str) -> None:
    (tmp_path / "train" / name).mkdir(parents=True)
    assert ask(session, tmp_path, api.Drawing(name, 0, drawn(200))) == [(name, 0, 200)]
    for _ in range(2):  # what is taken out can be put back
        assert ask(session, tmp_path, api.Drawing(name, 0, None)) == []
        assert ask(session, tmp_path, api.Drawing(name, 0, drawn(100))) == [(name, 0, 100)]


@pytest.mark.parametrize("name", ["..", ".", "", "../train/cat"])
def test_no_file_outside_is_written_or_taken_away(session: Session, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "mine"
    ask(session, folder, api.Drawing("cat", 0, drawn(200)))
    for place in (folder, folder / "train"):
        (place / "0000.png").write_bytes(b"x")
    session.handle(api.DrawingsRequest(str(folder), (api.Drawing(name, 0, None), api.Drawing(name, 1, drawn(9)))))
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.png"))
    assert names == ["0000.png", "train/0000.png", "train/cat/0000.png"]


def test_files_of_others_are_left_alone(session: Session, tmp_path: Path) -> None:
    ask(session, tmp_path, api.Drawing("cat", 0, drawn(200)))
    (tmp_path / "train" / "cat" / "0001.png").write_bytes(b"no picture")
    (tmp_path / "train" / "cat" / "notes.txt").write_bytes(b"x")
    assert ask(session, tmp_path) == [("cat", 0, 200)]
    assert ask(session, tmp_path, api.Drawing("cat", 0, None)) == []
    assert sorted(path.name for path in (tmp_path / "train" / "cat").iterdir()) == ["0001.png", "notes.txt"]


def test_a_set_of_drawings_is_a_dataset_of_the_catalog_and_found_by_its_name(tmp_path: Path) -> None:
    session, home = new_session(tmp_path), tmp_path / "drawn"
    for k in range(6):
        ask(session, home / "my v1.2", api.Drawing("cat", k, drawn(200)), api.Drawing("dog", k, drawn(90)))
    (home / "empty" / "train").mkdir(parents=True)
    catalog = session.handle(api.CatalogRequest()).catalog
    there = [info for info in catalog.datasets if info.name not in datasets.DATASETS]
    assert [info.name for info in there] == [str(home / "my v1.2")]
    info = there[0]
    assert (info.title, info.classes, info.channels, info.available) == ("my v1.2", ("cat", "dog"), 1, True)
    assert (info.count, info.held_out) == (11, 1)
    assert catalog.dataset("my v1.2") is catalog.dataset("my v1.2#size=28") is info, "as a model's file has it"
    assert catalog.dataset("empty") is None

    settings = VAESettings(latent_dim=2, width=4, batch_size=8)
    list(session.stream(api.TrainRequest("vae", info.name, settings, 1, preview=4)))
    session.handle(api.SaveRequest(str(tmp_path / "faces.safetensors")))
    assert session.models.get("faces").info.dataset == "my v1.2"
    picked = last(session.stream(api.PickRequest("faces", count=1, held_out=True)))
    assert len(picked.images) == 1
    with pytest.raises(FileNotFoundError, match="There is no"):
        session.studies.dataset_of("faces", "../drawn")


def test_a_name_that_cannot_be_is_said_as_it_was_written() -> None:
    with pytest.raises(ValueError, match=re.escape("A class cannot be called 'slashes/..\\x'; use up to")):
        check_name("slashes/..\\x", "A class")
