"""The inspector of the game on points: training, lights, the gallery, what is drawn, the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel

from genstudio.settings import PointGANSettings
from genstudio.settings.games import FAILURES, GAMES, Game, games_like
from genstudio.ui.bridge import Bridge
from genstudio.ui.game.controls import GANControls
from genstudio.ui.points.chooser import PointsChooser
from genstudio.ui.points.layers import LayerBoxes
from genstudio.ui.points.words import KINDS
from genstudio.ui.tabs.run_controls import RUN_WORDS
from genstudio.ui.tabs.training_run import RunState
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.inspector import Inspector

HEATS = {"What D says": "field", "The best D": "best", "Nothing": ""}
HEAT_HELP = "What colours the plane: what D says there, or what the best D there could be would, which knows both sets"
LAYERS = {
    "real": ("Real points", "What G is to imitate"),
    "fake": ("Generated points", "What G makes of the same noise at every moment"),
    "arrows": ("Where they are pulled", "The slope of G's loss at each generated point, as long as it is steep"),
    "warp": ("How G bends the plane", "Where G puts a grid of two latents, along the prior's quantiles"),
}
SHOWN = ("real", "fake", "arrows")
FREE = "?free"
TITLES = {False: "Failure: ", True: "Healed: "}


class PointsControls(GANControls):
    """As of the game on pictures, with the sections Gallery and Shown before those of the network."""

    kinds: ClassVar[Mapping[str, tuple[str, str]]] = KINDS
    run_words: ClassVar[dict[RunState, str]] = {**RUN_WORDS, "none": "Play"}
    measures = False
    game_wanted = Signal(object, bool)  # a Game, and whether with its cure
    layer_changed = Signal(str, bool)
    heat_changed = Signal(object)

    def __init__(self, inspector: Inspector, bridge: Bridge, name: str) -> None:
        self._inspector = inspector
        super().__init__(inspector, bridge, name)
        self.save.hide()
        self.go_on.hide()

    def make_data(self, inspector: Inspector, bridge: Bridge, name: str) -> Any:
        """Points instead of pictures."""
        return PointsChooser(inspector.add_section("Points"), inspector)

    def add_more(self, inspector: Inspector) -> None:
        """Gallery, Shown."""
        gallery = inspector.add_section("Gallery")
        self.gallery = Choice(label="Gallery", help="Games that go well, and failures to break and heal")
        self.gallery.add_choice("A game of your own", FREE)
        for game in (*GAMES.values(), *FAILURES.values()):
            title = TITLES[False] if game.name in FAILURES else ""
            self.gallery.add_choice(f"{title}{game.title}", game.name, game.says)
        self.is_healed = False  # the failure that is chosen runs with its cure
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.says.setProperty("role", "second")
        self.heal = TextButton("Heal it", "Start again with the cure")
        gallery.add_widget(self.gallery)
        gallery.add_widget(self.says)
        self.lights.add_cure(self.heal)  # where one sees that it is needed
        shown = self.shown = inspector.add_section("Shown")
        self.heat = Choice(label="Ground", help=HEAT_HELP)
        for text, heat in HEATS.items():
            self.heat.add_choice(text, heat)
        shown.add_row("Ground", self.heat, HEAT_HELP, width=0)
        layers = LayerBoxes(shown, LAYERS, SHOWN, self)
        layers.toggled.connect(self.layer_changed)
        self.layers = layers.boxes
        self.heat.chosen.connect(self.heat_changed)
        self.gallery.chosen.connect(self._game_chosen)
        self.heal.clicked.connect(self._heal_clicked)
        self.show_game(None)

    def show_state(self, state: RunState, *, is_changed: bool = False, can_go_on: bool = False) -> None:
        """As of every run; a game on points is not saved: its settings repeat it."""
        super().show_state(state, is_changed=is_changed, can_go_on=False)
        self.save.setEnabled(False)

    def show_game(self, game: Game | None, is_healed: bool = False) -> None:
        """Say what a game of the gallery shows, and of a failure whether it is healed; None is a game of one's own."""
        failure, self.is_healed = FAILURES.get(game.name) if game else None, is_healed
        for index in range(self.gallery.count()):
            if (other := FAILURES.get(self.gallery.itemData(index))) is not None:
                self.gallery.setItemText(index, f"{TITLES[is_healed and other is failure]}{other.title}")
        self.gallery.set_value(game.name if game else FREE)
        says = game.says if game else ""
        self.says.setText(f"Healed: {failure.why[0].lower()}{failure.why[1:]}" if failure and is_healed else says)
        self.says.setVisible(game is not None)
        self.heal.setVisible(failure is not None)
        self.lights.offer_cure(failure is not None and not is_healed)
        self.heal.setText("Break it again" if is_healed else "Heal it")
        self.heal.setAccessibleName(self.heal.text())
        if failure is not None:
            self.heal.setToolTip(f"Start again without the cure. {failure.says}" if is_healed else failure.why)

    def show_like(self, points: str, settings: PointGANSettings) -> None:
        """Say which game of the gallery this is; of several the one that was said last."""
        found, before = games_like(points, settings), self.gallery.value()
        best = next((pair for pair in found if pair[0].name == before), found[0] if found else (None, False))
        self.show_game(*best)

    def game(self) -> Game | None:
        """The one chosen in the gallery."""
        name = self.gallery.value()
        return GAMES.get(name) or FAILURES.get(name)

    @Slot(object)
    def _game_chosen(self, name: str) -> None:
        game = self.game()
        self.show_game(game)
        if not self.heal.isHidden():
            self._inspector.show_widget(self.heal)
        if game is not None:
            self.game_wanted.emit(game, False)

    @Slot()
    def _heal_clicked(self) -> None:
        self.game_wanted.emit(self.game(), not self.is_healed)
