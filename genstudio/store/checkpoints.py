"""Checkpoints: one .safetensors file with a JSON description in its header.

A file from outside is read in this order: regular file and size, magic, header within its cap, schema,
names, shapes and types against what the settings ask for, and only then the numbers.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import safetensors.numpy

from genstudio.files import atomic_write, check_regular
from genstudio.store.header import Header, header_from, header_to_json, parse_json

KEY = "genstudio"  # of the JSON string in safetensors' own metadata
GROUPS = ("model", "train", "history")  # the weights that draw, the trainer's state, its losses
MAX_FILE = 2 * 2**30  # bytes
MAX_HEADER = 2**20  # bytes
MAX_TENSORS = 10_000
DTYPES: dict[str, type[np.generic]] = {"F16": np.float16, "F32": np.float32, "I64": np.int64, "U8": np.uint8}

Expected = Callable[[Header], Mapping[str, tuple[int, ...]]]


@dataclass(frozen=True)
class _Entry:
    dtype: str
    shape: tuple[int, ...]
    begin: int  # bytes from where the numbers start
    end: int


def write_checkpoint(path: Path, header: Header, tensors: Mapping[str, np.ndarray]) -> None:
    """Write a checkpoint whole or not at all. What is written can be read again.

    Args:
        tensors: float16, float32, int64 or uint8, named "model.*" or "train.*".

    Raises:
        ValueError: if a weight is not finite or the header is not sound; an old file is untouched.
        OSError: if the folder cannot be written or the disk is full; an old file is whole.
    """
    path = Path(path)
    words = header_to_json(header)
    try:
        header_from(parse_json(words))
    except ValueError as error:
        raise ValueError(f"{path.name} is not written: it {error}.") from None
    arrays = {name: np.asarray(tensors[name], order="C") for name in sorted(tensors)}
    for name, array in arrays.items():
        if array.dtype not in DTYPES.values() or name.partition(".")[0] not in GROUPS:
            raise ValueError(f"{path.name} is not written: {_short(name)} of type {array.dtype} is not allowed.")
        if not _is_finite(array):
            raise ValueError(f"{path.name} is not written: {_short(name)} has numbers that are not finite.")
    if sum(array.nbytes for array in arrays.values()) > MAX_FILE - MAX_HEADER:
        raise ValueError(f"{path.name} is not written: it would be larger than {MAX_FILE // 2**30} GB.")
    with atomic_write(path) as file:
        file.write(safetensors.numpy.save(arrays, {KEY: words}))


def read_header(path: Path) -> Header:
    """The description alone, without the weights.

    Raises:
        FileNotFoundError, ValueError: in one sentence.
    """
    path = Path(path)
    size = check_regular(path, MAX_FILE)
    with path.open("rb") as file:
        return _read_front(path, file, size)[0]


def read_checkpoint(
    path: Path, expected: Expected, groups: Sequence[str] = ("model",), late: Collection[str] = ()
) -> tuple[Header, dict[str, np.ndarray]]:
    """The description and the tensors of some groups (the part of a name before its first dot), read-only.

    Args:
        expected: Names and shapes of all tensors of these groups, from the header.
        late: Those that older files may lack.

    Raises:
        FileNotFoundError, ValueError: in one sentence; nothing large has been allocated unless the
            names, shapes and types are all as expected.
    """
    path = Path(path)
    size = check_regular(path, MAX_FILE)
    with path.open("rb") as file:
        header, entries, start = _read_front(path, file, size)
        wanted = {name: entry for name, entry in entries.items() if name.partition(".")[0] in groups}
        if not wanted:
            state = "the training state, so the run cannot go on from it"
            raise ValueError(f"{path.name} lacks {state if 'train' in groups else 'the weights of a model'}.")
        shapes = {name: shape for name, shape in expected(header).items() if name in wanted or name not in late}
        _check_shapes(path, header, wanted, shapes)
        return header, {name: _read_tensor(path, file, start, name, entry) for name, entry in wanted.items()}


def _read_front(path: Path, file: BinaryIO, size: int) -> tuple[Header, dict[str, _Entry], int]:
    """Header, tensor entries and where the numbers begin; nothing but the header is read."""
    first = file.read(9)
    if len(first) < 9 or first[8:] != b"{":
        raise ValueError(f"{path.name} is not a safetensors file, the only kind of model file that is read.")
    (length,) = struct.unpack("<Q", first[:8])
    if length > MAX_HEADER:
        raise ValueError(f"{path.name} has a header of {length:,} bytes; at most {MAX_HEADER:,} are read.")
    if 8 + length > size:
        raise ValueError(f"{path.name} is cut short; copy or download it again.")
    try:
        table = parse_json(first[8:] + file.read(length - 1))
    except ValueError:
        raise ValueError(f"{path.name} has a damaged header.") from None
    if not isinstance(table, dict) or len(table) > MAX_TENSORS:
        raise ValueError(f"{path.name} has a damaged header.")
    metadata = table.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not isinstance(metadata.get(KEY), str):
        raise ValueError(f"{path.name} was not written by GenStudio; its header does not say what it is.")
    try:
        values = parse_json(metadata[KEY])
    except ValueError:
        raise ValueError(f"{path.name} has a damaged description.") from None
    try:
        header = header_from(values)
    except ValueError as error:
        raise ValueError(f"{path.name} {error}.") from None
    return header, _entries(path, table, size - 8 - length), 8 + length


def _entries(path: Path, table: dict[str, Any], available: int) -> dict[str, _Entry]:
    entries = {name: _entry(path, name, entry) for name, entry in table.items()}
    position = 0
    for entry in sorted(entries.values(), key=lambda e: (e.begin, e.end)):
        if entry.begin != position:
            raise ValueError(f"{path.name} has a damaged header: its tensors overlap or leave gaps.")
        position = entry.end
    if position > available:
        raise ValueError(f"{path.name} is cut short; copy or download it again.")
    if position < available:
        raise ValueError(f"{path.name} has bytes that belong to no tensor.")
    return entries


def _entry(path: Path, name: str, entry: Any) -> _Entry:
    damaged = f"{path.name} has a damaged header: {_short(name)}"
    if name.partition(".")[0] not in GROUPS:
        raise ValueError(f"{path.name} has an unknown tensor {_short(name)}.")
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise ValueError(f"{damaged} is not described as a tensor.")
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise ValueError(f"{damaged} has the type {dtype!r:.20}; read are {', '.join(DTYPES)}.")
    if not _are_integers(shape, 2**31) or len(shape) > 8:
        raise ValueError(f"{damaged} has no sound shape.")
    if not _are_integers(offsets, MAX_FILE) or len(offsets) != 2:
        raise ValueError(f"{damaged} has no sound place in the file.")
    if offsets[1] - offsets[0] != math.prod(shape) * np.dtype(DTYPES[dtype]).itemsize:
        raise ValueError(f"{damaged} has another number of bytes than its shape asks for.")
    return _Entry(dtype, tuple(shape), *offsets)


def _are_integers(values: Any, most: int) -> bool:
    return isinstance(values, list) and all(type(n) is int and 0 <= n <= most for n in values)


def _check_shapes(
    path: Path, header: Header, entries: Mapping[str, _Entry], shapes: Mapping[str, tuple[int, ...]]
) -> None:
    for name in sorted(shapes.keys() ^ entries.keys()):
        trouble = "lacks" if name in shapes else "has an unknown tensor"
        raise ValueError(f"{path.name} {trouble} {_short(name)}; it does not fit a {header.family} with its settings.")
    for name, entry in entries.items():
        asked = tuple(shapes[name])
        if entry.shape != asked:
            raise ValueError(f"{path.name} has {_short(name)} of shape {entry.shape}; its settings ask for {asked}.")


def _read_tensor(path: Path, file: BinaryIO, start: int, name: str, entry: _Entry) -> np.ndarray:
    file.seek(start + entry.begin)
    data = file.read(entry.end - entry.begin)
    if len(data) != entry.end - entry.begin:
        raise ValueError(f"{path.name} is cut short; copy or download it again.")
    array = np.frombuffer(data, np.dtype(DTYPES[entry.dtype]).newbyteorder("<")).reshape(entry.shape)
    if not _is_finite(array):
        raise ValueError(f"{path.name} has weights that are not finite numbers ({_short(name)}).")
    return array


def _is_finite(array: np.ndarray) -> bool:
    return array.dtype.kind != "f" or bool(np.isfinite(array).all())


def _short(name: str) -> str:
    return repr(name if len(name) <= 60 else name[:57] + "...")
