"""A window in which folders and zips are looked into, and pictures drawn, before a network learns from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Slot

from genstudio.api.own_pictures import path_of
from genstudio.ui.bridge import Bridge
from genstudio.ui.keys import KeyedShell
from genstudio.ui.own.own_data import TRAINERS, OwnData
from genstudio.ui.page_place import PagePlace
from genstudio.ui.tabs.page import TabPage


class OwnShell(KeyedShell):
    """A shell with the sheets of own pictures; knows which page learns from them."""

    def __init__(self, bridge: Bridge, places: Sequence[PagePlace]) -> None:
        super().__init__(bridge, places)
        self.own = OwnData(bridge, self.body, frozenset(place.name for place in places))
        self.desk.data_wanted.connect(self.look_into)
        self.own.made.connect(self.add_sheet)
        self.own.wanted.connect(self._learn_from)

    def adopt(self, number: int, page: TabPage) -> None:
        super().adopt(number, page)
        page.own_data_wanted.connect(self.look_into)
        page.drawing_wanted.connect(self.draw_own)

    def go_to(self, name: str) -> None:
        """Bring the page of that name to the top."""
        raise NotImplementedError

    @Slot(str)
    def look_into(self, name: str) -> None:
        """See what is in a folder or zip before a network learns from it."""
        self._stand_before()
        self.own.look_into(name)

    @Slot()
    def draw_own(self) -> None:
        """Draw pictures to learn from."""
        self._stand_before()
        self.own.draw()

    def _stand_before(self) -> None:
        page = self.current_page()
        is_trainer = page.name in [name for name, _, _ in TRAINERS]
        self.own.stand_before(page.name if is_trainer else page.learner, is_here=page.can_learn())

    @Slot(str, str)
    def _learn_from(self, name: str, page: str) -> None:
        """A page has this dataset; it is one step for undo."""
        if page:
            self.go_to(page)
        here = self.current_page()
        if here.offer_dataset(name):
            here.remember()
        else:
            folder = Path(path_of(name)).name
            self.bar.show_info(f"{here.title} has no use for {folder} here; choose one of the networks to train.")
