"""Reading datasets: formats as published, any folder or zip, and hostile files refused with a sentence."""

import gzip
import io
import os
import pickle
import struct
import subprocess
import sys
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image

from genstudio.core import datasets
from genstudio.core.datasets import cifar, folder, idx, kept, pictures
from genstudio.errors import sentence


def idx_bytes(array):
    return struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def write_idx_set(data_dir, name="mnist", count=20, pack=False):
    raw = idx.raw_folder(name, data_dir)
    raw.mkdir(parents=True)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
    labels = (np.arange(count) % 10).astype(np.uint8)
    for train in (True, False):
        for file, array in zip(idx.file_names(train), (images, labels), strict=True):
            data = idx_bytes(array)
            (raw / (file + ".gz" * pack)).write_bytes(gzip.compress(data) if pack else data)
    return images, labels


def picture_bytes(colour, size=(40, 30), mode="RGB", kind="PNG", **options):
    buffer = io.BytesIO()
    Image.new(mode, size, colour).save(buffer, kind, **options)
    return buffer.getvalue()


def write_tree(root, files):
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def write_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


RED, GREEN, GREY = (255, 0, 0), (0, 255, 0), (90, 90, 90)
CLASSY = {
    f"{name}/{k}.png": picture_bytes(colour) for name, colour in (("cat", RED), ("dog", GREEN)) for k in range(10)
}


# ---- the registry ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "kmnist"])
@pytest.mark.parametrize("pack", [False, True])
def test_idx_sets_are_read_as_published(tmp_path, name, pack):
    images, labels = write_idx_set(tmp_path, name, pack=pack)
    for train in (True, False):
        read = datasets.load(name, tmp_path, train)
        assert np.array_equal(read.images[..., 0], images)
        assert np.array_equal(read.labels, labels)
        assert read.labels.dtype == np.int64
        assert read.images.flags.writeable
        assert len(read.classes) == 10


def test_torchvision_reads_the_same(tmp_path):
    from torchvision.datasets import MNIST

    write_idx_set(tmp_path)
    theirs, ours = MNIST(tmp_path), datasets.load("mnist", tmp_path)
    assert np.array_equal(theirs.data.numpy(), ours.images[..., 0])
    assert np.array_equal(theirs.targets.numpy(), ours.labels)


def test_size_32_adds_a_margin(tmp_path):
    write_idx_set(tmp_path)
    small, large = datasets.load("mnist", tmp_path), datasets.load("mnist", tmp_path, size=32)
    assert large.images.shape == (20, 32, 32, 1)
    assert np.array_equal(large.images[:, 2:30, 2:30], small.images)
    assert large.images[:, :2].max() == 0
    with pytest.raises(ValueError, match="size is 30; allowed: 28 or 32"):
        datasets.load("mnist", tmp_path, size=30)


def test_only_as_many_as_asked_for(tmp_path):
    images, _ = write_idx_set(tmp_path)
    assert np.array_equal(datasets.load("mnist", tmp_path, count=7).images[..., 0], images[:7])
    with pytest.raises(ValueError, match="count is 0"):
        datasets.load("mnist", tmp_path, count=0)


def test_info_says_what_is_there_and_what_to_download(tmp_path):
    write_idx_set(tmp_path)
    there = {info.name: info.available for info in datasets.infos(tmp_path)}
    assert {name for name, available in there.items() if available} == {"strokes", "shapes", "mnist"}
    assert list(there) == ["strokes", "shapes", "mnist", "fashion-mnist", "kmnist", "cifar10"]
    info = datasets.info("cifar10", tmp_path)
    assert (info.channels, info.size, info.count, info.download_mb) == (3, 32, 50_000, 171)
    with pytest.raises(FileNotFoundError, match=r"CIFAR-10 is not in .*download it \(171 MB\)"):
        datasets.load("cifar10", tmp_path)


def test_an_unknown_name_lists_the_known_ones(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no dataset, folder or zip 'faces'; known datasets: strokes, shapes,"):
        datasets.load("faces", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"no dataset, folder or zip 'MNITS'; did you mean mnist\?$"):
        datasets.info("MNITS", tmp_path)


def test_a_registered_name_wins_over_a_folder_of_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    images, _ = write_idx_set(tmp_path / "data")
    write_tree(tmp_path / "mnist", CLASSY)
    assert np.array_equal(datasets.load("mnist", tmp_path / "data").images[..., 0], images)
    for name in ("./mnist", "mnist/", str(tmp_path / "mnist")):
        read = datasets.load(name, tmp_path / "data")
        assert read.classes == ("cat", "dog")
        for told in (read.name, datasets.info(name, tmp_path).name):  # asks for the same again
            assert datasets.load(told, tmp_path / "data").classes == ("cat", "dog")
    with pytest.raises(FileNotFoundError, match=r"^There is no folder or zip \./minst\.$"):
        datasets.load("./minst", tmp_path)


def test_the_data_folder_can_be_chosen(tmp_path, monkeypatch):
    monkeypatch.setenv("GENSTUDIO_DATA", str(tmp_path))
    assert datasets.default_data_dir() == tmp_path
    monkeypatch.delenv("GENSTUDIO_DATA")
    assert "genstudio" in str(datasets.default_data_dir())


@pytest.mark.parametrize(
    "data",
    [b"", b"\0\0\x08", b"GIF89a" + bytes(50), idx_bytes(np.zeros((3, 28, 28), np.uint8))[:-1]],
    ids=["empty", "short", "foreign", "truncated"],
)
def test_damaged_idx_files_are_refused(tmp_path, data):
    write_idx_set(tmp_path)
    (tmp_path / "MNIST" / "raw" / "train-images-idx3-ubyte").write_bytes(data)
    with pytest.raises(ValueError, match="download it again"):
        datasets.load("mnist", tmp_path)


def test_outsized_and_hostile_idx_headers_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "x"
    path.write_bytes(struct.pack(">4B4I", 0, 0, 8, 4, *[2**32 - 1] * 4))
    with pytest.raises(ValueError, match="truncated or damaged"):
        idx.read_idx(path)
    monkeypatch.setattr(idx, "MAX_BYTES", 2**20)
    bomb = tmp_path / "x.gz"
    bomb.write_bytes(gzip.compress(bytes(2**21)))
    with pytest.raises(ValueError, match="longer than 1 MB"):
        idx.read_idx(bomb)
    bomb.write_bytes(gzip.compress(bytes(1000))[:-9])
    with pytest.raises(ValueError, match="damaged"):
        idx.read_idx(bomb)


def test_labels_and_pictures_must_agree(tmp_path):
    write_idx_set(tmp_path)
    labels = tmp_path / "MNIST" / "raw" / "train-labels-idx1-ubyte"
    labels.write_bytes(idx_bytes(np.zeros(19, np.uint8)))
    with pytest.raises(ValueError, match="one label each"):
        datasets.load("mnist", tmp_path)
    labels.write_bytes(idx_bytes(np.full(20, 10, np.uint8)))
    with pytest.raises(ValueError, match=r"A label in .* is 10"):
        datasets.load("mnist", tmp_path)


def test_reading_imports_neither_torch_nor_torchvision(tmp_path):
    write_idx_set(tmp_path)
    code = (
        "import sys, pathlib; from genstudio.core import datasets; p = pathlib.Path(sys.argv[1]);"
        "datasets.load('mnist', p); datasets.load('strokes', p, count=20); datasets.infos(p);"
        "assert not {'torch', 'torchvision', 'PySide6'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, timeout=60)


# ---- CIFAR-10 -------------------------------------------------------------------------------------


def python2_batch(planes, labels):
    """A batch as Python 2 wrote it: byte strings, protocol 2, numpy's own names."""
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01b\x87R(K\x01"
        + struct.pack("<BHBH", ord("M"), len(planes), ord("M"), planes.shape[1])
        + b"\x86cnumpy\ndtype\nU\x02u1K\0K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89T"
        + struct.pack("<I", planes.nbytes)
        + planes.tobytes()
        + b"tb"
    )
    numbers = b"".join(bytes([ord("K"), label]) for label in labels)
    return b"\x80\x02}(U\x04data" + array + b"U\x06labels](" + numbers + b"eu."


def python3_batch(planes, labels):
    return pickle.dumps({"data": planes, "labels": labels}, protocol=2)


@pytest.mark.parametrize("write", [python2_batch, python3_batch])
def test_cifar_batches_are_read_as_published(tmp_path, write):
    planes = np.random.default_rng(1).integers(0, 256, (12, 3072), dtype=np.uint8)
    labels = [k % 10 for k in range(12)]
    batches = {f"{cifar.FOLDER}/{name}": write(planes, labels) for name in cifar.TRAIN_FILES + cifar.TEST_FILES}
    write_tree(tmp_path, batches)
    train, test = datasets.load("cifar10", tmp_path), datasets.load("cifar10", tmp_path, train=False, size=28)
    assert train.images.shape == (60, 32, 32, 3)
    assert np.array_equal(test.labels, labels)
    assert np.array_equal(train.images[0, :, :, 1].ravel(), planes[0, 1024:2048])
    assert np.array_equal(test.images, train.images[:12, 2:30, 2:30])
    assert train.classes[3] == "cat"


class Evil:
    def __reduce__(self):
        return (exec, ("raise SystemExit('code of a file ran')",))


@pytest.mark.parametrize(
    "content",
    [
        pickle.dumps(Evil()),
        pickle.dumps({"data": Evil(), "labels": [1]}),
        pickle.dumps({"data": np.zeros((1, 3072), np.float32), "labels": [1]}),
        pickle.dumps({"data": np.zeros((2, 3072), np.uint8), "labels": [1]}),
        pickle.dumps({"data": np.zeros((1, 3072), np.uint8), "labels": [10]}),
        pickle.dumps({"data": np.zeros((1, 3072), np.uint8), "labels": [True]}),
        pickle.dumps([1, 2]),
        b"",
        b"not a pickle",
    ],
)
def test_a_pickle_of_anything_else_is_refused_and_nothing_runs(tmp_path, content):
    path = tmp_path / "data_batch_1"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="not a batch of CIFAR-10 or is damaged"):
        cifar.read_batch(path)


# ---- folders and zips -----------------------------------------------------------------------------


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
        square = folder.square(buffer.getvalue(), 28)
        assert square.shape == (28, 28, 3)
        assert (square == GREEN).all()


def test_a_large_jpeg_a_tiny_gif_and_other_modes_are_read():
    assert np.abs(folder.square(picture_bytes(RED, (3000, 2000), kind="JPEG"), 32).astype(int) - RED).max() < 4
    assert (folder.square(picture_bytes(3, (2, 1), mode="L", kind="GIF"), 32) == 3).all()
    assert (folder.square(picture_bytes((0, 0, 0, 0), mode="RGBA"), 32) == 255).all()
    assert (
        np.abs(folder.square(picture_bytes((0, 255, 255, 0), mode="CMYK", kind="TIFF"), 32).astype(int) - RED).max() < 4
    )
    assert (folder.square(picture_bytes(128 << 8, mode="I;16"), 32) == 128).all()


def test_a_photo_is_turned_as_its_camera_was_held():
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:32] = 255  # bright above
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", exif=exif)
    square = folder.square(buffer.getvalue(), 32)
    assert square[:, 20:].min() > 240
    assert square[:, :12].max() < 15


def test_files_that_cannot_be_read_are_listed_and_skipped(tmp_path):
    good = picture_bytes(RED)
    files = {"a.png": good, "b.png": b"no picture", "c.jpg": good[:60], "d.txt": b"text", "e.png": b"", ".f.png": b"x"}
    read = folder.load(write_tree(tmp_path / "a", files))
    assert len(read) == 1
    assert [line.split(":")[0] for line in read.skipped] == ["b.png", "c.jpg", "e.png"]
    assert read.note == "3 files could not be used."


def bomb_png(width, height):
    """A PNG that says it is huge."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_decompression_bombs_are_skipped(tmp_path):
    files = {"a.png": picture_bytes(RED), "b.png": bomb_png(9000, 8900), "c.png": bomb_png(60000, 60000)}
    read = folder.load(write_tree(tmp_path / "a", files))
    assert len(read) == 1
    assert read.skipped == ("b.png: the picture is too large (9000 x 8900)", "c.png: the picture is too large")


@pytest.mark.parametrize("content", [{}, {"readme.txt": b"hello"}])
def test_a_folder_without_pictures_is_one_sentence(tmp_path, content):
    (tmp_path / "a").mkdir()
    for path in (write_tree(tmp_path / "a", content), write_zip(tmp_path / "a.zip", content)):
        with pytest.raises(ValueError, match="There is no picture in") as caught:
            datasets.load(str(path), tmp_path)
        assert "\n" not in sentence(caught.value)


def test_a_folder_of_broken_pictures_says_so(tmp_path):
    path = write_tree(tmp_path / "a", {"a.png": b"x", "b.png": b"y"})
    with pytest.raises(ValueError, match=r"None of the 2 pictures in .* the first: a\.png: not a picture"):
        folder.load(path)


def test_other_files_are_neither_folder_nor_zip(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(picture_bytes(RED))
    with pytest.raises(ValueError, match="neither a folder nor a zip"):
        folder.load(path)
    whole = write_zip(tmp_path / "b.zip", CLASSY).read_bytes()
    path.write_bytes(whole[:-40])
    with pytest.raises(ValueError, match="neither a folder nor a zip"):
        folder.load(path)
    path.write_bytes(whole.replace(b"PK\1\2", b"PKPK"))
    with pytest.raises(ValueError, match="is a damaged zip"):
        folder.load(path)


def test_names_in_a_zip_never_become_files(tmp_path):
    names = ["../../evil.png", "/abs/evil.png", "C:\\evil.png", "x/../../e.png", "__MACOSX/a.png", "ok.png"]
    (tmp_path / "in").mkdir()
    path = write_zip(tmp_path / "in" / "a.zip", dict.fromkeys(names, picture_bytes(RED)))
    read = folder.load(path)
    assert len(read) >= 1
    assert [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()] == ["in/a.zip"]


def test_zip_bombs_are_capped(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "MAX_FILE_BYTES", 100_000)
    path = write_zip(tmp_path / "a.zip", {"a.png": picture_bytes(RED), "b.bmp": bytes(10_000_000)})
    read = folder.load(path)
    assert len(read) == 1
    assert read.skipped[0].startswith("b.bmp: the file is larger than")
    monkeypatch.setattr(folder, "MAX_TOTAL_BYTES", 5_000)
    monkeypatch.setattr(folder, "BATCH", 4)
    many = write_zip(tmp_path / "b.zip", {f"{k}.bmp": picture_bytes(RED, kind="BMP") for k in range(9)})
    read = folder.load(many)
    assert len(read) == 4
    assert read.skipped[-1] == "the files after 3.bmp: too much data in all"


def test_a_zip_whose_size_lies_gives_no_more_than_it_says(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"a.png": picture_bytes(RED), "b.bmp": bytes(1_000_000)})
    data = path.read_bytes().replace(struct.pack("<I", 1_000_000), struct.pack("<I", 1_000))
    path.write_bytes(data)
    read = folder.load(path)
    assert len(read) == 1
    assert read.skipped == ("b.bmp: not a picture that can be read",)


def test_a_zip_with_an_outsized_directory_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = write_zip(tmp_path / "a.zip", {f"{k}.png": b"" for k in range(200)})
    monkeypatch.setattr(pictures, "MAX_ZIP_DIRECTORY", 5_000)
    with pytest.raises(ValueError, match="lists more files than can be read"):
        folder.load(path)


def test_too_many_pictures_are_thinned_evenly(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "MAX_PICTURES", 10)
    read = folder.load(write_tree(tmp_path / "a", CLASSY))
    assert read.counts() == (5, 4)
    assert read.skipped == ("10 more pictures: only 10 are read",)


def test_a_locked_zip_is_said(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"a.png": picture_bytes(RED)})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.find(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(ValueError, match="locked with a password"):
        folder.load(path)


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
    assert kept.get(kept.key_of(path, True, 32)) is None
    monkeypatch.setattr(kept, "MOST_BYTES", 18 * 32 * 32 * 3 + 18 * 8 - 1)
    datasets.load(str(path), tmp_path)
    assert kept.get(kept.key_of(path, True, 32)) is None
    monkeypatch.undo()
    datasets.load(str(path), tmp_path)
    assert kept.get(kept.key_of(path, True, 32)) is not None
    other = write_zip(tmp_path / "y.zip", CLASSY)
    datasets.load(str(other), tmp_path)
    assert kept.get(kept.key_of(path, True, 32)) is None, "only the last one is kept"
    assert kept.key_of(tmp_path, True, 32) is None, "a folder may change unseen"


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
