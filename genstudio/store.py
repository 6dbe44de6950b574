"""Checkpoints: one .safetensors file with a JSON description in its header. Numpy only, never pickle.

A file from outside is read in this order: regular file and size, magic, header within its cap, schema,
names, shapes and types against what the settings ask for, and only then the numbers.
"""

from __future__ import annotations

import dataclasses
import json
import math
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import platformdirs
import safetensors.numpy

from genstudio import api
from genstudio.files import atomic_write, check_regular, pretrained_dir, sha256_of
from genstudio.settings import SETTINGS, DiffusionSettings, Settings, settings_from

__all__ = [
    "Header",
    "find_model",
    "list_models",
    "model_info",
    "models_dir",
    "pretrained_dir",
    "read_checkpoint",
    "read_header",
    "write_checkpoint",
]

FORMAT_VERSION = 1
KEY = "genstudio"  # of the JSON string in safetensors' own metadata
ENDING = ".safetensors"
MAX_FILE = 2 * 2**30  # bytes
MAX_HEADER = 2**20  # bytes
MAX_TENSORS = 10_000
DTYPES = {"F16": np.float16, "F32": np.float32, "I64": np.int64, "U8": np.uint8}

Expected = Callable[["Header"], Mapping[str, tuple[int, ...]]]


@dataclass(frozen=True)
class Header:
    """What a checkpoint says of itself."""

    family: str
    settings: Settings
    dataset: str
    channels: int
    size: int  # px
    classes: tuple[str, ...]
    iteration: int
    metrics: dict[str, float] = field(default_factory=dict)
    quality: dict[str, float] = field(default_factory=dict)
    reproduce: str = ""  # the command that makes it again
    training: bool = False  # has the trainer's state, so a run can go on
    format_version: int = FORMAT_VERSION


@dataclass(frozen=True)
class _Entry:
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


def write_checkpoint(path: Path, header: Header, tensors: Mapping[str, np.ndarray]) -> None:
    """Write a checkpoint whole or not at all.

    Raises:
        OSError: if the folder cannot be written or the disk is full; the old file is whole.
    """
    words = json.dumps(dataclasses.asdict(header), sort_keys=True)
    arrays = {name: np.asarray(tensors[name], order="C") for name in sorted(tensors)}
    with atomic_write(path) as file:
        file.write(safetensors.numpy.save(arrays, {KEY: words}))


def read_header(path: Path) -> Header:
    """The description alone, without the weights.

    Raises:
        FileNotFoundError, ValueError: in one sentence.
    """
    return _open(Path(path))[0]


def read_checkpoint(
    path: Path, expected: Expected, groups: Sequence[str] = ("model",)
) -> tuple[Header, dict[str, np.ndarray]]:
    """The description and the tensors of some groups (the part of a name before its first dot).

    Args:
        expected: Names and shapes of all tensors of these groups, from the header.

    Raises:
        FileNotFoundError, ValueError: in one sentence; nothing large has been allocated unless the
            names, shapes and types are all as expected.
    """
    path = Path(path)
    header, entries, start = _open(path)
    wanted = {name: entry for name, entry in entries.items() if name.partition(".")[0] in groups}
    if not wanted:
        lacks = "the training state, so the run cannot go on from it" if "train" in groups else "the weights of a model"
        raise ValueError(f"{path.name} does not contain {lacks}.")
    shapes = expected(header)
    for name in sorted(shapes.keys() ^ wanted.keys()):
        trouble = "lacks" if name in shapes else "has an unknown tensor"
        raise ValueError(f"{path.name} {trouble} {_short(name)}; it does not fit a {header.family} with its settings.")
    for name, entry in wanted.items():
        if entry.shape != tuple(shapes[name]):
            raise ValueError(
                f"{path.name} has {_short(name)} of shape {entry.shape}; its settings ask for {tuple(shapes[name])}."
            )
    tensors = {}
    with path.open("rb") as file:
        for name, entry in wanted.items():
            file.seek(start + entry.begin)
            data = file.read(entry.end - entry.begin)
            if len(data) != entry.end - entry.begin:
                raise ValueError(f"{path.name} is cut short; copy or download it again.")
            array = np.frombuffer(data, DTYPES[entry.dtype]).reshape(entry.shape)
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                raise ValueError(f"{path.name} has weights that are not finite numbers ({_short(name)}).")
            tensors[name] = array
    return header, tensors


def _open(path: Path) -> tuple[Header, dict[str, _Entry], int]:
    """Header, tensor entries and where the numbers begin; nothing but the header has been read."""
    size = check_regular(path, MAX_FILE)
    with path.open("rb") as file:
        first = file.read(9)
        if len(first) < 9 or first[8:9] != b"{":
            raise ValueError(f"{path.name} is not a safetensors file, the only kind of model file that is read.")
        (length,) = struct.unpack("<Q", first[:8])
        if length > MAX_HEADER:
            raise ValueError(f"{path.name} has a header of {length:,} bytes; at most {MAX_HEADER:,} are read.")
        if 8 + length > size:
            raise ValueError(f"{path.name} is cut short; copy or download it again.")
        text = first[8:] + file.read(length - 1)
    table = _json(path, text)
    if not isinstance(table, dict) or len(table) > MAX_TENSORS:
        raise ValueError(f"{path.name} has a damaged header.")
    metadata = table.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not isinstance(metadata.get(KEY), str):
        raise ValueError(f"{path.name} was not written by GenStudio; its header does not say what it is.")
    header = _header(path, _json(path, metadata[KEY].encode()))
    return header, _entries(path, table, size - 8 - length), 8 + length


def _json(path: Path, text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(f"{path.name} has a damaged header.") from None


def _header(path: Path, values: Any) -> Header:
    damaged = f"{path.name} has a damaged description"
    if not isinstance(values, dict):
        raise ValueError(f"{damaged}.")
    version = values.get("format_version")
    if version != FORMAT_VERSION:
        raise ValueError(
            f"{path.name} has format version {version!r:.20}; this GenStudio reads version {FORMAT_VERSION}."
        )
    hints = get_type_hints(Header)
    if set(values) != set(hints):
        raise ValueError(f"{damaged}: its fields are not those of version {FORMAT_VERSION}.")
    family = values["family"]
    if not isinstance(family, str) or family not in SETTINGS:
        raise ValueError(f"{path.name} holds an unknown family {family!r:.40}; known are {', '.join(SETTINGS)}.")
    if not isinstance(values["settings"], dict):
        raise ValueError(f"{damaged}: it has no settings.")
    try:
        settings = settings_from(SETTINGS[family], values["settings"])
    except ValueError as error:
        raise ValueError(f"{damaged}: {error}.") from None
    for name in ("dataset", "reproduce"):
        if not isinstance(values[name], str) or len(values[name]) > 4096:
            raise ValueError(f"{damaged}: its {name} is not a short text.")
    classes = values["classes"]
    if (
        not isinstance(classes, list)
        or len(classes) > 1000
        or not all(isinstance(c, str) and len(c) < 200 for c in classes)
    ):
        raise ValueError(f"{damaged}: its classes are not a list of names.")
    if values["channels"] not in (1, 3) or type(values["channels"]) is not int:
        raise ValueError(f"{damaged}: pictures have 1 or 3 channels, not {values['channels']!r:.20}.")
    if type(values["size"]) is not int or not (8 <= values["size"] <= 256 and values["size"] % 4 == 0):
        raise ValueError(f"{damaged}: a picture of {values['size']!r:.20} px is not possible.")
    if type(values["iteration"]) is not int or values["iteration"] < 0 or type(values["training"]) is not bool:
        raise ValueError(f"{damaged}: its iteration is not a number from 0.")
    for name in ("metrics", "quality"):
        if not _is_numbers(values[name]):
            raise ValueError(f"{damaged}: its {name} are not finite numbers.")
    return Header(**{**values, "settings": settings, "classes": tuple(classes)})


def _is_numbers(values: Any) -> bool:
    return (
        isinstance(values, dict)
        and len(values) <= 100
        and all(type(v) in (int, float) and math.isfinite(v) for v in values.values())
    )


def _entries(path: Path, table: dict[str, Any], available: int) -> dict[str, _Entry]:
    entries = {}
    for name, entry in table.items():
        entries[name] = _entry(path, name, entry)
    position = 0
    for entry in sorted(entries.values(), key=lambda e: (e.begin, e.end)):
        if entry.begin != position:
            raise ValueError(f"{path.name} has a damaged header: its tensors overlap or leave gaps.")
        position = entry.end
    if position != available:
        trouble = (
            "is cut short; copy or download it again" if position > available else "has bytes that belong to nothing"
        )
        raise ValueError(f"{path.name} {trouble}.")
    return entries


def _entry(path: Path, name: str, entry: Any) -> _Entry:
    damaged = f"{path.name} has a damaged header: {_short(name)}"
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise ValueError(f"{damaged} is not described as a tensor.")
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if dtype not in DTYPES:
        raise ValueError(f"{damaged} has the type {dtype!r:.20}; read are {', '.join(DTYPES)}.")
    if not (isinstance(shape, list) and len(shape) <= 8 and all(type(n) is int and 0 <= n <= 2**31 for n in shape)):
        raise ValueError(f"{damaged} has no sound shape.")
    if not (
        isinstance(offsets, list) and len(offsets) == 2 and all(type(n) is int and 0 <= n <= MAX_FILE for n in offsets)
    ):
        raise ValueError(f"{damaged} has no sound place in the file.")
    if offsets[1] - offsets[0] != math.prod(shape) * np.dtype(DTYPES[dtype]).itemsize:
        raise ValueError(f"{damaged} has another number of bytes than its shape asks for.")
    return _Entry(dtype, tuple(shape), *offsets)


def _short(name: str) -> str:
    return repr(name if len(name) <= 60 else name[:57] + "...")


def models_dir() -> Path:
    """The user's folder of saved models; it may not exist yet."""
    return Path(platformdirs.user_data_dir("genstudio", appauthor=False)) / "models"


def model_info(path: Path, pretrained: bool | None = None) -> api.ModelInfo:
    """What the catalog shows of a model file.

    Raises:
        FileNotFoundError, ValueError: in one sentence.
    """
    path = Path(path)
    header = read_header(path)
    bundled = path.resolve().parent == pretrained_dir().resolve() if pretrained is None else pretrained
    return api.ModelInfo(
        name=path.stem,
        family=header.family,
        path=str(path),
        dataset=header.dataset,
        channels=header.channels,
        size=header.size,
        classes=header.classes if isinstance(header.settings, DiffusionSettings) else (),
        settings=header.settings,
        iteration=header.iteration,
        sha256=sha256_of(path),
        bytes=path.stat().st_size,
        quality=header.quality,
        pretrained=bundled,
    )


def list_models(folders: Sequence[Path]) -> tuple[api.ModelInfo, ...]:
    """The sound model files of some folders, bundled ones first, by name; others are passed over."""
    found = []
    for folder in folders:
        for path in sorted(Path(folder).glob(f"*{ENDING}")):
            try:
                found.append(model_info(path))
            except (OSError, ValueError):
                continue
    return tuple(sorted(found, key=lambda m: (not m.pretrained, m.name)))


def find_model(name_or_path: str, folders: Sequence[Path] | None = None) -> Path:
    """The file of a model in the folders (bundled and the user's by default), or of a path.

    Raises:
        FileNotFoundError: naming the models there are.
    """
    folders = tuple(folders) if folders is not None else (pretrained_dir(), models_dir())
    if "\0" in name_or_path:
        raise ValueError("A model's name must not contain a null character.")
    is_path = name_or_path.endswith(ENDING) or "/" in name_or_path or "\\" in name_or_path
    if not is_path:
        for folder in folders:
            candidate = Path(folder) / f"{name_or_path}{ENDING}"
            if candidate.is_file():
                return candidate
    if is_path and Path(name_or_path).exists():
        return Path(name_or_path)
    names = sorted({path.stem for folder in folders for path in Path(folder).glob(f"*{ENDING}")})
    known = f"known are {', '.join(names)}" if names else "there are none yet"
    raise FileNotFoundError(f"There is no model {name_or_path!r}; {known}, or give the path of a {ENDING} file.")
