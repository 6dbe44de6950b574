"""A page of measurements on a desk, with a session that knows facts and measures when it is let."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from comparison_facts import DDPM, GAN, HERE, NAMES, VAE, diffusion_evaluation, evaluation, facts
from fakes import MODELS, FakeSession, with_catalog
from page_desk import Desk, asked, on_desk

from genstudio import api
from genstudio.api.comparison import usual_words
from genstudio.ui.measured.page import MeasuredPage

ALL = with_catalog(models=tuple({info.name: info for info in (*MODELS, VAE, GAN, DDPM)}.values()))
TIMES = {VAE.name: (0.3, 0.31, 0.29), GAN.name: (0.6, 0.61, 0.59), DDPM.name: (90.0, 91.0, 92.0)}  # ms, by rounds
FOUND = {VAE.name: evaluation(30.0), GAN.name: evaluation(2.9, 0.2), DDPM.name: diffusion_evaluation(3.3, error=0.2)}
HOLD_S = 20.0


class Measuring(FakeSession):
    """Knows facts once `cards` is up; a measurement goes on after its second step once `gate` is up.

    Attributes:
        known: What the cards say, by model; what is measured is noted there.
        broken: Why a model cannot be measured.
        lost: Models whose files are gone.
    """

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.cards = threading.Event(), threading.Event()
        self.gate.set()
        self.cards.set()
        self.known: dict[str, tuple[api.Evaluation, ...]] = {}
        self.broken: dict[str, str] = {}
        self.sittings: tuple[api.Sitting, ...] = ()
        self.lost: set[str] = set()
        self.closed: list[str] = []

    def handle(self, request: Any) -> Any:
        if not isinstance(request, api.FactsRequest):
            return super().handle(request)
        self.requests.append(request)
        assert self.cards.wait(HOLD_S)
        infos = {info.name: info for info in ALL.models}
        here = [model for model in request.models if model in infos and model not in self.lost]
        gone = {model: f"There is no model '{model}'." for model in request.models if model not in here}
        known = {model: facts(infos[model], *self.known.get(model, ())) for model in here}
        return api.FactsEvent(request, known, gone, self.sittings)

    def stream(self, request: Any) -> Iterator[Any]:
        if isinstance(request, api.TimesRequest):
            yield from self.time(request)
            return
        if not isinstance(request, api.EvaluateRequest):
            yield from super().stream(request)
            return
        self.requests.append(request)
        model = request.sample.model
        try:
            yield api.ProgressEvent(f"Drawing from {model}", 1, 4)
            while not self.gate.is_set():
                yield api.ProgressEvent("Comparing", 2, 4)
            if model in self.broken:
                raise ValueError(self.broken[model])
            one = evaluation_of(request)
            self.known[model] = (one, *self.known.get(model, ()))
            yield api.EvaluationEvent(request, one)
        except GeneratorExit:
            self.closed.append(model)
            raise

    def time(self, request: api.TimesRequest) -> Iterator[Any]:
        """Goes on after its second step once `gate` is up."""
        self.requests.append(request)
        try:
            yield api.ProgressEvent("Warming up", 0, 4)
            while not self.gate.is_set():
                yield api.ProgressEvent("Round 1 of 2", 2, 4)
            for why in self.broken.values():
                raise ValueError(why)
            self.sittings = (sitting_of(request), *self.sittings)
            yield api.TimesEvent(request, self.sittings[0])
        except GeneratorExit:
            self.closed.append("times")
            raise


def sitting_of(request: api.TimesRequest) -> api.Sitting:
    """What the session finds of models that are timed together."""
    infos = {info.name: info for info in ALL.models}
    timed = tuple(
        api.Timed(infos[model].sha256, usual_words(infos[model]), TIMES.get(model, (1.0, 1.1, 1.2)))
        for model in request.models
    )
    return api.Sitting(timed, 16, HERE, "2026-11-22T18:00+00:00")


def evaluation_of(request: api.EvaluateRequest) -> api.Evaluation:
    """What the session finds of a model, with as many pictures as are asked for."""
    one = FOUND.get(request.sample.model, evaluation(12.0, 0.5))
    return api.Evaluation(**{**vars(one), "count": request.sample.count})


def measured_desk(qtbot: Any, session: Measuring | None = None) -> Iterator[Desk]:
    """The page; the desk is closed at the end."""
    with on_desk(qtbot, MeasuredPage, session or Measuring()) as made:
        yield made


def opened(desk: Desk, qtbot: Any, catalog: api.Catalog = ALL) -> MeasuredPage:
    """The page, with what the cards say."""
    page: MeasuredPage = desk.open(catalog)
    qtbot.waitUntil(page.is_settled)
    return page


def measured(desk: Desk, qtbot: Any, *models: str) -> MeasuredPage:
    """The page with a number of its own in every cell that can have one, of these models or of those it opens with."""
    desk.session.known = {model: (one,) for model, one in FOUND.items()}
    if models:
        desk.page.set_parameters({"models": list(models)})
    return opened(desk, qtbot)


def line_of(page: MeasuredPage, name: str) -> Any:
    """A row of its table."""
    return page.stage.table.table.line(name)


def values(page: MeasuredPage, name: str) -> list[float | None]:
    """The numbers of a row."""
    return [cell.band and cell.band.value for cell in line_of(page, name).cells]


__all__ = [
    "ALL", "FOUND", "NAMES", "Measuring", "asked", "evaluation_of", "line_of", "measured", "measured_desk", "opened",
    "values",
]  # fmt: skip
