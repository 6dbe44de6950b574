"""Folders as diffusers writes them: model_index.json, the network with its weights, the scheduler. Never pickle.

A folder from outside is read in this order: the index, the configurations, names, shapes and types of the weights, and
only then the numbers.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy

from genstudio.files import DIFFUSERS_INDEX, atomic_write, check_regular, is_diffusers_folder, taken
from genstudio.store.checkpoints import KEY
from genstudio.store.header import Header, header_from, header_to_json, parse_json
from genstudio.store.tensors import MAX_FILE, entries_of, read_front, read_tensors, short

PIPELINES = ("DDPMPipeline", "DDIMPipeline")
NETWORK = "UNet2DModel"
SCHEDULERS = ("DDPMScheduler", "DDIMScheduler")
WEIGHTS = "diffusion_pytorch_model"
VERSION = "0.32.0"  # of diffusers, whose layout this is
MAX_JSON = 2**20  # bytes
OLDER = {"query": "to_q", "key": "to_k", "value": "to_v", "proj_attn": "to_out.0"}  # what attention was called before
FLOATS = ("F16", "F32")


@dataclass(frozen=True)
class DiffusersFolder:
    """What a folder says of itself: the configurations, without the weights.

    Args:
        name: Of the folder.
        weights: The file of the network's tensors.
        note: What GenStudio wrote of the model, if it did.
    """

    name: str
    unet: dict[str, Any]
    scheduler: dict[str, Any]
    weights: Path
    note: Header | None = None


def open_folder(path: Path) -> DiffusersFolder:
    """A folder with a pipeline that can be played, as far as its index tells.

    Raises:
        FileNotFoundError, ValueError: in one sentence.
    """
    path = Path(path)
    name = path.resolve().name
    if not path.is_dir():
        raise FileNotFoundError(f"There is no folder {path}.")
    if not is_diffusers_folder(path):
        raise ValueError(f"The folder {name} is no diffusers folder: it has no {DIFFUSERS_INDEX}.")
    index = _read_json(path / DIFFUSERS_INDEX, name)
    pipeline = index.get("_class_name")
    if pipeline not in PIPELINES:
        raise ValueError(f"The folder {name} holds a {pipeline!s:.60}; {' and '.join(PIPELINES)} are played.")
    _check_part(name, index, "unet", (NETWORK,))
    _check_part(name, index, "scheduler", SCHEDULERS)
    unet, scheduler = (path / part if (path / part).is_dir() else path for part in ("unet", "scheduler"))
    weights = _weights_in(unet, name)
    return DiffusersFolder(
        name=name,
        unet=_read_config(unet / "config.json", name, (NETWORK,)),
        scheduler=_read_config(scheduler / "scheduler_config.json", name, SCHEDULERS),
        weights=weights,
        note=_note_of(weights),
    )


def _check_part(name: str, index: Mapping[str, Any], part: str, known: tuple[str, ...]) -> None:
    told = index.get(part)
    kind = told[1] if isinstance(told, list) and len(told) == 2 else None
    if kind not in known:
        raise ValueError(f"The folder {name} has the {part} {kind!s:.60}; read is {' or '.join(known)}.")


def _read_config(path: Path, name: str, known: tuple[str, ...]) -> dict[str, Any]:
    """A configuration without what it says of itself."""
    config = _read_json(path, name)
    kind = config.get("_class_name")
    if kind not in known:
        raise ValueError(f"The folder {name} has the configuration of a {kind!s:.60}; read is {' or '.join(known)}.")
    return {key: value for key, value in config.items() if not key.startswith("_")}


def _read_json(path: Path, name: str) -> dict[str, Any]:
    if not path.exists():
        raise FileNotFoundError(f"The folder {name} lacks {_inside(path, name)}.")
    check_regular(path, MAX_JSON)
    try:
        values = parse_json(path.read_bytes())
    except ValueError:
        raise ValueError(f"{_inside(path, name)} of {name} is damaged: it is no JSON.") from None
    if not isinstance(values, dict):
        raise ValueError(f"{_inside(path, name)} of {name} is damaged: it is no JSON object.")
    return values


def _inside(path: Path, name: str) -> str:
    return path.name if path.resolve().parent.name == name else f"{path.parent.name}/{path.name}"


def _weights_in(folder: Path, name: str) -> Path:
    """The file of the weights.

    Raises:
        FileNotFoundError, ValueError: if there is none that is read.
    """
    for variant in ("", ".fp16"):
        path = folder / f"{WEIGHTS}{variant}.safetensors"
        if path.exists():
            return path
    if any(folder.glob(f"{WEIGHTS}*.index.json")):
        raise ValueError(f"The weights of {name} are in several files; only one .safetensors file is read.")
    if any(folder.glob("*.bin")) or any(folder.glob("*.pt*")):
        raise ValueError(f"The weights of {name} are a pickle, which may run code; only .safetensors is read.")
    raise FileNotFoundError(f"The folder {name} has no weights: there is no {WEIGHTS}.safetensors.")


def _note_of(path: Path) -> Header | None:
    size = check_regular(path, MAX_FILE)
    with path.open("rb") as file:
        metadata, _, _ = read_front(path, file, size)
    words = metadata.get(KEY)
    with contextlib.suppress(ValueError):
        return header_from(parse_json(words)) if isinstance(words, str) else None
    return None


def read_weights(folder: DiffusersFolder, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, np.ndarray]:
    """The tensors of the network, read-only, float16 or float32, by the names that diffusers gives them now.

    Raises:
        ValueError: in one sentence; nothing large has been allocated unless names and shapes are as asked for.
    """
    path, name = folder.weights, folder.name
    size = check_regular(path, MAX_FILE)
    with path.open("rb") as file:
        _, table, start = read_front(path, file, size)
        for entry in table.values():
            dtype = entry.get("dtype") if isinstance(entry, dict) else None
            if dtype not in FLOATS:
                raise ValueError(
                    f"The folder {name} has weights of the type {dtype!s:.20}; read are {' and '.join(FLOATS)}."
                )
        entries = {_newer(tensor): entry for tensor, entry in entries_of(path, table, size - start).items()}
        for tensor in sorted(shapes.keys() - entries.keys()):
            raise ValueError(f"The folder {name} lacks {short(tensor)}, which its configuration asks for.")
        for tensor in sorted(entries.keys() - shapes.keys()):
            raise ValueError(f"The folder {name} has a tensor {short(tensor)} that its configuration does not ask for.")
        for tensor, entry in entries.items():
            if entry.shape != tuple(shapes[tensor]):
                asked = tuple(shapes[tensor])
                raise ValueError(
                    f"The folder {name} has {short(tensor)} of shape {entry.shape}; its configuration asks for {asked}."
                )
        return read_tensors(path, file, start, entries.items())


def _newer(name: str) -> str:
    """What a tensor of attention is called now."""
    return re.sub(
        r"(attentions\.\d+\.)(query|key|value|proj_attn)\.", lambda m: f"{m.group(1)}{OLDER[m.group(2)]}.", name
    )


def write_folder(
    path: Path,
    unet: Mapping[str, Any],
    scheduler: Mapping[str, Any],
    tensors: Mapping[str, np.ndarray],
    note: Header,
    card: str,
) -> int:
    """Write a folder whole or not at all, and say how many bytes it has.

    Args:
        card: What README.md says of the model, for people.

    Raises:
        ValueError: if there is something at that place already, or a weight is not finite.
        OSError: if it cannot be written or the disk is full; nothing is left then.
    """
    path = Path(path)
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise taken(path)
    for name, array in tensors.items():
        if not np.isfinite(array).all():
            raise ValueError(f"{path.name} is not written: {short(name)} has numbers that are not finite.")
    index = {
        "_class_name": PIPELINES[0],
        "_diffusers_version": VERSION,
        "scheduler": ["diffusers", SCHEDULERS[0]],
        "unet": ["diffusers", NETWORK],
    }
    part = path.with_name(f".{path.name[:40]}-{secrets.token_hex(6)}.part")
    try:
        part.mkdir()
        for folder in ("unet", "scheduler"):
            (part / folder).mkdir()
        _write(part / DIFFUSERS_INDEX, _as_json(index))
        _write(part / "unet" / "config.json", _as_json({"_class_name": NETWORK, **unet}))
        _write(part / "scheduler" / "scheduler_config.json", _as_json({"_class_name": SCHEDULERS[0], **scheduler}))
        arrays = {name: np.asarray(tensors[name], order="C") for name in sorted(tensors)}
        words = {"format": "pt", KEY: header_to_json(note)}
        _write(part / "unet" / f"{WEIGHTS}.safetensors", safetensors.numpy.save(arrays, words))
        _write(part / "README.md", card.encode())
        size = sum(file.stat().st_size for file in part.rglob("*") if file.is_file())
        if path.is_dir():
            path.rmdir()
        part.rename(path)
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return size


def _as_json(values: Mapping[str, Any]) -> bytes:
    told = {"_diffusers_version": VERSION, **values}
    return (json.dumps(told, indent=2, sort_keys=True) + "\n").encode()


def _write(path: Path, data: bytes) -> None:
    with atomic_write(path) as file:
        file.write(data)
