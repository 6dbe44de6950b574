"""What is in a folder or zip of pictures, before anything learns from it."""

from __future__ import annotations

from dataclasses import dataclass

from genstudio.api.catalog import DatasetInfo
from genstudio.api.pictures import Pictures

NEAR = 5  # grey levels of 255, the root mean square of the difference up to which pictures hardly differ


@dataclass(frozen=True)
class InspectRequest:
    """Look into a folder or zip, its pictures taken as the dataset's name says; a stream with progress."""

    dataset: str


@dataclass(frozen=True)
class Twins:
    """Pictures that are there more than once, by their pixels as they are taken."""

    copies: int  # of which another stands before
    shared: int  # held-out ones that are to learn from, too
    torn: int  # copies that are of another class than the first
    near: int | None  # others that differ hardly from one before; None where there are too many to compare them all
    pairs: tuple[tuple[str, str], ...]  # the first few: the copy, and what it is a copy of
    left_out: int = 0  # copies that are not taken, because each picture is taken once


@dataclass(frozen=True, eq=False)
class InspectedEvent:
    """Answer to InspectRequest."""

    request: InspectRequest
    info: DatasetInfo
    counts: tuple[int, ...]  # pictures to learn from, per class; one number without classes
    held_out: tuple[int, ...]  # the same of those held out
    preview: Pictures  # (n, size, size, C), class by class
    labels: tuple[int, ...]  # of the preview
    unreadable: tuple[str, ...]  # each with the reason
    others: tuple[str, ...]  # files that are no pictures
    empty: tuple[str, ...]  # folders in which there is no picture
    sizes: tuple[tuple[int, int], ...]  # width and height of the smallest and the largest picture, px; one if all alike
    has_parts: bool  # folders called train and test are there
    twins: Twins
