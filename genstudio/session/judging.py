"""What a latent model is worth in numbers: likelihood bounds and how well its codes tell factors apart."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np
import torch
from torch import Tensor

from genstudio import api
from genstudio.core.families.vae import VAE, binarised
from genstudio.core.metrics.likelihood import Bounds, importance_weighted
from genstudio.core.metrics.mutual_information import BINS, binned, entropy, mutual_information, mutual_information_gap
from genstudio.core.seeding import generator
from genstudio.core.threads import THREADS, use_threads
from genstudio.session.encoding import encoder_of, pictures_to
from genstudio.session.models import ModelShelf
from genstudio.session.study import StudyShelf

BATCH = 500
FEW_STATES = 64  # a factor with more values is cut into bins


def factors(
    models: ModelShelf, shelf: StudyShelf, request: api.FactorsRequest
) -> Iterator[api.ProgressEvent | api.FactorsEvent]:
    """Mutual information between the known factors of held-out pictures and the mean codes."""
    loaded = models.get(request.model)
    network = encoder_of(loaded)
    name = shelf.dataset_of(request.model, request.dataset)
    dataset = yield from shelf.part(loaded, name, held_out=True)
    if dataset.factors is None:
        raise ValueError(f"the factors of {name} are not known; take shapes or strokes")
    part = dataset.first(request.count)
    codes = []
    use_threads(THREADS)
    for start in range(0, len(part), BATCH):
        yield api.ProgressEvent(f"Encoding {name}", start, len(part))
        with torch.inference_mode():
            codes.append(network.encode(pictures_to(part.images[start : start + BATCH], loaded))[0].cpu())
    states = torch.stack([_states(column) for column in dataset.factors[: len(part)].T], 1)
    information, entropies = mutual_information(states, torch.cat(codes)), entropy(states)
    yield api.FactorsEvent(
        request,
        part.factor_names,
        information.float().numpy(),
        entropies.float().numpy(),
        mutual_information_gap(information, entropies),
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
    network = loaded.network
    if not isinstance(network, VAE):
        raise ValueError(f"{loaded.info.name} is no VAE; only a VAE says how likely a picture is")
    name = shelf.dataset_of(request.model, request.dataset)
    x = pictures_to((yield from shelf.part(loaded, name, held_out=True)).first(request.count).images, loaded)
    pixels = getattr(loaded.info.settings, "pixels", "grey")
    if pixels == "binary":
        x = binarised(x, generator(request.seed, 1))
    use_threads(THREADS)
    bounds = yield from _bounds(network, x, request)
    (weighted, weighted_error), (elbo, elbo_error) = bounds.mean(), bounds.mean_elbo()
    what = f"{len(x)} held-out pictures of {name}"
    yield api.LikelihoodEvent(request, elbo, elbo_error, weighted, weighted_error, pixels, what)


def _bounds(network: VAE, x: Tensor, request: api.LikelihoodRequest) -> Generator[api.ProgressEvent, None, Bounds]:
    def log_likelihood(pictures: Tensor, z: Tensor) -> Tensor:
        return network.log_likelihood(network.decode_logits(z), pictures)

    work = importance_weighted(network, log_likelihood, x, samples=request.samples, seed=request.seed)
    while True:
        try:
            done, total = next(work)
        except StopIteration as end:
            bounds: Bounds = end.value
            return bounds
        yield api.ProgressEvent("Weighing codes", done, total)
