"""The view in which pictures go their ways over a map of real ones: what it asks the lanes, and what it shows."""

from __future__ import annotations

from html import escape
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.api.guidance import classes_asked
from genstudio.engine import Ended, Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.branches import title_of, way_at
from genstudio.ui.diffusion.start_suited import SuitedView
from genstudio.ui.diffusion.trajectory import Paths
from genstudio.ui.diffusion.trajectory_map import TrajectoryMap

MOST_PLANES = 4  # of models, kept while one goes back and forth
READING = "The map of {} is on its way."
OWN = "The map is made of this process's own pictures when it has come to its end."
NOT_HERE = "{} is not on this computer. " + OWN
UNREAD = "There is no map of {}: its pictures were not read. " + OWN


class MappedView(SuitedView):
    """Adds the map beside the pictures; nothing is computed while it is not looked at."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.paths, self.map = Paths(), TrajectoryMap()
        self._planes: dict[str, api.Scatter | None] = {}  # by the model's hash; None where it could not be made
        self._awaited = ""  # the hash of the model whose plane is on its way
        self._mapped: tuple[object, ...] = ()  # the model and the trunk on the map
        self._asked: tuple[object, ...] = ()  # what the tracks were asked for last
        self._painted: tuple[object, ...] = ()  # what the map shows
        self.stage_area.addWidget(self.map, 3)
        self.stage_area.setStretch(0, 2)
        self.map.hide()
        self.map.picture_chosen.connect(self._follow)
        self.stage.cell_clicked.connect(self._followed)

    @Slot()
    def refresh(self) -> None:
        """The map follows the step that is looked at."""
        super().refresh()
        is_map = self.view.view == "map"
        self.map.setVisible(is_map)
        if is_map and self.tree is not None and self._info is not None and self._is_active:
            self._find_plane(self._info)
            self._ask_tracks()
            self._show_map()

    @Slot(str)
    def show_view(self, view: str) -> None:
        """As before; one picture is followed on the map from the beginning."""
        is_new = view == "map" and self.view.view != "map"
        super().show_view(view)
        if is_new and self.view.followed < 0:
            self.view.follow(0)
            self.refresh()

    # ---- what is asked for ------------------------------------------------------------------------------

    def _find_plane(self, info: api.ModelInfo) -> None:
        """That of real pictures, if they are here; the paths on another one are forgotten."""
        assert self.tree is not None
        mapped = (info.sha256, self.tree.trunk.process)
        if mapped != self._mapped:
            self._mapped, self._asked = mapped, ()
            known = self._planes.get(info.sha256)
            if known is None or known is not self.paths.scatter:
                self.paths.set_scatter(known)
            self.paths.forget()
        is_asked = info.sha256 in self._planes or info.sha256 == self._awaited
        if not is_asked and self._has_data(info):
            self._awaited = info.sha256
            self.stream("io", "scatter", api.ScatterRequest(self._key()))

    def _has_data(self, info: api.ModelInfo) -> bool:
        """Whether the pictures that a model learned from are here; they may have been downloaded by now."""
        data = self.catalog.dataset(info.dataset) if self.catalog is not None else None
        return data is not None and data.available

    def _keep_plane(self, sha256: str, scatter: api.Scatter | None) -> None:
        self._planes = {**dict(list(self._planes.items())[1 - MOST_PLANES :]), sha256: scatter}
        if self._info is not None and self._info.sha256 == sha256 and scatter is not None:
            self.paths.set_scatter(scatter)

    def _ask_tracks(self) -> None:
        """The places of steps that have come since."""
        assert self.tree is not None and self._info is not None
        is_own = self.paths.scatter is None
        if is_own and (self._info.sha256 == self._awaited or not self._is_done(self.tree.trunk)):
            return
        newest = {}
        for place, branch in enumerate(self.tree.branches):
            reel = self.steps if place == self.tree.here else self.shelf.kept(branch)
            if reel is not None and len(reel):
                newest[place] = reel[-1].index
        asked = (self.tree.branches, tuple(newest.items()), self.view.layer, self.paths.scatter)
        if asked != self._asked:
            self._asked = asked
            if (request := self.paths.wanted(self.tree, newest, self.view.layer)) is not None:
                self.ask("play", "tracks", request)

    def take_map(self, verb: str, event: Any) -> None:
        """A plane, or places on it."""
        if verb == "scatter":
            if isinstance(event, api.ScatterEvent):
                self._keep_plane(self._awaited, event.scatter)
            elif isinstance(event, (Ended, Failure)):
                if self._awaited and self._awaited not in self._planes:
                    self._keep_plane(self._awaited, None)
                self._awaited = ""
        elif isinstance(event, api.TracksEvent) and self.paths.take(event):
            self._painted = ()
        self.refresh()

    # ---- what is shown ----------------------------------------------------------------------------------

    def _show_map(self) -> None:
        assert self.tree is not None and self._info is not None
        tree, info, scatter, step = self.tree, self._info, self.paths.scatter, self.steps.shown()
        self.map.set_message("" if scatter is not None else self._why_empty(info))
        drawn = (tree, self.view.layer, scatter)
        if drawn != self._painted:
            self._painted = drawn
            titles = {sampler.name: sampler.title for sampler in self.catalog.samplers} if self.catalog else {}
            names = [title_of(branch, info.classes, titles) for branch in tree.branches]
            self.map.set_scatter(scatter, info.classes, self.paths.bounds())
            self.map.set_forks(self.paths.forks(tree, self.view.layer, names), self._kinds(info))
        if step is not None:
            followed = self.view.followed
            pictures = step.layers[self.view.layer]
            self.map.set_here(step.index, followed, pictures[followed] if 0 <= followed < len(pictures) else None)

    def _why_empty(self, info: api.ModelInfo) -> str:
        words = READING if info.sha256 == self._awaited else UNREAD if info.sha256 in self._planes else NOT_HERE
        return words.format(api.called(info.dataset))

    def _kinds(self, info: api.ModelInfo) -> list[int]:
        """The classes that the pictures are asked to be of."""
        assert self.tree is not None
        process = self.tree.shown.process
        end = way_at(process, self.player.count)
        return classes_asked(info, end.label, end.guidance, process.count)

    def aside(self) -> str:
        """How much of what differs the map holds."""
        text, scatter = super().aside(), self.paths.scatter
        if self.view.view != "map" or scatter is None or self._info is None:
            return text
        share = f"{100 * float(scatter.plane.explained.sum()):.0f} %"
        what = "codes of pictures" if self._info.family.startswith("latent") else "pictures"
        whose = f"{what} of {escape(api.called(scatter.dataset))}" if scatter.dataset else "the states on the way"
        return f"{text} The map's plane holds <b>{share}</b> of the variance of {whose}."

    def is_settled(self) -> bool:
        """The map has come, too."""
        return super().is_settled() and (self.view.view != "map" or len(self.map.forks) > 0)

    # ---- the hand ---------------------------------------------------------------------------------------

    @Slot(int)
    def _follow(self, picture: int) -> None:
        self.view.follow(-1 if picture == self.view.followed else picture)
        self.refresh()

    @Slot(int)
    def _followed(self, cell: int) -> None:
        if self.view.view == "map":
            self.refresh()
