"""A generator that cannot walk: what the stage says, and the way back to the one that walked before."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio.errors import sentence, whole
from genstudio.ui.bridge import Bridge
from genstudio.ui.game.view import COUNT, GANView
from genstudio.ui.tabs.run_words import not_opened


class WalkFailures(GANView):
    """Knows which model walked last; nothing that is said of a walk stands beside its failure."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        self.has_failed = False  # the walk that is shown
        self._walked = ""  # the model whose pictures came last
        super().__init__(bridge, parent)

    def show_model(self, name: str, first: int = 0, count: int = COUNT) -> None:
        self.has_failed = False
        super().show_model(name, first, count)

    def show_run(self) -> None:
        self.has_failed = False
        super().show_run()

    def walk_came(self) -> None:
        """Pictures of the model have come."""
        self.has_failed, self._walked = False, self._model

    def walk_failed(self, error: BaseException) -> None:
        """There are no pictures of the model, or no more."""
        self.walk.stop()
        self.has_failed = True
        if self._model == self._walked:
            self.stage.set_message(whole(sentence(error)), "Try again")
        else:
            self.stage.set_message(*not_opened(self._model, error, self._walked))

    def leave_failure(self) -> None:
        """The button beside the sentence: back to the model that walked, or try again."""
        self.show_model(self._walked or self._model)
        self.remember()

    @Slot()
    def refresh(self) -> None:
        """The same, without words about pictures that are not there."""
        super().refresh()
        if self.has_failed and self.is_walking:
            self.caption.set_text("")
            self.tempo.set_label("")
            self.show_speed()
            for button in (self.tempo.play, self.tempo.forward):
                button.setEnabled(False)
        else:
            self.tempo.play.setEnabled(True)
