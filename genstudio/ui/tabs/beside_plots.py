"""Where the plots of a run stand: beside the stage where there is room, else under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QBoxLayout, QWidget

from genstudio.ui.theme import pad, px

if TYPE_CHECKING:
    from genstudio.ui.tabs.page import TabPage

WIDE_PX = 1150  # from here on there is room for the plots beside the stage
LOW, LOWEST = 134, 84  # design px, under the stage, and where that has little room itself
ROOMY = 480  # design px of a page that has more
STAGE, BESIDE = 3, 2  # shares of the width: ten classes of digits have room at twice their size


class BesidePlots(QWidget):
    """Plots above each other beside the stage, side by side under it. Subclasses put them into `_box`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = pad(QBoxLayout(QBoxLayout.Direction.TopToBottom, self), 0, 12)
        self._is_stacked: bool | None = None  # not yet placed

    def set_stacked(self, stacked: bool) -> None:
        """Above each other, or side by side where there is no room."""
        direction = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        self._box.setDirection(direction)

    def place(self, page: TabPage, shown: bool) -> None:
        """Beside the page's stage where there is room, else under it; gone if they are not shown."""
        is_wide = page.width() >= px(WIDE_PX)
        area, other = (page.stage_area, page.plot_area) if is_wide else (page.plot_area, page.stage_area)
        if area.indexOf(self) < 0:
            other.removeWidget(self)
            area.addWidget(self, BESIDE)
        if self._is_stacked != is_wide:
            self._is_stacked = is_wide
            self.set_stacked(is_wide)
        high = LOW if page.height() >= px(ROOMY) else LOWEST
        self.setFixedHeight(px(high)) if not is_wide else self.setMaximumHeight(16777215)
        self.setVisible(shown)
        page.show_plots(shown and not is_wide)
