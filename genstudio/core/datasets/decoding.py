"""Many files of a folder or zip, read and decoded on a few threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PIL import Image

from genstudio.core.datasets.pictures import Source

MAX_TOTAL_BYTES = 8 * 2**30  # of all files, unpacked
BATCH, THREADS = 64, 4
Decoded = TypeVar("Decoded")


def decoded(
    source: Source, names: Sequence[str], decode: Callable[[bytes], Decoded]
) -> Generator[list[Decoded | ValueError], None, None]:
    """What `decode` makes of the bytes of each file, batch by batch, or why it cannot.

    It ends before the last file once there have been more than `MAX_TOTAL_BYTES`.
    """
    total = 0

    def read(name: str) -> tuple[int, Decoded | ValueError]:
        data = b""
        try:
            data = source.read(name)
            return len(data), decode(data)
        except Exception as error:  # on a broken file Pillow and zipfile raise almost anything
            return len(data), ValueError(_why(error))

    with ThreadPoolExecutor(min(os.cpu_count() or 1, THREADS)) as pool:
        for first in range(0, len(names), BATCH):
            batch = list(pool.map(read, names[first : first + BATCH]))
            yield [found for _, found in batch]
            total += sum(read_bytes for read_bytes, _ in batch)
            if total > MAX_TOTAL_BYTES:
                return


def _why(error: Exception) -> str:
    if type(error) is ValueError and str(error):
        return str(error).rstrip(".")
    if isinstance(error, Image.DecompressionBombError):
        return "the picture is too large"
    return "not a picture that can be read"
