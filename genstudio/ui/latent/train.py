"""The mode that trains: a new model with a code learns, and what came of it goes to Explore."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from genstudio.ui.bridge import Bridge
from genstudio.ui.latent import train_words as words
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.figure import figure_of
from genstudio.ui.latent.train_plots import TrainPlots
from genstudio.ui.latent.train_stage import TrainStage
from genstudio.ui.tabs.family_page import FamilyPage
from genstudio.ui.tabs.training_run import Moment, TrainingRun
from genstudio.ui.widgets.figure import Figure
from genstudio.ui.widgets.stage import Stage

TITLE = "Latent space"
PLACES = (2, 3)  # of the session; the adversarial game has 0 and 1
EXPLORES = "vae"  # the page that a saved model goes to


class TrainPage(FamilyPage):
    """VAEs, autoencoders and PCA."""

    families = words.FAMILIES
    count = 60
    plots: TrainPlots
    shown: TrainStage

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        shown = TrainStage(Stage(label="New samples"))
        super().__init__("latent-train", TITLE, bridge, PLACES, shown, TrainPlots(), parent)
        self.desk = desk or LatentDesk(self)
        self.plot_area.addWidget(self.plots, 1)

    def activate(self) -> None:
        """On top: another mode may have left a model on the desk that can go on, or a wish."""
        wish, self.desk.wish = self.desk.wish, {}
        if wish:
            self.wish(partial(self._show_wish, wish))
        super().activate()

    def _show_wish(self, wish: dict[str, Any]) -> None:
        self.set_parameters({**self.parameters(), **wish})

    # ---- what the shared page asks ----------------------------------------------------------------------

    def at_hand(self) -> str:
        """The model on the desk."""
        return self.desk.model

    def explore_model(self, name: str) -> None:
        """In Explore."""
        self.desk.put(name)
        self.mode_wanted.emit(EXPLORES)

    def place_plots(self, shown: bool) -> None:
        """Under the stage."""
        self.plots.fit()
        self.show_plots(shown)

    def has_curves(self) -> bool:
        """PCA has none: it takes one step."""
        return super().has_curves() and self.run.request is not None and self.run.request.family != "pca"

    def about(self) -> str:
        """The family."""
        return words.empty(self.controls.family)

    def costs(self, values: tuple[float, ...]) -> str:
        """By the names that the family of the run has for them."""
        assert self.run.request is not None
        is_in_nats = words.is_variational(self.run.request.family)
        return words.costs(("recon_loss", "kl_loss") if is_in_nats else ("mse",), values)

    def lesson(self, moment: Moment) -> str:
        """Losses, and what they mean."""
        run, newest = self.run, self.plots.newest()
        assert run.request is not None
        family = run.request.family
        if family == "pca":
            done = words.components(*run.last, run.settings().latent_dim) if len(run.last) == 2 else ""
            return done or words.empty("pca")
        costs = self.costs(newest[1]) if newest else ""
        taught = words.lesson(family, run.settings(), self.iteration(), moment.numbers.get("kl_per_latent"))
        return words.learning(self.iteration(), costs, taught)

    def figure(self, run: TrainingRun) -> Figure:
        """All its curves."""
        return figure_of(run)
