"""Whether the pictures of a folder or zip are grey: what is to learn from and what is held out are taken alike."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Generator, Sequence
from functools import partial

import numpy as np

from genstudio.api import Pictures
from genstudio.api.own_pictures import Taking
from genstudio.core.datasets.decoding import decoded
from genstudio.core.datasets.pictures import Source
from genstudio.core.datasets.squares import has_colour

KNOWN = 16  # answers that are remembered

_lock = threading.Lock()
_known: dict[bytes, bool] = {}


def are_grey(images: Pictures, taking: Taking) -> bool:
    """Whether none of the pictures (N, H, W, 3) has a colour, unless they are taken as coloured whatever they are."""
    if taking.colour == "colour":
        return False
    for first in range(0, len(images), 1024):
        red, green, blue = np.moveaxis(images[first : first + 1024], -1, 0)
        if not (np.array_equal(red, green) and np.array_equal(red, blue)):
            return False
    return True


def taken(images: Pictures, is_grey: bool) -> Pictures:
    """Pictures (N, H, W, 3) as they are, or (N, H, W, 1)."""
    return np.ascontiguousarray(images[..., :1]) if is_grey else images


def others_are_grey(
    source: Source, names: Sequence[str], taking: Taking, known: Sequence[str]
) -> Generator[tuple[int, int], None, bool]:
    """Whether these files are grey, too, as those that are `known` to be; yields (files looked at, files in all).

    The answer is remembered for as long as none of all these files changes, so that of two parts one is read twice
    at most.
    """
    if taking.colour == "grey":
        return True
    key = _digest(source, sorted((*names, *known)), taking)
    with _lock:
        is_grey = _known.get(key)
    if is_grey is None:
        is_grey = not (yield from _coloured(source, names, taking))
        with _lock:
            _known[key] = is_grey
            for old in list(_known)[:-KNOWN]:
                del _known[old]
    return is_grey


def _coloured(source: Source, names: Sequence[str], taking: Taking) -> Generator[tuple[int, int], None, bool]:
    """Whether one of these files is a picture with a colour; it ends at the first."""
    yield 0, len(names)
    done = 0
    with contextlib.closing(decoded(source, names, partial(has_colour, taking=taking))) as batches:
        for found in batches:
            if True in found:
                return True
            done += len(found)
            yield done, len(names)
    return False


def _digest(source: Source, names: Sequence[str], taking: Taking) -> bytes:
    """Of how the files are taken, and of all that changes when one of them does."""
    facts = [(name, source.facts(name)) for name in names]
    return hashlib.blake2b(repr((taking, facts)).encode(), digest_size=16).digest()
