"""What is drawn of points: a box for each layer."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QObject, Signal, Slot

from genstudio.ui.widgets.check_box import CheckBox
from genstudio.ui.widgets.inspector import Section


class LayerBoxes(QObject):
    """Puts the boxes below each other into a section.

    Args:
        layers: Their names, with title and help.
        shown: Those that are checked at first.
    """

    toggled = Signal(str, bool)  # a layer, and whether it is drawn

    def __init__(
        self, section: Section, layers: Mapping[str, tuple[str, str]], shown: Collection[str], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.boxes: dict[str, CheckBox] = {}
        for layer, (title, help_) in layers.items():
            box = self.boxes[layer] = CheckBox(title)
            box.setToolTip(help_)
            box.setChecked(layer in shown)
            box.setProperty("layer", layer)
            box.toggled.connect(self._toggled)
            section.add_widget(box)

    @Slot(bool)
    def _toggled(self, is_shown: bool) -> None:
        self.toggled.emit(str(self.sender().property("layer")), is_shown)
