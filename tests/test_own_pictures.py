"""Folders and zips of the user's pictures: classes, order, what is held out, the square that is taken."""

import io
import os

import numpy as np
import pytest
from picture_files import CLASSY, GREEN, GREY, RED, picture_bytes, write_tree, write_zip
from PIL import Image

from genstudio.api.own_pictures import Taking
from genstudio.core import datasets
from genstudio.core.datasets import folder, kept


def taken(data, size):
    return folder.square(data, Taking(size))[0]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("around", ["", "pets/"])
def test_subfolders_are_the_classes(tmp_path, packed, around):
    files = {around + name: data for name, data in CLASSY.items()}
    path = write_zip(tmp_path / "p.zip", files) if packed else write_tree(tmp_path / "p", files)
    train, test = datasets.load(str(path), tmp_path), datasets.load(str(path), tmp_path, train=False)
    assert train.classes == ("cat", "dog")
    assert train.counts() == (9, 9)
    assert test.counts() == (1, 1)
    assert train.images.shape == (18, 32, 32, 3)
    assert (train.images[train.labels == 1] == GREEN).all()
    assert train.title == "p"
    info = datasets.info(str(path), tmp_path)
    assert (info.channels, info.size, info.classes, info.count) == (3, 32, ("cat", "dog"), 18)
    assert train.info().count == 18


def test_the_order_is_natural_and_the_same_for_folder_and_zip(tmp_path):
    files = {f"{k}.png": picture_bytes((k, k, k)) for k in (10, 2, 1, 33, 4)}
    a = folder.load(write_tree(tmp_path / "a", files))
    b = folder.load(write_zip(tmp_path / "b.zip", files))
    assert a.images[:, 0, 0, 0].tolist() == [1, 2, 4, 10, 33]
    assert np.array_equal(a.images, b.images)


def test_every_tenth_picture_is_held_out(tmp_path):
    path = write_tree(tmp_path / "a", {f"{k}.png": picture_bytes((k, k, k)) for k in range(25)})
    train, test = folder.load(path), folder.load(path, train=False)
    assert test.images[:, 0, 0, 0].tolist() == [9, 19]
    assert len(train) == 23
    few = write_tree(tmp_path / "b", {f"{k}.png": picture_bytes((k, k, k)) for k in range(3)})
    assert len(folder.load(few)) == len(folder.load(few, train=False)) == 3


def test_what_is_held_out_is_said(tmp_path):
    path = write_zip(tmp_path / "x.zip", CLASSY)
    for info in (datasets.info(str(path), tmp_path), datasets.load(str(path), tmp_path).info()):
        assert (info.count, info.held_out) == (18, 2)
    few = write_tree(tmp_path / "few", {f"{k}.png": picture_bytes(RED) for k in range(9)})
    for info in (datasets.info(str(few), tmp_path), datasets.load(str(few), tmp_path).info()):
        assert (info.count, info.held_out) == (9, 0)


def test_train_and_test_folders_are_parts_not_classes(tmp_path):
    files = {f"train/{name}": data for name, data in CLASSY.items()} | {"test/cat/a.png": picture_bytes(RED)}
    path = write_tree(tmp_path / "a", files)
    assert folder.load(path).counts() == (10, 10)
    held_out = folder.load(path, train=False)
    assert held_out.classes == ("cat", "dog")
    assert held_out.counts() == (1, 0)


def test_a_single_subfolder_or_a_few_strays_make_no_classes(tmp_path):
    files = {f"{k}.png": picture_bytes(RED) for k in range(8)} | {
        "x/a.png": picture_bytes(RED),
        "y/b.png": picture_bytes(RED),
    }
    one = folder.load(write_tree(tmp_path / "a", files))
    assert one.classes == ()
    assert one.counts() == (9,)
    strays = folder.load(write_tree(tmp_path / "b", CLASSY | {"preview.png": picture_bytes(RED)}))
    assert strays.classes == ("cat", "dog")
    assert strays.skipped == ("preview.png: outside the class folders",)


def test_pictures_are_grey_only_if_all_are(tmp_path):
    files = {"a.png": picture_bytes(GREY), "b.png": picture_bytes(7, mode="L"), "c.png": picture_bytes(1, mode="1")}
    grey = folder.load(write_tree(tmp_path / "a", files))
    assert grey.images.shape == (3, 32, 32, 1)
    assert grey.images[:, 5, 5, 0].tolist() == [90, 7, 255]
    assert folder.load(write_tree(tmp_path / "a", {"d.png": picture_bytes((90, 90, 91))})).channels == 3


def test_the_middle_square_is_taken(tmp_path):
    wide = np.zeros((40, 120, 3), np.uint8)
    wide[:, :40], wide[:, 40:80], wide[:, 80:] = RED, GREEN, (0, 0, 255)
    tall = wide.transpose(1, 0, 2)
    for picture in (wide, tall):
        buffer = io.BytesIO()
        Image.fromarray(picture).save(buffer, "PNG")
        square = taken(buffer.getvalue(), 28)
        assert square.shape == (28, 28, 3)
        assert (square == GREEN).all()


def test_a_large_jpeg_a_tiny_gif_and_other_modes_are_read():
    assert np.abs(taken(picture_bytes(RED, (3000, 2000), kind="JPEG"), 32).astype(int) - RED).max() < 4
    assert (taken(picture_bytes(3, (2, 1), mode="L", kind="GIF"), 32) == 3).all()
    assert (taken(picture_bytes((0, 0, 0, 0), mode="RGBA"), 32) == 255).all()
    assert np.abs(taken(picture_bytes((0, 255, 255, 0), mode="CMYK", kind="TIFF"), 32).astype(int) - RED).max() < 4
    assert (taken(picture_bytes(128 << 8, mode="I;16"), 32) == 128).all()


def test_a_photo_is_turned_as_its_camera_was_held():
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:32] = 255  # bright above
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", exif=exif)
    square = taken(buffer.getvalue(), 32)
    assert square[:, 20:].min() > 240
    assert square[:, :12].max() < 15


def test_too_many_pictures_are_thinned_evenly(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "MAX_PICTURES", 10)
    read = folder.load(write_tree(tmp_path / "a", CLASSY))
    assert read.counts() == (5, 4)
    assert read.skipped == ("10 more pictures: only 10 are read",)


def test_progress_counts_files_and_can_stop_the_reading(tmp_path):
    path = write_tree(tmp_path / "a", CLASSY)
    seen = []
    datasets.load(str(path), tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 18)
    assert seen[-1] == (18, 18)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        datasets.load(str(path), tmp_path, progress=stop)


def test_a_zip_is_read_once_until_it_changes(tmp_path, monkeypatch):
    path = write_zip(tmp_path / "x.zip", CLASSY)
    first = datasets.load(str(path), tmp_path)
    monkeypatch.setattr(folder, "square", None)  # nothing can be decoded any more
    again = datasets.load(str(path), tmp_path)
    assert again.images is first.images and not again.images.flags.writeable
    assert (again.name, again.held_out, again.classes) == (str(path), 2, ("cat", "dog"))
    for words in ({"train": False}, {"size": 28}):
        with pytest.raises(ValueError, match="can be read"):
            datasets.load(str(path), tmp_path, **words)
    os.utime(path, ns=(0, 0))
    with pytest.raises(ValueError, match="can be read"):
        datasets.load(str(path), tmp_path)


def test_a_zip_is_kept_only_whole_and_below_the_bound(tmp_path, monkeypatch):
    path = write_zip(tmp_path / "x.zip", CLASSY)
    reading = datasets.reading(str(path), tmp_path)
    next(reading)
    reading.close()
    assert kept.get(kept.key_of(path, True, Taking())) is None
    monkeypatch.setattr(kept, "MOST_BYTES", 18 * 32 * 32 * 3 + 18 * 8 - 1)
    datasets.load(str(path), tmp_path)
    assert kept.get(kept.key_of(path, True, Taking())) is None
    monkeypatch.undo()
    datasets.load(str(path), tmp_path)
    assert kept.get(kept.key_of(path, True, Taking())) is not None
    other = write_zip(tmp_path / "y.zip", CLASSY)
    datasets.load(str(other), tmp_path)
    assert kept.get(kept.key_of(path, True, Taking())) is None, "only the last one is kept"
    assert kept.key_of(tmp_path, True, Taking()) is None, "a folder may change unseen"


def test_links_to_other_folders_are_not_followed(tmp_path):
    path = write_tree(tmp_path / "a", {"1.png": picture_bytes(RED)})
    (path / "loop").symlink_to(path, target_is_directory=True)
    assert len(folder.load(path)) == 1


def test_preview_shows_the_classes_in_turn(tmp_path):
    read = folder.load(write_tree(tmp_path / "a", CLASSY))
    preview = read.preview(6)
    assert [tuple(picture[0, 0]) for picture in preview] == [RED, GREEN] * 3
    assert len(read.preview()) == 18
    plain = folder.load(write_tree(tmp_path / "b", {f"{k}.png": picture_bytes((k, k, k)) for k in range(9)}))
    assert plain.preview(3)[:, 0, 0, 0].tolist() == [0, 4, 8]
