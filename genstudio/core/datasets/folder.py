"""A dataset from a folder or zip of pictures of any size, whose subfolders may be its classes."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from genstudio.api import DatasetInfo, Pictures
from genstudio.api.own_pictures import DEFAULT, Taking
from genstudio.core.datasets import colours, twins
from genstudio.core.datasets.dataset import Dataset
from genstudio.core.datasets.decoding import decoded
from genstudio.core.datasets.pictures import Source, natural, open_source
from genstudio.core.datasets.squares import Square, square
from genstudio.errors import counted
from genstudio.steps import finish, mapped

MAX_PICTURES = 100_000
MAX_CLASSES = 1000
SPLITS = {"train": True, "training": True, "test": False, "val": False, "valid": False, "validation": False}
PEEK = 16
Result = TypeVar("Result")
Reading = Generator[tuple[int, int], None, Result]  # yields (files read, files in all)


@dataclass(frozen=True)
class Listing:
    """The picture files of a folder or zip in their order, before any is opened."""

    names: tuple[str, ...]
    classes: tuple[str, ...]
    labels: tuple[int, ...]  # one per name
    train: tuple[bool, ...]  # one per name: to train or held out
    skipped: tuple[str, ...]
    has_parts: bool = False  # folders called train and test hold all pictures

    def part(self, train: bool) -> list[int]:
        """The places of what is to learn from, or held out; all where that is nothing."""
        return [k for k, mine in enumerate(self.train) if mine == train] or list(range(len(self.names)))


@dataclass
class Read:
    """What has been read of some files."""

    images: Pictures  # (n, size, size, 3), in their order
    readable: list[int] = field(default_factory=list)  # the place of each among the files
    skipped: list[tuple[int, str]] = field(default_factory=list)  # the places of the others, with name and reason
    sizes: list[tuple[int, int]] = field(default_factory=list)  # own width and height of each picture, px

    def lines(self) -> tuple[str, ...]:
        """What could not be read, and why."""
        return tuple(line for _, line in self.skipped)


def load(path: Path, train: bool = True, taking: Taking = DEFAULT) -> Dataset:
    """All of `reading` at once."""
    return finish(reading(path, train, taking))


def reading(path: Path, train: bool = True, taking: Taking = DEFAULT) -> Reading[Dataset]:
    """The pictures of a folder or zip, made squares of one size; closing it ends the reading.

    Two or more subfolders are the classes (a single folder around everything is ignored, and so is a
    first level called train and test, which then decides what is held out). Otherwise every tenth
    picture is held out; with fewer than ten, both parts are all of them. Grey if every picture of both
    parts is. `taking` says where it is to be otherwise.

    Raises:
        FileNotFoundError: if the path does not exist.
        ValueError: if there is no readable picture, with the reason.
    """
    with open_source(path) as source:
        listing = list_pictures(source, path, taking)
        chosen = listing.part(train) if taking.copies == "keep" else list(range(len(listing.names)))
        names = [listing.names[k] for k in chosen]
        read = yield from read_all(source, names, taking)
        check_read(read, names, path)
        if taking.copies == "once":
            return part_of(path, listing, read, taking, train)
        is_grey = colours.are_grey(read.images, taking)
        if is_grey and len(names) < len(listing.names):
            mine = set(names)
            others = [name for name in listing.names if name not in mine]
            looking = colours.others_are_grey(source, others, taking, names)
            is_grey = yield from mapped(looking, lambda step: (len(names) + step[0], len(names) + step[1]))
    held_out = len(listing.names) - len(chosen) if train else 0
    return assembled(path, listing, read, chosen, is_grey, held_out)


def part_of(path: Path, listing: Listing, read: Read, taking: Taking, train: bool) -> Dataset:
    """The dataset to learn from, or of what is held out, when all files have been read.

    Raises:
        ValueError: if nothing of it is left, with the reason.
    """
    is_train, is_used = rows_of(listing, read, taking)
    chosen = listing.part(train)
    mine = is_used & np.isin(read.readable, chosen)
    if not mine.any():
        if is_used.all():
            what = "to learn from" if train else "held out"
            raise ValueError(f"None of the pictures {what} in {path} can be read; the first: {read.lines()[0]}.")
        raise ValueError(f"Every picture to learn from in {path} is held out, too; keep copies, or hold out others.")
    number = {place: k for k, place in enumerate(chosen)}
    part = Read(
        read.images[mine],
        [number[place] for place, is_mine in zip(read.readable, mine, strict=True) if is_mine],
        [(place, line) for place, line in read.skipped if place in number],
    )
    held_out = len(listing.names) - len(chosen) if taking.copies == "keep" else int((is_used & ~is_train).sum())
    is_grey = colours.are_grey(read.images, taking)
    return assembled(path, listing, part, chosen, is_grey, held_out if train else 0)


def rows_of(listing: Listing, read: Read, taking: Taking) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which of the pictures that were read of all files are to learn from, and which of all are used."""
    is_train = np.isin(read.readable, listing.part(True))
    return is_train, twins.once(read.images, is_train) if taking.copies == "once" else np.ones(len(is_train), bool)


def check_read(read: Read, names: Sequence[str], path: Path) -> None:
    """Refuse files of which none is a picture.

    Raises:
        ValueError: with the reason.
    """
    if not read.readable:
        if len(names) == 1:
            raise ValueError(f"The only picture in {path} cannot be read: {read.lines()[0]}.")
        raise ValueError(f"None of the {len(names)} pictures in {path} can be read; the first: {read.lines()[0]}.")


def assembled(path: Path, listing: Listing, read: Read, chosen: list[int], is_grey: bool, held_out: int) -> Dataset:
    """The dataset of what was read of the chosen files."""
    labels = np.array([listing.labels[chosen[k]] for k in read.readable], dtype=np.int64)
    everything = listing.skipped + read.lines()
    note = f"{counted(len(everything), 'file')} could not be used." if everything else ""
    return Dataset(
        *(str(path), colours.taken(read.images, is_grey), labels, listing.classes, everything),
        title=path.stem,
        note=note,
        held_out=held_out,
    )


def peek(path: Path, taking: Taking = DEFAULT) -> DatasetInfo:
    """Facts from the file names and 16 of the pictures; `load` has the exact count and channels.

    Raises:
        FileNotFoundError, ValueError: as `load` does.
    """
    with open_source(path) as source:
        listing = list_pictures(source, path, taking)
        some = np.unique(np.linspace(0, len(listing.names) - 1, PEEK).astype(int))
        read = finish(read_all(source, [listing.names[k] for k in some], taking))
    count = len(listing.part(True))
    return DatasetInfo(
        name=str(path),
        title=path.stem,
        channels=1 if colours.are_grey(read.images, taking) else 3,
        size=taking.size,
        classes=listing.classes,
        count=count,
        available=True,
        held_out=len(listing.names) - count,
    )


def list_pictures(source: Source, path: Path, taking: Taking = DEFAULT) -> Listing:
    """Names in natural order with classes and parts.

    Raises:
        ValueError: if there is no picture file at all, or no folders decide what is held out although they are to.
    """
    names = sorted(source.names(), key=lambda name: ([natural(part) for part in name.split("/")], name))
    if not names:
        raise ValueError(f"There is no picture in {path}; it should hold PNG, JPEG, BMP, GIF, WebP, TIFF or PPM files.")
    skipped = []
    if len(names) > MAX_PICTURES:
        skipped = [f"{len(names) - MAX_PICTURES} more pictures: only {MAX_PICTURES:,} are read"]
        step = len(names) / MAX_PICTURES  # thinned evenly, so that every class keeps its share
        names = [names[int(k * step)] for k in range(MAX_PICTURES)]
    folders = _below_common([PurePosixPath(name).parts[:-1] for name in names])
    parts = [SPLITS.get(folder[0].lower()) if folder else None for folder in folders]
    has_parts = None not in parts and True in parts and False in parts
    if taking.test == "folders" and not has_parts:
        raise ValueError(f"{path} has no folders called train and test that hold all its pictures; choose a share.")
    if has_parts:
        folders = [folder[1:] for folder in folders]
    by_folder = has_parts and not taking.test.isdecimal()
    train = [bool(part) for part in parts] if by_folder else _spread(len(names), taking.percent)
    tops = [folder[0] if folder else "" for folder in folders]
    classes = sorted(set(tops) - {""}, key=natural)
    inside = sum(top != "" for top in tops)
    if not 2 <= len(classes) <= MAX_CLASSES or 2 * inside < len(names):
        return Listing(tuple(names), (), (0,) * len(names), tuple(train), tuple(skipped), has_parts)
    keep = [k for k, top in enumerate(tops) if top]
    skipped += [f"{names[k]}: outside the class folders" for k, top in enumerate(tops) if not top]
    number = {name: k for k, name in enumerate(classes)}
    labels = tuple(number[tops[k]] for k in keep)
    kept, parts_kept = tuple(names[k] for k in keep), tuple(train[k] for k in keep)
    return Listing(kept, tuple(classes), labels, parts_kept, tuple(skipped), has_parts)


def _spread(count: int, percent: int) -> list[bool]:
    """Which pictures are to learn from: so many of a hundred are held out, at even distances; 10 is every tenth."""
    return [(k + 1) * percent // 100 == k * percent // 100 for k in range(count)]


def _below_common(folders: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    first, last, common = min(folders), max(folders), 0
    while common < min(len(first), len(last)) and first[common] == last[common]:
        common += 1
    return [folder[common:] for folder in folders]


def read_all(source: Source, names: Sequence[str], taking: Taking) -> Reading[Read]:
    """The readable ones of these files."""
    found = Read(np.empty((len(names), taking.size, taking.size, 3), dtype=np.uint8))

    def decode(data: bytes) -> tuple[Square, tuple[int, int]]:
        return square(data, taking)

    done = 0
    yield done, len(names)
    with contextlib.closing(decoded(source, names, decode)) as batches:
        for batch in batches:
            for k, result in enumerate(batch, done):
                if isinstance(result, ValueError):
                    found.skipped.append((k, f"{names[k]}: {result}"))
                else:
                    found.images[len(found.readable)] = result[0]
                    found.sizes.append(result[1])
                    found.readable.append(k)
            done += len(batch)
            yield done, len(names)
    if done < len(names):
        found.skipped.append((done - 1, f"the files after {names[done - 1]}: too much data in all"))
    found.images = found.images[: len(found.readable)]
    return found
