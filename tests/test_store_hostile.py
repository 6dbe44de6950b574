"""Hostile and damaged checkpoints are refused with one sentence, before anything large is read."""

from __future__ import annotations

import dataclasses
import json
import os
import pickle
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from store_desk import HEADER, TENSORS, expected, refusal

from genstudio import store
from genstudio.settings import GANSettings, VAESettings
from genstudio.store import checkpoints


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A sound checkpoint."""
    store.write_checkpoint(tmp_path / "m.safetensors", HEADER, TENSORS)
    return tmp_path / "m.safetensors"


def split(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The header table and the numbers of a checkpoint."""
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def join(table: Any, numbers: bytes) -> bytes:
    text = table if isinstance(table, bytes) else json.dumps(table).encode()
    return struct.pack("<Q", len(text)) + text + numbers


def changed(path: Path, change: Callable[[dict[str, Any]], object]) -> str:
    """The refusal of a checkpoint whose header table was changed."""
    table, numbers = split(path.read_bytes())
    change(table)
    path.write_bytes(join(table, numbers))
    return refusal(path)


def described(path: Path, **values: Any) -> str:
    """The refusal of a checkpoint whose description was changed."""

    def change(table: dict[str, Any]) -> None:
        words = json.loads(table["__metadata__"]["genstudio"])
        words.update(values)
        table["__metadata__"]["genstudio"] = json.dumps(words)

    return changed(path, change)


def test_missing_files_folders_and_pipes_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.safetensors").startswith("There is no file")
    (tmp_path / "folder.safetensors").mkdir()
    assert "not a regular file" in refusal(tmp_path / "folder.safetensors")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.safetensors")
        assert "not a regular file" in refusal(tmp_path / "pipe.safetensors")


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_to_a_checkpoint_is_read(path: Path) -> None:
    (path.parent / "link.safetensors").symlink_to(path)
    assert store.read_header(path.parent / "link.safetensors") == HEADER


class Evil:
    """Unpickling it would raise."""

    def __reduce__(self) -> tuple[Any, ...]:
        return pytest.fail, ("unpickled",)


@pytest.mark.parametrize("data", [b"", b"{", b"PK\3\4 a zip", pickle.dumps(Evil()), b"\x89PNG\r\n\x1a\n" * 9])
def test_foreign_files_are_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "m.safetensors").write_bytes(data)
    assert "is not a safetensors file" in refusal(tmp_path / "m.safetensors")


def test_a_checkpoint_of_another_program_is_refused(tmp_path: Path) -> None:
    safetensors.numpy.save_file({"model.x": np.zeros(3, np.float32)}, tmp_path / "m")
    assert "was not written by GenStudio" in refusal(tmp_path / "m")


@pytest.mark.parametrize("length", [100 * 2**20, 2**63, 2**64 - 1])
def test_an_oversized_header_is_refused_before_it_is_read(tmp_path: Path, length: int) -> None:
    path = tmp_path / "m.safetensors"
    with path.open("wb") as file:
        file.write(struct.pack("<Q", length) + b"{")
        file.truncate(120 * 2**20)
    tracemalloc.start()
    try:
        assert "has a header of" in refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_an_oversized_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    with path.open("wb") as file:
        file.truncate(checkpoints.MAX_FILE + 1)
    assert "at most 2,048 MB are read" in refusal(path)


def test_a_file_cut_anywhere_is_refused(path: Path) -> None:
    data = path.read_bytes()
    for length in [*range(40), *range(40, len(data), 97), len(data) - 1]:
        path.write_bytes(data[:length])
        words = refusal(path)
        assert "cut short" in words or "is not a safetensors file" in words
    path.write_bytes(data + b"\0")
    assert "bytes that belong to no tensor" in refusal(path)


@pytest.mark.parametrize(
    "table",
    [
        b"{" + b"[" * 200_000,
        b"{" + b'"a":{' * 100_000,
        b'{"a": NaN}',
        b'{"a": ' + b"9" * 100_000 + b"}",
        b'{"\\ud800": 1}',
        b'{"\xff": 1}',
        b"{'a': 1}",
        b"{}" + b"x" * 9,
        b"{" + b",".join(b'"%d":1' % i for i in range(20_000)) + b"}",
    ],
    ids=["lists", "dicts", "nan", "integer", "surrogate", "bytes", "quotes", "rest", "many"],
)
def test_damaged_and_explosive_json_is_refused(tmp_path: Path, table: bytes) -> None:
    (tmp_path / "m").write_bytes(join(table, b""))
    assert refusal(tmp_path / "m") == "m has a damaged header."


def test_a_damaged_description_is_refused(path: Path) -> None:
    data = path.read_bytes()
    for words in ("{", "[" * 100_000, "7", '"text"', '{"a": "\\ud800"}'):
        path.write_bytes(data)
        assert "has a damaged description" in changed(path, lambda t, w=words: t["__metadata__"].update(genstudio=w))
    for metadata in (None, [], {"genstudio": 7}, {}):
        path.write_bytes(data)
        assert "was not written by GenStudio" in changed(path, lambda t, m=metadata: t.update(__metadata__=m))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"format_version": 2}, "has format version 2; this GenStudio reads version 1"),
        ({"format_version": True}, "format version True"),
        ({"surprise": 1}, "fields are not those"),
        ({"family": "bert"}, "unknown family 'bert'"),
        ({"family": ["vae"]}, "unknown family"),
        ({"settings": None}, "no settings"),
        ({"settings": {}}, "VAESettings has other fields"),
        ({"settings": {**dataclasses.asdict(VAESettings()), "latent_dim": 10**9}}, "latent_dim is 1000000000"),
        ({"settings": {**dataclasses.asdict(VAESettings()), "latent_dim": "os.system"}}, "must be int, not str"),
        ({"settings": dataclasses.asdict(GANSettings())}, "VAESettings has other fields"),
        ({"dataset": 7}, "dataset is not a short text"),
        ({"dataset": "a\nb"}, "dataset is not a short text"),
        ({"reproduce": "x" * 20_000}, "reproduce is not a short text"),
        ({"classes": "0123"}, "classes are not a list"),
        ({"classes": ["a"] * 2000}, "classes are not a list"),
        ({"classes": [1, 2]}, "classes are not a list"),
        ({"channels": 4}, "1 or 3 channels, not 4"),
        ({"channels": True}, "1 or 3 channels, not True"),
        ({"channels": {}}, "1 or 3 channels"),
        ({"size": 10**6}, "a picture of 1000000 px"),
        ({"size": 28.0}, "a picture of 28.0 px"),
        ({"iteration": -1}, "iteration is -1"),
        ({"training": 1}, "whether it can be trained"),
        ({"metrics": {"loss": "low"}}, "metrics are not finite"),
        ({"quality": []}, "quality are not finite"),
        ({"metrics": {str(i): 0 for i in range(1000)}}, "metrics are not finite"),
    ],
)
def test_a_description_outside_the_schema_is_refused(path: Path, values: dict[str, Any], says: str) -> None:
    assert says in described(path, **values)


@pytest.mark.parametrize("number", ["1e999", "NaN", "-Infinity", "9" * 4000])
def test_numbers_that_are_none_are_refused(path: Path, number: str) -> None:
    def change(table: dict[str, Any]) -> None:
        words = table["__metadata__"]["genstudio"]
        table["__metadata__"]["genstudio"] = words.replace("81.25", number)

    assert "has a damaged description" in changed(path, change)


def entry(name: str, **values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda table: table[name].update(values)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (entry("model.b", dtype="F64"), "has the type 'F64'"),
        (entry("model.b", dtype="BF16"), "has the type 'BF16'"),
        (entry("model.b", dtype=["F16"]), "has the type"),
        (entry("model.b", shape=[6]), "another number of bytes"),
        (entry("model.b", shape=[-5]), "no sound shape"),
        (entry("model.b", shape=[5.0]), "no sound shape"),
        (entry("model.b", shape=[1] * 9), "no sound shape"),
        (entry("model.b", shape=[2**31] * 8), "another number of bytes"),
        (entry("model.b", shape=None), "no sound shape"),
        (entry("model.b", data_offsets=[0]), "no sound place"),
        (entry("model.b", data_offsets=[10, 0]), "another number of bytes"),
        (entry("model.b", data_offsets=[0, 2**62]), "no sound place"),
        (entry("model.b", data_offsets=[2**20, 2**20 + 10]), "overlap or leave gaps"),
        (entry("model.b", data_offsets=[0, 10]), "overlap or leave gaps"),
        (entry("model.b", path="/etc/passwd"), "not described as a tensor"),
        (lambda table: table.update({"model.c": 7}), "not described as a tensor"),
        (lambda table: table.update({"other.c": table["model.b"]}), "unknown tensor 'other.c'"),
        (lambda table: table.update({"model.a" + "n" * 500: table.pop("model.b")}), "nnn...'"),
        (lambda table: table.update({"model.c": table.pop("model.b")}), "lacks 'model.b'"),
        (entry("model.a.weight", shape=[4, 3]), "of shape (4, 3); its settings ask for (3, 4)"),
    ],
)
def test_a_tensor_that_is_not_as_expected_is_refused(
    path: Path, change: Callable[[dict[str, Any]], object], says: str
) -> None:
    assert says in changed(path, change)


def test_an_extra_tensor_is_refused(path: Path) -> None:
    store.write_checkpoint(path, HEADER, {**TENSORS, "model.z": np.zeros(1, np.float32)})
    assert "has an unknown tensor 'model.z'; it does not fit a vae" in refusal(path)


def test_a_file_without_the_group_asked_for_says_what_it_lacks(tmp_path: Path) -> None:
    store.write_checkpoint(tmp_path / "m", HEADER, {"model.x": np.zeros(1, np.float32)})
    assert refusal(tmp_path / "m", ("train",)) == "m lacks the training state, so the run cannot go on from it."
    store.write_checkpoint(tmp_path / "m", HEADER, {})
    assert refusal(tmp_path / "m") == "m lacks the weights of a model."


@pytest.mark.parametrize("name", ["model.a.weight", "model.b"])
def test_weights_that_are_not_numbers_are_refused(path: Path, name: str) -> None:
    table, numbers = split(path.read_bytes())
    begin, end = table[name]["data_offsets"]
    path.write_bytes(join(table, numbers[:begin] + b"\xff" * (end - begin) + numbers[end:]))
    assert refusal(path) == f"m.safetensors has weights that are not finite numbers ({name!r})."


def test_wrong_shapes_are_refused_before_the_numbers_are_read(tmp_path: Path) -> None:
    store.write_checkpoint(tmp_path / "m", HEADER, {"model.a.weight": np.zeros(2**22, np.float32)})
    tracemalloc.start()
    try:
        assert "lacks 'model.b'" in refusal(tmp_path / "m")
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_flipped_bytes_are_refused_with_a_sentence_or_change_only_numbers(path: Path) -> None:
    data = path.read_bytes()
    rng = np.random.default_rng(2)
    for _ in range(300):
        flipped = bytearray(data)
        for at in rng.integers(0, len(data), 3):
            flipped[at] = rng.integers(256)
        path.write_bytes(flipped)
        try:
            _, tensors = store.read_checkpoint(path, expected)
        except ValueError as error:
            words = str(error)
        else:
            words = f"m.safetensors {[np.isfinite(t).all() for t in tensors.values()]}"
        assert words.startswith("m.safetensors ") and "False" not in words
