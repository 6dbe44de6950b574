"""Of which class a picture is, as the bundled classifier sees it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from genstudio.api.pictures import Floats, Pictures


def _nothing() -> Floats:
    return np.zeros(0, np.float32)


@dataclass(frozen=True, eq=False)
class GuessRequest:
    """Of which class a picture (H, W, C) is, for a model that learned from a dataset."""

    picture: Pictures
    dataset: str


@dataclass(frozen=True, eq=False)
class GuessEvent:
    """Answer to GuessRequest: names of classes and how likely each is, (classes,); none where nothing can tell."""

    request: GuessRequest
    classes: tuple[str, ...] = ()
    shares: Floats = field(default_factory=_nothing)

    def best(self) -> tuple[str, float]:
        """The likeliest class and its share, 0 to 1; ("", 0) without any."""
        if not len(self.shares):
            return "", 0.0
        most = int(self.shares.argmax())
        return self.classes[most], float(self.shares[most])
