"""Files written whole or not at all, and where the bundled folders are. Standard library only."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

DIFFUSERS_INDEX = "model_index.json"  # in the folder of a model as diffusers writes it
_PACKAGE = Path(__file__).parent


def _bundled(name: str) -> Path:
    inside = _PACKAGE / f"_{name}"  # in a wheel
    return inside if inside.is_dir() else _PACKAGE.parent / name  # in a checkout


def assets_dir() -> Path:
    """Icons and other pictures of the program."""
    return _bundled("assets")


def pretrained_dir() -> Path:
    """The models that travel with the program."""
    return _bundled("pretrained")


def is_diffusers_folder(path: Path) -> bool:
    """Whether a folder says that it is one of diffusers; what is in it may still be refused."""
    return (Path(path) / DIFFUSERS_INDEX).is_file()


def free_path(path: Path) -> Path:
    """The path, or the first of name-2, name-3 … beside it that no file has."""
    names = (f"{path.stem}-{number}{path.suffix}" for number in itertools.count(2))
    return next(place for place in itertools.chain([path], map(path.with_name, names)) if not place.exists())


@contextlib.contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """A binary file, also readable, that appears under `path` only when it is complete and on the disk.

    On an error, or when the process dies, the old file is whole and nothing else is left behind
    (a killed process may leave a hidden `.part` file). The target of a link is replaced, not the link.

    Raises:
        OSError: naming `path`, if the folder cannot be written or the disk is full.
    """
    given, path = Path(path), Path(path).resolve()
    part = path.with_name(f".{path.name[:40]}-{secrets.token_hex(6)}.part")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with part.open("x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            part.chmod(stat.S_IMODE(path.stat().st_mode))
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        if error.filename not in (None, str(part)) or error.errno is None:
            raise
        number = error.errno
        if number == errno.ENOENT and path.parent.is_dir():  # /proc says so, in which no file can be made
            number = errno.EROFS
        name = given.parent if number in (errno.ENOENT, errno.EROFS) else given
        raise OSError(number, os.strerror(number), str(name)) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def link_or_copy(source: Path, target: Path) -> None:
    """The same file under a second name, whole at once; a copy where the disk knows no links.

    When `source` is written again, `target` stays as it is.

    Raises:
        OSError: as `atomic_write`.
    """
    part = target.with_name(f".{target.name[:40]}-{secrets.token_hex(6)}.part")
    try:
        os.link(source, part)
        part.replace(target)
    except OSError:
        with source.open("rb") as whole, atomic_write(target) as file:
            shutil.copyfileobj(whole, file)
    finally:
        part.unlink(missing_ok=True)


class _Enough(Exception):
    """Nothing is to be written."""


def check_writable(path: Path) -> None:
    """Refuse a place where no file can be made, before the work that would fill it.

    Raises:
        OSError: as `atomic_write`.
    """
    with contextlib.suppress(_Enough), atomic_write(path):
        raise _Enough


def check_regular(path: Path, max_bytes: int) -> int:
    """The size of a regular file.

    Raises:
        FileNotFoundError: if there is none.
        ValueError: for a folder, a device or a file above `max_bytes`.
    """
    path = Path(path)
    try:
        status = path.stat()
    except FileNotFoundError:
        raise FileNotFoundError(f"There is no file {path}.") from None
    if not stat.S_ISREG(status.st_mode):
        raise ValueError(f"{path.name} is not a regular file.")
    if status.st_size > max_bytes:
        raise ValueError(
            f"{path.name} is {status.st_size / 2**20:,.0f} MB; at most {max_bytes / 2**20:,.0f} MB are read."
        )
    return status.st_size


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def taken(path: Path) -> ValueError:
    """Why nothing is written where something is already."""
    return ValueError(f"{path.name} is there already; choose another name.")
