"""How pictures of a folder or zip are taken is part of the dataset's name, and all that reads it obeys."""

import io

import numpy as np
import pytest
from picture_files import CLASSY, GREEN, GREY, RED, picture_bytes, write_tree, write_zip
from PIL import Image

from genstudio import api
from genstudio.api.own_pictures import Taking, in_words, name_of, path_of, taking_of, with_choices
from genstudio.core import datasets
from genstudio.core.datasets import folder, kept
from genstudio.session.saving import dataset_name

ODD = Taking(28, "grey", "pad", "20", "once")


def test_a_name_gives_its_path_and_its_choices_again():
    assert name_of("a/photos.zip", Taking()) == "a/photos.zip", "what is as usual is left out"
    name = name_of("a/photos.zip", ODD)
    assert name == "a/photos.zip#size=28,colour=grey,fit=pad,test=20,copies=once"
    assert (path_of(name), taking_of(name)) == ("a/photos.zip", ODD)
    for plain in ("a#b", "C:\\x#1", "#size=28", "strokes", "a#size=28/b"):
        assert (path_of(plain), taking_of(plain)) == (plain, Taking())
    assert in_words(name) == "28 px, grey, padded, 20 % held out, each once" and in_words("a.zip") == ""
    assert api.called(name) == "photos.zip (28 px, grey, padded, 20 % held out, each once)"


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        ("sise=28", "'sise' is no choice for pictures; did you mean size?"),
        ("kind=28", "'kind' is no choice for pictures; there are size, colour, fit, test or copies."),
        ("size=30", "size is 30; allowed: multiples of 4 from 16 to 64"),
        ("size=2000", "size is 2000; allowed: multiples of 4 from 16 to 64"),
        ("size=-4", "size is '-4'; it takes a whole number of pixels"),
        ("size=28,size=32", "size is chosen twice"),
        ("colour=gray", "colour is 'gray'; did you mean grey?"),
        ("fit=zoom", "fit is 'zoom'; choose crop, pad or stretch."),
        ("test=51", "test is '51'; choose auto, folders or a percentage from 0 to 50"),
        ("test=²", "test is '²'; choose auto"),
        ("copies=none", "copies is 'none'; did you mean once?"),
        ("test=ten", "test is 'ten'; choose auto, folders or a percentage from 0 to 50"),
    ],
)
def test_a_choice_that_there_is_none_of_is_one_sentence(tmp_path, choices, says):
    write_tree(tmp_path / "a", CLASSY)
    for ask in (datasets.load, datasets.info):
        with pytest.raises(ValueError, match=r"\w") as caught:
            ask(f"{tmp_path / 'a'}#{choices}", tmp_path)
        assert str(caught.value).startswith(says)


def test_choices_are_for_folders_and_zips(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"^MNIST is what it is; size=28 is for a folder or zip of pictures\.$"):
        datasets.load("mnist#size=28", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"^There is no folder or zip \./x\.$"):
        datasets.load("./x#size=28", tmp_path)
    write_tree(tmp_path / "mnist", CLASSY)
    read = datasets.load("mnist#size=28", tmp_path)
    assert read.name == "./mnist#size=28" and read.classes == ("cat", "dog"), "the set has no such choice"


def test_size_and_colour_are_as_chosen_and_in_the_name(tmp_path):
    path = str(write_zip(tmp_path / "a.zip", CLASSY))
    for name, shape in ((f"{path}#size=64", (18, 64, 64, 3)), (f"{path}#size=28,colour=grey", (18, 28, 28, 1))):
        read, info = datasets.load(name, tmp_path), datasets.info(name, tmp_path)
        assert read.images.shape == shape and read.name == info.name == name
        assert (info.size, info.channels) == shape[2:]
    grey = str(write_tree(tmp_path / "grey", {f"{k}.png": picture_bytes(GREY) for k in range(3)}))
    assert datasets.load(grey, tmp_path).channels == 1
    assert datasets.load(f"{grey}#colour=colour", tmp_path).images.shape == (3, 32, 32, 3)
    red = datasets.load(f"{path}#colour=grey", tmp_path).images[0, 0, 0, 0]
    assert red == round(0.299 * 255), "the luminance of red (ITU-R BT.601)"


def wide_picture():
    """Green with a red third at each end, 120 x 40."""
    pixels = np.full((40, 120, 3), RED, np.uint8)
    pixels[:, 40:80] = GREEN
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_picture_that_is_no_square_is_cut_padded_or_stretched(tmp_path):
    path = write_tree(tmp_path / "a", {"1.png": wide_picture()})
    cut, padded, stretched = (
        datasets.load(name_of(str(path), Taking(48, fit=fit)), tmp_path).images[0] for fit in ("crop", "pad", "stretch")
    )
    assert (cut == GREEN).all()
    assert (stretched[:, 24] == GREEN).all() and (stretched[:, 2] == RED).all() and (stretched[:, -3] == RED).all()
    assert (padded[24, 24] == GREEN).all() and (padded[24, 2] == RED).all()
    assert (padded[:16] == padded[0, 0]).all() and (padded[32:] == padded[0, 0]).all(), "a margin of one colour"
    assert (padded[0, 0] == RED).all(), "that of most of the edge"


def test_a_square_is_the_same_whatever_the_fit(tmp_path):
    path = write_tree(tmp_path / "a", {"1.png": picture_bytes(RED, (50, 50))})
    one, *others = (folder.load(path, True, Taking(fit=fit)).images for fit in ("crop", "pad", "stretch"))
    assert all(np.array_equal(one, other) for other in others)


def test_a_share_is_held_out_evenly_and_never_learned_from(tmp_path):
    files = {f"{k}.png": picture_bytes((k, k, k)) for k in range(25)}
    path = write_tree(tmp_path / "a", files)

    def parts(test):
        found = (folder.load(path, train, Taking(test=test)) for train in (True, False))
        return [read.images[:, 0, 0, 0].tolist() for read in found]

    train, test = parts("20")
    assert test == [4, 9, 14, 19, 24] and sorted(train + test) == list(range(25))
    assert parts("10") == parts("auto") and parts("auto")[1] == [9, 19]
    assert len(parts("33")[1]) == 8
    assert parts("0") == [list(range(25))] * 2, "nothing is held out"


def test_folders_decide_unless_a_share_is_chosen(tmp_path):
    files = {f"train/{name}": data for name, data in CLASSY.items()} | {"test/cat/a.png": picture_bytes(RED)}
    path = write_tree(tmp_path / "a", files)
    for test in ("auto", "folders"):
        read = folder.load(path, True, Taking(test=test))
        assert (read.counts(), read.held_out) == ((10, 10), 1)
    shared = folder.load(path, True, Taking(test="50"))
    assert shared.classes == ("cat", "dog") and (sum(shared.counts()), shared.held_out) == (11, 10)
    bare = write_tree(tmp_path / "b", CLASSY)
    with pytest.raises(ValueError, match=r"has no folders called train and test that hold all its pictures"):
        folder.load(bare, True, Taking(test="folders"))


def test_a_zip_that_is_kept_is_not_given_to_who_takes_it_otherwise(tmp_path):
    path = write_zip(tmp_path / "x.zip", CLASSY)
    first = datasets.load(str(path), tmp_path)
    other = datasets.load(f"{path}#fit=stretch", tmp_path)
    assert not np.shares_memory(first.images, other.images)
    assert kept.get(kept.key_of(path, True, Taking(fit="stretch"))) is not None
    assert kept.get(kept.key_of(path, True, Taking())) is None


def test_a_file_names_the_choices_but_not_the_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert dataset_name("/here/photos.zip#test=20,size=28") == "photos.zip#size=28,test=20"
    assert dataset_name("/here/photos/#size=28") == "photos#size=28" and dataset_name(".#size=28").endswith("#size=28")
    assert dataset_name("./mnist#size=28") == "./mnist#size=28"
    assert api.data_name("C:\\here\\photos#size=28") == "photos#size=28"
    assert with_choices("/there/photos", "photos#size=28") == "/there/photos#size=28"
    assert with_choices("/there/photos#fit=pad", "photos#size=28") == "/there/photos#fit=pad", "said anew"
