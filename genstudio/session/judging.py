"""What a latent model is worth in numbers: likelihood bounds and how well its codes tell factors apart."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Iterator
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from genstudio import api
from genstudio.core.datasets import DATASETS, Dataset
from genstudio.core.families.vae import VAE, binarised
from genstudio.core.metrics.likelihood import LogLikelihood, importance_weighted
from genstudio.core.metrics.mutual_information import BINS, binned, entropy, mutual_information, mutual_information_gap
from genstudio.core.metrics.rate_distortion import RateDistortion, rate_distortion
from genstudio.core.seeding import generator
from genstudio.core.thread_chooser import ThreadChooser
from genstudio.core.threads import THREADS, use_threads
from genstudio.session.encoding import codes_of, encoder_of, pictures_to
from genstudio.session.models import Loaded, ModelShelf
from genstudio.session.study import StudyShelf, mean_kl
from genstudio.steps import clocked, mapped

FEW_STATES = 64  # a factor with more values is cut into bins
Result = TypeVar("Result")


def factors(
    models: ModelShelf, shelf: StudyShelf, request: api.FactorsRequest
) -> Iterator[api.ProgressEvent | api.FactorsEvent]:
    """Mutual information between the known factors of held-out pictures and the mean codes."""
    yield (yield from measured_factors(models, shelf, request))


def measured_factors(
    models: ModelShelf, shelf: StudyShelf, request: api.FactorsRequest
) -> Generator[api.ProgressEvent, None, api.FactorsEvent]:
    """The same as a result.

    Raises:
        ValueError: if the model finds no codes, or the factors of the pictures are not known.
    """
    loaded = models.get(request.model)
    encoder_of(loaded)  # raises where there is none, before anything is read
    name = shelf.dataset_of(request.model, request.dataset)
    dataset = yield from shelf.part(loaded, name, held_out=True)
    if request.count < 1:
        raise ValueError(f"count is {request.count}; at least one picture is needed")
    if dataset.factors is None:
        known = " or ".join(name for name, entry in DATASETS.items() if entry.factors)
        raise ValueError(f"the factors of {name} are not known; take {known}")
    found = yield from factors_of(loaded, dataset.first(request.count))
    return dataclasses.replace(found, request=request)


def factors_of(loaded: Loaded, dataset: Dataset) -> Generator[api.ProgressEvent, None, api.FactorsEvent]:
    """The same of a dataset at hand whose factors are known."""
    assert dataset.factors is not None
    codes, log_vars = yield from codes_of(loaded, dataset.images, dataset.name)
    states = torch.stack([_states(column) for column in dataset.factors.T], 1)
    information, entropies = mutual_information(states, codes), entropy(states)
    return api.FactorsEvent(
        api.FactorsRequest(loaded.info.name, dataset.name, len(dataset)),
        dataset.factor_names,
        information.float().numpy(),
        entropies.float().numpy(),
        mutual_information_gap(information, entropies),
        mean_kl(codes, log_vars).numpy(),
    )


def _states(factor: np.ndarray) -> Tensor:
    column = torch.from_numpy(np.ascontiguousarray(factor)).double()
    if len(column.unique()) <= FEW_STATES:
        return column
    return binned(column[:, None], BINS)[:, 0].double()


def likelihood(
    models: ModelShelf, shelf: StudyShelf, request: api.LikelihoodRequest
) -> Iterator[api.ProgressEvent | api.LikelihoodEvent]:
    """Bounds of log p(x) of held-out pictures, binarised where the model learned from binarised ones."""
    loaded = models.get(request.model)
    network = _vae(loaded)
    _check(request.count)
    name = shelf.dataset_of(request.model, request.dataset)
    pictures = (yield from shelf.held_out(loaded, name)).first(request.count)
    x, pixels = _as_trained(pictures.images, loaded, request.seed)
    work = importance_weighted(network, _log_likelihood(network), x, samples=request.samples, seed=request.seed)
    bounds = yield from _told(work, "Weighing codes")
    (weighted, weighted_error), (elbo, elbo_error) = bounds.mean(), bounds.mean_elbo()
    what = f"{len(x)} held-out pictures of {name}"
    yield api.LikelihoodEvent(request, elbo, elbo_error, weighted, weighted_error, pixels, what)


def rate(
    models: ModelShelf, shelf: StudyShelf, request: api.RateRequest
) -> Iterator[api.ProgressEvent | api.RateEvent]:
    """What the codes of held-out pictures carry and lose, in the units the trainer of the model reports."""
    loaded = models.get(request.model)
    _vae(loaded)
    _check(request.count)
    name = shelf.dataset_of(request.model, request.dataset)
    pictures = (yield from shelf.part(loaded, name, held_out=True)).first(request.count)
    found = yield from rate_of(loaded, pictures.images, request.seed)
    yield api.RateEvent(request, found.rate, found.distortion, found.count)


def rate_of(loaded: Loaded, images: api.Pictures, seed: int = 0) -> Generator[api.ProgressEvent, None, RateDistortion]:
    """Rate and distortion of pictures (N, H, W, C) under a VAE, binarised where it learned from binarised ones.

    Raises:
        ValueError: if the model is no VAE.
    """
    network = _vae(loaded)
    x, _ = _as_trained(images, loaded, seed)
    work = rate_distortion(network, _log_likelihood(network), x, seed=seed)
    return (yield from _told(work, "Measuring the rate"))


def _check(count: int) -> None:
    if count < 1:
        raise ValueError(f"count is {count}; give at least one picture")


def _vae(loaded: Loaded) -> VAE:
    if not isinstance(loaded.network, VAE):
        raise ValueError(f"{loaded.info.name} is no VAE; only a VAE says how likely a picture is")
    return loaded.network


def _as_trained(images: api.Pictures, loaded: Loaded, seed: int) -> tuple[Tensor, str]:
    """Pictures as the model learned from them, and what their pixels are, "grey" or "binary"."""
    x, pixels = pictures_to(images, loaded), str(getattr(loaded.info.settings, "pixels", "grey"))
    return (binarised(x, generator(seed, 1)) if pixels == "binary" else x), pixels


def _log_likelihood(network: VAE) -> LogLikelihood:
    def log_likelihood(pictures: Tensor, z: Tensor) -> Tensor:
        return network.log_likelihood(network.decode_logits(z), pictures)

    return log_likelihood


def _told(work: Generator[tuple[int, int], None, Result], what: str) -> Generator[api.ProgressEvent, None, Result]:
    """`work`, with its progress as events, on as many threads as are fastest."""
    chooser = ThreadChooser(THREADS)  # between two rounds this thread may do something else
    rounds = clocked(work, lambda: use_threads(chooser.count), chooser.after)
    return (yield from mapped(rounds, lambda step: api.ProgressEvent(what, *step)))
