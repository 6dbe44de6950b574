"""A branch beside what it leaves: both are played as far as is wanted, and compared."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion import branches_words as words
from genstudio.ui.diffusion.branches import Branch, Shelf, Tree, take, way_at
from genstudio.ui.diffusion.branches_controls import ALONG, NO_BRANCH, ON_TRUNK, BranchControls
from genstudio.ui.diffusion.player import LANE
from genstudio.ui.diffusion.view import DiffusionView


class BesideView(DiffusionView):
    """Owns the tree and the steps of its branches; the player plays the one that is shown."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        self.tree: Tree | None = None
        super().__init__(bridge, parent)
        self.shelf = Shelf()
        self.branching = BranchControls(self.inspector)
        self._is_active = self._is_beside = self._is_trunk_coming = False

    def _play(self, playing: bool, until: int) -> None:
        assert self.tree is not None
        self.leave_trunk()
        branch = self.tree.shown
        parent = self.shelf.kept(self.tree.branches[branch.parent]) if branch.parent >= 0 else None
        reel = self.shelf.reel(branch, parent)
        is_done = self._is_done(branch)
        count = reel[-1].index if is_done else branch.first + way_at(branch.process, branch.first).steps
        self.player.go(branch.process, reel, count, playing, until)

    @Slot(bool)
    def show_beside(self, is_beside: bool) -> None:
        """The trunk's pictures at the same level, and the difference."""
        if why_not := self._why_not_beside():
            self.tell(why_not)
            return
        self._is_beside = is_beside
        self.branching.set_beside(is_beside)
        if not is_beside:
            self.view.leave_path()
        self.follow_trunk()
        self.refresh()

    def _why_not_beside(self) -> str:
        """Why it would change nothing, a sentence; "" where it does."""
        if self.tree is None or len(self.tree.branches) < 2:
            return NO_BRANCH
        if not self.tree.here:
            return ON_TRUNK
        return ALONG if self.view.is_path else ""

    def _other(self) -> Branch | None:
        """What a branch is compared with: the trunk, or where nothing is changed what it leaves."""
        if self.tree is None or not self.tree.here:
            return None
        shown = self.tree.shown
        return self.tree.trunk if shown.own else self.tree.branches[shown.parent]

    def follow_trunk(self) -> None:
        """Let what the branch is compared with come to its end, when it is wanted."""
        other = self._other()
        if other is None or self._is_trunk_coming or not self._is_active:
            return
        if not (self._is_beside or self.player.is_at_end):
            return
        reel = self.shelf.reel(other)
        if self._is_done(other):
            return
        self._is_trunk_coming = True
        rest = api.BranchRequest(other.process, reel[-1].index) if len(reel) else other.process
        self.bridge.start(LANE, self.slot("trunk"), rest)

    def _is_done(self, branch: Branch) -> bool:
        """Whether it has come to the clean picture."""
        reel = self.shelf.kept(branch)
        return reel is not None and len(reel) > 0 and reel[-1].t <= 0

    def take_trunk(self, event: object) -> None:
        """Steps of it have come."""
        other = self._other()
        if isinstance(event, api.DenoiseEvent) and other is not None and event.request == other.process:
            for step in event.steps:
                take(self.shelf.reel(other), step)
        elif isinstance(event, (Ended, Failure)):
            self._is_trunk_coming = False
        self.refresh()

    def leave_trunk(self) -> None:
        """Nobody wants it any more."""
        if self._is_trunk_coming:
            self._is_trunk_coming = False
            self.bridge.cancel(LANE, self.slot("trunk"))

    def _verdict(self) -> str:
        other = self._other()
        if other is None or not self.player.is_complete:
            return ""
        if not self._is_done(other):
            return words.WAITING if self._is_trunk_coming else ""
        return words.verdict(self.steps[-1], self.shelf.reel(other)[-1], other.parent < 0)

    def _show_trunk(self) -> None:
        other, step = self._other(), self.steps.shown()
        self.branching.allow_beside(self._why_not_beside())
        self.view.trunk = None
        if self._is_beside and other is not None and step is not None:
            reel = self.shelf.kept(other)
            self.view.trunk = min(reel.values(), key=lambda s: abs(s.t - step.t), default=None) if reel else None
