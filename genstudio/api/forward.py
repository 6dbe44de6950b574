"""The forward process, from a picture to noise: requests, answers, and the closed form itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genstudio.api.one_picture import PictureOrigin
from genstudio.api.pictures import Floats, Pictures, noise


@dataclass(frozen=True)
class ScheduleRequest:
    """The noise levels of a schedule: its name, or a drawn one (settings.schedules), and T."""

    schedule: str
    timesteps: int = 1000


@dataclass(frozen=True, eq=False)
class ScheduleEvent:
    """Answer to ScheduleRequest, each (T,), the least noisy level first: x_t = signal x0 + noise eps."""

    request: ScheduleRequest
    signal: Floats
    noise: Floats
    betas: Floats


@dataclass(frozen=True)
class OriginalRequest:
    """Picture `number` of the held-out part of a dataset; a stream with progress."""

    dataset: str
    number: int = 0


@dataclass(frozen=True, eq=False)
class OriginalEvent:
    """The picture (H, W, C), what it is of ("" without classes), and how many there are."""

    request: OriginalRequest
    picture: Pictures
    label: str
    total: int
    rim: float = 0.5  # median grey level, 0 to 1, of the outermost pixels of the dataset's first pictures


@dataclass(frozen=True, eq=False)
class FitRequest:
    """Make any picture (H, W, 1 or 3) a square of `size` pixels, grey or coloured."""

    picture: Pictures
    size: int
    channels: int


@dataclass(frozen=True, eq=False)
class FittedEvent:
    """Answer to FitRequest: (size, size, channels), and what had to be done to it, "" if nothing."""

    request: FitRequest
    picture: Pictures
    converted: str


@dataclass(frozen=True)
class ForwardRequest:
    """One picture on its way to noise at `steps` moments, from t = 0 to t = T, as far from each other as can be.

    `picture` is a text of `pack`; the noise is that with which picture 0 of the same seed begins in a reverse process.
    `origin` is where the picture is from, None for one that was drawn, dropped or pasted; it changes nothing.
    Where it is `told`, a grid says under each picture how much of picture and noise it is, and above by which schedule.
    """

    picture: str
    schedule: str = "cosine"
    timesteps: int = 1000
    seed: int = 0
    steps: int = 11
    origin: PictureOrigin | None = None
    told: bool = False

    @property
    def model(self) -> str:
        """No model spoils a picture."""
        return ""


def moments(timesteps: int, steps: int) -> tuple[int, ...]:
    """The t of `steps` moments, 0 and T among them."""
    return tuple(int(t) for t in np.linspace(0, timesteps, steps).round())


def noise_like(seed: int, picture: Pictures) -> Floats:
    """eps of a picture (H, W, C), of the same shape; drawn as (C, H, W), as every sampler draws it."""
    height, width, channels = picture.shape
    return np.ascontiguousarray(noise(seed, 0, (channels, height, width)).transpose(1, 2, 0))


def unit(picture: Pictures) -> Floats:
    """Grey levels 0 to 255 as numbers in [-1, 1]."""
    return picture.astype(np.float32) * np.float32(1 / 127.5) - np.float32(1)


def grey_levels(x: Floats) -> Pictures:
    """Numbers in [-1, 1] as grey levels; what lies outside is black or white."""
    return (np.clip(x, -1, 1) * np.float32(127.5) + np.float32(128)).astype(np.uint8)


def noised(x0: Floats, eps: Floats, signal: float, sigma: float) -> Floats:
    """x_t = sqrt(alpha_bar_t) x0 + sqrt(1 - alpha_bar_t) eps, the closed form (Ho et al. 2020, eq. 4)."""
    return np.float32(signal) * x0 + np.float32(sigma) * eps
