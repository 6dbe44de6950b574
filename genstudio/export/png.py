"""PNG and animated PNG, written frame by frame and read chunk by chunk (W3C PNG, third edition)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import BinaryIO

import numpy as np

from genstudio.api import Pictures

MAGIC = b"\x89PNG\r\n\x1a\n"
XMP_KEYWORD = "XML:com.adobe.xmp"
MAX_CHUNKS = 100_000
MAX_SIDE = 2**31 - 1


def write(file: BinaryIO, frames: Iterable[Pictures], fps: float | None, texts: dict[str, str]) -> Iterator[int]:
    """Write frames (H, W, C) of one shape losslessly, yielding how many are done; fps None is a still picture."""
    delay = Fraction(1 / (fps or 1)).limit_denominator(65535)
    sequence = done = 0
    for done, frame in enumerate(frames, 1):
        height, width, channels = frame.shape
        if done == 1:
            file.write(MAGIC)
            _chunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2 if channels == 3 else 0, 0, 0, 0))
            for keyword, text in texts.items():
                _chunk(file, b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode())
            control_at = file.tell()
            if fps is not None:
                _chunk(file, b"acTL", bytes(8))  # the number of frames is filled in at the end
        if fps is not None:
            times = (delay.numerator, delay.denominator)
            _chunk(file, b"fcTL", struct.pack(">IIIIIHHBB", sequence, width, height, 0, 0, *times, 0, 0))
            sequence += 1
        data = zlib.compress(_filtered(frame), 6)
        if done == 1:
            _chunk(file, b"IDAT", data)
        else:
            _chunk(file, b"fdAT", struct.pack(">I", sequence) + data)
            sequence += 1
        yield done
    if done:
        _chunk(file, b"IEND", b"")
        if fps is not None:
            file.seek(control_at)
            _chunk(file, b"acTL", struct.pack(">II", done, 0))


def _chunk(file: BinaryIO, kind: bytes, data: bytes) -> None:
    file.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))


def _filtered(frame: Pictures) -> bytes:
    """Rows as differences to the row above, which are zero in enlarged pictures (filter type 2, "Up")."""
    rows = np.ascontiguousarray(frame).reshape(len(frame), -1)
    filtered = np.full((len(rows), rows.shape[1] + 1), 2, np.uint8)
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    return filtered.tobytes()


def read_text(file: BinaryIO, keyword: str, max_bytes: int) -> str | None:
    """The international text under a keyword, or None.

    Raises:
        ValueError: if it is longer than `max_bytes` or damaged.
    """
    start = keyword.encode("latin-1") + b"\0"
    for kind, length in _chunks(file):
        if kind != b"iTXt":
            continue
        head = file.read(min(length, len(start)))
        if head != start:
            continue
        if length > max_bytes:
            raise ValueError(f"its text has {length:,} bytes; at most {max_bytes:,} are read")
        rest = file.read(length - len(head))
        (checksum,) = struct.unpack(">I", file.read(4).ljust(4, b"\0"))
        if len(rest) < length - len(head) or zlib.crc32(kind + head + rest) != checksum:
            raise ValueError("its text is damaged")
        return _text(rest, max_bytes)
    return None


def _text(rest: bytes, max_bytes: int) -> str:
    """What follows the keyword: flag, method, language, translated keyword, text."""
    fields = rest[2:].split(b"\0", 2)
    if len(rest) < 2 or len(fields) < 3:
        raise ValueError("its text is damaged")
    data = fields[2]
    if rest[0]:  # an optimiser has compressed it
        inflate = zlib.decompressobj()
        try:
            data = inflate.decompress(data, max_bytes)
        except zlib.error:
            raise ValueError("its text is damaged") from None
        if not inflate.eof:
            raise ValueError(f"its text has more than {max_bytes:,} bytes or is cut short")
    return data.decode()


def is_film(file: BinaryIO) -> bool:
    """Whether it has an animation control chunk before its picture."""
    for kind, _ in _chunks(file):
        if kind in (b"acTL", b"IDAT"):
            return kind == b"acTL"
    return False


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Kind and length of each chunk, with the file at its data."""
    position = len(MAGIC)
    for _ in range(MAX_CHUNKS):
        file.seek(position)
        head = file.read(8)
        if len(head) < 8:
            return
        length, kind = struct.unpack(">I4s", head)
        yield kind, length
        position += 12 + length
