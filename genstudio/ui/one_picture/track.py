"""What the three models have given back so far: one picture at once, two that come nearer step by step. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from genstudio import api
from genstudio.api.differences import mean_square
from genstudio.ui.one_picture.state import DIFFUSION, GAN, VAE

BOTH_HALVES = 2  # calls of an autoencoder: its encoder and its decoder
CONTENT = 8  # grey levels between the darkest and the lightest pixel of a picture that shows something


class Back(NamedTuple):
    """A picture (H, W, C) that was given back, how far it is from the real one, and how it came."""

    picture: api.Pictures
    error: float
    words: str
    calls: int  # of its network, until here
    ms: float  # that these took
    is_done: bool = True  # on its way the diffusion model has noise, which is no picture to compare


@dataclass(eq=False)
class Found:
    """All of one picture."""

    picture: api.Pictures
    encoded: api.EncodedEvent | None = None
    descent: list[api.ProjectStep] = field(default_factory=list)
    ways: list[api.InvertStep] = field(default_factory=list)
    descends: int = 0  # updates that there will be; 0: nothing descends
    goes: int = 0  # states of both ways that there will be; 0: nothing goes them

    @property
    def is_blank(self) -> bool:
        """Whether the picture is all of one shade, so that there is nothing to find."""
        return int(self.picture.max()) - int(self.picture.min()) < CONTENT

    @property
    def known(self) -> float:
        """Up to which share of the way, 0 to 1, all that move are known."""
        shares = []
        if self.descends:
            shares.append((len(self.descent) - 1) / self.descends)
        if self.goes:
            shares.append((len(self.ways) - 1) / (self.goes - 1))
        return max(min(shares, default=1.0), 0.0)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is to come."""
        return len(self.descent) == self.descends + bool(self.descends) and len(self.ways) == self.goes

    def went(self, k: int) -> api.Pictures:
        """All that the model of a kind went through, (T, H, W, C); none of it so far is (0, ...)."""
        gone: Sequence[api.ProjectStep | api.InvertStep] = (
            self.descent if k == GAN else self.ways if k == DIFFUSION else ()
        )
        if k == VAE:
            return self.encoded.reconstructions[:1] if self.encoded is not None else api.NO_PICTURES
        return np.stack([step.picture for step in gone]) if gone else api.NO_PICTURES

    def by_vae(self) -> Back | None:
        """Through the encoder and back."""
        if self.encoded is None or not len(self.encoded.reconstructions):
            return None
        back = self.encoded.reconstructions[0]
        if back.shape != self.picture.shape:
            return None
        error = mean_square(back[None], self.picture[None])
        return Back(back, error, "encoded and decoded", BOTH_HALVES, self.encoded.compute_ms)

    def by_gan(self, share: float, classes: Sequence[str] = ()) -> Back | None:
        """The nearest picture of the descent at a share of its updates; `classes` are those that the model knows."""
        if not self.descent:
            return None
        step = self.descent[min(round(share * self.descends), len(self.descent) - 1)]
        of = f" as “{classes[step.label]}”" if 0 <= step.label < len(classes) else ""
        words = f"update {step.step} of {self.descends}{of}"
        return Back(step.picture, step.error, words, step.step + 1, step.compute_ms)

    def by_diffusion(self, share: float) -> Back | None:
        """The state at a share of the ways up and back."""
        if not self.ways:
            return None
        step = self.ways[min(round(share * (self.goes - 1)), len(self.ways) - 1)]
        half = self.goes // 2
        number = half - 1 - step.level if step.is_back else step.level
        words = f"{'back' if step.is_back else 'up'}: step {number} of {half - 1}"
        error = mean_square(step.picture[None], self.picture[None])
        is_done = step.is_back and step.level == 0
        return Back(step.picture, error, words, step.calls, step.compute_ms, is_done)
