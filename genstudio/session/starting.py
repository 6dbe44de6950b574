"""The picture that a reverse process begins with: read, fitted to the model, and as noisy as is wanted."""

from __future__ import annotations

import torch
from torch import Tensor

from genstudio import api
from genstudio.core.fitting import fit_pictures
from genstudio.core.levels import Level
from genstudio.core.start import Hole, noised
from genstudio.session.encoding import pictures_to
from genstudio.session.models import Loaded


class Beginning:
    """What the `start` of a request is for a model.

    Raises:
        ValueError: naming what cannot be, and what is allowed.
    """

    def __init__(self, loaded: Loaded, start: api.Start, steps: int) -> None:
        timesteps = len(loaded.schedule())
        if not 0 < start.strength <= 1:
            raise ValueError(f"strength is {start.strength:g}; allowed: above 0 to 1")
        if not 1 <= start.repeats <= api.MOST_REPEATS:
            raise ValueError(f"repeats is {start.repeats}; allowed: 1 to {api.MOST_REPEATS}")
        left = api.levels_left(start.strength, timesteps)
        if not 1 <= steps <= left:
            raise ValueError(f"steps is {steps}; from strength {start.strength:g} on this model allows 1 to {left}")
        self.top = left - 1  # the schedule's index with which it begins
        picture = pictures_to(_fitted(start.picture, loaded)[None], loaded)
        self.x0 = loaded.state_of(picture)  # (1, C, H, W), or the code (1, D) of it
        self.hole: Hole | None = None
        if start.hole:
            if self.x0.ndim == 2:
                raise ValueError(f"{loaded.info.name} takes noise away from codes; a hole needs a model of pictures")
            anew = torch.from_numpy(api.hole_of(start.hole, *picture.shape[2:])).to(picture.device)
            self.hole = Hole(picture, ~anew[None, None], start.repeats)

    def state(self, level: Level, eps: Tensor) -> Tensor:
        """With what it begins, (B, ...), of the noise (B, ...) of the pictures."""
        return noised(self.x0, level, eps)


def _fitted(text: str, loaded: Loaded) -> api.Pictures:
    """The picture (H, W, C) as the model knows pictures."""
    picture, info = api.picture_of(text), loaded.info
    if picture is None:
        raise ValueError("the picture that this process begins with cannot be read")
    if picture.shape == (info.size, info.size, info.channels):
        return picture
    return fit_pictures(picture[None], info.channels, info.size).images[0]
