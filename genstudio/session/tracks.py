"""The states of reverse processes as they were shown, and where they lie in a plane of two principal components."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from genstudio import api
from genstudio.core.parts import by_parts
from genstudio.core.principal import Principal, leading
from genstudio.core.training import evenly
from genstudio.session.encoding import pictures_to
from genstudio.session.models import Loaded, ModelShelf
from genstudio.session.study import StudyShelf

MOST_BYTES = 64_000_000
MOST_PROCESSES = 32
FITTED = 600  # states of which a process's own plane is made
Pair = tuple[Tensor, Tensor]  # x_t and x0_hat, each (B, D) float16


class States:
    """Keeps states and estimates by their process, the newest processes longest; every second step makes room."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes, self._bytes = most_bytes, 0
        self._kept: OrderedDict[api.DenoiseRequest, dict[int, Pair]] = OrderedDict()
        self._strides: dict[api.DenoiseRequest, int] = {}

    def keep(self, process: api.DenoiseRequest, index: int, x_t: Tensor, x0_hat: Tensor) -> None:
        """One more step of a process that goes on; the newest one stays, whatever room there is."""
        steps, stride = self._kept.setdefault(process, {}), self._strides.setdefault(process, 1)
        self._kept.move_to_end(process)
        newest = max(steps, default=0)
        if newest % stride and newest != index:
            self._drop(steps, newest)
        self._drop(steps, index)
        both = torch.stack((x_t, x0_hat)).flatten(2).half().cpu()  # at once: a GPU is waited for each time
        steps[index] = pair = both[0], both[1]
        self._bytes += _bytes(pair)
        while len(self._kept) > 1 and (self._bytes > self._most_bytes or len(self._kept) > MOST_PROCESSES):
            gone, parts = self._kept.popitem(last=False)
            del self._strides[gone]
            self._bytes -= sum(map(_bytes, parts.values()))
        while self._bytes > self._most_bytes and len(steps) > 2:
            self._strides[process] *= 2
            for other in [k for k in steps if k % self._strides[process] and k != index]:
                self._drop(steps, other)

    def of(self, section: api.Section) -> dict[int, Pair]:
        """The steps of a section that are kept, in order."""
        steps, wanted = self._kept.get(section.process, {}), max(section.first, section.after + 1)
        return {index: steps[index] for index in sorted(steps) if index >= wanted}

    def _drop(self, steps: dict[int, Pair], index: int) -> None:
        if (pair := steps.pop(index, None)) is not None:
            self._bytes -= _bytes(pair)


def _bytes(pair: Pair) -> int:
    return pair[0].nbytes + pair[1].nbytes


def tracks(states: States, request: api.TracksRequest) -> api.TracksEvent:
    """Where the states of its sections lie."""
    which = 1 if request.layer == "x0_hat" else 0
    rows = [{index: pair[which] for index, pair in states.of(part).items()} for part in request.sections]
    plane, own = request.plane, None
    if plane is None:
        process = request.sections[0].process
        whole = [pair[which] for pair in states.of(api.Section(process)).values()]
        if not whole:
            return api.TracksEvent(request, tuple(_track({}, None) for _ in rows))
        plane = _plane_of(leading(_thinned(torch.cat(whole).float()), 2))
        own = api.Scatter(plane, _places(whole[-1].float(), plane), np.full(len(whole[-1]), -1, np.int64))
    return api.TracksEvent(request, tuple(_track(part, plane) for part in rows), own)


def scatter(
    models: ModelShelf, studies: StudyShelf, request: api.ScatterRequest
) -> Iterator[api.ProgressEvent | api.ScatterEvent]:
    """Held-out pictures of the dataset of a model, in the plane in which they differ most.

    Raises:
        ValueError: if they are not here, or the model takes no noise away.
    """
    loaded = models.get(request.model)
    loaded.schedule()
    name = studies.dataset_of(request.model, "")
    dataset = (yield from studies.part(loaded, name, held_out=True)).first(request.count)
    yield api.ProgressEvent(f"Finding the principal components of {name}", 0, 1)
    rows = _states_of(loaded, dataset.images)
    plane = _plane_of(leading(rows, 2))
    labels = np.asarray(dataset.labels, np.int64) if dataset.classes else np.full(len(rows), -1, np.int64)
    yield api.ScatterEvent(request, api.Scatter(plane, _places(rows, plane), labels, name))


def _states_of(loaded: Loaded, images: api.Pictures) -> Tensor:
    """What the model takes noise away from: the pictures themselves or their codes, (N, D) on the CPU."""
    return torch.cat(by_parts(loaded.state_of, pictures_to(images, loaded))).flatten(1).float().cpu()


def _thinned(rows: Tensor) -> Tensor:
    return rows[evenly(len(rows), FITTED)]


def _plane_of(found: Principal) -> api.ComponentPlane:
    return api.ComponentPlane(found.mean.numpy(), found.components.numpy(), found.explained.numpy())


def _places(rows: Tensor, plane: api.ComponentPlane) -> api.Floats:
    """(N, 2) of (N, D)."""
    places: api.Floats = (rows.numpy() - plane.mean) @ plane.axes.T
    return places.astype(np.float32)


def _track(rows: dict[int, Tensor], plane: api.ComponentPlane | None) -> api.Track:
    indices = np.array(list(rows), np.int64)
    if plane is None or not rows:
        return api.Track(indices[:0], np.zeros((0, 0, 2), np.float32))
    places = [_places(part.float(), plane) for part in rows.values()]
    return api.Track(indices, np.stack(places))
