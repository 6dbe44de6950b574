"""Fetching a dataset on request: from torchvision's mirrors, checked, unpacked, moved into place whole."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import os
import socket
import tarfile
import tempfile
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from genstudio.core.datasets import cifar, idx
from genstudio.errors import hint

TIMEOUT_S = 20.0  # of one connection attempt and of one read
CHUNK = 1 << 18  # bytes
MAX_UNPACKED = 256 * 2**20  # bytes of one unpacked file
BYTES = {  # of the packed files in torchvision's order, so that the total is known before the last begins
    "mnist": (9912422, 28881, 1648877, 4542),
    "fashion-mnist": (26421880, 29515, 4422102, 5148),
    "kmnist": (18165135, 29497, 3041136, 5120),
    "cifar10": (170498071,),
}
Progress = Iterator[tuple[int, int]]


@dataclass(frozen=True)
class RemoteFile:
    """A packed file, where it can be had, and what it becomes in `folder`.

    A .gz becomes the file of that name; of a .tar.gz only the members named in `members` are taken.
    """

    name: str
    urls: tuple[str, ...]
    md5: str
    bytes: int
    folder: Path
    members: tuple[str, ...] = ()

    def is_done(self) -> bool:
        """Whether everything it unpacks to is in place."""
        return all((self.folder / target).is_file() for target in self.targets())

    def targets(self) -> tuple[str, ...]:
        """File names it unpacks to."""
        return self.members or (self.name.removesuffix(".gz"),)


def remote_files(name: str, data_dir: Path) -> tuple[RemoteFile, ...]:
    """What has to be fetched for a dataset, from torchvision's own lists (imports torchvision).

    Raises:
        ValueError: if there is nothing to download under this name.
    """
    if name not in BYTES:
        end = hint(name, BYTES, f"what can: {', '.join(BYTES)}")
        raise ValueError(f"The dataset {name!r} cannot be downloaded; {end}")
    from torchvision import datasets as tv

    if name == "cifar10":
        source = tv.CIFAR10
        folder, members = data_dir / cifar.FOLDER, cifar.TRAIN_FILES + cifar.TEST_FILES
        return (RemoteFile(source.filename, (source.url,), source.tgz_md5, BYTES[name][0], folder, members),)
    sets: dict[str, Any] = {"mnist": tv.MNIST, "fashion-mnist": tv.FashionMNIST, "kmnist": tv.KMNIST}
    mirrors, resources = sets[name].mirrors, sets[name].resources
    return tuple(
        RemoteFile(file, tuple(mirror + file for mirror in mirrors), md5, size, idx.raw_folder(name, data_dir))
        for (file, md5), size in zip(resources, BYTES[name], strict=True)
    )


def fetch(name: str, data_dir: Path, files: Sequence[RemoteFile]) -> Progress:
    """Fetches what is missing, file by file, and yields (bytes done, bytes in all).

    Closing it, or any error, leaves no partial file; files already in place stay and are not fetched
    again.

    Raises:
        ConnectionError: if no mirror gives a whole, unaltered file: one sentence with what to do.
        OSError: if the data folder cannot be written.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    missing = [file for file in files if not file.is_done()]
    total, done = sum(file.bytes for file in missing), 0
    yield 0, total
    for file in missing:
        with tempfile.TemporaryDirectory(prefix=".download-", dir=data_dir) as folder:
            packed = Path(folder) / "packed"
            with closing(_fetch_one(name, file, packed, [other.name for other in missing])) as steps:
                for step in steps:
                    yield done + min(step, file.bytes), total
            done += file.bytes
            yield done, total
            with closing(_unpack(file, packed, Path(folder))) as unpacking:
                for _ in unpacking:
                    yield done, total
            file.folder.mkdir(parents=True, exist_ok=True)
            for target in file.targets():
                (Path(folder) / target).replace(file.folder / target)


def _fetch_one(name: str, file: RemoteFile, packed: Path, wanted: Sequence[str]) -> Generator[int, None, None]:
    """Tries the mirrors in turn; yields the bytes that have arrived."""
    reasons = []
    for url in file.urls:
        reason = yield from _stream(url, file, packed)
        if not reason:
            return
        reasons.append(f"{url.split('/')[2]}: {reason}")
    raise ConnectionError(
        f"{name} could not be downloaded; check the network and try again, "
        f"or get {', '.join(wanted)} elsewhere and {_by_hand(file, len(wanted))} ({'; '.join(reasons)})."
    )


def _by_hand(file: RemoteFile, count: int) -> str:
    if file.members:
        return f"unpack it so that {file.members[0]} lies in {file.folder}"
    return f"put {'it' if count == 1 else 'them'} into {file.folder}"


def _stream(url: str, file: RemoteFile, packed: Path) -> Generator[int, None, str]:
    """One attempt; returns why it failed, or "" if the file is whole."""
    digest, arrived = hashlib.md5(usedforsecurity=False), 0
    try:
        response = urllib.request.urlopen(url, timeout=TIMEOUT_S)
    except (OSError, http.client.HTTPException) as error:
        return _reason(error)
    with response, packed.open("wb") as out:
        while True:
            try:
                block = response.read1(CHUNK)
            except (OSError, http.client.HTTPException) as error:
                return _reason(error)
            if not block:
                break
            arrived += len(block)
            if arrived > file.bytes + CHUNK:
                return "the file is longer than it should be"
            digest.update(block)
            out.write(block)
            yield arrived
        expected = response.headers.get("Content-Length", "")
    if expected.isdigit() and arrived < int(expected):
        return f"the connection was lost after {arrived} of {expected} bytes"
    return "" if digest.hexdigest() == file.md5 else "the file is not the one expected (its md5 differs)"


def _reason(error: BaseException) -> str:
    cause = getattr(error, "reason", None) or error
    if isinstance(cause, socket.gaierror):
        return "its name cannot be looked up, so there may be no network"
    if isinstance(cause, TimeoutError):
        return f"no answer within {TIMEOUT_S:g} s"
    if isinstance(error, urllib.error.HTTPError):
        return f"the server refused with {error.code} {error.reason}"
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__


def _unpack(file: RemoteFile, packed: Path, folder: Path) -> Generator[None, None, None]:
    """Unpacks into `folder`; a yield per block, so that it can be cancelled."""
    if not file.members:
        with gzip.open(packed) as stream:
            yield from _copy(stream, folder / file.targets()[0])
        return
    wanted = set(file.members)
    with tarfile.open(packed, "r:gz") as archive:
        for member in archive:
            base = member.name.rsplit("/", 1)[-1]
            source = archive.extractfile(member) if member.isreg() and base in wanted else None
            if source is not None:
                wanted.remove(base)
                yield from _copy(source, folder / base)
    if wanted:
        raise ValueError(f"{file.name} lacks {', '.join(sorted(wanted))}; download it again.")


def _copy(source: IO[bytes] | gzip.GzipFile, target: Path) -> Generator[None, None, None]:
    written = 0
    with target.open("wb") as out:
        while block := source.read(CHUNK):
            written += len(block)
            if written > MAX_UNPACKED:
                raise ValueError(f"{target.name} unpacks to more than {MAX_UNPACKED // 2**20} MB; it was not kept.")
            out.write(block)
            yield
        _sync(out)


def _sync(out: BinaryIO) -> None:
    out.flush()
    os.fsync(out.fileno())
