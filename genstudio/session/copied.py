"""New pictures beside the training pictures that are nearest to them, and how near unseen pictures are to theirs."""

from __future__ import annotations

import dataclasses
import textwrap
import time
from collections.abc import Callable, Generator, Iterator
from typing import NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

from genstudio import api
from genstudio.api.copied import MOST, NEAREST, ORDERS, SPACES, Yardstick
from genstudio.api.copied_verdict import verdict
from genstudio.api.numbers import three_digits
from genstudio.core.datasets import Dataset
from genstudio.core.metrics.copies import is_faded, is_new, nearest, parts, yardsticks
from genstudio.export.columns import headed
from genstudio.export.letters import EMPTY, Tile, Words
from genstudio.session.eyes import Eye, eye_for
from genstudio.session.models import Loaded, ModelShelf
from genstudio.session.progress import told
from genstudio.session.stamps import Stamp
from genstudio.session.study import Sides, StudyShelf, label_names

UNSEEN = 1000  # held-out pictures that are looked for among the training pictures
OF_CLASS, MOST_UNSEEN = 300, 3000  # of data with classes so many of each, but no more than so many
LETTERS = 11  # in the width of a tile
KEPT = 12  # answers for unseen pictures: of all classes of a dataset
FIELDS = tuple(field.name for field in dataclasses.fields(api.SampleRequest))

T = TypeVar("T")
Work = Generator[api.ProgressEvent, None, T]
Sampled = Callable[[Loaded, api.SampleRequest], Work[api.Pictures]]


class Unseen(NamedTuple):
    """What held-out pictures say: their distances (M,) float32, and what these are for each class."""

    apart: Tensor
    yardsticks: tuple[Yardstick, ...]


class Copier:
    """Looks for copies; of a dataset it keeps what does not depend on the model. Lives on one thread.

    Args:
        sampled: Draws pictures.
    """

    def __init__(self, models: ModelShelf, studies: StudyShelf, sampled: Sampled) -> None:
        self.models, self.studies, self._sampled = models, studies, sampled
        self._features: tuple[tuple[str, Stamp, str], Tensor] | None = None  # of the training pictures seen last
        self._unseen: dict[tuple[str, Stamp, str, str], Unseen] = {}  # by dataset, space and class

    def find(self, request: api.CopiedRequest) -> Iterator[api.ProgressEvent | api.PicturesEvent | api.CopiedEvent]:
        """The new pictures as soon as they are drawn, then what was found of them.

        Raises:
            ValueError, FileNotFoundError: in one sentence, for what cannot be drawn or compared.
        """
        sides = yield from self._sides(request)
        drawn = yield from self._drawn(request)
        yield drawn
        yield (yield from self._compared(sides, drawn))

    def sheet(self, request: api.CopiedRequest) -> Work[list[Tile]]:
        """All tiles row by row: what the light says; new pictures, below each the nearest, and how far they are apart,
        on white where that is too near.

        Raises:
            As `find`.
        """
        sides = yield from self._sides(request)
        drawn = yield from self._drawn(request)
        found = yield from self._compared(sides, drawn)
        images, order, wide = found.images, found.order(request.order), request.wide()
        marked = found.marked
        tiles = headed(self._heading(found), request.columns(), request.head())
        for start in range(0, len(order), wide):
            chosen = order[start : start + wide]
            spare = [EMPTY] * (wide - len(chosen))
            apart = [Words((three_digits(found.distances[k, 0]),), 255 if marked[k] else 0) for k in chosen]
            tiles += [Words(("New",)), *(images[k] for k in chosen), *spare]
            tiles += [Words(("Nearest", "training", "picture")), *(found.nearest[k, 0] for k in chosen), *spare]
            tiles += [Words(("Distance", "(on white:", "too near)")), *apart, *spare]
        return tiles

    def _heading(self, found: api.CopiedEvent) -> list[str]:
        """What the pictures are, and what the light says of them."""
        request = found.request
        name, data = self.models.get(request.model).info.name, api.called(found.dataset)
        said = f"Seed {request.seed}, beside {found.training:,} training pictures of {data}. {verdict(found)}"
        return [name, *textwrap.wrap(said, LETTERS * request.columns())]

    def _sides(self, request: api.CopiedRequest) -> Work[Sides]:
        """The data, read before anything is drawn: without it there is nothing to compare."""
        if not 1 <= request.count <= MOST:
            raise ValueError(f"count is {request.count}; 1 to {MOST} pictures are looked for")
        for field, value, allowed in (("space", request.space, SPACES), ("order", request.order, ORDERS)):
            if value not in allowed:
                raise ValueError(f"{field} is {value!r}; allowed: {', '.join(allowed)}")
        loaded = self.models.get(request.model)
        name = self.studies.dataset_of(request.model, request.dataset)
        return (yield from self.studies.sides(loaded, name))

    def _drawn(self, request: api.CopiedRequest) -> Work[api.PicturesEvent]:
        asked, start = api.SampleRequest(**{name: getattr(request, name) for name in FIELDS}), time.perf_counter()
        images = yield from self._sampled(self.models.get(request.model), asked)
        return api.PicturesEvent(request, images, 1000 * (time.perf_counter() - start))

    def _compared(self, sides: Sides, drawn: api.PicturesEvent) -> Work[api.CopiedEvent]:
        request, images = drawn.request, drawn.images
        info = self.models.get(request.model).info
        eye = eye_for(request.space, info, sides.name)
        training = yield from self._known(eye, sides)
        called = info.classes[request.label] if 0 <= request.label < len(info.classes) else ""
        key = sides.name, sides.stamp, request.space, called
        if key not in self._unseen:
            unseen = yield from self._judges(eye, sides, training, called)
            self._unseen = {**dict(list(self._unseen.items())[1 - KEPT :]), key: unseen}
        unseen = self._unseen[key]
        new = yield from _seen(eye, images, "new pictures")
        apart, rows = yield from told(nearest(new, training, NEAREST), "Looking for copies", parts(len(training)))
        near = rows.numpy()
        closest = sides.training.images[near]
        faded = is_faded(torch.from_numpy(images.copy()), torch.from_numpy(closest[:, 0].copy()))
        labels = tuple(label_names(sides.training, row) for row in near)
        places = {one.name: place for place, one in enumerate(unseen.yardsticks)}
        return api.CopiedEvent(
            request=request,
            dataset=sides.name,
            images=images,
            nearest=closest,
            labels=labels,
            distances=apart.float().numpy(),
            unseen=unseen.apart.numpy(),
            yardsticks=unseen.yardsticks,
            measured_by=np.array([places.get(names[0], 0) for names in labels], np.int64),
            faded=faded.numpy(),
            training=len(sides.training),
            compute_ms=drawn.compute_ms,
        )

    def _judges(self, eye: Eye, sides: Sides, training: Tensor, called: str) -> Work[Unseen]:
        """How far held-out pictures are from the training pictures, all in all and class by class."""
        rows = unseen_rows(sides.held_out, called)
        unseen = yield from _seen(eye, sides.held_out.images[rows], "unseen pictures")
        apart, near = yield from told(nearest(unseen, training), "Looking at unseen pictures", parts(len(training)))
        new = is_new(apart[:, 0])
        if not new.any():
            raise ValueError(f"{api.called(sides.name)} holds no other pictures out; nothing says what is too near")
        distances = apart[new, 0].float()
        return Unseen(distances, yardsticks(distances, label_names(sides.training, near[new, 0].numpy())))

    def _known(self, eye: Eye, sides: Sides) -> Work[Tensor]:
        """What is compared of the training pictures; features, which take long, are kept."""
        if eye.name == "pixels":
            return (yield from _seen(eye, sides.training.images, ""))
        key = sides.name, sides.stamp, eye.name
        if self._features is None or self._features[0] != key:
            self._features = key, (yield from _seen(eye, sides.training.images, "training pictures"))
        return self._features[1]


def unseen_rows(held_out: Dataset, called: str = "") -> np.ndarray:
    """Which held-out pictures are taken, always the same: of the class of that name, if there is one, for a 1 is nearer
    to some other 1 than an 8 to some other 8."""
    fits = np.arange(len(held_out))
    if called in held_out.classes:
        of_class = np.flatnonzero(held_out.labels == held_out.classes.index(called))
        fits = of_class if len(of_class) else fits
    rng, count = np.random.default_rng(0), min(max(UNSEEN, OF_CLASS * len(held_out.classes)), MOST_UNSEEN)
    rows: np.ndarray = np.sort(rng.permutation(fits)[: UNSEEN if called in held_out.classes else count])
    return rows


def _seen(eye: Eye, images: api.Pictures, what: str) -> Work[Tensor]:
    """What is compared of pictures (N, H, W, C): grey levels, or features (N, F)."""
    if eye.name == "pixels":
        return torch.from_numpy(images.copy())
    features, _ = yield from eye.look(images, what)
    return features
