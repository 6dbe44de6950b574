"""What is seen of a run that goes on elsewhere: its samples, curves and checkpoints, and whether it still lives."""

from __future__ import annotations

import time
from html import escape
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from genstudio.api import RunFolderEvent, TrainEvent
from genstudio.ui.numbers import short
from genstudio.ui.tabs.training_run import TrainingRun
from genstudio.ui.theme import pad, px
from genstudio.ui.watch_run import words
from genstudio.ui.watch_run.checkpoint_list import CheckpointList
from genstudio.ui.watch_run.facts import Facts
from genstudio.ui.watch_run.plots import RunPlots
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.caption import Caption
from genstudio.ui.widgets.plain import plain
from genstudio.ui.widgets.sheet import Sheet
from genstudio.ui.widgets.slider import Slider
from genstudio.ui.widgets.stage import Stage

WIDE, HIGH = 1240, 820  # design px
TICK_MS = 1000
FINE = 1000  # parts of the bar


class WatchSheet(Sheet):
    """Takes looks at a folder in by `show_event`; asks for another folder, and for a checkpoint to be opened."""

    folder_wanted = Signal()
    checkpoint_wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Watch a run")
        self.folder = ""
        self.run = TrainingRun()
        self._event: RunFolderEvent | None = None
        self._waits = False  # the first look at the folder is on its way
        self._looked = time.monotonic()  # when the last look came
        self._begins_anew, self._failed = False, ""  # the next look tells all again; why the last one did not come
        self.about = QLabel()
        self.about.setProperty("role", "second")
        for label in (self.title, self.about):  # names that were not written here
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.choose = TextButton(words.CHOOSE, words.CHOOSE_HELP, "folder")
        self.facts = Facts((3, 2, 3, 3))
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress of the run")
        self.status = Caption(lines=1)
        self.stage = Stage(label="Samples of the run")
        self.scrubber = Slider(0, 1, 1)
        self.scrubber.setAccessibleName("Moment of the run")
        self.scrubber.setToolTip("Drag to see the samples of earlier iterations; at the right end they follow the run")
        self.moment = QLabel()
        self.moment.setProperty("role", "small")
        self.plots = RunPlots()
        self.files = CheckpointList()
        self.no_files = QLabel(words.NO_CHECKPOINTS)
        self.no_files.setProperty("role", "small")
        self.no_files.setWordWrap(True)
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._lay_out()
        self.choose.clicked.connect(self.folder_wanted)
        self.stage.button_clicked.connect(self.folder_wanted)
        self.files.chosen.connect(self.checkpoint_wanted)
        self.scrubber.moved.connect(self._scrubbed)
        self.plots.picked.connect(self._picked)
        self._clock.timeout.connect(self._show_times)

    def _lay_out(self) -> None:
        self.head.insertWidget(1, self.about, 1)
        self.head.setStretch(0, 0)
        self.head.insertWidget(2, self.choose)
        left = QFrame()
        left.setProperty("role", "stage")
        column = pad(QVBoxLayout(left), 8, 4)
        column.addWidget(self.stage, 1)
        row = pad(QHBoxLayout(), (8, 0, 8, 0), 12)
        row.addWidget(self.scrubber, 1)
        row.addWidget(self.moment)
        column.addLayout(row)
        self.curves = QFrame()
        self.curves.setProperty("role", "stage")
        pad(QVBoxLayout(self.curves), 8, 0).addWidget(self.plots)
        self.side = QWidget()
        right = pad(QVBoxLayout(self.side), 0, 8)
        right.addWidget(self.curves, 2)
        heading = QLabel("CHECKPOINTS: A CLICK OPENS ONE")
        heading.setProperty("role", "heading")
        right.addWidget(heading)
        right.addWidget(self.no_files)
        right.addWidget(self.files, 1)
        middle = pad(QHBoxLayout(), 0, 16)
        middle.addWidget(left, 3)
        middle.addWidget(self.side, 2)
        body = pad(QVBoxLayout(), (24, 4, 24, 16), 8)
        body.addWidget(self.facts)
        body.addWidget(self.progress)
        body.addWidget(self.status)
        body.addLayout(middle, 1)
        self.column.addLayout(body, 1)

    # ---- data in ------------------------------------------------------------------------------------

    def show_nothing(self) -> None:
        """No folder has been chosen yet."""
        self._begin("", words.NO_FOLDER)

    def begin(self, folder: str) -> None:
        """The first look at a folder is on its way."""
        self._begin(folder, f"Looking into {Path(folder).name} …")

    def _begin(self, folder: str, message: str) -> None:
        self.folder, self._event, self._waits, self._looked = folder, None, bool(folder), time.monotonic()
        self.set_title(Path(folder).name if folder else "Watch a run")
        self.title.setToolTip(plain(folder))
        self._forget()
        self.about.setText("")
        self.files.show_files(())
        self._begins_anew, self._failed = False, ""
        self._say(message, "" if folder else words.CHOOSE)
        self._show_parts()

    def _forget(self) -> None:
        self.run = TrainingRun()
        self.plots.clear()

    def show_event(self, event: RunFolderEvent) -> None:
        """What a look has found; of another folder it is of no use."""
        if event.request.folder != self.folder:
            return
        self._event, self._waits, self._looked = event, False, time.monotonic()
        if event.is_anew or (self._begins_anew and event.progress is not None):
            self._forget()
        self._begins_anew, self._failed = self._begins_anew and event.progress is None, ""
        if event.progress is not None:
            self._take(event.progress)
        self._show()

    def show_failure(self, text: str) -> None:
        """A look has failed as nobody expected, and so the next one begins anew; what was read stays until then."""
        self._waits, self._begins_anew = False, True
        if self.run.request is None:
            self._event = None
            self._say(words.failed(text), words.CHOOSE)
            return
        self._failed = text
        self._show_times()

    def _take(self, progress: TrainEvent) -> None:
        if self.run.request is None:
            self.plots.show_run(progress.request)
        self.run.request = progress.request
        self.run.take(progress)
        self.plots.add(progress)

    # ---- what is seen -------------------------------------------------------------------------------

    def _show(self) -> None:
        assert self._event is not None
        event, request = self._event, self.run.request
        self.about.setText(words.about(request, event.processes))
        goal = request.iterations if request is not None else 0
        self.progress.setRange(0, FINE)
        self.progress.setValue(round(FINE * min(self.run.iteration / goal, 1)) if goal else 0)
        if event.progress is not None:
            self.files.show_files(event.checkpoints)
        elif request is None:
            self.files.show_files(())
        self._show_parts()
        self.keyboard.enable(self.files, event.state not in ("missing", "unreadable"))  # none of them could be opened
        self._show_moment()
        self._show_times()

    def _say(self, text: str, button: str = "") -> None:
        """Words in the place of the pictures. Qt would give the keyboard of a button that goes to what lies behind."""
        if not button and self.stage.isAncestorOf(QApplication.focusWidget() or self):
            self.stage.setFocus(Qt.FocusReason.OtherFocusReason)
        self.stage.set_message(text, button)
        self.show_part(self.choose, not button)  # one of the two

    def _show_parts(self) -> None:
        """What there is room for, as long as there is nothing of a run."""
        request, has_files = self.run.request, self.files.count() > 0
        for part in (self.facts, self.status, self.side):
            self.show_part(part, request is not None)
        self.progress.setVisible(request is not None and request.iterations > 0)
        self.show_part(self.files, has_files)
        was_made_again = self._event is not None and self._event.is_made_again
        self.no_files.setText(words.NO_MORE_CHECKPOINTS if was_made_again else words.NO_CHECKPOINTS)
        self.no_files.setVisible(not has_files)
        for part in (self.scrubber, self.moment):
            self.show_part(part, len(self.run.history) > 0)

    def _show_moment(self) -> None:
        history = self.run.history
        shown = history.shown()
        if shown is None:
            assert self._event is not None
            needs_other = self._event.state in ("missing", "unreadable", "foreign")
            self._say(words.instead(self._event, self.folder), words.CHOOSE if needs_other else "")
            return
        self._say("")
        self.stage.set_pictures(shown.samples)
        self.scrubber.set_range(0, max(len(history) - 1, 1))
        if not self.scrubber.is_held():
            self.scrubber.set_value(history.position if len(history) > 1 else 1)
        self.scrubber.setEnabled(len(history) > 1)
        self.moment.setText(words.moment(shown.iteration, history.is_live))
        self.plots.set_cursor(None if history.is_live else shown.iteration)

    @Slot()
    def _show_times(self) -> None:
        """What changes by itself while nothing comes."""
        event, request = self._event, self.run.request
        deaf_s = time.monotonic() - self._looked
        if event is None:
            if self._waits and deaf_s > words.DEAF_S:
                self._say(words.deaf(self.folder, deaf_s))
            return
        silent_s = event.silent_s + deaf_s
        status = words.status(event, silent_s, deaf_s, request is not None)
        self.status.set_text(f"<error>{escape(words.failed(self._failed))}</error>" if self._failed else status)
        if request is None:
            return
        goal = request.iterations
        speed = event.progress.iterations_per_s if event.progress is not None else 0.0
        is_going = event.state == "running" and not words.is_silent(event, silent_s)
        self.facts.set_facts(
            (f"{self.run.iteration:,}", f"of {goal:,} iterations" if goal else "iterations, until it is stopped"),
            (short(speed) if speed and is_going else words.NONE, "iterations/s"),
            (words.left(self.run.iteration, goal, speed if is_going else 0.0), "left"),
            (words.ago(silent_s) if event.progress is not None else words.NONE, "written last"),
        )

    @Slot(float)
    def _scrubbed(self, position: float) -> None:
        self.run.history.look(round(position))
        self._show_moment()

    @Slot(float)
    def _picked(self, iteration: float) -> None:
        """The samples nearest to a place on the curves."""
        moments = self.run.history.values()
        if moments:
            distances = [abs(moment.iteration - iteration) for moment in moments]
            self.run.history.look(int(np.argmin(distances)))
            self._show_moment()

    # ---- open and closed ----------------------------------------------------------------------------

    def wanted_size(self, window: QWidget) -> tuple[int, int]:
        return px(WIDE), px(HIGH)

    def first_focus(self) -> QWidget:
        instead = self.stage.findChild(TextButton)
        return instead if instead is not None and not self.choose.isVisibleTo(self) else self.choose

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()
