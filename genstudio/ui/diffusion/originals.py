"""Where a page has its pictures from: held-out ones of datasets by their number, and dropped or pasted ones.

One of the user's own with light and dark the other way round than in the dataset is taken as it is, and beside that the
page offers to invert it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from genstudio import api
from genstudio.api.borders import is_inverted
from genstudio.api.own_pictures import path_of
from genstudio.engine import Ended, Failure
from genstudio.ui.diffusion.picture_origin import OWN, other_way_round
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.widgets.form import Choice

FAVOURITES = ("mnist", "strokes")  # the dataset that a page opens on
HAND = "?own"  # the entry of the picker while a picture of the user's own is seen


class Originals(QObject):
    """Asks for pictures in the name of a page, and fills its picker of datasets; the page hands it its events.

    Signals:
        came: a picture (H, W, C) that is still wanted, and where it is from: dataset, number, label, converted.
        failed: it could not be read, or the user has stopped that.
        counted: it is known now how many there are of a dataset.
    """

    came = Signal(object, object)
    failed = Signal()
    counted = Signal()

    def __init__(self, page: TabPage, picker: Choice) -> None:
        super().__init__(page)
        self.totals: dict[str, int] = {}  # pictures held out of each dataset that was read
        self.wanted: tuple[str, int] | None = None  # dataset and number of the picture that is on its way
        self._page, self._picker = page, picker
        self._there: list[str] = []
        self._fitting: tuple[api.FitRequest, dict[str, Any]] | None = None
        self._is_any = False  # what is on its way only tells how many there are
        self.like: Callable[[], str] = self._shown  # the dataset with which a picture of the user's own is compared
        self._rims: dict[str, float] = {}  # grey level of the border of its pictures, of each dataset that was read
        self._own: tuple[api.Pictures, dict[str, Any]] | None = None  # the user's own picture that came last
        self._source: tuple[api.Pictures, api.Pictures] | None = None  # one of these, and what it was made from
        self._offered = ""  # that it is inverted, in the words of the offer

    def fill(self, catalog: api.Catalog, chosen: str) -> None:
        """Offer the datasets that are here, and the folder that is chosen; beside a picture of none the one shown."""
        shown = str(self._picker.value() or "")
        self._there = [info.name for info in catalog.datasets if info.available]
        self._picker.clear()
        for info in catalog.datasets:
            why = "" if info.available else "Not on this computer; a Train mode can download it."
            self._picker.add_choice(info.title, info.name, why or info.note, enabled=info.available)
        self._add_folder(chosen)
        if not chosen and shown == HAND:
            self.show("", OWN)
        else:
            self._picker.set_value(chosen or shown)

    def first(self, dataset: str) -> str:
        """The dataset to begin with: that one, if it is here; "" if there is none."""
        return next((name for name in (dataset, *FAVOURITES, *self._there) if name in self._there), "")

    def knows(self, dataset: str) -> bool:
        """Whether its pictures are here."""
        return dataset in self._there or (bool(dataset) and Path(path_of(dataset)).exists())

    def show(self, dataset: str, number: int) -> None:
        """In the picker where the picture that is seen is from: of that dataset, or the user's own."""
        place = self._picker.findData(HAND)
        if number == OWN and place < 0:
            self._picker.add_choice("Your own", HAND, "Drawn, dropped or pasted")
        elif number != OWN and place >= 0:
            self._picker.removeItem(place)
        self._picker.set_value(HAND if number == OWN else dataset)

    def at_hand(self, dataset: str) -> str:
        """The dataset whose pictures can be chosen: that one, else what the picker shows or the page opened on."""
        shown = str(self._picker.value() or "")
        return dataset or (self.first("") if shown == HAND else shown)

    def _shown(self) -> str:
        return self.at_hand("")

    def ask(self, dataset: str, number: int) -> None:
        """A picture by its number; one that is on its way is no longer wanted."""
        self.forget()
        self._is_any = False
        self.wanted = dataset, number
        self._page.stream("io", "original", api.OriginalRequest(dataset, number))

    def another(self, dataset: str) -> None:
        """One of a dataset at random; of one that was not read yet its first picture tells how many there are."""
        if dataset:
            self.ask(dataset, random.randrange(max(self.totals.get(dataset, 1), 1)))
            self._is_any = dataset not in self.totals

    def count(self, dataset: str) -> None:
        """Ask how many there are of a dataset, where nobody knows; a picture that is on its way tells it, too."""
        if dataset not in self.totals and self.knows(dataset) and not self.is_busy:
            self._page.stream("io", "original", api.OriginalRequest(dataset, 0))

    def fit(self, picture: api.Pictures, size: int, channels: int, **fields: Any) -> None:
        """Any picture as a square of a size; one of a dataset with the fields that it came with.

        The user's own that was made of a size before is made anew of what was dropped, pasted or drawn.
        """
        self.forget()
        if self._source is not None and np.array_equal(self._source[0], picture):
            picture = self._source[1]
        request = api.FitRequest(picture, size, channels)
        self._fitting = request, {"number": OWN, "label": "", **fields}
        self._page.ask("play", "fit", request)

    def fits(self, picture: api.Pictures, info: api.ModelInfo, fields: dict[str, Any]) -> bool:
        """Whether a picture that came is of the size and channels of a model's; else it is made so, and comes again."""
        is_right = picture.shape == (info.size, info.size, info.channels)
        if not is_right:
            self.fit(picture, info.size, info.channels, **fields)
        return is_right

    @property
    def is_busy(self) -> bool:
        """Whether a picture is on its way."""
        return self.wanted is not None or self._fitting is not None

    def forget(self) -> None:
        """What is on its way is no longer wanted, and what was said of the last picture is not true of another."""
        self.wanted = self._fitting = self._own = None
        if self._offered:
            offered, self._offered, self._page.standing = self._offered, "", ""
            self._page.withdrawn.emit(offered)

    def handle(self, verb: str, event: Any) -> None:
        """Note an event of the slots "original" and "fit"."""
        if isinstance(event, api.OriginalEvent):
            self._original_came(event)
        elif isinstance(event, api.FittedEvent) and self._fitting is not None and event.request is self._fitting[0]:
            fields, self._fitting = self._fitting[1], None
            if fields["number"] == OWN:
                self._source = event.picture, event.request.picture
            self._give(event.picture, {**fields, "converted": event.converted})
        elif isinstance(event, Ended) and verb == "original" and self._knows_how_many():
            self.another(self.wanted[0] if self.wanted else "")
        elif isinstance(event, (Failure, Ended)) and verb == "original" and self.wanted is not None:
            self.wanted = None
            self.failed.emit()
        elif isinstance(event, Failure) and verb == "fit" and self._fitting is not None:
            self._fitting = None
            self.failed.emit()

    def _give(self, picture: api.Pictures, fields: dict[str, Any]) -> None:
        """A picture as large as it was wanted; one of the user's own is compared with those of the dataset."""
        self.came.emit(picture, fields)
        if fields["number"] == OWN and not self.is_busy:
            self._own, dataset = (picture, fields), self.like()
            if dataset in self._rims:
                self._compare(dataset)
            elif dataset in self._there:
                self._page.stream("io", "original", api.OriginalRequest(dataset))  # what comes tells the border

    def _compare(self, dataset: str) -> None:
        """Offer to invert the user's own picture if it is the other way round than those of the dataset."""
        usual = self._rims[dataset]
        if self._own is not None and dataset == self.like() and is_inverted(self._own[0][None], usual):
            self._offered = self._page.standing = other_way_round(dataset, usual)
            self._page.offered.emit(self._offered, "Invert it", self._invert)

    @Slot()
    def _invert(self) -> None:
        """Light where it is dark: a picture of its own, so that the other one can be brought back."""
        if self._own is not None:
            (picture, fields), converted = self._own, self._own[1]["converted"]
            self.forget()
            if self._source is not None:
                self._source = 255 - picture, 255 - self._source[1]
            self.came.emit(
                255 - picture, {**fields, "converted": f"{converted}, inverted" if converted else "inverted"}
            )

    def _knows_how_many(self) -> bool:
        """Whether what was on its way has told it, so that one of them can be taken."""
        return self._is_any and self.wanted is not None and self.wanted[0] in self.totals

    def _original_came(self, event: api.OriginalEvent) -> None:
        dataset, number = event.request.dataset, event.request.number
        is_new = self.totals.get(dataset) != event.total
        self.totals[dataset], self._rims[dataset] = event.total, event.rim
        if is_new:
            self.counted.emit()
        if (dataset, number) != self.wanted:
            self._compare(dataset)
            return
        if self._is_any and event.total > 1:
            return  # at the end of the stream one of them is asked for
        self.wanted = None
        self._add_folder(dataset)
        self._picker.set_value(dataset)
        fields = {"dataset": dataset, "number": number, "label": event.label, "converted": ""}
        self.came.emit(event.picture, fields)

    def _add_folder(self, name: str) -> None:
        if name and self._picker.findData(name) < 0 and Path(name).exists():
            self._picker.add_choice(Path(name).name, name, name)
