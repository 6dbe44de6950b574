"""The sentences of the wipe, with its numbers. No Qt."""

from __future__ import annotations

from genstudio.errors import counted
from genstudio.ui.numbers import short
from genstudio.ui.wipe.pair import Pair, Side

NOTHING = (
    "There is no picture to be seen on this page. Drop a file on each side, or open the wipe where there are some."
)
ALONE = "There is one picture here. Drop a file on a side, or keep this one and open the wipe where another is."
SAME = "The same lies on both sides; choose something else for one of them."
KEEP = "Keep what lies on the left as it is now: from then on it is on offer on every page"
FILE = "A picture file …"
VIEWS = {
    "wipe": ("Wipe", "The left side up to the divider, the right side beyond it (D)"),
    "signed": ("Difference", "Orange where the right side is brighter, blue where it is darker (D)"),
    "absolute": ("Size", "The brighter, the more the sides differ, whichever is brighter (D)"),
}


def missing(side: Side) -> str:
    """That a side has nothing to show so far."""
    return f"“{side.name}” has no picture yet."


def _size(side: Side) -> str:
    height, width = side.pictures.shape[1:3]
    return f"{width}×{height} px"


def counts(left: Side, right: Side, pair: Pair) -> str:
    """That one side has more pictures than the other; "" if not."""
    many, few = sorted((left, right), key=lambda side: len(side.pictures), reverse=True)
    most, least = len(many.pictures), len(few.pictures)
    if most == least:
        return ""
    if least == 1:
        return f"“{few.name}” is one picture and lies over picture {pair.number + 1} of the {most:,} of “{many.name}”."
    rest = (
        f"picture {pair.number + 1} of both is shown" if pair.number >= 0 else f"the first {least:,} of both are shown"
    )
    return f"“{many.name}” has {most:,} pictures and “{few.name}” {least:,}, so {rest}."


def sizes(left: Side, right: Side) -> str:
    """That one side was enlarged; "" if both are of one size."""
    shapes = [side.pictures.shape[1:3] for side in (left, right)]
    if shapes[0] == shapes[1]:
        return ""
    small, large = sorted((left, right), key=lambda side: side.pictures.shape[1] * side.pictures.shape[2])
    (h, w), (high, wide) = small.pictures.shape[1:3], large.pictures.shape[1:3]
    if h > high or w > wide:
        return f"“{left.name}” is of {_size(left)} and “{right.name}” of {_size(right)}: each stands as large as fits."
    if h * wide != w * high:
        return (
            f"“{small.name}” is of {_size(small)}; it stands in the middle of the {_size(large)} of “{large.name}”, "
            "enlarged without blur."
        )
    how = "pixel by pixel" if high % h == 0 else "without blur"
    return f"“{small.name}” is of {_size(small)}; it was enlarged to the {_size(large)} of “{large.name}”, {how}."


def _share(changed: float) -> str:
    """How many of the pixels; all only if it is all of them."""
    if changed == 1:
        return "All pixels"
    return f"{min(round(100 * changed), 99)} % of the pixels" if changed >= 0.01 else "Less than 1 % of the pixels"


def differs(left: Side, right: Side, pair: Pair, view: str) -> str:
    """How far the sides are apart, and what the colours of a difference mean."""
    if pair.changed == 0:
        return "Both are the same to the last pixel."
    text = f"{_share(pair.changed)} differ; the mean squared difference is {short(pair.error)}."
    if view == "signed":
        text += f" Orange: “{right.name}” is brighter than “{left.name}”. Blue: darker."
    return text


def told(left: Side, right: Side, pair: Pair, view: str) -> str:
    """All that is to be said of two sides."""
    parts = (counts(left, right, pair), sizes(left, right), differs(left, right, pair, view))
    return " ".join(part for part in parts if part)


def place(number: int, count: int) -> str:
    """Which pictures are seen."""
    return f"{number + 1} of {count:,}" if number >= 0 else f"all {count:,}"


def many(count: int) -> str:
    """How many pictures a side has, in the tooltip of its name."""
    return counted(count, "picture") if count else "no picture yet"
