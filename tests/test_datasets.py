"""Datasets by name: formats as published, what is there, and damaged files refused with a sentence."""

import gzip
import struct
import subprocess
import sys

import numpy as np
import pytest
from picture_files import CLASSY, write_tree

from genstudio import api
from genstudio.core import datasets
from genstudio.core.datasets import idx


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


@pytest.mark.parametrize("name", ["strokes", "shapes"])
def test_the_factors_that_info_names_are_those_of_the_pictures(tmp_path, name):
    before = datasets.info(name, tmp_path)
    read = datasets.load(name, tmp_path, count=3)
    assert before.factors == read.factor_names == read.info().factors and read.factors.shape == (3, len(before.factors))
    assert {info.name for info in datasets.infos(tmp_path) if info.factors} == {"strokes", "shapes"}


@pytest.mark.parametrize("name", ["strokes", "shapes"])
def test_what_is_drawn_is_drawn_once_and_never_changed(tmp_path, name):
    first, again = (datasets.load(name, tmp_path, train=False, count=5) for _ in range(2))
    other = datasets.load(name, tmp_path, train=True, count=5)
    assert np.shares_memory(first.images, again.images) and not np.shares_memory(first.images, other.images)
    for array in (first.images, first.labels, first.factors):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


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


def test_a_sentence_calls_a_dataset_by_its_own_name() -> None:
    for name, entry in datasets.DATASETS.items():
        assert api.called(name) == (name if entry.title == name.capitalize() else entry.title)
    assert api.called("C:\\pictures\\cats.zip") == "cats.zip" and api.called("/home/a/mnist") == "mnist"
