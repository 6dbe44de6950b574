"""Where pictures of a person's own come from: the files of a folder or of a zip, never unpacked to disk."""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm"}
MAX_FILE_BYTES = 64 * 2**20
MAX_ZIP_DIRECTORY = 32 * 2**20  # about 300,000 entries
MAX_DEPTH = 16  # folders below the first


class Source(Protocol):
    """Files by their path inside the folder or zip; a context manager."""

    def files(self) -> Iterator[str]:
        """Paths with `/`, in no particular order; nothing that is hidden."""

    def folders(self) -> Iterator[str]:
        """The same of the folders, as far as they are known."""

    def names(self) -> Iterator[str]:
        """Those of the files that look like pictures."""

    def read(self, name: str) -> bytes:
        """The file's bytes; ValueError with the reason if it must not be read."""

    def facts(self, name: str) -> tuple[int, ...]:
        """Numbers of which one changes when the file does."""

    def __enter__(self) -> Source: ...

    def __exit__(self, *_: object) -> None: ...


class FolderSource:
    """A folder; links to other folders are not followed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def _walk(self) -> Iterator[tuple[Path, list[str], list[str]]]:
        for root, folders, files in os.walk(self.path):
            below = Path(root).relative_to(self.path)
            folders[:] = [f for f in folders if not f.startswith(".")] if len(below.parts) < MAX_DEPTH else []
            yield below, folders, files

    def files(self) -> Iterator[str]:
        """Paths of the files below the folder."""
        for below, _, files in self._walk():
            yield from ((below / file).as_posix() for file in files if not file.startswith("."))

    def folders(self) -> Iterator[str]:
        """Paths of the folders below it."""
        for below, folders, _ in self._walk():
            yield from ((below / folder).as_posix() for folder in folders)

    def names(self) -> Iterator[str]:
        """Paths of the picture files below the folder."""
        return filter(is_picture, self.files())

    def read(self, name: str) -> bytes:
        """The file's bytes."""
        path = self.path / name
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise ValueError("not a regular file")
        _check_size(facts.st_size)
        return path.read_bytes()

    def facts(self, name: str) -> tuple[int, ...]:
        """Which file it is, its bytes and when it was written (ns); nothing of one that is gone."""
        try:
            facts = (self.path / name).stat()
        except OSError:
            return ()
        return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns

    def __enter__(self) -> FolderSource:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class ZipSource:
    """A zip; its names are only names, nothing is ever written anywhere."""

    def __init__(self, path: Path) -> None:
        _check_directory(path)
        try:
            self.archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
            raise ValueError(f"{path} is a damaged zip.") from error

    def files(self) -> Iterator[str]:
        """Paths of the files inside, each once."""
        seen = set()
        for entry in self.archive.infolist():
            if not entry.is_dir() and _is_seen(entry.filename) and entry.filename not in seen:
                seen.add(entry.filename)
                yield entry.filename

    def folders(self) -> Iterator[str]:
        """Paths of the folders that are entries of their own, as an empty one always is."""
        for entry in self.archive.infolist():
            if entry.is_dir() and _is_seen(entry.filename):
                yield entry.filename.rstrip("/")

    def names(self) -> Iterator[str]:
        """Paths of the pictures inside."""
        return filter(is_picture, self.files())

    def read(self, name: str) -> bytes:
        """The entry's bytes, at most as many as its header says."""
        entry = self.archive.getinfo(name)
        _check_size(entry.file_size)
        if entry.flag_bits & 1:
            raise ValueError("locked with a password")
        with self.archive.open(entry) as file:
            data = file.read(MAX_FILE_BYTES + 1)
        _check_size(len(data))
        return data

    def facts(self, name: str) -> tuple[int, ...]:
        """Its bytes and their checksum."""
        entry = self.archive.getinfo(name)
        return entry.file_size, entry.CRC

    def __enter__(self) -> ZipSource:
        return self

    def __exit__(self, *_: object) -> None:
        self.archive.close()


def open_source(path: Path) -> Source:
    """The pictures of a folder or zip.

    Raises:
        FileNotFoundError: if nothing is there.
        ValueError: if it is something else, or a damaged or outsized zip.
    """
    if path.is_dir():
        return FolderSource(path)
    if not path.exists():
        raise FileNotFoundError(f"There is no folder or zip {path}.")
    if not path.is_file() or not zipfile.is_zipfile(path):
        if _begins_as_zip(path):
            why = "the end of the zip is missing"
            raise ValueError(f"{path.name} is damaged or cut short: {why}; copy or download it again.")
        raise ValueError(f"{path} is neither a folder nor a zip of pictures.")
    return ZipSource(path)


def _begins_as_zip(path: Path) -> bool:
    """Whether it has the beginning of a zip, with an entry or none."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) in (b"PK\3\4", b"PK\5\6")


def _is_seen(name: str) -> bool:
    """Whether no part of a path inside a zip is hidden."""
    return not any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(name).parts)


def is_picture(name: str) -> bool:
    """Whether a file name looks like a picture that can be read."""
    base = name.rsplit("/", 1)[-1]
    return not base.startswith(".") and Path(base).suffix.lower() in SUFFIXES


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sorting key by which 2 comes before 10."""
    words = re.findall(r"[0-9]+|[^0-9]+", name)
    return tuple((0, int(w), w) if w.isascii() and w.isdigit() and len(w) < 20 else (1, 0, w) for w in words)


def _check_size(size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise ValueError(f"the file is larger than {MAX_FILE_BYTES // 2**20} MB")


def _check_directory(path: Path) -> None:
    """Refuse a zip whose table of contents alone would fill the memory (APPNOTE.TXT 4.3.14, 4.3.16)."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 66_000, 0))
        tail = file.read(66_000)
    at, at64 = tail.rfind(b"PK\5\6"), tail.rfind(b"PK\6\6")
    size = struct.unpack_from("<I", tail, at + 12)[0] if 0 <= at <= len(tail) - 22 else 0
    if size == 0xFFFFFFFF and 0 <= at64 <= len(tail) - 56:
        size = struct.unpack_from("<Q", tail, at64 + 40)[0]
    if size > MAX_ZIP_DIRECTORY:
        raise ValueError(f"{path} lists more files than can be read; make several smaller zips.")
