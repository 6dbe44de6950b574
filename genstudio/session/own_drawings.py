"""Drawings of a class as PNG files: train/<class>/0007.png in a folder of their own, an ordinary dataset."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from genstudio import api
from genstudio.core.datasets.pictures import natural
from genstudio.errors import sentence, whole
from genstudio.files import atomic_write
from genstudio.settings.own_drawings import MOST, SIDE, check_name

FILE = re.compile(r"([0-9]{4,6})\.png")


def draw(request: api.DrawingsRequest) -> api.DrawingsEvent:
    """Change the files of a folder as far as that is possible, and tell what is in it.

    Raises:
        OSError: if the folder cannot be read.
    """
    folder = Path(request.folder) / "train"
    refused, trouble = [], ""
    for drawing in request.changes:
        try:
            _change(folder, drawing)
        except (OSError, ValueError) as error:
            refused.append(drawing)
            trouble = trouble or whole(sentence(error))
    return api.DrawingsEvent(request, _read(folder), tuple(refused), trouble, _others(Path(request.folder)))


def _others(folder: Path) -> tuple[str, ...]:
    """The names of the sets beside a folder."""
    there = folder.parent.iterdir() if folder.parent.is_dir() else ()
    names = (path.name for path in there if path != folder and (path / "train").is_dir() and _is_name(path.name))
    return tuple(sorted(names, key=natural))


def _change(folder: Path, drawing: api.Drawing) -> None:
    """One drawing of a class of the folder that has all classes."""
    is_usual = _is_name(drawing.label)
    if not is_usual and drawing.label not in _parts(folder):  # one that is there already is called as it is
        if drawing.picture is None:
            return
        check_name(drawing.label, "A class")
    part = folder / drawing.label
    number = drawing.number if drawing.number >= 0 else 1 + max((number for number, _ in _files(part)), default=-1)
    path = part / f"{number:04}.png"
    if drawing.picture is not None:
        _write(path, drawing.picture)
        return
    path.unlink(missing_ok=True)
    if is_usual:  # others could not come again
        with contextlib.suppress(OSError):  # drawings are in it, or it never was
            part.rmdir()


def _is_name(label: str) -> bool:
    try:
        check_name(label, "A class")
    except ValueError:
        return False
    return True


def _parts(folder: Path) -> set[str]:
    """The names of the classes that are there."""
    return {path.name for path in folder.iterdir() if path.is_dir()} if folder.is_dir() else set()


def _write(path: Path, picture: api.Pictures) -> None:
    if not path.exists() and sum(1 for _ in path.parent.parent.glob("*/*.png")) >= MOST:
        raise ValueError(f"the set has {MOST:,} drawings already; begin another one")
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as file:
        Image.fromarray(picture[..., 0]).save(file, "PNG")


def _files(part: Path) -> list[tuple[int, Path]]:
    """The files of a class that are named as drawings, with their numbers; none if there is no such folder."""
    there = part.iterdir() if part.is_dir() else ()
    return sorted((int(match[1]), path) for path in there if (match := FILE.fullmatch(path.name)))


def _read(folder: Path) -> tuple[api.Drawing, ...]:
    """What can be read of it; other files are left alone."""
    found = []
    if not folder.is_dir():
        return ()
    for part in sorted((path for path in folder.iterdir() if path.is_dir()), key=lambda path: natural(path.name)):
        for number, path in _files(part)[:MOST]:
            with contextlib.suppress(OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError):
                with Image.open(path, formats=["PNG"]) as image:
                    grey = image.convert("L")
                small = grey if grey.size == (SIDE, SIDE) else grey.resize((SIDE, SIDE))
                found.append(api.Drawing(part.name, number, np.array(small)[..., None]))
    return tuple(found)
