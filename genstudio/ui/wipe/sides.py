"""What a page offers to be laid over one another: what it names itself, else all pictures that are seen on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from genstudio.api import Pictures
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.widgets.canvas import Canvas
from genstudio.ui.widgets.stage import Stage
from genstudio.ui.wipe.pair import Side, has

PAGE = "page:"  # the keys of a page's own sides; what is behind is their names, which outlast their places
MOST = 64  # pictures of a single stage that are offered one by one


class Pointed(NamedTuple):
    """A picture (1, H, W, C) under the mouse: what it is called, and which of the `images` of its stage it is."""

    name: str
    picture: Pictures
    images: Pictures
    number: int


def sides_of(page: TabPage) -> list[Side]:
    """The sides of a page as they are now."""
    offered = page.wipe_sides()
    found: dict[str, Side] = {}
    for name, pictures in _seen(page) if offered is None else offered:
        key, number = f"{PAGE}{name}", 1
        while key in found:
            number += 1
            key = f"{PAGE}{name}#{number}"
        found[key] = Side(key, name, pictures)
    return list(found.values())


def _seen(page: TabPage) -> list[tuple[str, Pictures]]:
    """The pictures of all stages; those of a stage that stands alone one by one."""
    stages = [stage for stage in page.findChildren(Stage) if stage.isVisible()]
    shown = [(stage.accessibleName(), images) for stage in stages if (images := stage.seen()) is not None]
    if len(shown) == 1 and len(shown[0][1]) > 1:
        images = shown[0][1]
        return [(f"Picture {k + 1}", images[k : k + 1]) for k in range(min(len(images), MOST))]
    return shown


def place_of(page: TabPage) -> tuple[int, int]:
    """The picture that is marked in the stages of a page whose sides are of several, -1 if none is; and the columns in
    which these stand, 0 if the stages have not all the same."""
    if page.wipe_sides() is None:
        return -1, 0
    stages = [stage for stage in page.findChildren(Stage) if stage.isVisible()]
    several = [stage for stage in stages if (images := stage.seen()) is not None and len(images) > 1]
    columns = {stage.columns() for stage in several}
    marked = next((stage.selected() for stage in several if stage.selected() >= 0), -1)
    return marked, columns.pop() if len(columns) == 1 else 0


def first_of(sides: Sequence[Side], left: str = "", right: str = "") -> tuple[str, str]:
    """The keys of two sides: these if they are on offer, else the first two, those with pictures before others."""
    keys = [side.key for side in sorted(sides, key=has, reverse=True)]
    right = right if right in keys else ""
    left = left if left in keys else next((key for key in keys if key != right), right)
    return left, right or next((key for key in keys if key != left), left)


def picture_at(page: TabPage, widget: QWidget | None, at: QPoint) -> Pointed | None:
    """The picture of a page at a point of the screen, which is on that widget; None if there is none.

    A canvas has none: there the right button erases.
    """
    while widget is not None and not isinstance(widget, Stage):
        widget = widget.parentWidget()
    if widget is None or isinstance(widget, Canvas) or not page.isAncestorOf(widget):
        return None
    images, index = widget.seen(), widget.index_at(widget.mapFromGlobal(at))
    if images is None or index < 0:
        return None
    name = widget.accessibleName()
    return Pointed(f"{name}, {index + 1}" if len(images) > 1 else name, images[index : index + 1], images, index)
