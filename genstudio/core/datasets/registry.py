"""The registry: a literal line for each dataset that goes by a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from genstudio.core.datasets import cifar, idx, shapes, strokes
from genstudio.core.datasets.dataset import Dataset

OWN = "Drawn by this program: free under its MIT licence."
UNKNOWN = "Pictures of a person's own: GenStudio does not know under which licence they may be used."


@dataclass(frozen=True)
class Entry:
    """What is known about a dataset before it is read, and how to read it."""

    title: str
    channels: int
    size: int  # px
    classes: tuple[str, ...]
    count: int  # training pictures
    note: str
    load: Callable[[Path, bool, int | None], Dataset]  # (data_dir, train, count)
    is_there: Callable[[Path], bool]
    download_mb: int = 0  # 0: nothing to download
    factors: tuple[str, ...] = ()  # the numbers that pictures are drawn from
    licence: str = OWN  # of the pictures, a sentence


@lru_cache(maxsize=2)  # what one run needs: its training pictures, 60 MB at most, and its test pictures
def _drawn(load: Callable[[bool, int | None], Dataset], train: bool, count: int | None) -> Dataset:
    """A generated dataset, drawn once: the draw takes a second, and a run, its study and its judges each ask."""
    return load(train, count).locked()


def _generated(load: Callable[[bool, int | None], Dataset], data_dir: Path, train: bool, count: int | None) -> Dataset:
    return _drawn(load, train, count)


def _idx(name: str, data_dir: Path, train: bool, count: int | None) -> Dataset:
    return idx.load(name, data_dir, train)


def _cifar10(data_dir: Path, train: bool, count: int | None) -> Dataset:
    return cifar.load(data_dir, train)


def _always(data_dir: Path) -> bool:
    return True


def _idx_entry(name: str, title: str, download_mb: int, note: str, licence: str) -> Entry:
    there = partial(idx.is_there, name)
    load = partial(_idx, name)
    return Entry(title, 1, 28, idx.CLASSES[name], 60_000, note, load, there, download_mb, licence=licence)


DATASETS: dict[str, Entry] = {
    "strokes": Entry(
        *("Strokes", 1, 28, tuple("0123456789"), strokes.TRAIN_COUNT),
        *("Digits drawn by a model pen; nothing to download.", partial(_generated, strokes.load), _always),
        factors=strokes.FACTORS,
    ),
    "shapes": Entry(
        *("Shapes", 1, 32, shapes.CLASSES, shapes.TRAIN_COUNT),
        *(
            "Sprites of known scale, rotation and place; nothing to download.",
            partial(_generated, shapes.load),
            _always,
        ),
        factors=shapes.FACTORS,
    ),
    "mnist": _idx_entry(
        *("mnist", "MNIST", 12, "Digits written by 500 people."),
        "MNIST by LeCun, Cortes and Burges, commonly given as CC BY-SA 3.0.",
    ),
    "fashion-mnist": _idx_entry(
        *("fashion-mnist", "Fashion-MNIST", 31, "Clothes from a shop's catalogue."),
        "Fashion-MNIST by Zalando Research, MIT licence.",
    ),
    "kmnist": _idx_entry(
        *("kmnist", "Kuzushiji-MNIST", 21, "Cursive Japanese characters from old books."),
        "KMNIST by CODH, CC BY-SA 4.0.",
    ),
    "cifar10": Entry(
        *("CIFAR-10", 3, 32, cifar.CLASSES, 50_000),
        *("Small colour photographs of animals and vehicles.", _cifar10, cifar.is_there, 171),
        licence="CIFAR-10 by Krizhevsky, found on the web; its authors state no licence.",
    ),
}


def licence(name: str) -> str:
    """Under which licence the pictures of a dataset are, in a sentence."""
    return DATASETS[name].licence if name in DATASETS else UNKNOWN
