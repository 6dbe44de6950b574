"""Checkpoints come back bit for bit, and a writer that fails leaves the old one."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from store_desk import HEADER, MODEL, RNG, TENSORS, expected

from genstudio import store
from genstudio.errors import sentence
from genstudio.settings import SETTINGS
from genstudio.store.header import header_from, header_to_json


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A sound checkpoint."""
    store.write_checkpoint(tmp_path / "m.safetensors", HEADER, TENSORS)
    return tmp_path / "m.safetensors"


def assert_equal(read: dict[str, np.ndarray], written: dict[str, np.ndarray]) -> None:
    assert read.keys() == written.keys()
    for name, array in written.items():
        assert read[name].dtype == array.dtype and read[name].shape == array.shape
        assert read[name].tobytes() == array.tobytes()


def test_a_checkpoint_comes_back_bit_for_bit(path: Path) -> None:
    shapes = {name: array.shape for name, array in TENSORS.items()}
    header, tensors = store.read_checkpoint(path, lambda header: shapes, ("model", "train"))
    assert header == HEADER and store.read_header(path) == HEADER
    assert_equal(tensors, TENSORS)


@pytest.mark.parametrize("family", SETTINGS)
def test_every_family_has_a_header_that_comes_back(tmp_path: Path, family: str) -> None:
    header = dataclasses.replace(HEADER, family=family, settings=SETTINGS[family]())
    store.write_checkpoint(tmp_path / "m.safetensors", header, TENSORS)
    assert store.read_header(tmp_path / "m.safetensors") == header


@pytest.mark.parametrize(("family", "field", "meant"), [("vae", "blocks", 0), ("gan", "levels", 2)])
def test_a_file_that_is_older_than_a_field_means_what_there_was_then(family: str, field: str, meant: int) -> None:
    values = json.loads(header_to_json(dataclasses.replace(HEADER, family=family, settings=SETTINGS[family]())))
    del values["settings"][field]
    assert header_from(values).settings == dataclasses.replace(SETTINGS[family](), **{field: meant})


def test_only_the_groups_asked_for_are_read(path: Path) -> None:
    assert store.read_checkpoint(path, expected)[1].keys() == MODEL.keys()
    train = {"train.step": (), "train.rng": (5056,)}
    assert store.read_checkpoint(path, lambda header: train, ("train",))[1].keys() == train.keys()


def test_the_same_content_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    store.write_checkpoint(tmp_path / "again", HEADER, dict(reversed(TENSORS.items())))
    assert (tmp_path / "again").read_bytes() == path.read_bytes()


def test_other_programs_read_the_tensors(path: Path) -> None:
    assert_equal(safetensors.numpy.load_file(path), TENSORS)


def test_slices_and_transposes_are_written_as_they_look(tmp_path: Path) -> None:
    array = RNG.standard_normal((4, 6)).astype(np.float32)[::2].T
    store.write_checkpoint(tmp_path / "m", HEADER, {"model.x": array})
    _, tensors = store.read_checkpoint(tmp_path / "m", lambda header: {"model.x": (6, 2)})
    assert (tensors["model.x"] == array).all()


@pytest.mark.parametrize(
    ("tensors", "says"),
    [
        ({"model.x": np.array([1, np.nan], np.float32)}, "not finite"),
        ({"model.x": np.array([1, np.inf], np.float16)}, "not finite"),
        ({"model.x": np.zeros(2)}, "type float64 is not allowed"),
        ({"other.x": np.zeros(2, np.float32)}, "not allowed"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(path: Path, tensors: dict[str, np.ndarray], says: str) -> None:
    old = path.read_bytes()
    with pytest.raises(ValueError, match=says):
        store.write_checkpoint(path, HEADER, tensors)
    assert path.read_bytes() == old


def test_a_header_that_could_not_be_read_again_is_not_written(path: Path) -> None:
    old = path.read_bytes()
    for wrong in ({"metrics": {"loss": float("nan")}}, {"channels": 2}, {"dataset": "x" * 5000}):
        with pytest.raises(ValueError, match="is not written"):
            store.write_checkpoint(path, dataclasses.replace(HEADER, **wrong), TENSORS)
    assert path.read_bytes() == old


KILLED = """
import os, signal, sys
import numpy as np
from genstudio import store
os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
header = store.read_header(sys.argv[1])
store.write_checkpoint(sys.argv[1], header, {"model.x": np.ones(10**6, np.float32)})
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_killed_writer_leaves_the_old_checkpoint_whole(path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert_equal(store.read_checkpoint(path, expected)[1], {n: t for n, t in TENSORS.items() if n in MODEL})
    assert [m.name for m in store.list_models((path.parent,))] == ["m"]


def test_a_full_disk_leaves_the_old_checkpoint_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    old = path.read_bytes()
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space") as caught:
        store.write_checkpoint(path, HEADER, {"model.x": np.zeros(9, np.float32)})
    assert sentence(caught.value).startswith("The disk is full; nothing was changed")
    assert path.read_bytes() == old and list(path.parent.iterdir()) == [path]
