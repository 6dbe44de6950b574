"""Pictures and films as files, each with the receipt that makes it again. Numpy and Pillow only.

PNG, animated PNG and WebP are exact. GIF is exact for grey films only, MP4 never.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from genstudio.api import GridLayout, Pictures
from genstudio.export import gif, mp4, png, webp
from genstudio.export.grids import (
    BACKGROUND,
    LINE,
    MAX_PIXELS,
    cells_of,
    film_frames,
    grid,
    grid_like,
    rows_and_columns,
)
from genstudio.export.receipts import (
    FORMAT_VERSION,
    KEYWORD,
    MAX_FILE,
    layout_from,
    make_receipt,
    read_receipt,
    to_json,
    to_xmp,
)
from genstudio.files import atomic_write, check_regular

__all__ = [
    "BACKGROUND",
    "FILM_ENDINGS",
    "FORMAT_VERSION",
    "LINE",
    "cells_of",
    "check_film",
    "check_grid",
    "check_png",
    "film_frames",
    "grid",
    "grid_like",
    "is_film",
    "layout_from",
    "make_receipt",
    "read_picture",
    "read_receipt",
    "write_film",
    "write_png",
]

MAX_FPS = 240.0
READ_FORMATS = ("PNG", "WEBP", "GIF", "JPEG", "BMP")
_MAX_SIDE = {".png": png.MAX_SIDE, ".webp": webp.MAX_SIDE, ".gif": gif.MAX_SIDE, ".mp4": mp4.MAX_SIDE}
FILM_ENDINGS = tuple(_MAX_SIDE)


def check_png(path: Path) -> None:
    """Refuse another ending than that of a still picture.

    Raises:
        ValueError: naming the file.
    """
    if path.suffix.lower() != ".png":
        raise ValueError(f"A grid is written as .png, not as {path.name}.")


def check_grid(path: Path, count: int, height: int, width: int, layout: GridLayout) -> None:
    """Refuse a grid of `count` pictures that could not be written, before the pictures are made.

    Raises:
        ValueError: if the layout is impossible or the result too large for this kind of file.
    """
    rows, columns = rows_and_columns(count, height, width, layout)
    long = (max(rows * (height + layout.gap), columns * (width + layout.gap)) - layout.gap) * layout.scale
    _check_side(long, Path(path).suffix.lower())


def check_film(path: Path, fps: float) -> None:
    """Refuse a kind of film that cannot be written here, before its frames are made.

    Raises:
        ValueError: for an unknown ending, a wrong fps, or MP4 without its extra packages.
    """
    ending = Path(path).suffix.lower()
    if ending not in FILM_ENDINGS:
        raise ValueError(f"A film cannot be written as {path.name}; allowed endings: {', '.join(FILM_ENDINGS)}.")
    if not 0 < fps <= MAX_FPS:
        raise ValueError(f"fps is {fps:g}; allowed: above 0, up to {MAX_FPS:g}.")
    if ending == ".mp4":
        mp4.check_installed()


def write_png(path: Path, image: Pictures, receipt: dict[str, Any], *, is_generated: bool = True) -> None:
    """Write one picture (H, W, C) whole or not at all; the same picture and receipt give the same bytes.

    Args:
        is_generated: It is the work of a model, which the file says in the standard way.

    Raises:
        ValueError: if the path does not end in .png.
        OSError: if it cannot be written; an old file is whole.
    """
    path = Path(path)
    check_png(path)
    texts = {KEYWORD: to_json(receipt), png.XMP_KEYWORD: to_xmp(is_generated=is_generated)}
    with atomic_write(path) as file:
        for _ in png.write(file, [_checked(image, image.shape, ".png")], None, texts):
            pass


def write_film(
    path: Path, frames: Iterable[Pictures], fps: float, receipt: dict[str, Any], count: int
) -> Iterator[int]:
    """Write frames (H, W, C), yielding how many are done. The file appears after the last `next()`.

    Closing the iterator half way leaves no file, and an old file whole. The ending chooses the kind:
    .png (animated), .webp, .gif or .mp4.

    Args:
        count: How many frames there are.

    Raises:
        ValueError: for an unknown ending, no frames, a wrong fps or frames of different shapes.
        OSError: if it cannot be written.
    """
    path = Path(path)
    check_film(path, fps)
    if count < 1:
        raise ValueError("There are no frames to write.")
    ending = path.suffix.lower()
    return _write_film(path, ending, _alike(frames, ending, count), fps, to_json(receipt))


def _write_film(path: Path, ending: str, frames: Iterator[Pictures], fps: float, words: str) -> Iterator[int]:
    with atomic_write(path) as file:
        if ending == ".png":
            yield from png.write(file, frames, fps, {KEYWORD: words, png.XMP_KEYWORD: to_xmp()})
        elif ending == ".webp":
            yield from webp.write(file, frames, fps, to_xmp(words))
        elif ending == ".gif":
            yield from gif.write(file, frames, fps, KEYWORD + words, to_xmp())
        else:
            yield from mp4.write(file, frames, fps, to_xmp(words))


def _alike(frames: Iterable[Pictures], ending: str, count: int) -> Iterator[Pictures]:
    shape: tuple[int, ...] | None = None
    seen = 0
    for frame in frames:
        shape = shape or frame.shape
        yield _checked(frame, shape, ending)
        seen += 1
    if seen != count:
        raise ValueError(f"The film has {seen} frames, not the {count} that were announced.")


def _checked(frame: Pictures, shape: tuple[int, ...], ending: str) -> Pictures:
    if frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] not in (1, 3) or frame.shape != shape:
        raise ValueError(f"A frame is {frame.dtype} {frame.shape}; it must be uint8 (H, W, 1 or 3), all alike.")
    _check_side(max(frame.shape), ending)
    return frame


def _check_side(long: int, ending: str) -> None:
    if long > _MAX_SIDE[ending]:
        raise ValueError(f"The picture is {long:,} px long; {ending} files allow {_MAX_SIDE[ending]:,}.")


def is_film(path: Path) -> bool:
    """Whether a file that GenStudio can write moves; other files do not."""
    with Path(path).open("rb") as file:
        head = file.read(12)
        if head.startswith(png.MAGIC):
            return png.is_film(file)
        if head.startswith(webp.MAGIC):
            return webp.is_film(file)
        return head.startswith(gif.MAGIC) or head[4:8] == b"ftyp"


def read_picture(path: Path) -> Pictures:
    """The picture of a file, or the first of a film, (H, W, C); C is 1 if the file says that it is grey.

    Transparent parts become black.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no picture, damaged or too large. Its size is known before it is decoded.
    """
    path = Path(path)
    check_regular(path, MAX_FILE)
    too_large = f"{path.name} is too large a picture; at most {MAX_PIXELS:,} pixels are read."
    try:
        with _opened(path) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _TooLarge
            return _pixels(picture)
    except (_TooLarge, Image.DecompressionBombError):
        raise ValueError(too_large) from None
    except UnidentifiedImageError:
        raise ValueError(f"{path.name} is not a picture that can be read; {', '.join(READ_FORMATS)} can.") from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, ArithmeticError):
        raise ValueError(f"{path.name} is damaged; the picture cannot be read.") from None


class _TooLarge(Exception):
    """The header announces more pixels than are read."""


def _opened(path: Path) -> Image.Image:
    """The picture with its header read; Pillow's warning of many pixels is our refusal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(path, formats=READ_FORMATS)


def _pixels(picture: Image.Image) -> Pictures:
    picture.load()
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        black = Image.new("RGBA", picture.size, (0, 0, 0, 255))
        picture = Image.alpha_composite(black, picture).convert("RGB")
    elif picture.mode.startswith("I;16"):
        return (np.asarray(picture) >> 8).astype(np.uint8)[:, :, None]
    elif picture.mode in ("1", "L") or _is_grey_palette(picture):
        return np.array(picture.convert("L"))[:, :, None]
    return np.array(picture.convert("RGB"))


def _is_grey_palette(picture: Image.Image) -> bool:
    colours = (picture.getpalette() if picture.mode == "P" else None) or []
    return bool(colours) and colours[0::3] == colours[1::3] == colours[2::3]
