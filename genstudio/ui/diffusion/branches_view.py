"""Going another way from a step: from where changes count, the brush, and the tree of branches."""

from __future__ import annotations

import dataclasses
import html

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.api.brush import Stroke, text_of
from genstudio.api.guidance import classes_asked
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion import branches_words as words
from genstudio.ui.diffusion.branches import (
    NOISE,
    PAINT,
    Branch,
    Tree,
    asked_from,
    title_of,
    touched_at,
    way_at,
)
from genstudio.ui.diffusion.branches_beside import BesideView
from genstudio.ui.diffusion.branches_list import Entry
from genstudio.ui.diffusion.brush import Brush

NEVER_ON_THE_WAY = ("model", "seed", "count", "start")  # what can only be asked for from the beginning


class BranchingView(BesideView):
    """Makes branches where something is changed, returns to them and removes them."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.start = 0  # the step from which changes count; 0 the noise
        self._form: tuple[object, ...] = ()  # what the form shows
        self.brush = Brush(self.stage, self.view.picture_of)
        self.branching.start_chosen.connect(self._start_chosen)
        self.branching.brush_changed.connect(self._brush_changed)
        self.branching.noise_wanted.connect(self._put_noise_back)
        self.branching.repeat_wanted.connect(self._repeat)
        self.branching.remove_wanted.connect(self._remove_shown)
        self.branching.beside_toggled.connect(self.show_beside)
        self.branching.list.chosen.connect(self.show_branch)
        self.branching.list.removed.connect(self.remove_branch)
        self.brush.stroked.connect(self._stroked)

    # ---- from where changes count ---------------------------------------------------------------------

    @property
    def inside(self) -> int:
        """The step that is shown, if it is on the way; 0 at its ends."""
        step = self.steps.shown()
        return step.index if step is not None and 0 < step.index < self.player.count else 0

    @property
    def most_noise(self) -> int:
        """How many levels with more noise lie behind the step that is shown; of a long way few steps are kept."""
        step = self.steps.shown()
        return step.above if step is not None and self.inside else 0

    def looked(self) -> None:
        """The hand has gone to a step, or plays on: settings count from there, or from where the branch begins."""
        step, tree = self.steps.shown(), self.tree
        is_at_noise = step is None or step.index == 0
        first = 0 if tree is None or (is_at_noise and not self.player.is_playing) else tree.shown.first
        self.start = first if self.player.is_playing else self.inside or first
        self.follow_trunk()
        self.refresh()

    @Slot(str)
    def _start_chosen(self, start: str) -> None:
        first = self.tree.shown.first if self.tree else 0
        self.start = (self.inside or first) if start == "here" else 0
        self.refresh()

    def ask_from_noise(self, wanted: api.DenoiseRequest) -> api.DenoiseRequest:
        """Show in the form what is asked for from the noise; what it takes of that."""
        self.start, self._form = 0, ()
        self.controls.count_from(None)
        self.controls.set_request(wanted)
        return self.controls.request(wanted.model)

    def asked_from_noise(self) -> api.DenoiseRequest:
        """What the form asks for from the noise; of a form that counts from a step, what never does."""
        form = self.controls.request(self._key())
        if not self.start or self.tree is None:
            return form
        kept = {name: getattr(form, name) for name in NEVER_ON_THE_WAY}
        return self.ask_from_noise(dataclasses.replace(self.tree.trunk.process, **kept))

    def _key(self) -> str:
        raise NotImplementedError

    def branch_off(self) -> bool:
        """Go from the start another way, as the form asks; False if that is to begin with the noise."""
        if not self.start or self.tree is None:
            return False
        form, trunk = self.controls.request(self._key()), self.tree.trunk.process
        if any(getattr(form, name) != getattr(trunk, name) for name in NEVER_ON_THE_WAY):
            return False
        process = self.tree.shown.process
        if not self.controls.eta.isEnabled():
            form = dataclasses.replace(form, eta=way_at(process, self.start).eta)
        self._fork(asked_from(process, self.start, form), self.start, playing=True)
        return True

    # ---- the tree -------------------------------------------------------------------------------------

    def start_tree(self, until: int = -1) -> None:
        """Play what is shown from the noise."""
        self.tree = self.tree or Tree.of(self.controls.request(self._key()))
        self.shelf.drop(self.tree.shown)
        self.start = self.tree.shown.first
        self._play(playing=self._is_active, until=until)

    def show_tree(self, tree: Tree) -> None:
        """Another tree: the same trunk's at the step that is shown, another one's from the noise."""
        before, self.tree = self.tree, tree
        if before is None or self.player.request is None or before.trunk != tree.trunk:
            if before is not None and self.player.request is not None:
                self.start_tree()
        elif before.shown != tree.shown:
            self._switch()
        self.refresh()

    @Slot(int)
    def show_branch(self, place: int) -> None:
        """Return to a branch, to the same step."""
        if self.tree is not None and 0 <= place < len(self.tree.branches) and place != self.tree.here:
            self._touched()
            self.tree = self.tree.at(place)
            self._switch()
            self.remember()

    @Slot(int)
    def remove_branch(self, place: int) -> None:
        """Without it, and those that leave it."""
        if self.tree is not None and 0 < place < len(self.tree.branches):
            self._touched()
            before, self.tree = self.tree.shown, self.tree.without(place)
            if self.tree.shown != before:
                self._switch()
            self.remember()
            self.refresh()

    @Slot()
    def _remove_shown(self) -> None:
        if self.tree is not None:
            self.remove_branch(self.tree.here)

    def _switch(self) -> None:
        step, was_playing = self.steps.shown(), self.player.is_playing
        self._play(was_playing, -1 if step is None or was_playing else step.index)
        self.looked()

    def _fork(self, process: api.DenoiseRequest, first: int, playing: bool, is_again: bool = False) -> None:
        """A branch more, or another one in the place of one that begins there and is not at its end."""
        assert self.tree is not None
        shown = self.tree.shown
        if process == shown.process and not is_again:
            return
        before = self.steps
        if (known := self.tree.place_of(process, first)) > 0:
            self.tree = self.tree.at(known)
        elif self.tree.here and shown.first == first and not self.player.is_complete:
            self.tree = self.tree.changed(process)
        else:
            self.tree = self.tree.forked(process, first)
        if self.shelf.kept(self.tree.shown) is None:
            self.shelf.reel(self.tree.shown, before)
        self.start = first
        self._play(playing, first)
        if playing:
            self.player.set_playing(True)

    # ---- what is done to the picture of a step ----------------------------------------------------------

    @Slot(object)
    def _stroked(self, stroke: Stroke) -> None:
        self._touch(PAINT, text_of(stroke))

    @Slot(int)
    def _put_noise_back(self, steps: int) -> None:
        self._touch(NOISE, float(min(steps, max(self.most_noise, 1))))

    def _touch(self, name: str, value: float | str) -> None:
        if self.tree is not None and (step := self.inside):
            self._touched()
            change = api.Change(step, name, value)
            self._fork(touched_at(self.tree.shown.process, step, change), step, playing=False)
            self.remember()

    @Slot()
    def _repeat(self) -> None:
        if self.tree is not None and (step := self.inside):
            self._touched()
            parent = self.tree.branches[self.tree.parent_at(step)]
            self._fork(parent.process, step, playing=True, is_again=True)
            self.remember()

    def _touched(self) -> None:
        raise NotImplementedError

    @Slot()
    def _brush_changed(self) -> None:
        controls = self.branching
        if controls.tools.value() != "off":
            self.brush.set_brush(controls.tools.value(), controls.radius.value(), controls.targets.value() == "all")
            if self.player.is_playing and self.inside:
                self._touched()
                self.player.set_playing(False)
                self.looked()
        self.refresh()

    # ---- showing ----------------------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Form, brush, list and stage follow the step that is looked at."""
        if self.tree is not None and self._info is not None:
            self._show_form()
            self._show_brush()
            self._show_list()
            self._show_trunk()
        super().refresh()

    def _show_form(self) -> None:
        assert self.tree is not None and self._info is not None
        process, is_playing = self.tree.shown.process, self.player.is_playing
        form = (self.tree.trunk.process, process, self.start)
        if form != self._form:
            self._form = form
            levels = next((int(s.t) for s in self.steps.values() if s.index == self.start), self.player.count)
            before = way_at(self._parent().process, self.start) if self.start else None
            self.controls.count_from(before, levels)
            self.controls.set_request(way_at(process, self.start) if self.start else self.tree.trunk.process)
        can_paint = not self._info.family.startswith("latent")
        hint = words.hint(self.start, self.player.count, is_playing)
        is_inside = self.inside > 0
        is_possible = is_inside or self.tree.shown.first > 0
        self.branching.show_start(self.start, is_possible, is_inside, hint, can_paint)
        self.branching.set_most_noise(self.most_noise, is_inside)
        ends = (way_at(process, 0), way_at(process, self.player.count))
        first, last = (classes_asked(self._info, end.label, end.guidance, process.count) for end in ends)
        self.view.names = words.asked(first, last, self._info.classes)

    def _parent(self) -> Branch:
        assert self.tree is not None
        shown = self.tree.shown
        return self.tree.branches[shown.parent] if self.tree.here and shown.first == self.start else shown

    def _show_brush(self) -> None:
        assert self._info is not None
        has_brush = self.branching.tools.value() != "off" and not self._info.family.startswith("latent")
        is_free = not self.player.is_playing and self.inside > 0 and not self.view.is_path
        self.brush.set_in_hand(has_brush and is_free and len(self.steps) > 0)

    def _show_list(self) -> None:
        assert self.tree is not None and self._info is not None
        titles = {info.name: info.title for info in self.catalog.samplers} if self.catalog else {}
        entries = []
        for place, branch in enumerate(self.tree.branches):
            title = title_of(branch, self._info.classes, titles)
            reel = self.steps if place == self.tree.here else self.shelf.kept(branch)
            gone = reel[-1].index if reel is not None and len(reel) else 0
            count = branch.first + way_at(branch.process, branch.first).steps
            entries.append(Entry(title, words.about(branch, title), branch.parent, branch.first, gone, count))
        self.branching.list.show_entries(entries, self.tree.here)
        self.branching.allow_removing(self.tree.here > 0)

    def aside(self) -> str:
        """Which branch it is, and from where changes count."""
        if self.tree is None or self._info is None:
            return ""
        titles = {info.name: info.title for info in self.catalog.samplers} if self.catalog else {}
        here = html.escape(title_of(self.tree.shown, self._info.classes, titles)) if self.tree.here else ""
        return words.aside(here, self.start, self.inside, self._verdict() if self.player.is_at_end else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The brush wider or narrower, and the trunk beside the branch."""
        key = event.text().lower()
        if key in ("[", "]"):
            self.branching.widen(1 if key == "]" else -1)
        elif key == "t" and self.tree is not None and self.tree.here:
            self.show_beside(not self._is_beside)
        else:
            super().keyPressEvent(event)
