"""A dataset from a folder or zip of pictures of any size, whose subfolders may be its classes."""

from __future__ import annotations

import io
import os
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image

from genstudio.api import DatasetInfo, Pictures
from genstudio.core.datasets.dataset import Dataset
from genstudio.core.datasets.pictures import Source, natural, open_source
from genstudio.errors import counted
from genstudio.steps import finish

SIZE = 32
MAX_PICTURES = 100_000
MAX_PIXELS = 80_000_000  # of one picture
MAX_TOTAL_BYTES = 8 * 2**30  # of all files, unpacked
MAX_CLASSES = 1000
HELD_OUT = 10  # every tenth picture is for testing
SPLITS = {"train": True, "training": True, "test": False, "val": False, "valid": False, "validation": False}
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
TURNS = {  # EXIF's orientation -> how to set the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
BATCH, THREADS = 64, 4
PEEK = 16
Result = TypeVar("Result")
Reading = Generator[tuple[int, int], None, Result]  # yields (files read, files in all)


@dataclass(frozen=True)
class Listing:
    """The picture files of a folder or zip in their order, before any is opened."""

    names: tuple[str, ...]
    classes: tuple[str, ...]
    labels: tuple[int, ...]  # one per name
    train: tuple[bool, ...]  # one per name: to train or held out
    skipped: tuple[str, ...]


def load(path: Path, train: bool = True, size: int = SIZE) -> Dataset:
    """All of `reading` at once."""
    return finish(reading(path, train, size))


def reading(path: Path, train: bool = True, size: int = SIZE) -> Reading[Dataset]:
    """The pictures of a folder or zip, centre-cropped to squares and resized; closing it ends the reading.

    Two or more subfolders are the classes (a single folder around everything is ignored, and so is a
    first level called train and test, which then decides what is held out). Otherwise every tenth
    picture is held out; with fewer than ten, both parts are all of them. Grey if every picture is.

    Raises:
        FileNotFoundError: if the path does not exist.
        ValueError: if there is no readable picture, with the reason.
    """
    with open_source(path) as source:
        listing = list_pictures(source, path)
        chosen = [k for k, mine in enumerate(listing.train) if mine == train]
        if not chosen:
            chosen = list(range(len(listing.names)))
        held_out = len(listing.names) - len(chosen) if train else 0
        names = [listing.names[k] for k in chosen]
        images, readable, skipped = yield from _read_all(source, names, size)
    if not readable:
        if len(names) == 1:
            raise ValueError(f"The only picture in {path} cannot be read: {skipped[0]}.")
        raise ValueError(f"None of the {len(names)} pictures in {path} can be read; the first: {skipped[0]}.")
    labels = np.array([listing.labels[chosen[k]] for k in readable], dtype=np.int64)
    everything = listing.skipped + tuple(skipped)
    note = f"{counted(len(everything), 'file')} could not be used." if everything else ""
    return Dataset(
        *(str(path), _grey(images), labels, listing.classes, everything),
        title=path.stem,
        note=note,
        held_out=held_out,
    )


def peek(path: Path, size: int = SIZE) -> DatasetInfo:
    """Facts from the file names and 16 of the pictures; `load` has the exact count and channels.

    Raises:
        FileNotFoundError, ValueError: as `load` does.
    """
    with open_source(path) as source:
        listing = list_pictures(source, path)
        some = np.unique(np.linspace(0, len(listing.names) - 1, PEEK).astype(int))
        images, _, _ = finish(_read_all(source, [listing.names[k] for k in some], size))
    channels = _grey(images).shape[3]
    count = sum(listing.train)
    return DatasetInfo(
        name=str(path),
        title=path.stem,
        channels=channels,
        size=size,
        classes=listing.classes,
        count=count,
        available=True,
        held_out=len(listing.train) - count,
    )


def list_pictures(source: Source, path: Path) -> Listing:
    """Names in natural order with classes and parts.

    Raises:
        ValueError: if there is no picture file at all.
    """
    names = sorted(source.names(), key=lambda name: ([natural(part) for part in name.split("/")], name))
    if not names:
        raise ValueError(f"There is no picture in {path}; it should hold PNG, JPEG, BMP, GIF, WebP, TIFF or PPM files.")
    skipped = []
    if len(names) > MAX_PICTURES:
        skipped = [f"{len(names) - MAX_PICTURES} more pictures: only {MAX_PICTURES:,} are read"]
        step = len(names) / MAX_PICTURES  # thinned evenly, so that every class keeps its share
        names = [names[int(k * step)] for k in range(MAX_PICTURES)]
    folders = _below_common([PurePosixPath(name).parts[:-1] for name in names])
    parts = [SPLITS.get(folder[0].lower()) if folder else None for folder in folders]
    if None in parts or not (True in parts and False in parts):
        every = len(names) >= HELD_OUT
        train = [not (every and k % HELD_OUT == HELD_OUT - 1) for k in range(len(names))]
    else:
        train = [bool(part) for part in parts]
        folders = [folder[1:] for folder in folders]
    tops = [folder[0] if folder else "" for folder in folders]
    classes = sorted(set(tops) - {""}, key=natural)
    inside = sum(top != "" for top in tops)
    if not 2 <= len(classes) <= MAX_CLASSES or 2 * inside < len(names):
        return Listing(tuple(names), (), (0,) * len(names), tuple(train), tuple(skipped))
    keep = [k for k, top in enumerate(tops) if top]
    skipped += [f"{names[k]}: outside the class folders" for k, top in enumerate(tops) if not top]
    number = {name: k for k, name in enumerate(classes)}
    labels = tuple(number[tops[k]] for k in keep)
    return Listing(tuple(names[k] for k in keep), tuple(classes), labels, tuple(train[k] for k in keep), tuple(skipped))


def _below_common(folders: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    first, last, common = min(folders), max(folders), 0
    while common < min(len(first), len(last)) and first[common] == last[common]:
        common += 1
    return [folder[common:] for folder in folders]


def _read_all(source: Source, names: list[str], size: int) -> Reading[tuple[Pictures, list[int], list[str]]]:
    """Pictures (n, size, size, 3) of the readable files, their places in `names`, and the others' reasons."""
    images = np.empty((len(names), size, size, 3), dtype=np.uint8)
    readable: list[int] = []
    skipped: list[str] = []
    total = 0

    def read(name: str) -> tuple[int, npt.NDArray[np.uint8] | str]:
        data = b""
        try:
            data = source.read(name)
            return len(data), square(data, size)
        except Exception as error:  # on a broken file Pillow and zipfile raise almost anything
            return len(data), _why(error)

    with ThreadPoolExecutor(min(os.cpu_count() or 1, THREADS)) as pool:
        for first in range(0, len(names), BATCH):
            yield first, len(names)
            for k, (read_bytes, result) in enumerate(pool.map(read, names[first : first + BATCH]), first):
                total += read_bytes
                if isinstance(result, str):
                    skipped.append(f"{names[k]}: {result}")
                else:
                    images[len(readable)] = result
                    readable.append(k)
            if total > MAX_TOTAL_BYTES:
                skipped.append(f"the files after {names[min(first + BATCH, len(names)) - 1]}: too much data in all")
                break
    yield len(names), len(names)
    return images[: len(readable)], readable, skipped


def square(data: bytes, size: int) -> npt.NDArray[np.uint8]:
    """The middle square of an encoded picture, (size, size, 3); transparency becomes white.

    Raises:
        ValueError: if it has more than 80 million pixels; Pillow's own errors if it is broken.
    """
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        width, height = opened.size
        if width * height > MAX_PIXELS:
            raise ValueError(f"the picture is too large ({width} x {height})")
        opened.draft("RGB", (2 * size, 2 * size))  # a JPEG is decoded at an eighth of its size if that is enough
        picture = _plain(opened)
        photo = opened.format in ("JPEG", "MPO", "TIFF", "WEBP")
        turn = TURNS.get(opened.getexif().get(ExifTags.Base.Orientation, 1)) if photo else None
    width, height = picture.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    if (width, height) != (size, size):
        box = (left, top, left + side, top + side)
        picture = picture.crop(box).resize((size, size), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if turn is not None:
        picture = picture.transpose(turn)
    return np.asarray(picture.convert("RGB"))


def _plain(image: Image.Image) -> Image.Image:
    """The picture as L or RGB."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        values = np.asarray(image, dtype=np.float64)
        top = 65535.0 if image.mode == "I" and values.max() > 255 else 255.0 if values.max() > 1 else 1.0
        return Image.fromarray(np.clip(np.nan_to_num(values) * 255 / top, 0, 255).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _grey(images: Pictures) -> Pictures:
    """(N, H, W, 1) if no picture has a colour, else as given."""
    for first in range(0, len(images), 1024):
        red, green, blue = np.moveaxis(images[first : first + 1024], -1, 0)
        if not (np.array_equal(red, green) and np.array_equal(red, blue)):
            return images
    return np.ascontiguousarray(images[..., :1])


def _why(error: Exception) -> str:
    if type(error) is ValueError and str(error):
        return str(error).rstrip(".")
    if isinstance(error, Image.DecompressionBombError):
        return "the picture is too large"
    return "not a picture that can be read"
