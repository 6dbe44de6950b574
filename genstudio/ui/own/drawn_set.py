"""The drawings of one folder, as they will be when all that was asked for is on the disk."""

from __future__ import annotations

from genstudio.api import Drawing, DrawingsEvent, DrawingsRequest, Pictures


class DrawnSet:
    """Its requests always have all that no answer has confirmed yet, so that a newer one may replace an older one."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._pictures: dict[tuple[str, int], Pictures] = {}
        self._unsaved: list[Drawing] = []
        self._last: dict[str, int] = {}  # the highest number of each class that was ever used

    def request(self) -> DrawingsRequest:
        """What is to be written, and what is there to be told."""
        return DrawingsRequest(self.folder, tuple(self._unsaved))

    def handle(self, event: DrawingsEvent) -> None:
        """What is on the disk; changes that it does not know yet stay."""
        confirmed = set(map(id, event.request.changes))
        self._unsaved = [change for change in self._unsaved if id(change) not in confirmed]
        self._pictures = {}
        for drawing in (*event.drawings, *self._unsaved):
            self._take(drawing)

    def is_saved(self) -> bool:
        """Whether all of it is on the disk."""
        return not self._unsaved

    def add(self, label: str, picture: Pictures) -> Drawing:
        """One more of a class."""
        drawing = Drawing(label, self._last.get(label, -1) + 1, picture)
        self.change(drawing)
        return drawing

    def change(self, drawing: Drawing) -> None:
        """Put a drawing at its place, or take it away."""
        self._unsaved.append(drawing)
        self._take(drawing)

    def _take(self, drawing: Drawing) -> None:
        key = drawing.label, drawing.number
        self._last[drawing.label] = max(self._last.get(drawing.label, -1), drawing.number)
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
