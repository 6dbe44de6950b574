"""CIFAR-10 from its Python batches, read without running anything a pickle could ask for."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from genstudio.core.datasets.dataset import Dataset

FOLDER = "cifar-10-batches-py"
TRAIN_FILES = tuple(f"data_batch_{k}" for k in range(1, 6))
TEST_FILES = ("test_batch",)
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
MAX_BYTES = 40 * 2**20  # a batch has 31 MB


def is_there(data_dir: Path) -> bool:
    """Whether all six batches are in the data folder."""
    return all((data_dir / FOLDER / file).is_file() for file in TRAIN_FILES + TEST_FILES)


def load(data_dir: Path, train: bool) -> Dataset:
    """The 50,000 training or 10,000 test pictures.

    Raises:
        FileNotFoundError: if a batch is missing, with the place it belongs to.
        ValueError: if a batch holds anything but pictures and labels.
    """
    batches = [read_batch(data_dir / FOLDER / file) for file in (TRAIN_FILES if train else TEST_FILES)]
    images = np.concatenate([batch[0] for batch in batches])
    return Dataset("cifar10", images, np.concatenate([batch[1] for batch in batches]), CLASSES)


def read_batch(path: Path) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Pictures (N, 32, 32, 3) and labels (N,) of one batch file.

    Raises:
        FileNotFoundError: if it is missing.
        ValueError: if it is too long, damaged, or a pickle of anything else.
    """
    if not path.is_file():
        where = f"{path.name} is not in {path.parent}"
        raise FileNotFoundError(f"{where}; download the dataset or unpack its archive there.")
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"{path} is longer than {MAX_BYTES // 2**20} MB, so it is not a batch of CIFAR-10.")
    try:
        batch = _Batch(io.BytesIO(data), encoding="latin1").load()
        planes = batch["data"].bytes_of((-1, 3, 32, 32))
        labels = np.array([_label(value) for value in batch["labels"]], dtype=np.int64)
        if len(labels) != len(planes) or not len(labels):
            raise ValueError("as many labels as pictures")
    except Exception as error:  # a damaged pickle raises almost anything
        raise ValueError(f"{path} is not a batch of CIFAR-10 or is damaged; download it again.") from error
    return np.ascontiguousarray(planes.transpose(0, 2, 3, 1)), labels  # (N, 32, 32, 3)


def _label(value: Any) -> int:
    if type(value) is not int or not 0 <= value < len(CLASSES):
        raise ValueError("a label")
    return value


class _Type:
    """Stands for numpy's dtype in a batch; only keeps what it was called with."""

    def __init__(self, code: str, *_: Any) -> None:
        self.code = code

    def __setstate__(self, state: Any) -> None:
        pass


class _Array:
    """Stands for numpy's ndarray in a batch; only keeps its state."""

    def __init__(self, *_: Any) -> None:
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state

    def bytes_of(self, shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
        """The array as uint8 of this shape; ValueError or TypeError if it is anything else."""
        _, _, kind, fortran_order, data = self.state
        if not isinstance(kind, _Type) or kind.code != "u1" or fortran_order:
            raise ValueError("not uint8")
        raw = data.encode("latin1") if isinstance(data, str) else data
        return np.frombuffer(raw, np.uint8).reshape(shape)


def _encode(text: str, encoding: str) -> bytes:
    """What Python 3 writes for bytes in an old protocol."""
    if encoding != "latin1":
        raise ValueError(encoding)
    return text.encode("latin1")


class _Batch(pickle.Unpickler):
    """An unpickler that can make dicts, lists, numbers, text and the stand-ins above, and nothing else."""

    ALLOWED: ClassVar[dict[tuple[str, str], Any]] = {
        ("numpy.core.multiarray", "_reconstruct"): _Array,
        ("numpy._core.multiarray", "_reconstruct"): _Array,
        ("numpy", "ndarray"): object,
        ("numpy", "dtype"): _Type,
        ("_codecs", "encode"): _encode,
    }

    def find_class(self, module: str, name: str) -> Any:
        """The stand-in for a name numpy's pickles use."""
        if (module, name) not in self.ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} is not allowed")
        return self.ALLOWED[module, name]
