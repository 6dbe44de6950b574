"""Pages that share a tab are its modes: which of them a tab shows, and the bar that leads from one to another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QComboBox, QWidget

from genstudio.ui.page_place import PagePlace
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.mode_bar import ModeBar

SPEED = 184  # design px kept at least for device and speed
NAME = 96  # and at least for the words of a picker


class PageGroups:
    """Places by the title of their tab, in order; remembers which mode of a tab was seen last."""

    def __init__(self, places: Sequence[PagePlace]) -> None:
        self.titles = tuple(dict.fromkeys(place.title for place in places))
        self._members = {
            title: [index for index, place in enumerate(places) if place.title == title] for title in self.titles
        }
        self._latest = {title: members[0] for title, members in self._members.items()}
        self._places = tuple(places)

    def add_bar(self, index: int, page: TabPage) -> ModeBar | None:
        """Give a page that was just made the bar of its tab's modes; None if it has the tab for itself."""
        members = self._members[self._places[index].title]
        if len(members) < 2:
            return None
        bar = ModeBar(tuple((self._places[k].mode, self._places[k].mode_help) for k in members), members.index(index))
        page.header.insertWidget(0, bar)
        HeaderRoom(page, bar)
        return bar

    def seen(self, index: int) -> int:
        """A page is on top; the number of its tab."""
        title = self._places[index].title
        self._latest[title] = index
        return self.titles.index(title)

    def of_tab(self, number: int) -> int:
        """The page that a tab shows: the one seen last; -1 without such a tab."""
        return self._latest[self.titles[number]] if 0 <= number < len(self.titles) else -1

    def mode(self, index: int, number: int) -> int:
        """The page of a mode beside the page `index`; -1 if its tab has no such mode."""
        members = self._members[self._places[index].title]
        return members[number] if 0 <= number < len(members) else -1


class HeaderRoom(QObject):
    """Gives a mode bar the room that the pickers of its page's header leave: no word of theirs is cut for it."""

    def __init__(self, page: TabPage, bar: ModeBar) -> None:
        super().__init__(page)
        self._page, self._bar = page, bar
        self._speed = (0.0, 0)  # at which scale the words of the speed were how wide at most, in px
        page.header_row.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._share()
        return False

    def _share(self) -> None:
        header, row = self._page.header, self._page.header_row.layout()
        if row is None:
            return
        items = [item for k in range(header.count()) if (item := header.itemAt(k)) is not None and not item.isEmpty()]
        others = [item for item in items if item.widget() is not self._bar]
        taken = sum(_wanted(item.widget()) for item in others) + header.spacing() * len(others)
        taken += self._page.fold.sizeHint().width() + 2 * row.spacing()
        if not self._page.speed.isHidden():
            taken += self._speed_wide() + row.spacing()
        self._bar.set_room(self._page.header_row.width() - taken)

    def _speed_wide(self) -> int:
        """What was needed once is kept: with each number the bar would change."""
        scale, widest = self._speed
        widest = max(px(SPEED), self._page.speed.width(), widest if scale == theme().scale else 0)
        self._speed = theme().scale, widest
        return widest


def _wanted(widget: QWidget | None) -> int:
    """The width that shows all of a widget; a picker's own hint does not count the words it shows."""
    if widget is None:
        return 0
    width = widget.sizeHint().width()
    if isinstance(widget, QComboBox):
        metrics = widget.fontMetrics()
        words = max(metrics.horizontalAdvance(widget.currentText()), px(NAME))
        width += max(words - widget.minimumContentsLength() * metrics.horizontalAdvance("X"), 0)
    return min(max(width, widget.minimumWidth()), widget.maximumWidth())
