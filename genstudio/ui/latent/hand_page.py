"""Which code of a mode a hand has made: neither the time that plays, nor the mode by itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot

from genstudio.ui.tabs.page import TabPage

Code = tuple[float, ...]


class HandPage(TabPage):
    """Looks at its code before and after what a hand does, and after what time does. Lives on the window thread."""

    _time_has_passed = Signal()  # queued: the change that `drifted` has announced is made

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.made: Code = ()  # by a hand since the page is on top; () if nothing was
        self._seen: Code = ()
        self._is_drifting = False
        self._time_has_passed.connect(self._look, Qt.ConnectionType.QueuedConnection)

    def code(self) -> Code:
        """The code shown; () if there is none."""
        return ()

    def by_hand(self) -> Code:
        """The last code that a hand has made since the page is on top; () if it has made none."""
        self._look()
        return self.made

    def forget_hand(self, made: Code = ()) -> None:
        """No hand has made the code that is shown now; but `made` before."""
        self.made, self._seen, self._is_drifting = made, self.code(), False

    @Slot()
    def _look(self) -> None:
        code = self.code()
        if code and code != self._seen and not self._is_drifting:
            self.made = code
        self._seen, self._is_drifting = code, False

    def drifted(self) -> None:
        """Time, and no hand, is about to change `drifts`."""
        self._look()
        self._is_drifting = True
        self._time_has_passed.emit()
        super().drifted()

    @Slot()
    def remember(self) -> None:
        """Before and after what a hand does."""
        self._look()
        super().remember()
