"""Asks three models for the same place: two answer at once, the third with a few steps first and all when one rests."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.errors import sentence, whole
from genstudio.ui.bridge import Bridge
from genstudio.ui.triptych.state import DIFFUSION, KINDS
from genstudio.ui.triptych.times import Times, Took

LANE = "play"
QUICK = range(DIFFUSION)  # the columns that answer at once
DRAFT, FULL = "draft", "full"  # the slots of the diffusion model
REST_MS = 250  # without a move: the hand rests
Request = api.PanelRequest | None


class Asker(QObject):
    """Owns the slots of the three models; lives on the window thread. The page hands it the slots' events.

    A draft that is under way ends before that of a newer place begins, so that these pictures follow the hand; all
    steps are given up as soon as it moves.

    Signals:
        arrived: a column has other pictures, or has come further, or cannot go.
    """

    arrived = Signal(int)

    def __init__(self, bridge: Bridge, slot: Callable[[str], str], parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._slot = bridge, slot
        self.pictures: list[api.Pictures | None] = [None] * len(KINDS)
        self.errors = [""] * len(KINDS)
        self.step = 0  # of all steps, how many are done for the place that is asked for
        self.shows_draft = False  # the diffusion model's pictures are those of few steps
        self.shown: Request = None  # how its pictures were asked for
        self._times = Times()  # of a picture, by what was measured
        self._asked: list[Request] = [None] * len(KINDS)
        self._answered: list[Request] = [None] * len(KINDS)
        self._models = [""] * len(KINDS)  # whose pictures these are
        self._draft: Request = None  # what is wanted
        self._running: Request = None  # the draft that is under way
        self._drafted: Request = None  # the draft that is there
        self._goes_on = False  # all steps are under way
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._go_on)

    # ---- what is known --------------------------------------------------------------------------------

    def took(self, request: Request) -> Took | None:
        """What a picture takes that is asked so, at whatever place; None if it is not known."""
        return self._times.took(_measured(request))

    @property
    def is_late(self) -> bool:
        """Whether the pictures of a VAE or a GAN are still on their way."""
        asked = self._asked
        return any(asked[k] not in (None, self._answered[k]) and not self.errors[k] for k in QUICK)

    @property
    def is_whole(self) -> bool:
        """Whether the diffusion model has gone all its steps for the place that is asked for."""
        return self._asked[DIFFUSION] is not None and self._answered[DIFFUSION] == self._asked[DIFFUSION]

    @property
    def is_old(self) -> bool:
        """Whether the diffusion model's pictures were asked for otherwise than those wanted, not only elsewhere."""
        wanted = self._asked[DIFFUSION], self._draft
        if self.pictures[DIFFUSION] is None or self.shown is None or wanted[0] is None:
            return False
        return not any(_is_other_place(self.shown, one) for one in wanted)

    @property
    def is_settled(self) -> bool:
        """Whether all that was asked for is there, or cannot come."""
        last = self.is_whole or self._asked[DIFFUSION] is None or bool(self.errors[DIFFUSION])
        return not self.is_late and last

    # ---- asking ---------------------------------------------------------------------------------------

    def ask(self, requests: Sequence[Request], draft: Request) -> None:
        """Ask what is new of each column; None empties it.

        Args:
            draft: Of the diffusion model the same in few steps.
        """
        for k in QUICK:
            if requests[k] != self._asked[k] and not self._fails_again(k, requests[k]):
                self._ask_quick(k, requests[k])
        full = requests[DIFFUSION]
        if full != self._asked[DIFFUSION] and self._fails_again(DIFFUSION, full):
            self._draft = draft
        elif full is not None and full == self._answered[DIFFUSION] and self._draft is None:
            self._asked[DIFFUSION], self._draft = full, draft  # it was there before a stop
        elif full != self._asked[DIFFUSION] or draft != self._draft:
            self._note(DIFFUSION, full)
            self._want(draft)

    def _ask_quick(self, k: int, request: Request) -> None:
        slot, before = self._slot(KINDS[k].name), self._models[k]
        self._note(k, request)
        if self._models[k] != before:  # nor does a failure of the one before count any more
            self._bridge.cancel(LANE, slot)
        if request is not None:
            self._bridge.submit(LANE, slot, request)

    def _fails_again(self, k: int, request: Request) -> bool:
        """Whether a model that cannot draw is asked for no more than another place; it is asked for that no more."""
        fails = bool(self.errors[k]) and request is not None and _measured(request) == _measured(self._asked[k])
        if fails:
            self._asked[k] = request
        return fails

    def _note(self, k: int, request: Request) -> None:
        """What is asked of a column from now on; what does not count for it any more is forgotten."""
        self._asked[k], self.errors[k] = request, ""
        if ("" if request is None else request.model) != self._models[k]:
            self.pictures[k] = self._answered[k] = None
            self._models[k] = "" if request is None else request.model

    def _want(self, draft: Request) -> None:
        self._bridge.cancel(LANE, self._slot(FULL))
        self._goes_on, self.step = False, 0
        self._draft, self._answered[DIFFUSION] = draft, None
        if self._running is not None and not _is_other_place(self._running, draft):
            self._bridge.cancel(LANE, self._slot(DRAFT))
            self._running = None
        self._drafted = None if draft is None or self._drafted != draft else draft
        if draft is None:
            self._rest.stop()
            return
        self._rest.start()
        if self._running is None:
            self._begin_draft()

    def _begin_draft(self) -> None:
        if self._draft is not None and self._draft != self._drafted:
            self._running = self._draft
            self._bridge.start(LANE, self._slot(DRAFT), self._draft)

    @Slot()
    def _go_on(self) -> None:
        """All steps, once the hand rests and the draft is there."""
        is_there = self._drafted is not None and self._drafted == self._draft
        if self._rest.isActive() or not is_there or self._goes_on or self.is_whole:
            return
        self._goes_on = True
        self._bridge.start(LANE, self._slot(FULL), self._asked[DIFFUSION])

    def stop(self) -> None:
        """Nobody looks: compute nothing; what is asked next is asked anew."""
        self._rest.stop()
        for name in (DRAFT, FULL, *(KINDS[k].name for k in QUICK)):
            self._bridge.cancel(LANE, self._slot(name))
        self._asked = [None] * len(KINDS)
        self._draft = self._running = self._drafted = None
        self._goes_on = False

    def forget(self) -> None:
        """The same, and nothing that was there before counts: a model file has changed."""
        self.stop()
        self.pictures, self._answered = [None] * len(KINDS), [None] * len(KINDS)
        self.errors, self._models = [""] * len(KINDS), [""] * len(KINDS)
        self._times.clear()

    # ---- events ---------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Note an event of one of the slots."""
        column = next((k for k in QUICK if KINDS[k].name == verb), DIFFUSION)
        if isinstance(event, Failure):
            self.errors[column] = whole(sentence(event.error))
            self.pictures[column] = self._answered[column] = None
            if column == DIFFUSION:
                self._running, self._goes_on = None, False
                self._rest.stop()
        elif column != DIFFUSION and isinstance(event, api.PicturesEvent):
            self._take(column, event)
        elif verb == DRAFT:
            self._take_draft(event)
        elif verb == FULL and isinstance(event, api.PanelEvent):
            self._take_step(event)
        self.arrived.emit(column)

    def _take(self, k: int, event: api.PicturesEvent) -> None:
        if _measured(event.request) == _measured(self._asked[k]):  # else it is late, and of another model
            self.pictures[k], self._answered[k] = event.images, event.request
            self._clock(event)

    def _take_draft(self, event: Any) -> None:
        if isinstance(event, api.PanelEvent) and event.step == event.count and event.request == self._running:
            self.pictures[DIFFUSION], self.shows_draft = event.images, True
            self._drafted = self.shown = event.request
            self._clock(event)
            if event.request == self._asked[DIFFUSION]:  # so few steps are all
                self._finish(event)
        elif isinstance(event, Ended):
            self._running = None
            self._begin_draft()
            self._go_on()

    def _take_step(self, event: api.PanelEvent) -> None:
        """One of all steps; its pictures are there after the last."""
        if event.request == self._asked[DIFFUSION]:
            self.step = event.step
            if event.step == event.count:
                self._clock(event)
                self._finish(event)

    def _finish(self, event: api.PanelEvent) -> None:
        self.pictures[DIFFUSION], self.shows_draft = event.images, False
        self._answered[DIFFUSION], self.step = event.request, event.count
        self.shown = event.request

    def _clock(self, event: api.PicturesEvent | api.PanelEvent) -> None:
        request = event.request
        assert isinstance(request, api.PanelRequest)
        self._times.add(_measured(request), event.compute_ms / request.count)


def _measured(request: Request) -> object:
    """What a time was measured of: another place takes as long."""
    return None if request is None else (request.panel, request.count)


def _is_other_place(running: api.PanelRequest, wanted: Request) -> bool:
    """Whether both are of the same model on the same way, and differ by no more than the place on it."""
    return wanted is not None and dataclasses.replace(running, position=wanted.position) == wanted
