"""What an inspection has found, in sentences: for the window and for the command line."""

from __future__ import annotations

from collections.abc import Sequence

from genstudio.api.inspection import NEAR, InspectedEvent
from genstudio.errors import counted

NAMED = 3  # of each kind
NEARLY = f" (by {NEAR} grey levels of 255 at most, root mean square, at the size at which they are taken)"


def headline(event: InspectedEvent) -> str:
    """How many there are, in how many classes, and how they are taken."""
    info, held_out = event.info, sum(event.held_out)
    split = f" to train on, {held_out:,} held out" if held_out else ""
    classes = f", in {len(info.classes):,} classes" if info.classes else ""
    colour = "grey" if info.channels == 1 else "colour"
    return f"{counted(info.count, 'picture')}{split}{classes}; taken as {info.size}×{info.size} px, {colour}."


def notes(event: InspectedEvent) -> tuple[str, ...]:
    """What is to be known before a network learns from it, the most important first."""
    found = (*_few(event), *_twins(event), *_left_out(event), _sizes(event))
    return tuple(note for note in found if note)


def _few(event: InspectedEvent) -> tuple[str, ...]:
    info, held_out = event.info, sum(event.held_out)
    unseen = "None is held out, so nothing tells how a network does on pictures that it has not seen."
    bare = [name for name, count in zip(info.classes, event.counts, strict=False) if not count]
    without = f"Nothing can be trained on for {len(bare):,} of the classes: {_some(bare)}."
    return info.by_heart(), "" if held_out else unseen, without if bare else ""


def _twins(event: InspectedEvent) -> tuple[str, ...]:
    twins = event.twins
    if twins.near is None:
        near = "There are too many pictures to compare them all for near copies."
    elif not twins.copies and not twins.near:
        near = "No picture is there twice." if event.info.count > 1 and not twins.left_out else ""
    else:
        near = (
            f"{counted(twins.near, 'picture')} hardly {_differ(twins.near)} from another{NEARLY}." if twins.near else ""
        )
    pairs = [f"{copy} is {first}" for copy, first in twins.pairs]
    copies = f"{counted(twins.copies, 'picture')} {_are(twins.copies)} there already: {_some(pairs, twins.copies)}."
    shared = f"{counted(twins.shared, 'held-out picture')} {_are(twins.shared)} also trained on"
    left_out = "One copy is" if twins.left_out == 1 else f"{twins.left_out:,} copies are"
    torn = "One copy is" if twins.torn == 1 else f"{twins.torn:,} copies are"
    return (
        f"{shared}, and {_tell(twins.shared)} nothing of pictures not yet seen." if twins.shared else "",
        f"{torn} of another class than the first." if twins.torn else "",
        copies if twins.copies else "",
        f"{left_out} left out, because each picture is taken once." if twins.left_out else "",
        near,
    )


def _left_out(event: InspectedEvent) -> tuple[str, ...]:
    unreadable, others, empty = event.unreadable, event.others, event.empty
    return (
        f"{counted(len(unreadable), 'file')} cannot be used: {_some(unreadable)}." if unreadable else "",
        f"{counted(len(others), 'other file')} {_are(len(others))} left alone: {_some(others)}." if others else "",
        f"{counted(len(empty), 'folder')} without a picture: {_some(empty)}." if empty else "",
    )


def _sizes(event: InspectedEvent) -> str:
    sizes = [f"{width}×{height}" for width, height in event.sizes]
    if len(sizes) == 1:
        return f"In their files all are {sizes[0]} px." if event.info.count > 1 else ""
    return f"In their files they are {sizes[0]} to {sizes[-1]} px."


def _some(names: Sequence[str], count: int = 0) -> str:
    """The first few, and how many more of them there are."""
    more = max(len(names), count) - NAMED
    return f"{', '.join(names[:NAMED])}{f' and {more:,} more' if more > 0 else ''}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _differ(count: int) -> str:
    return "differs" if count == 1 else "differ"


def _tell(count: int) -> str:
    return "tells" if count == 1 else "tell"
