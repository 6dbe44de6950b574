"""What a stage of an iteration can tell of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import Tensor

Numbers = Mapping[str, Tensor | float]  # each one value


class Stage(str):
    """The name of a stage that has been carried out; nothing is computed for its numbers unless somebody asks.

    Args:
        compute: Gives numbers that are not there yet.
        numbers: Those that are.
    """

    def __new__(cls, name: str, compute: Callable[[], Numbers] = dict, /, **numbers: Tensor | float) -> Stage:
        stage = super().__new__(cls, name)
        stage._compute, stage._numbers = compute, numbers
        return stage

    _compute: Callable[[], Numbers]
    _numbers: Numbers

    def tell(self) -> dict[str, float]:
        """Its numbers by name; ask before the next stage, which may change what they are computed from."""
        return {name: float(value) for name, value in {**self._numbers, **self._compute()}.items()}
