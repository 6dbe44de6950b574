"""The generators of a run: the one that learns, asked between two iterations, and those of its past."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from genstudio import api
from genstudio.core.adversarial.game import GameTrainer, classes_in_turn
from genstudio.core.images import to_uint8
from genstudio.core.threads import on_one_thread
from genstudio.core.training import State, Trainer, TrainingData
from genstudio.session.snapshots import bytes_of, is_finite
from genstudio.session.spread import Budget, Spread

MOST_CODES = 256


@dataclass(frozen=True, eq=False)
class KeptGenerator:
    """The averaged generator at the end of `iteration` iterations; nobody writes into it."""

    iteration: int
    state: State  # on the CPU
    size_bytes: int


class Generators(Spread[KeptGenerator]):
    """Generators of a run on its way: many more than whole states, for they are small."""

    MOST = 100

    def __init__(self, budget: Budget | None = None) -> None:
        super().__init__(budget)
        self._network: nn.Module | None = None  # the weights of the past go into it, never into one that learns
        self._loaded: KeptGenerator | None = None

    def keep(self, trainer: Trainer) -> None:
        """That of now, if it is time and it is one of pictures."""
        if not isinstance(trainer.data, TrainingData) or not isinstance(trainer, GameTrainer):
            return
        if self.is_due(trainer.iteration):
            state = {name: tensor.detach().cpu().clone() for name, tensor in trainer.model().state_dict().items()}
            if is_finite(state):
                self.add(KeptGenerator(trainer.iteration, state, bytes_of(state)))

    def network(self, trainer: Trainer, iteration: int) -> tuple[nn.Module, int]:
        """A generator as it was at an iteration, or at the newest before it that is kept, and which that is.

        Raises:
            ValueError: if there is none.
        """
        kept = self.before(iteration)
        if kept is None:
            raise ValueError(f"No generator of the run is kept at iteration {iteration:,} or before.")
        if self._network is None:
            self._network = copy.deepcopy(trainer.model())
        if self._loaded is not kept:
            self._network.load_state_dict(kept.state)
            self._loaded = kept
        return self._network, kept.iteration


def peek(
    generators: Generators, trainer: Trainer, request: api.PeekRequest, classes: tuple[str, ...] = ()
) -> api.PeekedEvent:
    """Pictures of the request's codes. Nothing of the trainer changes, nor do any random numbers.

    Args:
        classes: Names of those of the pictures that the run learns from.

    Raises:
        ValueError: for a run that makes no pictures of codes, and for codes or classes that do not fit its network.
    """
    if not isinstance(trainer.data, TrainingData) or not isinstance(trainer, GameTrainer):
        raise ValueError("Only a GAN that learns pictures can be explored while it trains.")
    start = time.perf_counter()
    z = _codes(request, trainer.settings.latent_dim).to(trainer.compute.device)
    with on_one_thread():
        network, iteration = trainer.model(), trainer.iteration
        if request.iteration != api.NOW:
            network, iteration = generators.network(trainer, request.iteration)
        labels = _labels(request, trainer)
        with torch.inference_mode():
            images: api.Pictures = to_uint8(network(z, labels)).cpu().numpy()
    names = classes if getattr(network, "classes", 0) else ()
    return api.PeekedEvent(request, images, 1000 * (time.perf_counter() - start), iteration, names)


def _codes(request: api.PeekRequest, latent_dim: int) -> Tensor:
    if not 1 <= len(request.z) <= MOST_CODES:
        raise ValueError(f"{len(request.z)} codes at once; 1 to {MOST_CODES} are allowed")
    if any(len(code) != latent_dim for code in request.z):
        raise ValueError(f"a code has {len(request.z[0])} numbers; this generator takes {latent_dim}")
    z = torch.from_numpy(np.array(request.z, np.float32))
    if not torch.isfinite(z).all():
        raise ValueError("a code contains a number that is not finite")
    return z


def _labels(request: api.PeekRequest, trainer: Trainer) -> Tensor | None:
    classes = trainer.data.classes
    if not request.labels:
        return classes_in_turn(len(request.z), classes, trainer.compute.device)
    if len(request.labels) != len(request.z):
        raise ValueError(f"{len(request.z)} codes and {len(request.labels)} classes; there must be as many")
    if not all(0 <= label < classes for label in request.labels):
        raise ValueError(f"a class is not among those of the pictures; allowed: 0 to {classes - 1}")
    return torch.tensor(request.labels, device=trainer.compute.device)
