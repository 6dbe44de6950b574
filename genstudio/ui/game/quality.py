"""How good the pictures are while the network learns: a switch, and what the meters have found."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from genstudio.api import Band, Measured, MeterEvent, MeterRequest, Meters
from genstudio.engine import Failure
from genstudio.errors import sentence, whole
from genstudio.ui.game.kinds import SEES
from genstudio.ui.game.look import EARLY, coming
from genstudio.ui.game.parts import GamePage, Part
from genstudio.ui.numbers import with_error
from genstudio.ui.tabs.training_run import TrainingRun
from genstudio.ui.theme import pad, px
from genstudio.ui.widgets.check_box import CheckBox
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.inspector import Section

COUNTS = (250, 500, 1000, 2000)
DEFAULT = 500
FOUND = 0.1  # of the share that a class has among real pictures
IDLE = "Quality is measured while a network learns."
AGAIN = "Switch it on to try again."
SWITCH_HELP = (
    "Again and again new pictures are compared with real ones. It takes about a fiftieth of the training time and "
    "leaves the run as it is, to the last bit."
)
COUNT_HELP = "Of so many pictures each time: more are surer, and are measured less often."
METERS = {
    "frechet": ("Fréchet", "Fréchet distance. Low: the pictures as a whole are near the real ones; high: far."),
    "precision": ("Precision", "The share of the pictures that look real. High: good ones; low: blurred or strange."),
    "recall": (
        "Recall",
        "The share of real pictures that G could make. High: it knows all kinds; low: much is missing.",
    ),
    "coverage": ("Coverage", "The share of real pictures with a generated one near them. Low: modes are lost."),
}
CLASSES = "Classes found"
CLASSES_HELP = "Classes with at least a tenth of the share that they have among real pictures. Fewer: modes are lost."


def classes_found(meters: Meters, floor: Meters) -> str:
    """Of the classes of real pictures, how many there are."""
    pairs = list(zip(meters.class_shares, floor.class_shares, strict=True))
    real = [(band, of) for band, of in pairs if of.value > 0]
    return f"{sum(band.value >= FOUND * of.value for band, of in real)} of {len(real)}"


class MeterTable(QWidget):
    """A row for each meter: the samples with their error, and what other real pictures reach."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = pad(QGridLayout(self), 0, 4)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnMinimumWidth(2, px(60))
        self.cells: dict[str, tuple[QLabel, QLabel]] = {}
        for column, (text, help_) in enumerate(
            (("samples", "The newest pictures, with their standard error"), ("real", "What other real pictures reach"))
        ):
            self._add(0, column + 1, text, help_, "small")
        rows = {**METERS, "classes": (CLASSES, CLASSES_HELP)}
        for row, (name, (title, help_)) in enumerate(rows.items(), 1):
            help_ = f"<p>{help_}</p><p>{SEES}</p>"
            self._add(row, 0, title, help_, "second")
            self.cells[name] = (self._add(row, 1, "", help_, ""), self._add(row, 2, "", help_, "second"))

    def show_measured(self, found: Measured) -> None:
        """Fill it."""
        for name in METERS:
            band, floor = (getattr(meters, name) for meters in (found.meters, found.floor))
            self._write(name, with_error(band.value, band.error), _alone(floor))
        self._write("classes", classes_found(found.meters, found.floor), classes_found(found.floor, found.floor))

    def _write(self, name: str, here: str, there: str) -> None:
        for label, text in zip(self.cells[name], (here, there), strict=True):
            label.setText(text)

    def _add(self, row: int, column: int, text: str, help_: str, role: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("role", role)
        label.setToolTip(help_)
        side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
        self._grid.addWidget(label, row, column, side)
        return label


def _alone(band: Band) -> str:
    return with_error(band.value, band.error).partition(" ")[0]


class Quality(Part):
    """Asks each run of the page to be measured, and shows what was found until the moment that is looked at."""

    verbs = ("meter",)

    def __init__(self, page: GamePage, section: Section) -> None:
        super().__init__(page)
        self._is_on, self._told = True, ""
        self._asked = page.run.signs  # of the run that is to be measured
        self.switch = CheckBox("Measure while it learns")
        self.switch.setToolTip(SWITCH_HELP)
        self.count = Choice(label="Pictures measured", help=COUNT_HELP)
        for count in COUNTS:
            self.count.add_choice(f"{count:,}", count)
        self.count.set_value(DEFAULT)
        self.table, self.note = MeterTable(), QLabel()
        self.note.setWordWrap(True)
        self.note.setProperty("role", "second")
        section.add_widget(self.switch)
        section.add_row("Pictures", self.count, COUNT_HELP)
        section.add_widget(self.table)
        section.add_widget(self.note)
        self.switch.clicked.connect(self._switched)
        self.count.chosen.connect(self._counted)
        self.show()

    # ---- what the user sets ---------------------------------------------------------------------------

    def parameters(self) -> dict[str, Any]:
        """Whether it is on, and by how many pictures."""
        return {"meters": self.count.value() if self._is_on else 0, "meter_count": self.count.value()}

    def set_parameters(self, values: dict[str, Any]) -> None:
        """As they were."""
        self.count.set_value(values.get("meter_count", self.count.value()))
        if isinstance(values.get("meters"), int):
            self._is_on = values["meters"] > 0
        self.show()

    @Slot(bool)
    def _switched(self, is_on: bool) -> None:
        self._is_on = is_on
        self.page.run.signs.asked = -1 if is_on else self.page.run.signs.asked  # it may have stopped by itself
        self._changed()

    @Slot(object)
    def _counted(self, count: int) -> None:
        self._changed()

    def _changed(self) -> None:
        self.page.remember()
        self.page.show_parts()  # the plots say whether something will come

    # ---- the run --------------------------------------------------------------------------------------

    def show(self) -> None:
        """The meters of the moment that is looked at, or why there are none."""
        page, run = self.page, self.page.run
        self._ask(run)
        signs, moment = run.signs, run.shown()
        trouble = signs.trouble or signs.obstacle
        is_run = not page.is_walking and run.request is not None
        found = None
        if is_run and moment is not None and len(signs.measured):
            found = signs.measured[-1] if run.history.is_live else signs.measured_at(moment.iteration)
        if found is not None:
            self.table.show_measured(found)
        self.table.setVisible(found is not None)
        self.switch.setChecked(self._is_on and not (is_run and trouble))
        self._write(self._words(found) if is_run else IDLE)
        if signs.trouble and signs.trouble != self._told:
            page.tell(f"Quality is no longer measured. {whole(signs.trouble)}")
        self._told = signs.trouble

    def _words(self, found: Measured | None) -> str:
        run = self.page.run
        signs = run.signs
        words = []
        if found is not None:
            words.append(f"By {found.count:,} pictures at iteration {found.iteration:,}.")
        elif len(signs.measured):
            words.append(EARLY)
        if signs.trouble:
            words.append(f"{whole(signs.trouble)} {AGAIN}")
        elif signs.obstacle:
            words.append(whole(signs.obstacle))
        elif found is None and not words and self._is_on and run.is_alive:
            words.append(coming(signs))
        return " ".join(words)

    def _write(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _ask(self, run: TrainingRun) -> None:
        """Tell the session by how many pictures, once it has the run and whenever that has changed."""
        wanted, signs = self.count.value() if self._is_on else 0, run.signs
        is_there = run.is_alive and run.left is None and len(run.history) > 0
        if is_there and wanted != signs.asked and (wanted or signs.asked > 0):
            signs.asked, signs.obstacle, signs.trouble = wanted, "", ""
            self._asked = signs
            self.page.ask("train", "meter", MeterRequest(run.place, wanted))

    def handle(self, verb: str, event: Any) -> None:
        """What the session says to it."""
        if isinstance(event, MeterEvent):
            signs = self.page.player.run_in(event.place).signs
            if signs.asked >= 0:
                signs.classes, signs.obstacle = event.classes or signs.classes, event.reason
        elif isinstance(event, Failure):
            self._asked.obstacle = sentence(event.error)
        self.page.show_parts()
