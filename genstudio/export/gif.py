"""Animated GIF, written frame by frame (GIF89a). Grey films are exact; colours are reduced to 256 in each frame."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from PIL import Image

from genstudio.api import Pictures

MAGIC = b"GIF8"
MAX_BLOCKS = 100_000
MAX_SIDE = 65_535
_GREYS = bytes(level for level in range(256) for _ in range(3))
_LOCAL_TABLE = 0x87  # 256 colours of its own
_XMP_TRAILER = b"\x01" + bytes(range(255, -1, -1)) + b"\0"  # lets a reader skip the packet as sub-blocks


def write(file: BinaryIO, frames: Iterable[Pictures], fps: float, comment: str, xmp: str) -> Iterator[int]:
    """Write frames (H, W, C) of one shape, yielding how many are done. Times are multiples of 10 ms, at least 20."""
    done = 0
    for done, frame in enumerate(frames, 1):
        height, width, channels = frame.shape
        if done == 1:
            file.write(b"GIF89a" + struct.pack("<HHBBB", width, height, 0x70, 0, 0))
            file.write(b"\x21\xff\x0bNETSCAPE2.0" + b"\x03\x01\0\0\0")  # endless loop
            file.write(b"\x21\xfe" + _sub_blocks(comment.encode("ascii")))
            file.write(b"\x21\xff\x0bXMP DataXMP" + xmp.encode() + _XMP_TRAILER)
        duration = max(2, round(done * 100 / fps) - round((done - 1) * 100 / fps))
        file.write(b"\x21\xf9\x04\x04" + struct.pack("<HBB", duration, 0, 0))
        picture = Image.fromarray(frame[:, :, 0] if channels == 1 else frame)
        if channels == 3:
            picture = picture.quantize(256, dither=Image.Dither.FLOYDSTEINBERG)
            table = bytes(picture.getpalette() or ()).ljust(768, b"\0")
        else:
            table = _GREYS
        indices = Image.frombytes("P", picture.size, picture.tobytes())
        indices.putpalette(_GREYS)
        file.write(b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, _LOCAL_TABLE) + table + _compressed(indices))
        yield done
    if done:
        file.write(b"\x3b")


def _sub_blocks(data: bytes) -> bytes:
    parts = [data[i : i + 255] for i in range(0, len(data), 255)]
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _compressed(picture: Image.Image) -> bytes:
    """The LZW part (code size and sub-blocks) of a picture with 256 palette entries."""
    whole = io.BytesIO()
    picture.save(whole, "GIF", optimize=False, interlace=0)
    whole.seek(0)
    for kind in _blocks(whole):
        if kind == 0x2C:
            _skip_descriptor(whole)
            return whole.read()[:-1]  # without the trailer
    raise AssertionError("a GIF without a picture")


def read_comment(file: BinaryIO, start: str, max_bytes: int) -> str | None:
    """The first comment that begins with `start`, or None.

    Raises:
        ValueError: if it is longer than `max_bytes` or not plain text.
    """
    for kind in _blocks(file):
        if kind == 0x21FE:
            comment = bytearray()
            while part := file.read((file.read(1) or b"\0")[0]):
                comment += part
                if len(comment) > max_bytes:
                    raise ValueError(f"its text has more than {max_bytes:,} bytes")
            if comment.startswith(start.encode()):
                return comment.decode("ascii")
        elif kind != 0x2C:
            _skip_sub_blocks(file)
        else:
            _skip_descriptor(file)
            file.read(1)
            _skip_sub_blocks(file)
    return None


def _blocks(file: BinaryIO) -> Iterator[int]:
    """The kind of each block (0x21FE a comment, 0x2C a picture), with the file behind its kind."""
    file.seek(10)
    flags = (file.read(1) or b"\0")[0]
    file.seek(13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0))
    for _ in range(MAX_BLOCKS):
        kind = file.read(1)
        if kind == b"\x21":
            kind += file.read(1)
        elif kind != b"\x2c":
            return
        yield int.from_bytes(kind, "big")


def _skip_descriptor(file: BinaryIO) -> None:
    descriptor = file.read(9)
    if len(descriptor) == 9 and descriptor[8] & 0x80:
        file.seek(3 << (descriptor[8] & 7) + 1, io.SEEK_CUR)


def _skip_sub_blocks(file: BinaryIO) -> None:
    while length := (file.read(1) or b"\0")[0]:
        file.seek(length, io.SEEK_CUR)
