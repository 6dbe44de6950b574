"""Where the Tab key goes: through all controls that are seen, as one reads them.

Qt keeps a chain of its own, which falls into separate rings where parts are built without a parent and put in later.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget


def stops(root: QWidget) -> list[QWidget]:
    """What Tab stops at in `root` now, in order."""
    return [widget for widget in _walk(root, None) if _takes_tab(widget)]


def go_beside(root: QWidget, at: QWidget | None, forward: bool) -> bool:
    """Give the keyboard to the stop of `root` after (or before) `at`, round at the ends; False if there is no other.

    `at` may be no stop itself, or just have gone.
    """
    other = _beside(root, at, forward)
    if other is not None:
        other.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    return other is not None


def _beside(root: QWidget, at: QWidget | None, forward: bool) -> QWidget | None:
    order = list(_walk(root, at))
    place = order.index(at) if at in order else -1 if forward else len(order)
    later, earlier = order[place + 1 :], order[: max(place, 0)]
    round_ = later + earlier if forward else earlier[::-1] + later[::-1]
    return next((widget for widget in round_ if _takes_tab(widget)), None)


def _takes_tab(widget: QWidget) -> bool:
    takes_it = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
    return takes_it and widget.isVisible() and widget.isEnabled()


def _walk(widget: QWidget, at: QWidget | None) -> Iterator[QWidget]:
    """All that is seen in a widget, with `at`, which may be hidden by now."""
    for child in _parts(widget):
        if child.isVisible() or (at is not None and (child is at or child.isAncestorOf(at))):
            yield child
            yield from _walk(child, at)


def _parts(widget: QWidget) -> list[QWidget]:
    """First what its layout places, in the order on the screen, then the others."""
    layout = QWidget.layout(widget)
    laid = dict.fromkeys(_laid(layout) if layout is not None else ())
    children = (child for child in widget.children() if isinstance(child, QWidget) and not child.isWindow())
    return [*laid, *(child for child in children if child not in laid)]


def _laid(layout: QLayout) -> Iterator[QWidget]:
    for number in range(layout.count()):
        item = layout.itemAt(number)
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid(inner)
