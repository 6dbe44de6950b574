"""Whether the pictures of folders and zips are still those that were read."""

from __future__ import annotations

from pathlib import Path

from genstudio.api.own_pictures import path_of
from genstudio.core import datasets
from genstudio.core.datasets.pictures import FolderSource

Facts = tuple[int, int, int]  # of a folder or file: which it is, when it was changed (ns), bytes
Stamp = tuple[Facts, ...]  # of a zip, or of a folder and all below it
GONE: Facts = (0, 0, 0)


class Stamps:
    """Knows the folders below those it was asked for, so that their files are listed only once. Lives on one thread."""

    def __init__(self) -> None:
        self._known: dict[Path, dict[Path, Facts]] = {}

    def of(self, name: str) -> Stamp:
        """Of a dataset: another one when pictures of its folder or zip came or went; () of one by its name.

        What comes into a folder or leaves it changes the folder's own time, other folders among it. So as long as none
        of those that are known has another time, there are no others. A file written over in place is not seen.
        """
        if name in datasets.DATASETS:
            return ()
        path = Path(path_of(name)).expanduser()
        known = self._known.get(path, {})
        if not known or any(_facts(place) != facts for place, facts in known.items()):
            known = self._known[path] = _facts_below(path)
        return tuple(known.values())


def _facts_below(path: Path) -> dict[Path, Facts]:
    """Of a zip, or of a folder and all below it that are read; each before it is listed, so that what comes meanwhile
    changes it.
    """
    found = {path: _facts(path)}
    if path.is_dir():
        for below in FolderSource(path).folders():
            found[path / below] = _facts(path / below)
    return found


def _facts(path: Path) -> Facts:
    try:
        status = path.stat()
    except OSError:
        return GONE
    return status.st_ino, status.st_mtime_ns, status.st_size
