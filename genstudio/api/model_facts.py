"""What files and cards say of several models at once, so that they can be compared."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from genstudio.api.catalog import ModelInfo
from genstudio.api.evaluation import Evaluation, Sibling
from genstudio.api.model_card import TrainingTime
from genstudio.api.timing import Sitting


@dataclass(frozen=True)
class FactsRequest:
    """What is known of these models; nothing is drawn or measured for it."""

    models: tuple[str, ...]


@dataclass(frozen=True)
class ModelFacts:
    """What is known of one.

    Args:
        parameters: Learnt numbers of the network that its file holds.
        time: How long it learned.
        evaluations: The newest first.
    """

    info: ModelInfo
    parameters: int
    time: TrainingTime
    evaluations: tuple[Evaluation, ...] = ()
    siblings: tuple[Sibling, ...] = ()

    def noted(self, one: Evaluation) -> ModelFacts:
        """The same with one more evaluation, which replaces an earlier one of the same kind."""
        others = (old for old in self.evaluations if old.asked() != one.asked())
        return dataclasses.replace(self, evaluations=(one, *others))


@dataclass(frozen=True)
class FactsEvent:
    """Answer to FactsRequest. `gone` says in a sentence why a model is not among the `facts`.

    `sittings` is what was timed together on this machine, the newest first.
    """

    request: FactsRequest
    facts: dict[str, ModelFacts]
    gone: dict[str, str] = field(default_factory=dict)
    sittings: tuple[Sitting, ...] = ()


def is_sibling(a: ModelInfo, b: ModelInfo) -> bool:
    """Whether two models are trainings of one recipe, as long as each other, that began with different seeds."""
    first, second = (
        {name: value for name, value in dataclasses.asdict(info.settings).items() if name != "seed"} for info in (a, b)
    )
    seeds = {getattr(info.settings, "seed", 0) for info in (a, b)}
    facts = [(info.family, info.dataset, info.size, info.channels, info.classes, info.iteration) for info in (a, b)]
    return first == second and facts[0] == facts[1] and len(seeds) == 2
