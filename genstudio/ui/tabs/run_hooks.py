"""What a page that trains has to say of its runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.numbers import it_per_s
from genstudio.ui.tabs.history_page import HistoryPage
from genstudio.ui.tabs.run_controls import RunControls
from genstudio.ui.tabs.run_files import has_run_film
from genstudio.ui.tabs.run_player import RunPlayer
from genstudio.ui.tabs.training_run import TrainingRun
from genstudio.ui.widgets.curves import CurveBuffer
from genstudio.ui.widgets.stage import Stage

TRAIN = ("train", "train2")  # the verbs of the two places where a run can be


class RunPlots(Protocol):
    """The curves of a run, as a page needs them."""

    picked: Any  # a signal: an iteration

    def build(self) -> None: ...
    def show_run(self, curves: Any) -> None: ...
    def add(self, event: api.TrainEvent) -> None: ...
    def set_marks(self, marks: tuple[tuple[float, str], ...]) -> None: ...


class RunHooks(HistoryPage):
    """Owns the player of the runs. Subclasses make `controls`, `stage` and `plots`.

    Args:
        places: Of the session, for the slots of TRAIN; no other page may use them.
    """

    player: RunPlayer
    controls: RunControls
    data: Any  # a DataChooser, or what has its face
    stage: Stage
    plots: RunPlots
    kept_in = "in the picker"  # where one finds a run that was kept

    def __init__(
        self, name: str, title: str, bridge: Bridge, places: tuple[int, int], parent: QWidget | None = None
    ) -> None:
        super().__init__(name, title, bridge, parent)
        self.player = RunPlayer(bridge, (self.slot(TRAIN[0]), self.slot(TRAIN[1])), self, places)
        self._places = dict(zip(TRAIN, places, strict=True))

    @property
    def run(self) -> TrainingRun:
        """The run that the page shows, or would show if no model walked."""
        return self.player.run

    def training(self) -> str:
        """Whether the run goes on."""
        return "training" if self.run.state == "running" else ""

    def pace(self) -> str:
        """How fast the run goes on."""
        return it_per_s(self.run.iterations_per_s)

    def tell_standing(self, text: str) -> None:
        """Say what is true until the run goes on."""
        self.standing = text
        self.tell(text)

    def offer_standing(self, text: str, undo: Callable[[], None]) -> None:
        """The same, with a button that undoes it."""
        self.standing = text
        self.offered.emit(text, "Undo", undo)

    def forget_standing(self) -> None:
        """The run goes on; one that is replayed is announced until it is there."""
        if self.standing and self.player.repeat is None:
            self.withdrawn.emit(self.standing)
            self.standing = ""

    def has_film(self) -> bool:
        """As soon as there are two moments."""
        return has_run_film(self.run)

    def wanted(self) -> api.TrainRequest:
        """The run that the controls describe."""
        raise NotImplementedError

    def info(self) -> api.ModelInfo | None:
        """The model whose run could go on; None if there is none."""
        raise NotImplementedError

    def take_settings(self, source: api.ModelInfo | api.TrainRequest) -> None:
        """Put the settings of a model or of a run into the controls."""
        raise NotImplementedError

    def new_curves(self, request: api.TrainRequest) -> tuple[CurveBuffer, ...]:
        """Empty curves for a run."""
        return CurveBuffer(2), CurveBuffer(2)

    def kind(self, request: api.TrainRequest) -> str:
        """What the file of such a run is called after its dataset."""
        raise NotImplementedError

    def show_samples(self) -> None:
        """Show the moment of the run that is looked at."""
        raise NotImplementedError

    def note_rows(self, run: TrainingRun, event: api.TrainEvent) -> None:
        """Append the rows of an event to the curves of a run that is not shown."""
        raise NotImplementedError

    def bring_back(self) -> None:
        """The run that was put away is there again."""
        raise NotImplementedError

    def was_saved(self, event: api.SavedEvent) -> None:
        """A model of this page was saved by name."""
        self.tell(f"Saved {Path(event.path).name} ({event.bytes / 1e6:.1f} MB).")
