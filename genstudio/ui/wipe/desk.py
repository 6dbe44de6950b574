"""Brings the wipe over the window: what the page on top offers, what was kept, and dropped files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QSettings, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from genstudio.api import LookedEvent, LookRequest, Pictures
from genstudio.engine import Failure
from genstudio.errors import sentence
from genstudio.ui.bridge import Bridge
from genstudio.ui.dropped import LANE, PICTURES
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.widgets.message_bar import MessageBar
from genstudio.ui.wipe.drops import LEFT, RIGHT
from genstudio.ui.wipe.pair import Side, alone, is_same
from genstudio.ui.wipe.sides import PAGE, Pointed, first_of, picture_at, place_of, sides_of

if TYPE_CHECKING:
    from genstudio.ui.wipe.sheet import WipeSheet

MOST_KEPT = 8  # pictures that are on offer on every page
LARGEST = 1024  # px of a file that is laid on a side
KEPT = "“{}” is kept as it is now, and on offer on every page until GenStudio is closed."


class WipeDesk(QObject):
    """Owns what was kept and the slots app.wipe-0 and app.wipe-1, of the sides; the sheet is made when it is first
    wanted. It follows the page on top while it is open.

    Args:
        over: What the sheet lies over.
        page_on_top: Says which page is seen.
    """

    made = Signal(object)  # the sheet

    def __init__(
        self, bridge: Bridge, over: QWidget, bar: MessageBar, page_on_top: Callable[[], TabPage], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bridge, self._over, self._bar, self._page_on_top = bridge, over, bar, page_on_top
        self._sheet: WipeSheet | None = None
        self._page = ""  # the name of the page that is followed
        self._kept: list[Side] = []
        self._count = 0  # of all that was ever kept
        self._pointed: Pointed | None = None  # the picture of which the menu is
        self._files: QFileDialog | None = None
        self._file_side = LEFT

    @property
    def sheet(self) -> WipeSheet:
        """The wipe."""
        if self._sheet is None:
            from genstudio.ui.wipe.sheet import WipeSheet

            sheet = self._sheet = WipeSheet(self._over)
            sheet.looked.connect(self._look)
            sheet.chosen.connect(self._remember)
            sheet.keep_wanted.connect(self._keep)
            sheet.file_dropped.connect(self.lay_file)
            sheet.file_wanted.connect(self._ask_file)
            sheet.copied.connect(self._tell_copied)
            self.made.emit(sheet)
        return self._sheet

    def toggle(self) -> None:
        """Open it for the page on top, or close it."""
        if self._sheet is not None and self._sheet.isVisible():
            self._sheet.dismiss()
            return
        self._page = ""
        self._look()
        self.sheet.show_over(self._over)

    # ---- what is on offer -----------------------------------------------------------------------------------

    @Slot()
    def _look(self) -> None:
        """What the page on top shows now; of another page than before with the sides that it had last."""
        page = self._page_on_top()
        sides, (number, columns) = [*sides_of(page), *self._kept], place_of(page)
        self.sheet.offer(sides, columns)
        if page.name != self._page:
            self._page = page.name
            laid = [key if not key.startswith(PAGE) else "" for key in self.sheet.keys_laid()] or ["", ""]
            keys = [one or other for one, other in zip(laid, recalled(page.name) or ("", ""), strict=True)]
            self.sheet.lay(*first_of(sides, *keys), number)
        elif sides and any(self.sheet.side(side) is None for side in (LEFT, RIGHT)):  # one has gone, or come
            self.sheet.lay(*first_of(sides, *self.sheet.keys_laid()), self.sheet.number())

    @Slot()
    def _remember(self) -> None:
        """What of the page itself lies where, for the next time."""
        keys = self.sheet.keys_laid()
        if all(key.startswith(PAGE) for key in keys):
            QSettings().setValue(_setting(self._page), json.dumps(keys))

    def _add(self, name: str, pictures: Pictures) -> Side:
        """One more that stays as it is, on every page; the oldest that lies on no side makes room."""
        self._count += 1
        side = Side(f"kept:{self._count}", name, pictures)
        self._kept.append(side)
        if len(self._kept) > MOST_KEPT:
            laid = self._sheet.keys_laid() if self._sheet is not None else ()
            self._kept.remove(next(old for old in self._kept if old.key not in laid))
        return side

    @Slot()
    def _keep(self) -> None:
        left, pair = self.sheet.side(LEFT), self.sheet.pair
        if left is not None and pair is not None:
            _, name, pictures = alone(left, pair.number)
            self._add(f"Kept: {name}", pictures.copy())
            self._look()
            self._bar.show_info(KEPT.format(name))

    @Slot(bool)
    def _tell_copied(self, is_done: bool) -> None:
        self._bar.show_info("Copied to the clipboard." if is_done else "There is no picture to copy yet.")

    # ---- files ----------------------------------------------------------------------------------------------

    @Slot(str, int)
    def lay_file(self, path: str, side: int) -> None:
        """Lay a picture file on a side, when it has been read."""
        self._bar.show_progress(f"Reading {Path(path).name}", 0, 0, owner=self)
        self._bridge.submit(LANE, f"app.wipe-{side}", LookRequest(path, pixels=True, largest=LARGEST))

    def handle(self, verb: str, event: Any) -> None:
        """Events of app.wipe-0 and app.wipe-1."""
        self._bar.end_progress(self)
        if isinstance(event, Failure):
            self._bar.show_error(sentence(event.error), event.trace)
        elif isinstance(event, LookedEvent) and event.picture is None:
            self._bar.show_error(event.trouble)  # below the sheet, and what the page shows next does not replace it
        elif isinstance(event, LookedEvent):
            self._lay(event, int(verb.removeprefix("wipe-")))

    def _lay(self, event: LookedEvent, side: int) -> None:
        assert event.picture is not None
        name, keys = Path(event.request.path).name, list(self.sheet.keys_laid())
        if event.picture.shape[:2] != (event.height, event.width):
            name += f", made smaller from {event.width}×{event.height} px"
        keys[side] = self._add(name, event.picture[None]).key
        page = self._page_on_top()
        sides = [*sides_of(page), *self._kept]
        self.sheet.offer(sides, place_of(page)[1])
        self.sheet.lay(*first_of(sides, *keys), self.sheet.number())

    @Slot(int)
    def _ask_file(self, side: int) -> None:
        self._file_side = side
        endings = " ".join(f"*{ending}" for ending in PICTURES)
        self._files = QFileDialog(self.sheet, "Lay a picture on this side", "", f"Pictures ({endings})")
        self._files.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._files.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._files.fileSelected.connect(self._file_chosen)
        self._files.open()

    @Slot(str)
    def _file_chosen(self, path: str) -> None:
        self.lay_file(path, self._file_side)

    # ---- a picture under the mouse --------------------------------------------------------------------------

    def offer_menu(self, widget: QWidget | None, at: QPoint) -> QMenu | None:
        """The menu of the picture of the page on top at a point of the screen; None if there is none."""
        self._pointed = pointed = picture_at(self._page_on_top(), widget, at)
        if pointed is None:
            return None
        menu = QMenu(self._over)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Wipe with …", self.wipe_pointed)
        menu.addAction("Keep it for a wipe", self._keep_pointed)
        menu.popup(at)
        return menu

    @Slot()
    def wipe_pointed(self) -> None:
        """Open the wipe with the picture that was pointed at on the left."""
        if self._pointed is None:
            return
        name, picture, images, index = self._pointed
        own = sides_of(self._page_on_top())
        side = next((one for one in own if is_same(one.pictures, images)), None)
        if side is None or len(images) == 1:
            index = -1
            side = side or next((one for one in own if is_same(one.pictures, picture)), None)
        if side is None:
            side = self._add(name, picture.copy())
        if self._sheet is None or not self._sheet.isVisible():
            self.toggle()
        self._look()
        right = self.sheet.keys_laid()[RIGHT]
        self.sheet.lay(*first_of([*own, *self._kept], side.key, "" if right == side.key else right), index)

    @Slot()
    def _keep_pointed(self) -> None:
        if self._pointed is not None:
            name, picture, _, _ = self._pointed
            self._add(f"Kept: {name}", picture.copy())
            self._bar.show_info(KEPT.format(name))


def _setting(page: str) -> str:
    return f"wipe/{page}"


def recalled(page: str) -> tuple[str, ...]:
    """The keys that lay on the sides of a page when the user chose last; what cannot be read is left."""
    try:
        keys = json.loads(str(QSettings().value(_setting(page), "[]")))
    except ValueError:
        return ()
    is_right = isinstance(keys, list) and len(keys) == 2 and all(isinstance(key, str) for key in keys)
    return tuple(keys) if is_right else ()
