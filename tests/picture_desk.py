"""A session that finds codes of numpy pictures, for tests of the picture page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from fakes import FakeSession, digit, strokes_of
from page_desk import Desk
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.ui.latent.picture import PictureTab

LEFT = Qt.MouseButton.LeftButton
DIGITS = np.stack([digit(strokes_of(k)) for k in range(10)])


class Pictures(FakeSession):
    """A model that keeps a picture's mean and halves what it is given; gates hold the encoder and the row."""

    def __init__(self, sigma: float = 0.1) -> None:
        super().__init__()
        self.sigma, self.gate, self.entered = sigma, threading.Event(), threading.Event()
        self.row_gate = threading.Event()
        self.gate.set()
        self.row_gate.set()

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.EncodeRequest):
            self.requests.append(request)
            self.entered.set()
            assert self.gate.wait(10)
            if request.images.max() == request.images.min():
                raise ValueError("there is nothing in this picture: all of it has one shade")
            return self.encoded(request)
        if isinstance(request, api.NearestRequest):
            self.requests.append(request)
            count = request.count
            near = np.linspace(0, 1, count, dtype=np.float32)
            return api.NearestEvent(request, DIGITS[:count], tuple("0123456789"[:count]), near, 0.1)
        return super().handle(request)

    def encoded(self, request: api.EncodeRequest) -> api.EncodedEvent:
        is_fit = request.images.shape[1:] == (28, 28, 1)
        inputs = request.images if is_fit else np.repeat(DIGITS[:1], len(request.images), 0)
        mu = np.zeros((len(inputs), 16), np.float32)
        mu[:, 3], mu[:, 7] = inputs.mean((1, 2, 3)) / 50, 1.5
        sigma = np.full_like(mu, self.sigma)
        errors = inputs.mean((1, 2, 3)).astype(np.float32)
        return api.EncodedEvent(
            request, mu, sigma, inputs, inputs // 2, errors, "nats", "" if is_fit else "resized from 5×5 px", 1.0
        )

    def stream(self, request: Any) -> Any:
        if isinstance(request, api.PickRequest):
            self.requests.append(request)
            assert self.row_gate.wait(10)
            count = request.count
            yield api.PickedEvent(request, np.roll(DIGITS, request.seed, 0)[:count], tuple("0123456789"[:count]))
        elif isinstance(request, api.StudyRequest):
            self.requests.append(request)
            yield api.ProgressEvent("Encoding mnist", 0, 10)
            yield study(request)
        else:
            yield from super().stream(request)


def study(request: api.StudyRequest) -> api.StudyEvent:
    none, wide = np.zeros(0, np.float32), np.zeros((0, 16), np.float32)
    axes = api.Axes((), wide, none, none, none, none, (), wide.T, ())
    flat = np.zeros(16, np.float32)
    errors = np.linspace(0, 200, 2001, dtype=np.float32)
    return api.StudyEvent(
        request, "mnist", tuple("0123456789"), 60000, flat, flat, flat, axes, axes, wide, wide, none, errors, "nats"
    )


def draw(page: PictureTab, *points: tuple[float, float]) -> None:
    box = page.canvas.cell_rect(0)
    places = [QPoint(round(box.left() + x * box.width()), round(box.top() + y * box.height())) for x, y in points]
    QTest.mousePress(page.canvas, LEFT, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(page.canvas, place)
    QTest.mouseRelease(page.canvas, LEFT, pos=places[-1])


def shown(page: PictureTab) -> np.ndarray:
    images = page.canvas.pictures()
    assert images is not None
    return images


def agree(page: PictureTab) -> bool:
    """What came back belongs to what is drawn."""
    return page._event is not None and np.array_equal(page._event.inputs[0], page.seen(page._picture))


@contextmanager
def picture_desks(qtbot: Any) -> Iterator[Callable[..., Desk]]:
    """Opens desks with a session of their own, waits for the first picture, and closes them at the end."""
    made: list[Desk] = []

    def make(session: FakeSession | None = None) -> Desk:
        one = Desk(PictureTab, session or Pictures())
        qtbot.addWidget(one.page)
        made.append(one)
        one.open()
        qtbot.waitUntil(lambda: one.page.is_settled() and one.page.picks.pictures() is not None, timeout=20_000)
        return one

    yield make
    for one in made:
        if isinstance(one.session, Pictures):
            one.session.gate.set()
        one.close()
