"""Checkpoints: one .safetensors file with a JSON description in its header.

A file from outside is read in this order: regular file and size, magic, header within its cap, schema,
names, shapes and types against what the settings ask for, and only then the numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
import safetensors.numpy

from genstudio.files import atomic_write, check_regular
from genstudio.store.header import Header, header_from, header_to_json, parse_json
from genstudio.store.tensors import (
    DTYPES,
    MAX_FILE,
    MAX_HEADER,
    Entry,
    entries_of,
    is_finite,
    read_front,
    read_tensors,
    short,
)

KEY = "genstudio"  # of the JSON string in safetensors' own metadata
GROUPS = ("model", "train", "history")  # the weights that draw, the trainer's state, its losses

Expected = Callable[[Header], Mapping[str, tuple[int, ...]]]


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
        if array.dtype not in DTYPES.values() or not _is_known(name):
            raise ValueError(f"{path.name} is not written: {short(name)} of type {array.dtype} is not allowed.")
        if not is_finite(array):
            raise ValueError(f"{path.name} is not written: {short(name)} has numbers that are not finite.")
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
        return header, read_tensors(path, file, start, wanted.items())


def _is_known(name: str) -> bool:
    return name.partition(".")[0] in GROUPS


def _read_front(path: Path, file: BinaryIO, size: int) -> tuple[Header, dict[str, Entry], int]:
    """Header, tensor entries and where the numbers begin; nothing but the header is read."""
    metadata, table, start = read_front(path, file, size)
    if not isinstance(metadata.get(KEY), str):
        raise ValueError(f"{path.name} was not written by GenStudio; its header does not say what it is.")
    try:
        values = parse_json(metadata[KEY])
    except ValueError:
        raise ValueError(f"{path.name} has a damaged description.") from None
    try:
        header = header_from(values)
    except ValueError as error:
        raise ValueError(f"{path.name} {error}.") from None
    return header, entries_of(path, table, size - start, _is_known), start


def _check_shapes(
    path: Path, header: Header, entries: Mapping[str, Entry], shapes: Mapping[str, tuple[int, ...]]
) -> None:
    for name in sorted(shapes.keys() ^ entries.keys()):
        trouble = "lacks" if name in shapes else "has an unknown tensor"
        raise ValueError(f"{path.name} {trouble} {short(name)}; it does not fit a {header.family} with its settings.")
    for name, entry in entries.items():
        asked = tuple(shapes[name])
        if entry.shape != asked:
            raise ValueError(f"{path.name} has {short(name)} of shape {entry.shape}; its settings ask for {asked}.")
