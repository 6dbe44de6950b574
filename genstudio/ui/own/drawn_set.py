"""The drawings of one folder, as they will be when all that was asked for is on the disk."""

from __future__ import annotations

from genstudio.api import Drawing, DrawingsEvent, DrawingsRequest, Pictures

Place = tuple[str, int]  # class and number
EARLY = -1_000_000  # the number of the first drawing that was kept before the folder was known; the next ones follow


class DrawnSet:
    """Its requests always have all that no answer has confirmed yet, so that a newer one may replace an older one.

    Which numbers are free is known with the first answer. What is kept earlier has a number below 0 until then, which
    stands for its own for good, and nothing of it is asked for: it would be written over what is there.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.is_known = False  # what is on the disk has been told
        self.trouble = ""  # why something could not be written, a sentence
        self.others: tuple[str, ...] = ()  # the names of the sets beside it
        self._pictures: dict[Place, Pictures] = {}
        self._unsaved: dict[Place, Drawing] = {}  # the newest change of each place
        self._last: dict[str, int] = {}  # the highest number ever used; classes that may share a folder count as one
        self._numbers: dict[Place, int] = {}  # of what was kept early

    def request(self) -> DrawingsRequest:
        """What is to be written, what goes away first, and what is there to be told."""
        return DrawingsRequest(self.folder, self._changes() if self.is_known else ())

    def last_request(self) -> DrawingsRequest:
        """The same where no answer will come; the disk numbers what was kept before it was known."""
        return DrawingsRequest(self.folder, self._changes())

    def _changes(self) -> tuple[Drawing, ...]:
        return tuple(sorted(self._unsaved.values(), key=lambda change: change.picture is not None))

    def handle(self, event: DrawingsEvent) -> None:
        """What is on the disk; changes that it does not know yet, or could not write, stay."""
        refused = set(map(id, event.refused))
        confirmed = set(map(id, event.request.changes)) - refused
        self._unsaved = {place: one for place, one in self._unsaved.items() if id(one) not in confirmed}
        self.trouble, self.others = event.trouble, event.others
        self._pictures = {}
        was_known, early, self.is_known = self.is_known, self._unsaved, True
        if not was_known:
            self._unsaved, self._last = {}, {}
        for drawing in event.drawings:
            self._take(drawing)
        if not was_known:
            for drawing in early.values():
                self.change(drawing)
        for drawing in self._unsaved.values():
            self._take(drawing)

    def unsaved(self) -> int:
        """How many changes are not on the disk."""
        return len(self._unsaved)

    def is_saved(self) -> bool:
        """Whether all of it is on the disk."""
        return not self._unsaved

    def add(self, label: str, picture: Pictures) -> Drawing:
        """One more of a class."""
        drawing = Drawing(label, self._next(label), picture)
        self.change(drawing)
        return drawing

    def change(self, drawing: Drawing) -> None:
        """Put a drawing at its place, or take it away."""
        number = drawing.number
        if self.is_known and number < 0:
            place = drawing.label, number
            if place not in self._numbers:
                self._numbers[place] = self._next(drawing.label)
            number = self._numbers[place]
        place = drawing.label, number
        self._unsaved.pop(place, None)
        self._take(drawing if number == drawing.number else Drawing(*place, drawing.picture))
        if self.is_known or drawing.picture is not None:  # of what was kept early nothing is there to be taken away
            self._unsaved[place] = Drawing(*place, drawing.picture)

    def _next(self, label: str) -> int:
        last = self._last.get(label.lower())
        if self.is_known:
            return 0 if last is None else last + 1
        return EARLY if last is None else last + 1

    def _take(self, drawing: Drawing) -> None:
        key, folder = (drawing.label, drawing.number), drawing.label.lower()
        self._last[folder] = max(self._last.get(folder, drawing.number), drawing.number)
        if drawing.picture is None:
            self._pictures.pop(key, None)
        else:
            self._pictures[key] = drawing.picture

    def counts(self) -> dict[str, int]:
        """Drawings of each class that has any."""
        found: dict[str, int] = {}
        for label, _ in self._pictures:
            found[label] = found.get(label, 0) + 1
        return found

    def of(self, label: str) -> list[Drawing]:
        """Those of a class, the first one first."""
        keys = sorted(key for key in self._pictures if key[0] == label)
        return [Drawing(*key, self._pictures[key]) for key in keys]
