"""Whether the pictures of folders and zips are still those that were read, and what it costs to know."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from genstudio.core.datasets.pictures import FolderSource
from genstudio.session.stamps import Stamps


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two classes, that has not been touched for a while."""
    root = tmp_path / "pictures"
    for place in ("cats/1.png", "dogs/1.png", "dogs/small/1.png", ".thumbnails/1.png"):
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_bytes(b"x")
    for path in (root, *root.rglob("*")):
        os.utime(path, (1e9, 1e9))
    return root


CHANGES = {
    "a picture came": lambda root: (root / "cats" / "2.png").write_bytes(b"x"),
    "a picture went": lambda root: (root / "dogs" / "small" / "1.png").unlink(),
    "a class came": lambda root: (root / "birds").mkdir(),
    "a class went": lambda root: shutil.rmtree(root / "cats"),
    "a picture has another name": lambda root: (root / "cats" / "1.png").rename(root / "cats" / "3.png"),
    "all went": lambda root: shutil.rmtree(root),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_came_or_went_is_seen(folder: Path, change) -> None:
    stamps, name = Stamps(), f"{folder}#size=28"
    before = stamps.of(name)
    assert stamps.of(name) == stamps.of(str(folder)) == before
    change(folder)
    assert stamps.of(name) != before
    assert stamps.of(name) == Stamps().of(name), "whoever asks for the first time is told the same"


def test_what_comes_into_a_class_that_came_is_seen_too(folder: Path) -> None:
    stamps, seen = Stamps(), []
    for place in ("birds/1.png", "birds/2.png", "birds/small/1.png", "birds/small/2.png"):
        seen.append(stamps.of(str(folder)))
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_bytes(b"x")
        os.utime((folder / place).parent, (1e9 + len(seen), 1e9 + len(seen)))
    assert len({*seen, stamps.of(str(folder))}) == 5


def test_what_is_not_read_does_not_matter(folder: Path) -> None:
    stamps = Stamps()
    before = stamps.of(str(folder))
    (folder / ".thumbnails" / "2.png").write_bytes(b"x")
    assert stamps.of(str(folder)) == before


def test_files_are_listed_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class may have tens of thousands of them, and it is asked at every look."""
    listed = []
    walk = FolderSource._walk
    monkeypatch.setattr(FolderSource, "_walk", lambda self: (listed.append(self.path), walk(self))[1])
    stamps = Stamps()
    for _ in range(5):
        stamps.of(str(folder))
    assert listed == [folder]
    (folder / "cats" / "2.png").write_bytes(b"x")
    stamps.of(str(folder))
    assert len(listed) == 2


def test_a_zip_and_a_folder_at_home_and_a_dataset_by_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setenv("USERPROFILE", str(folder.parent))
    stamps = Stamps()
    assert stamps.of("~/pictures") == stamps.of(str(folder)) != ()
    path = folder.parent / "pictures.zip"
    seen = [stamps.of(str(path))]
    for text in (b"one", b"three"):
        path.write_bytes(text)
        seen.append(stamps.of(str(path)))
    assert len(set(seen)) == 3
    assert stamps.of("mnist") == ()
