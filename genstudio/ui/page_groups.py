"""Pages that share a tab are its modes: which of them a tab shows, and the bar that leads from one to another."""

from __future__ import annotations

from collections.abc import Sequence

from genstudio.ui.tabs.page import TabPage
from genstudio.ui.widgets.mode_bar import ModeBar


class PageGroups:
    """Pages by the title of their tab, in order; remembers which mode of a tab was seen last."""

    def __init__(self, pages: Sequence[TabPage]) -> None:
        self.titles = tuple(dict.fromkeys(page.title for page in pages))
        self._members = {
            title: [index for index, page in enumerate(pages) if page.title == title] for title in self.titles
        }
        self._latest = {title: members[0] for title, members in self._members.items()}
        self._pages = tuple(pages)
        self.bars: list[ModeBar] = []
        for members in self._members.values():
            if len(members) > 1:
                self._add_bars(members)

    def _add_bars(self, members: list[int]) -> None:
        modes = tuple((self._pages[index].mode, self._pages[index].mode_help) for index in members)
        for number, index in enumerate(members):
            bar = ModeBar(modes, number)
            self._pages[index].header.insertWidget(0, bar)
            self.bars.append(bar)

    def seen(self, index: int) -> int:
        """A page is on top; the number of its tab."""
        title = self._pages[index].title
        self._latest[title] = index
        return self.titles.index(title)

    def of_tab(self, number: int) -> int:
        """The page that a tab shows: the one seen last; -1 without such a tab."""
        return self._latest[self.titles[number]] if 0 <= number < len(self.titles) else -1

    def mode(self, index: int, number: int) -> int:
        """The page of a mode beside the page `index`; -1 if its tab has no such mode."""
        members = self._members[self._pages[index].title]
        return members[number] if 0 <= number < len(members) else -1
