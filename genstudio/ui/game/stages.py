"""Slow motion: an iteration stage by stage with its numbers, and turns of one player alone."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel

from genstudio.api import SlowEvent, SlowRequest, StageEvent, TurnEvent, TurnRequest
from genstudio.api.stages import Line, lines
from genstudio.engine import Failure
from genstudio.ui.game import stage_words as words
from genstudio.ui.game.parts import GamePage, Part
from genstudio.ui.game.stage_eye import ListEye
from genstudio.ui.game.stage_rows import StageList, State
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.check_box import CheckBox
from genstudio.ui.widgets.inspector import Section

CALM_S = 1.0  # from one stage to the next, if the tempo was full


class SlowMotion(Part):
    """The section "Step by step" of a page, and what it asks the session for."""

    verbs = ("slow", "turn")

    def __init__(self, page: GamePage, section: Section) -> None:
        super().__init__(page)
        self._tempo_before: float | None = None  # seconds from one iteration to the next
        self._waiting: list[str] = []  # learners of turns that have been asked for, the first one of the session
        self.switch = CheckBox("Slow motion")
        self.where = QLabel()
        self.where.setWordWrap(True)
        self.where.setProperty("role", "small")
        self.list = StageList()
        self.turns = {learner: TextButton(text, help_) for learner, (text, help_) in words.ALONE.items()}
        section.add_widget(self.switch)
        section.add_buttons(*self.turns.values())  # above what grows, so that they stay under the mouse
        section.add_widget(self.where)
        section.add_widget(self.list)
        self._eye = ListEye(page.inspector, self.switch, self.list)
        self.switch.toggled.connect(self._toggled)
        for learner, button in self.turns.items():
            button.setProperty("learner", learner)
            button.clicked.connect(self._turn_pressed)
        page.state_changed.connect(self.show)
        self.show()

    @property
    def is_slow(self) -> bool:
        """Whether a step is a stage."""
        return self.switch.isChecked()

    # ---- what is shown ------------------------------------------------------------------------------------

    @Slot()
    def show(self) -> None:
        """The stages of the iteration that is under way, or was the last."""
        page, run = self.page, self.page.run
        moment = run.history.shown()
        is_live = run.history.is_live or moment is None
        reason = words.why_not(run.stands, page.is_walking, is_live, moment.iteration if moment else 0)
        self.switch.setEnabled(not page.is_walking and is_live)
        self.switch.setToolTip(reason if not self.switch.isEnabled() else words.SLOW_HELP)
        for button in self.turns.values():
            button.allow(not reason and run.is_alive and bool(len(run.history)), reason or "Begin a run first.")
        told = () if reason else self._told()
        shows = self.is_slow or bool(told)
        self.list.setVisible(shows)
        self.list.setEnabled(not reason)
        self.where.setVisible(bool(reason) or shows)
        alone = _alone(told)
        is_over = bool(told) and (told[-1].number == told[-1].of or self._is_behind(told[-1]))
        self.where.setText(reason or words.where(told[-1] if told else None, run.iteration, is_over, alone))
        if shows:
            settings = run.settings() if run.request is not None else page.controls.form.value()
            is_critic = page.is_critic() if run.request is not None else False
            self.list.show_lines(_rows(lines(settings), told, self._is_behind), is_critic)
        self._eye.follow((told[-1].iteration, told[-1].update, told[-1].line.name) if told and shows else None)
        if not page.is_walking:
            page.controls.one_step.set_help(words.STAGE_HELP if self.is_slow else words.ITERATION_HELP)

    def _told(self) -> tuple[StageEvent, ...]:
        """Those of the iteration where the run is; none if it has gone on without them."""
        run = self.page.run
        return run.stages if run.stages and run.stages[-1].iteration >= run.iteration else ()

    def _is_behind(self, stage: StageEvent) -> bool:
        """Whether its iteration was finished by something else: a file was written, or a setting changed."""
        run = self.page.run
        last = run.stages[-1]
        is_finished = last.number < last.of and (
            run.iteration >= last.iteration or any(change.iteration >= last.iteration for change in run.changes)
        )
        return stage.iteration == last.iteration and is_finished

    # ---- what the user does -------------------------------------------------------------------------------

    @Slot(bool)
    def _toggled(self, is_on: bool) -> None:
        page = self.page
        page.ask("train", "slow", SlowRequest((page.player.run.place, page.player.away.place), is_on))
        if is_on and float(page.tempo.speed) == 0.0:
            self._tempo_before = 0.0
            self._set_tempo(CALM_S)
        elif not is_on and self._tempo_before is not None and float(page.tempo.speed) == CALM_S:
            self._set_tempo(self._tempo_before)
        if not is_on:
            self._tempo_before = None
        self.show()
        if is_on:
            self._eye.show_all()

    def _set_tempo(self, wait_s: float) -> None:
        self.page.tempo.speed_picker.set_value(wait_s)
        self.page.tempo.speed_changed.emit(wait_s)

    @Slot()
    def _turn_pressed(self) -> None:
        """The run pauses; the turn is asked for, and taken once the session knows of it."""
        self._waiting.append(self.sender().property("learner"))
        self.page.player.set_running(False)
        if len(self._waiting) == 1:
            self._ask_turn()
        self.page.refresh()

    def _ask_turn(self) -> None:
        self.page.ask("train", "turn", TurnRequest(self._waiting[0], self.page.run.place))  # type: ignore[arg-type]

    # ---- events -------------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """The session knows: take the turn; or finish what is half done."""
        page = self.page
        if isinstance(event, TurnEvent) and self._waiting:
            self._waiting.pop(0)
            if event.place == page.run.place and page.run.is_alive:  # else it would begin another run
                page.step_pressed()
        elif verb == "turn" and isinstance(event, Failure):
            self._waiting.clear()
        if verb == "turn" and self._waiting:
            self._ask_turn()
        is_left = isinstance(event, SlowEvent) and not event.on and page.run.place in event.half
        if is_left and page.run.state == "paused":
            page.player.step()


def _rows(
    known: tuple[Line, ...], told: tuple[StageEvent, ...], is_behind: Any
) -> tuple[tuple[Line, dict[str, float], State], ...]:
    """Each line with what was told of it in its player's newest update."""
    newest = {stage.line.player: stage.update for stage in told}
    by_name = {stage.line.name: stage for stage in told if stage.update == newest[stage.line.player]}
    rows: list[tuple[Line, dict[str, float], State]] = []
    for line in known:
        stage = by_name.get(line.name)
        if stage is None:
            rows.append((line, {}, "next"))
        else:
            is_now = stage is told[-1] and not is_behind(stage)
            rows.append((stage.line, stage.numbers, "now" if is_now else "done"))
    return tuple(rows)


def _alone(told: tuple[StageEvent, ...]) -> str:
    """Who has learned alone in a whole iteration; "" if nobody has."""
    players = {stage.line.player for stage in told}
    is_whole = bool(told) and told[-1].number == told[-1].of == len(told)
    return next(iter(players)) if is_whole and len(players) == 1 else ""
