"""The tree of a reverse process: its trunk, and the branches that go another way from one of its steps. No Qt."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genstudio.api import Change, DenoiseRequest, Step
from genstudio.ui.diffusion.stroke_words import strokes_in_words
from genstudio.ui.history import Reel

WAY = ("label", "guidance", "sampler", "steps", "spacing", "eta")  # what may be changed on the way
PAINT, NOISE = "paint", "noise"  # changes of the picture itself
MOST = 16  # branches
MOST_BYTES = 200_000_000  # of the steps of all branches


@dataclass(frozen=True)
class Branch:
    """A whole process, the step at which it leaves another branch, and the place of that one in the tree."""

    process: DenoiseRequest
    first: int = 0
    parent: int = -1

    @property
    def own(self) -> tuple[Change, ...]:
        """What is changed where it begins."""
        return tuple(change for change in self.process.changes if change.iteration == self.first) if self.first else ()


@dataclass(frozen=True)
class Tree:
    """The trunk first, every branch after the one that it leaves; `here` is the place of the one that is shown."""

    branches: tuple[Branch, ...]
    here: int = 0

    @staticmethod
    def of(process: DenoiseRequest) -> Tree:
        """The tree of a process with its changes: a branch for each step that has some."""
        tree = Tree((Branch(dataclasses.replace(process, changes=())),))
        for first in sorted({change.iteration for change in process.changes if change.iteration > 0}):
            changes = tuple(change for change in process.changes if change.iteration <= first)
            tree = tree.forked(dataclasses.replace(process, changes=changes), first)
        return tree

    @property
    def trunk(self) -> Branch:
        """The process that nobody has changed."""
        return self.branches[0]

    @property
    def shown(self) -> Branch:
        """The branch that is shown."""
        return self.branches[self.here]

    def at(self, here: int) -> Tree:
        """The same with another one shown."""
        return dataclasses.replace(self, here=here)

    def forked(self, process: DenoiseRequest, first: int) -> Tree:
        """With one branch more, which is shown: beside the shown one, if that begins at the same step."""
        tree = Tree((*self.branches, Branch(process, first, self.parent_at(first))), len(self.branches))
        while len(tree.branches) > MOST and (leaf := tree._oldest_leaf()) > 0:
            tree = tree.without(leaf)
        return tree

    def parent_at(self, first: int) -> int:
        """The place of the branch that a new one leaves at that step: the shown one, or one that it leaves."""
        place = self.here
        while place and self.branches[place].first >= first:
            place = self.branches[place].parent
        return place

    def place_of(self, process: DenoiseRequest, first: int) -> int:
        """Where such a branch is; -1 if there is none."""
        return next((k for k, b in enumerate(self.branches) if (b.process, b.first) == (process, first)), -1)

    def changed(self, process: DenoiseRequest) -> Tree:
        """With another process in the stead of the shown one."""
        branches = list(self.branches)
        branches[self.here] = dataclasses.replace(self.shown, process=process)
        return dataclasses.replace(self, branches=tuple(branches))

    def without(self, place: int) -> Tree:
        """Without a branch and those that leave it; where the shown one goes, its parent is shown."""
        gone = self._family(place)
        here = self.branches[place].parent if self.here in gone else self.here
        kept = [k for k in range(len(self.branches)) if k not in gone]
        new = {old: k for k, old in enumerate(kept)} | {-1: -1}
        branches = (dataclasses.replace(b, parent=new[b.parent]) for b in (self.branches[k] for k in kept))
        return Tree(tuple(branches), new[here])

    def _family(self, place: int) -> set[int]:
        family = {place}
        for k, branch in enumerate(self.branches):
            if branch.parent in family:
                family.add(k)
        return family

    def _oldest_leaf(self) -> int:
        parents = {branch.parent for branch in self.branches}
        return next((k for k in range(1, len(self.branches)) if k not in parents and k != self.here), 0)

    # ---- as plain values --------------------------------------------------------------------------------

    def to_values(self) -> list[Any]:
        """Of each branch its parent, its first step and its changes."""
        return [
            [b.parent, b.first, [[c.iteration, c.name, c.value] for c in b.process.changes]] for b in self.branches[1:]
        ]

    @staticmethod
    def from_values(trunk: DenoiseRequest, values: Any, here: Any) -> Tree:
        """The tree of such values; the trunk alone where they cannot be read."""
        branches = [Branch(dataclasses.replace(trunk, changes=()))]
        try:
            for parent, first, listed in values:
                changes = tuple(Change(step, name, value) for step, name, value in listed)
                right = 0 <= parent < len(branches) and first > 0 and all(map(_is_change, changes))
                if not right or [c.iteration for c in changes] != sorted(c.iteration for c in changes):
                    return Tree((branches[0],))
                branches.append(Branch(dataclasses.replace(trunk, changes=changes), first, parent))
        except (TypeError, ValueError):
            return Tree((branches[0],))
        return Tree(tuple(branches[:MOST]), here if type(here) is int and 0 <= here < min(len(branches), MOST) else 0)


def _is_change(change: Change) -> bool:
    return (
        type(change.iteration) is int
        and change.iteration > 0
        and change.name in (*WAY, PAINT, NOISE)
        and isinstance(change.value, str) == (change.name in (PAINT, "sampler", "spacing"))
        and isinstance(change.value, (str, int, float))
    )


# ---- what a process is asked for on its way --------------------------------------------------------------


def way_at(process: DenoiseRequest, step: int) -> DenoiseRequest:
    """What it is asked for from a step on; `steps` are those that are left."""
    fields: dict[str, Any] = {}
    last = process.steps
    for change in process.changes:
        if change.iteration > step:
            break
        if change.name == "steps":
            last = change.iteration + int(change.value)
        elif change.name == NOISE:
            last += int(change.value)
        elif change.name != PAINT:
            fields[change.name] = type(getattr(process, change.name))(change.value)
    return dataclasses.replace(process, **fields, steps=last - step, changes=())


def asked_from(process: DenoiseRequest, step: int, wanted: DenoiseRequest) -> DenoiseRequest:
    """The process up to a step, with what is done to its picture there, and then what is wanted."""
    until = _until(process, step)
    way = way_at(until, step)
    new = (Change(step, name, getattr(wanted, name)) for name in WAY if getattr(wanted, name) != getattr(way, name))
    return dataclasses.replace(until, changes=(*until.changes, *new))


def touched_at(process: DenoiseRequest, step: int, touch: Change) -> DenoiseRequest:
    """The process up to a step, with one thing more done to its picture there."""
    until = _until(process, step)
    asked = (c for c in process.changes if c.iteration == step and c.name not in (PAINT, NOISE))
    return dataclasses.replace(until, changes=(*until.changes, touch, *asked))


def _until(process: DenoiseRequest, step: int) -> DenoiseRequest:
    """Without what is asked for from that step on, but with what is done to its picture there."""
    kept = (c for c in process.changes if c.iteration < step or (c.iteration == step and c.name in (PAINT, NOISE)))
    return dataclasses.replace(process, changes=tuple(kept))


# ---- the steps that are kept -----------------------------------------------------------------------------


class Shelf:
    """Keeps the steps of branches, those that were shown last longest, within a budget."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._reels: OrderedDict[tuple[DenoiseRequest, int], Reel[Step]] = OrderedDict()

    def reel(self, branch: Branch, parent: Reel[Step] | None = None) -> Reel[Step]:
        """The steps of a branch; of a new one those of its parent until it begins, that step among them."""
        key = (branch.process, branch.first)
        if key not in self._reels:
            reel: Reel[Step] = Reel()
            self._reels[key] = reel
            for step in parent.values() if parent is not None else ():
                if step.index <= branch.first:
                    reel.append(step, size_of(step))
        self._reels.move_to_end(key)
        while len(self._reels) > 1 and sum(reel.bytes for reel in self._reels.values()) > self._most_bytes:
            self._reels.popitem(last=False)
        return self._reels[key]

    def kept(self, branch: Branch) -> Reel[Step] | None:
        """The same, if there are any."""
        return self._reels.get((branch.process, branch.first))

    def drop(self, branch: Branch) -> None:
        """Forget them."""
        self._reels.pop((branch.process, branch.first), None)


def take(reel: Reel[Step], step: Step) -> None:
    """Keep a step that has come; the newest one may come again."""
    if len(reel) and step.index <= reel[-1].index:
        reel.replace_newest(step, size_of(step))
    else:
        reel.append(step, size_of(step))


def size_of(step: Step) -> int:
    """Bytes of its pictures and codes."""
    return sum(part.nbytes for part in step.layers.values()) + sum(part.nbytes for part in step.codes.values())


# ---- words -----------------------------------------------------------------------------------------------


def words_of(changes: Sequence[Change], classes: Sequence[str], titles: Mapping[str, str]) -> str:
    """What is changed, in a few words: "guidance 3, class 7"; `titles` are those of the samplers."""
    strokes = [str(change.value) for change in changes if change.name == PAINT]
    parts = [strokes_in_words(strokes)] if strokes else []
    for change in changes:
        value = change.value
        if change.name == "label":
            number = int(value)
            named = classes[number] if 0 <= number < len(classes) else {-1: "all in turn"}.get(number, "none")
            parts.append(f"class {named}")
        elif change.name == "sampler":
            parts.append(titles.get(str(value), str(value)))
        elif change.name == "spacing":
            parts.append(f"{value} spacing")
        elif change.name == "steps":
            parts.append(f"{int(value)} more step{'' if int(value) == 1 else 's'}")
        elif change.name == NOISE:
            parts.append(f"{int(value)} step{'' if int(value) == 1 else 's'} back up")
        elif change.name != PAINT:
            parts.append(f"{'η' if change.name == 'eta' else change.name} {value:g}")
    return ", ".join(parts)


def title_of(branch: Branch, classes: Sequence[str], titles: Mapping[str, str]) -> str:
    """A branch in the list: "12: guidance 3"."""
    if branch.parent < 0:
        return "trunk"
    return f"{branch.first}: {words_of(branch.own, classes, titles) or 'unchanged'}"
