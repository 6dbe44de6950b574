"""One of the two places for plots of the game: a title that is a picker, and the plot below it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from genstudio.ui.game.kinds import Kind
from genstudio.ui.theme import fix, pad, px
from genstudio.ui.widgets.form import Choice


class TitlePicker(Choice):
    """A picker that looks like a title: as wide as the words it shows."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(label=label, parent=parent)
        self.setProperty("role", "title")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.currentIndexChanged.connect(self._changed)
        fix(self, height=22)

    def sizeHint(self) -> QSize:
        """Words, arrow, and the distances between."""
        return QSize(self.fontMetrics().horizontalAdvance(self.currentText()) + px(46), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Where there is no room the words are cut."""
        return QSize(px(60), super().minimumSizeHint().height())

    @Slot()
    def _changed(self) -> None:
        self.updateGeometry()


class PlotPlace(QWidget):
    """Holds one plot at a time."""

    chosen = Signal(str)  # a kind

    def __init__(self, kinds: Mapping[str, Kind], label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds = kinds
        self.title = TitlePicker(label)
        for name, kind in kinds.items():
            self.title.add_choice(kind.title, name, kind.help)
        self.title.chosen.connect(self._chosen)
        self.plot: QWidget | None = None
        head = pad(QHBoxLayout(), 0, 0)
        head.addWidget(self.title)
        head.addStretch(1)
        self._column = pad(QVBoxLayout(self), 0, 0)
        self._column.addLayout(head)

    def set_plot(self, name: str, plot: QWidget) -> None:
        """Show a plot of such a kind; the one before is left without a place."""
        self.title.set_value(name)
        self.title.updateGeometry()  # no signal has told of it
        self._say()
        if self.plot is not plot:
            if self.plot is not None and self.plot.parent() is self:
                self._column.removeWidget(self.plot)
                self.plot.hide()
            self.plot = plot
            self._column.addWidget(plot, 1)
            plot.show()

    def set_critic(self, is_critic: bool) -> None:
        """Titles speak of scores instead of probabilities."""
        for row, kind in enumerate(self._kinds.values()):
            title = (is_critic and kind.critic) or kind.title
            if title != self.title.itemText(row):
                self.title.setItemText(row, title)
                self.title.updateGeometry()

    @Slot(object)
    def _chosen(self, name: str) -> None:
        self._say()
        self.chosen.emit(name)

    def _say(self) -> None:
        kind = self._kinds[self.title.value()]
        self.title.setToolTip(f"<p>{kind.help}</p><p>Choose what this plot shows.</p>")
