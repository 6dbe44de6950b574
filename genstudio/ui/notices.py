"""What pages have said in the message bar: whose it is, and when it is no longer true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.widgets.message_bar import MessageBar


class Notices(QObject):
    """Brings what pages say to the bar. A failure is there until its slot succeeds, a progress until another event of
    its slot or until nothing more comes of it, other words until the user goes to another page.

    Signals:
        cancelled: The slot whose progress was to be stopped.
    """

    cancelled = Signal(str)

    def __init__(self, bar: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._bar = bar
        self._failed = self._busy = ""  # the slots whose failure and whose progress the bar shows
        self._told = ""  # the words of a page in the bar, unless they are of a failure
        self._at_hand = ""  # the slot whose event is being handled; '' while the user acts

    def listen(self, page: TabPage) -> None:
        """What a page says is shown from now on."""
        page.message.connect(self.tell)
        page.offered.connect(self._offer)
        page.withdrawn.connect(self._withdraw)

    @contextmanager
    def handling(self, slot: str) -> Iterator[None]:
        """Meanwhile an event of the slot is handled: a failure that is told is the slot's."""
        before, self._at_hand = self._at_hand, slot
        try:
            yield
        finally:
            self._at_hand = before

    def note(self, slot: str, event: Any) -> None:
        """An event of a slot has come: its next success takes away what its failure has said."""
        if isinstance(event, Failure):
            self._failed = slot
        elif slot == self._failed and not isinstance(event, (Ended, api.ProgressEvent)):
            self._failed = ""
            if self._bar.is_error():
                self._bar.clear()

    def show_progress(self, slot: str, event: Any) -> None:
        """How far a slot is, if its event says that; any other event takes it away."""
        if isinstance(event, api.ProgressEvent):
            self._busy = slot
            self._bar.show_progress(event.what, event.done, event.total, self._cancel, self)
        else:
            self.end_progress(slot)

    @Slot(str)
    def end_progress(self, slot: str) -> None:
        """Nothing goes on in a slot any more."""
        if slot == self._busy:
            self._busy = ""
            self._bar.end_progress(self)

    def leave(self) -> None:
        """The user goes to another page: what this one has said is of no use there."""
        if self._told and self._bar.text() == self._told:
            self._bar.clear()

    @Slot(str, str, bool)
    def tell(self, text: str, details: str, error: bool) -> None:
        """The words of the page that sends them; '' takes away what it has said of a failure."""
        if not text:
            if self._bar.is_error() and self._failed.startswith(f"{self.sender().objectName()}."):
                self._bar.clear()
            return
        if error:
            self._failed = self._at_hand  # its next success takes the words away
            self._bar.show_error(text, details)
        else:
            self._bar.show_info(text, details, stays=self._stands(text))
        self._told = "" if error else self._bar.text()

    @Slot(str, str, object)
    def _offer(self, text: str, action_text: str, on_action: Callable[[], None]) -> None:
        self._bar.show_info(text, action_text=action_text, on_action=on_action, stays=self._stands(text))
        self._told = self._bar.text()

    @Slot(str)
    def _withdraw(self, text: str) -> None:
        if self._bar.text() == self._bar.worded(text):
            self._bar.clear()

    def _stands(self, text: str) -> bool:
        """Whether the words stay true until their sender withdraws them."""
        return text == getattr(self.sender(), "standing", "")

    @Slot()
    def _cancel(self) -> None:
        self.cancelled.emit(self._busy)
