"""MP4 through imageio and ffmpeg (the extra `video`). Small and widely played, but not exact."""

from __future__ import annotations

import shutil
import struct
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import numpy as np

from genstudio.api import Pictures

MAX_BOXES = 10_000
MAX_SIDE = 16_384
_XMP = UUID("be7acfcb-97a9-42e8-9c71-999491e3afac").bytes  # where XMP lives in ISO media files
_COMMENT = "comment=Made by a generative model with GenStudio"


def check_installed() -> None:
    """Whether MP4 can be written here.

    Raises:
        ValueError: if imageio with ffmpeg is not installed, saying what to do.
    """
    try:
        import imageio.v2  # noqa: F401
        import imageio_ffmpeg  # type: ignore[import-untyped, import-not-found, unused-ignore]  # noqa: F401
    except ImportError:
        raise ValueError(
            'MP4 needs imageio with ffmpeg: install "genstudio[video]", or export as .webp, .gif or .png.'
        ) from None


def write(file: BinaryIO, frames: Iterable[Pictures], fps: float, xmp: str) -> Iterator[int]:
    """Write frames (H, W, C) of one shape as H.264, yielding how many are done; odd sides get one more pixel.

    Raises:
        ValueError: if imageio with ffmpeg is not installed.
        OSError: if ffmpeg fails.
    """
    check_installed()
    import imageio.v2 as imageio

    with tempfile.TemporaryDirectory(prefix="genstudio-") as folder:
        path = Path(folder) / "film.mp4"
        options = ["-crf", "14", "-metadata", _COMMENT]
        writer: Any = imageio.get_writer(
            str(path), format="FFMPEG", fps=fps, codec="libx264", quality=None, pixelformat="yuv420p",
            macro_block_size=1, output_params=options, ffmpeg_log_level="error",
        )  # fmt: skip
        with writer:
            for done, frame in enumerate(frames, 1):
                height, width, _ = frame.shape
                even = np.pad(frame, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
                writer.append_data(np.broadcast_to(even, (*even.shape[:2], 3)))
                yield done
        with path.open("rb") as film:
            shutil.copyfileobj(film, file)
    packet = xmp.encode()
    file.write(struct.pack(">I4s", 24 + len(packet), b"uuid") + _XMP + packet)


def read_xmp(file: BinaryIO, max_bytes: int) -> str | None:
    """The XMP packet, or None.

    Raises:
        ValueError: if it is longer than `max_bytes` or cut short.
    """
    position = 0
    for _ in range(MAX_BOXES):
        file.seek(position)
        head = file.read(16)
        if len(head) < 8:
            return None
        length, kind = struct.unpack(">I4s", head[:8])
        if kind == b"uuid" and head[8:] + file.read(8) == _XMP:
            if length - 24 > max_bytes:
                raise ValueError(f"its text has {length - 24:,} bytes; at most {max_bytes:,} are read")
            data = file.read(length - 24)
            if len(data) < length - 24:
                raise ValueError("its text is cut short")
            return data.decode()
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack(">Q", head[8:])
        if length < 8:
            return None
        position += length
    return None
