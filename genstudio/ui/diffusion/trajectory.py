"""The paths of pictures through the plane of two principal components, by branches. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakSet

import numpy as np
import numpy.typing as npt

from genstudio.api import DenoiseRequest, Floats, Layer, Scatter, Section, Track, TracksEvent, TracksRequest
from genstudio.ui.diffusion.branches import Tree

Key = tuple[DenoiseRequest, int, Layer]  # of a branch: its process and its first step; and what is followed
NO_TRACK = Track(np.zeros(0, np.int64), np.zeros((0, 0, 2), np.float32))
RIM = 0.5  # per cent of the background's places at each side that may lie beyond the edge


def followed(layer: Layer) -> Layer:
    """Of the noise and of the change the state's way is shown."""
    return "x0_hat" if layer == "x0_hat" else "x_t"


@dataclass(frozen=True, eq=False)
class Fork:
    """A branch on the map: its places (S, N, 2) at steps `indices` (S,), those until it begins among them."""

    indices: npt.NDArray[np.int64]
    places: Floats
    first: int  # the step at which it leaves another one; 0 of the trunk
    is_shown: bool
    title: str = ""

    def at(self, step: int) -> int:
        """The row of the step, or of the nearest one that is known; -1 if there is none."""
        return int(np.abs(self.indices - step).argmin()) if len(self.indices) else -1


class Paths:
    """What is known of the branches of a tree on one plane."""

    def __init__(self) -> None:
        self.scatter: Scatter | None = None
        self._tracks: dict[Key, Track] = {}
        self._open: WeakSet[TracksRequest] = WeakSet()  # whose answers are still wanted

    def set_scatter(self, scatter: Scatter | None) -> None:
        """Another plane: the places on the old one are forgotten."""
        self.scatter = scatter
        self.forget()

    def forget(self) -> None:
        """Other processes are played on the same plane; what was asked for comes too late."""
        self._tracks = {}
        self._open.clear()

    def wanted(self, tree: Tree, newest: dict[int, int], layer: Layer) -> TracksRequest | None:
        """A request for the steps that are not known yet; None if there is nothing to ask for.

        Args:
            newest: The newest step that was played of each branch, by its place in the tree.
        """
        sections = []
        for place, last in newest.items():
            branch = tree.branches[place]
            known = self._tracks.get((branch.process, branch.first, followed(layer)), NO_TRACK).indices
            after = int(known[-1]) if len(known) else branch.first - 1
            if after < last:
                sections.append(Section(branch.process, branch.first, after))
        plane = None if self.scatter is None else self.scatter.plane
        if not sections:
            return None
        request = TracksRequest(tuple(sections), followed(layer), plane)
        self._open.add(request)
        return request

    def take(self, event: TracksEvent) -> bool:
        """Join what has come to what is known; False if nobody waits for it any more."""
        request = event.request
        if request not in self._open or (request.plane is None and self.scatter is not None):
            return False
        if request.plane is None:
            self.scatter = event.own
        for section, track in zip(request.sections, event.tracks, strict=True):
            key = (section.process, section.first, request.layer)
            known = self._tracks.get(key, NO_TRACK)
            new = track.indices > (known.indices[-1] if len(known.indices) else -1)
            if new.any() and len(known.indices):
                indices = np.concatenate([known.indices, track.indices[new]])
                self._tracks[key] = Track(indices, np.concatenate([known.places, track.places[new]]))
            elif new.any():
                self._tracks[key] = track
        return True

    def forks(self, tree: Tree, layer: Layer, titles: list[str]) -> list[Fork]:
        """The branches that are known, the shown one last; `titles` are those of all branches of the tree."""
        found = []
        for place in sorted(range(len(tree.branches)), key=lambda k: k == tree.here):
            branch = tree.branches[place]
            track = self._whole(tree, place, followed(layer))
            if len(track.indices):
                found.append(Fork(track.indices, track.places, branch.first, place == tree.here, titles[place]))
        return found

    def _whole(self, tree: Tree, place: int, layer: Layer) -> Track:
        """A branch with the steps of those that it leaves."""
        branch = tree.branches[place]
        own = self._tracks.get((branch.process, branch.first, layer), NO_TRACK)
        if branch.parent < 0:
            return own
        before = self._whole(tree, branch.parent, layer)
        is_before = before.indices < branch.first
        if not is_before.any():
            return own
        if not len(own.indices):
            return Track(before.indices[is_before], before.places[is_before])
        indices = np.concatenate([before.indices[is_before], own.indices])
        return Track(indices, np.concatenate([before.places[is_before], own.places]))

    def bounds(self) -> tuple[Floats, Floats] | None:
        """The lower and the upper corner of what is to be seen, (2,) each; None without a plane."""
        if self.scatter is None:
            return None
        corners = [np.percentile(self.scatter.places, (RIM, 100 - RIM), axis=0)] if len(self.scatter.places) else []
        tracks = [track.places.reshape(-1, 2) for track in self._tracks.values() if len(track.indices)]
        corners += [np.stack([places.min(0), places.max(0)]) for places in tracks]
        if not corners:
            return None
        low: Floats = np.min([pair[0] for pair in corners], axis=0).astype(np.float32)
        high: Floats = np.max([pair[1] for pair in corners], axis=0).astype(np.float32)
        return low, high
