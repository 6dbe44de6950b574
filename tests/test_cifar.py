"""CIFAR-10 is read as published, and nothing else in a pickle is."""

import pickle
import struct

import numpy as np
import pytest
from picture_files import write_tree

from genstudio.core import datasets
from genstudio.core.datasets import cifar


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
