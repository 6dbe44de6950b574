"""Drawings of a class as PNG files: train/<class>/0007.png in a folder of their own, an ordinary dataset."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from genstudio import api
from genstudio.core.datasets.pictures import natural
from genstudio.files import atomic_write
from genstudio.settings.own_drawings import MOST, SIDE, check_name

FILE = re.compile(r"([0-9]{4,6})\.png")


def draw(request: api.DrawingsRequest) -> api.DrawingsEvent:
    """Change the files of a folder, and tell what is in it.

    Raises:
        ValueError: for a class that cannot be called so, or too many drawings.
        OSError: if the folder cannot be written.
    """
    folder = Path(request.folder) / "train"
    for drawing in request.changes:
        check_name(drawing.label, "A class")
    for drawing in request.changes:
        path = folder / drawing.label / f"{drawing.number:04}.png"
        if drawing.picture is None:
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # others are in it, or it never was
                path.parent.rmdir()
        else:
            _write(path, drawing.picture)
    return api.DrawingsEvent(request, _read(folder))


def _write(path: Path, picture: api.Pictures) -> None:
    if not path.exists() and sum(1 for _ in path.parent.parent.glob("*/*.png")) >= MOST:
        raise ValueError(f"the set has {MOST:,} drawings already; begin another one")
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as file:
        Image.fromarray(picture[..., 0]).save(file, "PNG")


def _read(folder: Path) -> tuple[api.Drawing, ...]:
    """What can be read of it; other files are left alone."""
    found = []
    if not folder.is_dir():
        return ()
    for part in sorted((path for path in folder.iterdir() if path.is_dir()), key=lambda path: natural(path.name)):
        files = [(int(match[1]), path) for path in part.iterdir() if (match := FILE.fullmatch(path.name))]
        for number, path in sorted(files)[:MOST]:
            with contextlib.suppress(OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError):
                with Image.open(path, formats=["PNG"]) as image:
                    small = (
                        image.convert("L").resize((SIDE, SIDE)) if image.size != (SIDE, SIDE) else image.convert("L")
                    )
                found.append(api.Drawing(part.name, number, np.array(small)[..., None]))
    return tuple(found)
