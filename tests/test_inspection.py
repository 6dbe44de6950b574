"""What is in a folder or zip: counts, copies, what cannot be read, what is no picture, what is empty."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from picture_files import CLASSY, GREEN, RED, picture_bytes, write_tree, write_zip
from PIL import Image

from genstudio import api
from genstudio.api.inspection import NEAR
from genstudio.api.inspection_notes import headline, notes
from genstudio.core import datasets
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.datasets import folder, pictures, twins
from genstudio.session import Session
from genstudio.steps import finish

RNG = np.random.default_rng(3)
NOISE = RNG.integers(0, 256, (40, 32, 32, 3), np.uint8)


@pytest.fixture
def session(tmp_path) -> Session:
    """A session without models."""
    return Session("io", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)


def inspected(session: Session, name: Path | str) -> api.InspectedEvent:
    *_, event = session.stream(api.InspectRequest(str(name)))
    assert isinstance(event, api.InspectedEvent)
    return event


def png(folder: Path, name: str, pixels: np.ndarray) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(folder / name)


def different(folder: Path, count: int, names: tuple[str, ...] = ("",)) -> Path:
    """A folder of pictures of noise, no two alike; in turn in these subfolders."""
    for k in range(count):
        png(folder, f"{names[k % len(names)]}/{k:02}.png".lstrip("/"), NOISE[k])
    return folder


@pytest.mark.parametrize("packed", [False, True])
def test_counts_are_told_by_class_and_part_as_a_run_reads_them(session, tmp_path, packed):
    path = write_zip(tmp_path / "p.zip", CLASSY) if packed else write_tree(tmp_path / "p", CLASSY)
    event = inspected(session, path)
    assert event.info.classes == ("cat", "dog")
    assert (event.counts, event.held_out, event.info.count, event.info.held_out) == ((9, 9), (1, 1), 18, 2)
    assert event.sizes == ((40, 30),) and event.info.name == str(path)
    assert event.labels == (0,) * 9 + (1,) * 9 and (event.preview[9:] == GREEN).all()
    assert headline(event) == "18 pictures to train on, 2 held out, in 2 classes; taken as 32×32 px, colour."


def test_what_is_inspected_is_what_is_learned_from(session, tmp_path):
    path = different(tmp_path / "a", 38, ("cat", "dog"))
    (path / "cat" / "x.png").write_bytes(b"no picture")
    png(path, "dog/99.png", NOISE[0])
    png(path, "cat/99.png", NOISE[18])
    for choices in ("", "#size=28,colour=grey,test=50", "#copies=once"):
        found = finish(datasets.inspecting(f"{path}{choices}"))
        read = datasets.load(f"{path}{choices}", tmp_path)
        assert np.array_equal(found.train.images, read.images) and np.array_equal(found.train.labels, read.labels)
        assert (found.train.name, found.train.held_out, found.train.skipped) == (read.name, read.held_out, read.skipped)


def test_a_zip_that_was_inspected_is_not_read_again(session, tmp_path, monkeypatch):
    path = write_zip(tmp_path / "x.zip", CLASSY)
    inspected(session, f"{path}#size=28")
    monkeypatch.setattr(folder, "square", None)  # nothing can be decoded any more
    assert len(datasets.load(f"{path}#size=28", tmp_path)) == 18
    with pytest.raises(ValueError, match="can be read"):
        datasets.load(str(path), tmp_path)


def test_copies_are_found_and_those_held_out_and_of_another_class(session, tmp_path):
    path = different(tmp_path / "a", 20, ("cat", "dog"))
    png(path, "cat/99.png", NOISE[2])  # the eleventh cat; cats come first, so number 10 of all: to learn from
    png(path, "dog/98.png", NOISE[4])  # of a cat
    png(path, "dog/99.png", NOISE[1])  # of a dog
    found = inspected(session, path).twins
    assert (found.copies, found.torn, found.near) == (3, 1, 0)
    assert ("cat/99.png", "cat/02.png") in found.pairs and ("dog/98.png", "cat/04.png") in found.pairs
    assert found.shared == 0


def test_a_held_out_picture_that_is_learned_from_is_told(session, tmp_path):
    for k in range(10):
        png(tmp_path / "a", f"{k}.png", NOISE[min(k, 8)])
    event = inspected(session, tmp_path / "a")
    assert (event.info.count, event.held_out, event.twins.copies, event.twins.shared) == (9, (1,), 1, 1)
    said = notes(event)
    assert "1 held-out picture is also trained on, and tells nothing of pictures not yet seen." in said
    assert "1 picture is there already: 9.png is 8.png." in said


def test_near_copies_are_counted_and_what_is_only_alike_is_not(session, tmp_path):
    soft = np.clip(NOISE[:6] // 2 + 60, 0, 255).astype(np.uint8)
    for k, pixels in enumerate(soft):
        png(tmp_path / "a", f"{k}.png", pixels)
    png(tmp_path / "a", "near.png", soft[3] + 4)
    png(tmp_path / "a", "far.png", soft[4] + 9)
    event = inspected(session, tmp_path / "a")
    assert (event.twins.copies, event.twins.near) == (0, 1)
    told = "1 picture hardly differs from another (by 5 grey levels of 255 at most, root mean square, at the size"
    assert any(note.startswith(told) for note in notes(event))


def test_near_copies_are_those_of_the_slow_way():
    wide = np.repeat((8, 9), 10)[:, None, None, None]  # so much is too little, and enough, to be told apart
    moved = NOISE[::2] + RNG.integers(-wide, wide + 1, NOISE[::2].shape)
    images = np.concatenate([NOISE, np.clip(moved, 0, 255).astype(np.uint8)])
    steps = twins.finding(images, [0] * len(images), [True] * len(images), [str(k) for k in range(len(images))])
    found = finish(steps)
    flat = images.reshape(len(images), -1).astype(float)
    slow = sum(any(np.sqrt(((flat[k] - flat[j]) ** 2).mean()) <= NEAR for j in range(k)) for k in range(len(images)))
    assert found.near == slow and 0 < slow < 20


def test_too_many_pictures_are_not_compared_one_by_one(session, tmp_path, monkeypatch):
    monkeypatch.setattr(twins, "MOST_COMPARED", 10)
    event = inspected(session, different(tmp_path / "a", 11))
    assert event.twins.near is None and event.twins.copies == 0
    assert "There are too many pictures to compare them all for near copies." in notes(event)


@pytest.mark.parametrize("packed", [False, True])
def test_a_mixed_folder_says_what_is_no_picture_and_what_is_empty(session, tmp_path, packed):
    files = CLASSY | {
        "notes.txt": b"hello",
        "cat/list.csv": b"1,2",
        "dog/broken.png": b"no picture",
        "bird/readme.md": b"none yet",
        ".hidden": b"x",
    }
    path = write_zip(tmp_path / "p.zip", files) if packed else write_tree(tmp_path / "p", files)
    if not packed:
        (path / "fish" / "small").mkdir(parents=True)
    event = inspected(session, path)
    assert event.info.classes == ("cat", "dog")
    assert event.others == ("bird/readme.md", "cat/list.csv", "notes.txt")
    assert event.unreadable == ("dog/broken.png: not a picture that can be read",)
    assert event.empty == (("bird",) if packed else ("bird", "fish"))
    said = notes(event)
    assert "1 file cannot be used: dog/broken.png: not a picture that can be read." in said
    assert "3 other files are left alone: bird/readme.md, cat/list.csv, notes.txt." in said


def test_a_class_none_of_whose_pictures_can_be_read_is_named(session, tmp_path):
    path = different(tmp_path / "a", 20, ("cat", "dog"))
    (path / "bird").mkdir()
    (path / "bird" / "a.png").write_bytes(b"no picture")
    event = inspected(session, path)
    assert event.info.classes == ("bird", "cat", "dog") and event.counts[0] == 0
    assert "Nothing can be trained on for 1 of the classes: bird." in notes(event)


def test_two_pictures_are_few_and_of_both_sizes(session, tmp_path):
    files = {"a.png": picture_bytes(RED, (9, 5)), "b.png": picture_bytes(GREEN, (300, 200)), "c.txt": b"x"}
    event = inspected(session, write_tree(tmp_path / "a", files))
    assert event.sizes == ((9, 5), (300, 200)) and event.info.held_out == 0
    assert notes(event) == (
        "There are only 2 pictures: a network learns so few by heart.",
        "None is held out, so nothing tells how a network does on pictures that it has not seen.",
        "No picture is there twice.",
        "1 other file is left alone: c.txt.",
        "In their files they are 9×5 to 300×200 px.",
    )


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.txt": b"x"}, "There is no picture in"),
        ({"a.png": b"x"}, "The only picture in"),
        ({"a.png": b"x", "b.png": b"y"}, "None of the 2 pictures in"),
    ],
)
def test_a_folder_without_a_readable_picture_is_one_sentence(session, tmp_path, files, says):
    with pytest.raises(ValueError, match=says):
        inspected(session, write_tree(tmp_path / "a", files))


def test_what_is_no_folder_is_one_sentence(session, tmp_path):
    with pytest.raises(ValueError, match=r"^Strokes is no folder or zip; there is nothing to look into\.$"):
        inspected(session, "strokes")
    with pytest.raises(FileNotFoundError, match="There is no folder or zip"):
        inspected(session, tmp_path / "none")


def test_it_tells_how_far_it_is_and_can_be_stopped(session, tmp_path):
    path = write_zip(tmp_path / "many.zip", {f"{k}.png": picture_bytes((k % 250, 0, 0), (8, 8)) for k in range(200)})
    *progress, _ = session.stream(api.InspectRequest(f"{path}#size=28"))
    assert {event.what for event in progress} == {"Reading many.zip", "Comparing many.zip"}
    assert [event.done for event in progress if event.what.startswith("Reading")][-1] == 200
    half = session.stream(api.InspectRequest(str(path)))
    next(half), next(half)
    half.close()
    path.unlink()  # nobody holds it open, which Windows would refuse


def test_each_picture_is_taken_once_and_none_to_learn_from_that_is_held_out(session, tmp_path):
    path = different(tmp_path / "a", 20)
    for name, k in (("03b.png", 3), ("98.png", 9), ("99.png", 10)):
        png(path, name, NOISE[k])
    kept_all, once = inspected(session, path), inspected(session, f"{path}#copies=once")
    assert (kept_all.twins.copies, kept_all.twins.left_out) == (3, 0)
    assert (once.twins.copies, once.twins.shared, once.twins.left_out) == (0, 0, 3)
    assert once.info.count + once.info.held_out == 20 and once.info.held_out == sum(once.held_out)
    assert "3 copies are left out, because each picture is taken once." in notes(once)
    parts = [datasets.load(f"{path}#copies=once", tmp_path, train).images for train in (True, False)]
    assert (len(parts[0]), len(parts[1])) == (once.info.count, once.info.held_out)
    assert not {image.tobytes() for image in parts[0]} & {image.tobytes() for image in parts[1]}


def test_nothing_is_left_of_what_is_held_out_too(session, tmp_path):
    for part in ("train", "test"):
        different(tmp_path / "a" / part, 3)
    with pytest.raises(ValueError, match=r"Every picture to learn from in .* is held out, too; keep copies, or"):
        inspected(session, f"{tmp_path / 'a'}#copies=once")


def test_a_bomb_in_a_zip_is_one_sentence(session, tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "MAX_FILE_BYTES", 2**20)
    path = write_zip(tmp_path / "a.zip", {"a.png": picture_bytes(RED), "b.bmp": bytes(10_000_000)})
    event = inspected(session, path)
    assert notes(event)[-1] == "1 file cannot be used: b.bmp: the file is larger than 1 MB."
