"""The tensors of a .safetensors file, checked before anything large is read. Numpy only, never pickle."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from genstudio.store.header import parse_json

MAX_FILE = 2 * 2**30  # bytes
MAX_HEADER = 2**20  # bytes
MAX_TENSORS = 10_000
DTYPES: dict[str, type[np.generic]] = {"F16": np.float16, "F32": np.float32, "I64": np.int64, "U8": np.uint8}


@dataclass(frozen=True)
class Entry:
    """Where a tensor is, and of what type and shape."""

    dtype: str
    shape: tuple[int, ...]
    begin: int  # bytes from where the numbers start
    end: int


def read_front(path: Path, file: BinaryIO, size: int) -> tuple[dict[str, Any], dict[str, Any], int]:
    """The metadata, the table of tensors and where the numbers begin; nothing but the header is read.

    Raises:
        ValueError: in one sentence.
    """
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
    return metadata if isinstance(metadata, dict) else {}, table, 8 + length


def entries_of(
    path: Path, table: dict[str, Any], available: int, is_known: Callable[[str], bool] = lambda name: True
) -> dict[str, Entry]:
    """The tensors of a table, which fill the `available` bytes.

    Args:
        is_known: Whether a tensor may have this name.

    Raises:
        ValueError: in one sentence.
    """
    entries = {name: _entry(path, name, entry, is_known) for name, entry in table.items()}
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


def _entry(path: Path, name: str, entry: Any, is_known: Callable[[str], bool]) -> Entry:
    damaged = f"{path.name} has a damaged header: {short(name)}"
    if not is_known(name):
        raise ValueError(f"{path.name} has an unknown tensor {short(name)}.")
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
    return Entry(dtype, tuple(shape), *offsets)


def _are_integers(values: Any, most: int) -> bool:
    return isinstance(values, list) and all(type(n) is int and 0 <= n <= most for n in values)


def read_tensors(path: Path, file: BinaryIO, start: int, entries: Iterable[tuple[str, Entry]]) -> dict[str, np.ndarray]:
    """The numbers of some tensors, read-only.

    Raises:
        ValueError: in one sentence, also where a number is not finite.
    """
    return {name: _read_tensor(path, file, start, name, entry) for name, entry in entries}


def _read_tensor(path: Path, file: BinaryIO, start: int, name: str, entry: Entry) -> np.ndarray:
    file.seek(start + entry.begin)
    data = file.read(entry.end - entry.begin)
    if len(data) != entry.end - entry.begin:
        raise ValueError(f"{path.name} is cut short; copy or download it again.")
    array = np.frombuffer(data, np.dtype(DTYPES[entry.dtype]).newbyteorder("<")).reshape(entry.shape)
    if not is_finite(array):
        raise ValueError(f"{path.name} has weights that are not finite numbers ({short(name)}).")
    return array


def is_finite(array: np.ndarray) -> bool:
    """Whether no number is infinite or none."""
    return array.dtype.kind != "f" or bool(np.isfinite(array).all())


def short(name: str) -> str:
    """A tensor's name in quotes, as long as it fits into a sentence."""
    return repr(name if len(name) <= 60 else name[:57] + "...")
