"""A pad with classes: what is drawn on it is kept as a picture of the class that is chosen, until there are enough."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QSettings, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from genstudio.api import Drawing, DrawingsEvent, DrawingsRequest
from genstudio.errors import whole
from genstudio.settings.own_drawings import check_name
from genstudio.ui.own.class_menu import ClassMenu
from genstudio.ui.own.draw_steps import Step
from genstudio.ui.own.draw_view import NO_CLASS, SETTING, DrawView, blank, name_of, remembered
from genstudio.ui.own.drawn_set import DrawnSet

NOTHING = "There is nothing on the pad yet."
COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class DrawSheet(DrawView):
    """Shows a set of drawings and what is on the pad; what is to be written goes out by `asked`."""

    asked = Signal(object)  # DrawingsRequest
    look_wanted = Signal(str)  # the folder, to see what is in it
    undoes = True

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._home = Path()  # in which the folders of all sets are
        self.drawn = DrawnSet("")
        self._sets: dict[str, DrawnSet] = {}  # those that were open, by their folders
        self._steps: list[Step] = []
        self._framed = -1  # the drawing of the class that Delete would take
        self.menu = ClassMenu(self)
        self.set_name.setText(remembered())
        self._connect()
        self._show()

    def _connect(self) -> None:
        pairs = (
            (self.canvas.grabbed, self._grabbed),
            (self.canvas.stroked, self._stroked),
            (self.canvas.finished, self._show),
            (self.canvas.clear_wanted, self._clear),
            (self.clear.clicked, self._clear),
            (self.keep.clicked, self.keep_drawing),
            (self.undo_button.clicked, self.undo),
            (self.delete.clicked, self._delete),
            (self.move_button.clicked, self._offer_classes),
            (self.shown.customContextMenuRequested, self._pointed),
            (self.menu.chosen, self._move),
            (self.rename.clicked, self.labels.ask_name),
            (self.labels.renamed, self._rename),
            (self.look.clicked, self._look),
            (self.set_name.editingFinished, self._named),
            (self.labels.chosen, self._label_chosen),
            (self.shown.cell_clicked, self._selected),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    # ---- the set ------------------------------------------------------------------------------------

    def open_in(self, home: str) -> None:
        """Go on with the set that is open, as it is on the disk now, or with the first one.

        Args:
            home: The folder that has the folders of all sets.
        """
        if Path(home) != self._home:
            self._home = Path(home)
            self._begin()
        else:
            self.asked.emit(self.drawn.request())

    def name(self) -> str:
        """Of the set that is open."""
        return name_of(self.drawn)

    def _begin(self) -> None:
        """Another set; what is not on the disk yet of the one before is on its way. What is on the pad stays."""
        folder = str(self._home / self.set_name.text().strip())
        self.drawn = self._sets.setdefault(folder, DrawnSet(folder))
        last = max((k for k, step in enumerate(self._steps) if step.is_of_set()), default=-1)
        self._steps = self._steps[last + 1 :]
        self.labels.clear()
        self._frame(-1)
        self._show()
        self.asked.emit(self.drawn.request())

    def handle(self, event: DrawingsEvent) -> None:
        """What is on the disk."""
        drawn = self._sets.get(event.request.folder)
        if drawn is None:
            return
        was_known, before = drawn.is_known, self._numbers()
        drawn.handle(event)
        if self._numbers() != before:
            self._frame(-1)  # it may stand somewhere else now, or is gone
        if not was_known and not drawn.is_saved():
            self.asked.emit(drawn.request())
        self._show()

    def _numbers(self) -> list[int]:
        """Of the drawings of the class that is chosen."""
        return [one.number for one in self.drawn.of(self.labels.value())]

    def show_failure(self, name: str, text: str) -> None:
        """Why nothing could be read or written of a set; it is tried again with the next drawing."""
        for drawn in self._sets.values():
            if name_of(drawn) == name:
                drawn.trouble = text
        self._show()

    def is_saved(self, name: str) -> bool:
        """Whether all of a set is on the disk."""
        return all(drawn.is_saved() for drawn in self._sets.values() if name_of(drawn) == name)

    def last_requests(self) -> tuple[DrawingsRequest, ...]:
        """What would be lost if the program ended now."""
        return tuple(drawn.last_request() for drawn in self._sets.values() if not drawn.is_saved())

    def _change(self, *drawings: Drawing) -> None:
        for drawing in drawings:
            self.drawn.change(drawing)
        if drawings:
            self.asked.emit(self.drawn.request())

    # ---- the pad ------------------------------------------------------------------------------------

    @Slot()
    def _grabbed(self) -> None:
        self._steps.append(Step(self.canvas.picture()))

    @Slot()
    def _stroked(self) -> None:
        self.canvas.set_pictures(self.canvas.picture()[None], 1)

    @Slot()
    def _clear(self) -> None:
        if self.has_drawing():
            self._steps.append(Step(self.canvas.picture()))
            self.show_pad(blank())
            self._show()

    @Slot()
    def keep_drawing(self) -> None:
        """The drawing becomes one of the class, and the pad is empty for the next."""
        label = self.labels.value()
        if not label or not self.has_drawing():
            self.say(NOTHING if label else NO_CLASS)
            (self.canvas if label else self.labels.field).setFocus(Qt.FocusReason.OtherFocusReason)
            return
        picture = self.canvas.picture()
        drawing = self.drawn.add(label, picture)
        self._steps.append(Step(picture, (Drawing(label, drawing.number, None),), label))
        self.show_pad(blank())
        self.asked.emit(self.drawn.request())
        self._show()

    @Slot()
    def _delete(self) -> None:
        label, place = self.labels.value(), self._framed
        mine = self.drawn.of(label)
        if label and not mine:
            self._steps.append(Step(self.canvas.picture(), label=label))
            self.labels.remove(label)
            self._show()
        if 0 <= place < len(mine):
            gone = Drawing(mine[place].label, mine[place].number, None)
            self._steps.append(Step(self.canvas.picture(), (mine[place],), label))
            self._frame(-1)
            self._change(gone)
            self._show()

    @Slot()
    def _offer_classes(self) -> None:
        """To which other class the framed drawing goes."""
        here = self.labels.value()
        at = self.shown.mapToGlobal(self.shown.cell_rect(self._framed).center())
        self.menu.offer((name for name in self.labels.names() if name != here), at)

    @Slot(QPoint)
    def _pointed(self, spot: QPoint) -> None:
        place = self.shown.index_at(spot)
        if 0 <= place < len(self.drawn.of(self.labels.value())):
            self._frame(place)
            self._show()
            self._offer_classes()

    @Slot(str)
    def _move(self, new: str) -> None:
        """The framed drawing becomes the last one of another class."""
        label, place = self.labels.value(), self._framed
        mine = self.drawn.of(label)
        if not 0 <= place < len(mine) or (picture := mine[place].picture) is None:
            return
        added = self.drawn.add(new, picture)
        self._steps.append(Step(self.canvas.picture(), (mine[place], Drawing(new, added.number, None)), label))
        self._frame(-1)
        self._change(Drawing(label, mine[place].number, None))
        self._show()

    @Slot(str, str)
    def _rename(self, old: str, new: str) -> None:
        """All drawings of a class become those of another name."""
        mine = self.drawn.of(old)
        added = [self.drawn.add(new, one.picture) for one in mine if one.picture is not None]
        back = (*(Drawing(new, one.number, None) for one in added), *mine)
        self._steps.append(Step(self.canvas.picture(), back, old, new))
        self.labels.rename(old, new)
        self._frame(-1)
        self._change(*(Drawing(old, one.number, None) for one in mine))
        self._show()
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def undo(self) -> bool:
        """Take the last stroke, drawing or deletion back; a drawing that was kept is on the pad again."""
        if not self._steps:
            return False
        step = self._steps.pop()
        if step.is_of_set():
            self._frame(-1)
            self._change(*step.back)
            if step.renamed and not self.drawn.of(step.renamed):  # else it has joined another, which stays
                self.labels.rename(step.renamed, step.label)
            self.labels.set_value(step.label)
        if not step.is_of_set() or step.is_keeping():
            self.show_pad(step.pad)
        self._show()
        return True

    # ---- what is seen -------------------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        self.show_set(self.drawn, self._framed)
        self.allow(self.undo_button, bool(self._steps), "Nothing has been drawn yet")

    def _frame(self, place: int) -> None:
        self._framed = place
        self.shown.set_selected(place)

    @Slot(str)
    def _label_chosen(self, label: str) -> None:
        self._frame(-1)
        self._show()
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _selected(self, place: int) -> None:
        self._frame(-1 if place == self._framed else place)
        self._show()

    @Slot()
    def _named(self) -> None:
        name = self.set_name.text().strip()
        try:
            check_name(name, "A set")
        except ValueError as error:
            self.say(whole(str(error)), is_trouble=True)
            return
        if name != self.name():
            QSettings().setValue(SETTING, name)
            self._begin()

    @Slot()
    def _look(self) -> None:
        self.dismiss()
        self.look_wanted.emit(self.drawn.folder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter keeps the drawing; Delete takes the framed one away if the keyboard is among those of the set."""
        focused = self.focusWidget()
        is_button = isinstance(focused, QAbstractButton)
        is_in_set = focused is not None and (focused is self.shown or self.labels.isAncestorOf(focused))
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not is_button:
            self.keep_drawing()
            event.accept()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and is_in_set:
            self._delete()
            event.accept()
        elif event.text().strip() and event.text().isprintable() and not event.modifiers() & COMMANDS:
            self.labels.type(event.text())
            event.accept()
        else:
            super().keyPressEvent(event)
