"""A triptych on a desk, with models of all three kinds; the steps of its diffusion model can be held."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
from fakes import CATALOG, MODELS, FakeSession, decode, with_catalog
from page_desk import Desk, asked, on_desk
from triptych_fake import pictures

from genstudio import api
from genstudio.settings import ConditionalGANSettings
from genstudio.ui.triptych.page import TriptychPage
from genstudio.ui.triptych.state import KINDS, PLACES

CGAN = dataclasses.replace(
    MODELS[2], name="mnist-cgan", family="cgan", settings=ConditionalGANSettings(), classes=MODELS[3].classes
)
STUDENT = dataclasses.replace(MODELS[3], name="student", family="consistency")
ALL = with_catalog(models=(*MODELS, CGAN))
HOLD_S = 20.0


class Held(FakeSession):
    """A session whose diffusion model waits while `gate` is down, and whose model "broken" fails once `slow` is up."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.slow, self.has_begun = threading.Event(), threading.Event(), threading.Event()
        self.gate.set()
        self.slow.set()
        self.held_step = 0  # before which it waits; 0: before each but the first

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.PanelRequest) and request.model == "broken":
            self.has_begun.set()
            assert self.slow.wait(HOLD_S)
        return super().handle(request)

    def stream(self, request: Any) -> Iterator[Any]:
        for number, event in enumerate(super().stream(request)):
            if number and self.held_step in (0, number) and isinstance(request, api.PanelRequest):
                assert self.gate.wait(HOLD_S)
            yield event


def triptych_desk(qtbot: Any, remembered: dict[str, Any] | None = None) -> Iterator[Desk]:
    """The page, of which so much is remembered; the desk is closed at the end."""
    with on_desk(qtbot, TriptychPage, Held()) as made:
        made.page.set_parameters({"seed_a": 7, "seed_b": 8} if remembered is None else remembered)
        yield made


def opened(desk: Desk, qtbot: Any, catalog: api.Catalog = ALL) -> TriptychPage:
    """The page at rest, with all that belongs to its place."""
    page: TriptychPage = desk.open(catalog)
    rest(page, qtbot)
    return page


def rest(page: TriptychPage, qtbot: Any) -> None:
    """All that was asked for has come."""
    qtbot.waitUntil(page.is_settled, timeout=20_000)


def to(page: TriptychPage, place: int) -> None:
    """A hand takes the control there."""
    page.tempo.scrubber.set_value(place)
    page.tempo.scrubbed.emit(place)


def seen(page: TriptychPage, k: int) -> np.ndarray | None:
    """What a column shows."""
    shown: np.ndarray | None = page.columns.columns[k].stage.pictures()
    return shown


def wanted(page: TriptychPage, k: int, place: int | None = None) -> np.ndarray:
    """The pictures of a column at a place, in all steps."""
    request = page.state.request(k, page.infos)
    assert request is not None
    at = request.position if place is None else place / PLACES
    return pictures(dataclasses.replace(request, position=at), decode)


def shows(page: TriptychPage, k: int, place: int | None = None) -> bool:
    """Whether a column shows these."""
    shown = seen(page, k)
    return shown is not None and np.array_equal(shown, wanted(page, k, place))


def panels(desk: Desk, kind: str) -> list[api.PanelRequest]:
    """What was asked of a column so far, in order."""
    names = {
        m.name for m in (*MODELS, CGAN, STUDENT) if m.family in KINDS[[k.name for k in KINDS].index(kind)].families
    }
    return [request for request in asked(desk, api.PanelRequest) if request.model in names]


__all__ = ["ALL", "CATALOG", "CGAN", "STUDENT", "Held", "opened", "panels", "rest", "seen", "shows", "to",
           "triptych_desk", "wanted"]  # fmt: skip
