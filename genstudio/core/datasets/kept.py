"""The zip that was read last stays in memory, so that a look at it and the run that follows read it once.

One dataset for all threads: it is never changed, and its arrays refuse to be written to.
"""

from __future__ import annotations

import threading
from pathlib import Path

from genstudio.api.own_pictures import Taking
from genstudio.core.datasets.dataset import Dataset

# Of pictures and labels: 40,000 of 32 x 32 in colour, 100,000 in grey. Larger ones are not kept.
MOST_BYTES = 128 * 2**20
Key = tuple[str, int, int, bool, Taking]

_lock = threading.Lock()
_kept: tuple[Key, Dataset] | None = None


def key_of(path: Path, train: bool, taking: Taking) -> Key | None:
    """What stays the same as long as a zip does; None for a folder, which may change unseen."""
    if not path.is_file():
        return None
    facts = path.stat()
    return str(path.absolute()), facts.st_size, facts.st_mtime_ns, train, taking


def get(key: Key | None) -> Dataset | None:
    """The dataset kept under this key."""
    with _lock:
        return _kept[1] if _kept is not None and _kept[0] == key else None


def keep(key: Key, dataset: Dataset) -> None:
    """Keep this dataset in place of the one before, unless it is too large."""
    global _kept
    dataset.locked()
    fits = dataset.images.nbytes + dataset.labels.nbytes <= MOST_BYTES
    with _lock:
        _kept = (key, dataset) if fits else None
