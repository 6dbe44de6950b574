"""Datasets: those of the registry, and pictures of a person's own from a folder or zip."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import numpy as np
import platformdirs

from genstudio.api import DatasetInfo, last_part
from genstudio.api.own_pictures import Taking, choices_of, name_of, named, path_of, taking_of
from genstudio.core.datasets import folder, inspection, kept
from genstudio.core.datasets.dataset import Dataset
from genstudio.core.datasets.inspection import Inspecting, Inspection
from genstudio.core.datasets.pictures import natural
from genstudio.core.datasets.registry import DATASETS, Entry, licence
from genstudio.core.datasets.remote import fetch, remote_files
from genstudio.errors import hint
from genstudio.settings.own_drawings import HOME
from genstudio.steps import finish

__all__ = [
    "DATASETS",
    "SIZES",
    "Dataset",
    "Entry",
    "Inspection",
    "default_data_dir",
    "download",
    "drawn",
    "find",
    "info",
    "infos",
    "inspecting",
    "licence",
    "load",
    "path_name",
    "reading",
]

SIZES = (28, 32)
DRAWN = "Pictures drawn by hand in this program."


def default_data_dir() -> Path:
    """The folder datasets live in: GENSTUDIO_DATA, else the user's data folder."""
    chosen = os.environ.get("GENSTUDIO_DATA")
    return Path(chosen).expanduser() if chosen else platformdirs.user_data_path("genstudio", False) / "datasets"


def load(
    name_or_path: str,
    data_dir: Path,
    train: bool = True,
    size: int | None = None,
    *,
    count: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Dataset:
    """All of `reading` at once.

    Args:
        progress: Called with (files read, files in all) while a folder is read; may raise to stop.
    """
    steps = reading(name_or_path, data_dir, train, size, count=count)
    return finish(steps, (lambda step: progress(*step)) if progress is not None else None)


def reading(
    name_or_path: str, data_dir: Path, train: bool = True, size: int | None = None, *, count: int | None = None
) -> folder.Reading[Dataset]:
    """A dataset by its name in the registry, or the pictures of a folder or zip, which take their time.

    A bare name of the registry is that dataset, also where a folder has the same name; ./mnist is the folder. After a
    folder or zip may stand how its pictures are taken: photos.zip#size=28,colour=grey, see api.own_pictures.

    Yields (files read, files in all) of a folder or zip, nothing of the others; closing it ends the reading.
    The zip that was read last is kept and not read again until it changes, what was drawn last is kept too;
    their arrays are read-only.

    Args:
        train: The pictures to learn from, or those held out.
        size: Height and width in px, 28 or 32; None is the set's own, or what a folder's name says (32 if it does not).
        count: Only the first so many; `strokes` and `shapes` have as many as asked for.

    Raises:
        FileNotFoundError: if it is not there, with what to do.
        ValueError: if its files are damaged, or `size` or `count` is not allowed.
    """
    if size is not None and size not in SIZES:
        raise ValueError(f"size is {size}; allowed: 28 or 32")
    if count is not None and count < 1:
        raise ValueError(f"count is {count}; it must be at least 1")
    entry = DATASETS.get(name_or_path)
    if entry is None:
        taking = taking_of(name_or_path)
        taking = taking if size is None else replace(taking, size=size)
        dataset = yield from _reading_pictures(_path(name_or_path), train, taking)
    else:
        _check_there(name_or_path, entry, data_dir)
        read = entry.load(data_dir, train, count)
        dataset = _fitted(replace(read, title=entry.title, note=entry.note), size or entry.size)
    return dataset if count is None else dataset.first(count)


def _reading_pictures(path: Path, train: bool, taking: Taking) -> folder.Reading[Dataset]:
    """A folder, or a zip unless it was the last one read."""
    key = kept.key_of(path, train, taking)
    dataset = kept.get(key)
    if dataset is None:
        dataset = yield from folder.reading(path, train, taking)
        _keep(key, path, train, taking, dataset)
    return replace(dataset, name=name_of(path_name(str(path)), taking))


def _keep(key: kept.Key | None, path: Path, train: bool, taking: Taking, dataset: Dataset) -> None:
    if key is not None and key == kept.key_of(path, train, taking):  # not changed meanwhile
        kept.keep(key, dataset)


def inspecting(name_or_path: str) -> Inspecting:
    """What is in a folder or zip, read as its name says; its training pictures are kept as `reading` keeps them.

    Yields (what is done, how far, of how much).

    Raises:
        FileNotFoundError, ValueError: as `reading` does, and for a dataset of the registry.
    """
    if name_or_path in DATASETS:
        raise ValueError(f"{DATASETS[name_or_path].title} is no folder or zip; there is nothing to look into.")
    taking, path = taking_of(name_or_path), _path(name_or_path)
    key = kept.key_of(path, True, taking)
    found = yield from inspection.inspecting(path, taking)
    _keep(key, path, True, taking, found.train)
    return replace(found, train=replace(found.train, name=name_of(path_name(str(path)), taking)))


def info(name_or_path: str, data_dir: Path) -> DatasetInfo:
    """What a picker says about a dataset, without reading it (of a folder: names and a few pictures).

    Raises:
        FileNotFoundError, ValueError: for a folder or zip, as `load` does.
    """
    entry = DATASETS.get(name_or_path)
    if entry is None:
        taking = taking_of(name_or_path)
        peeked = folder.peek(_path(name_or_path), taking)
        return replace(peeked, name=name_of(path_name(peeked.name), taking))
    return DatasetInfo(
        name=name_or_path,
        title=entry.title,
        channels=entry.channels,
        size=entry.size,
        classes=entry.classes,
        count=entry.count,
        available=entry.is_there(data_dir),
        download_mb=entry.download_mb,
        note=entry.note,
        factors=entry.factors,
    )


def infos(data_dir: Path) -> tuple[DatasetInfo, ...]:
    """All registered datasets, in the order of the registry."""
    return tuple(info(name, data_dir) for name in DATASETS)


def drawn(data_dir: Path) -> tuple[DatasetInfo, ...]:
    """The sets of drawings in the data folder by their paths, as far as they hold pictures."""
    found, home = [], data_dir.absolute() / HOME
    for path in sorted(home.iterdir(), key=lambda path: natural(path.name)) if home.is_dir() else ():
        with contextlib.suppress(OSError, ValueError):  # what is empty, or no folder, is no dataset
            found.append(replace(info(str(path), data_dir), title=path.name, note=DRAWN))
    return tuple(found)


def find(name: str, data_dir: Path) -> str:
    """A dataset by its name or path; a set of drawings also by its bare name, as files have it. "" if none is there."""
    if name in DATASETS or Path(path_of(name)).expanduser().exists():
        return name
    bare = path_of(name)
    path = data_dir.absolute() / HOME / bare
    return named(str(path), choices_of(name)) if last_part(bare) == bare and path.is_dir() else ""


def download(name: str, data_dir: Path) -> Generator[tuple[int, int], None, None]:
    """Fetches a dataset into the data folder and yields (bytes done, bytes in all).

    Closing the iterator cancels it and leaves no partial file.

    Raises:
        ConnectionError: if no mirror gives the file: one sentence with what to do.
        ValueError: if there is nothing to download under this name.
    """
    files = remote_files(name, data_dir)
    yield from fetch(DATASETS[name].title, data_dir, files)


def path_name(path: str) -> str:
    """A folder or zip as it is asked for again: ./mnist where the bare word would mean the registered dataset."""
    return f"./{path}" if path in DATASETS else path


def _path(name: str) -> Path:
    choices, name = choices_of(name), path_of(name)
    path = Path(name).expanduser()
    if not path.exists():
        if choices and name in DATASETS:
            raise ValueError(f"{DATASETS[name].title} is what it is; {choices} is for a folder or zip of pictures.")
        if "/" in name or os.sep in name:
            raise FileNotFoundError(f"There is no folder or zip {name}.")
        end = hint(path.name, DATASETS, f"known datasets: {', '.join(DATASETS)}")
        raise FileNotFoundError(f"There is no dataset, folder or zip {name!r}; {end}")
    return path


def _check_there(name: str, entry: Entry, data_dir: Path) -> None:
    if not entry.is_there(data_dir):
        raise FileNotFoundError(
            f"{entry.title} is not in {data_dir}; download it ({entry.download_mb} MB), "
            f"or choose the folder that has it with --data-dir or GENSTUDIO_DATA."
        )


def _fitted(dataset: Dataset, size: int) -> Dataset:
    """28 to 32 px by a margin of the background, 32 to 28 px by cutting the margin off."""
    margin = (size - dataset.size) // 2
    if margin > 0:
        edge = ((0, 0), (margin, margin), (margin, margin), (0, 0))
        return replace(dataset, images=np.pad(dataset.images, edge))
    if margin < 0:
        images = np.ascontiguousarray(dataset.images[:, -margin:margin, -margin:margin])
        return replace(dataset, images=images)
    return dataset
