"""Datasets: one literal registry, and pictures of a person's own from a folder or zip."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import platformdirs

from genstudio.api import DatasetInfo
from genstudio.core.datasets import idx
from genstudio.core.datasets.dataset import Dataset

__all__ = ["DATASETS", "Dataset", "Entry", "default_data_dir", "info", "infos", "load"]


@dataclass(frozen=True)
class Entry:
    """What is known about a dataset before it is read, and how to read it."""

    title: str
    channels: int
    size: int  # px
    classes: tuple[str, ...]
    count: int  # training pictures
    note: str
    load: Callable[[Path, bool], Dataset]  # (data_dir, train)
    is_there: Callable[[Path], bool]
    download_mb: int = 0  # 0: nothing to download


def _idx_entry(name: str, title: str, download_mb: int, note: str) -> Entry:
    load, is_there = partial(idx.load, name), partial(idx.is_there, name)
    return Entry(title, 1, 28, idx.CLASSES[name], 60_000, note, load, is_there, download_mb)


DATASETS: dict[str, Entry] = {
    "mnist": _idx_entry("mnist", "MNIST digits", 12, "Handwritten digits of 500 people."),
    "fashion-mnist": _idx_entry("fashion-mnist", "Fashion-MNIST", 31, "Clothes from a shop's catalogue."),
    "kmnist": _idx_entry("kmnist", "Kuzushiji-MNIST", 21, "Cursive Japanese characters from old books."),
}


def default_data_dir() -> Path:
    """The folder datasets live in: GENSTUDIO_DATA, else the user's data folder."""
    chosen = os.environ.get("GENSTUDIO_DATA")
    return Path(chosen).expanduser() if chosen else platformdirs.user_data_path("genstudio", False) / "datasets"


def load(name_or_path: str, data_dir: Path, train: bool = True, size: int | None = None) -> Dataset:
    """A dataset by its name in the registry, or the pictures of a folder or zip.

    Args:
        size: Height and width in px, 28 or 32; None is the set's own (32 for a folder).

    Raises:
        FileNotFoundError: if it is not there, with what to do.
        ValueError: if its files are damaged or `size` is not allowed.
    """
    entry = DATASETS.get(name_or_path)
    if entry is None:
        raise ValueError(f"There is no dataset {name_or_path!r}; known: {', '.join(DATASETS)}.")
    dataset = replace(entry.load(data_dir, train), title=entry.title, note=entry.note)
    return _resized(dataset, size or entry.size)


def info(name_or_path: str, data_dir: Path) -> DatasetInfo:
    """What a picker says about a dataset; nothing of a registered set is read for it."""
    e = DATASETS[name_or_path]
    there = e.is_there(data_dir)
    return DatasetInfo(name_or_path, e.title, e.channels, e.size, e.classes, e.count, there, e.download_mb, e.note)


def infos(data_dir: Path) -> tuple[DatasetInfo, ...]:
    """All registered datasets, in the order of the registry."""
    return tuple(info(name, data_dir) for name in DATASETS)


def _resized(dataset: Dataset, size: int) -> Dataset:
    """28 to 32 px by a margin of the background, 32 to 28 px by cutting the margin off."""
    if size not in (28, 32):
        raise ValueError(f"size is {size}; allowed: 28 or 32")
    margin = (size - dataset.size) // 2
    if margin > 0:
        edge = ((0, 0), (margin, margin), (margin, margin), (0, 0))
        return replace(dataset, images=np.pad(dataset.images, edge))
    if margin < 0:
        images = np.ascontiguousarray(dataset.images[:, -margin:margin, -margin:margin])
        return replace(dataset, images=images)
    return dataset
