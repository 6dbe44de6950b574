"""Codes explored while the generator learns: what the user does with them, the walk, and undo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Slot

from genstudio.ui.game.explore_controls import ALL, ExploreControls
from genstudio.ui.game.explore_peek import NAME, PeekPart
from genstudio.ui.game.explore_state import Explored
from genstudio.ui.game.explore_walk import CodeWalk
from genstudio.ui.latent.axes import Code

if TYPE_CHECKING:
    from genstudio.ui.game.view import GANView


class Explorer(PeekPart):
    """Owns what is explored: code, class, truncation, the two ends, and the walk."""

    def __init__(self, page: GANView) -> None:
        super().__init__(page)
        self._rng = np.random.default_rng()
        self.walk = CodeWalk(self._goal, self._is_late, self)
        self.walk.moved.connect(self._wandered)
        self.walk.stopped.connect(self._stayed)
        self.view.left.connect(self.stay)
        self.view.walk_wanted.connect(self.toggle_walk)
        self.view.stage.cell_clicked.connect(self._class_clicked)
        self.view.strip.changed.connect(self._along)
        self.view.strip.grabbed.connect(self.stay)
        self.view.strip.finished.connect(page.remember)
        page.stage.cell_double_clicked.connect(self.begin_at)
        page.views.chosen.connect(self._view_chosen)
        self._connect(self.controls)

    def _connect(self, controls: ExploreControls) -> None:
        controls.code_changed.connect(self._moved)
        controls.grabbed.connect(self.stay)
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

    # ---- what the user does -------------------------------------------------------------------------------

    def _put(self, state: Explored, position: float | None = None) -> None:
        self.state, self._failed = state, None
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
        self.stay()
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
        self.stay()
        self._set(self.state.randomised(self._rng))

    @Slot()
    def _centre(self) -> None:
        self.stay()
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
    def stay(self) -> None:
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
