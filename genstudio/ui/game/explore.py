"""Codes explored while the generator learns: it answers between two iterations, and from its own past."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Slot

from genstudio import api
from genstudio.engine import Failure
from genstudio.errors import sentence, whole
from genstudio.ui.game.explore_controls import ALL, ExploreControls
from genstudio.ui.game.explore_state import Explored
from genstudio.ui.game.explore_view import HELP, ExploreView
from genstudio.ui.game.explore_walk import CodeWalk
from genstudio.ui.game.parts import Part
from genstudio.ui.latent.axes import Code

if TYPE_CHECKING:
    from genstudio.ui.game.view import GANView

NAME, TITLE = "explore", "Explore"
WAY_EVERY_S = 1.0  # the strip is drawn so often while the run goes on


class Explorer(Part):
    """Owns what is explored, and asks for its pictures while they are seen."""

    verbs = ("peek", "way")
    page: GANView

    def __init__(self, page: GANView) -> None:
        super().__init__(page)
        self.state = Explored()
        self.view, self.controls = ExploreView(), ExploreControls(page.inspector)
        page.views.add(NAME, TITLE, HELP, self.view)
        self.classes: tuple[str, ...] = ()
        self._asked: dict[str, api.PeekRequest | None] = dict.fromkeys(self.verbs)  # not yet answered
        self._drawn: dict[str, Any] = dict.fromkeys(self.verbs)  # of which run at which iteration, and what
        self._way_at, self._has_failed = 0.0, False
        self._rng = np.random.default_rng()
        self.walk = CodeWalk(self._goal, self._is_late, self)
        self.walk.moved.connect(self._wandered)
        self.walk.stopped.connect(self._stayed)
        self.view.left.connect(self._stay)
        self.view.walk_wanted.connect(self.toggle_walk)
        self.view.stage.cell_clicked.connect(self._class_clicked)
        self.view.strip.changed.connect(self._along)
        self.view.strip.grabbed.connect(self._stay)
        self.view.strip.finished.connect(page.remember)
        page.stage.cell_double_clicked.connect(self.begin_at)
        page.views.chosen.connect(self._view_chosen)
        self._connect(self.controls)

    def _connect(self, controls: ExploreControls) -> None:
        controls.code_changed.connect(self._moved)
        controls.grabbed.connect(self._stay)
        controls.finished.connect(self.page.remember)
        controls.lock_wanted.connect(self._lock)
        controls.class_chosen.connect(self._choose_class)
        controls.psi_moved.connect(self._truncate)
        controls.random_wanted.connect(self._random)
        controls.centre_wanted.connect(self._centre)
        controls.walk_wanted.connect(self.toggle_walk)
        controls.a_wanted.connect(self._set_a)
        controls.b_wanted.connect(self._set_b)
        controls.ends_wanted.connect(self._random_ends)

    # ---- what is seen -------------------------------------------------------------------------------------

    def is_seen(self) -> bool:
        """Whether the pictures of the code are on the stage, and there is a generator."""
        return self.page.views.seen() == NAME and not self.page.is_walking and len(self.page.run.history) > 0

    def show(self) -> None:
        """The same code through the generator as it is at the moment that is looked at."""
        is_seen = self.is_seen()
        self.controls.section.setVisible(is_seen)
        if not is_seen:
            self._stay()
            return
        self._fit()
        if self._has_failed:  # until the user asks for something else
            return
        if self._drawn["peek"] != self._key("peek"):
            self._ask("peek")
        elif self._asked["peek"] is None:
            self._ask_way()

    def _ask_way(self) -> None:
        """For the strip, if it is another one now: the picture comes first."""
        is_due = self.page.run.state != "running" or time.monotonic() - self._way_at >= WAY_EVERY_S
        if is_due and self._drawn["way"] != self._key("way"):
            self._ask("way")

    def _fit(self) -> None:
        """As many numbers as the generator takes; those of the run's first samples at first."""
        settings = self.page.run.settings()
        if len(self.state.z) != settings.latent_dim:
            self._stay()
            self.state = Explored.first(settings.seed, settings.latent_dim)
            self.page.drifted()  # no hand has changed it, so it is no step of undo
            self.page.can_undo()
        self.controls.show_state(self.state)

    def iteration(self) -> int:
        """Of which the generator is asked for; of a run that broke the last good one answers."""
        run, moment = self.page.run, self.page.run.history.shown()
        if moment is None or (run.history.is_live and run.state != "failed"):
            return api.NOW
        return moment.iteration

    def _request(self, verb: str) -> api.PeekRequest:
        make = self.state.request if verb == "peek" else self.state.way
        return make(self.page.run.place, self.iteration(), len(self.classes))

    def _key(self, verb: str) -> Any:
        """What decides about picture or strip: of a run that goes on now is another moment each time."""
        run, state, iteration = self.page.run, self.state, self.iteration()
        codes = (state.z, state.has_all) if verb == "peek" else (state.a, state.b)
        return run, iteration, iteration == api.NOW and run.iteration, self.classes, state.label, state.psi, codes

    def _ask(self, verb: str) -> None:
        """For the picture or the strip; one that is still on its way is not waited for."""
        if not self.is_seen() or self.page.run.left is not None:  # it is about to go back
            return
        request = self._request(verb)
        self._asked[verb], self._drawn[verb] = request, self._key(verb)
        if verb == "way":
            self._way_at = time.monotonic()
        self.page.ask("train", verb, request)

    def handle(self, verb: str, event: Any) -> None:
        """A picture, or why there is none."""
        asked = self._asked[verb]
        if isinstance(event, Failure):
            self._asked[verb], self._has_failed = None, True
            self._stay()
            self.view.clear(whole(sentence(event.error)))
        elif isinstance(event, api.PeekedEvent) and self._is_of_this(event.request):
            if event.request == asked:
                self._asked[verb] = None
            self._learn(event.classes)
            if verb == "way":
                self.view.show_way(event.images)
            else:
                self.view.show_picture(event)
                self._ask_way()

    def _is_of_this(self, request: api.PeekRequest) -> bool:
        """Whether it is of this run and moment; a code that the hand has left meanwhile is still to be seen."""
        return (request.place, request.iteration) == (self.page.run.place, self.iteration()) and self.is_seen()

    def _learn(self, classes: tuple[str, ...]) -> None:
        if classes != self.classes:
            self.classes = classes
            self.controls.show_classes(classes)
            self.show()

    # ---- what the user does -------------------------------------------------------------------------------

    def _put(self, state: Explored, position: float | None = None) -> None:
        self.state, self._has_failed = state, False
        self.view.strip.set_position(position)
        if self.is_seen():
            self.controls.show_state(state)
            self._ask("peek")

    def _set(self, state: Explored) -> None:
        """A change that is finished at once."""
        self._put(state)
        self.page.remember()

    @Slot(object)
    def _moved(self, z: Code) -> None:
        self._put(self.state.at(z))

    @Slot(float)
    def _along(self, position: float) -> None:
        self._put(self.state.at(self.state.on_way(position)), position)

    @Slot(float)
    def _truncate(self, psi: float) -> None:
        self._put(replace(self.state, psi=round(psi, 2)))

    @Slot(int)
    def _lock(self, latent: int) -> None:
        self._stay()
        self._set(replace(self.state, locked=tuple(sorted({latent} ^ set(self.state.locked)))))

    @Slot(object)
    def _choose_class(self, label: int) -> None:
        same = replace(self.state, has_all=label == ALL)
        self._set(same if label == ALL else replace(same, label=label))

    @Slot(int)
    def _class_clicked(self, index: int) -> None:
        if self.state.has_all and self.classes:
            self._choose_class(index)

    def random(self) -> bool:
        """Another code, where it is seen."""
        if self.is_seen():
            self._random()
        return self.is_seen()

    @Slot()
    def _random(self) -> None:
        self._stay()
        self._set(self.state.randomised(self._rng))

    @Slot()
    def _centre(self) -> None:
        self._stay()
        self._set(self.state.at(np.zeros(len(self.state.z))))

    @Slot()
    def _set_a(self) -> None:
        self._set(replace(self.state, a=self.state.z))

    @Slot()
    def _set_b(self) -> None:
        self._set(replace(self.state, b=self.state.z))

    @Slot()
    def _random_ends(self) -> None:
        a, b = (self.state.randomised(self._rng).z for _ in "ab")
        self._set(replace(self.state, a=a, b=b))

    @Slot(int)
    def begin_at(self, index: int) -> None:
        """Explore from the code of a sample."""
        run = self.page.run
        if self.page.is_walking or not len(run.history):
            return
        self._fit()
        settings = run.settings()
        self.state = self.state.of_sample(settings.seed, index)
        self.page.views.set_value(NAME)
        self.view.strip.set_position(None)
        self.page.remember()
        self.page.refresh()
        self.view.stage.setFocus()

    @Slot(str)
    def _view_chosen(self, name: str) -> None:
        """A sample that is selected is what one wants to explore, once."""
        if name == NAME and self.page.stage.selected() >= 0:
            self.begin_at(self.page.stage.selected())
            self.page.stage.set_selected(-1)

    # ---- the walk -----------------------------------------------------------------------------------------

    @Slot()
    def toggle_walk(self) -> None:
        """The code wanders, or stays where it has come to."""
        if self.walk.is_going:
            self.walk.stop()
        elif self.is_seen():
            self.walk.start(np.array(self.state.z))
            self.controls.show_walk(True)

    def _goal(self) -> Code:
        return self._rng.standard_normal(len(self.state.z))

    def _is_late(self) -> bool:
        return self._asked["peek"] is not None

    @Slot(object)
    def _wandered(self, z: Code) -> None:
        self._put(self.state.at(self.state.held(z)))

    @Slot()
    def _stay(self) -> None:
        self.walk.stop()

    @Slot()
    def _stayed(self) -> None:
        """Where it has come to is a finished change."""
        self.controls.show_walk(False)
        self.page.remember()

    # ---- undo, and from one start to the next -------------------------------------------------------------

    def parameters(self) -> dict[str, Any]:
        """The code and all that belongs to it."""
        return {NAME: self.state.to_dict()} if self.state.z else {}

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Go back to such parameters."""
        state = Explored.from_dict(values.get(NAME))
        if state is not None and state != self.state:
            self.walk.stop(quietly=True)
            self.controls.show_walk(False)
            self._put(state)
