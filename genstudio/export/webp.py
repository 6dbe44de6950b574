"""Lossless animated WebP: each frame is encoded on its own and put into one RIFF file (Google's container text)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import numpy as np
from PIL import Image

from genstudio.api import Pictures

MAGIC = b"RIFF"
MAX_CHUNKS = 100_000
MAX_SIDE = 16_383  # px, of a VP8L picture
_ANIMATED, _HAS_XMP, _DO_NOT_BLEND = 0x02, 0x04, 0x02


def write(file: BinaryIO, frames: Iterable[Pictures], fps: float, xmp: str) -> Iterator[int]:
    """Write frames (H, W, C) of one shape, yielding how many are done. Grey comes back as three equal channels."""
    done = 0
    for done, frame in enumerate(frames, 1):
        height, width, _ = frame.shape
        sides = _three_bytes(width - 1) + _three_bytes(height - 1)
        if done == 1:
            file.write(MAGIC + bytes(4) + b"WEBP")  # the size is filled in at the end
            _chunk(file, b"VP8X", bytes([_ANIMATED | _HAS_XMP, 0, 0, 0]) + sides)
            _chunk(file, b"ANIM", bytes(6))  # black behind, endless loop
        duration_ms = round(done * 1000 / fps) - round((done - 1) * 1000 / fps)
        picture = io.BytesIO()
        _chunk(picture, b"VP8L", _encoded(frame))
        head = bytes(6) + sides + _three_bytes(duration_ms) + bytes([_DO_NOT_BLEND])
        _chunk(file, b"ANMF", head + picture.getvalue())
        yield done
    if done:
        _chunk(file, b"XMP ", xmp.encode())
        size = file.tell() - 8
        file.seek(4)
        file.write(struct.pack("<I", size))


def _encoded(frame: Pictures) -> bytes:
    """The VP8L bitstream of one picture."""
    whole = io.BytesIO()
    rgb = np.broadcast_to(frame, (*frame.shape[:2], 3))
    Image.fromarray(np.ascontiguousarray(rgb)).save(whole, "WEBP", lossless=True, quality=40, method=2, exact=True)
    for kind, length in _chunks(whole):
        if kind == b"VP8L":
            return whole.read(length)
    raise AssertionError("lossless WebP without a VP8L chunk")


def _three_bytes(number: int) -> bytes:
    return number.to_bytes(3, "little")


def _chunk(file: BinaryIO, kind: bytes, data: bytes) -> None:
    file.write(kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2))


def read_xmp(file: BinaryIO, max_bytes: int) -> str | None:
    """The XMP packet, or None.

    Raises:
        ValueError: if it is longer than `max_bytes` or cut short.
    """
    for kind, length in _chunks(file):
        if kind == b"XMP ":
            if length > max_bytes:
                raise ValueError(f"its text has {length:,} bytes; at most {max_bytes:,} are read")
            data = file.read(length)
            if len(data) < length:
                raise ValueError("its text is cut short")
            return data.decode()
    return None


def is_film(file: BinaryIO) -> bool:
    """Whether its extended header says that it moves."""
    for kind, _ in _chunks(file):
        flags = file.read(1)
        return kind == b"VP8X" and bool(flags) and bool(flags[0] & _ANIMATED)
    return False


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Kind and length of each chunk, with the file at its data."""
    position = 12
    for _ in range(MAX_CHUNKS):
        file.seek(position)
        head = file.read(8)
        if len(head) < 8:
            return
        kind, length = struct.unpack("<4sI", head)
        yield kind, length
        position += 8 + length + length % 2
