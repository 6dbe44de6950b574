"""What is to learn from and what is held out of one folder or zip are both grey, or both coloured."""

import pytest
from picture_files import GREY, RED, picture_bytes, write_tree, write_zip
from PIL import Image

from genstudio.api.own_pictures import Taking
from genstudio.core import datasets
from genstudio.core.datasets import colours, folder
from genstudio.steps import finish

NAMES = [f"{k:02}.png" for k in range(20)]  # of which 09 and 19 are held out
PARTED = [f"train/{k}.png" for k in range(18)] + ["test/0.png", "test/1.png"]


def written(path, files, packed):
    return write_zip(path.with_suffix(".zip"), files) if packed else write_tree(path, files)


def channels(path, choices=""):
    """Of what is to learn from, of what is held out, and as an inspection says it."""
    parts = [datasets.load(f"{path}{choices}", path.parent, train).channels for train in (True, False)]
    return *parts, finish(datasets.inspecting(f"{path}{choices}")).train.channels


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(("names", "odd"), [(NAMES, 0), (NAMES, 19), (PARTED, 3), (PARTED, 19)])
def test_one_picture_with_a_colour_makes_both_parts_coloured(tmp_path, packed, names, odd):
    files = {name: picture_bytes(RED if k == odd else (k, k, k)) for k, name in enumerate(names)}
    path = written(tmp_path / "a", files, packed)
    for choices in ("", "#copies=once", "#colour=colour"):
        assert channels(path, choices) == (3, 3, 3)
    assert channels(path, "#colour=grey") == (1, 1, 1)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("names", [NAMES, PARTED])
def test_both_parts_are_grey_if_every_picture_is(tmp_path, packed, names):
    path = written(tmp_path / "a", {name: picture_bytes((k, k, k)) for k, name in enumerate(names)}, packed)
    assert channels(path) == (1, 1, 1) and channels(path, "#copies=once") == (1, 1, 1)
    assert channels(path, "#colour=colour") == (3, 3, 3)


def test_a_colour_that_is_cut_off_or_cannot_be_read_is_none(tmp_path):
    wide = Image.new("RGB", (90, 30), RED)
    wide.paste(GREY, (20, 0, 70, 30))
    path = write_tree(tmp_path / "a", dict.fromkeys(NAMES, picture_bytes(GREY)))
    wide.save(path / NAMES[19])
    assert channels(path) == (1, 1, 1) and channels(path, "#fit=stretch") == (3, 3, 3)
    (path / NAMES[19]).write_bytes(picture_bytes(RED, (90, 30))[:-30])
    assert channels(path) == (1, 1, 1), "what cannot be read is no picture"
    (path / NAMES[19]).write_bytes(picture_bytes(RED))
    assert channels(path) == (3, 3, 3), "and it is looked at again when it is another"


def test_what_is_stored_as_grey_is_not_decoded_and_nothing_is_looked_at_twice(tmp_path, monkeypatch):
    path = write_tree(tmp_path / "a", {name: picture_bytes(k, mode="L") for k, name in enumerate(NAMES)})
    train, seen = folder.load(path), []
    monkeypatch.setattr("genstudio.core.datasets.squares.square", lambda *_: pytest.fail("decoded"))
    looked = colours.has_colour
    monkeypatch.setattr(colours, "has_colour", lambda *args, **words: seen.append(1) or looked(*args, **words))
    monkeypatch.setattr(colours, "_known", {})
    with_progress = list(folder.reading(path))
    assert len(seen) == 2 and with_progress == [(0, 18), (18, 18), (18, 20), (20, 20)]
    assert folder.load(path, train=False).channels == train.channels == 1
    assert len(seen) == 2, "the other part is known to be grey already"
    assert folder.load(path, True, Taking(28)).channels == 1 and len(seen) == 4, "but as it is taken"
