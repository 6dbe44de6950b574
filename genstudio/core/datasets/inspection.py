"""What is in a folder or zip: its pictures by class and part, what cannot be read, what is there twice."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt

from genstudio.api import Pictures, Twins
from genstudio.api.own_pictures import Taking
from genstudio.core.datasets import colours, folder, twins
from genstudio.core.datasets.dataset import Dataset
from genstudio.core.datasets.pictures import Source, is_picture, natural, open_source
from genstudio.steps import mapped

PER_CLASS, CLASSES_SHOWN, SHOWN = 12, 10, 48  # pictures of a first look; the last number without classes
Inspecting = Generator[tuple[str, int, int], None, "Inspection"]  # yields what is done, how far, of how much


@dataclass(frozen=True, eq=False)
class Inspection:
    """The pictures to learn from, and what is to be known of them and of the rest."""

    train: Dataset
    held_out: tuple[int, ...]  # pictures per class
    preview: Pictures
    labels: tuple[int, ...]  # of the preview
    unreadable: tuple[str, ...]
    others: tuple[str, ...]  # files that are no pictures
    empty: tuple[str, ...]  # folders without a picture
    sizes: tuple[tuple[int, int], ...]  # own width and height of the smallest and the largest, px
    has_parts: bool  # there are folders called train and test
    twins: Twins


def inspecting(path: Path, taking: Taking) -> Inspecting:
    """Read all pictures and compare them.

    Raises:
        FileNotFoundError, ValueError: as `folder.reading` does.
    """
    with open_source(path) as source:
        listing = folder.list_pictures(source, path, taking)
        others, empty = _rest(source)
        read = yield from mapped(folder.read_all(source, listing.names, taking), lambda step: ("Reading", *step))
    folder.check_read(read, listing.names, path)
    is_train, is_used = folder.rows_of(listing, read, taking)
    labels = np.array(listing.labels)[read.readable]
    train = folder.part_of(path, listing, read, taking, True)
    names = [listing.names[place] for place, used in zip(read.readable, is_used, strict=True) if used]
    images = read.images if is_used.all() else read.images[is_used]
    images = colours.taken(images, train.channels == 1)
    compared = twins.finding(images, labels[is_used].tolist(), is_train[is_used].tolist(), names)
    found = yield from mapped(compared, lambda step: ("Comparing", *step))
    held_out = np.bincount(labels[is_used & ~is_train], minlength=max(len(listing.classes), 1))
    rows = _shown(train)
    return Inspection(
        train=train,
        held_out=tuple(held_out.tolist()),
        preview=train.images[rows],
        labels=tuple(int(label) for label in train.labels[rows]),
        unreadable=listing.skipped + read.lines(),
        others=others,
        empty=empty,
        sizes=_ends(read.sizes),
        has_parts=listing.has_parts,
        twins=replace(found, left_out=int((~is_used).sum())),
    )


def _rest(source: Source) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The files that are no pictures, and the outermost folders without any picture."""
    files = list(source.files())
    others = sorted((name for name in files if not is_picture(name)), key=natural)
    full = {str(parent) for name in files if is_picture(name) for parent in PurePosixPath(name).parents}
    known = {str(parent) for name in files for parent in PurePosixPath(name).parents} | set(source.folders())
    bare = known - full - {"."}
    empty = sorted((name for name in bare if str(PurePosixPath(name).parent) not in bare), key=natural)
    return tuple(others), tuple(empty)


def _shown(dataset: Dataset) -> npt.NDArray[np.int64]:
    """The first few of each of the first classes, class by class; without classes some of all."""
    if not dataset.classes:
        return np.linspace(0, len(dataset) - 1, min(SHOWN, len(dataset))).round().astype(np.int64)
    labels = range(min(len(dataset.classes), CLASSES_SHOWN))
    return np.concatenate([np.flatnonzero(dataset.labels == label)[:PER_CLASS] for label in labels])


def _ends(sizes: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    by_area = sorted(set(sizes), key=lambda size: (size[0] * size[1], size))
    return tuple(by_area) if len(by_area) <= 1 else (by_area[0], by_area[-1])
