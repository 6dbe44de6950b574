"""What the codes of a whole dataset are like: statistics, directions, neighbours, errors."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from genstudio import api
from genstudio.api.own_pictures import with_choices
from genstudio.core import datasets
from genstudio.core.datasets import Dataset
from genstudio.core.directions import MIN_ROWS
from genstudio.core.families.vae import kl_per_latent
from genstudio.core.neighbours import Neighbours
from genstudio.session.axes import measured_axes, principal_axes
from genstudio.session.data import reading
from genstudio.session.encoding import codes_of, encoder_of, judged, unit_of
from genstudio.session.models import Loaded, ModelShelf
from genstudio.session.stamps import Stamp, Stamps

HELD_OUT = 2000  # pictures whose errors say what is usual
SHOWN = 2000  # codes the window gets
COLOURS = {1: "grey", 3: "coloured"}
KEPT = 2  # studies with their pictures and codes
PARTS = 4  # of datasets, to learn from or held out


@dataclass(frozen=True, eq=False)
class Study:
    """A dataset and the codes of its pictures."""

    dataset: Dataset
    codes: Tensor  # (N, D) float32
    neighbours: Neighbours


class Sides(NamedTuple):
    """The two halves of a dataset, as a model knows its pictures."""

    name: str
    stamp: Stamp  # another one when other pictures are in its folder
    training: Dataset
    held_out: Dataset


class StudyShelf:
    """The newest studies of one session, for questions about single codes; datasets as they were read."""

    def __init__(self, models: ModelShelf, data_dir: Path) -> None:
        self.models, self.data_dir = models, data_dir
        self._studies: dict[tuple[str, str], Study] = {}
        self._parts: dict[tuple[str, bool, Stamp], Dataset] = {}
        self._stamps = Stamps()

    def dataset_of(self, model: str, dataset: str) -> str:
        """The name of a dataset, of the model's own where none is named.

        Raises:
            ValueError, FileNotFoundError: if it is not here.
        """
        if dataset in datasets.DATASETS:
            return dataset
        own = self.models.get(model).info.dataset
        name = with_choices(dataset, own) if dataset else own  # taken as the model knows its pictures
        found = datasets.find(name, self.data_dir)
        if not found:
            if name == own:
                raise ValueError(f"{model} learned from {own}, which is not here; choose another dataset")
            datasets.info(name, self.data_dir)  # says that there is none
        return found

    def part(self, loaded: Loaded, name: str, *, held_out: bool) -> Generator[api.ProgressEvent, None, Dataset]:
        """The training or the held-out pictures of a dataset, read with progress; of a folder that holds none out, all.

        Raises:
            ValueError: if they do not fit the model.
        """
        return (yield from self._part(loaded, name, self._stamps.of(name), held_out))

    def held_out(self, loaded: Loaded, name: str) -> Generator[api.ProgressEvent, None, Dataset]:
        """Pictures that were not learnt from.

        Raises:
            ValueError: as `sides`.
        """
        if name in datasets.DATASETS:
            return (yield from self.part(loaded, name, held_out=True))
        return (yield from self.sides(loaded, name)).held_out

    def sides(self, loaded: Loaded, name: str) -> Generator[api.ProgressEvent, None, Sides]:
        """Both of them, to tell what was learnt from what is new.

        Raises:
            ValueError: if they do not fit the model, or none are held out: then both would be the same pictures.
        """
        stamp = self._stamps.of(name)
        training = yield from self._part(loaded, name, stamp, held_out=False)
        if not training.held_out and name not in datasets.DATASETS:
            none = f"The dataset {api.called(name)} holds no pictures out"
            raise ValueError(f"{none}, so there are no new ones to compare with; hold some out")
        return Sides(name, stamp, training, (yield from self._part(loaded, name, stamp, held_out=True)))

    def _part(
        self, loaded: Loaded, name: str, stamp: Stamp, held_out: bool
    ) -> Generator[api.ProgressEvent, None, Dataset]:
        key = (name, held_out, stamp)
        if key not in self._parts:
            found = yield from reading(name, self.data_dir, train=not held_out)
            current = [one for one in self._parts.items() if one[0][0] != name or one[0][2] == stamp]
            self._parts = {**dict(current[1 - PARTS :]), key: found}
        dataset, info = self._parts[key], loaded.info
        if (dataset.channels, dataset.size) != (info.channels, info.size):
            raise ValueError(
                f"the pictures of {name} are {dataset.size} px and {COLOURS[dataset.channels]}; "
                f"{info.name} knows {info.size} px and {COLOURS[info.channels]}"
            )
        return dataset

    def study(self, request: api.StudyRequest) -> Iterator[api.ProgressEvent | api.StudyEvent]:
        """Encode the dataset and look at the codes."""
        if request.count < MIN_ROWS:
            raise ValueError(f"count is {request.count}; a study needs at least {MIN_ROWS} pictures")
        loaded = self.models.get(request.model)
        network = encoder_of(loaded)
        name = self.dataset_of(request.model, request.dataset)
        known = (yield from self.part(loaded, name, held_out=False)).first(request.count)
        unseen = (yield from self.part(loaded, name, held_out=True)).first(HELD_OUT)
        codes, log_vars = yield from codes_of(loaded, known.images, name)
        errors, radii = yield from judged(loaded, unseen.images, name)
        self._studies.pop((request.model, name), None)
        self._studies = dict(list(self._studies.items())[-KEPT + 1 :])
        self._studies[request.model, name] = Study(known, codes, Neighbours(codes))
        yield api.StudyEvent(
            request=request,
            dataset=name,
            classes=known.classes,
            count=len(known),
            mean=codes.mean(0).numpy(),
            std=codes.std(0).numpy(),
            kl=mean_kl(codes, log_vars).numpy(),
            principal=principal_axes(codes),
            measured=measured_axes(loaded, codes, log_vars, known),
            class_means=class_means(codes, known),
            codes=codes[:SHOWN].numpy(),
            labels=known.labels[:SHOWN].astype(np.float32),
            errors=np.sort(errors.numpy()),
            unit=unit_of(network),
            radii=np.sort(radii.numpy()),
        )

    def nearest(self, request: api.NearestRequest) -> api.NearestEvent:
        """The pictures with the nearest codes.

        Raises:
            ValueError: if the dataset has not been studied with this model.
        """
        start = time.perf_counter()
        study = self._studies.get((request.model, request.dataset))
        if study is None:
            raise ValueError(f"{request.dataset} has not been encoded with {request.model}")
        if len(request.z) != study.codes.shape[1]:
            raise ValueError(f"{request.model} has codes of {study.codes.shape[1]} numbers, not {len(request.z)}")
        distances, indices = study.neighbours.nearest(torch.tensor([request.z]), min(request.count, len(study.codes)))
        rows = indices[0].numpy()
        return api.NearestEvent(
            request,
            study.dataset.images[rows],
            label_names(study.dataset, rows),
            distances[0].numpy().astype(np.float32),
            1000 * (time.perf_counter() - start),
        )

    def pick(self, request: api.PickRequest) -> Iterator[api.ProgressEvent | api.PickedEvent]:
        """Pictures of a dataset, drawn by a seed."""
        yield (yield from self.picked(request))

    def picked(self, request: api.PickRequest) -> Generator[api.ProgressEvent, None, api.PickedEvent]:
        """The same as a result.

        Raises:
            ValueError: if there are not as many, or they do not fit the model.
        """
        name = self.dataset_of(request.model, request.dataset)
        dataset = yield from self.part(self.models.get(request.model), name, held_out=request.held_out)
        return _picked(dataset, request)


def _picked(dataset: Dataset, request: api.PickRequest) -> api.PickedEvent:
    fits = np.arange(len(dataset)) if request.label < 0 else np.flatnonzero(dataset.labels == request.label)
    if not 1 <= request.count <= len(fits):
        raise ValueError(f"count is {request.count}; {dataset.name} has {len(fits)} such pictures")
    rows = np.random.default_rng(request.seed).choice(fits, request.count, replace=False)
    return api.PickedEvent(request, dataset.images[rows], label_names(dataset, rows))


def label_names(dataset: Dataset, rows: np.ndarray) -> tuple[str, ...]:
    """The class names of some of its pictures, "" without classes."""
    return tuple(dataset.classes[dataset.labels[row]] if dataset.classes else "" for row in rows)


def mean_kl(mu: Tensor, log_var: Tensor) -> Tensor:
    """Nats a picture of each latent, (D,); 0 where codes are points."""
    if not torch.isfinite(log_var).all():
        return torch.zeros(mu.shape[1])
    return kl_per_latent(mu.float(), log_var.float()).mean(0)


def class_means(codes: Tensor, dataset: Dataset) -> api.Floats:
    """The mean code of each class, (classes, D); zeros for a class without pictures."""
    labels = torch.from_numpy(np.array(dataset.labels))
    sums = torch.zeros(len(dataset.classes), codes.shape[1]).index_add_(0, labels, codes) if dataset.classes else None
    if sums is None:
        return np.zeros((0, codes.shape[1]), np.float32)
    counts = torch.bincount(labels, minlength=len(dataset.classes)).clamp(min=1)
    means: api.Floats = (sums / counts[:, None]).numpy()
    return means
