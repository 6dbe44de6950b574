"""A set of drawings and its folder: what is asked for, refused, numbered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings.own_drawings import SIDE
from genstudio.ui.own.drawn_set import DrawnSet


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session("io", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)


def picture(level: int) -> api.Pictures:
    return np.full((SIDE, SIDE, 1), level, np.uint8)


def tell(session: Session, drawn: DrawnSet) -> api.DrawingsEvent:
    event = session.handle(drawn.request())
    assert isinstance(event, api.DrawingsEvent)
    drawn.handle(event)
    return event


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder / "train").as_posix() for path in folder.rglob("*.png"))


@pytest.fixture
def crowded(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DrawnSet:
    """A set that may have one drawing and is about to get two."""
    monkeypatch.setattr("genstudio.session.own_drawings.MOST", 1)
    drawn = DrawnSet(str(tmp_path))
    tell(session, drawn)
    for level in (10, 20):
        drawn.add("cat", picture(level))
    return drawn


def test_a_change_that_cannot_be_made_keeps_no_other_from_the_disk(
    session: Session, crowded: DrawnSet, tmp_path: Path
) -> None:
    event = tell(session, crowded)
    assert [one.number for one in event.refused] == [1] and "begin another one" in crowded.trouble
    assert crowded.unsaved() == 1 and files(tmp_path) == ["cat/0000.png"]
    crowded.change(api.Drawing("cat", 1, None))
    crowded.change(api.Drawing("cat", 0, None))
    tell(session, crowded)
    assert crowded.is_saved() and not crowded.trouble and files(tmp_path) == []


def test_what_was_refused_is_written_once_there_is_room(session: Session, crowded: DrawnSet, tmp_path: Path) -> None:
    tell(session, crowded)
    crowded.change(api.Drawing("cat", 0, None))
    tell(session, crowded)
    assert crowded.is_saved() and files(tmp_path) == ["cat/0001.png"]


def test_what_is_kept_before_the_folder_is_known_finds_its_place_later(session: Session, tmp_path: Path) -> None:
    older = DrawnSet(str(tmp_path))
    tell(session, older)
    for label in ("cat", "Dog"):
        older.add(label, picture(10))
    tell(session, older)
    drawn = DrawnSet(str(tmp_path))
    early = [drawn.add("cat", picture(level)) for level in (20, 30)]
    drawn.add("dog", picture(40))
    drawn.change(api.Drawing("cat", early[0].number, None))
    assert drawn.request().changes == (), "nobody knows yet which numbers are free"
    tell(session, drawn)
    tell(session, drawn)
    assert files(tmp_path) == ["Dog/0000.png", "cat/0000.png", "cat/0001.png", "dog/0001.png"]
    assert [one.picture.max() for one in drawn.of("cat") if one.picture is not None] == [10, 30]
    drawn.change(api.Drawing("cat", early[0].number, picture(50)))  # undo of the deletion
    drawn.change(api.Drawing("cat", early[1].number, None))  # and of the second drawing
    tell(session, drawn)
    assert files(tmp_path) == ["Dog/0000.png", "cat/0000.png", "cat/0002.png", "dog/0001.png"]


def test_where_nobody_waits_for_an_answer_the_disk_finds_free_numbers(session: Session, tmp_path: Path) -> None:
    (tmp_path / "train" / "cat").mkdir(parents=True)
    (tmp_path / "train" / "cat" / "0004.png").write_bytes(b"no picture, but not ours either")
    drawn = DrawnSet(str(tmp_path))
    for level in (10, 20):
        drawn.add("cat", picture(level))
    session.handle(drawn.last_request())
    assert files(tmp_path) == ["cat/0004.png", "cat/0005.png", "cat/0006.png"]
    assert (tmp_path / "train" / "cat" / "0004.png").read_bytes().startswith(b"no picture")


def test_a_class_that_cannot_be_called_so_keeps_no_other_from_the_disk(session: Session, tmp_path: Path) -> None:
    drawn = DrawnSet(str(tmp_path))
    tell(session, drawn)
    bad = drawn.add("cat (1)", picture(10))
    drawn.add("dog", picture(20))
    event = tell(session, drawn)
    assert [one.label for one in event.refused] == ["cat (1)"] and drawn.trouble.startswith(
        "A class cannot be called 'cat (1)'"
    )
    assert files(tmp_path) == ["dog/0000.png"] and drawn.unsaved() == 1
    drawn.change(api.Drawing("cat (1)", bad.number, None))  # undo
    drawn.add("dog", picture(30))
    tell(session, drawn)
    assert drawn.is_saved() and not drawn.trouble and files(tmp_path) == ["dog/0000.png", "dog/0001.png"]
