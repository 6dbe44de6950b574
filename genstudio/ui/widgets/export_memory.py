"""What exports remember from one to the next."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths

FOLDER = "export/folder"


def folder() -> Path:
    """Where the last export was written, else the user's pictures."""
    last = str(QSettings().value(FOLDER) or "")
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return next((Path(place) for place in (last, pictures) if place and Path(place).is_dir()), Path.home())


def remember_folder(path: Path) -> None:
    """A file has been written here."""
    QSettings().setValue(FOLDER, str(path.parent))


def columns(kind: str, most: int) -> int:
    """The columns the user chose the last time for this kind of thing, 0 if those that suit it."""
    stored = str(QSettings().value(f"export/columns/{kind}", 0))
    return min(int(stored), most) if stored.isdecimal() else 0


def remember_columns(kind: str, chosen: int, usual: int) -> None:
    """What was chosen, unless it suits anyway."""
    if chosen == usual:
        QSettings().remove(f"export/columns/{kind}")
    else:
        QSettings().setValue(f"export/columns/{kind}", chosen)
