"""MNIST and its relatives, read straight from their idx files (torchvision's folder layout)."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import numpy.typing as npt

from genstudio.core.datasets.dataset import Dataset

FOLDERS = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST", "kmnist": "KMNIST"}
CLASSES: dict[str, tuple[str, ...]] = {
    "mnist": tuple("0123456789"),
    "fashion-mnist": (
        *("T-shirt", "trousers", "pullover", "dress", "coat"),
        *("sandal", "shirt", "sneaker", "bag", "ankle boot"),
    ),
    "kmnist": ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
}
MAX_BYTES = 64 * 2**20  # the largest of these files has 47 MB


def raw_folder(name: str, data_dir: Path) -> Path:
    """Where the idx files of a set lie."""
    return data_dir / FOLDERS[name] / "raw"


def file_names(train: bool) -> tuple[str, str]:
    """File names of the pictures and of the labels."""
    part = "train" if train else "t10k"
    return f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"


def is_there(name: str, data_dir: Path) -> bool:
    """Whether both parts of the set are in the data folder, unpacked or as .gz."""
    folder = raw_folder(name, data_dir)
    return all(_find(folder, file) is not None for train in (True, False) for file in file_names(train))


def load(name: str, data_dir: Path, train: bool) -> Dataset:
    """The training or test part of `mnist`, `fashion-mnist` or `kmnist`.

    Raises:
        FileNotFoundError: if a file is missing, with the place it belongs to.
        ValueError: if a file is not an idx file of the right shape.
    """
    folder = raw_folder(name, data_dir)
    images, labels = (read_idx(_existing(folder, file)) for file in file_names(train))
    if images.ndim != 3 or images.shape[1:] != (28, 28) or labels.shape != images.shape[:1] or not len(images):
        raise ValueError(f"The files in {folder} are not pictures of 28x28 with one label each; download {name} again.")
    if labels.max() >= len(CLASSES[name]):
        raise ValueError(f"A label in {folder} is {labels.max()}, but {name} has {len(CLASSES[name])} classes.")
    return Dataset(name, images[..., None], labels.astype(np.int64), CLASSES[name])


def read_idx(path: Path) -> npt.NDArray[np.uint8]:
    """The uint8 array of an idx file, gzipped if its name ends in .gz.

    Raises:
        ValueError: if the file is not idx, not uint8, truncated, or longer than 64 MB.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (EOFError, gzip.BadGzipFile) as error:
        raise ValueError(f"{path} is damaged; download it again.") from error
    if len(data) > MAX_BYTES:
        raise ValueError(f"{path} is longer than {MAX_BYTES // 2**20} MB, so it is not a file of this dataset.")
    ndim = data[3] if len(data) > 4 and data[:3] == b"\0\0\x08" else 0
    if not 1 <= ndim <= 4 or len(data) < 4 + 4 * ndim:
        raise ValueError(f"{path} is not an idx file of bytes; download it again.")
    shape = tuple(int(n) for n in np.frombuffer(data, ">u4", ndim, 4))
    if len(data) != 4 + 4 * ndim + int(np.prod(shape, dtype=np.float64)):
        raise ValueError(f"{path} is truncated or damaged; download it again.")
    return np.frombuffer(data, np.uint8, offset=4 + 4 * ndim).reshape(shape).copy()


def _find(folder: Path, file: str) -> Path | None:
    return next((path for path in (folder / file, folder / f"{file}.gz") if path.is_file()), None)


def _existing(folder: Path, file: str) -> Path:
    path = _find(folder, file)
    if path is None:
        raise FileNotFoundError(f"{file} is not in {folder}; download the dataset or put {file}.gz there.")
    return path
