"""What the comparison looks like: of each column its way, its pictures, what it costs, and how it differs."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from genstudio import api
from genstudio.api import NO_PICTURES, Pictures
from genstudio.api.differences import difference, mean_square
from genstudio.errors import counted
from genstudio.ui.diffusion.compare_costs import NONE, Cost, Costs
from genstudio.ui.diffusion.compare_tracks import Apart, Track, apart
from genstudio.ui.diffusion.compare_words import BETWEEN, FIRST, distance
from genstudio.ui.numbers import milliseconds
from genstudio.ui.theme import pad, theme
from genstudio.ui.widgets.stage import Stage
from genstudio.ui.widgets.tight_stage import TightStage

ROOMY = 10_000  # px in which nothing is wrapped
SMALL, STARTING = 1e-12, "Starting …"


def _label() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    label.setCursor(Qt.CursorShape.PointingHandCursor)
    return label


class CompareColumns(QWidget):
    """Rows: headings, pictures, costs, differences. `notice` stands in the stead of all where there is nothing.

    Signals:
        chosen: a column was clicked.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = pad(QGridLayout(self), 0, 12)
        assert isinstance(grid, QGridLayout)
        self._grid, self._count = grid, 0
        self._headings: list[str] = []
        self._told: dict[Stage, str] = {}  # words that stand in the stead of pictures
        self._seen: tuple[Any, ...] = ()  # what is on the screen, so that nothing is painted twice
        self.notice = Stage(label="What is missing")
        grid.addWidget(self.notice, 1, 0)
        self.headings = [_label() for _ in range(api.MOST_WAYS)]
        self.pictures = [TightStage(label=f"Pictures of column {k + 1}") for k in range(api.MOST_WAYS)]
        self.costs = [Costs() for _ in range(api.MOST_WAYS)]
        self.differences = [TightStage(label=f"Difference of column {k + 1}") for k in range(api.MOST_WAYS)]
        for k in range(api.MOST_WAYS):
            for row, widget in enumerate(self._column(k)):
                widget.setProperty("column", k)
                grid.addWidget(widget, row, k)
                if isinstance(widget, Stage):
                    widget.cell_clicked.connect(self._clicked)
                else:
                    widget.installEventFilter(self)
        self.errors: list[float] = []
        theme().changed.connect(self._fit_headings)
        self.show_columns([])

    def _column(self, k: int) -> tuple[QWidget, ...]:
        return self.headings[k], self.pictures[k], self.costs[k], self.differences[k]

    def show_columns(
        self, headings: Sequence[str], has_difference: bool = True, not_lost: Sequence[tuple[str, str]] = ()
    ) -> None:
        """As many columns as there are headings.

        Args:
            not_lost: Of each column why its difference is no loss, see `Costs.set_not_lost`.
        """
        self._count, self._headings = len(headings), list(headings)
        self._seen = ()
        self.notice.setVisible(not headings)
        for k in range(api.MOST_WAYS):
            shown = k < self._count
            self._grid.setColumnStretch(k, int(shown or k == 0))
            for widget in self._column(k):
                widget.setVisible(shown)
            self.differences[k].setVisible(shown and has_difference)
            self.costs[k].set_not_lost(not_lost[k] if k < len(not_lost) else ("", ""))
        self._fit_headings()
        self._grid.setRowStretch(1, 1)
        self._grid.setRowStretch(3, int(has_difference and bool(headings)))

    def name_pictures(self, names: Sequence[Sequence[str]]) -> None:
        """Of each column the classes of its pictures; none where it knows no classes."""
        for k, stage in enumerate(self.pictures):
            stage.set_corners(names[k] if k < len(names) else ())

    def show_message(self, text: str, button: str = "") -> None:
        """Words instead of the columns."""
        self.show_columns([])
        self.notice.set_message(text, button)

    def show_moment(
        self, tracks: Sequence[Track], moments: Sequence[Any], layer: api.Layer, kind: api.Difference
    ) -> None:
        """What each column shows at one moment, and its costs."""
        seen = (tuple(map(id, moments)), tuple(track.is_complete or track.error for track in tracks), layer, kind)
        if seen == self._seen:
            return
        self._seen = seen
        images = [None if moment is None else moment.step.layers[layer] for moment in moments]
        self.errors = [_error(image, images[0]) for image in images]
        times_apart = apart(tracks)
        scales = _scales(tracks, moments, self.errors, times_apart)
        for k, track in enumerate(tracks):
            is_stuck = bool(track.error or tracks[0].error)
            self._show(k, images[k], images[0], track.error, is_stuck, kind)
            has_difference = k > 0 and images[0] is not None
            error = self.errors[k] if has_difference else None
            self.costs[k].set_costs(_costs(track, moments[k], error, scales, times_apart[k]))

    def _show(
        self, k: int, image: Pictures | None, first: Pictures | None, error: str, is_stuck: bool, kind: api.Difference
    ) -> None:
        stage, below = self.pictures[k], self.differences[k]
        if image is None:
            self._tell(stage, "This column cannot go." if error else STARTING, error)
        else:
            self._put(stage, image)
        if k == 0:
            self._tell(below, "Reference", FIRST)
        elif image is None or first is None or image.shape != first.shape:
            self._tell(below, "There is nothing to compare." if is_stuck or first is not None else STARTING)
        elif kind:
            self._put(below, difference(image, first, kind))

    def _put(self, stage: Stage, images: Pictures) -> None:
        if self._told.pop(stage, None) is not None:
            stage.setToolTip("")
        stage.set_pictures(images)

    def _tell(self, stage: Stage, text: str, help_: str = "") -> None:
        """Words in the stead of pictures; nothing happens if they are the same."""
        if self._told.get(stage) != text:
            self._told[stage] = text
            stage.set_pictures(NO_PICTURES)
            stage.set_message(text)
            stage.setToolTip(f"<p>{escape(help_)}</p>" if help_ else "")

    @Slot(int)
    def _clicked(self, index: int) -> None:
        self.chosen.emit(int(self.sender().property("column")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_headings()

    @Slot()
    def _fit_headings(self) -> None:
        """All headings are as high as the highest needs; where one has no room, each of its parts has a line."""
        count = max(self._count, 1)
        wide = max((self.width() - (count - 1) * self._grid.horizontalSpacing()) // count, 1)
        shown = self.headings[: self._count]
        for label, text in zip(shown, self._headings, strict=True):
            label.setMinimumHeight(0)  # else it counts as the height that the words need
            label.setText(text)
        if any(label.heightForWidth(wide) > label.heightForWidth(ROOMY) for label in shown):
            for label, text in zip(shown, self._headings, strict=True):
                label.setText(text.replace(BETWEEN, "<br>"))
        high = max((label.heightForWidth(wide) for label in shown), default=0)
        if high <= 0:
            return  # there are no words yet
        for label in shown:
            label.setFixedHeight(high)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on a heading or the costs chooses the column."""
        if event.type() == QEvent.Type.MouseButtonPress:
            self.chosen.emit(int(watched.property("column")))
        return super().eventFilter(watched, event)


def _error(image: Pictures | None, first: Pictures | None) -> float:
    if image is None or first is None or image.shape != first.shape:
        return 0.0
    return mean_square(image, first)


def _in_all(track: Track, moment: Any) -> tuple[float, float]:
    """Calls and milliseconds of a column in all; at its pace so far where it is not finished."""
    if track.is_complete:
        return track.kept[-1].step.calls, track.kept[-1].ms
    share = min((moment.step.index + 1) / track.request.steps, 1.0)
    return moment.step.calls / share, moment.ms / share


def _scales(
    tracks: Sequence[Track], moments: Sequence[Any], errors: Sequence[float], times_apart: Sequence[Apart]
) -> tuple[float, float, float]:
    """The largest calls, time and difference of all columns; of times those that were taken together."""
    there = [k for k, moment in enumerate(moments) if moment is not None]
    whole = {k: _in_all(tracks[k], moments[k]) for k in there}
    calls = max((pair[0] for pair in whole.values()), default=0.0)
    ms = max((pair[1] for k, pair in whole.items() if not times_apart[k]), default=0.0)
    return max(calls, SMALL), max(ms, SMALL), max(*errors, SMALL)


def _costs(
    track: Track, moment: Any, error: float | None, scales: tuple[float, ...], time_apart: Apart
) -> tuple[Cost, ...]:
    if moment is None:
        return NONE
    calls, ms = moment.step.calls, moment.ms
    calls_all, ms_all = _in_all(track, moment)
    is_part = track.is_complete and calls < calls_all
    text = f"{calls:,} of {calls_all:,.0f}" if is_part else f"{calls:,}"
    time = f"{milliseconds(ms)} of {milliseconds(ms_all)}" if is_part else milliseconds(ms)
    return (
        Cost(text, calls / scales[0], calls_all / scales[0], f"{calls:,}"),
        _time(time, ms, ms_all, scales[1], track.request.count, time_apart),
        Cost("") if error is None else Cost(distance(error), error / scales[2]),
    )


def _time(text: str, ms: float, ms_all: float, scale: float, count: int, time_apart: Apart) -> Cost:
    """What all pictures of a column took together, and one of them; no bar where that was at another time."""
    told = f"How long {counted(count, 'picture')} took together on this computer: {milliseconds(ms / count)} a picture."
    help_ = told if count > 1 else "How long the picture took on this computer."
    name, short = f"time of {counted(count, 'picture')}", milliseconds(ms)
    if time_apart:
        help_ += f" That was {time_apart} than the other columns, so it has no bar: a computer is not always as fast."
        return Cost(text, 0.0, 0.0, short, name, help_, time_apart)
    return Cost(text, ms / scale, ms_all / scale, short, name, help_)
